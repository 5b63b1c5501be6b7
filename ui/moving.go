package ui

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"levcontacts/model"
	"levcontacts/ui/widget/keymap"
	"levcontacts/work"
)

// speedometer measures how fast the person moves down the list, so that pages
// are asked for early enough.
type speedometer struct {
	since time.Time
	rows  int
	rate  int // rows a second
}

// speedWindow is over how long movement is measured.
const speedWindow = 500 * time.Millisecond

func (s *speedometer) moved(by int, now time.Time) {
	if now.Sub(s.since) > speedWindow {
		if now.Sub(s.since) > 2*speedWindow {
			s.rate = 0
		}
		s.since, s.rows = now, 0
	}
	s.rows += max(0, by)
	s.rate = max(s.rate*3/4, int(time.Duration(s.rows)*time.Second/speedWindow))
}

// selectAt makes the contact at a position the selected one.
func (m *Model) selectAt(pos int) {
	rows := m.rows()
	if pos < 0 || pos >= rows.Len() {
		return
	}
	p := rows.At(pos)
	if m.edit.inline != nil {
		return // the details hold the contact being edited
	}
	m.selected = p.ID()
	m.detail.Show(contactOf(p), m.o.Now())
}

// reselect finds the selected contact again after the rows have changed and
// keeps it on its line of the screen. Where it is gone its neighbour is taken.
func (m *Model) reselect() {
	rows := m.rows()
	n := rows.Len()
	if n == 0 {
		if m.edit.inline != nil {
			return
		}
		m.selected = 0
		m.detail.Clear()
		m.list.MoveTo(0, 0)
		return
	}
	if pos, ok := rows.find(m.selected); ok && m.selected != 0 {
		m.list.Anchor(pos, n)
		m.refreshDetail()
		return
	}
	m.list.Anchor(m.list.Cursor(), n)
	m.selectAt(m.list.Cursor())
}

// refreshDetail shows the selected contact as it is held now.
func (m *Model) refreshDetail() {
	if p, ok := m.shelf.book.Find(m.selected); ok && m.edit.inline == nil {
		m.detail.Show(contactOf(p), m.o.Now())
	}
}

// moveBy moves the cursor of the list and asks for more rows when needed.
func (m *Model) moveBy(by int) tea.Cmd {
	n := m.rows().Len()
	from := m.list.Cursor()
	m.list.MoveTo(from+by, n)
	m.speed.moved(m.list.Cursor()-from, m.o.Now())
	if m.list.Cursor() != from {
		m.selectAt(m.list.Cursor())
	}
	return m.needMore()
}

// moveInList carries out a movement of the list pane.
func (m *Model) moveInList(a keymap.Name) tea.Cmd {
	page := max(1, m.list.Height()-1)
	switch a {
	case keymap.MoveUp:
		return m.moveBy(-1)
	case keymap.MoveDown:
		return m.moveBy(1)
	case keymap.MoveHalfUp:
		return m.moveBy(-max(1, page/2))
	case keymap.MoveHalfDown:
		return m.moveBy(max(1, page/2))
	case keymap.MovePageUp:
		return m.moveBy(-page)
	case keymap.MovePageDown:
		return m.moveBy(page)
	case keymap.MoveTop:
		m.goingEnd = false
		return m.moveBy(-m.rows().Len())
	case keymap.MoveBottom:
		return m.goEnd()
	}
	return nil
}

// moveInDetail carries out a movement of the detail pane.
func (m *Model) moveInDetail(a keymap.Name) {
	by := map[keymap.Name]int{
		keymap.MoveUp: -1, keymap.MoveDown: 1, keymap.MoveHalfUp: -5, keymap.MoveHalfDown: 5,
		keymap.MovePageUp: -10, keymap.MovePageDown: 10, keymap.MoveTop: -1000, keymap.MoveBottom: 1000,
	}[a]
	m.detail.Move(by)
}

// goEnd goes to the very last contact, loading on the way.
func (m *Model) goEnd() tea.Cmd {
	cmd := m.moveBy(m.rows().Len())
	if c := m.activeChain(); !m.ended(c) {
		c.err = nil
		m.goingEnd = true
		return tea.Batch(cmd, m.needMore())
	}
	return cmd
}

// stopLoading ends what the person is waiting for; rows that came stay.
func (m *Model) stopLoading() bool {
	stopped := m.stoppable()
	m.goingEnd = false
	m.shelf.contact.Stop()
	for _, c := range m.shelf.chains {
		if m.stops(c) {
			c.ticket.Stop()
		}
	}
	if stopped {
		m.touched = m.o.Now()
	}
	return stopped
}

// stoppable says that there is something for esc to stop.
func (m *Model) stoppable() bool {
	return m.goingEnd || m.shelf.contact.Busy() || slices.ContainsFunc(m.shelf.chains[:], m.stops)
}

// stops says that a list is being read and may be stopped: the very first page
// may not, there would be nothing to see.
func (m *Model) stops(c *chain) bool {
	return c != nil && c.ticket.Busy() && !(m.shelf.book.Len() == 0 && !c.begun)
}

// activeChain is the list that the rows on the screen come from.
func (m *Model) activeChain() *chain { return m.shelf.chains[m.activeName()] }

func (m *Model) activeName() chainName {
	switch {
	case onlyApart(m.view.filter):
		return chainApart
	case m.view.sorted(&m.shelf):
		return chainSorted
	default:
		return chainFull
	}
}

// ended says that a list brings no rows any more that the person could be
// waiting for. An order that is made here needs none once all are held.
func (m *Model) ended(c *chain) bool {
	here := m.activeName() == chainFull && !m.view.sort.IsZero() && m.allHeld()
	return c == nil || c.done || here
}

// idleBefore is how long nobody has typed before the rest of the list is
// fetched without being asked for.
const idleBefore = 10 * time.Second

// needMore asks for the next page when the person will need it: to reach the
// end, to go on scrolling, or to have everything searched; and, when nobody
// types, to complete the copy.
func (m *Model) needMore() tea.Cmd {
	name := m.activeName()
	c := m.shelf.chains[name]
	if m.ended(c) {
		if m.goingEnd && !m.view.ticket.Busy() { // an order being made may end elsewhere
			m.goingEnd = false
			m.list.MoveTo(m.rows().Len()-1, m.rows().Len())
			m.selectAt(m.list.Cursor())
		}
		return m.fillRest()
	}
	if m.goingEnd {
		m.list.MoveTo(m.rows().Len()-1, m.rows().Len())
		m.selectAt(m.list.Cursor())
		return m.fetch(name, work.Screen)
	}
	if m.search.query.Empty() && m.view.filter.Empty() && c.begun {
		left := m.rows().Len() - m.list.Offset() - m.list.Height()
		ahead := max(2*m.list.Height(), min(3*m.speed.rate, 4*model.MaxLimit))
		if left < ahead && !m.shelf.complete() {
			return m.fetch(name, work.Next)
		}
	}
	return m.fillRest()
}

// fillRest fetches in the background what a search or filter would miss, or
// what the copy lacks while nobody types.
func (m *Model) fillRest() tea.Cmd {
	if wantsApart(m.view.filter) {
		if cmd := m.fetch(chainApart, work.Index); cmd != nil {
			return cmd
		}
	}
	c := m.shelf.full()
	if c == nil || c.done || !c.begun || !m.o.Index {
		return nil
	}
	wanted := !m.search.query.Empty() || !m.view.filter.Empty()
	idle := m.o.Now().Sub(m.touched) >= idleBefore
	if wanted || idle {
		return m.fetch(chainFull, work.Index)
	}
	return nil
}
