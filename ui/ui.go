// Package ui is the program on the screen: one root model with panes below it.
// It asks a Backend for everything outside; Update and View do no I/O.
package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"levcontacts/model"
	"levcontacts/model/search"
	"levcontacts/ui/widget/detail"
	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/list"
	"levcontacts/ui/widget/menu"
	"levcontacts/ui/widget/reader"
	"levcontacts/ui/widget/request"
	"levcontacts/ui/widget/theme"
	"levcontacts/work"
)

// Options are what the program is started with.
type Options struct {
	Backend Backend
	Desktop Desktop
	Now     func() time.Time
	Keys    keymap.Map
	Theme   string // a name from theme.Names
	Version string
	// PageSize is the number of rows a page, 0 to size the first page to the
	// screen and fetch 200 at a time after it.
	PageSize int
	// Index lets the rest of the list be fetched in the background.
	Index   bool
	Account work.Account // what is known before the service was asked
	View    work.View    // the view to start with
	NewID   func() string
	// After gives a message after a while; nil means by the machine's clock.
	After func(time.Duration, tea.Msg) tea.Cmd
	// DrawFirst is how long work that fills the machine waits, so that what
	// stands on the screen just now, or was just typed, is drawn before it.
	DrawFirst time.Duration
	// CanSuspend says that a shell can continue the program; nil is yes.
	CanSuspend func() bool
	// Context ends every request when the program ends.
	Context context.Context
}

// pane is which of the two panes takes the keys.
type pane uint8

const (
	paneList pane = iota
	paneDetail
)

// Model is the whole screen.
type Model struct {
	o     Options
	ctx   context.Context
	theme theme.Theme
	keys  keymap.Map
	w, h  int
	focus pane

	account work.Account
	gauge   work.Gauge

	list     list.Model
	detail   detail.Model
	selected int64 // id of the contact under the cursor, 0 for none

	shelf  shelf
	view   viewing
	search searching
	edit   editing
	marks  marking
	bulk   bulking

	menu    *menu.Model
	viewer  *reader.Model
	confirm *confirmation

	prompt      *prompt
	signing     request.Slot
	afterSignIn func() tea.Cmd
	next        string // profile to go on with

	facet       model.FieldID // whose values the open filter menu shows
	facets      request.Slot
	views       []work.View
	viewChanged bool
	entries     []work.Entry // the history on the screen
	resolveNext bool
	click       clickAt
	noMouse     bool

	toast    toast
	errors   []toast // not dismissed, under the message on the screen
	goingEnd bool    // G was pressed and the end is not reached
	speed    speedometer
	began    time.Time
	touched  time.Time // last key
	tickSeq  uint64
	tickAt   time.Time // when the next tick is due, zero for none
	trouble  string    // why the last try of what is waited for failed
	quitting bool
	drafts   map[int64]work.Draft // waiting drafts by contact
	leftover []work.Draft         // drafts of earlier runs, newest first
	waiting  waiting
	unsure   []work.Entry // writes whose answer never came
}

// New makes the screen. Nothing is asked of the backend before Init.
func New(o Options) *Model {
	if o.Context == nil {
		o.Context = context.Background()
	}
	if o.After == nil {
		o.After = realAfter
	}
	m := &Model{
		o: o, ctx: o.Context, keys: o.Keys, w: 80, h: 24,
		theme: theme.Pick(o.Theme, true), account: o.Account,
		list: list.New(o.View.Columns), drafts: map[int64]work.Draft{}, touched: o.Now(), began: o.Now(),
	}
	m.search = newSearching()
	m.marks.ids = map[int64]bool{}
	m.view.sort, m.view.matcher = o.View.Sort, search.New()
	m.restoreView(o.View)
	m.resize(80, 24)
	return m
}

// Init asks for the copy on disk, the account and what waits from earlier
// runs. The first frame does not wait for any of it.
func (m *Model) Init() tea.Cmd {
	return tea.Batch(
		tea.RequestBackgroundColor,
		openCopy(m.ctx, m.o.Backend),
		askAccount(m.ctx, m.o.Backend),
		readDrafts(m.ctx, m.o.Backend),
		readStopped(m.ctx, m.o.Backend),
		readUnresolved(m.ctx, m.o.Backend),
		readLastView(m.ctx, m.o.Backend),
	)
}

// Update takes a message. Every case is one line; what a message means is in
// the file of its kind.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		cmd = m.onSize(msg.Width, msg.Height)
	case tea.BackgroundColorMsg:
		m.setTheme(theme.Pick(m.o.Theme, msg.IsDark()))
	case tea.KeyPressMsg:
		cmd = m.onKey(msg)
	case tea.PasteMsg:
		cmd = m.onPaste(msg)
	case tea.MouseClickMsg:
		cmd = m.onClick(msg.Mouse())
	case tea.MouseWheelMsg:
		cmd = m.onWheel(msg.Mouse())
	case openedMsg:
		cmd = m.onOpened(msg)
	case copyPartMsg:
		cmd = m.onCopyPart(msg)
	case pageMsg:
		cmd = m.onPage(msg)
	case passEndedMsg:
		cmd = m.onPassEnded(msg)
	case contactMsg:
		cmd = m.onContact(msg)
	case accountMsg:
		m.onAccount(msg)
	case computedMsg:
		cmd = m.onComputed(msg)
	case facetsMsg:
		m.onFacets(msg)
	case savedMsg:
		cmd = m.onSaved(msg)
	case draftsMsg:
		m.onDrafts(msg)
	case draftKeptMsg:
		m.onDraftKept(msg)
	case draftDueMsg:
		cmd = m.onDraftDue(msg)
	case twinsMsg:
		m.onTwins(msg)
	case unresolvedMsg:
		m.onUnresolved(msg)
	case resolvedMsg:
		cmd = m.onResolved(msg)
	case historyMsg:
		cmd = m.onHistory(msg)
	case runMsg:
		cmd = m.onRun(msg)
	case exportedMsg:
		m.onExported(msg)
	case runsMsg:
		m.onRuns(msg)
	case signedInMsg:
		cmd = m.onSignedIn(msg)
	case viewsMsg:
		m.onViews(msg)
	case lastViewMsg:
		cmd = m.onLastView(msg)
	case quietMsg:
		m.onQuiet(msg)
	case Notice:
		m.say(toastNote, string(msg))
	case doneMsg:
		m.onDone(msg)
	case tickMsg:
		cmd = m.onTick(msg)
	case retryMsg:
		cmd = m.onRetry(msg)
	default:
		cmd = m.forward(msg)
	}
	return m, tea.Batch(cmd, m.flushView(), m.resolveOne(), m.keepTicking())
}

// contactAt is the whole contact in a slot; a row that cannot be read is shown
// as an empty contact with its id.
func contactOf(p model.Packed) model.Contact {
	c, err := p.Unpack()
	if err != nil {
		return model.NewContact(p.ID(), nil)
	}
	return c
}
