// Package edit is one edit of contacts from its opening to its end: a field in
// place, a form, a new contact, an undo, or many contacts at once. It has what
// was typed, the preview, a conflict, likely duplicates, the draft and the
// save. The parent draws it, gives it keys, and learns from its events what
// became of it.
package edit

import (
	"context"
	"encoding/json"
	"maps"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/detail"
	"github.com/levcontacts/levcontacts/ui/widget/form"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/request"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
	"github.com/levcontacts/levcontacts/work"
)

// Backend is what an edit asks for. Its methods are called from commands only,
// but for EstimateChanges, which answers at once from memory.
type Backend interface {
	Save(context.Context, work.Save) (work.Saved, error)
	Create(context.Context, work.Create) (work.Saved, error)
	// Settle ends an unknown create: contactID is the contact it made.
	Settle(ctx context.Context, entryID string, contactID int64) error
	KeepDraft(context.Context, work.Draft) error
	// DiscardDraft discards a draft and ends every write of it that got no
	// response. A draft that does not exist is fine.
	DiscardDraft(ctx context.Context, draftID string) error
	// EstimateChanges is how long a bulk edit of n contacts would take from now.
	EstimateChanges(n int) time.Duration
	// Features says what is known of the service, such as the fields that it does
	// not change. It sends nothing.
	Features(context.Context) work.Features
	SaveNote(context.Context, work.NoteWrite) (work.NoteSaved, error)
	Companies(ctx context.Context, maxAge time.Duration, p work.Priority) (work.Companies, error)
	CreateCompany(context.Context, work.NewCompany) (work.CompanySaved, error)
}

// Options are what an edit opens with.
type Options struct {
	Backend Backend
	Keys    keymap.Map
	Theme   theme.Theme
	Now     func() time.Time
	NewID   func() string
	// After delivers a message after a while.
	After func(time.Duration, tea.Msg) tea.Cmd
	// Context ends every request when the program ends.
	Context context.Context
	// Contacts are the loaded contacts, among which likely duplicates of a new
	// contact are looked for.
	Contacts model.Snapshot
	ReadOnly string // why writes are off, "" when they are on
	// Editor lets the user write a text in their own editor; nil when there is
	// none. done makes the message of the outcome.
	Editor func(text string, done func(text string, err error) tea.Msg) tea.Cmd
}

// state is how far an edit is.
type state uint8

const (
	typing     state = iota
	previewing       // what a save changes is shown
	deciding         // someone else changed the same fields
	saving           // a write is on its way
	unsure           // an earlier attempt may have made the contact; the user is asked
	keeping          // the draft is being written, then the edit is left or goes on
	ended
)

// Model is one edit. Make one with Field, Form, Create, Copy, Undo, Bulk,
// ForTable or Reopen.
type Model struct {
	o     Options
	kind  work.DraftKind
	title string
	state state

	form     editor
	preview  *form.Preview
	conflict *form.ConflictView

	field    model.FieldID   // the field of an edit in place
	base     model.Contact   // as the edit began; no ID for a new contact
	theirs   model.Contact   // as the service has it, in a conflict
	contacts []model.Contact // of a bulk edit
	table    *Table          // that it was typed in, nil for the form
	given    model.Draft     // what the form opened with that nobody typed; nil once it is to be saved
	undoes   string          // the journal entry that this edit reverses
	key      string          // idempotency key of a create, the same for every attempt
	extra    map[string]json.RawMessage
	anyway   bool   // none of the candidates is the contact: the next save creates it
	entry    string // journal entry of an earlier attempt of this create
	patch    model.Patch
	fixed    []model.FieldID // fields that the service refused to change before
	items    []work.BulkItem
	note     noting // of an edit of a note
	company  hiring // of a new contact

	request request.Slot // the write that the user waits for
	draft   draft
	dups    duplicates
	goTo    int64     // the duplicate to show once the edit is left
	ahead   []tea.Msg // keys pressed while the draft is being written

	background bool
	held       bool           // another save goes first
	turn       func() tea.Cmd // begins the write once it is its turn
	w, h       int
}

// ID is the ID of the edit and of its draft.
func (m *Model) ID() string { return m.draft.id }

// Contact is the ID of the contact that is edited, 0 for a new one and for many.
func (m *Model) Contact() int64 { return m.base.ID() }

// Base is the contact as the edit began.
func (m *Model) Base() model.Contact { return m.base }

// Field is the field that is edited in place.
func (m *Model) Field() (model.FieldID, bool) { return m.field, m.kind == work.DraftField }

// Saving reports that a write is on its way.
func (m *Model) Saving() bool { return m.state == saving }

// Sending reports that a contact is being saved, or waits for its turn to be. A
// bulk edit is handed to its run and is never on its way itself.
func (m *Model) Sending() bool { return m.state == saving && m.kind != work.DraftBulk }

// NotSent reports that a save could not reach the service.
func (m *Model) NotSent() bool { return m.draft.notSent }

// Queued reports that the save waits for the one before it: see Send.
func (m *Model) Queued() bool { return m.turn != nil }

// SetHeld says that another save is on its way: one that is asked for now waits
// until Send.
func (m *Model) SetHeld(on bool) { m.held = on }

// Send begins the save that waited.
func (m *Model) Send() tea.Cmd {
	begin := m.turn
	m.turn = nil
	if begin == nil {
		return nil
	}
	return begin()
}

