package contacts

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/request"
)

// similar are the contacts that match but for a mistake. They stand below those
// that match and are neither counted nor marked.
type similar struct {
	slots   []int32
	want    wanted
	request request.Slot
}

// wanted says whether the user asked for similar contacts or against them.
type wanted uint8

const (
	wantedWhenFew wanted = iota // fewer than search.FewDirect match
	wantedAlways
	wantedNever
)

type similarMsg struct {
	Part
	seq   uint64
	slots []int32
	err   error
}

// findSimilar looks for similar contacts once those that match are known, where
// they are wanted.
func (m *Model) findSimilar() tea.Cmd {
	o := &m.order
	s := &o.similar
	few := s.want == wantedWhenFew && len(o.slots) < search.FewDirect
	if o.query.Empty() || !few && s.want != wantedAlways {
		s.request.Stop()
		s.slots = nil
		return nil
	}
	of := m.shape()
	ctx, seq := s.request.Begin(m.o.Context, m.o.Now())
	return drawFirst(ctx, m.wait(of), func() tea.Msg {
		slots, err := of.similar(ctx)
		return similarMsg{seq: seq, slots: slots, err: err}
	})
}

func (m *Model) onSimilar(msg similarMsg) {
	s := &m.order.similar
	if !s.request.Take(msg.seq) || msg.err != nil {
		return
	}
	s.slots = msg.slots
	m.emit(SimilarFound{Asked: s.want == wantedAlways, N: len(msg.slots)})
	m.emit(Changed{})
}

// keep leaves out of the similar contacts those that match by now.
func (s *similar) keep(direct []int32) {
	if len(s.slots) == 0 {
		return
	}
	match := make(map[int32]bool, len(direct))
	for _, slot := range direct {
		match[slot] = true
	}
	s.slots = slices.DeleteFunc(slices.Clone(s.slots), func(slot int32) bool { return match[slot] })
}

// ToggleSimilar shows similar contacts, however many match, or hides those that
// are shown.
func (m *Model) ToggleSimilar() (tea.Cmd, []screen.Event) {
	s := &m.order.similar
	s.want = wantedAlways
	if len(s.slots) > 0 {
		s.want = wantedNever
	}
	cmd := m.findSimilar()
	m.emit(Changed{})
	return m.done(cmd)
}

// similar finds similar contacts among those that a search looks at.
func (s shape) similar(ctx context.Context) ([]int32, error) {
	return s.match.Similar(ctx, s.snap, s.query, s.searched(ctx))
}

// Counter counts the values of fields within what is shown, leaving the filter of
// a field out of its own counts. It may take long and can run on any goroutine.
func (m *Model) Counter() func(context.Context, ...model.FieldID) (map[model.FieldID][]search.Facet, error) {
	s := m.shape()
	filter := s.filter
	s.filter = search.Filter{}
	return func(ctx context.Context, fields ...model.FieldID) (map[model.FieldID][]search.Facet, error) {
		within := s.searched(ctx)
		if !s.query.Empty() {
			r, err := s.match.Search(ctx, s.snap, s.query, within)
			if err != nil {
				return nil, err
			}
			within = r.Direct
			if within == nil {
				within = []int32{}
			}
		}
		return search.FacetsWithin(ctx, s.snap, within, filter, fields...)
	}
}
