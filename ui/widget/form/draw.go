package form

import (
	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// View draws the form: exactly its height in lines of exactly its width.
func (f *Form) View() []string {
	if f.w == 0 || f.h == 0 {
		return nil
	}
	l := f.lay
	out := make([]string, 0, f.h)
	add := func(s string) { out = append(out, plain.Fit(s, f.w, "")) }
	if l.title {
		add(f.title())
	}
	for range l.gap {
		add("")
	}
	for _, n := range l.head {
		add("  " + f.o.Theme.Paint(n.role, n.text))
	}
	for len(out) < l.bodyY {
		add("")
	}
	for n := range min(l.bodyH, len(l.body)-l.top) {
		add(withScrollSign(f.bodyLine(l.body[l.top+n]), f.w, n, l.bodyH, l.top, len(l.body), f.o.Theme))
	}
	for n := range l.hintH {
		if n < l.hintH-1 {
			add("")
			continue
		}
		add(plain.Blank(l.underX) + f.o.Theme.Paint(l.hint.role, l.hint.text))
	}
	for len(out) < f.h-len(l.foot) {
		add("")
	}
	for _, n := range l.foot {
		add("  " + f.o.Theme.Paint(n.role, n.text))
	}
	return out
}

func (f *Form) title() string {
	t := f.o.Theme
	state := ""
	switch {
	case f.frozen:
		state = "saving" + t.Glyphs.Ellipsis
	case f.server != nil || f.anyServer():
		state = "not saved"
	case f.o.Mode == Edit && !f.patch.Empty():
		state = text.Plural(f.patch.Len(), "change")
	case f.o.Mode == Bulk && f.Dirty():
		state = text.Plural(len(f.Draft()), "field")
	}
	return titleLine(f.o.Title, state, f.w, t)
}

// titleLine is the first line of a pane; its state stays when there is room for
// some of the name.
func titleLine(name, state string, w int, t theme.Theme) string {
	if state != "" {
		state = " " + t.Glyphs.Dot + " " + state
	}
	room := w - 3 - plain.Width(state)
	if room < 6 {
		state, room = "", w-3
	}
	return "  " + t.Paint(theme.Strong, plain.Cut(plain.Clean(name), room, t.Glyphs.Ellipsis)) + t.Paint(theme.Dim,
		state)
}

func (f *Form) anyServer() bool {
	for _, r := range f.rows {
		if r.server != nil {
			return true
		}
	}
	return false
}

// withScrollSign puts a sign into the last cell of the first or last line when
// there is more beyond it.
func withScrollSign(s string, w, n, shown, top, total int, t theme.Theme) string {
	sign := ""
	switch {
	case n == 0 && top > 0:
		sign = t.Glyphs.Up
	case n == shown-1 && top+shown < total:
		sign = t.Glyphs.Down
	}
	if sign == "" || w < 3 {
		return s
	}
	return plain.Fit(s, w-1, "") + t.Paint(theme.Dim, sign)
}

func (f *Form) bodyLine(b ref) string {
	r := f.rows[b.row]
	t := f.o.Theme
	switch b.part {
	case headingLine:
		return "  " + t.Paint(theme.Heading, plain.Cut(r.def.Group.Label(), f.w-3, t.Glyphs.Ellipsis))
	case valueLine:
		return f.valueLine(b.row)
	case noteLine:
		n := r.under[b.note]
		return plain.Blank(f.lay.underX) + t.Paint(n.role, n.text)
	default:
		return ""
	}
}

func (f *Form) valueLine(i int) string {
	r, t := f.rows[i], f.o.Theme
	here := i == f.at
	cursor, label := "  ", theme.Dim
	if here {
		cursor, label = t.Paint(theme.Accent, t.Glyphs.Cursor)+" ", theme.Accent
	}
	sign, signRole := " ", theme.Text
	switch {
	case r.server != nil || r.finding.Severity == model.Refused:
		sign, signRole = t.Glyphs.Warn, theme.Danger
	case r.changed && f.o.Mode != Create:
		sign, signRole = t.Glyphs.Draft, theme.Accent
	}
	gap := plain.Blank(f.lay.valueX - 2 - f.lay.labelW - 2)
	name := r.def.Label
	if i > 0 && r.item != nil && f.rows[i-1].item != nil {
		name = "" // it stands before the first of the list
	}
	return cursor + t.Paint(label, plain.Fit(name, f.lay.labelW, t.Glyphs.Ellipsis)) +
		gap + t.Paint(signRole, sign) + " " + f.value(r, here)
}

// value draws a row's value in the cells of its column.
func (f *Form) value(r *row, here bool) string {
	return r.lead(f.o.Theme, here) + f.afterLead(r, here, f.lay.valueW-r.leadWidth())
}

func (f *Form) afterLead(r *row, here bool, w int) string {
	t := f.o.Theme
	say := func(role theme.Role, s string) string { return t.Paint(role, plain.Fit(s, w, t.Glyphs.Ellipsis)) }
	switch {
	case f.o.Mode == Bulk && r.bulk == wipe && r.item != nil:
		return say(theme.Attention, "(all removed)")
	case f.o.Mode == Bulk && r.bulk == wipe:
		return say(theme.Attention, "(cleared)")
	case f.o.Mode == Bulk && r.bulk == noChange:
		return say(theme.Dim, "(no change)")
	case here:
		return r.line(w, t)
	case r.quiet == "" && r.item != nil && r.item.place < 0:
		return say(theme.Dim, "add a number")
	case r.quiet == "" && r.item != nil:
		return say(theme.Attention, "(removed)")
	case r.quiet == "":
		return say(theme.Dim, t.Glyphs.Empty)
	default:
		return say(theme.Text, r.quiet)
	}
}
