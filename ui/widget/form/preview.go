package form

import (
	tea "charm.land/bubbletea/v2"

	"levcontacts/internal/plain"
	"levcontacts/model"
	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/theme"
)

// Item is one contact of a bulk edit with what changes in it.
type Item struct {
	Name  string
	Patch model.Patch
}

// PreviewOptions are what a Preview shows.
type PreviewOptions struct {
	Title string
	// Patch is what will be sent. With Create it makes a new contact, and only
	// the new values are shown.
	Patch  model.Patch
	Create bool
	// Items make it the preview of a bulk edit; Patch is not used then.
	Items []Item
	// Head are lines under the title, such as how many and how long.
	Head []string
	// Notes say what the save does besides, in words that may be cleaned.
	Notes []string
	Theme theme.Theme
	Keys  keymap.Map
}

// Preview shows what a save changes, old to new, before it is sent, and the
// exact JSON on a key. Make one with NewPreview.
type Preview struct {
	o    PreviewOptions
	w, h int
	json bool
	body scroller
	rows []change // of a bulk edit
	at   int      // the row under the cursor, in a bulk edit
	text []string // styled lines of the body, unless it is the table of a bulk edit
	// head and foot are the lines above and below the body.
	head, foot []string
}

// change is one row of the table of a bulk edit.
type change struct {
	item, n int32
}

// NewPreview makes a preview. It draws nothing before it has a size.
func NewPreview(o PreviewOptions) Preview {
	p := Preview{o: o}
	for i, it := range o.Items {
		for n := range it.Patch.Len() {
			p.rows = append(p.rows, change{int32(i), int32(n)})
		}
	}
	return p
}

func (p Preview) bulk() bool { return p.o.Items != nil }

// ShowsJSON says that the exact JSON is shown in place of the values.
func (p Preview) ShowsJSON() bool { return p.json }

// table says that the body is the table of a bulk edit.
func (p Preview) table() bool { return p.bulk() && !p.json }

// SetSize gives the preview its pane in cells.
func (p Preview) SetSize(w, h int) Preview {
	p.w, p.h = max(0, w), max(0, h)
	p.relayout()
	return p
}

// SetTheme changes the colours and signs.
func (p Preview) SetTheme(t theme.Theme) Preview {
	p.o.Theme = t
	p.relayout()
	return p
}

// Update takes keys and the mouse wheel.
func (p Preview) Update(msg tea.Msg) (Preview, tea.Cmd, Intent) {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		k := msg.String()
		a, _ := p.o.Keys.Find(k, keymap.Preview, keymap.Viewer)
		switch a.Name {
		case keymap.PreviewSave:
			return p, nil, SaveConfirmed
		case keymap.PreviewBack:
			return p, nil, Back
		case keymap.PreviewJSON:
			p.json, p.body.top = !p.json, 0
			p.relayout()
		default:
			p.move(p.body.by(a.Name))
		}
	case tea.MouseWheelMsg:
		switch msg.Button {
		case tea.MouseWheelUp:
			p.move(-3)
		case tea.MouseWheelDown:
			p.move(3)
		}
	}
	return p, nil, None
}

// move goes to another row of the table, or scrolls the text.
func (p *Preview) move(by int) {
	if by == 0 {
		return
	}
	if !p.table() {
		p.body.scrollTo(p.body.top + by)
		return
	}
	p.at = min(max(0, p.at+by), max(0, len(p.rows)-1))
	p.relayout()
}

