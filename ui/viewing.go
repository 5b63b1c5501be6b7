package ui

import (
	"context"
	"maps"
	"slices"

	tea "charm.land/bubbletea/v2"

	"levcontacts/model"
	"levcontacts/model/search"
	"levcontacts/ui/widget/request"
	"levcontacts/work"
)

// viewing is what of the book is shown and in which order. Without a search,
// filter or sort it is the book itself.
type viewing struct {
	filter     search.Filter
	sort       model.Sort
	local      bool    // the service refused the sort: what is held is sorted here
	order      []int32 // slots, when shaped
	shaped     bool
	ticket     request.Slot
	remembered *work.View // of the last run, until the copy has been read
	again      bool       // rows came while an order was being made
	matcher    *search.Matcher
	asked      asked // what the order being made is of
	found      found // the last search that ended
}

// asked is everything that decides what a search finds.
type asked struct {
	query   search.Query
	filter  search.Filter
	version int // of the book
	hidden  int
	whole   bool // of all that is held, not of a list that the service sorts
}

// found is what a search has found.
type found struct {
	asked
	slots []int32
}

// narrows says that what f found is all that a search for next has to look at.
func (f found) narrows(next asked) bool {
	same := f.version == next.version && f.hidden == next.hidden && f.whole && next.whole && f.filter.Equal(next.filter)
	return same && !f.query.Empty() && search.Extends(f.query, next.query)
}

// shown is what the list pane draws.
type shown struct {
	book   *model.Book
	order  []int32
	shaped bool
}

// Len is the number of rows shown.
func (s shown) Len() int {
	if s.shaped {
		return len(s.order)
	}
	return s.book.Len()
}

// At is one row shown.
func (s shown) At(i int) model.Packed {
	if s.shaped {
		return s.book.At(int(s.order[i]))
	}
	return s.book.At(i)
}

func (m *Model) rows() shown { return shown{&m.shelf.book, m.view.order, m.view.shaped} }

// find is where a contact is shown.
func (s shown) find(id int64) (int, bool) {
	slot, ok := s.book.Slot(id)
	if !ok || !s.shaped {
		return slot, ok
	}
	pos := slices.Index(s.order, int32(slot))
	return pos, pos >= 0
}

// sorted says that the rows come from the service in an order asked for: the
// whole book is not held, so it cannot be sorted here. Its lists in an order
// hold no contacts that are not connected.
func (v *viewing) sorted(s *shelf) bool {
	return !v.sort.IsZero() && !v.local && !wantsApart(v.filter) && !s.complete() && s.chains[chainSorted] != nil
}

// allHeld says that as many contacts are held as the service counts. The pass
// over its list, which alone finds contacts that are gone, may still be on the way.
func (m *Model) allHeld() bool {
	return m.shelf.complete() || m.shelf.said && m.held() >= m.shelf.lastTotal
}

// sortHere ends the list that the service sorts as soon as nothing is missing
// that it could bring, and says whether it did. What comes later is put into its
// place here.
func (m *Model) sortHere() bool {
	c := m.shelf.chains[chainSorted]
	if c == nil || !m.allHeld() {
		return false
	}
	c.ticket.Stop()
	m.shelf.chains[chainSorted] = nil
	return true
}

// wants says whether the rows need shaping at all.
func (m *Model) wantsShape() bool {
	return !m.view.sort.IsZero() || !m.view.filter.Empty() || !m.search.query.Empty() || len(m.shelf.hidden) > 0
}

// shape is one making of an order, with everything it reads.
type shape struct {
	snap   model.Snapshot
	base   []int32
	filter search.Filter
	query  search.Query
	sort   model.Sort
	hidden map[int64]bool
	within []int32 // hits of an earlier search that are all there can be, nil for none
	match  *search.Matcher
}

// recompute makes the order again after rows or wishes have changed. While one
// is being made another is only noted, so that arriving pages cannot pile up.
func (m *Model) recompute() tea.Cmd {
	if !m.wantsShape() {
		m.view.ticket.Stop()
		if m.view.shaped {
			m.view.shaped, m.view.order = false, nil
		}
		m.reselect()
		return nil
	}
	if m.view.ticket.Busy() {
		m.view.again = true
		return nil
	}
	return m.reshape()
}

// reshape makes the order now, replacing one that is being made: the person
// has typed on.
func (m *Model) reshape() tea.Cmd {
	if !m.wantsShape() {
		return m.recompute()
	}
	m.view.again = false
	s := shape{snap: m.shelf.book.Snapshot(), filter: m.view.filter, query: m.search.query, sort: m.view.sort, match: m.view.matcher}
	if !wantsApart(m.view.filter) {
		s.hidden = maps.Clone(m.shelf.hidden)
	}
	if m.view.sorted(&m.shelf) {
		s.base, s.sort = slices.Clone(m.shelf.chains[chainSorted].slots), model.Sort{}
	}
	m.view.asked = asked{s.query, s.filter, m.shelf.book.Version(), len(s.hidden), s.base == nil}
	if m.view.found.narrows(m.view.asked) {
		s.within = m.view.found.slots
	}
	ctx, seq := m.view.ticket.Begin(m.ctx, m.o.Now())
	return drawFirst(ctx, m.o.DrawFirst, compute(ctx, s, seq))
}