// Patch is what the save changes in the contact.
func (m *Model) Patch() model.Patch {
	if m.kind == work.DraftNote {
		return model.Patch{}
	}
	return m.patch
}

// What names the save: "title of Sarah Chen".
func (m *Model) What() string {
	switch {
	case m.kind == work.DraftNote:
		return m.note.what() + " " + text.Name(m.base)
	case m.kind == work.DraftCreate:
		return "new contact " + text.Name(m.patch.Apply(model.Contact{}))
	case m.undoes != "":
		return "undo of " + text.Fields(m.patch) + " of " + text.Name(m.base)
	}
	return text.Fields(m.patch) + " of " + text.Name(m.base)
}

// Dirty reports that something was typed that is not saved.
func (m *Model) Dirty() bool {
	return m.state != ended && m.form.Dirty() && (m.given == nil || !maps.Equal(m.form.Draft(), m.given))
}

// onlyShown reports that the edit is an undo that was shown and not touched.
func (m *Model) onlyShown() bool { return m.undoes != "" && !m.Dirty() }

// Editor is the field edited in place, for the details to draw where its value
// stands. ok is false while the edit fills the body.
func (m *Model) Editor() (editor detail.Editor, ok bool) {
	if m.Covers() {
		return nil, false
	}
	return m.form, true
}

// EditorCursor is the cursor of the field edited in place, relative to the first
// cell of the editor as it was drawn last; nil for none.
func (m *Model) EditorCursor() *tea.Cursor {
	if m.Covers() {
		return nil
	}
	return m.form.Cursor()
}

// Covers reports that the edit fills the body, in place of the list and the
// details.
func (m *Model) Covers() bool {
	return m.kind != work.DraftField || m.preview != nil || m.conflict != nil
}

// View draws what takes the place of the list and the details.
func (m *Model) View(r screen.Rect) screen.Frame {
	switch {
	case m.conflict != nil:
		return screen.Frame{Lines: m.conflict.View(r.W, r.H, m.o.Theme)}
	case m.preview != nil:
		return screen.Frame{Lines: m.preview.View(r.W, r.H, m.o.Theme)}
	}
	m.SetSize(r.W, r.H)
	return screen.Frame{Lines: m.form.View(), Cursor: m.form.Cursor()}
}

// Sizes of the body from which what a save asks is a box over the list, and the
// widest box.
const (
	boxFromW, boxFromH = 80, 18
	boxMost            = 100
)

// Box is what a save asks, a preview or a conflict, as a box over the list and
// the details, so that the user sees what it is about. ok is false where there
// is no room for one, or nothing is asked.
func (m *Model) Box(body screen.Rect) (f screen.Frame, at screen.Rect, ok bool) {
	if m.preview == nil && m.conflict == nil || body.W < boxFromW || body.H < boxFromH {
		return screen.Frame{}, screen.Rect{}, false
	}
	at.W = min(boxMost, body.W-8)
	f = m.View(screen.Rect{W: at.W - 2, H: body.H - 4})
	n := len(f.Lines)
	for n > 1 && strings.TrimSpace(ansi.Strip(f.Lines[n-1])) == "" {
		n--
	}
	f.Lines = f.Lines[:n]
	at.H = n + 2
	at.X, at.Y = body.X+(body.W-at.W)/2, body.Y+(body.H-at.H)/2
	return f, at, true
}

// SetSize gives the edit the place of the body in cells.
func (m *Model) SetSize(w, h int) {
	if w != m.w || h != m.h {
		m.w, m.h = w, h
		m.sizeForm()
	}
}

func (m *Model) sizeForm() {
	if m.kind != work.DraftField {
		m.form.SetSize(m.w, m.h)
	}
}

// SetTheme changes the colors and signs.
func (m *Model) SetTheme(t theme.Theme) {
	m.o.Theme = t
	m.form.SetTheme(t)
}

// SetReadOnly says why writes are off, "" for on.
func (m *Model) SetReadOnly(reason string) { m.o.ReadOnly = reason }

// SetContacts gives the edit the contacts as they are loaded now.
func (m *Model) SetContacts(s model.Snapshot) { m.o.Contacts = s }

// Background reports that the edit is saving behind other screens, or was.
func (m *Model) Background() bool { return m.background }

// SetBackground says that the edit is saving behind other screens, where no key
// stops it.
func (m *Model) SetBackground(on bool) { m.background = on }

// Typing reports that letters are text here.
func (m *Model) Typing() bool { return m.preview == nil && m.conflict == nil }

// Scope is where keys have their meaning.
func (m *Model) Scope() keymap.Scope {
	switch {
	case m.conflict != nil:
		return keymap.Conflict
	case m.preview != nil:
		return keymap.Preview
	case m.kind == work.DraftField:
		return keymap.Field
	case m.kind == work.DraftNote:
		return keymap.Note
	}
	return keymap.Form
}

// owner names the messages that end with the edit.
func (m *Model) owner() string { return "edit " + m.draft.id }

func (m *Model) say(level screen.Level, words string) screen.Event {
	return screen.Say{Message: screen.Message{Owner: m.owner(), Level: level, Text: words}}
}

// said is a message that outlives the edit.
func said(level screen.Level, words string) screen.Event {
	return screen.Say{Message: screen.Message{Level: level, Text: words}}
}
