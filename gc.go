package main

import (
	"math"
	"os"
	"runtime/debug"
	"time"
)

// The heap is mostly contacts, which stay: a low percentage costs little and keeps
// the peak low. While the program starts, the collector would only compete with
// drawing, so it is off below a heap that a hundred thousand contacts fit into.
const (
	gcPercent = 30
	startHeap = 64 << 20
	startTime = 250 * time.Millisecond
)

// tuneMemory sets the collector for a screen with many contacts, unless the
// person has set it.
func tuneMemory() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(startHeap)
	time.AfterFunc(startTime, func() {
		debug.SetGCPercent(gcPercent)
		debug.SetMemoryLimit(math.MaxInt64)
	})
}
