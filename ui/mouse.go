package ui

import (
	tea "charm.land/bubbletea/v2"

	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/menu"
)

// toggleMouse gives the mouse to the terminal, for selecting text as everywhere
// else, or takes it again.
func (m *Model) toggleMouse() {
	m.noMouse = !m.noMouse
	if m.noMouse {
		m.say(toastNote, "the mouse selects text now; "+m.keys.Key(keymap.MouseToggle)+" gives it back to the list")
	} else {
		m.say(toastNote, "the mouse moves in the list again")
	}
}

// onClick selects what was clicked; a second click soon after opens it. The
// mouse is never needed.
func (m *Model) onClick(e tea.Mouse) tea.Cmd {
	if e.Button != tea.MouseLeft || m.confirm != nil || m.viewer != nil {
		return nil
	}
	if m.menu != nil {
		return m.clickMenu(e)
	}
	if m.edit.active() {
		return nil
	}
	l := m.layout()
	switch {
	case l.list.has(e.X, e.Y):
		return m.clickList(e.X-l.list.x, e.Y-l.list.y)
	case l.detail.has(e.X, e.Y):
		m.focus = paneDetail
		m.relayout()
		m.detail.RowAt(e.Y-l.detail.y, m.theme, m.detailLook())
	}
	return nil
}

func (m *Model) clickList(x, y int) tea.Cmd {
	m.focus = paneList
	m.relayout()
	if y == 0 {
		if c, ok := m.list.ColumnAt(x); ok {
			return m.setSort(m.nextSort(c.Field))
		}
		return nil
	}
	n := m.rows().Len()
	pos, ok := m.list.RowAt(y, n)
	if !ok {
		return nil
	}
	m.list.MoveTo(pos, n)
	m.selectAt(pos)
	now := m.o.Now()
	if m.click.id == m.selected && now.Sub(m.click.at) < doubleClick {
		return m.focusOther(keymap.DetailOpen)
	}
	m.click = clickAt{m.selected, now}
	return nil
}

func (m *Model) clickMenu(e tea.Mouse) tea.Cmd {
	w := max(10, min(62, m.w-4))
	rows := len(m.menu.View(w, max(1, m.h-4), m.theme))
	x, y := m.boxAt(rows, w)
	if e.X < x || e.X >= x+w || e.Y < y-1 || e.Y > y+rows {
		m.menu = nil
		return nil
	}
	next, intent := m.menu.Click(e.Y - y)
	m.menu = &next
	if intent == menu.Chosen {
		return m.onMenu(next.ID, next.Current())
	}
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
	m.touched = m.o.Now()
	switch {
	case m.confirm != nil || m.prompt != nil:
		return nil
	case m.menu != nil:
		next := m.menu.Scroll(by / wheelLines)
		m.menu = &next
		return nil
	case m.viewer != nil:
		next := m.viewer.Scroll(by)
		m.viewer = &next
		return nil
	case m.edit.active():
		return nil
	}
	l := m.layout()
	if l.detail.has(e.X, e.Y) {
		m.detail.Move(by)
		return nil
	}
	m.list.Scroll(by, m.rows().Len())
	m.speed.moved(by, m.o.Now())
	m.selectAt(m.list.Cursor())
	return m.needMore()
}
