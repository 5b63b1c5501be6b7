package reader

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// Width is 0: a reader is as wide as the screen.
func (r *Reader) Width() int { return 0 }

// View draws the reader in as many lines as it needs, and at most h.
func (r *Reader) View(w, h int, th theme.Theme) screen.Frame {
	f := screen.Frame{Lines: []string{" " + th.Paint(theme.Strong, plain.Fit(r.o.Title, w-1, th.Glyphs.Ellipsis))}}
	if r.searching || r.input.Value() != "" {
		f.Lines = append(f.Lines, " "+th.Paint(theme.Accent, "/ ")+r.input.View(w-3, th))
	} else {
		f.Lines = append(f.Lines, plain.Blank(w))
	}
	if r.searching {
		f.Cursor = r.input.Cursor(3, 1)
	}
	picks := r.picks()
	left, cw := r.leftWidth(w, th), w
	if r.o.Columns && w >= twoFrom && !picks {
		left, cw = min(left, narrowLeft), w/2
	}
	first := r.pieces(left, cw, th)
	var second []piece
	if cw < w {
		first, second = r.halves(first)
	}
	r.rows = max(len(first), len(second))
	whole := r.rows // of the text that is not searched: the box does not move while somebody searches
	if len(r.shown) < len(r.lines) {
		whole = len(r.lines)
	}
	h = min(h, len(f.Lines)+whole+2)
	r.head, r.h = len(f.Lines), max(1, h-len(f.Lines)-1)
	if picks {
		r.offset = max(min(r.offset, r.cursor), r.cursor-r.h+1)
	}
	r.offset = max(0, min(r.offset, r.rows-r.h))
	if picks && !r.searching {
		f.Cursor = tea.NewCursor(0, r.head+r.cursor-r.offset) // a screen reader follows it
	}
	for i := r.offset; i < r.rows && i < r.offset+r.h; i++ {
		s := r.lineAt(first, i, picks, left, cw, th)
		if cw < w {
			s += r.lineAt(second, i, picks, left, w-cw, th)
		}
		f.Lines = append(f.Lines, s)
	}
	for len(f.Lines) < h-1 {
		f.Lines = append(f.Lines, plain.Blank(w))
	}
	foot := r.o.Foot
	if rest := r.rows - r.offset - r.h; rest > 0 {
		foot = fmt.Sprintf("%d more below   %s", rest, foot)
	}
	f.Lines = append(f.Lines, th.Paint(theme.Dim, plain.Fit(" "+fitting(th.Signs(foot), w-2), w, "")))
	f.Lines = f.Lines[:min(len(f.Lines), max(1, h))]
	return f
}

// twoFrom is the width from which a text may stand in two columns.
const twoFrom = 112

// narrowLeft is the widest left column of such a text; what is wider moves its
// own line on.
const narrowLeft = 15

// piece is one line of the screen: a line that is shown, and which part of its
// text where that is broken.
type piece struct{ at, part int }

// pieces are the lines that are shown. Only a text in columns is broken: what a
// line of another means is on one line.
func (r *Reader) pieces(left, w int, th theme.Theme) []piece {
	var out []piece
	for _, at := range r.shown {
		n := 1
		if l := r.lines[at]; r.o.Columns && !l.Heading {
			n = max(1, len(plain.Wrap(th.Signs(l.Text), textWidth(l, left, w, th))))
		}
		for part := range n {
			out = append(out, piece{at, part})
		}
	}
	return out
}

// halves puts the pieces into two columns of about the same height. What has a
// heading stays together.
func (r *Reader) halves(all []piece) (first, second []piece) {
	best := len(all)
	for i, p := range all {
		if r.lines[p.at].Heading && max(i, len(all)-i) <= max(best, len(all)-best) {
			best = i
		}
	}
	return all[:best], all[best:]
}

// leftOf is how wide the left part of a line is: what does not fit into its
// column moves its own line on.
func leftOf(l Line, left, w int, th theme.Theme) int {
	if n := plain.Width(th.Signs(l.Left)); n > 0 && n > left-2 && n < w/2 {
		return n + 2
	}
	return left
}

func textWidth(l Line, left, w int, th theme.Theme) int { return max(1, w-leftOf(l, left, w, th)-2) }

func (r *Reader) lineAt(column []piece, i int, picks bool, left, w int, th theme.Theme) string {
	if i >= len(column) {
		return plain.Blank(w)
	}
	p := column[i]
	l := r.lines[p.at]
	if r.o.Columns && !l.Heading {
		left = leftOf(l, left, w, th)
		if broken := plain.Wrap(th.Signs(l.Text), max(1, w-left-2)); p.part < len(broken) {
			l.Text = broken[p.part]
		}
		if p.part > 0 {
			l.Left = ""
		}
	}
	return r.line(l, picks && i == r.cursor, left, w, th)
}

// fitting is as many of the parts between three blanks as fit into w cells.
func fitting(foot string, w int) string {
	for plain.Width(foot) > w {
		i := strings.LastIndex(foot, "   ")
		if i < 0 {
			return ""
		}
		foot = foot[:i]
	}
	return foot
}

func (r *Reader) leftWidth(w int, th theme.Theme) int {
	widest := 0
	for _, l := range r.lines {
		widest = max(widest, plain.Width(th.Signs(l.Left)))
	}
	if widest == 0 {
		return 0
	}
	return min(widest+2, w/2)
}

func (r *Reader) line(l Line, here bool, left, w int, th theme.Theme) string {
	sign := " "
	if here {
		sign = th.Glyphs.Cursor
	}
	if l.Heading {
		return th.Paint(theme.Heading, plain.Fit(sign+l.Text, w, th.Glyphs.Ellipsis))
	}
	left = max(left, leftOf(l, left, w, th))
	a := plain.Fit(th.Signs(l.Left), left, th.Glyphs.Ellipsis)
	b := plain.Fit(th.Signs(l.Text), w-left-2, th.Glyphs.Ellipsis)
	if here {
		return th.Paint(theme.Selected, sign+" "+a+b)
	}
	return sign + " " + th.Paint(theme.Key, a) + th.Paint(l.Role, b)
}
