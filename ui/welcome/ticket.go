package welcome

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"
)

// ticket is the one question of a kind that may be under way. Its number comes
// back with the answer; an answer with another number is dropped unseen.
type ticket struct {
	seq    uint64
	busy   bool
	since  time.Time
	cancel context.CancelFunc
}

// begin starts a question, ending the one before it.
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

// stop ends the question; its answer will be stale.
func (t *ticket) stop() {
	t.interrupt()
	t.busy = false
}

// interrupt asks the question to end early and still waits for its answer.
func (t *ticket) interrupt() {
	if t.cancel != nil {
		t.cancel()
	}
	t.cancel = nil
}

// What comes back from outside. None of these holds the key.
type (
	triedMsg struct {
		seq   uint64
		found Found
		err   error
	}
	keyringMsg struct {
		seq uint64
		ok  bool
		why string
	}
	keptMsg struct {
		seq       uint64
		described string
		err       error
	}
	tickMsg struct{}
)

func tryKey(ctx context.Context, b Backend, a Attempt, seq uint64) tea.Cmd {
	return func() tea.Msg {
		found, err := b.Try(ctx, a)
		return triedMsg{seq, found, err}
	}
}

func askKeyring(ctx context.Context, b Backend, seq uint64) tea.Cmd {
	return func() tea.Msg {
		ok, why := b.KeyringAvailable(ctx)
		return keyringMsg{seq, ok, why}
	}
}

func keepKey(ctx context.Context, b Backend, a Attempt, where Where, seq uint64) tea.Cmd {
	return func() tea.Msg {
		described, err := b.Keep(ctx, a, where)
		return keptMsg{seq, described, err}
	}
}

func tickAfter(d time.Duration) tea.Cmd {
	return tea.Tick(d, func(time.Time) tea.Msg { return tickMsg{} })
}