// relayout makes the lines anew. The table of a bulk edit is drawn row by row
// when it is looked at.
func (p *Preview) relayout() {
	p.head, p.foot, p.text = nil, nil, nil
	if p.w == 0 || p.h == 0 {
		return
	}
	t := p.o.Theme
	air := p.h >= gapFrom
	if p.h >= 2 {
		p.head = append(p.head, p.title())
	}
	for _, s := range p.o.Head {
		for _, l := range wrapped(s, theme.Dim, p.w-4, 2, t) {
			if len(p.head) < p.h-leastBody {
				p.head = append(p.head, "  "+t.Paint(l.role, l.text))
			}
		}
	}
	if air {
		p.head = append(p.head, "")
	}
	if p.table() {
		p.foot = p.detail()
	}
	room := min((p.h-len(p.head)-len(p.foot))/2, p.h-len(p.head)-len(p.foot)-1)
	var notes []string
	for _, s := range p.o.Notes {
		for _, l := range flagged(s, theme.Attention, p.w-4, 3, t) {
			if len(notes) < room {
				notes = append(notes, "  "+t.Paint(l.role, l.text))
			}
		}
	}
	if air && len(notes) > 0 {
		notes = append([]string{""}, notes...)
	}
	p.foot = append(p.foot, notes...)
	total := len(p.rows)
	if !p.table() {
		p.text = p.lines()
		total = len(p.text)
	}
	p.body = p.body.sized(total, p.h-len(p.head)-len(p.foot))
	if p.table() {
		p.body.show(p.at, p.at+1)
	}
}

func (p Preview) title() string {
	state := ""
	switch {
	case p.bulk() && p.json && len(p.rows) > 0:
		state = joined(p.o.Theme, plain.Clean(p.item(p.at).Name), "JSON")
	case p.bulk(): // the caller's lines say how many
	case p.o.Create:
		state = plural(p.o.Patch.Len(), "value")
	default:
		state = plural(p.o.Patch.Len(), "change")
	}
	if !p.bulk() && p.json {
		state += " " + p.o.Theme.Glyphs.Dot + " JSON"
	}
	return titleLine(p.o.Title, state, p.w, p.o.Theme)
}

// lines are the body when it is not a table.
func (p Preview) lines() []string {
	t := p.o.Theme
	patch := p.o.Patch
	if p.bulk() {
		patch = model.Patch{}
		if len(p.rows) > 0 {
			patch = p.item(p.at).Patch
		}
	}
	var out []string
	if p.json {
		for _, s := range bodyLines(patch, p.w-4) {
			out = append(out, "  "+t.Paint(theme.Text, s))
		}
		return out
	}
	return comparison(patch, p.o.Create, p.w, t)
}

// comparison is every change of a patch with nothing cut off: side by side, or
// below each other when that is too narrow.
func comparison(patch model.Patch, create bool, w int, t theme.Theme) []string {
	labelW, oldW, newW := 0, 0, 0
	for _, c := range patch.Changes() {
		def := c.Field.Def()
		labelW = max(labelW, plain.Width(def.Label))
		oldW = max(oldW, plain.Width(wordsOrEmpty(def, c.Before)))
		newW = max(newW, plain.Width(wordsOrEmpty(def, c.After)))
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
		def := c.Field.Def()
		old, new := wordsOrEmpty(def, c.Before), wordsOrEmpty(def, c.After)
		switch {
		case side:
			out = append(out, sideBySide(def.Label, labelW, old, oldW, new, newW, create, t)...)
		default:
			out = append(out, stacked(def.Label, old, new, create, w, t)...)
		}
		if plain.Changed(c.After.String()) {
			for _, l := range flagged("hidden characters are in it; the JSON shows them", theme.Attention, w-4, 2, t) {
				out = append(out, "  "+t.Paint(l.role, l.text))
			}
		}
	}
	return out
}

func sideBySide(label string, labelW int, old string, oldW int, new string, newW int, create bool, t theme.Theme) []string {
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
	out := []string{"  " + t.Paint(theme.Dim, plain.Cut(label, w-4, t.Glyphs.Ellipsis))}
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

// View draws the preview: exactly its height in lines of exactly its width.
func (p Preview) View() []string {
	if p.w == 0 || p.h == 0 {
		return nil
	}
	var line func(i int) string
	if p.table() {
		cols := p.columns()
		line = func(i int) string { return p.row(i, cols) }
	} else {
		line = func(i int) string { return p.text[i] }
	}
	return p.body.draw(p.head, p.foot, line, p.w, p.h, p.o.Theme)
}
