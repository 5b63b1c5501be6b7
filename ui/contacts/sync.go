package contacts

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/work"
)

// begin starts a list from its first page and stops the one before it.
func (m *Model) begin(name pagerName, p *pager, priority work.Priority) tea.Cmd {
	p.partial = !m.Complete()
	if old := m.pagers[name]; old != nil {
		old.request.Stop()
		p.request = old.request // its numbers go on, so that what is still to come is stale
	}
	m.pagers[name] = p
	return m.fetch(name, priority)
}

func (m *Model) beginFullSync(priority work.Priority) tea.Cmd {
	first := model.CursorList(model.ConnectedOnly, m.pageLimit())
	return m.begin(pagerAll, newPager(first, work.FeedFull), priority)
}

// beginIncrementalSync asks for what changed since the last full sync, newest
// first.
func (m *Model) beginIncrementalSync() tea.Cmd {
	newest := model.Sort{Field: model.FieldUpdated, Desc: true}
	first := model.SortedList(model.ConnectedOnly, newest, 0, m.pageLimit())
	return m.begin(pagerRecent, newPager(first, work.FeedRows), m.priority())
}

// priority is that of asking for changes: the user waits for it, or nobody does.
func (m *Model) priority() work.Priority {
	if m.asOf.IsZero() && !m.answers && !m.checked.IsZero() {
		return work.Index
	}
	return work.Screen
}

// sayFound answers the user who asked what has changed.
func (m *Model) sayFound(n int) {
	if !m.answers {
		return
	}
	m.answers = false
	words := "Up to date"
	if n > 0 {
		words = text.Plural(n, "contact") + " changed"
	}
	m.say(OwnerFound, screen.Good, words)
}

// leastRefresh is how long the screen waits at least between two refreshes that
// nobody asked for.
const leastRefresh = time.Minute

// refreshDue is when the service is asked by itself what has changed, zero for
// never: only where one request says it, and nothing else is on its way.
func (m *Model) refreshDue() time.Time {
	busy, _ := m.Busy()
	if m.o.RefreshEvery <= 0 || m.checked.IsZero() || busy || m.offline || !m.retryAt.IsZero() || !m.Complete() || m.info.NoSort {
		return time.Time{}
	}
	return m.checked.Add(max(m.o.RefreshEvery, leastRefresh))
}

// refreshBySelf asks what has changed when it is time for it.
func (m *Model) refreshBySelf() tea.Cmd {
	if due := m.refreshDue(); due.IsZero() || m.o.Now().Before(due) {
		return nil
	}
	m.checked = m.o.Now() // also when it fails: not again at once
	m.info.Newest = m.changedSince()
	return m.beginIncrementalSync()
}

// fetch asks for the next page of a list unless it is under way.
func (m *Model) fetch(name pagerName, priority work.Priority) tea.Cmd {
	p := m.pagers[name]
	if p == nil || p.done || p.request.Busy() || p.err != nil {
		return nil
	}
	if p.begun {
		p.next = p.next.WithLimit(m.pageLimit())
	}
	ctx, seq := p.request.Begin(m.o.Context, m.o.Now())
	return fetchPage(ctx, m.o.Backend, work.PageRequest{List: p.next, Priority: priority, Feed: p.pass}, name, seq)
}

// onPage takes a page, good or bad.
func (m *Model) onPage(msg pageMsg) tea.Cmd {
	p := m.pagers[msg.pager]
	if p == nil || !p.request.Take(msg.seq) {
		return nil
	}
	m.gauge, m.trouble = msg.gauge, ""
	if msg.err != nil {
		return m.onPageError(msg.pager, p, model.AsError("list contacts", msg.err))
	}
	m.answered()
	if msg.pager != pagerRecent {
		m.checked = m.o.Now()
	}
	if msg.page.Total >= 0 && msg.pager != pagerNotConnected {
		m.total, m.totalSaid = msg.page.Total, true
	}
	if msg.pager == pagerNotConnected {
		if slices.ContainsFunc(msg.page.Rows, isConnected) {
			err := &model.Error{Kind: model.KindBadRequest, Message: "it answers with connected ones"}
			return m.onPageError(pagerNotConnected, p, err)
		}
		m.hide(msg.page.Rows)
	}
	first := m.book.Len() == 0
	added, changed := p.take(&m.book, msg.page)
	if msg.pager == pagerAll {
		for _, c := range msg.page.Rows {
			delete(m.hidden, c.ID())
		}
	}
	if words := p.stop.Text(); words != "" {
		m.say(ownerList, screen.Failure, words)
	}
	here := m.sortHere()
	var order tea.Cmd
	if added+changed > 0 || p.keep || here {
		order = m.reorder()
	}
	if first || added+changed > 0 || p.keep || here {
		m.emit(Changed{})
	}
	return tea.Batch(order, m.afterPage(msg.pager, p))
}

// isConnected reports whether the service says so, in as many words.
func isConnected(c model.Packed) bool { return c.Get(model.FieldConnected).True() }

// answered ends being offline and takes back what was said about it.
func (m *Model) answered() {
	if m.failed {
		m.failed = false
		m.emit(screen.Retract{Owner: ownerList})
	}
	if m.offline {
		m.emit(BackOnline{})
	}
	m.offline, m.pause, m.retryAt = false, 0, time.Time{}
}

// afterPage does what a page of each list leads to.
func (m *Model) afterPage(name pagerName, p *pager) tea.Cmd {
	switch {
	case name == pagerRecent:
		return m.afterRecent(p)
	case name == pagerAll && p.complete():
		if p.pass == work.FeedFull {
			m.asOf = time.Time{} // every row was fetched in this run
		}
		m.emit(MoreWanted{})
		return endPass(m.o.Context, m.o.Backend)
	}
	m.emit(MoreWanted{})
	return nil
}

