package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"levcontacts/internal/plain"
	"levcontacts/model"
	"levcontacts/ui/widget/form"
	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/reader"
	"levcontacts/work"
)

// draftDelay is how long after a key the draft is written, and draftEvery how
// often it is while somebody types on: together well within the second that may
// be lost to a crash, and not on every key.
const (
	draftDelay = 250 * time.Millisecond
	draftEvery = 500 * time.Millisecond
)

type draftsMsg struct {
	drafts []work.Draft
	err    error
}

type draftKeptMsg struct{ err error }

type draftDueMsg struct{ seq uint64 }

func readDrafts(ctx context.Context, d Drafts) tea.Cmd {
	return func() tea.Msg {
		all, err := d.Drafts(ctx)
		return draftsMsg{all, err}
	}
}

func keepDraft(ctx context.Context, d Drafts, draft work.Draft) tea.Cmd {
	return func() tea.Msg { return draftKeptMsg{d.KeepDraft(ctx, draft)} }
}

// onDrafts takes the drafts of earlier runs. One whose editor was open when
// that run ended is opened again where it was.
func (m *Model) onDrafts(msg draftsMsg) {
	if msg.err != nil {
		m.say(toastError, "drafts cannot be read: "+msg.err.Error())
		return
	}
	m.leftover = msg.drafts
	for _, d := range msg.drafts {
		if d.ContactID != 0 {
			m.drafts[d.ContactID] = d
		}
	}
	if len(msg.drafts) == 0 || m.edit.active() {
		return
	}
	for _, d := range msg.drafts {
		if d.Open && !d.Mine {
			m.openDraft(d.ID)
			m.waiting.drafts = "this edit was open when the program ended; it goes on here"
			m.sayWaiting()
			return
		}
	}
	m.waiting.drafts = many(len(msg.drafts), "draft") + " not saved yet; " + m.keys.Key(keymap.Drafts) + " shows them"
	m.sayWaiting()
}

// draftSoon writes the draft shortly after the last key.
func (m *Model) draftSoon() tea.Cmd {
	m.edit.draftSeq++
	seq := m.edit.draftSeq
	return m.o.After(draftDelay, draftDueMsg{seq})
}

func (m *Model) onDraftDue(msg draftDueMsg) tea.Cmd {
	// Written also when more was typed since: somebody who does not pause would
	// otherwise have nothing on disk.
	typing := msg.seq != m.edit.draftSeq
	if !m.edit.active() || typing && m.o.Now().Sub(m.edit.draftAt) < draftEvery {
		return nil
	}
	return m.keepDraft(true)
}

// currentDraft is what is being typed, and whether there is anything.
func (m *Model) currentDraft() (work.Draft, bool) {
	e := &m.edit
	d := work.Draft{ID: e.draftID, Kind: e.kind, ContactID: e.base.ID(), Field: e.field, Base: e.base, Key: e.key, Updated: m.o.Now(), Mine: true, NotSent: e.notSent, Problem: e.problem}
	switch {
	case e.inline != nil && e.inline.Dirty():
		d.Values = e.inline.Draft()
	case e.form != nil && e.dirty():
		d.Values, d.Field = e.form.Draft(), e.form.Field()
	default:
		return work.Draft{}, false
	}
	return d, true
}

// keepDraft writes what is being typed. What was typed and taken back is
// forgotten, so that it does not come back at the next start.
func (m *Model) keepDraft(open bool) tea.Cmd {
	d, ok := m.currentDraft()
	if !ok && m.edit.draftID != "" {
		return m.dropDraft(m.edit.draftID)
	}
	if !ok {
		return nil
	}
	m.edit.draftAt = d.Updated
	d.Open = open
	if d.ContactID != 0 {
		m.drafts[d.ContactID] = d
	}
	m.remember(d)
	return keepDraft(m.ctx, m.o.Backend, d)
}

// remember holds a draft among those that wait.
func (m *Model) remember(d work.Draft) {
	for i := range m.leftover {
		if m.leftover[i].ID == d.ID {
			m.leftover[i] = d
			return
		}
	}
	m.leftover = append([]work.Draft{d}, m.leftover...)
}

func (m *Model) keepDraftNow() tea.Cmd {
	m.edit.draftSeq++
	return m.keepDraft(true)
}

// OpenDraft is the draft of the edit that is open, for the program to write
// when it is ended from outside.
func (m *Model) OpenDraft() (work.Draft, bool) {
	d, ok := m.currentDraft()
	d.Open = true
	return d, ok
}

func (m *Model) dropDraft(id string) tea.Cmd {
	if !m.forgetDraft(id) {
		return nil
	}
	ctx, b := m.ctx, m.o.Backend
	return func() tea.Msg { return draftKeptMsg{b.DropDraft(ctx, id)} }
}

