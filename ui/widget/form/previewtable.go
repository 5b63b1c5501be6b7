package form

import (
	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

func (p *Preview) item(row int) Item { return p.o.Items[p.rows[row].item] }

func (p *Preview) change(row int) model.Change {
	return p.item(row).Patch.Changes()[p.rows[row].n]
}

// tableColumns are the widths of the table of a bulk edit; old is 0 where only
// the new value has room.
type tableColumns struct {
	name, label, old, new int
}

func columnsOf(w int, t theme.Theme) tableColumns {
	c := tableColumns{label: 10}
	free := w - 2 - c.label - 4 - 2 // cursor, gaps, scroll sign
	if w < 40 {
		c.label = 5
		free = w - 2 - c.label - 2 - 2
	}
	c.name = min(max(free/3, min(free, 8)), 30)
	free -= c.name
	if arrows := 2 + plain.Width(t.Glyphs.Arrow); free >= 24+arrows {
		c.old = (free - arrows) / 2
		c.new = free - arrows - c.old
		return c
	}
	c.new = max(0, free-1-plain.Width(t.Glyphs.Arrow))
	return c
}

// row draws one change on one line. What does not fit is cut here and whole
// under the table, where the row under the cursor is written out.
func (p *Preview) row(i, w int, c tableColumns, t theme.Theme) string {
	ch := p.change(i)
	def := ch.Field.Def()
	here := i == p.at
	gap := "  "
	if w < 40 {
		gap = " "
	}
	cursor, name := "  ", theme.Text
	if here {
		cursor, name = t.Paint(theme.Accent, t.Glyphs.Cursor)+" ", theme.Accent
	}
	cell := func(role theme.Role, s string, w int) string {
		return t.Paint(role, plain.Fit(s, w, t.Glyphs.Ellipsis))
	}
	s := cursor + cell(name, plain.Clean(p.item(i).Name), c.name) + gap + cell(theme.Dim, def.Label, c.label) + gap
	if c.old > 0 {
		s += cell(theme.Dim, wordsOrEmpty(def, ch.Before), c.old) + " "
	}
	return s + t.Paint(theme.Accent, t.Glyphs.Arrow) + " " + cell(theme.Text, wordsOrEmpty(def, ch.After), c.new)
}

// detail writes the row under the cursor out, in a fixed number of the free
// lines so that the table does not move with it.
func (p *Preview) detail(w, free int, t theme.Theme) []string {
	n := min(4, free/4)
	if n < 2 || len(p.rows) == 0 {
		return nil
	}
	ch := p.change(p.at)
	def := ch.Field.Def()
	text := plain.Clean(p.item(p.at).Name) + " " + t.Glyphs.Dot + " " + def.Label + ": " +
		wordsOrEmpty(def, ch.Before) + " " + t.Glyphs.Arrow + " " + wordsOrEmpty(def, ch.After)
	out := make([]string, n)
	for i, l := range wrapped(text, theme.Dim, w-4, n-1, t) {
		out[i+1] = "  " + t.Paint(l.role, l.text)
	}
	return out
}
