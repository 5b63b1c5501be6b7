// Package changes shows what was written and what was not: the history of
// changes, the drafts that wait, and the changes that got no response. It edits
// nothing itself: what is to be opened or undone is an event.
package changes

import (
	"context"
	"errors"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/menu"
	"github.com/levcontacts/levcontacts/ui/widget/reader"
	"github.com/levcontacts/levcontacts/ui/widget/request"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
	"github.com/levcontacts/levcontacts/work"
)

// Backend is what this package asks for. Its methods are called from commands;
// errors are *model.Error where the service or the way to it is at fault.
type Backend interface {
	History(ctx context.Context, limit int) ([]work.Entry, error)
	Unresolved(context.Context) ([]work.Entry, error)
	// Resolve checks whether a change arrived and sends nothing.
	Resolve(context.Context, work.Entry) (work.Resolution, error)
	// SendNow sends a change that did not arrive.
	SendNow(ctx context.Context, entryID string) (work.Saved, error)
	// Forget gives a change up that did not arrive.
	Forget(ctx context.Context, entryID string) error
	// Settle ends a create without a response: contactID is the contact that
	// it made, 0 for none.
	Settle(ctx context.Context, entryID string, contactID int64) error
	// UndoNote takes a write of a note back.
	UndoNote(ctx context.Context, entryID string) (work.NoteSaved, error)
	Drafts(context.Context) ([]work.Draft, error)
	DiscardDraft(ctx context.Context, id string) error
	// Changes are the contacts that others changed lately, newest first; known is
	// false where nothing can tell.
	Changes(context.Context) (all []work.Changed, known bool, err error)
	// SeeChanges notes that the changes of a contact up to number n were looked
	// at, contact 0 for those of all.
	SeeChanges(ctx context.Context, contact, n int64) error
}

// Options are what the package is started with.
type Options struct {
	Backend Backend
	Keys    keymap.Map
	Now     func() time.Time
	Context context.Context // ends every request; nil never does
}

// The events. OpenDraft asks for the editor of a draft; one that is Resumed was
// open when an earlier run ended and is opened only when nothing else is and no key was
// pressed: the App calls Resumed or NotResumed.
type (
	OpenDraft struct {
		Draft   work.Draft
		Resumed bool
	}
	UndoEntry struct{ Entry work.Entry }
	GoTo      struct{ ID int64 }
	// Put is a contact as the service returned it. One that is Created here is
	// shown although the service does not list it yet.
	Put struct {
		Contact model.Contact
		Created bool
	}
	// NotesChanged says that the notes on a contact are others now.
	NotesChanged struct{ ContactID int64 }
	// NoteArrived says that a note which got no response was written, with the text
	// that was sent. Its editor, if it is open, has nothing left to save.
	NoteArrived struct{ DraftID, Text string }
	// DraftsChanged reports that Drafts, DraftOf and Unsent give something else.
	DraftsChanged struct{}
	// Waiting is what earlier runs left over, for the one message of the
	// start; "" for nothing.
	Waiting struct{ Text string }
)

// Owner owns the messages of this package.
const Owner = "changes"

// Msg is a message of this package.
type Msg interface{ isChanges() }

type own struct{}

func (own) isChanges() {}

type (
	historyMsg struct {
		own
		seq     uint64
		entries []work.Entry
		undo    bool // the last change is to be undone
		err     error
	}
	draftsMsg struct {
		own
		drafts []work.Draft
		err    error
	}
	unresolvedMsg struct {
		own
		entries []work.Entry
		err     error
	}
	resolvedMsg struct {
		own
		seq        uint64
		entry      work.Entry
		resolution work.Resolution
		err        error
	}
	sentMsg struct {
		own
		entry work.Entry
		saved work.Saved
		err   error
	}
	doneMsg struct {
		own
		op, text string
		err      error
	}
	discardedMsg struct {
		own
		draft work.Draft
		err   error
	}

	// What menus and readers deliver.
	showEntryMsg struct {
		own
		entry work.Entry
	}
	undoMsg struct {
		own
		entry work.Entry
	}
	goMsg struct {
		own
		id int64
	}
	checkMsg struct {
		own
		entry work.Entry
	}
	openDraftMsg struct {
		own
		id string
	}
	askDiscardMsg struct {
		own
		id string
	}
	discardMsg struct {
		own
		id string
	}
	candidateMsg struct {
		own
		entry work.Entry
		id    int64
	}
	decisionMsg struct {
		own
		entry work.Entry
		what  decision
	}
)

