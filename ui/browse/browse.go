// Package browse is the list of contacts with the details beside it: moving,
// searching, sorting, filtering, marking, copying. It owns the loaded contacts
// (ui/contacts) and tells the program with events what the user wants to edit.
package browse

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/ui/contacts"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/detail"
	"github.com/levcontacts/levcontacts/ui/widget/input"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/list"
	"github.com/levcontacts/levcontacts/ui/widget/menu"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
	"github.com/levcontacts/levcontacts/work"
)

// Backend is what browsing needs. Its methods may take long and are called from
// commands only, except Quota, Estimate and Exchanges.
type Backend interface {
	contacts.Backend
	NoteBackend
	Views(context.Context) ([]work.View, error)
	RemoveView(ctx context.Context, name string) error
	SaveView(context.Context, work.View) error
	// RememberView stores what is shown, for the next start.
	RememberView(context.Context, work.View) error
	// LastView is what RememberView stored last, the zero View for nothing.
	LastView(context.Context) (work.View, error)
	// ExportContacts writes contacts to a new file and names it in full. The
	// ending of its name says in which format.
	ExportContacts(ctx context.Context, rows []model.Packed, file string) (string, error)
}

// Options are what browsing begins with.
type Options struct {
	Backend Backend
	Now     func() time.Time
	// After delivers a message after a while.
	After func(time.Duration, tea.Msg) tea.Cmd
	// Context ends every request when the program ends.
	Context context.Context
	// DrawFirst, PageSize and Index are as in contacts.Options.
	DrawFirst time.Duration
	PageSize  int
	Index     bool
	// RefreshEvery is as in contacts.Options.
	RefreshEvery time.Duration
	Keys         keymap.Map
	Theme        theme.Theme
	View         work.View // the view to start with
	Placed       bool      // that view was asked for: the last one does not come back
	Contact      int64     // the contact to start on, 0 for the first
}

// Msg is a message for this package; the program delivers it to Update.
type Msg = contacts.Msg

// pane is which of the two panes takes the keys.
type pane uint8

const (
	paneList pane = iota
	paneDetail
)

// Model is the list and the details. Make one with New.
type Model struct {
	o        Options
	contacts *contacts.Model
	actions  []screen.Bound[*Model]
	theme    theme.Theme
	readOnly string
	body     screen.Rect
	messages int // lines of messages under the body

	focus    pane
	list     list.Model
	detail   detail.Model
	selected int64 // ID of the contact under the cursor, 0 for none
	editing  bool  // a field is edited in place: the details keep their contact
	covered  bool  // something else takes the keys
	// backToList says that the field is edited from the list.
	backToList bool
	drafts     map[int64]string
	changed    map[int64]bool // by others, and not looked at
	anchored   int64          // the contact on the line of the cursor as drawn last
	land       landing

	notes     notes
	companies work.CompanyNames
	user      string // name of the user, "" when unknown

	search  searching
	held    []tea.Msg // keys that wait for the order that is being made
	marks   map[int64]bool
	marked  int64          // the contact marked last
	cleared map[int64]bool // marks that were cleared last
	values  values
	columns *menu.Menu // the open one, nil for none
	mail    *mailing   // the mail to many that was begun last, nil for none
	click   click
	speed   speedometer

	remembered  *work.View // of the last run, until the local copy has been read
	viewChanged bool
	opening     opening
	events      []screen.Event
}

// opening is where the screen opens. It ends with the first key.
type opening struct {
	top     bool  // the first row is selected while rows come in, also after a search
	contact int64 // the contact to go to, 0 for none
	asked   bool  // the contact is being fetched
}

