// Package request keeps apart the answers to the requests of one kind. Every
// answer carries the number of its request; one with another number is stale
// and is dropped before it is looked at.
package request

import (
	"context"
	"time"
)

// Slot is the one request of a kind that may be under way. The zero Slot
// is ready.
type Slot struct {
	seq    uint64
	busy   bool
	since  time.Time
	cancel context.CancelFunc
}

// Begin starts a request, ending the one before it, and gives its number.
func (t *Slot) Begin(parent context.Context, now time.Time) (context.Context, uint64) {
	t.Stop()
	ctx, cancel := context.WithCancel(parent)
	t.seq++
	t.busy, t.since, t.cancel = true, now, cancel
	return ctx, t.seq
}

// Take accepts the answer with a number, or says that it is stale.
func (t *Slot) Take(seq uint64) bool {
	if !t.busy || seq != t.seq {
		return false
	}
	t.Stop()
	return true
}

// Stop ends the request; its answer will be stale.
func (t *Slot) Stop() {
	t.Interrupt()
	t.busy = false
}

// Interrupt asks the request to end early and still waits for its answer.
func (t *Slot) Interrupt() {
	if t.cancel != nil {
		t.cancel()
	}
	t.cancel = nil
}

// Busy says that a request is under way.
func (t *Slot) Busy() bool { return t.busy }

// Ending says that the request under way was interrupted.
func (t *Slot) Ending() bool { return t.busy && t.cancel == nil }

// Since is when the request under way began.
func (t *Slot) Since() time.Time { return t.since }
