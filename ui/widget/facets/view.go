package facets

import (
	"slices"
	"strings"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

const (
	columnWidth = 38 // at least
	mostColumns = 4
	gap         = 2 // cells between columns
	fewValues   = 3 // shown of every group however small the screen is
	manyValues  = 12
	mostTyped   = 200 // values shown of those that match what was typed
	barWidth    = 6
	countWidth  = 7
)

// line is one line of a column.
type line struct {
	place
	choice bool
	words  string // of a title, or of a choice that is no value
}

// sheet is the lines of all groups in columns of a width.
type sheet struct {
	columns [][]line
	width   int
	most    int // values shown of a group
}

// choices are the places that can be chosen, in order.
func (s sheet) choices() (out []place) {
	for _, c := range s.columns {
		for _, l := range c {
			if l.choice {
				out = append(out, l.place)
			}
		}
	}
	return out
}

func (s sheet) find(p place) (col, at int, ok bool) {
	for i, c := range s.columns {
		for j, l := range c {
			if l.choice && l.place == p {
				return i, j, true
			}
		}
	}
	return 0, 0, false
}

func (s sheet) height() int {
	h := 0
	for _, c := range s.columns {
		h = max(h, len(c))
	}
	return h
}

// settle lays the groups out again in the room of the last View, and puts the
// cursor on a choice.
func (f *Facets) settle() {
	f.lay(f.drawn.width, len(f.drawn.columns), f.drawn.height())
}

// lay puts the groups into n columns: with as many values as there is room for.
func (f *Facets) lay(width, n, room int) {
	for most := manyValues; most >= fewValues; most-- {
		blocks := f.blocks(most)
		f.drawn = sheet{pour(blocks, max(1, n)), width, most}
		if f.drawn.height() <= room {
			break
		}
	}
	if _, _, ok := f.drawn.find(f.on); ok {
		return
	}
	choices := f.drawn.choices()
	i := slices.IndexFunc(choices, func(p place) bool { return p.group >= max(0, f.on.group) })
	if len(choices) > 0 {
		f.on = choices[max(i, 0)]
	}
}

// blocks are the lines of each group, with at most so many values.
func (f *Facets) blocks(most int) (out [][]line) {
	typed := f.input.Value() != ""
	chosen := func(v Value) bool { return v.Checked }
	if !typed && slices.ContainsFunc(f.groups, func(g Group) bool { return slices.ContainsFunc(g.Values, chosen) }) {
		out = append(out, []line{{place{clearAll, 0}, true, "Clear all filters"}})
	}
	for i, g := range f.groups {
		block, left := []line{{place{i, 0}, false, g.Title}}, 0
		for j, v := range g.Values {
			switch fits := len(block) <= most || f.whole[i]; {
			case typed && (!f.matches(i, j) || len(block) > mostTyped):
			case typed, fits, v.Checked:
				block = append(block, line{place{i, j}, true, ""})
			default:
				left++
			}
		}
		if left > 0 {
			block = append(block, line{place{i, theRest}, true, text.Number(left) + " more"})
		}
		if len(block) > 1 {
			out = append(out, block)
		}
	}
	return out
}

// pour puts blocks into n columns that are as short as they can be, with a blank
// line between blocks.
func pour(blocks [][]line, n int) [][]line {
	total := 0
	for _, b := range blocks {
		total += len(b) + 1
	}
	for h := max(1, total/n); ; h++ {
		columns := [][]line{nil}
		for _, b := range blocks {
			last := len(columns) - 1
			switch {
			case len(columns[last]) == 0:
				columns[last] = slices.Clone(b)
			case len(columns[last])+1+len(b) <= h:
				columns[last] = append(append(columns[last], line{}), b...)
			default:
				columns = append(columns, slices.Clone(b))
			}
		}
		if len(columns) <= n {
			return columns
		}
	}
}

// Width is the width it would like to have: all there is.
func (f *Facets) Width() int { return 0 }

// View draws the title, the text that was typed, and the columns.
func (f *Facets) View(w, h int, th theme.Theme) screen.Frame {
	var out screen.Frame
	room := max(1, h-1)
	out.Lines = append(out.Lines, " "+th.Paint(theme.Strong, plain.Fit(f.o.Title, w-1, th.Glyphs.Ellipsis)))
	if room > 2 {
		out.Lines = append(out.Lines, "  "+th.Paint(theme.Accent, "> ")+f.input.View(max(1, w-4), th))
		out.Cursor = f.input.Cursor(4, len(out.Lines)-1)
	}
	if room > 6 {
		out.Lines = append(out.Lines, plain.Blank(w))
	}
	foot := f.o.Foot != "" && room > 8
	room -= len(out.Lines)
	if foot {
		room -= 2
	}
	f.head, f.left = len(out.Lines), 1
	out.Lines = append(out.Lines, f.columns(w-1, max(1, room), th)...)
	if foot {
		out.Lines = append(out.Lines, plain.Blank(w),
			th.Paint(theme.Dim, plain.Fit(" "+th.Signs(f.o.Foot), w, th.Glyphs.Ellipsis)))
	}
	for i, l := range out.Lines {
		out.Lines[i] = text.Fit(l, w)
	}
	return out
}

// columns draws the part of the columns around the cursor.
func (f *Facets) columns(w, room int, th theme.Theme) []string {
	n := max(1, min(mostColumns, w/columnWidth))
	f.lay(w/n, n, room)
	switch {
	case !f.ready:
		return []string{th.Paint(theme.Dim, "   counting"+th.Glyphs.Ellipsis)}
	case len(f.drawn.choices()) == 0:
		return []string{th.Paint(theme.Dim, "   nothing matches")}
	}
	height := min(room, f.drawn.height())
	_, at, _ := f.drawn.find(f.on)
	if at < f.offset || at == 1 {
		f.offset = max(0, at-1)
	}
	f.offset = max(at-height+1, min(f.offset, f.drawn.height()-height))
	lines := make([]string, height)
	for i := range lines {
		lines[i] = plain.Blank(f.left)
		for _, c := range f.drawn.columns {
			cell := plain.Blank(f.drawn.width)
			if at := f.offset + i; at < len(c) {
				cell = f.line(c[at], th) + plain.Blank(gap)
			}
			lines[i] += cell
		}
	}
	return lines
}

// line draws a line of a column without the gap behind it.
func (f *Facets) line(l line, th theme.Theme) string {
	w := max(1, f.drawn.width-gap)
	here := l.choice && l.place == f.on
	sign, check := " ", " "
	if here {
		sign = th.Glyphs.Cursor
	}
	v := f.value(l.place)
	if !l.choice || v == nil || l.value == theRest || l.group == clearAll {
		role := theme.Dim
		if !l.choice {
			role, sign = theme.Heading, ""
		}
		s := plain.Fit(sign+check+" "+l.words, w, th.Glyphs.Ellipsis)
		if !l.choice {
			s = plain.Fit(l.words, w, th.Glyphs.Ellipsis)
		}
		if here {
			role = theme.Selected
		}
		return th.Paint(role, s)
	}
	if v.Checked {
		check = th.Glyphs.Mark
	}
	if v.Note != "" {
		note := plain.Cut(v.Note, max(0, w/2), th.Glyphs.Ellipsis)
		name := plain.Fit(sign+check+" "+v.Text, w-plain.Width(note), th.Glyphs.Ellipsis)
		if here {
			return th.Paint(theme.Selected, name+note)
		}
		return name + th.Paint(theme.Dim, note)
	}
	bar := barWidth
	if w < 30 {
		bar = 0
	}
	count := plain.FitRight(text.Number(v.Count), min(countWidth, w/3), "")
	name := plain.Fit(sign+check+" "+v.Text, max(1, w-bar-plain.Width(count)-1), th.Glyphs.Ellipsis) + " "
	drawn := ""
	if bar > 0 {
		drawn = barOf(v.Count, f.greatest(l.group), bar, th)
	}
	if here {
		return th.Paint(theme.Selected, name+drawn+count)
	}
	return name + th.Paint(theme.Accent, drawn) + th.Paint(theme.Dim, count)
}

// greatest is the count that fills the bars of a group.
func (f *Facets) greatest(group int) int {
	n := 1
	for _, v := range f.groups[group].Values {
		n = max(n, v.Count)
	}
	return n
}

// barOf is a bar of w cells that is full at most; what is there at all is seen.
func barOf(n, most, w int, th theme.Theme) string {
	if th.Name == "ascii" {
		full := (n*w + most - 1) / most
		return strings.Repeat("#", full) + plain.Blank(w-full)
	}
	parts := []rune(" ▏▎▍▌▋▊▉█")
	eighths := (n*w*8 + most - 1) / most
	bar := strings.Repeat(string(parts[8]), eighths/8)
	if rest := eighths % 8; rest > 0 {
		bar += string(parts[rest])
	}
	return plain.Fit(bar, w, "")
}
