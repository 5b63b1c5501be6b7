package form

import (
	"maps"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// Mode says what a form is for.
type Mode uint8

// The modes. A Bulk form has no values of its own: each of its fields is not
// changed, set or cleared in every marked contact. A Single form is one field
// edited where its value stands: the pane around it draws its Lines.
const (
	Edit Mode = iota
	Create
	Bulk
	Single
)

// Options are what a form opens with.
type Options struct {
	Title string
	Mode  Mode
	Field model.FieldID // the field of a Single form
	// Base is the contact as it was when the edit began; the zero Contact in a
	// Create or a Bulk form.
	Base model.Contact
	// Draft is what was typed over it before. In a Bulk form a text sets the
	// field and "" clears it.
	Draft model.Draft
	// Later says that the service has the fields that came after March 2026. A
	// Base that has one of them says so itself.
	Later bool
	// Fixed are the fields that the service refused to change.
	Fixed []model.FieldID
	Theme theme.Theme
	Keys  keymap.Map
}

// bulkMode says what a Bulk form does with a field.
type bulkMode uint8

const (
	noChange bulkMode = iota
	set
	wipe
	add // to a list
)

// content is what a field holds: its text, what a Bulk form does with it, and of
// a value of a list its type.
type content struct {
	text string
	bulk bulkMode
	kind string
}

// row is one field of the form.
type row struct {
	*input
	item    *item  // of a field that holds a list, nil otherwise
	base    string // the text that means no change
	bulk    bulkMode
	stash   *content // what clearing or restoring the field replaced, nil for nothing
	checked bool     // the field was left once: from then on it is checked while it is typed
	finding model.Finding
	server  *refusal
	changed bool   // goes into the patch
	under   []line // drawn under the value
}

// Form is the form of a contact. Make one with New.
type Form struct {
	o      Options
	look   *look
	rows   []*row
	at     int // the focused row
	patch  model.Patch
	server *refusal // refused without naming a field of this form
	extra  []string // notes of the caller
	frozen bool
	w, h   int
	lay    layout
}

// New opens a form. It draws nothing before it has a size.
func New(o Options) *Form {
	f := &Form{o: o, look: newLook(o.Theme)}
	for _, def := range model.Fields() {
		if o.Mode == Create && !def.Create || o.Mode != Create && !def.Update || o.Mode == Single && def.ID != o.Field {
			continue
		}
		if _, typed := o.Draft[def.ID]; def.Later && o.Mode != Single && !typed && !o.Later && !o.Base.HasLater() {
			continue
		}
		if def.List() {
			f.rows = append(f.rows, f.itemRows(def)...)
			continue
		}
		f.rows = append(f.rows, f.newRow(def))
	}
	f.rows[f.at].focus()
	f.refresh()
	return f
}

func (f *Form) newRow(def model.Field) *row {
	base := def.Text(f.o.Base.Get(def.ID))
	typed, touched := f.o.Draft[def.ID]
	none := ""
	switch f.o.Mode {
	case Create:
		none = "choose"
	case Edit, Single:
		none = emptyOption(base, typed, touched)
	}
	r := &row{input: newInput(def, f.look, none, base, typed), base: base}
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
		case def.Format == model.FormatType, def.Format == model.FormatTypes:
			typed = model.TypeLender
		}
	}
	r.load(typed)
	if f.o.Mode == Single { // it has no later moment to warn before the save
		r.checked, r.finding = true, f.check(r)
	}
	return r
}

// SetSize gives the form its pane in cells.
func (f *Form) SetSize(w, h int) {
	f.w, f.h = max(0, w), max(0, h)
	f.relayout()
}

// SetTheme changes the colors and signs.
func (f *Form) SetTheme(t theme.Theme) {
	f.o.Theme = t
	f.look.styles = huhStyles(t)
	for _, r := range f.rows {
		r.sync()
	}
	f.relayout()
}

// Draft is what was typed: the fields whose text differs from the base.
func (f *Form) Draft() model.Draft {
	d := model.Draft{}
	for _, r := range f.rows {
		if text, ok := f.typed(r); ok {
			d[r.def.ID] = text
		}
	}
	return d
}

