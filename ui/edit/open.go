package edit

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/form"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/work"
)

// Field edits one field where its value stands. drafts are all that wait; the
// newest one of this very field is continued, and no other is in the way.
func Field(o Options, base model.Contact, f model.FieldID, drafts []work.Draft) *Model {
	m := start(o, work.DraftField, base, "")
	m.field = f
	var values model.Draft
	for _, d := range drafts {
		if d.Kind == work.DraftField && d.ContactID == base.ID() && d.Field == f {
			values = d.Values
			m.continues(d)
			break
		}
	}
	m.openForm(values)
	return m
}

// Replace makes what is typed first replace the value of a field in place. A
// draft that is continued stays.
func (m *Model) Replace() {
	if !m.Dirty() {
		m.form.Pick()
	}
}

// Form edits a whole contact. drafts are all that wait: that of the contact's
// form is continued, and what was typed into single fields is merged into it.
func Form(o Options, base model.Contact, drafts []work.Draft) *Model {
	m := start(o, work.DraftEdit, base, "Edit "+text.Name(base))
	values := model.Draft{}
	var formed work.Draft
	for _, d := range drafts {
		if d.Kind == work.DraftEdit && d.ContactID == base.ID() {
			formed = d
			values = d.Values.Clone()
			m.continues(d)
			break
		}
	}
	for _, d := range slices.Backward(drafts) { // the newest one is the first of them, and counts
		if d.Kind != work.DraftField || d.ContactID != base.ID() || d.Updated.Before(formed.Updated) {
			continue
		}
		m.draft.absorbed = append(m.draft.absorbed, d.ID)
		m.draft.notSent = m.draft.notSent || d.NotSent
		m.base = baseOf(m.base, d)
		for f, v := range d.Values {
			values[f] = v
		}
	}
	m.openForm(values)
	return m
}

// Create makes a new contact from nothing.
func Create(o Options) *Model {
	m := start(o, work.DraftCreate, model.Contact{}, "New contact")
	m.key = o.NewID()
	m.openForm(nil)
	m.given = m.form.Draft()
	return m
}

// Copy makes a new contact with what a colleague of another one shares with it:
// type, department, address and company. Names, e-mail and LinkedIn stay empty.
func Copy(o Options, from model.Contact) *Model {
	m := start(o, work.DraftCreate, model.Contact{}, "New contact, a colleague of "+text.Name(from))
	m.key = o.NewID()
	values := model.Draft{}
	for _, f := range []model.FieldID{model.FieldType, model.FieldTypes, model.FieldDepartment, model.FieldAddress,
		model.FieldAddress2, model.FieldCity, model.FieldState, model.FieldZip} {
		if v := from.Get(f); !v.Empty() {
			values[f] = f.Def().Text(v)
		}
	}
	if raw, ok := from.Extra(companyField); ok {
		if id, err := strconv.ParseInt(raw, 10, 64); err == nil && id > 0 {
			m.extra = map[string]json.RawMessage{companyField: json.RawMessage(raw)}
		}
	}
	m.openForm(values)
	m.given = m.form.Draft()
	return m
}

// Undo shows the reverse of a saved change, which then goes the way of any
// other edit. now is the contact as it is loaded, zero when it is not.
func Undo(o Options, e work.Entry, now model.Contact) *Model {
	base, values := e.Reverse(now)
	m := start(o, work.DraftEdit, base, "Undo the change of "+plain.Clean(e.Name))
	m.undoes = e.ID
	m.openForm(values)
	m.given = m.form.Draft()
	m.patch = m.form.Patch()
	m.openPreview()
	return m
}

// Bulk edits contacts together, in the order given; with a draft it goes on
// with what was typed.
func Bulk(o Options, contacts []model.Contact, draft *work.Draft) *Model {
	m := start(o, work.DraftBulk, model.Contact{}, "Edit "+text.Plural(len(contacts), "marked contact"))
	m.contacts = slices.Clone(contacts)
	if draft == nil {
		m.openForm(nil)
		return m
	}
	m.continues(*draft)
	m.openForm(draft.Values)
	focusAgain(m.form, *draft)
	return m
}

// Reopen opens a draft where it was. now is its contact as it is loaded, zero
// when it is not. That of a bulk edit opens without contacts: Bulk takes those
// that are marked.
func Reopen(o Options, d work.Draft, now model.Contact) *Model {
	if d.Kind == work.DraftBulk {
		return Bulk(o, nil, &d)
	}
	base := now
	if base.ID() == 0 || d.ContactID == 0 {
		base = d.Base
	}
	if d.Kind == work.DraftNote {
		return Note(o, base, d.Note, []work.Draft{d})
	}
	if d.Kind == work.DraftField {
		return Field(o, base, d.Field, []work.Draft{d})
	}
	title := "Edit " + text.Name(base)
	if d.Kind == work.DraftCreate {
		title = "New contact"
	}
	m := start(o, d.Kind, base, title)
	m.continues(d)
	m.key = d.Key
	m.openForm(d.Values)
	m.setCompany(d.Company)
	focusAgain(m.form, d)
	return m
}

func start(o Options, kind work.DraftKind, base model.Contact, title string) *Model {
	return &Model{o: o, kind: kind, base: base, title: title, draft: draft{id: o.NewID()}}
}

// continues makes the edit that of a draft.
func (m *Model) continues(d work.Draft) {
	m.draft = draft{id: d.ID, kept: true, notSent: d.NotSent, problem: d.Problem}
	m.base = baseOf(m.base, d)
}

// baseOf is the contact as it is now, except for the fields of a draft: those
// stay as the edit began, so that a change by someone else is noticed.
func baseOf(now model.Contact, d work.Draft) model.Contact {
	if now.ID() == 0 {
		return now
	}
	for f := range d.Values {
		now = now.With(f, d.Base.Get(f))
	}
	return now
}

// openForm puts values into a new form over the base.
func (m *Model) openForm(values model.Draft) {
	mode := form.Edit
	switch m.kind {
	case work.DraftField:
		mode = form.Single
	case work.DraftCreate:
		mode = form.Create
	case work.DraftBulk:
		mode = form.Bulk
	}
	m.form = form.New(form.Options{Title: m.title, Mode: mode, Field: m.field, Base: m.base, Draft: values,
		Later: m.later(), Fixed: m.fixed, Theme: m.o.Theme, Keys: m.o.Keys})
	m.sizeForm()
}

// later reports whether the service has the fields that came after March 2026,
// as one of the loaded contacts shows.
func (m *Model) later() bool {
	return m.base.HasLater() || slices.ContainsFunc(m.contacts, model.Contact.HasLater) ||
		m.o.Contacts.Len() > 0 && m.o.Contacts.At(0).HasLater()
}

// focusAgain puts the cursor where it was, or into the first field that was
// typed into when the draft does not say.
func focusAgain(f editor, d work.Draft) {
	if f.Focus(d.Field); f.Field() == d.Field {
		return
	}
	for _, def := range model.Fields() {
		if _, typed := d.Values[def.ID]; typed {
			f.Focus(def.ID)
			return
		}
	}
}
