package form

import (
	"maps"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"levcontacts/model"
	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/theme"
)

// Mode says what a form is for.
type Mode uint8

// The modes. A Bulk form has no values of its own: each of its fields is left
// alone, set or cleared in every contact that was marked.
const (
	Edit Mode = iota
	Create
	Bulk
)

// Options are what a form opens with.
type Options struct {
	Title string
	Mode  Mode
	// Base is the contact as it was when the edit began; the zero Contact in a
	// Create or a Bulk form.
	Base model.Contact
	// Draft is what was typed over it before. In a Bulk form a text sets the
	// field and "" clears it.
	Draft model.Draft
	Theme theme.Theme
	Keys  keymap.Map
	// Locked fields are shown with the reason and cannot be changed.
	Locked map[model.FieldID]string
}

// bulkMode says what a Bulk form does with a field.
type bulkMode uint8

const (
	leave bulkMode = iota
	set
	wipe
)

// row is one field of the form.
type row struct {
	*input
	base    string // the text that means no change
	bulk    bulkMode
	locked  string
	checked bool // the field was left once: from then on it is checked as it is typed
	finding model.Finding
	server  *refusal
	changed bool   // goes into the patch
	under   []line // drawn under the value
}

// Form is the form of a whole contact. Make one with New.
type Form struct {
	o      Options
	look   *look
	rows   []*row
	at     int // the focused row, -1 when every field is locked
	patch  model.Patch
	server *refusal // refused without naming a field of this form
	extra  []string // notes of the caller
	frozen bool
	w, h   int
	lay    layout
}

// New opens a form. It draws nothing before it has a size.
func New(o Options) Form {
	f := Form{o: o, look: newLook(o.Theme), at: -1}
	for _, def := range model.FieldTable() {
		if o.Mode == Create && !def.Create || o.Mode != Create && !def.Update {
			continue
		}
		f.rows = append(f.rows, f.newRow(def))
	}
	f.at = f.step(-1, 1)
	if f.at >= 0 {
		f.rows[f.at].focus()
	}
	f.refresh()
	return f
}

func (f Form) newRow(def model.Field) *row {
	base := f.o.Base.Get(def.ID).String()
	typed, touched := f.o.Draft[def.ID]
	none := map[Mode]string{Edit: emptyOption(base, typed, touched), Create: "choose"}[f.o.Mode]
	r := &row{input: newInput(def, f.look, none, base, typed), base: base, locked: f.o.Locked[def.ID]}
	if def.Format == model.FormatBool {
		r.base = yesText(f.o.Base.Get(def.ID).True())
	}
	if !touched {
		typed = r.base
	}
	if f.o.Mode == Bulk {
		switch {
		case touched && typed == "":
			r.bulk = wipe
		case touched:
			r.bulk = set
		case def.Format == model.FormatType:
			typed = model.TypeLender
		}
	}
	r.load(typed)
	return r
}

// SetSize gives the form its pane in cells.
func (f Form) SetSize(w, h int) Form {
	f.w, f.h = max(0, w), max(0, h)
	f.relayout()
	return f
}

// SetTheme changes the colours and signs.
func (f Form) SetTheme(t theme.Theme) Form {
	f.o.Theme = t
	f.look.styles = huhStyles(t)
	for _, r := range f.rows {
		r.sync()
	}
	f.relayout()
	return f
}

// Draft is what was typed: the fields whose text differs from the base.
func (f Form) Draft() model.Draft {
	d := model.Draft{}
	for _, r := range f.rows {
		if text, ok := f.typed(r); ok {
			d[r.def.ID] = text
		}
	}
	return d
}

// typed is what a row puts into the draft.
func (f Form) typed(r *row) (string, bool) {
	if f.o.Mode != Bulk {
		return r.value(), r.value() != r.base
	}
	switch {
	case r.bulk == wipe:
		return "", true
	case r.bulk == set && r.value() != "":
		return r.value(), true
	}
	return "", false
}

// Patch is what a save would send. It is empty in a Bulk form: what that sends
// depends on each contact and is the model.Diff of it and the Draft.
func (f Form) Patch() model.Patch { return f.patch }

