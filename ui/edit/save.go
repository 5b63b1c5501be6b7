package edit

import (
	"context"
	"errors"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/form"
	"github.com/levcontacts/levcontacts/ui/widget/menu"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/work"
)

// write is what is sent: a change of a contact or a new one.
type write struct {
	save   work.Save
	create *work.Create
	note   *work.NoteWrite
}

// send writes the draft to disk and then the contact to the service. The draft
// outlives a save that is stopped, so it has the context of the program.
func send(program, ctx context.Context, b Backend, w write, d *work.Draft, o own, seq uint64) tea.Cmd {
	return func() tea.Msg {
		msg := savedMsg{own: o, seq: seq}
		if d != nil {
			msg.kept = keptMsg{own: o, draft: *d, err: b.KeepDraft(program, *d)}
		}
		switch {
		case w.note != nil:
			msg.note, msg.err = b.SaveNote(ctx, *w.note)
		case w.create != nil:
			msg.saved, msg.err = b.Create(ctx, *w.create)
		default:
			msg.saved, msg.err = b.Save(ctx, w.save)
		}
		return msg
	}
}

// saveAsked shows what will change; a field edited in place shows it already.
func (m *Model) saveAsked() (tea.Cmd, []screen.Event) {
	if m.o.ReadOnly != "" {
		return nil, []screen.Event{m.say(screen.Note, "read-only: "+m.o.ReadOnly)}
	}
	if r := m.form.Refusals(); len(r) > 0 {
		return nil, []screen.Event{m.say(screen.Failure, "Not saved: "+firstRefusal(r))}
	}
	if m.kind == work.DraftBulk {
		return nil, m.previewBulk()
	}
	m.patch = m.form.Patch()
	switch {
	case m.patch.Empty() && (m.kind == work.DraftField || m.kind == work.DraftNote):
		return m.end(Ended{})
	case m.patch.Empty():
		return nil, []screen.Event{m.say(screen.Note, "nothing has changed, so nothing is sent")}
	case m.kind == work.DraftNote, m.kind == work.DraftField && !m.field.Def().List():
		// A list is sent whole: what that replaces is shown.
		return m.save()
	}
	m.openPreview()
	return m.findDuplicates(), nil
}

func firstRefusal(r map[model.FieldID]string) string {
	for _, f := range model.Fields() {
		if why, ok := r[f.ID]; ok {
			return text.Label(f.Label) + ": " + plain.Clean(why)
		}
	}
	if why, ok := r[model.FieldNotes]; ok {
		return "the note: " + why
	}
	return "a value is refused"
}

func (m *Model) openPreview() {
	m.state = previewing
	m.preview = form.NewPreview(form.PreviewOptions{Title: m.about(), Patch: m.patch,
		Create: m.kind == work.DraftCreate,
		Notes:  m.previewNotes(), Keys: m.o.Keys})
}

// about is whom the edit is about: the contact, or the one to be created.
func (m *Model) about() string {
	switch {
	case m.kind == work.DraftCreate:
		return "New contact: " + m.patch.Apply(model.Contact{}).Name()
	case m.undoes != "":
		return "Undo for " + m.base.Name()
	}
	return m.base.Name()
}

// previewNotes are what a save does besides, and likely duplicates. The
// published API documentation says that a new primary contact demotes the
// previous one.
func (m *Model) previewNotes() []string {
	var notes []string
	if c, ok := m.patch.Get(model.FieldPrimary); ok && c.After.True() {
		notes = append(notes, "the company's primary contact until now is no longer primary after this")
	}
	for _, c := range m.patch.Changes() {
		if note := c.Note(); note != "" {
			notes = append(notes, text.Label(c.Field.Def().Label)+": "+note)
		}
		switch fixed := m.base.ID() != 0; {
		case fixed && slices.Contains(m.fixed, c.Field):
			notes = append(notes, model.FixedAdvice(c.Field))
		case fixed && c.Field == model.FieldEmail:
			notes = append(notes, "Lev may not accept a new e-mail address")
		}
	}
	if words := m.companyWords(); words != "" {
		notes = append(notes, words+" is sent with it")
	}
	return append(notes, m.dups.notes...)
}