// Model is what the package knows.
type Model struct {
	o        Options
	readOnly string

	reading request.Slot // of the history
	news    news

	drafts  []work.Draft // newest first
	removed []string     // drafts that ended in this run: an earlier reading may still have them
	open    []string     // drafts that have an editor
	listing *reader.Reader

	unknown    []work.Entry // changes without a response, the next one first
	checking   request.Slot
	askMenu    *menu.Menu // about asked
	askedEntry string     // entry
	sending    int        // changes that are being sent after all

	waitingDrafts, waitingUnknown string
}

// New makes the model. Nothing is asked of the backend before Init.
func New(o Options) *Model {
	if o.Context == nil {
		o.Context = context.Background()
	}
	return &Model{o: o}
}

// Init reads what earlier runs left: the drafts first, as the outcome of a change may
// end the editor of one.
func (m *Model) Init() tea.Cmd { return readDrafts(m.o.Context, m.o.Backend) }

// SetReadOnly sets why nothing may be written, "" when writing is allowed.
func (m *Model) SetReadOnly(reason string) { m.readOnly = reason }

// Update takes a message of this package.
func (m *Model) Update(msg tea.Msg) (tea.Cmd, []screen.Event) {
	switch msg := msg.(type) {
	case historyMsg:
		return nil, m.onHistory(msg)
	case newsMsg:
		return m.onNews(msg)
	case draftsMsg:
		return readUnresolved(m.o.Context, m.o.Backend), m.onDrafts(msg)
	case unresolvedMsg:
		return m.onUnresolved(msg)
	case resolvedMsg:
		return m.onResolved(msg)
	case sentMsg:
		return m.onSent(msg)
	case doneMsg:
		return nil, m.onDone(msg)
	case discardedMsg:
		return nil, m.onDiscarded(msg)
	case showEntryMsg:
		return nil, []screen.Event{screen.Open{Overlay: entryReader(msg.entry)}}
	case undoMsg:
		return nil, m.undo(msg.entry)
	case undoNoteMsg:
		return undoNote(m.o.Context, m.o.Backend, msg.entry), nil
	case noteUndoneMsg:
		return nil, m.onNoteUndone(msg)
	case goMsg:
		return nil, []screen.Event{GoTo{msg.id}}
	case checkMsg:
		return m.check(msg.entry)
	case openDraftMsg:
		return nil, m.openDraft(msg.id)
	case askDiscardMsg:
		return nil, m.askDiscard(msg.id)
	case discardMsg:
		return m.discard(msg.id)
	case candidateMsg:
		return m.onCandidate(msg)
	case decisionMsg:
		return m.onDecision(msg)
	}
	return nil, nil
}

// Activity is the write that is being sent.
func (m *Model) Activity() screen.Activity {
	if m.sending == 0 {
		return screen.Activity{}
	}
	return screen.Activity{Rank: screen.RankSaving, Role: theme.Dim,
		Forms: []string{"saving an earlier change", "saving"}}
}

// onDone takes the outcome of an action that is only a sentence.
func (m *Model) onDone(msg doneMsg) []screen.Event {
	if msg.err != nil {
		return []screen.Event{failure(msg.op, msg.err)}
	}
	if msg.text == "" {
		return nil
	}
	return []screen.Event{say(screen.Good, msg.text)}
}

// do runs an action whose outcome is only a sentence.
func do(op, done string, fn func() error) tea.Cmd {
	return func() tea.Msg { return doneMsg{op: op, text: done, err: fn()} }
}

func say(l screen.Level, words string) screen.Say {
	return screen.Say{Message: screen.Message{Owner: Owner, Level: l, Text: words}}
}

// failure describes what could not be done and why.
func failure(op string, err error) screen.Say {
	e := model.AsError(op, err)
	return screen.Say{Message: screen.Message{Owner: Owner, Level: screen.Failure, Text: text.Error(e),
		Trace: text.Trace(e), Err: e}}
}

// unreadable reports that a file on this machine cannot be read.
func unreadable(what string, err error) screen.Say {
	return say(screen.Failure, what+" cannot be read: "+plain.Clean(err.Error()))
}

func isEntry(id string) func(work.Entry) bool {
	return func(e work.Entry) bool { return e.ID == id }
}

// refused reports whether the service did not accept the key.
func refused(err error) (*model.Error, bool) {
	e, ok := errors.AsType[*model.Error](err)
	return e, ok && e.Kind == model.KindUnauthorized
}

func without(entries []work.Entry, gone func(work.Entry) bool) []work.Entry {
	return slices.DeleteFunc(slices.Clone(entries), gone)
}
