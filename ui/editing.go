package ui

import (
	"encoding/json"
	"maps"
	"time"

	tea "charm.land/bubbletea/v2"

	"levcontacts/internal/plain"
	"levcontacts/model"
	"levcontacts/ui/widget/form"
	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/request"
	"levcontacts/ui/widget/theme"
	"levcontacts/work"
)

// editing is the one edit that may be open: a field in place, or a form with
// what is shown before a save and when somebody else changed the contact too.
type editing struct {
	inline   *form.Form
	form     *form.Form
	preview  *form.Preview
	conflict *form.ConflictView

	kind     work.DraftKind
	field    model.FieldID
	base     model.Contact // as the edit began; no id for a new contact
	draftID  string
	key      string      // idempotency key of a create, the same for every try
	undoes   string      // journal entry that this edit takes back
	patch    model.Patch // what is shown in the preview and sent
	saving   request.Slot
	draftSeq uint64
	draftAt  time.Time // when the draft was last written
	twins    request.Slot
	twinIDs  []int64                    // likely twins of the contact being typed
	entry    string                     // journal entry of an earlier try of this create
	anyway   bool                       // none of the candidates is it: create
	extra    map[string]json.RawMessage // members of a create that are no fields
	problem  string                     // why the last save was refused
	given    model.Draft                // what the form opened with that nobody typed; nil once it is to be saved
	notSent  bool                       // a save was asked for and could not reach the service
	w, h     int
}

func (e *editing) active() bool {
	return e.inline != nil || e.form != nil || e.preview != nil || e.conflict != nil
}

// dirty says that something was typed that is not saved.
func (e *editing) dirty() bool {
	switch {
	case e.inline != nil:
		return e.inline.Dirty()
	case e.form != nil:
		return e.form.Dirty() && (e.given == nil || !maps.Equal(e.form.Draft(), e.given))
	}
	return false
}

// onlyLooked says that the edit is an undo that was shown and not touched.
func (e *editing) onlyLooked() bool { return e.undoes != "" && e.draftAt.IsZero() }

func (e *editing) scope() keymap.Scope {
	switch {
	case e.conflict != nil:
		return keymap.Conflict
	case e.preview != nil:
		return keymap.Preview
	case e.form != nil:
		return keymap.Form
	default:
		return keymap.Field
	}
}

func (e *editing) resize(w, h int) {
	e.w, e.h = w, h
	if e.form != nil {
		e.form.SetSize(w, h)
	}
}

func (e *editing) setTheme(t theme.Theme) {
	if e.form != nil {
		e.form.SetTheme(t)
	}
	if e.inline != nil {
		e.inline.SetTheme(t)
	}
}

// body draws what takes the place of the panes, and its cursor.
func (e *editing) body(m *Model, r rect) ([]string, *tea.Cursor, bool) {
	switch {
	case e.conflict != nil:
		return e.conflict.View(r.w, r.h, m.theme), nil, true
	case e.preview != nil:
		return e.preview.View(r.w, r.h, m.theme), nil, true
	case e.form != nil:
		c := e.form.Cursor()
		if c != nil {
			c = tea.NewCursor(c.X+r.x, c.Y+r.y)
		}
		return e.form.View(), c, true
	}
	return nil, nil, false
}

// inlineCursor is the terminal's cursor in the field edited in place.
func (m *Model) inlineCursor(l layout) *tea.Cursor {
	if m.edit.inline == nil {
		return nil
	}
	c := m.edit.inline.Cursor()
	if c == nil {
		return nil
	}
	x, y := m.detail.EditorAt(m.theme, m.detailLook())
	return tea.NewCursor(l.detail.x+x+c.X, l.detail.y+y+c.Y)
}

