package ui

import (
	"context"
	"time"
)

// ticket is the one request of a kind that may be under way. Its number comes
// back with the answer; an answer with another number is stale and is dropped
// before it is looked at.
type ticket struct {
	seq    uint64
	busy   bool
	since  time.Time
	cancel context.CancelFunc
}

// begin starts a request, ending the one before it.
func (t *ticket) begin(parent context.Context, now time.Time) (context.Context, uint64) {
	t.stop()
	ctx, cancel := context.WithCancel(parent)
	t.seq++
	t.busy, t.since, t.cancel = true, now, cancel
	return ctx, t.seq
}

// take accepts the answer with a number, or says that it is stale.
func (t *ticket) take(seq uint64) bool {
	if !t.busy || seq != t.seq {
		return false
	}
	t.stop()
	return true
}

// stop ends the request; its answer will be stale.
func (t *ticket) stop() {
	if t.cancel != nil {
		t.cancel()
	}
	t.busy, t.cancel = false, nil
}
