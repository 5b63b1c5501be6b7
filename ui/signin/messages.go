package signin

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"
)

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
