// Package bulk carries out bulk edits, one contact at a time: it starts, stops,
// resumes and undoes them, and lists what happened to each contact. What is to be
// changed is decided elsewhere.
package bulk

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/reader"
	"github.com/levcontacts/levcontacts/ui/widget/request"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/work"
)

// Backend is what this package asks for. Its methods are called from commands,
// but for EstimateChanges, which answers at once.
type Backend interface {
	// StartRun stores a bulk edit and drops the draft that it was made from.
	StartRun(ctx context.Context, title, draftID string, items []work.BulkItem) (work.BulkRun, error)
	// StepRun sends the next item. done is true when none is left.
	StepRun(ctx context.Context, runID string) (item work.BulkItem, run work.BulkRun, done bool, err error)
	StopRun(ctx context.Context, runID string) (work.BulkRun, error)
	// RetryItems makes the items that got no response, and did not arrive,
	// ready to be sent again.
	RetryItems(ctx context.Context, runID string) (work.BulkRun, error)
	Runs(context.Context) ([]work.BulkRun, error)
	RunItems(ctx context.Context, runID string) ([]work.BulkItem, error)
	// SaveRunResult writes the result files and names them.
	SaveRunResult(ctx context.Context, runID string) ([]string, error)
	// CopyContacts are those of some contacts that the local copy holds.
	CopyContacts(ctx context.Context, ids []int64) ([]model.Packed, error)
	// EstimateChanges is how long n changes would take from now.
	EstimateChanges(n int) time.Duration
}

// Options are what the package is started with.
type Options struct {
	Backend Backend
	Keys    keymap.Map
	Now     func() time.Time
	Context context.Context // ends every request; nil never does
}

// The events.
type (
	// Started reports that a bulk edit is stored, and the draft that it was made
	// from is gone; or, with Err, that it is not, and the draft stays.
	Started struct {
		DraftID string
		Err     error
	}
	// Put is a contact as the service returned it.
	Put struct{ Contact model.Contact }
	// Waiting is what earlier runs left over, for the one message of the
	// start; "" for nothing.
	Waiting struct{ Text string }
)

// Owner owns the messages of this package.
const Owner = "bulk"

// Msg is a message of this package.
type Msg interface{ isBulk() }

type own struct{}

func (own) isBulk() {}

type (
	startedMsg struct {
		own
		seq     uint64
		draftID string
		run     work.BulkRun
		err     error
	}
	steppedMsg struct {
		own
		seq  uint64
		item work.BulkItem
		run  work.BulkRun
		done bool
		err  error
	}
	runsMsg struct {
		own
		seq      uint64
		runs     []work.BulkRun
		starting bool // read at the start, to say what was stopped
		err      error
	}
	itemsMsg struct {
		own
		seq   uint64
		run   work.BulkRun
		items []work.BulkItem
		err   error
	}
	doneMsg struct {
		own
		op, text string
		err      error
	}

	// What readers and questions deliver.
	showMsg struct {
		own
		run work.BulkRun
	}
	askStopMsg struct {
		own
		run work.BulkRun
	}
	stopMsg struct {
		own
		run work.BulkRun
	}
	resumeMsg struct {
		own
		run   work.BulkRun
		retry bool // also what got no response
	}
	filesMsg struct {
		own
		run work.BulkRun
	}
	askUndoMsg struct {
		own
		run   work.BulkRun
		items []work.BulkItem
	}
	undoTableMsg struct {
		own
		seq   uint64
		run   work.BulkRun
		items []work.BulkItem
		now   []model.Packed
	}
	undoMsg struct {
		own
		run   work.BulkRun
		items []work.BulkItem // what is sent
	}
	closedMsg struct{ own }
)

// Model is the bulk edit that runs, and the list of all.
type Model struct {
	o        Options
	readOnly string
	run      work.BulkRun // the one that runs or ran last
	sending  request.Slot
	reading  request.Slot

	shown   *reader.Reader // one bulk edit, nil when it is not on the screen
	shownID string         // its ID
	items   []work.BulkItem
}

