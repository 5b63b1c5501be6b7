package text

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/levcontacts/levcontacts/internal/plain"
)

// Window is the part of a line of text that an input of W cells shows.
type Window struct {
	Text        string // sanitized
	Cell        int    // cells of text before the cursor
	Under       int    // width of the character under the cursor, 0 at the end
	W           int
	scroll      int  // cells of text hidden on the left
	left, right bool // text goes on beyond the edge, which shows a sign
}

// Fit scrolls as little as needed for the cursor and the character under it to
// be on cells that show text.
func (v Window) Fit(w int) Window {
	v.W = w
	total := plain.Width(v.Text)
	need := max(total, v.Cell+1)
	if need <= w || w <= 0 {
		v.scroll, v.left, v.right = 0, false, false
		return v
	}
	sign := 0
	if w >= 4 {
		sign = 1
	}
	end := v.Cell + max(1, v.Under) // the first cell after the character under the cursor
	v.scroll = min(max(0, v.scroll), total+1-w)
	if v.Cell < v.scroll+sign {
		v.scroll = max(0, v.Cell-sign)
	}
	if end < total && end > v.scroll+w-sign {
		v.scroll = end - w + sign
	} else if end >= total && end > v.scroll+w {
		v.scroll = end - w
	}
	v.left = sign > 0 && v.scroll > 0
	v.right = sign > 0 && v.scroll+w < total
	return v
}

// X is the cursor's cell within the input.
func (v Window) X() int { return min(max(0, v.Cell-v.scroll), max(0, v.W-1)) }

// Parts are the visible text between the two signs, to exactly the free cells.
func (v Window) Parts() (left bool, mid string, right bool) {
	from, to := v.scroll, v.scroll+v.W
	if v.left {
		from++
	}
	if v.right {
		to--
	}
	return v.left, cells(v.Text, from, to), v.right
}

// cells cuts out the cells from..to of cleaned text, filled with blanks where
// the text ends or a wide character lies across an edge.
func cells(s string, from, to int) string {
	if to <= from {
		return ""
	}
	var b strings.Builder
	at := 0 // cell at which the rest of s begins
	out := from
	for s != "" && at < to {
		g, gw := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
		if g == "" {
			break
		}
		s = s[len(g):]
		if at >= from && at+gw <= to {
			b.WriteString(plain.Blank(at - out))
			b.WriteString(g)
			out = at + gw
		}
		at += gw
	}
	b.WriteString(plain.Blank(to - out))
	return b.String()
}
