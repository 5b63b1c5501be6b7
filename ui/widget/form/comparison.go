package form

import (
	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// comparison is every change of a patch with nothing cut off: side by side, or
// below each other when that is too narrow.
func comparison(patch model.Patch, create bool, w int, t theme.Theme) []string {
	labelW, oldW, newW := 0, 0, 0
	for _, c := range patch.Changes() {
		labelW = max(labelW, plain.Width(c.Field.Def().Label))
		for _, p := range pairs(c) {
			oldW, newW = max(oldW, plain.Width(p.Before)), max(newW, plain.Width(p.After))
		}
	}
	arrow := t.Glyphs.Arrow
	aw := plain.Width(arrow)
	free := w - 2 - labelW - 3 - 2 // indent, gap, scroll sign
	both := free - 5 - aw          // three blanks, arrow, two blanks
	side := create && free >= 16 || both >= 32
	if most := max(both/2, both-newW); oldW > most {
		oldW = most
	}
	if create {
		oldW, newW = 0, free
	} else {
		newW = both - oldW
	}
	var out []string
	for _, c := range patch.Changes() {
		label := c.Field.Def().Label
		for _, p := range pairs(c) {
			if side {
				out = append(out, sideBySide(label, labelW, p.Before, oldW, p.After, newW, create, t)...)
			} else {
				out = append(out, stacked(label, p.Before, p.After, create, w, t)...)
			}
			label = ""
		}
		if plain.Changed(c.After.String()) {
			for _, l := range flagged(hiddenText+"; the JSON shows them", theme.Attention, w-4, 2, t) {
				out = append(out, "  "+t.Paint(l.role, l.text))
			}
		}
	}
	return out
}

func sideBySide(label string, labelW int, old string, oldW int, new string, newW int, create bool,
	t theme.Theme) []string {
	left, right := plain.Wrap(old, oldW), plain.Wrap(new, newW)
	arrow := t.Glyphs.Arrow
	var out []string
	for i := range max(len(left), len(right)) {
		s := "  "
		if i == 0 {
			s += t.Paint(theme.Dim, plain.Fit(label, labelW, ""))
		} else {
			s += plain.Blank(labelW)
		}
		s += "   "
		if !create {
			s += t.Paint(theme.Dim, plain.Fit(at(left, i), oldW, ""))
			if i == 0 {
				s += "   " + t.Paint(theme.Accent, arrow) + "  "
			} else {
				s += plain.Blank(5 + plain.Width(arrow))
			}
		}
		out = append(out, s+t.Paint(theme.Text, at(right, i)))
	}
	return out
}

func stacked(label, old, new string, create bool, w int, t theme.Theme) []string {
	var out []string
	if label != "" {
		out = append(out, "  "+t.Paint(theme.Dim, plain.Cut(label, w-4, t.Glyphs.Ellipsis)))
	}
	indent := plain.Blank(3 + plain.Width(t.Glyphs.Arrow))
	wrap := func(s string) []string { return plain.Wrap(s, max(1, w-plain.Width(indent)-2)) }
	if !create {
		for _, s := range wrap(old) {
			out = append(out, indent+t.Paint(theme.Dim, s))
		}
	}
	for i, s := range wrap(new) {
		lead := indent
		if i == 0 && !create {
			lead = "  " + t.Paint(theme.Accent, t.Glyphs.Arrow) + " "
		}
		out = append(out, lead+t.Paint(theme.Text, s))
	}
	return out
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}