// New makes the model. Nothing is asked of the backend before Init.
func New(o Options) *Model {
	if o.Context == nil {
		o.Context = context.Background()
	}
	return &Model{o: o}
}

// Init looks for bulk edits that ended before their last contact.
func (m *Model) Init() tea.Cmd {
	ctx, b := m.o.Context, m.o.Backend
	return func() tea.Msg {
		runs, err := b.Runs(ctx)
		return runsMsg{runs: runs, starting: true, err: err}
	}
}

// SetReadOnly sets why nothing may be written, "" when writing is allowed.
func (m *Model) SetReadOnly(reason string) { m.readOnly = reason }

// Update takes a message of this package.
func (m *Model) Update(msg tea.Msg) (tea.Cmd, []screen.Event) {
	switch msg := msg.(type) {
	case startedMsg:
		return m.onStarted(msg)
	case steppedMsg:
		return m.onStepped(msg)
	case runsMsg:
		return nil, m.onRuns(msg)
	case itemsMsg:
		return nil, m.onItems(msg)
	case doneMsg:
		return nil, onDone(msg)
	case showMsg:
		return m.show(msg.run)
	case askStopMsg:
		return nil, m.askStop(msg.run)
	case stopMsg:
		return m.stop(msg.run), nil
	case resumeMsg:
		return m.resume(msg)
	case filesMsg:
		return m.files(msg.run), nil
	case askUndoMsg:
		return m.askUndo(msg), nil
	case undoTableMsg:
		return nil, m.onUndoTable(msg)
	case undoMsg:
		return m.Start("undo of "+msg.run.Title, "", msg.items)
	case closedMsg:
		m.shown = nil
	}
	return nil, nil
}

// Busy reports whether a bulk edit is going on.
func (m *Model) Busy() bool { return m.sending.Busy() }

// Start stores a bulk edit and sends its first item. Only one runs at a time.
func (m *Model) Start(title, draftID string, items []work.BulkItem) (tea.Cmd, []screen.Event) {
	if why := m.blockedReason(); why != "" {
		return nil, notStarted(draftID, errors.New(why))
	}
	m.run = work.BulkRun{}
	ctx, seq := m.sending.Begin(m.o.Context, m.o.Now())
	b := m.o.Backend
	return func() tea.Msg {
		run, err := b.StartRun(ctx, title, draftID, items)
		return startedMsg{seq: seq, draftID: draftID, run: run, err: err}
	}, nil
}

// blockedReason returns why no bulk edit can be sent now.
func (m *Model) blockedReason() string {
	switch {
	case m.readOnly != "":
		return "read-only: " + m.readOnly
	case m.Busy():
		return "Another bulk edit is running; " + m.o.Keys.Key(keymap.Runs) + " shows it. Start this one after it"
	}
	return ""
}

func (m *Model) onStarted(msg startedMsg) (tea.Cmd, []screen.Event) {
	if !m.sending.Take(msg.seq) {
		return nil, nil
	}
	if msg.err != nil {
		return nil, notStarted(msg.draftID, msg.err)
	}
	m.run = msg.run
	return m.step(), []screen.Event{Started{DraftID: msg.draftID}}
}

// notStarted leaves it to the editor of the draft to say why; without one it is
// said here.
func notStarted(draftID string, err error) []screen.Event {
	if draftID == "" {
		return []screen.Event{failure("start the bulk edit", err)}
	}
	return []screen.Event{Started{DraftID: draftID, Err: err}}
}

// step sends the next item of the run.
func (m *Model) step() tea.Cmd {
	ctx, seq := m.sending.Begin(m.o.Context, m.o.Now())
	b, id := m.o.Backend, m.run.ID
	return func() tea.Msg {
		item, run, done, err := b.StepRun(ctx, id)
		return steppedMsg{seq: seq, item: item, run: run, done: done, err: err}
	}
}

