package contacts

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/request"
	"github.com/levcontacts/levcontacts/work"
)

// order is which of the contacts are shown and in which order. Without a
// search, filter or sort the contacts are shown as they are held.
type order struct {
	query   search.Query
	filter  search.Filter
	sort    model.Sort
	local   bool    // the service refused the sort: what is loaded is sorted here
	slots   []int32 // when made
	made    bool
	request request.Slot
	again   bool // rows came while an order was being made
	asked   bool // the user asked for the order that is on its way
	bySort  bool // the user sorts the hits of the search that would be ranked
	matcher *search.Matcher
	making  inputs // what the order being made is of
	found   found  // the last search that ended
	similar similar
}

// inputs is everything that decides what a search finds.
type inputs struct {
	query   search.Query
	filter  search.Filter
	version int // of the book
	hidden  int
	whole   bool // of all that is held, not of a list that the service sorts
	bySort  bool
}

// found is what a search has found.
type found struct {
	inputs
	slots []int32
}

// narrows reports whether a search for next has to look only at what f found.
func (f found) narrows(next inputs) bool {
	same := f.version == next.version && f.hidden == next.hidden && f.whole && next.whole &&
		f.bySort == next.bySort && f.filter.Equal(next.filter)
	return same && !f.query.Empty() && search.Extends(f.query, next.query)
}

func (o *order) moved(to []int32) {
	o.request.Stop()
	o.similar.request.Stop()
	o.slots, o.similar.slots = moveSlots(o.slots, to), moveSlots(o.similar.slots, to)
}

// Rows is what the list draws: the contacts that match and, below them, similar
// ones.
type Rows struct {
	book    *model.Book
	slots   []int32
	similar []int32
	made    bool
}

// Direct is the number of rows that match. Only they are counted and marked.
func (r Rows) Direct() int {
	if r.made {
		return len(r.slots)
	}
	return r.book.Len()
}

// Len is the number of rows shown.
func (r Rows) Len() int { return r.Direct() + len(r.similar) }

// At is one row shown.
func (r Rows) At(i int) model.Packed {
	switch n := r.Direct(); {
	case i >= n:
		return r.book.At(int(r.similar[i-n]))
	case r.made:
		return r.book.At(int(r.slots[i]))
	}
	return r.book.At(i)
}

// Find is where a contact is shown.
func (r Rows) Find(id int64) (int, bool) {
	slot, ok := r.book.Slot(id)
	if !ok || !r.made {
		return slot, ok
	}
	if pos := slices.Index(r.slots, int32(slot)); pos >= 0 {
		return pos, true
	}
	pos := slices.Index(r.similar, int32(slot))
	return r.Direct() + pos, pos >= 0
}

// Rows are the contacts that are shown, in order.
func (m *Model) Rows() Rows {
	r := Rows{book: &m.book, slots: m.order.slots, made: m.order.made}
	if r.made {
		r.similar = m.order.similar.slots
	}
	return r
}

// wantsNotConnected reports whether a filter asks for contacts that are not
// connected, which the service lists only on request.
func wantsNotConnected(f search.Filter) bool { return f.Has(model.FieldConnected, search.No) }

// serviceSorts reports whether the rows come from the service in the order that
// the user chose: not all of them are held, so they cannot be sorted here. The
// service's sorted lists hold no contacts that are not connected.
func (m *Model) serviceSorts() bool {
	o := &m.order
	return !o.sort.IsZero() && !o.local && !wantsNotConnected(o.filter) && !m.Complete() && m.pagers[pagerSorted] != nil
}

// sortHere ends the list that the service sorts as soon as nothing is missing
// that it could bring, and reports whether it did.
func (m *Model) sortHere() bool {
	p := m.pagers[pagerSorted]
	if p == nil || !m.AllHeld() {
		return false
	}
	p.request.Stop()
	m.pagers[pagerSorted] = nil
	return true
}

// ordered reports whether the rows need an order at all.
func (m *Model) ordered() bool {
	o := &m.order
	return !o.sort.IsZero() || !o.filter.Empty() || !o.query.Empty() || len(m.hidden) > 0
}

// reorder makes the order again after rows have changed. While one is being
// made another is only noted, so that arriving pages cannot pile up.
func (m *Model) reorder() tea.Cmd {
	o := &m.order
	if !m.ordered() {
		o.request.Stop()
		o.made, o.slots, o.asked = false, nil, false
		o.similar.request.Stop()
		o.similar = similar{}
		m.emit(Changed{})
		return nil
	}
	if o.request.Busy() {
		o.again = true
		return nil
	}
	return m.makeOrder()
}

// makeOrder makes the order now and replaces one that is being made.
func (m *Model) makeOrder() tea.Cmd {
	if !m.ordered() {
		return m.reorder()
	}
	o := &m.order
	o.again = false
	o.similar.request.Stop()
	s := m.shape()
	o.making = inputs{s.query, s.filter, m.book.Version(), len(s.hidden), s.base == nil, o.bySort}
	if o.found.narrows(o.making) {
		s.within = o.found.slots
	}
	ctx, seq := o.request.Begin(m.o.Context, m.o.Now())
	return drawFirst(ctx, m.wait(s), makeOrder(ctx, s, seq))
}

const (
	// manyRows are more than a search gets through between two letters of somebody
	// who types fast.
	manyRows = 50_000
	// lettersPause is longer than the time between two such letters.
	lettersPause = 120 * time.Millisecond
)