// save sends what was shown. The draft is on disk before anything is sent, and
// the form is a still picture until the answer is there.
func (m *Model) save() (tea.Cmd, []screen.Event) {
	if m.state == saving || m.state == keeping {
		return nil, nil
	}
	if m.o.ReadOnly != "" {
		return nil, []screen.Event{m.say(screen.Note, "read-only: "+m.o.ReadOnly)}
	}
	if m.table != nil {
		return m.startTable()
	}
	if m.kind == work.DraftBulk {
		return m.keepFor(starting)
	}
	m.preview, m.given, m.state = nil, nil, saving
	m.form.Freeze(true)
	w := write{save: work.Save{ID: m.base.ID(), Base: m.base, Patch: m.patch, DraftID: m.draft.id, Undoes: m.undoes}}
	if m.kind == work.DraftCreate {
		w.create = &work.Create{Values: m.patch, DraftID: m.draft.id, Key: m.key, Anyway: m.anyway, Extra: m.extra}
		m.anyway = false // of the attempts so far; this one may get no response either
	}
	if m.kind == work.DraftNote {
		w.note = m.noteWrite()
	}
	var d *work.Draft
	if current, ok := m.Draft(); ok {
		d, m.draft.kept, m.draft.at = &current, true, current.Updated
	}
	m.draft.seq++
	begin := func() tea.Cmd {
		ctx, seq := m.request.Begin(m.o.Context, m.o.Now())
		return send(m.o.Context, ctx, m.o.Backend, w, d, m.own(), seq)
	}
	events := []screen.Event{screen.Retract{Owner: m.owner()}}
	if !m.held {
		return begin(), events
	}
	m.turn = begin
	if d == nil {
		return nil, events
	}
	return keepDraft(m.o.Context, m.o.Backend, *d, m.own(), typingOn), events
}

// retry saves again after the sign-in what was refused for want of it.
func (m *Model) retry() (tea.Cmd, []screen.Event) {
	if m.state != typing || !sameContent(m.form.Patch(), m.patch) {
		return nil, nil
	}
	return m.save()
}

func sameContent(a, b model.Patch) bool { return slices.Equal(a.Changes(), b.Changes()) }

// onSaved takes the answer to a save.
func (m *Model) onSaved(msg savedMsg) (tea.Cmd, []screen.Event) {
	if !m.request.Take(msg.seq) {
		return nil, nil
	}
	m.state = typing
	m.form.Freeze(false)
	var events []screen.Event
	if msg.err != nil {
		err := model.AsError("save", msg.err)
		if msg.kept.id != "" && msg.kept.err != nil {
			_, events = m.onKept(msg.kept)
		}
		if err.Status != 0 {
			events = append(events, Answered{})
		}
		cmd, more := m.onRefused(err)
		return cmd, append(events, more...)
	}
	var cmd tea.Cmd
	switch {
	case m.kind == work.DraftNote:
		cmd, events = m.noteSaved(msg.note)
	case len(msg.saved.Conflicts) > 0:
		events = m.openConflict(msg.saved)
	case len(msg.saved.Candidates) > 0:
		events = m.askWhetherThis(msg.saved)
	default:
		cmd, events = m.saved(msg.saved)
	}
	return cmd, append([]screen.Event{Answered{}}, events...)
}

// saved ends the edit with the contact as the service answered it.
func (m *Model) saved(s work.Saved) (tea.Cmd, []screen.Event) {
	if s.Contact.ID() == 0 {
		s.NotTaken = nil // the answer holds nothing to compare with
	}
	e := Ended{Outcome: Saved, ContactID: s.Contact.ID(), Contact: s.Contact, Patch: m.patch, NotTaken: s.NotTaken,
		Created: m.kind == work.DraftCreate, Undone: m.undoes != "" && !s.Nothing}
	level, words := m.savedWords(s)
	cmd, events := m.end(e)
	return cmd, append(events, said(level, words))
}

// openConflict shows what someone else changed. The base stays as the edit
// began until the user has decided.
func (m *Model) openConflict(s work.Saved) []screen.Event {
	m.theirs, m.state = s.Theirs, deciding
	rest, conflicts := model.Merge(m.patch, s.Theirs)
	m.conflict = form.NewConflictView(form.ConflictOptions{Title: text.Name(s.Theirs), Conflicts: conflicts,
		Rest: rest, Keys: m.o.Keys})
	return []screen.Event{Theirs{s.Theirs}}
}