// forgetDraft takes a draft out of what the screen knows, and reports whether it
// was there.
func (m *Model) forgetDraft(id string) bool {
	m.edit.draftSeq++
	held := false
	for i, d := range m.leftover {
		if d.ID == id {
			m.leftover = append(m.leftover[:i:i], m.leftover[i+1:]...)
			held = true
			break
		}
	}
	for contact, d := range m.drafts {
		if d.ID == id {
			delete(m.drafts, contact)
			held = true
		}
	}
	return held
}

func (m *Model) onDraftKept(msg draftKeptMsg) {
	if msg.err != nil {
		m.say(toastError, "the draft could not be written, it lives only on this screen: "+msg.err.Error())
	}
}

// unsent counts edits that were to be saved while offline and wait to be offered.
func (m *Model) unsent() int {
	n := 0
	for _, d := range m.leftover {
		if d.NotSent {
			n++
		}
	}
	return n
}

func (m *Model) draftNote(d work.Draft) string {
	text := "a draft waits here; " + m.keys.Key(keymap.ContactEdit) + " opens it"
	if d.NotSent {
		text = "not sent yet; " + m.keys.Key(keymap.ContactEdit) + " opens it"
	}
	return text
}

// openDrafts lists the drafts that wait.
func (m *Model) openDrafts() {
	var lines []reader.Line
	for _, d := range m.leftover {
		text := draftTitle(d) + " · " + plain.Ago(d.Updated, m.o.Now())
		if d.NotSent {
			text += " · not sent"
		}
		if d.Problem != "" {
			text += " · " + plain.Clean(d.Problem)
		}
		lines = append(lines, reader.Line{Text: text, ID: d.ID})
	}
	if len(lines) == 0 {
		lines = []reader.Line{{Text: "no drafts: everything that was typed is saved"}}
	}
	v := reader.New(viewDrafts, "Drafts", lines)
	v.Foot = "enter opens   saving or throwing away ends a draft   esc close"
	m.openViewer(v)
}

func draftTitle(d work.Draft) string {
	switch d.Kind {
	case work.DraftCreate:
		c := model.Diff(model.Contact{}, d.Values).Apply(model.Contact{})
		if c.HasName() {
			return "new contact " + nameOf(c)
		}
		return "new contact"
	case work.DraftField:
		return plain.Clean(d.Base.Name()) + ", " + d.Field.Def().Label
	case work.DraftBulk:
		return "edit of several contacts"
	default:
		return nameOf(d.Base) + ", " + many(len(d.Values), "field")
	}
}

// openDraft opens a draft where it was, over the contact as it is now.
func (m *Model) openDraft(id string) tea.Cmd {
	for _, d := range m.leftover {
		if d.ID == id {
			return m.reopen(d)
		}
	}
	return nil
}

func (m *Model) reopen(d work.Draft) tea.Cmd {
	base := m.draftBase(d)
	if d.ContactID != 0 {
		if _, held := m.shelf.book.Find(d.ContactID); held {
			m.selected = d.ContactID
			m.reselect()
		}
		m.drafts[d.ContactID] = d
	}
	var cmd tea.Cmd
	switch d.Kind {
	case work.DraftField:
		m.selected, m.focus = d.ContactID, paneDetail
		m.relayout()
		m.detail.Show(base, m.o.Now())
		m.detail.MoveToField(d.Field)
		return m.editField()
	case work.DraftBulk:
		m.say(toastNote, "mark the contacts again; what was typed is in the form")
		cmd = m.openForm(work.DraftBulk, model.Contact{}, d.Values, "Edit several contacts")
	case work.DraftCreate:
		cmd = m.openForm(work.DraftCreate, base, d.Values, "New contact")
	default:
		cmd = m.openForm(work.DraftEdit, base, d.Values, "Edit "+nameOf(base))
	}
	m.edit.draftID, m.edit.key, m.edit.notSent = d.ID, d.Key, d.NotSent
	focusAgain(m.edit.form, d)
	return tea.Batch(cmd, m.lookForTwins())
}

// focusAgain puts the cursor where it was, or into the first field that was
// typed into when the draft does not say.
func focusAgain(f *form.Form, d work.Draft) {
	if f.Focus(d.Field); f.Field() == d.Field {
		return
	}
	for _, def := range model.FieldTable() {
		if _, typed := d.Values[def.ID]; typed {
			f.Focus(def.ID)
			return
		}
	}
}

// draftBase is the contact as it is now, except for the fields that were being
// edited: those stay as the edit began, so that a colleague's change to them is
// noticed before a save.
func (m *Model) draftBase(d work.Draft) model.Contact {
	p, held := m.shelf.book.Find(d.ContactID)
	if !held || d.ContactID == 0 {
		return d.Base
	}
	base := contactOf(p)
	for f := range d.Values {
		base = base.With(f, d.Base.Get(f))
	}
	return base
}