// editMsg gives a message to the innermost editor.
func (m *Model) editMsg(msg tea.Msg) tea.Cmd {
	e := &m.edit
	if e.saving.Busy() {
		return m.savingMsg(msg)
	}
	if key, ok := msg.(tea.KeyPressMsg); ok && e.scope() == keymap.Form && m.keys.Is(key.String(), keymap.Form, keymap.FormTwin) {
		return m.goToTwin()
	}
	var cmd tea.Cmd
	var intent form.Intent
	switch {
	case e.conflict != nil:
		intent = e.conflict.Update(msg)
	case e.preview != nil:
		intent = e.preview.Update(msg)
	case e.form != nil:
		from := e.form.Field()
		cmd, intent = e.form.Update(msg)
		if e.form.Field() != from && e.dirty() && !e.onlyLooked() {
			cmd = tea.Batch(cmd, m.draftSoon()) // the draft also says where the cursor is
		}
	default:
		cmd, intent = e.inline.Update(msg)
	}
	return tea.Batch(cmd, m.onEditIntent(intent))
}

// savingMsg takes keys while a save is under way: only to stop it means
// something. The answer is waited for, for it tells what became of the save.
func (m *Model) savingMsg(msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil
	}
	if a, _ := m.keys.Find(key.String(), m.edit.scope()); a.Name == keymap.FieldLeave || a.Name == keymap.FormLeave {
		m.edit.saving.Interrupt()
	}
	return nil
}

// onEditIntent turns what an editor asks for into what happens.
func (m *Model) onEditIntent(intent form.Intent) tea.Cmd {
	switch intent {
	case form.Changed:
		return tea.Batch(m.draftSoon(), m.lookForTwins())
	case form.SaveAsked:
		return m.saveAsked()
	case form.LeaveAsked:
		return m.leaveAsked()
	case form.SaveConfirmed:
		return m.save()
	case form.Decided:
		return m.conflictsDecided()
	case form.Back:
		m.edit.preview, m.edit.conflict = nil, nil
		if m.edit.onlyLooked() || m.edit.form == nil && m.edit.inline == nil {
			m.closeEdit()
		}
	}
	return nil
}

// editField edits the field under the cursor of the details in place.
func (m *Model) editField() tea.Cmd {
	row, ok := m.detail.Row()
	contact, has := m.detail.Contact()
	if !ok || !has {
		return nil
	}
	def := row.Field.Def()
	if row.Extra != "" || !def.Update {
		m.say(toastNote, "the service sets this field; it cannot be edited here")
		return nil
	}
	if d, waiting := m.drafts[contact.ID()]; waiting && (d.Kind != work.DraftField || d.Field != row.Field) {
		return m.openDraft(d.ID)
	}
	m.beginEdit(work.DraftField, contact)
	m.edit.field = row.Field
	var typed model.Draft
	if d, waiting := m.drafts[contact.ID()]; waiting {
		typed, m.edit.draftID, m.edit.base, m.edit.notSent = d.Values, d.ID, m.draftBase(d), d.NotSent
	}
	m.edit.inline = form.New(form.Options{Mode: form.Single, Field: row.Field, Base: m.edit.base, Draft: typed, Theme: m.theme, Keys: m.keys})
	return nil
}

// editContact opens the form, with what was typed earlier if that waits.
func (m *Model) editContact() tea.Cmd {
	contact, ok := m.detail.Contact()
	if !ok {
		return nil
	}
	if d, waiting := m.drafts[contact.ID()]; waiting {
		return m.openDraft(d.ID)
	}
	return m.openForm(work.DraftEdit, contact, nil, "Edit "+nameOf(contact))
}

// newContact opens an empty form, or one filled from the selected contact.
func (m *Model) newContact(fromSelected bool) tea.Cmd {
	values, title := model.Draft{}, "New contact"
	if contact, ok := m.detail.Contact(); fromSelected && ok {
		title = "New contact, a copy of " + nameOf(contact)
		for _, f := range model.FieldTable() {
			if v := contact.Get(f.ID); f.Create && !v.Empty() && f.ID != model.FieldPrimary {
				values[f.ID] = v.String()
			}
		}
	}
	cmd := m.openForm(work.DraftCreate, model.Contact{}, values, title)
	m.edit.key, m.edit.given = m.o.NewID(), m.edit.form.Draft()
	return cmd
}

