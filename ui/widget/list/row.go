package list

import (
	"strings"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// pen is the set of styles of one row.
type pen struct {
	base, dim, sign, match theme.Style
}

func pens(th theme.Theme, selected, focused bool) pen {
	switch {
	case selected && focused:
		s := th.Style(theme.Selected)
		return pen{s, s, s, th.Style(theme.SelectedMatch)}
	case selected:
		s := th.Style(theme.SelectedQuiet)
		return pen{s, s, s, th.Style(theme.QuietMatch)}
	default:
		return pen{th.Style(theme.Text), th.Style(theme.Dim), th.Style(theme.Attention), th.Style(theme.Match)}
	}
}

// row draws one contact: signs, then cells. Two signs stand before the name:
// the cursor or mark, and what kind of contact it is.
func (m Model) row(p model.Packed, selected bool, th theme.Theme, look Look) string {
	g := th.Glyphs
	ink := pens(th, selected, look.Focused)
	id := p.ID()
	var b strings.Builder
	b.Grow(2 * m.w)

	cursor := " "
	if selected {
		cursor = g.Cursor
	}
	mark := " "
	switch {
	case look.Marked != nil && look.Marked(id):
		mark = g.Mark
	case look.Drafted != nil && look.Drafted(id):
		mark = g.Draft
	case look.Changed != nil && look.Changed(id):
		mark = g.Changed
	}
	kind := " "
	switch {
	case !p.Connected():
		kind = g.NotConnected
	case p.Get(model.FieldPrimary).True():
		kind = g.Primary
	}
	if selected && look.Focused {
		b.WriteString(ink.base.Render(cursor + mark + kind + " "))
	} else {
		b.WriteString(th.Paint(theme.Accent, cursor))
		b.WriteString(ink.sign.Render(mark + kind + " "))
	}

	used := signs
	for i, c := range m.columns {
		if i > 0 {
			b.WriteString(ink.base.Render(plain.Blank(gap)))
			used += gap
		}
		b.WriteString(m.cell(p, c, i == 0, ink, g, look))
		used += c.width
	}
	b.WriteString(ink.base.Render(plain.Blank(m.w - used)))
	return b.String()
}

func (m Model) cell(p model.Packed, c placed, first bool, ink pen, g theme.Glyphs, look Look) string {
	text := c.text(p, g, look.Companies)
	style := ink.dim
	if first || c.Name == "title" || c.Name == "email" {
		style = ink.base
	}
	if text == g.Empty {
		style = ink.dim
	}
	var fitted string
	if c.right {
		fitted = plain.FitRight(text, c.width, g.Ellipsis)
	} else {
		fitted = plain.Fit(text, c.width, g.Ellipsis)
	}
	if look.Highlight == nil || c.right {
		return style.Render(fitted)
	}
	at := look.Highlight(p, c.Name)
	if len(at) == 0 {
		return style.Render(fitted)
	}
	return paintMatches(fitted, len([]rune(plain.Cut(text, c.width, ""))), at, style, ink.match)
}

// paintMatches draws the characters at the given positions in another style.
// Positions from limit on were cut away.
func paintMatches(s string, limit int, at []int, base, match theme.Style) string {
	hit := make(map[int]bool, len(at))
	for _, i := range at {
		if i < limit {
			hit[i] = true
		}
	}
	var b strings.Builder
	runes := []rune(s)
	for i := 0; i < len(runes); {
		j := i
		for j < len(runes) && hit[j] == hit[i] {
			j++
		}
		style := base
		if hit[i] {
			style = match
		}
		b.WriteString(style.Render(string(runes[i:j])))
		i = j
	}
	return b.String()
}
