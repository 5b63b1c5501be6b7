package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"levcontacts/internal/plain"
	"levcontacts/model"
	"levcontacts/ui/widget/form"
	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/menu"
	"levcontacts/work"
)

type savedMsg struct {
	seq   uint64
	saved work.Saved
	gauge work.Gauge
	err   error
}

func saveContact(ctx context.Context, b Backend, s work.Save, seq uint64) tea.Cmd {
	return func() tea.Msg {
		saved, err := b.Save(ctx, s)
		return savedMsg{seq, saved, b.Gauge(), err}
	}
}

func createContact(ctx context.Context, b Backend, c work.Create, seq uint64) tea.Cmd {
	return func() tea.Msg {
		saved, err := b.Create(ctx, c)
		return savedMsg{seq, saved, b.Gauge(), err}
	}
}

// save sends what was shown. The draft is on disk before anything is sent, and
// the editor is a still picture until the answer is there.
func (m *Model) save() tea.Cmd {
	e := &m.edit
	if e.saving.Busy() {
		return nil
	}
	if e.kind == work.DraftBulk {
		return m.startBulk()
	}
	e.preview, e.given = nil, nil
	e.notSent = e.notSent || m.shelf.offline
	m.freeze(true)
	m.dismiss()
	ctx, seq := e.saving.Begin(m.ctx, m.o.Now())
	var send tea.Cmd
	if e.kind == work.DraftCreate {
		send = createContact(ctx, m.o.Backend, work.Create{Values: e.patch, DraftID: e.draftID, Key: e.key, Anyway: e.anyway, Extra: e.extra}, seq)
	} else {
		send = saveContact(ctx, m.o.Backend, work.Save{ID: e.base.ID(), Base: e.base, Patch: e.patch, DraftID: e.draftID, Undoes: e.undoes}, seq)
	}
	if keep := m.keepDraft(true); keep != nil {
		return tea.Sequence(keep, send)
	}
	return send
}

func (m *Model) freeze(on bool) {
	if f := m.edit.form; f != nil {
		f.Freeze(on)
	}
	if in := m.edit.inline; in != nil {
		in.Freeze(on)
	}
}

// onSaved takes the answer to a save.
func (m *Model) onSaved(msg savedMsg) tea.Cmd {
	e := &m.edit
	if !e.saving.Take(msg.seq) {
		return nil
	}
	m.gauge = msg.gauge
	m.freeze(false)
	if msg.err != nil {
		err := model.AsError("save", msg.err)
		return tea.Batch(m.onSaveError(err), m.answered(err.Status != 0))
	}
	switch {
	case len(msg.saved.Conflicts) > 0:
		return tea.Batch(m.openConflicts(msg.saved), m.answered(true))
	case len(msg.saved.Candidates) > 0:
		m.askWhetherThis(msg.saved)
		return m.answered(true)
	}
	return tea.Batch(m.saveDone(msg.saved), m.answered(true))
}

// answered goes on with the lists when the answer to a save shows that the
// service can be reached again.
func (m *Model) answered(yes bool) tea.Cmd {
	if !yes || !m.shelf.offline {
		return nil
	}
	m.shelf.offline, m.shelf.pause = false, 0
	return m.resumeLists()
}

// saveDone shows the contact as the service answered it, without fetching it.
func (m *Model) saveDone(s work.Saved) tea.Cmd {
	e := &m.edit
	created, undone, patch, draftID := e.kind == work.DraftCreate, e.undoes != "", e.patch, e.draftID
	m.putContact(s.Contact)
	if created && !s.Contact.Connected() {
		if m.shelf.kept == nil {
			m.shelf.kept = map[int64]bool{}
		}
		m.shelf.kept[s.Contact.ID()] = true
	}
	m.closeEdit()
	if created {
		m.selected = s.Contact.ID()
	}
	if undone && !s.Nothing && len(s.NotTaken) == 0 {
		m.say(toastGood, "undone and saved: "+fieldWords(patch)+" of "+nameOf(s.Contact))
	} else {
		m.tellSaved(s, created, patch)
	}
	delete(m.drafts, s.Contact.ID())
	return tea.Batch(m.recompute(), m.dropDraft(draftID))
}

func (m *Model) tellSaved(s work.Saved, created bool, patch model.Patch) {
	name := nameOf(s.Contact)
	switch {
	case len(s.NotTaken) > 0:
		var parts []string
		for _, c := range s.NotTaken {
			parts = append(parts, fmt.Sprintf("%s is %q, not %q", inText(c.Field.Def().Label), plain.Clean(c.Theirs.String()), plain.Clean(c.My.String())))
		}
		m.say(toastError, "Saved, but the service holds another value: "+strings.Join(parts, "; "))
	case s.Nothing:
		m.say(toastGood, name+" had these values already; nothing was sent")
	case created && !s.Contact.Connected():
		m.say(toastGood, name+" is created, not connected yet, and kept in view")
	case created:
		m.say(toastGood, name+" is created")
	default:
		m.say(toastGood, "saved: "+fieldWords(patch)+" of "+name+" · "+m.keys.Key(keymap.Undo)+" undoes it")
	}
}

