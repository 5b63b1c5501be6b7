package main

import (
	"math"
	"os"
	"runtime/debug"
	"time"
)

// What is held is mostly contacts, which stay: collecting more often than usual
// costs little and keeps the peak low. While the program starts, collecting
// would only compete with drawing, so there is none below a heap that a hundred
// thousand contacts fit into.
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
