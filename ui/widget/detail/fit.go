package detail

import (
	"github.com/levcontacts/levcontacts/internal/plain"
)

// fitStyled cuts a line with styles in it to w cells and fills it with blanks.
func fitStyled(s string, w int) string {
	n := plain.Width(s)
	if n > w {
		s = plain.Cut(s, w, "")
		n = plain.Width(s)
	}
	return s + plain.Blank(w-n)
}