// typed is what a row puts into the draft.
func (f *Form) typed(r *row) (string, bool) {
	if r.item != nil {
		return f.typedList(r.def)
	}
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
func (f *Form) Patch() model.Patch { return f.patch }

// Dirty reports that leaving the form would lose something.
func (f *Form) Dirty() bool {
	if f.o.Mode == Bulk {
		return len(f.Draft()) > 0
	}
	return !f.patch.Empty()
}

// Refusals are the fields that cannot be sent as they are, and why.
func (f *Form) Refusals() map[model.FieldID]string {
	out := map[model.FieldID]string{}
	for _, r := range f.rows {
		if found := f.check(r); found.Severity == model.Refused {
			out[r.def.ID] = found.Text
		}
	}
	return out
}

// check looks at one field. What the service itself holds is never refused.
func (f *Form) check(r *row) model.Finding {
	if r.item != nil {
		return f.checkItem(r)
	}
	if f.o.Mode == Create {
		return r.def.CheckCreate(r.value())
	}
	if text, ok := f.typed(r); ok {
		return r.def.CheckCreate(text) // what a contact must have at first cannot be taken away later
	}
	return model.Finding{}
}

// Refuse shows why a save failed: beside the fields that the error names,
// otherwise at the head. The form can be typed into again. What is said of a
// field goes when the field changes, all of it with the next save; nil takes it
// away at once.
func (f *Form) Refuse(e *model.Error) {
	f.clearServer()
	if e != nil {
		f.frozen = false
		f.refuse(e)
	}
	f.relayout()
}

func (f *Form) refuse(e *model.Error) {
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
		if f.rows[i].item != nil && f.besideItems(i, whole, name, text) {
			i = slices.IndexFunc(f.rows, func(r *row) bool { return r.item != nil && r.server != nil })
		} else {
			side := whole.beside(text)
			if slices.Contains(e.FixedFields(), f.rows[i].def.ID) {
				side.advice = model.FixedAdvice(f.rows[i].def.ID)
			}
			f.rows[i].server = &side
		}
		if first < 0 || i < first {
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
	if first >= 0 && f.rows[f.at].server == nil {
		f.moveTo(first)
	}
}

// rowNamed finds the row that a service's word for a field means, -1 for none.
func (f *Form) rowNamed(name string) int {
	name, _, _ = strings.Cut(name, "[") // of a value of a list
	return slices.IndexFunc(f.rows, func(r *row) bool { return r.def.Name == lastName(name) })
}

func (f *Form) clearServer() {
	f.server = nil
	for _, r := range f.rows {
		r.server = nil
	}
}

// Freeze makes the form a still picture while it is being saved, or lets it go
// again. The refusal of an earlier save goes.
func (f *Form) Freeze(on bool) {
	if on {
		f.clearServer()
	}
	f.frozen = on
	f.relayout()
}

// SetNotes shows lines at the foot of the form, such as likely duplicates of
// what is being typed.
func (f *Form) SetNotes(lines []string) {
	f.extra = slices.Clone(lines)
	f.relayout()
}

// SetFixed says which fields the service refused to change.
func (f *Form) SetFixed(fields []model.FieldID) {
	f.o.Fixed = fields
	f.relayout()
}

// Field is the field that the cursor is in.
func (f *Form) Field() model.FieldID { return f.rows[f.at].def.ID }

// Focus goes to a field, if it is in the form.
func (f *Form) Focus(id model.FieldID) {
	f.moveTo(slices.IndexFunc(f.rows, func(r *row) bool { return r.def.ID == id }))
	f.relayout()
}

// Cursor is where the terminal's cursor belongs, relative to the pane, or in a
// Single form to the first cell of its Lines; nil when nothing can be typed.
func (f *Form) Cursor() *tea.Cursor {
	r := f.rows[f.at]
	switch {
	case f.frozen, f.o.Mode == Bulk && (r.bulk == wipe || r.bulk == noChange && r.value() != ""):
		return nil
	case f.lay.cursorY < 0 && f.o.Mode != Single:
		return nil
	}
	c := r.cursor()
	if c != nil && f.o.Mode == Single {
		c.X += r.leadWidth()
		c.Y = max(0, f.lay.cursorY)
	} else if c != nil {
		c.X += f.lay.valueX + r.leadWidth()
		c.Y = f.lay.cursorY
	}
	return c
}
