package browse

import (
	"context"
	"maps"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/ui/contacts"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/detail"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/question"
	"github.com/levcontacts/levcontacts/ui/widget/request"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/work"
)

// NoteBackend is what the notes and the companies need.
type NoteBackend interface {
	// Notes are the notes on a contact, at most maxAge old.
	Notes(ctx context.Context, contact int64, maxAge time.Duration, p work.Priority) (work.Notes, error)
	// HeldNotes are those of the local copy.
	HeldNotes(context.Context) (map[int64]work.Notes, error)
	HeldCompanies(context.Context) (work.Companies, error)
}

const (
	// noteRest is how long the cursor rests on a contact before its notes are
	// fetched.
	noteRest = 600 * time.Millisecond
	// notesFresh is how old notes may be that are not fetched again.
	notesFresh = 5 * time.Minute
)

// notes is what is known of notes.
type notes struct {
	held    map[int64]work.Notes // by contact; replaced and never changed, because searches read it
	lacking bool                 // this service has none

	of               int64 // the contact whose notes are shown
	since            time.Time
	rests            bool // its notes are fetched once the cursor has rested on it
	opened           bool // its notes were asked for because it was opened
	timer            bool // a restMsg is on its way
	resting, opening request.Slot
	err              *model.Error // why they could not be fetched
}

type (
	// heldMsg is what the local copy holds beside the contacts.
	heldMsg struct {
		contacts.Part
		notes     map[int64]work.Notes
		companies work.Companies
	}
	restMsg  struct{ contacts.Part }
	notesMsg struct {
		contacts.Part
		seq    uint64
		opened bool
		notes  work.Notes
		err    error
	}
	deleteNoteMsg struct {
		contacts.Part
		event DeleteNote
	}
)

// readHeld reads what the local copy holds. What cannot be read is fetched again.
func readHeld(ctx context.Context, b Backend) tea.Cmd {
	return func() tea.Msg {
		var msg heldMsg
		msg.notes, _ = b.HeldNotes(ctx)
		msg.companies, _ = b.HeldCompanies(ctx)
		return msg
	}
}

func fetchNotes(ctx context.Context, b Backend, contact int64, p work.Priority, seq uint64) tea.Cmd {
	return func() tea.Msg {
		n, err := b.Notes(ctx, contact, notesFresh, p)
		return notesMsg{seq: seq, opened: p == work.Screen, notes: n, err: err}
	}
}

func (msg heldMsg) handle(m *Model) tea.Cmd {
	held := msg.notes
	if held == nil {
		held = map[int64]work.Notes{}
	}
	maps.Copy(held, m.notes.held) // fetched meanwhile
	m.notes.held = held
	m.setCompanies(msg.companies)
	m.showNotes()
	return nil
}

// settleNotes follows the selection: the notes of a contact on which the cursor
// rests are fetched in the background, those of one that is opened at once.
func (m *Model) settleNotes() tea.Cmd {
	n := &m.notes
	if m.selected != n.of {
		n.resting.Stop()
		n.opening.Stop()
		n.of, n.since, n.rests, n.opened, n.err = m.selected, m.o.Now(), true, false, nil
		m.showNotes()
	}
	switch {
	case n.of <= 0 || n.lacking: // no contact, or one with an ID that no service has
		return nil
	case m.focus == paneDetail && !n.opened:
		n.opened, n.rests = true, false
		return m.askNotes(work.Screen)
	case n.rests && !n.timer:
		n.timer = true
		return m.o.After(noteRest-m.o.Now().Sub(n.since), restMsg{})
	}
	return nil
}

func (restMsg) handle(m *Model) tea.Cmd {
	n := &m.notes
	n.timer = false
	if !n.rests || m.o.Now().Sub(n.since) < noteRest {
		return nil
	}
	n.rests = false
	if n.of <= 0 || n.lacking || m.contacts.Offline() {
		return nil
	}
	return m.askNotes(work.Index)
}

// askNotes fetches the notes of the contact, unless those held are young. Who
// opens a contact on which the cursor rests joins the request under way.
func (m *Model) askNotes(p work.Priority) tea.Cmd {
	n := &m.notes
	if held, ok := n.held[n.of]; ok && m.o.Now().Sub(held.FetchedAt) < notesFresh {
		return nil
	}
	slot := &n.resting
	if p == work.Screen {
		slot = &n.opening
	}
	ctx, seq := slot.Begin(m.o.Context, m.o.Now())
	m.showNotes()
	return fetchNotes(ctx, m.o.Backend, n.of, p, seq)
}

func (msg notesMsg) handle(m *Model) tea.Cmd {
	n := &m.notes
	slot := &n.resting
	if msg.opened {
		slot = &n.opening
	}
	if !slot.Take(msg.seq) {
		return nil
	}
	switch {
	case msg.err != nil:
		n.err = model.AsError("notes", msg.err)
	case msg.notes.Lacking:
		n.lacking = true
	default:
		n.err = nil
		n.hold(msg.notes)
	}
	m.showNotes()
	return nil
}

