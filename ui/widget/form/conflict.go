package form

import (
	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// ConflictOptions are what a ConflictView asks about.
type ConflictOptions struct {
	Title string
	// Conflicts and Rest are what model.Merge found: fields that two people
	// changed, and the part of the patch that nobody else touched.
	Conflicts []model.Conflict
	Rest      model.Patch
	Keys      keymap.Map
}

// verdict is what the person decided for one field.
type verdict uint8

const (
	undecided verdict = iota
	original
	theirs
	mine
)

// ConflictView lets the user decide, field by field, between what a field was,
// what someone else made of it, and what the user typed. Nothing is decided
// for the user. Make one with NewConflictView.
type ConflictView struct {
	o        ConflictOptions
	verdicts []verdict
	at       int
	moved    bool // the cursor moved: it is scrolled into view
	body     scroller
}

// NewConflictView asks about every conflict.
func NewConflictView(o ConflictOptions) *ConflictView {
	return &ConflictView{o: o, verdicts: make([]verdict, len(o.Conflicts)), moved: true}
}

// Update takes keys. Decided comes only when every field is decided.
func (c *ConflictView) Update(msg tea.Msg) Intent {
	k, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return None
	}
	a, _ := c.o.Keys.Find(k.String(), keymap.Conflict, keymap.Viewer)
	c.moved = true
	switch a.Name {
	case keymap.ConflictTheirs:
		c.decide(theirs)
	case keymap.ConflictMine:
		c.decide(mine)
	case keymap.ConflictOriginal:
		c.decide(original)
	case keymap.ConflictNext:
		c.at = min(c.at+1, len(c.verdicts)-1)
	case keymap.ConflictPrev:
		c.at = max(c.at-1, 0)
	case keymap.ConflictBack:
		return Back
	case keymap.ConflictDone:
		next, open := c.firstOpen()
		if !open {
			return Decided
		}
		c.at = next
	default: // values longer than the pane are scrolled
		c.moved = false
		c.body.scrollTo(c.body.top + c.body.by(a.Name))
	}
	return None
}

// decide decides one field and goes on to the next that is not decided.
func (c *ConflictView) decide(v verdict) {
	if c.at < len(c.verdicts) {
		c.verdicts[c.at] = v
	}
	if next, open := c.firstOpen(); open {
		c.at = next
	}
}

func (c *ConflictView) firstOpen() (int, bool) {
	for i, v := range c.verdicts {
		if v == undecided {
			return i, true
		}
	}
	return 0, false
}

// Patch is what to send: what nobody else touched, and of the rest what was
// decided against theirs. Fields that are not decided yet are left out.
func (c *ConflictView) Patch() model.Patch {
	changes := append([]model.Change(nil), c.o.Rest.Changes()...)
	for i, x := range c.o.Conflicts {
		switch c.verdicts[i] {
		case mine:
			changes = append(changes, model.Change{Field: x.Field, Before: x.Theirs, After: x.My})
		case original:
			changes = append(changes, model.Change{Field: x.Field, Before: x.Theirs, After: sendable(x.Field,
				x.Original)})
		}
	}
	return model.NewPatch(changes...)
}

// sendable is a value that the service held, as one that can be sent: a field
// that was absent or "" is cleared, a yes-or-no field that was absent is no.
func sendable(f model.FieldID, v model.Value) model.Value {
	switch {
	case f.Def().Format == model.FormatBool:
		return model.BoolValue(v.True())
	case v.Empty() && !f.Def().List():
		return model.NullValue()
	}
	return v
}

// View draws the view: exactly h lines of exactly w cells.
func (c *ConflictView) View(w, h int, t theme.Theme) []string {
	if w <= 0 || h <= 0 {
		return nil
	}
	var lines []string
	from, to := 0, 0
	for i := range c.o.Conflicts {
		if i == c.at {
			from = len(lines)
		}
		lines = append(lines, c.conflict(i, w, h, t)...)
		if i == c.at {
			to = len(lines)
		}
	}
	head := c.head(w, h, t)
	c.body = c.body.sized(len(lines), h-len(head))
	if c.moved {
		c.body.show(from, to)
	}
	return c.body.draw(head, nil, func(i int) string { return lines[i] }, w, h, t)
}

func (c *ConflictView) head(w, h int, t theme.Theme) []string {
	open := 0
	for _, v := range c.verdicts {
		if v == undecided {
			open++
		}
	}
	state := text.Plural(open, "conflict") + " left"
	if open == 0 {
		state = "all decided"
	}
	var out []string
	if h >= 4 {
		out = append(out, titleLine(c.o.Title, state, w, t))
	}
	if h >= headingsFrom {
		say := "Someone else changed " + fieldsOf(len(c.o.Conflicts)) + " while you were editing"
		out = append(out, "  "+t.Paint(theme.Dim, plain.Cut(say, w-3, t.Glyphs.Ellipsis)), "")
	}
	return out
}

// conflict draws one field: its name and the three values with their keys.
func (c *ConflictView) conflict(i, w, h int, t theme.Theme) []string {
	x := c.o.Conflicts[i]
	def := x.Field.Def()
	cursor, label := "  ", theme.Strong
	if i == c.at {
		cursor, label = t.Paint(theme.Accent, t.Glyphs.Cursor)+" ", theme.Accent
	}
	head := cursor + t.Paint(label, def.Label)
	if c.verdicts[i] == undecided {
		head += t.Paint(theme.Attention, " "+t.Glyphs.Dot+" not decided")
	}
	out := []string{head}
	for _, side := range [...]struct {
		v     verdict
		name  string
		key   keymap.Name
		value model.Value
	}{
		{original, "original", keymap.ConflictOriginal, x.Original},
		{theirs, "theirs", keymap.ConflictTheirs, x.Theirs},
		{mine, "mine", keymap.ConflictMine, x.My},
	} {
		sign, role := plain.Blank(plain.Width(t.Glyphs.Mark)), theme.Text
		if c.verdicts[i] == side.v {
			sign, role = t.Paint(theme.Accent, t.Glyphs.Mark), theme.Strong
		} else if c.verdicts[i] != undecided {
			role = theme.Dim
		}
		lead := "  " + sign + " " + t.Paint(theme.Key, plain.Fit(c.o.Keys.Key(side.key), 2, "")) +
			t.Paint(theme.Dim, plain.Fit(side.name, len("original")+2, ""))
		indent := plain.Width(lead)
		if w-indent < 16 {
			out = append(out, lead)
			indent = 6
			lead = plain.Blank(indent)
		}
		for _, words := range wordLines(def, side.value) {
			for _, s := range plain.Wrap(words, max(1, w-indent-2)) {
				out = append(out, lead+t.Paint(role, s))
				lead = plain.Blank(indent)
			}
		}
	}
	if h >= gapFrom && i < len(c.o.Conflicts)-1 {
		out = append(out, "")
	}
	return out
}

// fieldsOf is "1 of these fields" or "2 of these fields".
func fieldsOf(n int) string { return text.Number(n) + " of these fields" }
