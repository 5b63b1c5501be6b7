package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"levcontacts/model"
	"levcontacts/model/search"
	"levcontacts/work"
)

// Commands are free functions over values: none of them can read the model
// while it changes. Every answer carries the number of its ticket.

type openedMsg struct {
	opening work.Opening
	err     error
}

type copyPartMsg struct {
	rows []model.Packed
	next int64
	err  error
}

type pageMsg struct {
	chain chainName
	seq   uint64
	page  model.Page
	gauge work.Gauge
	err   error
}

type passEndedMsg struct {
	gone  []int64
	known bool
	err   error
}

type contactMsg struct {
	seq     uint64
	id      int64
	contact model.Contact
	goes    bool // the person goes to it
	gauge   work.Gauge
	err     error
}

type accountMsg struct {
	account work.Account
	err     error
}

type computedMsg struct {
	seq   uint64
	order []int32
	rows  int // book rows that were looked at
	err   error
}

type facetsMsg struct {
	seq    uint64
	facets map[model.FieldID][]search.Facet
	err    error
}

type tickMsg struct{ seq uint64 }

type retryMsg struct{ chain chainName }

type doneMsg struct {
	text string
	err  error
}

// drawFirst puts a command off until a frame could be drawn. One that is not
// wanted any more by then begins at once, to end at once.
func drawFirst(ctx context.Context, wait time.Duration, cmd tea.Cmd) tea.Cmd {
	if wait <= 0 {
		return cmd
	}
	return func() tea.Msg {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
		return cmd()
	}
}

func openCopy(ctx context.Context, r Reader) tea.Cmd {
	return func() tea.Msg {
		o, err := r.OpenCopy(ctx)
		return openedMsg{o, err}
	}
}

func loadCopy(ctx context.Context, r Reader, after int64) tea.Cmd {
	return func() tea.Msg {
		rows, next, err := r.LoadCopy(ctx, after)
		return copyPartMsg{rows, next, err}
	}
}

func fetchPage(ctx context.Context, b Backend, req work.PageRequest, name chainName, seq uint64) tea.Cmd {
	return func() tea.Msg {
		p, err := b.Page(ctx, req)
		return pageMsg{chain: name, seq: seq, page: p, gauge: b.Gauge(), err: err}
	}
}

func endPass(ctx context.Context, r Reader) tea.Cmd {
	return func() tea.Msg {
		gone, known, err := r.EndPass(ctx)
		return passEndedMsg{gone, known, err}
	}
}

func fetchContact(ctx context.Context, b Backend, id int64, seq uint64, goes bool) tea.Cmd {
	return func() tea.Msg {
		c, err := b.Contact(ctx, id)
		return contactMsg{seq: seq, id: id, contact: c, goes: goes, gauge: b.Gauge(), err: err}
	}
}

func askAccount(ctx context.Context, r Reader) tea.Cmd {
	return func() tea.Msg {
		a, err := r.Account(ctx)
		return accountMsg{a, err}
	}
}

// do runs an action whose outcome is only a sentence.
func do(text string, fn func() error) tea.Cmd {
	return func() tea.Msg { return doneMsg{text, fn()} }
}

// realAfter gives a message after a while, by the machine's clock.
func realAfter(d time.Duration, msg tea.Msg) tea.Cmd {
	return tea.Tick(d, func(time.Time) tea.Msg { return msg })
}