// New makes the screen. Nothing is asked of the backend before Init.
func New(o Options) *Model {
	if o.Context == nil {
		o.Context = context.Background()
	}
	m := &Model{
		o: o, theme: o.Theme, actions: actions(), list: list.New(o.View.Columns), marks: map[int64]bool{},
		contacts: contacts.New(contacts.Options{
			Backend: o.Backend, Now: o.Now, After: o.After, Context: o.Context,
			DrawFirst: o.DrawFirst, PageSize: o.PageSize, Index: o.Index,
			RefreshEvery: o.RefreshEvery,
		}),
	}
	m.search.input = input.New(searchLimit, false)
	if v, ok := m.readView(o.View); ok {
		m.contacts.Restore(v.query, v.filter, v.sort)
	}
	m.body = screen.Rect{Y: 2, W: 80, H: 20}
	m.relayout()
	return m
}

// Init reads the local copy and the last view.
func (m *Model) Init() tea.Cmd {
	if m.opening = (opening{top: m.o.Placed, contact: m.o.Contact}); m.o.Placed {
		return tea.Batch(m.contacts.Init(), readHeld(m.o.Context, m.o.Backend))
	}
	return tea.Batch(m.contacts.Init(), readLastView(m.o.Context, m.o.Backend), readHeld(m.o.Context, m.o.Backend))
}

// The events. Those of package screen come as well.
type (
	// Asked reports a key of the list or the details whose action belongs to
	// the program: help, drafts, quit.
	Asked struct{ Action keymap.Action }
	// Replay gives keys back that had to wait: the program delivers them to
	// itself, in order and at once, as if they were pressed now.
	Replay struct{ Msgs []tea.Msg }
	// Back reports a step back when there is nothing here to leave: the program
	// dismisses its message, or else says that marks stay.
	Back struct{}
	// EditField asks for an edit of one field in place.
	EditField struct {
		Contact model.Contact
		Field   model.FieldID
		Replace bool // what is typed first replaces the value
	}
	// EditContact asks for a form over the whole contact.
	EditContact struct{ Contact model.Contact }
	// NewContact asks for a form for a new contact.
	NewContact struct{}
	// CopyContact asks for a form for a new contact that begins as this one.
	CopyContact struct{ Contact model.Contact }
	// EditNote asks for an editor of a note on a contact; one without an ID is
	// new.
	EditNote struct {
		Contact model.Contact
		Note    model.Note
	}
	// DeleteNote asks to delete a note; the user has said yes.
	DeleteNote struct {
		Contact model.Contact
		Note    model.Note
	}
	// BulkEdit asks for a form over the marked contacts.
	BulkEdit struct{ Contacts []model.Contact }
	// EditTable asks for an editor on a table of the marked contacts.
	EditTable struct{ Contacts []model.Contact }
	// Copy asks to put a text on the clipboard. What names it: "the name".
	Copy struct{ Text, What string }
	// OpenTarget asks to open a web or mail address outside the terminal.
	OpenTarget struct{ Target string }
	// Refreshed reports that the user asked the service again.
	Refreshed struct{}
	// AccountSeen names the account that the local copy is of.
	AccountSeen struct{ Name string }
	// Synced reports that the local copy knows what others have changed.
	Synced = contacts.Synced
	// Offline reports that the service cannot be reached.
	Offline = contacts.Offline
	// BackOnline reports that the service answers again.
	BackOnline = contacts.BackOnline
)

// Update takes keys, pastes and the mouse when nothing else takes them, and the
// messages of this package always.
func (m *Model) Update(msg tea.Msg) (tea.Cmd, []screen.Event) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		m.opening = opening{}
		m.contacts.Touch()
		cmd = m.onKey(msg)
	case tea.PasteMsg, tea.ClipboardMsg:
		m.contacts.Touch()
		cmd = m.onPaste(msg)
	case tea.MouseClickMsg:
		cmd = m.onClick(msg.Mouse())
	case tea.MouseWheelMsg:
		m.contacts.Touch()
		cmd = m.onWheel(msg.Mouse())
	case ownMsg:
		cmd = msg.handle(m)
	case contacts.Msg:
		cmd = m.take(m.contacts.Update(msg))
	}
	return m.done(cmd)
}

// ownMsg is a message of this package: a response of the backend, or what an
// item of a menu means.
type ownMsg interface{ handle(*Model) tea.Cmd }