// fieldWords names the fields of a patch: "title and city".
func fieldWords(p model.Patch) string {
	var names []string
	for _, c := range p.Changes() {
		names = append(names, inText(c.Field.Def().Label))
	}
	switch n := len(names); {
	case n == 0:
		return "nothing"
	case n <= 2:
		return strings.Join(names, " and ")
	case n <= 4:
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	default:
		return many(n, "field")
	}
}

// onSaveError shows a refusal where the person can act on it and keeps every
// typed character.
func (m *Model) onSaveError(err *model.Error) tea.Cmd {
	e := &m.edit
	if err.Kind == model.KindCanceled {
		m.say(toastNote, "stopped; what you typed is kept, and saving again first looks whether it has arrived")
		return m.keepDraft(true)
	}
	e.problem, e.notSent = err.Headline(), err.Kind == model.KindNetwork
	if f := e.form; f != nil {
		f.Refuse(err)
	}
	if in := e.inline; in != nil {
		in.Refuse(err)
	}
	if wantsCompany(e, err) {
		m.askCompany("", "")
	}
	switch err.Kind {
	case model.KindUnauthorized:
		m.askSignIn(err, m.save)
	case model.KindForbidden:
		m.learnReadOnly(err)
	case model.KindNetwork:
		m.say(toastError, "Not sent: the service cannot be reached. What you typed is kept as a draft; save again when it is back.")
		m.toast.offline, m.toast.edit = true, true
		return tea.Batch(m.tryAgain(err, chainFull), m.keepDraft(true))
	}
	return m.keepDraft(true)
}

// learnReadOnly takes the service at its word when it says that the key cannot
// write at all; a role that may not create may still edit.
func (m *Model) learnReadOnly(err *model.Error) {
	text := strings.ToLower(err.Message)
	for _, sign := range []string{"read-only", "read only", "readonly", "contacts:write", "write scope", "write access"} {
		if strings.Contains(text, sign) {
			m.account.ReadOnly = "the service says the key may not write"
		}
	}
}

func (m *Model) openConflicts(s work.Saved) tea.Cmd {
	e := &m.edit
	m.putContact(s.Theirs)
	rest, conflicts := model.Merge(e.patch, s.Theirs)
	e.conflict = form.NewConflictView(form.ConflictOptions{Title: nameOf(s.Theirs), Conflicts: conflicts, Rest: rest, Keys: m.keys})
	e.base = s.Theirs
	return m.recompute()
}

// conflictsDecided goes on with what the person chose for every field that
// somebody else changed too; the result is shown before it is sent.
func (m *Model) conflictsDecided() tea.Cmd {
	e := &m.edit
	e.patch = e.conflict.Patch()
	e.conflict = nil
	if e.patch.Empty() {
		m.say(toastGood, "nothing is left to send; their values stay")
		return m.leaveNothing()
	}
	m.openPreview()
	return nil
}

// putContact puts a contact as the service answered it into the list.
func (m *Model) putContact(c model.Contact) {
	if c.ID() == 0 {
		return
	}
	m.shelf.book.Put(c.Pack())
	m.refreshDetail()
}

// askWhetherThis asks whether an earlier try of this create, whose answer never
// came, has made one of these contacts after all.
func (m *Model) askWhetherThis(s work.Saved) {
	m.edit.entry = s.EntryID
	mm := menu.New(menuSame, "An earlier try may have arrived. Is this the contact?", candidateItems(s.Candidates, "no, create it now"), false)
	mm.Foot = "nothing is sent before you say"
	m.openMenu(mm)
}

func (m *Model) onSameMenu(it menu.Item) tea.Cmd {
	e := &m.edit
	if it.ID == "0" {
		e.anyway = true
		return m.save()
	}
	var id int64
	fmt.Sscan(it.ID, &id)
	ctx, b, entry, draft := m.ctx, m.o.Backend, e.entry, e.draftID
	m.unsure = slices.DeleteFunc(m.unsure, isEntry(entry))
	m.closeEdit()
	settled := do("it is the contact you created; nothing was sent again", func() error { return b.Settle(ctx, entry, id) })
	return tea.Batch(settled, m.dropDraft(draft), m.goTo(id))
}

// confirmLeave asks what to do with what was typed; to keep editing comes first.
func (m *Model) confirmLeave() {
	items := []menu.Item{
		{ID: "stay", Text: "keep editing", Key: "k"},
		{ID: "draft", Text: "leave, and keep it as a draft", Key: "l"},
		{ID: "drop", Text: "throw away what I typed", Key: "t"},
	}
	m.openMenu(menu.New(menuLeave, "What you typed is not saved", items, false))
}

func (m *Model) onLeaveMenu(it menu.Item) tea.Cmd {
	switch it.ID {
	case "draft":
		keep := m.keepDraft(false)
		m.closeEdit()
		m.say(toastNote, "kept as a draft; "+m.keys.Key(keymap.Drafts)+" lists drafts")
		return keep
	case "drop":
		id := m.edit.draftID
		m.closeEdit()
		return m.dropDraft(id)
	}
	return nil
}
