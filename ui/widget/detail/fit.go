package detail

import (
	"github.com/charmbracelet/x/ansi"

	"levcontacts/internal/plain"
)

// fitStyled cuts a line with styles in it to w cells and fills it with blanks.
func fitStyled(s string, w int) string {
	n := ansi.StringWidth(s)
	if n > w {
		s = ansi.Truncate(s, w, "")
		n = ansi.StringWidth(s)
	}
	return s + plain.Blank(w-n)
}