// afterRecent stops at the first row that is older than the last full sync. It
// makes a full sync when the count shows that contacts are gone, or when the
// rows are in another order than was asked for. Rows without a moment say
// nothing: a service may put them first.
func (m *Model) afterRecent(p *pager) tea.Cmd {
	recent := work.NewRecent(m.info.Newest)
	for _, slot := range p.slots {
		if !recent.Take(m.book.At(int(slot))) {
			m.info.NoSort = true
			p.done = true
			return m.beginFullSync(work.Index)
		}
	}
	if !p.done && !recent.Reached() {
		return m.fetch(pagerRecent, m.priority())
	}
	p.done = true
	m.asOf, m.checked = time.Time{}, m.o.Now()
	m.sayFound(p.news)
	m.emit(Synced{})
	fresh := markFresh(m.o.Context, m.o.Backend, p.total)
	if p.total >= 0 && m.Held()-p.total != m.info.Mismatch && m.pagers[pagerAll] == nil {
		return tea.Batch(fresh, m.beginFullSync(work.Index))
	}
	m.emit(MoreWanted{})
	return fresh
}

func (m *Model) onFresh(msg freshMsg) {
	if msg.err != nil {
		m.say(ownerCache, screen.Note, "the local copy was not updated: "+msg.err.Error())
	}
}

// hide notes contacts that are shown only when a filter asks for them.
func (m *Model) hide(rows []model.Packed) {
	for _, c := range rows {
		if _, held := m.book.Slot(c.ID()); !held {
			if m.hidden == nil {
				m.hidden = map[int64]bool{}
			}
			m.hidden[c.ID()] = true
		}
	}
}

// onSynced drops the contacts that a full sync did not meet.
func (m *Model) onSynced(msg syncedMsg) tea.Cmd {
	gone := map[int64]bool{}
	for _, id := range msg.gone {
		gone[id] = true
	}
	all := m.pagers[pagerAll]
	if !msg.known && all != nil && all.pass == work.FeedFull {
		for slot := range m.book.Len() {
			p := m.book.At(slot)
			if p.Connected() && !all.seen.has(slot) && !m.hidden[p.ID()] {
				gone[p.ID()] = true
			}
		}
	}
	if msg.err != nil {
		m.say(ownerCache, screen.Note, "the local copy was not updated: "+msg.err.Error())
	}
	forget := m.forget(gone)
	if all != nil {
		m.sayFound(all.news)
	}
	m.emit(Synced{})
	m.info.SyncedAt, m.info.Resume = m.o.Now(), ""
	m.info.Mismatch = m.Held() - m.Total()
	m.info.Newest = 0
	if all != nil && all.pass == work.FeedResume && !m.asOf.IsZero() && !m.info.NoSort {
		// The rows of the earlier run are as old as its beginning.
		m.info.Newest = m.asOf.Add(-clockMargin).Unix()
		return tea.Batch(forget, m.beginIncrementalSync())
	}
	m.asOf = time.Time{}
	return forget
}

// forget takes contacts out of the list and says how many.
func (m *Model) forget(gone map[int64]bool) tea.Cmd {
	if len(gone) == 0 {
		return nil
	}
	if moved := m.book.Drop(func(p model.Packed) bool { return gone[p.ID()] }); moved != nil {
		m.order.moved(moved)
		for _, p := range m.pagers {
			if p != nil {
				p.moved(moved)
			}
		}
	}
	words := " contacts are no longer in the service's list"
	if len(gone) == 1 {
		words = " contact is no longer in the service's list"
	}
	m.say("", screen.Note, text.Number(len(gone))+words)
	m.emit(Changed{})
	return m.reorder()
}

// clockMargin is how far apart this machine's clock and the service's may be.
const clockMargin = time.Minute

// changedSince is the moment from which changes are asked for: the newest one
// held, or the beginning of this run when that was earlier, because a contact
// may have changed behind the place that a full sync had reached.
func (m *Model) changedSince() int64 {
	if m.info.Newest != 0 {
		return m.info.Newest
	}
	var at int64
	for i := range m.book.Len() {
		if s, ok := m.book.At(i).Seconds(model.FieldUpdated); ok {
			at = max(at, s)
		}
	}
	return min(at, m.began.Add(-clockMargin).Unix())
}

// Refresh asks again: for what changed when all is held, from the start
// otherwise. Rows stay where they are meanwhile. selected is fetched as well
// when no list would bring it.
func (m *Model) Refresh(selected int64) (tea.Cmd, []screen.Event) {
	var one tea.Cmd
	if m.kept[selected] {
		one = m.fetchOne(selected, false)
	}
	m.answers = true
	return m.done(tea.Batch(one, m.refreshLists()))
}

func (m *Model) refreshLists() tea.Cmd {
	m.retryAt, m.pause = time.Time{}, 0
	for _, p := range m.pagers {
		if p != nil {
			p.request.Stop()
			p.err = nil
		}
	}
	switch {
	case m.serviceSorts():
		by := m.pagers[pagerSorted].next.Sort()
		first := model.SortedList(model.ConnectedOnly, by, 0, m.pageLimit())
		return m.begin(pagerSorted, newPager(first, work.FeedRows), work.Screen)
	case m.Complete() && !m.info.NoSort:
		m.info.Newest = m.changedSince()
		return m.beginIncrementalSync()
	default:
		return m.beginFullSync(work.Screen)
	}
}
