package form

import (
	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// scroller is which part of a list of lines is shown.
type scroller struct {
	total, h, top int
}

func (s scroller) sized(total, h int) scroller {
	s.total, s.h = total, max(0, h)
	s.scrollTo(s.top)
	return s
}

func (s *scroller) scrollTo(top int) { s.top = max(0, min(top, s.total-s.h)) }

// show scrolls as little as needed to have the lines from..to in view.
func (s *scroller) show(from, to int) {
	if to > s.top+s.h {
		s.scrollTo(to - s.h)
	}
	if from < s.top {
		s.scrollTo(from)
	}
}

// by is how many lines an action moves.
func (s scroller) by(n keymap.Name) int {
	page := max(1, s.h-1)
	switch n {
	case keymap.MoveUp:
		return -1
	case keymap.MoveDown:
		return 1
	case keymap.MoveHalfUp:
		return -max(1, s.h/2)
	case keymap.MoveHalfDown:
		return max(1, s.h/2)
	case keymap.MovePageUp:
		return -page
	case keymap.MovePageDown:
		return page
	case keymap.MoveTop:
		return -s.total
	case keymap.MoveBottom:
		return s.total
	}
	return 0
}

// draw is head, the visible lines and foot, filled to h lines of w cells. The
// foot stands right under the lines, not at the edge of the pane.
func (s scroller) draw(head, foot []string, line func(int) string, w, h int, t theme.Theme) []string {
	out := make([]string, 0, h)
	add := func(l string) {
		if len(out) < h {
			out = append(out, plain.Fit(l, w, ""))
		}
	}
	for _, l := range head {
		add(l)
	}
	for n := range min(s.h, s.total) {
		add(withScrollSign(line(s.top+n), w, n, s.h, s.top, s.total, t))
	}
	for _, l := range foot {
		add(l)
	}
	for len(out) < h {
		add("")
	}
	return out
}
