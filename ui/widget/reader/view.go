package reader

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"levcontacts/internal/plain"
	"levcontacts/ui/screen"
	"levcontacts/ui/widget/theme"
)

// Width is 0: a reader is as wide as the screen.
func (r *Reader) Width() int { return 0 }

// View draws the reader as exactly h lines.
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
	r.head, r.h = len(f.Lines), max(1, h-len(f.Lines)-1)
	picks := r.picks()
	if picks {
		r.offset = max(min(r.offset, r.cursor), r.cursor-r.h+1)
	}
	r.offset = max(0, min(r.offset, len(r.shown)-r.h))
	if picks && !r.searching {
		f.Cursor = tea.NewCursor(0, r.head+r.cursor-r.offset) // a screen reader follows it
	}
	left := r.leftWidth(w, th)
	for i := r.offset; i < len(r.shown) && i < r.offset+r.h; i++ {
		f.Lines = append(f.Lines, r.line(r.lines[r.shown[i]], picks && i == r.cursor, left, w, th))
	}
	for len(f.Lines) < h-1 {
		f.Lines = append(f.Lines, plain.Blank(w))
	}
	foot := r.o.Foot
	if rest := len(r.shown) - r.offset - r.h; rest > 0 {
		foot = fmt.Sprintf("%d more below   %s", rest, foot)
	}
	f.Lines = append(f.Lines, th.Paint(theme.Dim, plain.Fit(" "+fitting(th.Signs(foot), w-2), w, "")))
	f.Lines = f.Lines[:min(len(f.Lines), max(1, h))]
	return f
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
	a := plain.Fit(th.Signs(l.Left), left, th.Glyphs.Ellipsis)
	b := plain.Fit(th.Signs(l.Text), w-left-2, th.Glyphs.Ellipsis)
	if here {
		return th.Paint(theme.Selected, sign+" "+a+b)
	}
	return sign + " " + th.Paint(theme.Key, a) + th.Paint(l.Role, b)
}