// conflictsDecided puts the decisions into the form, so that a refusal of the
// save does not undo them, and shows the result before it is sent.
func (m *Model) conflictsDecided() (tea.Cmd, []screen.Event) {
	values := model.Draft{}
	for _, c := range m.conflict.Patch().Changes() {
		values[c.Field] = c.Field.Def().Text(c.After)
	}
	at := m.form.Field()
	m.base, m.conflict, m.state = m.theirs, nil, typing
	m.openForm(values)
	m.form.Focus(at)
	m.patch = m.form.Patch()
	if m.patch.Empty() {
		cmd, events := m.end(Ended{Patch: m.patch})
		return cmd, append(events, said(screen.Good, "Kept their values. Nothing to save."))
	}
	m.openPreview()
	return m.keep(typingOn), nil
}

// askWhetherThis asks whether an earlier attempt to create the contact, which
// got no response, has made one of these.
func (m *Model) askWhetherThis(s work.Saved) []screen.Event {
	m.state, m.entry = unsure, s.EntryID
	var items []menu.Item
	for _, c := range s.Candidates {
		items = append(items, menu.Item{Text: text.Name(c), Detail: plain.Clean(c.Get(model.FieldEmail).String()),
			Msg: existingMsg{m.own(), c.ID()}})
	}
	items = append(items, menu.Item{Text: "No, create it now", Msg: createAnywayMsg{m.own()}})
	return []screen.Event{screen.Open{When: screen.WhenFree, Over: m.ID(), Overlay: menu.Open(menu.Options{
		Title: "An earlier attempt may have arrived. Is this the contact?", Items: items,
		Foot:    "nothing is sent before you say",
		OnClose: askedAgainMsg{m.own()},
	})}}
}

// unask goes back to the form without an answer: the next save asks again.
func (m *Model) unask() {
	if m.state == unsure {
		m.state = typing
	}
}

func (m *Model) createAnyway() (tea.Cmd, []screen.Event) {
	if m.state != unsure {
		return nil, nil
	}
	m.anyway = true
	return m.save()
}

// settle notes that an earlier attempt has made the contact.
func (m *Model) settle(contactID int64) (tea.Cmd, []screen.Event) {
	if m.state != unsure {
		return nil, nil
	}
	m.state = saving
	m.form.Freeze(true)
	ctx, seq := m.request.Begin(m.o.Context, m.o.Now())
	return settle(ctx, m.o.Backend, m.entry, contactID, m.own(), seq), nil
}

func settle(ctx context.Context, b Backend, entry string, contactID int64, o own, seq uint64) tea.Cmd {
	return func() tea.Msg { return settledMsg{o, seq, contactID, b.Settle(ctx, entry, contactID)} }
}

func (m *Model) onSettled(msg settledMsg) (tea.Cmd, []screen.Event) {
	if !m.request.Take(msg.seq) {
		return nil, nil
	}
	m.state = typing
	m.form.Freeze(false)
	if msg.err != nil {
		e := model.AsError("settle", msg.err)
		return nil, []screen.Event{screen.Say{Message: screen.Message{Owner: m.owner(), Level: screen.Failure,
			Text: text.Error(e), Trace: text.Trace(e), Err: e}}}
	}
	cmd, events := m.end(Ended{Outcome: Existing, ContactID: msg.contactID})
	return cmd, append(events, said(screen.Good, "That is the contact you created; nothing was sent again"))
}

// cannotTell says that the service could not tell whether an earlier attempt
// made the contact.
func cannotTell(err error) bool { return errors.Is(err, work.ErrCannotLook) }

// readOnlyWords are what a service says when the key cannot write at all; a
// role that may not create may still edit.
func readOnlyWords(message string) bool {
	message = strings.ToLower(message)
	return slices.ContainsFunc([]string{"read-only", "read only", "readonly", "contacts:write", "write scope",
		"write access"},
		func(sign string) bool { return strings.Contains(message, sign) })
}
