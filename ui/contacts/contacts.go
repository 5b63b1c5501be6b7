// Package contacts holds the loaded contacts: which rows are there, in which
// order they are shown, what is fetched next, and how old all of it is. It draws
// nothing. The screen above it tells it what the user wants and where the user
// stands in the list; it answers with commands and events.
package contacts

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/request"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/work"
)

// Backend is what the contacts need. Quota, Estimate and Exchanges answer at
// once; the others may take long and are called from commands only. Errors are
// *model.Error where the service or the way to it is at fault.
type Backend interface {
	// OpenCopy and LoadCopy read the local copy: first enough rows for the
	// screen, then the rest in large parts until next is 0.
	OpenCopy(context.Context) (work.Opening, error)
	LoadCopy(ctx context.Context, after int64) (rows []model.Packed, next int64, err error)
	// Page fetches one page and stores it in the local copy.
	Page(context.Context, work.PageRequest) (model.Page, error)
	// EndPass ends a full sync and names the contacts that it did not meet.
	// known is false when there is no local copy to tell from.
	EndPass(context.Context) (gone []int64, known bool, err error)
	// MarkFresh notes that the local copy is up to date after an incremental
	// sync; total is what the service said, -1 for nothing.
	MarkFresh(ctx context.Context, total int) error
	Contact(ctx context.Context, id int64) (model.Contact, error)
	Quota() work.Quota
	// Estimate is how long n more list requests would take from now.
	Estimate(n int, p work.Priority) time.Duration
	Exchanges() []work.Exchange
}

// Options are what the contacts begin with.
type Options struct {
	Backend Backend
	Now     func() time.Time
	// After delivers a message after a while.
	After func(time.Duration, tea.Msg) tea.Cmd
	// Context ends every request when the program ends.
	Context context.Context
	// DrawFirst is how long work that fills the machine waits, so that what is
	// on the screen, or was just typed, is drawn before it.
	DrawFirst time.Duration
	// PageSize is the number of rows a page, 0 to size the first page to the
	// screen and fetch 200 at a time after it.
	PageSize int
	// Index lets the rest of the list be fetched in the background.
	Index bool
	// RefreshEvery is how often the service is asked what has changed, 0 for
	// never.
	RefreshEvery time.Duration
}

// Model is the loaded contacts. Make one with New.
type Model struct {
	o       Options
	book    model.Book
	pagers  [numPagers]*pager // nil where no such list was begun
	order   order
	matches matches

	hidden map[int64]bool // met only among the not connected
	kept   map[int64]bool // created here: shown although not connected

	info    work.CacheInfo
	opened  bool      // the local copy was read, or there is none
	loading bool      // parts of the local copy are still to come
	asOf    time.Time // how old the rows are; zero when this run fetched them
	checked time.Time // when the service last said what the rows are
	answers bool      // the user waits for what a refresh finds
	began   time.Time
	touched time.Time // last key of the user

	offline bool
	pause   time.Duration
	retryAt time.Time
	single  request.Slot // one contact by its ID
	failed  bool         // a failure of a list was reported and no page came since

	total     int // as the service last said, in whichever list
	totalSaid bool
	toEnd     bool // the user goes to the end and it is not reached
	height    int  // rows on the screen
	gauge     work.Quota
	trouble   string // why the last attempt of what is waited for failed
	events    []screen.Event
}

// New makes the contacts. Nothing is asked of the backend before Init.
func New(o Options) *Model {
	if o.Context == nil {
		o.Context = context.Background()
	}
	m := &Model{o: o, began: o.Now(), touched: o.Now()}
	m.order.matcher = search.New()
	return m
}

// Init reads the local copy.
func (m *Model) Init() tea.Cmd { return openCopy(m.o.Context, m.o.Backend) }

// The events. Rows are read again with Rows, Find and the facts.
type (
	// Opened reports that the local copy was read, or that there is none.
	// Account is whose rows they are, "" when unknown.
	Opened struct{ Account string }
	// Changed reports other rows, another order or other values.
	Changed struct{}
	// Ordered reports that the order which the user asked for is there.
	Ordered struct{}
	// SimilarFound reports how many similar contacts a search has, and whether
	// the user asked for them.
	SimilarFound struct {
		Asked bool
		N     int
	}
	// MoreWanted asks for a call of More when the screen has settled.
	MoreWanted struct{}
	// AtEnd reports that the user goes to the end: the last row is to be selected.
	AtEnd struct{}
	// Fetched reports a contact that was fetched in order to select it.
	Fetched struct{ ID int64 }
	// Synced reports that what others have changed is held and in the local copy.
	Synced struct{}
	// Offline reports that the service cannot be reached.
	Offline struct{ Err *model.Error }
	// BackOnline reports that the service answers again.
	BackOnline struct{}
)

// Update takes the messages of this package.
func (m *Model) Update(msg tea.Msg) (tea.Cmd, []screen.Event) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case openedMsg:
		cmd = m.onOpened(msg)
	case partMsg:
		cmd = m.onPart(msg)
	case pageMsg:
		cmd = m.onPage(msg)
	case syncedMsg:
		cmd = m.onSynced(msg)
	case freshMsg:
		m.onFresh(msg)
	case contactMsg:
		cmd = m.onContact(msg)
	case orderMsg:
		cmd = m.onOrder(msg)
	case similarMsg:
		m.onSimilar(msg)
	case retryMsg:
		cmd = m.onRetry()
	}
	return m.done(cmd)
}

// done gives what happened to the caller.
func (m *Model) done(cmd tea.Cmd) (tea.Cmd, []screen.Event) {
	events := m.events
	m.events = nil
	return cmd, events
}

func (m *Model) emit(e screen.Event) { m.events = append(m.events, e) }

// The owners of the messages.
const (
	ownerCache = "contacts.cache"
	ownerList  = "contacts.list"
	OwnerFound = "contacts.found"
)

func (m *Model) say(owner string, level screen.Level, words string) {
	m.emit(screen.Say{Message: screen.Message{Owner: owner, Level: level, Text: words}})
}

func (m *Model) sayError(op string, err error) {
	e := model.AsError(op, err)
	m.emit(screen.Say{Message: screen.Message{
		Owner: ownerList, Level: screen.Failure, Text: text.Error(e), Trace: text.Trace(e), Err: e,
	}})
}

// Put takes a contact as the service answered it. One that was created here is
// kept: it is shown although it is not connected.
func (m *Model) Put(c model.Contact, created bool) (tea.Cmd, []screen.Event) {
	if c.ID() == 0 {
		return nil, nil
	}
	m.book.Put(c.Pack())
	if created && !c.Connected() {
		if m.kept == nil {
			m.kept = map[int64]bool{}
		}
		m.kept[c.ID()] = true
	}
	m.emit(Changed{})
	return m.done(m.reorder())
}

// Fetch asks for one contact in order to select it.
func (m *Model) Fetch(id int64) tea.Cmd { return m.fetchOne(id, true) }

func (m *Model) fetchOne(id int64, selects bool) tea.Cmd {
	ctx, seq := m.single.Begin(m.o.Context, m.o.Now())
	return fetchContact(ctx, m.o.Backend, id, seq, selects)
}

func (m *Model) onContact(msg contactMsg) tea.Cmd {
	if !m.single.Take(msg.seq) {
		return nil
	}
	m.gauge = msg.gauge
	if msg.err != nil {
		m.sayError("get contact", msg.err)
		return nil
	}
	m.book.Put(msg.contact.Pack())
	if msg.selects {
		m.emit(Fetched{msg.id})
	}
	m.emit(Changed{})
	return m.reorder()
}