// Dirty says that leaving the form would lose something.
func (f Form) Dirty() bool {
	if f.o.Mode == Bulk {
		return len(f.Draft()) > 0
	}
	return !f.patch.Empty()
}

// Refusals are the fields that cannot be sent as they are, and why.
func (f Form) Refusals() map[model.FieldID]string {
	out := map[model.FieldID]string{}
	for _, r := range f.rows {
		if found := f.check(r); found.Severity == model.Refused {
			out[r.def.ID] = found.Text
		}
	}
	return out
}

// check looks at one field. What the service itself holds is never refused.
func (f Form) check(r *row) model.Finding {
	if r.locked != "" {
		return model.Finding{}
	}
	if f.o.Mode == Create {
		return r.def.CheckCreate(r.value())
	}
	if text, ok := f.typed(r); ok {
		return r.def.CheckCreate(text) // what a contact must have at first cannot be taken away later
	}
	return model.Finding{}
}

// WithServerError shows why a save failed: beside the fields that the error
// names, otherwise at the head. The form can be typed into again. What was said
// of a field goes when the field changes, all of it with the next save; nil
// takes it away at once.
func (f Form) WithServerError(e *model.Error) Form {
	f.clearServer()
	if e == nil {
		f.relayout()
		return f
	}
	f.frozen = false
	whole := refusalOf(e)
	first := -1
	var elsewhere []string
	for _, name := range slices.Sorted(maps.Keys(e.Fields)) {
		text := e.Fields[name]
		i := f.rowNamed(name)
		if i < 0 {
			elsewhere = append(elsewhere, name+": "+text)
			continue
		}
		side := whole.beside(text)
		f.rows[i].server = &side
		if f.rows[i].locked == "" && (first < 0 || i < first) {
			first = i
		}
	}
	if len(elsewhere) > 0 || first < 0 {
		if whole.message != "" {
			elsewhere = append([]string{whole.message}, elsewhere...)
		}
		whole.message = strings.Join(elsewhere, "; ")
		f.server = &whole
	}
	if first >= 0 && (f.at < 0 || f.rows[f.at].server == nil) {
		f.moveTo(first)
	}
	f.relayout()
	return f
}

// rowNamed finds the row that a service's word for a field means, -1 for none.
func (f Form) rowNamed(name string) int {
	return slices.IndexFunc(f.rows, func(r *row) bool { return r.def.Name == lastName(name) })
}

func (f *Form) clearServer() {
	f.server = nil
	for _, r := range f.rows {
		r.server = nil
	}
}

// Frozen makes the form a still picture while it is being saved, or lets it go
// again. The refusal of an earlier save goes.
func (f Form) Frozen(on bool) Form {
	if on {
		f.clearServer()
	}
	f.frozen = on
	f.relayout()
	return f
}

// Notes shows lines at the foot of the form, such as likely duplicates of what
// is being typed.
func (f Form) Notes(lines []string) Form {
	f.extra = slices.Clone(lines)
	f.relayout()
	return f
}

// Field is the field that the cursor is in, model.FieldKey when all are locked.
func (f Form) Field() model.FieldID {
	if f.at < 0 {
		return model.FieldKey
	}
	return f.rows[f.at].def.ID
}

// Focus goes to a field; to none that is locked or not in the form.
func (f Form) Focus(id model.FieldID) Form {
	for i, r := range f.rows {
		if r.def.ID == id && r.locked == "" {
			f.moveTo(i)
		}
	}
	f.relayout()
	return f
}

// Cursor is where the terminal's cursor belongs, relative to the pane; nil when
// nothing can be typed.
func (f Form) Cursor() *tea.Cursor {
	if f.frozen || f.at < 0 || f.lay.cursorY < 0 {
		return nil
	}
	r := f.rows[f.at]
	if f.o.Mode == Bulk && (r.bulk == wipe || r.bulk == leave && r.value() != "") {
		return nil
	}
	c := r.cursor()
	if c != nil {
		c.X += f.lay.valueX
		c.Y = f.lay.cursorY
	}
	return c
}
