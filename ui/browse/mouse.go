package browse

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// click is the last click, to tell a double one.
type click struct {
	id int64
	at time.Time
}

// doubleClick is how soon a second click opens what the first selected.
const doubleClick = 400 * time.Millisecond

// onClick selects what was clicked; a second click soon after opens it. The
// mouse is never needed.
func (m *Model) onClick(e tea.Mouse) tea.Cmd {
	if e.Button != tea.MouseLeft || m.editing {
		return nil
	}
	l := m.layout()
	switch {
	case l.list.Has(e.X, e.Y):
		return m.clickList(e.X-l.list.X, e.Y-l.list.Y)
	case l.detail.Has(e.X, e.Y):
		m.openDetail()
		m.detail.RowAt(e.Y-l.detail.Y, m.theme, m.detailLook(Look{}))
	}
	return nil
}

func (m *Model) clickList(x, y int) tea.Cmd {
	m.focusOn(paneList)
	if y == 0 {
		if c, ok := m.list.ColumnAt(x); ok {
			return m.sortBy(m.nextSort(c.Field))
		}
		return nil
	}
	n := m.contacts.Rows().Len()
	pos, ok := m.list.RowAt(y, n)
	if !ok {
		return nil
	}
	m.list.MoveTo(pos, n)
	m.search.chosen = true
	m.selectAt(pos)
	now := m.o.Now()
	if m.click.id == m.selected && now.Sub(m.click.at) < doubleClick {
		m.openDetail()
		return nil
	}
	m.click = click{m.selected, now}
	return nil
}

// wheelLines is how far one notch of the wheel scrolls.
const wheelLines = 3

func (m *Model) onWheel(e tea.Mouse) tea.Cmd {
	by := wheelLines
	if e.Button == tea.MouseWheelUp {
		by = -wheelLines
	} else if e.Button != tea.MouseWheelDown {
		return nil
	}
	if m.editing {
		return nil
	}
	if m.layout().detail.Has(e.X, e.Y) {
		m.detail.Move(by)
		return nil
	}
	m.list.Scroll(by, m.contacts.Rows().Len())
	m.speed.moved(by, m.o.Now())
	m.selectAt(m.list.Cursor())
	return m.more()
}
