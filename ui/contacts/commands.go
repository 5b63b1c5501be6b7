package contacts

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// Msg is a message for the contacts or the screen that owns them.
type Msg interface{ isContacts() }

// Part makes a message one of the contacts or of the screen that owns them.
type Part struct{}

func (Part) isContacts() {}

type openedMsg struct {
	Part
	opening work.Opening
	err     error
}

type partMsg struct {
	Part
	rows []model.Packed
	next int64
	err  error
}

type pageMsg struct {
	Part
	pager pagerName
	seq   uint64
	page  model.Page
	gauge work.Quota
	err   error
}

type syncedMsg struct {
	Part
	gone  []int64
	known bool
	err   error
}

type freshMsg struct {
	Part
	err error
}

type contactMsg struct {
	Part
	seq     uint64
	id      int64
	contact model.Contact
	selects bool
	gauge   work.Quota
	err     error
}

type orderMsg struct {
	Part
	seq   uint64
	slots []int32
	err   error
}

type retryMsg struct{ Part }

// drawFirst puts a command off until a frame could be drawn. One that is not
// wanted anymore by then begins at once, to end at once.
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

func openCopy(ctx context.Context, b Backend) tea.Cmd {
	return func() tea.Msg {
		o, err := b.OpenCopy(ctx)
		return openedMsg{opening: o, err: err}
	}
}

func loadCopy(ctx context.Context, b Backend, after int64) tea.Cmd {
	return func() tea.Msg {
		rows, next, err := b.LoadCopy(ctx, after)
		return partMsg{rows: rows, next: next, err: err}
	}
}

func fetchPage(ctx context.Context, b Backend, req work.PageRequest, name pagerName, seq uint64) tea.Cmd {
	return func() tea.Msg {
		p, err := b.Page(ctx, req)
		return pageMsg{pager: name, seq: seq, page: p, gauge: b.Quota(), err: err}
	}
}

func endPass(ctx context.Context, b Backend) tea.Cmd {
	return func() tea.Msg {
		gone, known, err := b.EndPass(ctx)
		return syncedMsg{gone: gone, known: known, err: err}
	}
}

func markFresh(ctx context.Context, b Backend, total int) tea.Cmd {
	return func() tea.Msg { return freshMsg{err: b.MarkFresh(ctx, total)} }
}

func fetchContact(ctx context.Context, b Backend, id int64, seq uint64, selects bool) tea.Cmd {
	return func() tea.Msg {
		c, err := b.Contact(ctx, id)
		return contactMsg{seq: seq, id: id, contact: c, selects: selects, gauge: b.Quota(), err: err}
	}
}

func makeOrder(ctx context.Context, s shape, seq uint64) tea.Cmd {
	return func() tea.Msg {
		slots, err := s.run(ctx)
		return orderMsg{seq: seq, slots: slots, err: err}
	}
}
