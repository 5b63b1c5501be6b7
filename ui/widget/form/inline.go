package form

import (
	tea "charm.land/bubbletea/v2"

	"levcontacts/internal/plain"
	"levcontacts/model"
	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/theme"
)

// InlineOptions are what an Inline opens with.
type InlineOptions struct {
	Field model.FieldID
	Base  model.Value // as it was when the edit began
	// Draft is what was typed before; only the entry of Field counts.
	Draft model.Draft
	Theme theme.Theme
	Keys  keymap.Map
}

// Inline is one field edited where its value stands. The pane around it draws
// the label and puts Lines in the place of the value.
type Inline struct {
	o       InlineOptions
	look    *look
	in      *input
	base    string
	finding model.Finding
	server  *refusal
	frozen  bool
}

// NewInline opens one field, with the cursor at the end of its text.
func NewInline(o InlineOptions) Inline {
	e := Inline{o: o, look: newLook(o.Theme), base: o.Base.String()}
	def := o.Field.Def()
	if def.Format == model.FormatBool {
		e.base = yesText(o.Base.True())
	}
	text, touched := o.Draft[o.Field]
	if !touched {
		text = e.base
	}
	e.in = newInput(def, e.look, emptyOption(e.base, text, touched), e.base, text)
	e.in.load(text)
	e.in.focus()
	e.check()
	return e
}

// Field is the field that is edited.
func (e Inline) Field() model.FieldID { return e.o.Field }

// Text is exactly what was typed, or what the service gave when nothing was.
func (e Inline) Text() string { return e.in.value() }

// Draft is what was typed; empty when that is what the field held before.
func (e Inline) Draft() model.Draft {
	if e.Text() == e.base {
		return model.Draft{}
	}
	return model.Draft{e.o.Field: e.Text()}
}

// Patch is what a save would send.
func (e Inline) Patch() model.Patch {
	return model.Diff(model.NewContact(0, map[model.FieldID]model.Value{e.o.Field: e.o.Base}), e.Draft())
}

// Dirty says that leaving the field would lose something.
func (e Inline) Dirty() bool { return !e.Patch().Empty() }

// check looks at what is typed. In a single field there is no later moment
// than this to warn before the save.
func (e *Inline) check() {
	e.finding = model.Finding{}
	if e.Text() != e.base {
		e.finding = e.in.def.CheckCreate(e.Text())
	}
}

// Update takes keys and pastes. A frozen field takes nothing.
func (e Inline) Update(msg tea.Msg) (Inline, tea.Cmd, Intent) {
	if e.frozen {
		return e, nil, None
	}
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		switch k := msg.String(); {
		case e.o.Keys.Is(k, keymap.Field, keymap.FieldLeave):
			return e, nil, LeaveAsked
		case e.o.Keys.Is(k, keymap.Field, keymap.FieldSave):
			if e.finding.Severity == model.Refused {
				return e, nil, None
			}
			return e, nil, SaveAsked
		}
	case tea.PasteMsg, tea.ClipboardMsg:
	default:
		return e, nil, None
	}
	before := e.Text()
	cmd := e.in.update(msg)
	if e.Text() == before {
		return e, cmd, None
	}
	e.server = nil
	e.check()
	return e, cmd, Changed
}

// SetTheme changes the colours and signs.
func (e Inline) SetTheme(t theme.Theme) Inline {
	e.o.Theme = t
	e.look.styles = huhStyles(t)
	e.in.sync()
	return e
}

// Frozen makes the field a still picture while it is being saved, or lets it go
// again. The refusal of an earlier save goes.
func (e Inline) Frozen(on bool) Inline {
	e.frozen = on
	if on {
		e.server = nil
	}
	return e
}

// WithServerError shows why a save failed, until the text changes or is saved
// again; nil takes it away. The field can be typed into again.
func (e Inline) WithServerError(err *model.Error) Inline {
	e.server = nil
	if err == nil {
		return e
	}
	e.frozen = false
	r := refusalOf(err)
	for name, text := range err.Fields {
		if lastName(name) == e.in.def.Name {
			r = r.beside(text)
			r.named = true
		}
	}
	e.server = &r
	return e
}

// Lines are the input, of exactly w cells, and what is said under it, of the
// same width. Where that would break a request id in two, the lines under the
// input have whole cells instead.
func (e Inline) Lines(w, whole int) []string {
	if w <= 0 {
		return nil
	}
	t := e.o.Theme
	out := []string{plain.Fit(e.in.line(w, t), w, "")}
	if e.server != nil && !e.frozen && plain.Width(plain.Clean(e.server.request)) > w {
		w = max(w, whole)
	}
	for _, n := range e.under(w) {
		out = append(out, t.Paint(n.role, plain.Fit(n.text, w, t.Glyphs.Ellipsis)))
	}
	return out
}

func (e Inline) under(w int) []line {
	t := e.o.Theme
	warn := t.Glyphs.Warn + " "
	one := func(role theme.Role, parts ...string) []line { return flow(t, w, role, parts) }
	saves, leaves := does(e.o.Keys, keymap.FieldSave, "saves"), does(e.o.Keys, keymap.FieldLeave, "leaves")
	switch {
	case e.frozen:
		return one(theme.Dim, "saving"+t.Glyphs.Ellipsis)
	case e.server != nil:
		if e.server.named {
			return e.server.brief(w, []string{"change it", saves, leaves}, t)
		}
		return e.server.lines(w, 8, t)
	case e.finding.Severity == model.Refused:
		parts := []string{warn + e.finding.Text}
		if e.in.choice != nil {
			parts = append(parts, e.in.help()...)
		}
		return one(theme.Danger, append(parts, leaves)...)
	case e.finding.Severity == model.Warning:
		return one(theme.Attention, warn+e.finding.Text, does(e.o.Keys, keymap.FieldSave, "saves it as it is"), leaves)
	case e.in.hidden:
		return one(theme.Attention, warn+"hidden characters are in it", saves, leaves)
	case e.Text() != e.base:
		return one(theme.Dim, saves, leaves, "was "+wordsOrEmpty(e.in.def, e.o.Base))
	default:
		return one(theme.Dim, append([]string{saves, leaves}, e.in.help()...)...)
	}
}

// flow puts parts beside each other as far as they fit, and the rest on a
// second line; what does not fit there is cut.
func flow(t theme.Theme, w int, role theme.Role, parts []string) []line {
	n := len(parts)
	for n > 1 && plain.Width(joined(t, parts[:n]...)) > w {
		n--
	}
	out := []line{{plain.Cut(joined(t, parts[:n]...), w, t.Glyphs.Ellipsis), role}}
	if n < len(parts) {
		out = append(out, line{plain.Cut(joined(t, parts[n:]...), w, t.Glyphs.Ellipsis), role})
	}
	return out
}

// Cursor is where the terminal's cursor belongs, relative to the first cell of
// Lines as drawn last; nil when nothing can be typed.
func (e Inline) Cursor() *tea.Cursor {
	if e.frozen {
		return nil
	}
	return e.in.cursor()
}
