package form

import (
	"slices"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// Lines draw a Single form: the input, of exactly w cells, and what is said
// under it, of the same width. Where that would break a request ID in two, the
// lines under the input have whole cells instead.
func (f *Form) Lines(w, whole int) []string {
	if w <= 0 {
		return nil
	}
	t, r := f.o.Theme, f.rows[f.at]
	if r.item != nil {
		return f.itemLines(w)
	}
	out := []string{plain.Fit(r.line(w, t), w, "")}
	said := r.server
	if said == nil {
		said = f.server
	}
	if said != nil && plain.Width(plain.Clean(said.request)) > w {
		w = max(w, whole)
	}
	return append(out, f.painted(f.below(r, said, w), w)...)
}

func (f *Form) painted(lines []line, w int) (out []string) {
	for _, n := range lines {
		out = append(out, f.o.Theme.Paint(n.role, plain.Fit(n.text, w, f.o.Theme.Glyphs.Ellipsis)))
	}
	return out
}

// itemLines are the values of a list edited in place, a line each. Under the one
// with the cursor stands what it becomes, and under all of them the keys.
func (f *Form) itemLines(w int) []string {
	t := f.o.Theme
	var out []string
	for i, r := range f.rows {
		here := i == f.at
		if here {
			f.lay.cursorY = len(out)
		}
		out = append(out, plain.Fit(r.lead(t, here)+f.afterLead(r, here, max(1, w-r.leadWidth())), w, ""))
		switch {
		case f.frozen:
		case r.server != nil:
			out = append(out, f.painted(r.server.lines(w, 8, t), w)...)
		case here && (r.finding.Severity != model.Fine || r.hidden):
			out = append(out, f.painted(f.below(r, nil, w), w)...)
		case here:
			out = append(out, f.painted(wrapped(f.itemHint(r)[0], theme.Dim, w, 2, t), w)...)
		}
	}
	keys := wrapped(joined(t, f.itemHint(f.rows[f.at])[1:]...), theme.Dim, w, singleLines, t)
	if f.frozen || f.server != nil {
		keys = f.below(f.rows[f.at], f.server, w)
	}
	return append(out, f.painted(keys, w)...)
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
