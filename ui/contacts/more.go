package contacts

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/work"
)

// Viewport is what of the rows is on the screen.
type Viewport struct {
	Offset int // position of the first row
	Height int // rows that fit
	Rate   int // rows a second that the user moves down
}

// SetHeight says how many rows fit on the screen, before the first page is asked
// for.
func (m *Model) SetHeight(rows int) { m.height = rows }

// Touch notes that the user is at work.
func (m *Model) Touch() { m.touched = m.o.Now() }

// activeName is the list that the rows on the screen come from.
func (m *Model) activeName() pagerName {
	f := m.order.filter
	switch {
	case wantsNotConnected(f) && !f.Has(model.FieldConnected, search.Yes):
		return pagerNotConnected
	case m.serviceSorts():
		return pagerSorted
	default:
		return pagerAll
	}
}

func (m *Model) active() *pager { return m.pagers[m.activeName()] }

// ended reports whether a list brings no more rows that the user could be
// waiting for. An order that is made here needs none once all are held.
func (m *Model) ended(p *pager) bool {
	here := m.activeName() == pagerAll && !m.order.sort.IsZero() && m.AllHeld()
	return p == nil || p.done || here
}

// idleBefore is how long nobody has typed before the rest of the list is
// fetched without being asked for.
const idleBefore = 10 * time.Second

// More asks for the next page when the user will need it: to reach the end, to
// go on scrolling, or to have everything searched. When nobody types it
// completes the local copy. It is called when the user has moved and when
// MoreWanted asks for it.
func (m *Model) More(v Viewport) (tea.Cmd, []screen.Event) {
	m.height = v.Height
	return m.done(m.more(v))
}

func (m *Model) more(v Viewport) tea.Cmd {
	name := m.activeName()
	p := m.pagers[name]
	if m.ended(p) {
		if m.toEnd && !m.order.request.Busy() { // an order being made may end elsewhere
			m.toEnd = false
			m.emit(AtEnd{})
		}
		return m.fetchRest()
	}
	if m.toEnd {
		m.emit(AtEnd{})
		return m.fetch(name, work.Screen)
	}
	if m.order.query.Empty() && m.order.filter.Empty() && p.begun {
		left := m.Rows().Len() - v.Offset - v.Height
		ahead := max(2*v.Height, min(3*v.Rate, 4*model.MaxLimit))
		if left < ahead && !m.Complete() {
			return m.fetch(name, work.Next)
		}
	}
	return m.fetchRest()
}

// fetchRest fetches in the background what a search or filter would miss, or
// what the local copy lacks while nobody types.
func (m *Model) fetchRest() tea.Cmd {
	if wantsNotConnected(m.order.filter) {
		if cmd := m.fetch(pagerNotConnected, work.Index); cmd != nil {
			return cmd
		}
	}
	p := m.pagers[pagerAll]
	if p == nil || p.done || !p.begun || !m.o.Index {
		return nil
	}
	wanted := !m.order.query.Empty() || !m.order.filter.Empty()
	if wanted || m.o.Now().Sub(m.touched) >= idleBefore {
		return m.fetch(pagerAll, work.Index)
	}
	return nil
}

// ToEnd goes to the very last contact, loading on the way. The caller selects
// the last row there is and calls More.
func (m *Model) ToEnd() {
	if p := m.active(); !m.ended(p) {
		p.err = nil
		m.toEnd = true
	}
}

// StayHere ends going to the end; what is under way goes on.
func (m *Model) StayHere() { m.toEnd = false }

// FetchRest loads the rest of the list so that all of it is searched.
func (m *Model) FetchRest() tea.Cmd {
	if p := m.pagers[pagerAll]; p != nil {
		p.err = nil
	}
	return m.fetch(pagerAll, work.Screen)
}

// Stop ends what the user waits for and reports whether there was anything;
// rows that came stay.
func (m *Model) Stop() bool {
	stopped := m.Stoppable()
	m.toEnd, m.trouble = false, ""
	m.single.Stop()
	for _, p := range m.pagers {
		if m.stops(p) {
			p.request.Stop()
		}
	}
	if stopped {
		m.touched = m.o.Now()
	}
	return stopped
}

// Stoppable reports whether Stop would end something.
func (m *Model) Stoppable() bool {
	return m.toEnd || m.single.Busy() || slices.ContainsFunc(m.pagers[:], m.stops)
}

// stops reports whether a list is being read and may be stopped: the very first
// page may not, there would be nothing to see.
func (m *Model) stops(p *pager) bool {
	return p != nil && p.request.Busy() && !(m.book.Len() == 0 && !p.begun)
}
