package form

import (
	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
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
	// Notes say what the save does besides, in words that may be sanitized.
	Notes []string
	Keys  keymap.Map
}

// Preview shows what a save changes, old to new, before it is sent, and the
// exact JSON on a key. Make one with NewPreview.
type Preview struct {
	o    PreviewOptions
	json bool
	body scroller
	rows []change // of a bulk edit
	at   int      // the row under the cursor, in a bulk edit
}

// change is one row of the table of a bulk edit.
type change struct {
	item, n int32
}

// NewPreview makes a preview.
func NewPreview(o PreviewOptions) *Preview {
	p := &Preview{o: o}
	for i, it := range o.Items {
		for n := range it.Patch.Len() {
			p.rows = append(p.rows, change{int32(i), int32(n)})
		}
	}
	p.body.total = len(p.rows)
	return p
}

func (p *Preview) bulk() bool { return p.o.Items != nil }

// ShowsJSON reports that the exact JSON is shown in place of the values.
func (p *Preview) ShowsJSON() bool { return p.json }

// table reports that the body is the table of a bulk edit.
func (p *Preview) table() bool { return p.bulk() && !p.json }

// SetNotes replaces what is said of the save besides its values.
func (p *Preview) SetNotes(notes []string) { p.o.Notes = notes }

// Update takes keys and the mouse wheel.
func (p *Preview) Update(msg tea.Msg) Intent {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		a, _ := p.o.Keys.Find(msg.String(), keymap.Preview, keymap.Viewer)
		switch a.Name {
		case keymap.PreviewSave:
			return SaveConfirmed
		case keymap.PreviewBack:
			return Back
		case keymap.PreviewJSON:
			p.json, p.body.top = !p.json, 0
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
	return None
}

// move goes to another row of the table, or scrolls the text.
func (p *Preview) move(by int) {
	if p.table() {
		p.at = min(max(0, p.at+by), max(0, len(p.rows)-1))
		return
	}
	p.body.scrollTo(p.body.top + by)
}

// View draws the preview: exactly h lines of exactly w cells.
func (p *Preview) View(w, h int, t theme.Theme) []string {
	if w <= 0 || h <= 0 {
		return nil
	}
	air := h >= gapFrom
	head := p.head(w, h, air, t)
	var foot []string
	if p.table() {
		foot = p.detail(w, h-len(head), t)
	}
	foot = append(foot, p.notes(w, h-len(head)-len(foot), air, t)...)
	if p.table() {
		p.body = p.body.sized(len(p.rows), h-len(head)-len(foot))
		p.body.show(p.at, p.at+1)
		cols := columnsOf(w, t)
		return p.body.draw(head, foot, func(i int) string { return p.row(i, w, cols, t) }, w, h, t)
	}
	lines := p.lines(w, t)
	p.body = p.body.sized(len(lines), h-len(head)-len(foot))
	return p.body.draw(head, foot, func(i int) string { return lines[i] }, w, h, t)
}

func (p *Preview) head(w, h int, air bool, t theme.Theme) []string {
	var head []string
	if h >= 2 {
		head = append(head, p.title(w, t))
	}
	for _, s := range p.o.Head {
		for _, l := range wrapped(s, theme.Dim, w-4, 2, t) {
			if len(head) < h-leastBody {
				head = append(head, "  "+t.Paint(l.role, l.text))
			}
		}
	}
	if air {
		head = append(head, "")
	}
	return head
}

// notes are lines under the body, in at most half of the free lines.
func (p *Preview) notes(w, free int, air bool, t theme.Theme) []string {
	var notes []string
	for _, s := range p.o.Notes {
		for _, l := range flagged(s, theme.Attention, w-4, 3, t) {
			if len(notes) < min(free/2, free-1) {
				notes = append(notes, "  "+t.Paint(l.role, l.text))
			}
		}
	}
	if air && len(notes) > 0 {
		notes = append([]string{""}, notes...)
	}
	return notes
}

func (p *Preview) title(w int, t theme.Theme) string {
	state := ""
	switch {
	case p.bulk() && p.json && len(p.rows) > 0:
		state = joined(t, plain.Clean(p.item(p.at).Name), "JSON")
	case p.bulk(): // the caller's lines say how many
	case p.o.Create:
		state = text.Plural(p.o.Patch.Len(), "value")
	default:
		state = text.Plural(p.o.Patch.Len(), "change")
	}
	if !p.bulk() && p.json {
		state += " " + t.Glyphs.Dot + " JSON"
	}
	return titleLine(p.o.Title, state, w, t)
}

// lines are the body when it is not a table.
func (p *Preview) lines(w int, t theme.Theme) []string {
	patch := p.o.Patch
	if p.bulk() {
		patch = model.Patch{}
		if len(p.rows) > 0 {
			patch = p.item(p.at).Patch
		}
	}
	if !p.json {
		return comparison(patch, p.o.Create, w, t)
	}
	var out []string
	for _, s := range bodyLines(patch, w-4) {
		out = append(out, "  "+t.Paint(theme.Text, s))
	}
	return out
}