func (n *notes) hold(fetched work.Notes) {
	held := maps.Clone(n.held)
	if held == nil {
		held = map[int64]work.Notes{}
	}
	held[fetched.ContactID] = fetched
	n.held = held
}

// NotesChanged reads the notes of a contact again that the program has changed.
func (m *Model) NotesChanged(id int64) (tea.Cmd, []screen.Event) {
	n := &m.notes
	n.held = maps.Clone(n.held)
	delete(n.held, id)
	if id != n.of {
		return m.done(nil)
	}
	n.opened, n.rests = true, false
	return m.done(m.askNotes(work.Screen))
}

// showNotes shows what is known of the notes on the contact.
func (m *Model) showNotes() {
	n := &m.notes
	known, ok := n.held[n.of]
	show := detail.Notes{Heading: model.GroupNotes.Label()}
	switch {
	case n.lacking:
		show.Says = noNotes
	case !ok && n.opening.Busy():
		show.Says = "loading" + m.theme.Glyphs.Ellipsis
	case !ok && n.err != nil:
		show.Says = "not loaded: " + plain.Clean(n.err.Headline())
	case !ok:
		show = detail.Notes{}
	default:
		show.Heading += " (" + text.Number(len(known.Items)) + ")"
		if m.o.Now().Sub(known.FetchedAt) >= notesFresh {
			show.Heading += " " + m.theme.Glyphs.Dot + " as of " + plain.Ago(known.FetchedAt, m.o.Now())
		}
		show.Items = known.Items
		switch {
		case known.More:
			show.Says = "Lev has more notes than these"
		case len(known.Items) == 0 && m.readOnly == "":
			show.Says = "none yet; " + m.o.Keys.Key(noteAdd) + " writes one"
		case len(known.Items) == 0:
			show.Says = "none yet"
		}
	}
	m.detail.SetNotes(show, m.o.Now())
}

const noNotes = "this service has no notes"

// parser reads searches; note: looks into the notes that are held now.
func (m *Model) parser() search.Parser {
	held := m.notes.held
	if len(held) == 0 {
		return search.Parser{}
	}
	return search.Parser{Notes: func(contact int64) []string { return held[contact].Texts() }}
}

// notesHeld says in how many contacts' notes is searched, "" when in none.
func (m *Model) notesHeld() string {
	if !m.query().AsksNotes() || len(m.notes.held) == 0 {
		return ""
	}
	return " · notes of " + text.Plural(len(m.notes.held), "contact") + " held"
}

// The actions that code names.
const noteAdd keymap.Name = "note.add"

func noteActions() []screen.Bound[*Model] {
	both := []keymap.Scope{keymap.List, keymap.Detail}
	return []screen.Bound[*Model]{
		bind(keymap.Action{
			Name: noteAdd, Scopes: both, Keys: []string{"A"}, Help: "write a note on the contact", Writes: true,
			Needs: keymap.NeedsContact,
		}, withContact((*Model).addNote)),
		bind(keymap.Action{
			Name: "note.delete", Scopes: []keymap.Scope{keymap.Detail}, Keys: []string{"delete", "backspace"},
			Help: "delete the note under the cursor, after asking", Writes: true, Needs: keymap.NeedsContact,
		}, withContact((*Model).deleteNote)),
		bind(keymap.Action{
			Name: "contact.colleagues", Scopes: both, Keys: []string{"w"},
			Help: "show everybody of the same company", Needs: keymap.NeedsContact,
		}, (*Model).colleagues),
	}
}

// addNote asks for an editor for a new note.
func (m *Model) addNote(c model.Contact) {
	if m.notes.lacking {
		m.say(screen.Note, noNotes)
		return
	}
	m.beginEdit(EditNote{Contact: c})
}

// ownNote is the note under the cursor, if the user may change it; otherwise it
// says why not.
func (m *Model) ownNote() (model.Note, bool) {
	row, _ := m.detail.Row()
	note, ok := row.Note()
	switch {
	case !ok && m.notes.lacking:
		m.say(screen.Note, noNotes)
	case !ok:
		m.say(screen.Note, "no note is under the cursor")
	case m.user != "" && note.Author != "" && note.Author != m.user:
		m.say(screen.Note, plain.Clean(note.Author)+" wrote this note; nobody else can change it here")
		ok = false
	}
	return note, ok
}

func (m *Model) deleteNote(c model.Contact) {
	note, ok := m.ownNote()
	if !ok {
		return
	}
	lines := plain.Wrap(plain.FirstWords(note.Text, 120), 50)
	m.emit(screen.Open{Overlay: question.Open(question.Options{
		Title: "Delete this note on " + text.Name(c) + " for good?", Lines: lines,
		Yes: deleteNoteMsg{event: DeleteNote{Contact: c, Note: note}},
	}, m.o.Keys)})
}

func (msg deleteNoteMsg) handle(m *Model) tea.Cmd {
	m.beginEdit(msg.event)
	return nil
}

// SetUser says who the user is: only their own notes can be changed.
func (m *Model) SetUser(name string) { m.user = name }