// wait is how long an order waits for what is drawn first. A search over many
// rows waits for a pause between the letters: begun earlier it would be overtaken,
// and only take time from their frames.
func (m *Model) wait(s shape) time.Duration {
	rows := s.snap.Len()
	if s.within != nil {
		rows = len(s.within)
	}
	if m.o.DrawFirst > 0 && !s.query.Empty() && rows > manyRows {
		return max(m.o.DrawFirst, lettersPause)
	}
	return m.o.DrawFirst
}

// onOrder takes an order that was made.
func (m *Model) onOrder(msg orderMsg) tea.Cmd {
	o := &m.order
	if !o.request.Take(msg.seq) {
		return nil
	}
	if msg.err != nil {
		o.asked = false
		return nil
	}
	o.slots, o.made = msg.slots, true
	if o.asked {
		o.similar.slots = nil
	}
	o.similar.keep(o.slots)
	o.found = found{o.making, msg.slots}
	if o.asked && !m.sortUnderWay() {
		o.asked = false
		m.emit(Ordered{})
	}
	m.emit(Changed{})
	m.emit(MoreWanted{})
	if o.again {
		return m.makeOrder()
	}
	return m.findSimilar()
}

// sortUnderWay reports whether the first page that the service sorts is awaited.
func (m *Model) sortUnderWay() bool {
	p := m.pagers[pagerSorted]
	return p != nil && !p.begun && p.request.Busy()
}

// Settling reports whether the order that the user asked for with a search,
// filter or sort is being made: the selection may be another in a moment. A page
// that the service has yet to send is not waited for: that can take long, and
// the rows on the screen can be used meanwhile.
func (m *Model) Settling() bool { return m.order.asked && m.order.request.Busy() }

// Search shows what matches a query.
func (m *Model) Search(q search.Query) (tea.Cmd, []screen.Event) {
	m.setQuery(q)
	if q.Empty() {
		m.order.bySort = false
		m.order.similar.want = wantedWhenFew
	}
	return m.chosen(m.makeOrder())
}

// Ranked reports whether the best match comes first, whatever sort was chosen.
func (m *Model) Ranked() bool { return m.order.query.Ranked() && !m.order.bySort }

// Sort chooses the order, of the hits of a search as well. With every contact
// held it is made here, without a request; otherwise the service is asked.
func (m *Model) Sort(s model.Sort) (tea.Cmd, []screen.Event) {
	m.order.bySort = m.order.query.Ranked()
	return m.chosen(m.setSort(s))
}

// SortByMatch puts the best match of the search first again.
func (m *Model) SortByMatch() (tea.Cmd, []screen.Event) {
	m.order.bySort = false
	return m.chosen(m.makeOrder())
}

// Filter chooses what is shown.
func (m *Model) Filter(f search.Filter) (tea.Cmd, []screen.Event) { return m.chosen(m.setFilter(f)) }

// Show chooses search, filter and sort at once.
func (m *Model) Show(q search.Query, f search.Filter, s model.Sort) (tea.Cmd, []screen.Event) {
	m.Restore(q, f, s)
	return m.chosen(tea.Batch(m.setSort(s), m.setFilter(f)))
}

// Restore takes search, filter and sort before the first rows, without a request.
func (m *Model) Restore(q search.Query, f search.Filter, s model.Sort) {
	m.setQuery(q)
	m.order.filter, m.order.sort = f, s
}

// chosen ends what the user chose: the rows of it are awaited now.
func (m *Model) chosen(cmd tea.Cmd) (tea.Cmd, []screen.Event) {
	if m.order.asked = m.order.request.Busy() || m.sortUnderWay(); !m.order.asked {
		m.emit(Ordered{})
	}
	m.emit(MoreWanted{})
	return m.done(cmd)
}

func (m *Model) setSort(s model.Sort) tea.Cmd {
	m.order.sort, m.order.local = s, false
	if old := m.pagers[pagerSorted]; old != nil {
		old.request.Stop()
		m.pagers[pagerSorted] = nil
	}
	if !m.beginSorted() {
		return m.makeOrder()
	}
	return m.fetch(pagerSorted, work.Screen)
}

// beginSorted begins the list that the service sorts, where it is needed and
// not begun yet, and reports whether it did.
func (m *Model) beginSorted() bool {
	o := &m.order
	held := m.AllHeld() || m.pagers[pagerSorted] != nil
	if o.sort.IsZero() || o.local || wantsNotConnected(o.filter) || held {
		return false
	}
	first := model.SortedList(model.ConnectedOnly, o.sort, 0, m.pageLimit())
	m.pagers[pagerSorted] = newPager(first, work.FeedRows)
	return true
}

func (m *Model) setFilter(f search.Filter) tea.Cmd {
	m.order.filter = f
	cmds := []tea.Cmd{m.makeOrder()}
	if m.beginSorted() {
		cmds = append(cmds, m.fetch(pagerSorted, work.Screen))
	}
	if wantsNotConnected(f) && m.pagers[pagerNotConnected] == nil {
		first := model.CursorList(model.NotConnected, m.pageLimit())
		m.pagers[pagerNotConnected] = newPager(first, work.FeedDisconnected)
		cmds = append(cmds, m.fetch(pagerNotConnected, work.Screen))
	}
	return tea.Batch(cmds...)
}
