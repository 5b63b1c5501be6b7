package browse

import (
	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/ui/screen"
)

// layout says where the panes are. A part with no height or width is not drawn.
type layout struct {
	list, detail screen.Rect
	rule         screen.Rect // between list and detail, one cell thick
	beside       bool        // list and detail stand side by side
}

// The breakpoints: side by side from wideAt columns; below that the detail
// stands under the list where there are tallAt rows, otherwise in its place.
const (
	wideAt = 100
	tallAt = 32
)

// arrange is a pure function from the place of the panes, the lines of
// messages under it and the pane in focus to the places of the parts.
func arrange(b screen.Rect, messages int, detailFocused bool) layout {
	free := b.H + messages // messages come and go
	switch {
	case b.W >= wideAt:
		dw := min(max(b.W*38/100, 42), 60) // more would be empty, and the columns need it
		lw := b.W - dw - 1
		return layout{
			list:   screen.Rect{X: b.X, Y: b.Y, W: lw, H: b.H},
			rule:   screen.Rect{X: b.X + lw, Y: b.Y, W: 1, H: b.H},
			detail: screen.Rect{X: b.X + lw + 1, Y: b.Y, W: dw, H: b.H},
			beside: true,
		}
	case free >= tallAt:
		lh := max(0, min(free*45/100, b.H-2)) // a message takes from the details first
		return layout{
			list:   screen.Rect{X: b.X, Y: b.Y, W: b.W, H: lh},
			rule:   screen.Rect{X: b.X, Y: b.Y + lh, W: b.W, H: 1},
			detail: screen.Rect{X: b.X, Y: b.Y + lh + 1, W: b.W, H: max(0, b.H-lh-1)},
		}
	case detailFocused:
		return layout{detail: b}
	default:
		return layout{list: b}
	}
}

// both reports whether list and detail are on the screen together.
func (l layout) both() bool { return l.rule.W > 0 && l.rule.H > 0 }

// SetSize says where the panes are on the terminal, and how many lines of
// messages are under them: those come and go and do not move the panes.
func (m *Model) SetSize(body screen.Rect, messages int) (tea.Cmd, []screen.Event) {
	grew := body.H > m.body.H
	m.body, m.messages = body, messages
	m.relayout()
	if !grew {
		return m.done(nil)
	}
	return m.done(m.more())
}

func (m *Model) layout() layout { return arrange(m.body, m.messages, m.focus == paneDetail) }

// relayout gives the panes their places; it is called when something that
// decides about places has changed.
func (m *Model) relayout() {
	l := m.layout()
	m.list.SetSize(l.list.W, l.list.H)
	m.detail.SetSize(l.detail.W, l.detail.H)
	m.contacts.SetHeight(m.list.Height())
}
