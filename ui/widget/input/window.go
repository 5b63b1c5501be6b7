package input

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"levcontacts/internal/plain"
)

// window is the part of a line of text that an input of w cells shows.
type window struct {
	text        string // cleaned
	total       int    // width of text
	cell        int    // cells of text before the cursor
	under       int    // width of the character under the cursor, 0 at the end
	scroll      int    // cells of text hidden on the left
	w           int
	left, right bool // text goes on beyond the edge, which shows a sign
}

// fit scrolls as little as needed for the cursor and the character under it to
// be on cells that show text.
func (v window) fit(w int) window {
	v.w = w
	need := max(v.total, v.cell+1)
	if need <= w || w <= 0 {
		v.scroll, v.left, v.right = 0, false, false
		return v
	}
	sign := 0
	if w >= 4 {
		sign = 1
	}
	end := v.cell + max(1, v.under) // the first cell after the character under the cursor
	v.scroll = min(max(0, v.scroll), v.total+1-w)
	if v.cell < v.scroll+sign {
		v.scroll = max(0, v.cell-sign)
	}
	if end < v.total && end > v.scroll+w-sign {
		v.scroll = end - w + sign
	} else if end >= v.total && end > v.scroll+w {
		v.scroll = end - w
	}
	v.left = sign > 0 && v.scroll > 0
	v.right = sign > 0 && v.scroll+w < v.total
	return v
}

// x is the cursor's cell within the input.
func (v window) x() int { return min(max(0, v.cell-v.scroll), max(0, v.w-1)) }

// parts are the visible text between the two signs, to exactly the free cells.
func (v window) parts() (left bool, mid string, right bool) {
	from, to := v.scroll, v.scroll+v.w
	if v.left {
		from++
	}
	if v.right {
		to--
	}
	return v.left, cells(v.text, from, to), v.right
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
