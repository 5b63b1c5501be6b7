package ui

import (
	"cmp"
	"math"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"levcontacts/model"
	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/request"
	"levcontacts/work"
)

// chainName tells the lists apart.
type chainName uint8

// The lists: all connected contacts in the service's order, the same in an
// order asked for, what changed lately, and the contacts not connected.
const (
	chainFull chainName = iota
	chainSorted
	chainRecent
	chainApart

	numChains = int(chainApart) + 1
)

// passEvery is how old a full pass may be before it is made again: only a full
// pass finds contacts that are gone.
const passEvery = 24 * time.Hour

// shelf is the book and the lists that fill it.
type shelf struct {
	book    model.Book
	chains  [numChains]*chain // nil where no such list was begun
	hidden  map[int64]bool    // met only among the not connected
	kept    map[int64]bool    // created here: shown although not connected
	info    work.CopyInfo
	opened  bool      // the copy was read, or there is none
	loading bool      // parts of the copy are still to come
	asOf    time.Time // how old the rows are; zero when this run fetched them
	offline bool
	pause   time.Duration
	retryAt time.Time
	contact request.Slot

	lastTotal int // as the service last said, in whichever list
	said      bool
}

func (s *shelf) full() *chain { return s.chains[chainFull] }

// complete says that every connected contact is held.
func (s *shelf) complete() bool {
	return s.full() != nil && s.full().complete() || !s.info.PassedAt.IsZero() && !s.loading
}

// total is how many contacts the service says there are, -1 when unknown.
func (s *shelf) total() int {
	if s.said {
		return s.lastTotal
	}
	if s.info.PassedAt.IsZero() && s.info.Resume == "" {
		return -1
	}
	return s.info.Total
}

// onOpened puts the first rows of the copy on the screen.
func (m *Model) onOpened(msg openedMsg) tea.Cmd {
	m.shelf.opened = true
	m.shelf.info = msg.opening.Info
	m.account.Name = cmp.Or(m.account.Name, msg.opening.AccountName)
	if msg.err != nil {
		m.shelf.info = work.CopyInfo{Problem: msg.err.Error()}
	}
	if p := m.shelf.info.Problem; p != "" {
		m.say(toastNote, "no local copy: "+p)
	}
	m.putCopy(msg.opening.Rows)
	if msg.opening.Next != 0 && msg.err == nil {
		m.shelf.loading = true
		return tea.Batch(m.recompute(), drawFirst(m.ctx, m.o.DrawFirst, loadCopy(m.ctx, m.o.Backend, msg.opening.Next)))
	}
	return tea.Batch(m.recompute(), m.beginLists(), m.showRemembered())
}

func (m *Model) onCopyPart(msg copyPartMsg) tea.Cmd {
	m.putCopy(msg.rows)
	if msg.err == nil && msg.next != 0 {
		return tea.Batch(m.recompute(), loadCopy(m.ctx, m.o.Backend, msg.next))
	}
	m.shelf.loading = false
	if msg.err != nil {
		m.say(toastNote, "the local copy could be read only in part: "+msg.err.Error())
		m.shelf.info = work.CopyInfo{Problem: msg.err.Error()}
	}
	return tea.Batch(m.recompute(), m.beginLists(), m.showRemembered())
}

// putCopy adds rows of the copy; a row that is held already is newer.
func (m *Model) putCopy(rows []model.Packed) {
	for _, p := range rows {
		if _, held := m.shelf.book.Slot(p.ID()); !held {
			m.shelf.book.Put(p)
		}
	}
	if len(rows) > 0 {
		m.shelf.asOf = m.shelf.info.FreshAt
		m.reselect()
	}
}

// beginLists decides what to fetch once the copy has been read: what changed
// lately, the rest of an interrupted pass, or the first page.
func (m *Model) beginLists() tea.Cmd {
	s, info := &m.shelf, m.shelf.info
	if info.Resume != "" {
		s.chains[chainFull] = ptr(newChain(model.ResumeList(model.ConnectedOnly, info.Resume, m.pageLimit()), work.PassResume))
		s.full().begun, s.full().total, s.full().count = true, info.Total, info.Seen
	}
	switch {
	case info.Resume != "" && (info.PassedAt.IsZero() || info.NoSort):
		return m.fetch(chainFull, work.Next)
	case info.PassedAt.IsZero():
		s.chains[chainFull] = ptr(newChain(model.CursorList(model.ConnectedOnly, m.firstLimit()), work.PassFull))
		return m.fetch(chainFull, work.Screen)
	case info.NoSort || m.o.Now().Sub(info.PassedAt) > passEvery:
		return m.beginPass(work.Index)
	default:
		return m.beginRecent()
	}
}

func (m *Model) beginPass(p work.Priority) tea.Cmd {
	if c := m.shelf.full(); c != nil {
		c.ticket.Stop()
	}
	m.shelf.chains[chainFull] = ptr(newChain(model.CursorList(model.ConnectedOnly, m.pageLimit()), work.PassFull))
	return m.fetch(chainFull, p)
}

// beginRecent asks for what changed since the last full pass, newest first.
func (m *Model) beginRecent() tea.Cmd {
	if c := m.shelf.chains[chainRecent]; c != nil {
		c.ticket.Stop()
	}
	first := model.SortedList(model.ConnectedOnly, model.Sort{Field: model.FieldUpdated, Desc: true}, 0, m.pageLimit())
	m.shelf.chains[chainRecent] = ptr(newChain(first, work.PassRows))
	return m.fetch(chainRecent, work.Screen)
}

func (m *Model) firstLimit() int {
	if m.o.PageSize > 0 {
		return m.o.PageSize
	}
	return max(model.DefaultLimit, m.list.Height())
}

