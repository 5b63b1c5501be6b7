package form

import (
	"slices"

	"levcontacts/internal/plain"
	"levcontacts/model"
	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/theme"
)

// Lines draw a Single form: the input, of exactly w cells, and what is said
// under it, of the same width. Where that would break a request ID in two, the
// lines under the input have whole cells instead.
func (f *Form) Lines(w, whole int) []string {
	if w <= 0 {
		return nil
	}
	t, r := f.o.Theme, f.rows[f.at]
	out := []string{plain.Fit(r.lead(t, true)+r.line(max(1, w-r.leadWidth()), t), w, "")}
	if r.item != nil {
		out = f.itemLines(w)
	}
	said := r.server
	if said == nil {
		said = f.server
	}
	if said != nil && plain.Width(plain.Clean(said.request)) > w {
		w = max(w, whole)
	}
	for _, n := range f.below(r, said, w) {
		out = append(out, t.Paint(n.role, plain.Fit(n.text, w, t.Glyphs.Ellipsis)))
	}
	return out
}

// itemLines are the values of a list edited in place, a line each.
func (f *Form) itemLines(w int) []string {
	var out []string
	for i, r := range f.rows {
		out = append(out, plain.Fit(r.lead(f.o.Theme, i == f.at)+f.afterLead(r, i == f.at, max(1, w-r.leadWidth())), w, ""))
	}
	return out
}

// Pick selects the whole value: what is typed or pasted first replaces it, any
// other key leaves it as it is.
func (f *Form) Pick() {
	r := f.rows[f.at]
	r.picked = r.text != nil && r.value() != ""
}

// singleLines is how many lines are said under a field edited in place: they
// lie over the fields below it.
const singleLines = 3

// below is what is said under a field edited in place. Everything is wrapped,
// nothing is cut at the edge of a narrow pane.
func (f *Form) below(r *row, said *refusal, w int) []line {
	t := f.o.Theme
	switch {
	case f.frozen:
		return wrapped("saving"+t.Glyphs.Ellipsis, theme.Dim, w, 1, t)
	case said != nil:
		return said.lines(w, 8, t)
	case r.finding.Severity == model.Refused && r.choice != nil:
		return flagged(joined(t, append([]string{r.finding.Text}, r.help()...)...), theme.Danger, w, singleLines, t)
	case r.finding.Severity == model.Refused:
		return flagged(r.finding.Text, theme.Danger, w, singleLines, t)
	case r.finding.Severity == model.Warning:
		text := joined(t, r.finding.Text, does(f.o.Keys, keymap.FieldSave, "saves it as it is"))
		return flagged(text, theme.Attention, w, singleLines, t)
	case slices.Contains(f.o.Fixed, r.def.ID):
		return flagged(model.FixedAdvice(r.def.ID), theme.Attention, w, singleLines, t)
	case r.hidden:
		return flagged(hiddenText, theme.Attention, w, singleLines, t)
	}
	return wrapped(f.hint(r), theme.Dim, w, singleLines, t)
}