// done ends every call from outside: it stores the view when it has changed,
// gives back the keys that waited, and hands over what happened.
func (m *Model) done(cmd tea.Cmd) (tea.Cmd, []screen.Event) {
	cmd = tea.Batch(cmd, m.storeView(), m.settleNotes())
	if len(m.held) > 0 && !m.contacts.Settling() {
		m.emit(Replay{m.held})
		m.held = nil
	}
	events := m.events
	m.events = nil
	return cmd, events
}

func (m *Model) emit(e screen.Event) { m.events = append(m.events, e) }

// The owner of what is said about the marks as they are.
const ownerMarks = "browse.marks"

// OwnerFound owns what is said of a refresh that the user asked for.
const OwnerFound = contacts.OwnerFound

func (m *Model) say(level screen.Level, words string) {
	m.emit(screen.Say{Message: screen.Message{Level: level, Text: words}})
}

// take handles what the contacts answer.
func (m *Model) take(cmd tea.Cmd, events []screen.Event) tea.Cmd {
	cmds, more := []tea.Cmd{cmd}, false
	for _, e := range events {
		switch e := e.(type) {
		case contacts.Opened:
			if e.Account != "" {
				m.emit(AccountSeen{e.Account})
			}
			cmds = append(cmds, m.showRemembered(), m.goToFirst())
		case contacts.Changed:
			m.setRule()
			m.reselect()
			cmds = append(cmds, m.recountValues(), m.goToFirst())
		case contacts.Ordered:
			m.setRule()
			m.onOrdered()
		case contacts.SimilarFound:
			if e.Asked && e.N == 0 {
				m.say(screen.Note, "No contact is similar to "+plain.Clean(m.search.input.Value()))
			}
		case contacts.Fetched:
			m.selected = e.ID
			if e.ID == m.opening.contact {
				m.opening = opening{}
				m.focusOn(paneDetail)
			}
		case contacts.AtEnd:
			n := m.contacts.Rows().Len()
			m.list.MoveTo(n-1, n)
			m.selectAt(m.list.Cursor())
		case contacts.MoreWanted:
			more = true
		default:
			m.emit(e)
		}
	}
	if more {
		cmds = append(cmds, m.more())
	}
	return tea.Batch(cmds...)
}

// goToFirst shows the contact that the program was started on, once the local
// copy has been read. It is asked for once.
func (m *Model) goToFirst() tea.Cmd {
	id := m.opening.contact
	if id == 0 || m.contacts.Reading() || m.opening.asked {
		return nil
	}
	m.opening.asked = true
	if _, shown := m.contacts.Rows().Find(id); !shown {
		return m.contacts.Fetch(id)
	}
	m.opening, m.selected = opening{}, id
	m.reselect()
	m.focusOn(paneDetail)
	return nil
}

// more lets the contacts fetch what will be needed from here.
func (m *Model) more() tea.Cmd { return m.take(m.contacts.More(m.viewport())) }

func (m *Model) viewport() contacts.Viewport {
	return contacts.Viewport{Offset: m.list.Offset(), Height: m.list.Height(), Rate: m.speed.rate}
}

// landing is where the cursor goes when the order is there that the user chose.
type landing struct {
	top  bool  // to the first row
	gone bool  // to the first row when the selected contact is not in the rows
	back int64 // to a contact, 0 for none
}

// onOrdered puts the cursor where the user expects it in the new order.
func (m *Model) onOrdered() {
	rows := m.contacts.Rows()
	_, shown := rows.Find(m.selected)
	switch land := m.land; {
	case land.top, land.gone && !shown:
		m.list.MoveTo(0, rows.Len())
		m.selectAt(0)
		m.opening.top = true // also of the rows that come in before the next key
	case land.back != 0:
		m.selected = land.back
	}
	m.land = landing{}
	m.reselect()
}

// query is what the user searches for.
func (m *Model) query() search.Query { return m.contacts.Query() }