func (m *Model) openForm(kind work.DraftKind, base model.Contact, values model.Draft, title string) tea.Cmd {
	m.beginEdit(kind, base)
	mode := form.Edit
	switch kind {
	case work.DraftCreate:
		mode = form.Create
	case work.DraftBulk:
		mode = form.Bulk
	}
	m.edit.form = form.New(form.Options{Title: title, Base: base, Draft: values, Mode: mode, Theme: m.theme, Keys: m.keys})
	m.edit.form.SetSize(m.edit.w, m.edit.h)
	return nil
}

func (m *Model) beginEdit(kind work.DraftKind, base model.Contact) {
	m.dismissMarks()
	e := &m.edit
	e.saving.Stop()
	*e = editing{kind: kind, base: base, draftID: m.o.NewID(), w: e.w, h: e.h, saving: e.saving, draftSeq: e.draftSeq, twins: e.twins}
}

func (m *Model) closeEdit() {
	e := &m.edit
	e.saving.Stop()
	*e = editing{w: e.w, h: e.h, saving: e.saving, draftSeq: e.draftSeq, twins: e.twins}
	m.dismissAny(func(t toast) bool { return t.edit })
	m.refreshDetail()
}

// saveAsked shows what will change; a field edited in place shows it already.
func (m *Model) saveAsked() tea.Cmd {
	e := &m.edit
	if e.inline != nil {
		e.patch = e.inline.Patch()
		if e.patch.Empty() {
			return m.leaveNothing()
		}
		return m.save()
	}
	if e.kind == work.DraftBulk {
		return m.previewBulk()
	}
	if r := e.form.Refusals(); len(r) > 0 {
		m.say(toastError, "Not saved: "+firstRefusal(r))
		return nil
	}
	e.patch = e.form.Patch()
	if e.patch.Empty() {
		m.say(toastNote, "nothing has changed, so nothing is sent")
		return nil
	}
	m.openPreview()
	return nil
}

func firstRefusal(r map[model.FieldID]string) string {
	for _, f := range model.FieldTable() {
		if text, ok := r[f.ID]; ok {
			return inText(f.Label) + ": " + plain.Clean(text)
		}
	}
	return "a value is refused"
}

func (m *Model) openPreview() {
	e := &m.edit
	e.preview = form.NewPreview(form.PreviewOptions{
		Title: m.editTitle(), Patch: e.patch, Create: e.kind == work.DraftCreate, Notes: sideEffects(e.base, e.patch), Keys: m.keys,
	})
}

// editTitle is whom the edit is about: the contact, or the one to be created.
func (m *Model) editTitle() string {
	switch {
	case m.edit.kind == work.DraftCreate:
		return "New contact: " + m.edit.patch.Apply(model.Contact{}).Name()
	case m.edit.undoes != "":
		return "Undo for " + m.edit.base.Name()
	}
	return m.edit.base.Name()
}

// sideEffects are what the service does besides: the published API
// documentation says that a new primary contact demotes the one before.
func sideEffects(base model.Contact, p model.Patch) []string {
	var notes []string
	if c, ok := p.Get(model.FieldPrimary); ok && c.After.True() {
		notes = append(notes, "the company's primary contact until now is no longer primary after this")
	}
	if _, ok := p.Get(model.FieldEmail); ok && base.ID() != 0 {
		notes = append(notes, "some versions of the service refuse a change of the e-mail address")
	}
	return notes
}

// leaveNothing closes an edit in which nothing has changed.
func (m *Model) leaveNothing() tea.Cmd {
	id := m.edit.draftID
	m.closeEdit()
	return m.dropDraft(id)
}

// leaveAsked leaves an editor. What was typed stays as a draft; leaving a
// changed form asks first, and to keep editing is the default.
func (m *Model) leaveAsked() tea.Cmd {
	e := &m.edit
	if !e.dirty() {
		return m.leaveNothing()
	}
	if e.inline != nil {
		keep := m.keepDraft(false)
		m.closeEdit()
		m.say(toastNote, "kept as a draft; edit the field again to go on, "+m.keys.Key(keymap.Drafts)+" lists drafts")
		return keep
	}
	m.confirmLeave()
	return nil
}
