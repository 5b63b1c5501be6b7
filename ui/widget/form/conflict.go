package form

import (
	"strconv"

	tea "charm.land/bubbletea/v2"

	"levcontacts/internal/plain"
	"levcontacts/model"
	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/theme"
)

// ConflictOptions are what a ConflictView asks about.
type ConflictOptions struct {
	Title string
	// Conflicts and Rest are what model.Merge found: fields that two people
	// changed, and the part of the patch that nobody else touched.
	Conflicts []model.Conflict
	Rest      model.Patch
	Theme     theme.Theme
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

// ConflictView lets a person decide, field by field, between what a field was,
// what somebody else made of it, and what they typed. Nothing is decided for
// them. Make one with NewConflictView.
type ConflictView struct {
	o        ConflictOptions
	verdicts []verdict
	at       int
	w, h     int
	lines    []string
	starts   []int // first line of each conflict; one more at the end
	body     scroller
}

// NewConflictView asks about every conflict. It draws nothing before it has a size.
func NewConflictView(o ConflictOptions) ConflictView {
	return ConflictView{o: o, verdicts: make([]verdict, len(o.Conflicts))}
}

// SetSize gives the view its pane in cells.
func (c ConflictView) SetSize(w, h int) ConflictView {
	c.w, c.h = max(0, w), max(0, h)
	c.relayout()
	return c
}

// SetTheme changes the colours and signs.
func (c ConflictView) SetTheme(t theme.Theme) ConflictView {
	c.o.Theme = t
	c.relayout()
	return c
}

// Update takes keys. Decided comes only when every field is decided.
func (c ConflictView) Update(msg tea.Msg) (ConflictView, tea.Cmd, Intent) {
	k, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return c, nil, None
	}
	a, _ := c.o.Keys.Find(k.String(), keymap.Conflict, keymap.Viewer)
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
		return c, nil, Back
	case keymap.ConflictDone:
		next, open := c.firstOpen()
		if !open {
			return c, nil, Decided
		}
		c.at = next
	default: // values longer than the pane are scrolled
		c.body.scrollTo(c.body.top + c.body.by(a.Name))
		return c, nil, None
	}
	c.relayout()
	return c, nil, None
}

func (c *ConflictView) decide(v verdict) {
	if c.at < len(c.verdicts) {
		c.verdicts = append([]verdict(nil), c.verdicts...)
		c.verdicts[c.at] = v
	}
}

func (c ConflictView) firstOpen() (int, bool) {
	for i, v := range c.verdicts {
		if v == undecided {
			return i, true
		}
	}
	return 0, false
}

// Patch is what to send: what nobody else touched, and of the rest what was
// decided against theirs. Fields that are not decided yet are left out.
func (c ConflictView) Patch() model.Patch {
	changes := append([]model.Change(nil), c.o.Rest.Changes()...)
	for i, x := range c.o.Conflicts {
		switch c.verdicts[i] {
		case mine:
			changes = append(changes, model.Change{Field: x.Field, Before: x.Theirs, After: x.My})
		case original:
			changes = append(changes, model.Change{Field: x.Field, Before: x.Theirs, After: sendable(x.Field, x.Original)})
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
	case v.Empty():
		return model.NullValue()
	}
	return v
}

func (c *ConflictView) relayout() {
	c.lines, c.starts = nil, nil
	if c.w == 0 || c.h == 0 {
		return
	}
	for i := range c.o.Conflicts {
		c.starts = append(c.starts, len(c.lines))
		c.lines = append(c.lines, c.conflict(i)...)
	}
	c.starts = append(c.starts, len(c.lines))
	c.body = c.body.sized(len(c.lines), c.h-len(c.head()))
	if c.at < len(c.o.Conflicts) {
		c.body.show(c.starts[c.at], c.starts[c.at+1])
	}
}

func (c ConflictView) head() []string {
	t := c.o.Theme
	open := 0
	for _, v := range c.verdicts {
		if v == undecided {
			open++
		}
	}
	state := strconv.Itoa(open) + " to decide"
	if open == 0 {
		state = "all decided"
	}
	var out []string
	if c.h >= 4 {
		out = append(out, titleLine(c.o.Title, state, c.w, t))
	}
	if c.h >= headingsFrom {
		say := plural(len(c.o.Conflicts), "field") + " changed meanwhile by somebody else"
		out = append(out, "  "+t.Paint(theme.Dim, plain.Cut(say, c.w-3, t.Glyphs.Ellipsis)), "")
	}
	return out
}

// conflict draws one field: its name and the three values with their keys.
func (c ConflictView) conflict(i int) []string {
	t, x := c.o.Theme, c.o.Conflicts[i]
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
		if c.w-indent < 16 {
			out = append(out, lead)
			indent = 6
			lead = plain.Blank(indent)
		}
		for n, s := range plain.Wrap(wordsOrEmpty(def, side.value), max(1, c.w-indent-2)) {
			if n > 0 {
				lead = plain.Blank(indent)
			}
			out = append(out, lead+t.Paint(role, s))
		}
	}
	if c.h >= gapFrom && i < len(c.o.Conflicts)-1 {
		out = append(out, "")
	}
	return out
}

// View draws the view: exactly its height in lines of exactly its width.
func (c ConflictView) View() []string {
	if c.w == 0 || c.h == 0 {
		return nil
	}
	return c.body.draw(c.head(), nil, func(i int) string { return c.lines[i] }, c.w, c.h, c.o.Theme)
}