// onStepped takes the outcome of one contact and sends the next. The last
// change of a run that was stopped is still shown.
func (m *Model) onStepped(msg steppedMsg) (tea.Cmd, []screen.Event) {
	var events []screen.Event
	if msg.item.Answer.ID() != 0 {
		events = append(events, Put{msg.item.Answer})
	}
	if !m.sending.Take(msg.seq) {
		return nil, events
	}
	if msg.err != nil {
		m.run.State = work.RunStopped
		m.relist(work.BulkItem{})
		return nil, append(events, m.stopped(msg.err))
	}
	m.run = msg.run
	if msg.done {
		m.relist(msg.item)
		return nil, append(events, m.ended())
	}
	cmd := m.step()
	m.relist(msg.item)
	return cmd, events
}

// stopped returns why a bulk edit stopped. A refused key stops it without a
// question over what is being typed; after the sign-in it continues.
func (m *Model) stopped(err error) screen.Event {
	e := model.AsError("edit several contacts", err)
	if e.Kind == model.KindUnauthorized {
		return screen.SignIn{Err: e, Retry: resumeMsg{run: m.run}}
	}
	event := failure("edit several contacts", err)
	event.Text = "The bulk edit stopped; " + m.o.Keys.Key(keymap.Runs) + " resumes it. " + event.Text
	return event
}

// ended reports how a bulk edit ended; what did not happen is not counted.
func (m *Model) ended() screen.Event {
	c := m.run.Counts
	level, words := screen.Good, "Bulk edit done: "+text.Number(c[work.ItemDone])+" changed"
	if n := c[work.ItemFailed]; n > 0 {
		level, words = screen.Failure, words+", "+text.Number(n)+" failed"
	}
	if n := c[work.ItemConflict]; n > 0 {
		level, words = screen.Failure, words+", "+text.Number(n)+" left out because someone else changed them"
	}
	if n := c[work.ItemMissing]; n > 0 {
		level, words = screen.Failure, words+", "+text.Number(n)+" did not arrive"
	}
	return say(level, words+" · "+m.o.Keys.Key(keymap.Runs)+" shows each")
}

func (m *Model) stop(run work.BulkRun) tea.Cmd {
	if m.run.ID == run.ID {
		m.sending.Stop()
		m.run.State = work.RunStopped
	}
	ctx, b := m.o.Context, m.o.Backend
	return do("stop the bulk edit", "Bulk edit stopped. Nothing more is sent",
		func() error { _, err := b.StopRun(ctx, run.ID); return err })
}

// resume continues with a bulk edit that was stopped.
func (m *Model) resume(msg resumeMsg) (tea.Cmd, []screen.Event) {
	if why := m.blockedReason(); why != "" {
		return nil, []screen.Event{say(screen.Note, why)}
	}
	m.run = msg.run
	m.run.State = work.RunRunning
	if !msg.retry {
		return m.step(), nil
	}
	ctx, seq := m.sending.Begin(m.o.Context, m.o.Now())
	b, id := m.o.Backend, msg.run.ID
	return func() tea.Msg {
		run, err := b.RetryItems(ctx, id)
		return startedMsg{seq: seq, run: run, err: err}
	}, nil
}

func (m *Model) files(run work.BulkRun) tea.Cmd {
	ctx, b := m.o.Context, m.o.Backend
	return func() tea.Msg {
		files, err := b.SaveRunResult(ctx, run.ID)
		return doneMsg{op: "write the results", text: "Written: " + text.Files(files), err: err}
	}
}

func onDone(msg doneMsg) []screen.Event {
	if msg.err != nil {
		return []screen.Event{failure(msg.op, msg.err)}
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

func failure(op string, err error) screen.Say {
	e := model.AsError(op, err)
	return screen.Say{Message: screen.Message{Owner: Owner, Level: screen.Failure, Text: text.Error(e),
		Trace: text.Trace(e), Err: e}}
}

func unreadable(err error) screen.Say {
	return say(screen.Failure, "Bulk edits cannot be read: "+plain.Clean(err.Error()))
}