func compute(ctx context.Context, s shape, seq uint64) tea.Cmd {
	return func() tea.Msg {
		order, err := s.run(ctx)
		return computedMsg{seq: seq, order: order, rows: s.snap.Len(), err: err}
	}
}

func (s shape) run(ctx context.Context) ([]int32, error) {
	if s.within != nil {
		return s.search(ctx, s.within)
	}
	slots := s.base
	if !s.filter.Empty() || len(s.hidden) > 0 {
		slots = s.filtered(ctx)
	}
	if !s.query.Empty() {
		return s.search(ctx, slots)
	}
	if !s.sort.IsZero() {
		return search.Sort(ctx, s.snap, slots, s.sort)
	}
	if slots == nil {
		slots = make([]int32, s.snap.Len())
		for i := range slots {
			slots[i] = int32(i)
		}
	}
	return slots, nil
}

// search gives the hits, the best first, or in the order that was chosen where
// none is better than another.
func (s shape) search(ctx context.Context, slots []int32) ([]int32, error) {
	r, err := s.match.Search(ctx, s.snap, s.query, slots)
	if err != nil || s.query.Ranked() || s.sort.IsZero() {
		return r.Slots, err
	}
	return search.Sort(ctx, s.snap, r.Slots, s.sort)
}

// filtered keeps the slots that the filter lets through. Contacts met only
// among the not connected are shown when the filter asks for them.
func (s shape) filtered(ctx context.Context) []int32 {
	out := []int32{}
	try := func(slot int32) {
		p := s.snap.At(int(slot))
		if !s.hidden[p.ID()] && s.filter.Match(p) {
			out = append(out, slot)
		}
	}
	if s.base != nil {
		for _, slot := range s.base {
			try(slot)
		}
		return out
	}
	for i := range s.snap.Len() {
		if i%4096 == 0 && ctx.Err() != nil {
			return out
		}
		try(int32(i))
	}
	return out
}

func (m *Model) onComputed(msg computedMsg) tea.Cmd {
	if !m.view.ticket.Take(msg.seq) || msg.err != nil {
		return nil
	}
	m.view.order, m.view.shaped = msg.order, true
	m.view.found = found{m.view.asked, msg.order}
	if m.search.jump {
		m.search.jump = false
		m.selectAt(0)
		m.list.MoveTo(0, m.rows().Len())
	}
	m.reselect()
	var again tea.Cmd
	if m.view.again {
		again = m.reshape()
	}
	return tea.Batch(again, m.needMore())
}

// drop takes contacts out of the book and mends every slot number held.
func (v *viewing) drop(s *shelf, gone map[int64]bool) {
	moved := s.book.Drop(func(p model.Packed) bool { return gone[p.ID()] })
	if moved == nil {
		return
	}
	v.ticket.Stop()
	v.order = remap(v.order, moved)
	for _, c := range s.chains {
		if c == nil {
			continue
		}
		c.slots = remap(c.slots, moved)
		var seen bitset
		for old, now := range moved {
			if now >= 0 && c.seen.has(old) {
				seen.add(int(now))
			}
		}
		c.seen = seen
	}
}

func remap(slots, moved []int32) []int32 {
	out := slots[:0:0]
	for _, s := range slots {
		if int(s) < len(moved) && moved[s] >= 0 {
			out = append(out, moved[s])
		}
	}
	return out
}

// setSort chooses the order. With every contact held it is made here, without a
// request; otherwise the service is asked.
func (m *Model) setSort(s model.Sort) tea.Cmd {
	m.view.sort, m.view.local = s, false
	m.list.SetSort(s.Field)
	if old := m.shelf.chains[chainSorted]; old != nil {
		old.ticket.Stop()
		m.shelf.chains[chainSorted] = nil
	}
	m.rememberView()
	if !m.askForOrder() {
		return m.reshape()
	}
	return m.fetch(chainSorted, work.Screen)
}

// askForOrder begins the list that the service sorts, where it is needed and not
// begun yet, and says whether it did.
func (m *Model) askForOrder() bool {
	v := &m.view
	if v.sort.IsZero() || v.local || wantsApart(v.filter) || m.allHeld() || m.shelf.chains[chainSorted] != nil {
		return false
	}
	m.shelf.chains[chainSorted] = ptr(newChain(model.SortedList(model.ConnectedOnly, v.sort, 0, m.pageLimit()), work.PassRows))
	return true
}

// setFilter chooses what is shown.
func (m *Model) setFilter(f search.Filter) tea.Cmd {
	m.view.filter = f
	m.rememberView()
	cmds := []tea.Cmd{m.reshape()}
	if m.askForOrder() {
		cmds = append(cmds, m.fetch(chainSorted, work.Screen))
	}
	if wantsApart(f) && m.shelf.chains[chainApart] == nil {
		m.shelf.chains[chainApart] = ptr(newChain(model.CursorList(model.NotConnected, m.pageLimit()), work.PassApart))
		cmds = append(cmds, m.fetch(chainApart, work.Screen))
	}
	return tea.Batch(append(cmds, m.needMore())...)
}
