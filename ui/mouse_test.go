package ui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

func wheel(down bool) tea.MouseWheelMsg {
	b := tea.MouseWheelUp
	if down {
		b = tea.MouseWheelDown
	}
	return tea.MouseWheelMsg{X: 20, Y: 8, Button: b}
}

// The wheel scrolls what is on top, and nothing below it.
func TestTheWheelScrollsWhatIsOnTop(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 80, 24)
	s.keys("?")
	s.want("One up")
	s.send(wheel(true))
	s.wantNot("One up")
	s.send(wheel(false))
	s.want("One up")
	s.keys("esc", "s")
	s.want("▌0 ● the service's own order")
	s.send(wheel(true))
	s.want("▌1   Last name")
	s.keys("esc")
	s.want("▌ ★ Sarah Chen")
	s.keys("e")
	s.send(wheel(true))
	s.want("▌ Type")
}

// A click chooses what is under it, in menus of every height.
func TestAClickInAMenu(t *testing.T) {
	t.Parallel()
	for h := 8; h < 40; h++ {
		s := start(t, newFake(60), 80, h)
		s.keys("s")
		for y, row := range strings.Split(s.screen(), "\n") {
			if x := strings.Index(row, "1   Last name"); x >= 0 {
				s.send(tea.MouseClickMsg{X: 20, Y: y, Button: tea.MouseLeft})
			}
		}
		s.want("by last name")
	}
}