func (m *Model) pageLimit() int {
	if m.o.PageSize > 0 {
		return m.o.PageSize
	}
	return model.MaxLimit
}

// fetch asks for a chain's next page unless it is being asked for already.
func (m *Model) fetch(name chainName, p work.Priority) tea.Cmd {
	c := m.shelf.chains[name]
	if c == nil || c.done || c.ticket.Busy() || c.err != nil {
		return nil
	}
	if c.begun {
		c.next = c.next.WithLimit(m.pageLimit())
	}
	ctx, seq := c.ticket.Begin(m.ctx, m.o.Now())
	return fetchPage(ctx, m.o.Backend, work.PageRequest{List: c.next, Priority: p, Pass: c.pass}, name, seq)
}

// onPage takes a page, good or bad.
func (m *Model) onPage(msg pageMsg) tea.Cmd {
	c := m.shelf.chains[msg.chain]
	if c == nil || !c.ticket.Take(msg.seq) {
		return nil
	}
	m.gauge = msg.gauge
	if msg.err != nil {
		return m.onPageError(msg.chain, c, model.AsError("list contacts", msg.err))
	}
	m.backOnline()
	if msg.page.Total >= 0 && msg.chain != chainApart {
		m.shelf.lastTotal, m.shelf.said = msg.page.Total, true
	}
	first := m.shelf.book.Len() == 0
	if msg.chain == chainApart {
		if slices.ContainsFunc(msg.page.Rows, isConnected) {
			return m.onPageError(chainApart, c, &model.Error{Kind: model.KindBadRequest, Message: "it answers with connected ones"})
		}
		m.hide(msg.page.Rows)
	}
	added, changed := c.take(&m.shelf.book, msg.page)
	if msg.chain == chainFull {
		m.unhide(msg.page.Rows)
	}
	if text := c.stop.Text(); text != "" {
		m.say(toastError, text)
	}
	var cmds []tea.Cmd
	here := m.sortHere()
	if first {
		m.reselect()
	}
	if added+changed > 0 || c.keep || here {
		m.refreshDetail()
		cmds = append(cmds, m.recompute(), m.recountFacets())
	}
	cmds = append(cmds, m.afterPage(msg.chain, c))
	return tea.Batch(cmds...)
}

// isConnected says that the service says so, in as many words.
func isConnected(c model.Packed) bool { return c.Get(model.FieldConnected).True() }

// backOnline ends what being offline meant; edits that were not sent are
// offered, and nothing is sent unasked.
func (m *Model) backOnline() {
	m.dismissOffline()
	if n := m.unsent(); m.shelf.offline && n > 0 {
		m.say(toastNote, "the service is back; "+many(n, "edit")+" not sent yet, "+m.keys.Key(keymap.Drafts)+" opens them")
	}
	m.shelf.offline, m.shelf.pause, m.shelf.retryAt = false, 0, time.Time{}
}

// afterPage says what a page of each list leads to.
func (m *Model) afterPage(name chainName, c *chain) tea.Cmd {
	switch {
	case name == chainRecent:
		return m.afterRecent(c)
	case name == chainFull && c.complete():
		if c.pass == work.PassFull {
			m.shelf.asOf = time.Time{} // every row was fetched in this run
		}
		return tea.Batch(endPass(m.ctx, m.o.Backend), m.needMore())
	default:
		return m.needMore()
	}
}

// afterRecent stops at the first row that is older than the last full pass,
// and makes a full pass when the count shows that contacts are gone, or when the
// rows are in another order than was asked for. Rows without a moment say
// nothing: a service may put them first.
func (m *Model) afterRecent(c *chain) tea.Cmd {
	reached, last := c.done, int64(math.MaxInt64)
	for _, slot := range c.slots {
		at, ok := m.shelf.book.At(int(slot)).Seconds(model.FieldUpdated)
		if !ok {
			continue
		}
		if at > last {
			m.shelf.info.NoSort = true
			c.done = true
			return m.beginPass(work.Index)
		}
		reached = reached || at < m.shelf.info.Newest
		last = at
	}
	if !reached {
		return m.fetch(chainRecent, work.Screen)
	}
	c.done = true
	m.shelf.asOf = time.Time{}
	ctx, b, total := m.ctx, m.o.Backend, c.total
	fresh := func() tea.Msg { return quietMsg{b.MarkFresh(ctx, total)} }
	if total >= 0 && m.held()-total != m.shelf.info.Mismatch && m.shelf.full() == nil {
		return tea.Batch(fresh, m.beginPass(work.Index))
	}
	return tea.Batch(fresh, m.needMore())
}

// held is the number of rows that the service's default list would hold.
func (m *Model) held() int {
	return m.shelf.book.Len() - len(m.shelf.hidden) - m.apartKept()
}

// apartKept counts rows shown although the default list does not hold them.
func (m *Model) apartKept() int {
	n := 0
	for id := range m.shelf.kept {
		if p, ok := m.shelf.book.Find(id); ok && !p.Connected() {
			n++
		}
	}
	return n
}

func (m *Model) hide(contacts []model.Packed) {
	for _, c := range contacts {
		if _, held := m.shelf.book.Slot(c.ID()); !held {
			if m.shelf.hidden == nil {
				m.shelf.hidden = map[int64]bool{}
			}
			m.shelf.hidden[c.ID()] = true
		}
	}
}

func (m *Model) unhide(contacts []model.Packed) {
	for _, c := range contacts {
		delete(m.shelf.hidden, c.ID())
	}
}

func ptr[T any](v T) *T { return &v }
