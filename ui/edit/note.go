package edit

import (
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/detail"
	"github.com/levcontacts/levcontacts/ui/widget/form"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/menu"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
	"github.com/levcontacts/levcontacts/work"
)

// editor is what values are typed into: the form of a contact, or one text.
type editor interface {
	detail.Editor
	Update(tea.Msg) (tea.Cmd, form.Intent)
	View() []string
	Cursor() *tea.Cursor
	SetSize(w, h int)
	SetTheme(theme.Theme)
	SetNotes([]string)
	SetFixed([]model.FieldID)
	Draft() model.Draft
	Patch() model.Patch
	Dirty() bool
	Refusals() map[model.FieldID]string
	Refuse(*model.Error)
	Freeze(bool)
	Field() model.FieldID
	Focus(model.FieldID)
	Pick()
}

// noting is what an edit of a note is about.
type noting struct {
	before  model.Note // as the edit began; no ID for a new note
	theirs  model.Note // as someone else has changed it
	deletes bool
}

func (n noting) what() string {
	switch {
	case n.deletes:
		return "deletion of a note on"
	case n.before.ID == "":
		return "new note on"
	}
	return "note on"
}

type (
	// editedMsg is what the user wrote in their own editor.
	editedMsg struct {
		own
		text string
		err  error
	}
	// noteOverMsg saves the text over that of someone else.
	noteOverMsg struct{ own }
)

// OfNote reports that the edit is one of a note and not of the contact.
func (m *Model) OfNote() bool { return m.kind == work.DraftNote }

// Note edits a note on a contact; one without an ID is new. The newest of the
// drafts that is of this note is continued.
func Note(o Options, contact model.Contact, note model.Note, drafts []work.Draft) *Model {
	title := "Note on " + text.Name(contact)
	if note.ID == "" {
		title = "New note on " + text.Name(contact)
	}
	m := start(o, work.DraftNote, contact, title)
	typed, continued := "", false
	for _, d := range drafts {
		if d.Kind == work.DraftNote && d.ContactID == contact.ID() && d.Note.ID == note.ID {
			note, typed, continued = d.Note, d.Values[model.FieldNotes], true
			m.draft = draft{id: d.ID, kept: true, notSent: d.NotSent, problem: d.Problem}
			break
		}
	}
	m.openNote(note, typed, continued)
	return m
}

// DeleteNote deletes a note. The user has said yes; the edit begins to save.
func DeleteNote(o Options, contact model.Contact, note model.Note) *Model {
	m := start(o, work.DraftNote, contact, "Note on "+text.Name(contact))
	m.openNote(note, "", false)
	m.note.deletes = true
	return m
}

func (m *Model) openNote(note model.Note, typed string, keep bool) {
	m.note.before, m.field = note, model.FieldNotes
	m.form = form.NewText(form.TextOptions{Title: m.title, Field: model.FieldNotes, Base: note.Text, Typed: typed,
		Keep: keep, Theme: m.o.Theme, Keys: m.o.Keys})
	m.sizeForm()
}

// noteWrite is what is sent.
func (m *Model) noteWrite() *work.NoteWrite {
	w := &work.NoteWrite{ContactID: m.base.ID(), Name: m.base.Name(), Before: m.note.before, Delete: m.note.deletes,
		DraftID: m.draft.id}
	if c, ok := m.patch.Get(model.FieldNotes); ok && !w.Delete {
		w.Text = c.After.String()
	}
	return w
}

// noteSaved takes what became of the write.
func (m *Model) noteSaved(s work.NoteSaved) (tea.Cmd, []screen.Event) {
	changed := NotesChanged{m.base.ID()}
	switch {
	case s.Conflict && m.note.deletes:
		cmd, events := m.end(Ended{Outcome: Discarded})
		return cmd, append(events, changed, said(screen.Failure, "Not deleted: someone else has changed the note on "+
			text.Name(m.base)+" meanwhile. It is shown as it is now"))
	case s.Conflict:
		return m.keep(typingOn), []screen.Event{m.askWhichNote(s.Theirs)}
	}
	cmd, events := m.end(Ended{Outcome: Saved, ContactID: m.base.ID()})
	return cmd, append(events, changed, said(screen.Good, m.noteWords(s)))
}

