package form

import (
	"slices"
	"strings"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// part says what a line of the form's body is.
type part uint8

const (
	blankLine part = iota
	headingLine
	valueLine
	noteLine
)

// ref is one line of the body: which row it belongs to, and for a note which.
type ref struct {
	part part
	row  int
	note int
}

// layout is where everything of a form is drawn. It changes with the size, the
// focus and the notes, not with every frame.
type layout struct {
	title          bool
	gap            int // blank lines under the title, and under the head
	head, foot     []line
	hint           line // of the focused field, under the body; "" where there is no room for it
	hintH          int  // lines that it takes, with the blank one above it
	labelW, valueX int
	valueW         int
	underX         int
	body           []ref
	top, bodyH     int // first body line that is shown, and how many are
	bodyY, cursorY int
}

// rowAt is the row drawn on a line of the pane, -1 for none.
func (l layout) rowAt(y int) int {
	i := y - l.bodyY + l.top
	if y < l.bodyY || y >= l.bodyY+l.bodyH || i >= len(l.body) || l.body[i].part < valueLine {
		return -1
	}
	return l.body[i].row
}

// Heights from which there is room for more than the fields.
const (
	hintFrom     = 7  // height from which there is a hint
	headingsFrom = 10 // height from which groups have headings
	gapFrom      = 14 // height from which the title has a blank line under it
	leastBody    = 3  // lines that the fields keep, whatever else is to be said
)

func (f *Form) relayout() {
	top := f.lay.top
	f.lay = layout{cursorY: -1, top: top}
	l := &f.lay
	if f.w == 0 || f.h == 0 {
		return
	}
	f.columns()
	used := 0
	if l.title = f.h >= 3; l.title {
		used = 1
	}
	if f.h >= gapFrom {
		l.gap = 1
		used++
	}
	if f.server != nil {
		l.head = f.server.lines(f.w-4, f.h-used-leastBody, f.o.Theme)
		if used += len(l.head); len(l.head) > 0 {
			used += l.gap
		}
	}
	l.bodyY = used
	for _, s := range f.extra {
		if len(l.foot) < min((f.h-used)/3, f.h-used-leastBody) {
			l.foot = append(l.foot, line{plain.Cut(plain.Clean(s), f.w-4, f.o.Theme.Glyphs.Ellipsis), theme.Attention})
		}
	}
	l.bodyH = f.h - used - len(l.foot)
	if len(l.foot) > 0 && l.gap > 0 {
		l.bodyH--
	}
	if f.h >= hintFrom {
		l.hintH = 1 + l.gap
		l.bodyH -= l.hintH
	}
	for _, r := range f.rows {
		r.setWidth(l.valueW - r.leadWidth())
	}
	f.fillBody()
	f.scroll()
	if l.hintH > 0 {
		l.hint = f.hintLine(f.rows[f.at], max(0, f.w-l.underX-2))
	}
}

// columns gives label and value their places. The last two cells are a blank
// and the scroll sign.
func (f *Form) columns() {
	l := &f.lay
	for _, r := range f.rows {
		l.labelW = max(l.labelW, plain.Width(r.def.Label))
	}
	gap := 3 // blank, sign of a change, blank
	if f.w < 44 {
		gap = 2
		l.labelW = min(l.labelW, max(0, (f.w-5)/3))
	}
	l.valueX = min(2+l.labelW+gap, f.w)
	l.valueW = max(0, f.w-l.valueX-2)
	l.underX = l.valueX
	if l.valueW < 30 {
		l.underX = min(4, f.w)
	}
}

// fillBody lists the lines of the body. When everything fits the groups stand
// apart; whether they do is decided without the notes, so that a note does not
// move the whole form.
func (f *Form) fillBody() {
	l := &f.lay
	groups := 0
	for i, r := range f.rows {
		if i == 0 || r.def.Group != f.rows[i-1].def.Group {
			groups++
		}
	}
	headings := f.h >= headingsFrom
	apart := headings && len(f.rows)+2*groups+1 <= l.bodyH
	for i, r := range f.rows {
		if headings && (i == 0 || r.def.Group != f.rows[i-1].def.Group) {
			if apart && i > 0 {
				l.body = append(l.body, ref{part: blankLine, row: i})
			}
			l.body = append(l.body, ref{part: headingLine, row: i})
		}
		l.body = append(l.body, ref{part: valueLine, row: i})
		r.under = f.under(i)
		for n := range r.under {
			l.body = append(l.body, ref{part: noteLine, row: i, note: n})
		}
	}
}

// scroll moves the body as little as needed to show the focused field and all
// that is said under it, with the heading above it where there is room.
func (f *Form) scroll() {
	l := &f.lay
	start, end := 0, 0
	for i, b := range l.body {
		if b.row == f.at && b.part >= valueLine {
			if b.part == valueLine {
				start = i
			}
			end = i + 1
		}
	}
	from := start
	for from > 0 && l.body[from-1].part < valueLine && end-from < l.bodyH {
		from--
	}
	if end > l.top+l.bodyH {
		l.top = end - l.bodyH
	}
	if from < l.top {
		l.top = from
	}
	l.top = max(0, min(l.top, len(l.body)-l.bodyH))
	if start >= l.top && start < l.top+l.bodyH {
		l.cursorY = l.bodyY + start - l.top
	}
}

// under is what is said below a row.
func (f *Form) under(i int) []line {
	r, w, most := f.rows[i], f.w-f.lay.underX-2, 3
	if i == f.at {
		most = min(8, max(1, f.lay.bodyH-1))
	}
	t := f.o.Theme
	switch {
	case r.server != nil:
		return r.server.lines(w, most, t)
	case r.finding.Severity == model.Refused:
		text := r.finding.Text
		if i == f.at && r.choice != nil {
			text = joined(t, append([]string{text}, r.help()...)...)
		}
		return flagged(text, theme.Danger, w, min(most, 2), t)
	case r.finding.Severity == model.Warning:
		return flagged(r.finding.Text, theme.Attention, w, min(most, 2), t)
	case slices.Contains(f.o.Fixed, r.def.ID) && (i == f.at || r.changed):
		return flagged(model.FixedAdvice(r.def.ID), theme.Attention, w, max(2, min(most, 3)), t)
	}
	return nil
}

// hintLine is what helps with the focused field. It has a line of its own under
// the fields, so that they do not move while somebody goes through them.
func (f *Form) hintLine(r *row, w int) line {
	t := f.o.Theme
	switch {
	case r.server != nil || r.finding.Severity >= model.Warning:
		return line{}
	case r.hidden:
		text := hiddenText
		if r.value() == r.base {
			text += "; they stay unless it is edited"
		}
		return line{plain.Cut(t.Glyphs.Warn+" "+text, w, t.Glyphs.Ellipsis), theme.Attention}
	}
	return line{plain.Cut(f.hint(r), w, t.Glyphs.Ellipsis), theme.Dim}
}

// hint is what helps with the focused field.
func (f *Form) hint(r *row) string {
	var parts []string
	does := func(n keymap.Name, what string) string { return does(f.o.Keys, n, what) }
	again := ""
	if r.stash != nil && r.value() == r.base {
		again = does(keymap.FormRevert, "brings back what you typed")
	}
	switch {
	case r.item != nil:
		parts = f.itemHint(r)
	case f.o.Mode == Bulk && r.bulk == wipe:
		parts = []string{"cleared in every contact", does(keymap.FormMode, "no change")}
	case f.o.Mode == Bulk && r.bulk == noChange && r.text != nil:
		parts = []string{"no change", "type to set", does(keymap.FormClear, "clears"), again}
	case f.o.Mode == Bulk && r.bulk == noChange:
		parts = []string{"no change", "space to set"}
	case f.o.Mode == Bulk:
		parts = append(r.help(), does(keymap.FormRevert, "no change"))
	case f.o.Mode == Create && r.choice != nil && r.value() == "":
		parts = append([]string{"required"}, r.help()...)
	case (f.o.Mode == Edit || f.o.Mode == Single) && r.changed:
		was := "was " + wordsOrEmpty(r.def, f.o.Base.Get(r.def.ID))
		parts = []string{was, does(keymap.FormRevert, "restores")}
	case f.o.Mode != Single && r.text != nil && r.value() != "":
		parts = append(r.help(), does(keymap.FormClear, "clears"), again)
	default:
		parts = append(r.help(), again)
	}
	return joined(f.o.Theme, parts...)
}

// joined puts the parts that say something on one line.
func joined(t theme.Theme, parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		if p == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(" " + t.Glyphs.Dot + " ")
		}
		b.WriteString(p)
	}
	return b.String()
}

// does is a key and what it does, "" for an action without a key.
func does(m keymap.Map, n keymap.Name, what string) string {
	key := m.Key(n)
	if key == "" {
		return ""
	}
	return key + " " + what
}