func (m *Model) noteWords(s work.NoteSaved) string {
	name := text.Name(m.base)
	undo := " · " + m.o.Keys.Key(keymap.Undo) + " undoes it"
	switch {
	case s.Nothing && m.note.deletes:
		return "The note on " + name + " was deleted already; nothing was sent"
	case s.Nothing:
		return "The note on " + name + " was there already; nothing was sent"
	case m.note.deletes:
		return "Deleted the note on " + name + undo
	case m.note.before.ID == "":
		return "Added a note to " + name + undo
	}
	return "Changed the note on " + name + undo
}

// askWhichNote asks what becomes of a note that someone else has changed.
func (m *Model) askWhichNote(theirs model.Note) screen.Event {
	m.note.theirs = theirs
	return screen.Open{When: screen.WhenFree, Over: m.ID(), Overlay: menu.Open(menu.Options{
		Title: "Someone else has changed this note meanwhile",
		Foot:  "theirs: " + plain.FirstWords(plain.Clean(strings.ReplaceAll(theirs.Text, "\n", " ")), 60),
		Items: []menu.Item{
			{Text: "Keep editing", Key: "k"},
			{Text: "Save mine over theirs", Key: "m", Msg: noteOverMsg{m.own()}},
			{Text: "Keep theirs and discard mine", Key: "t", Msg: discardMsg{m.own()}},
		},
		CloseLabel: "keep editing",
	})}
}

// saveOver saves over the text that someone else has written.
func (m *Model) saveOver() (tea.Cmd, []screen.Event) {
	m.note.before = m.note.theirs
	return m.save()
}

// notDeleted ends a deletion that failed: nothing was typed that could be lost.
func (m *Model) notDeleted(err *model.Error) (tea.Cmd, []screen.Event) {
	words := "Not deleted: " + text.Error(err)
	switch {
	case errors.Is(err, work.ErrOutcomeUnknown):
		words = "The note on " + text.Name(m.base) + ": " + work.OutcomeUnknownText + " " +
			m.o.Keys.Key(keymap.History) + " checks it"
	case err.Kind == model.KindCanceled:
		words = "Stopped. " + m.o.Keys.Key(keymap.History) + " shows whether the note was deleted"
	}
	cmd, events := m.end(Ended{Outcome: Discarded})
	switch err.Kind {
	case model.KindUnauthorized:
		events = append(events, screen.SignIn{Err: err, Asked: true})
	case model.KindNetwork:
		events = append(events, Unreachable{err})
	}
	return cmd, append(events, screen.Say{Message: screen.Message{Level: screen.Failure, Text: words,
		Trace: text.Trace(err), Err: err}})
}

// Arrived says that an earlier attempt to write the note did arrive with a text.
// The edit ends, unless another text was typed since.
func (m *Model) Arrived(sent string) (tea.Cmd, []screen.Event) {
	c, _ := m.patch.Get(model.FieldNotes)
	if p := m.form.Patch(); !p.Empty() {
		c, _ = p.Get(model.FieldNotes)
	}
	switch {
	case m.kind != work.DraftNote || m.state != typing:
		return nil, nil
	case model.SameNoteText(c.After.String(), sent):
		return m.end(Ended{Outcome: Saved, ContactID: m.base.ID()})
	}
	return nil, []screen.Event{m.say(screen.Note, "An earlier text of this note did arrive; saving writes another note")}
}

// openEditor lets the user write in their own editor. The draft is on disk
// before.
func (m *Model) openEditor() (tea.Cmd, []screen.Event) {
	area, ok := m.form.(*form.Text)
	if !ok || m.o.Editor == nil {
		return nil, []screen.Event{m.say(screen.Note, "no editor can be opened here")}
	}
	o := m.own()
	open := m.o.Editor(area.Value(), func(text string, err error) tea.Msg { return editedMsg{o, text, err} })
	return tea.Sequence(m.keep(typingOn), open), nil
}

// onEdited takes the text from the user's own editor.
func (m *Model) onEdited(msg editedMsg) (tea.Cmd, []screen.Event) {
	area, ok := m.form.(*form.Text)
	if !ok || m.state != typing {
		return nil, nil
	}
	if msg.err != nil {
		return nil, []screen.Event{m.say(screen.Failure, "The editor gave no text: "+plain.Clean(msg.err.Error()))}
	}
	area.Load(strings.TrimRight(msg.text, "\r\n"))
	return m.keepSoon(), nil
}
