package contacts

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/work"
)

// fullSyncEvery is how old a full sync may be before another is made: only a
// full sync finds contacts that are gone.
const fullSyncEvery = 24 * time.Hour

// onOpened takes the first rows of the local copy.
func (m *Model) onOpened(msg openedMsg) tea.Cmd {
	m.opened = true
	m.info = msg.opening.Info
	if msg.err != nil {
		m.info = work.CacheInfo{Problem: msg.err.Error()}
	}
	if p := m.info.Problem; p != "" {
		m.say(ownerCache, screen.Note, "no local copy: "+p)
	}
	m.putRows(msg.opening.Rows)
	m.loading = msg.opening.Next != 0 && msg.err == nil
	if m.loading {
		load := loadCopy(m.o.Context, m.o.Backend, msg.opening.Next)
		return tea.Batch(m.reorder(), drawFirst(m.o.Context, m.o.DrawFirst, load))
	}
	return m.cacheRead(msg.opening.AccountName)
}

func (m *Model) onPart(msg partMsg) tea.Cmd {
	m.putRows(msg.rows)
	if msg.err == nil && msg.next != 0 {
		return tea.Batch(m.reorder(), loadCopy(m.o.Context, m.o.Backend, msg.next))
	}
	m.loading = false
	if msg.err != nil {
		m.say(ownerCache, screen.Note, "the local copy could be read only in part: "+msg.err.Error())
		m.info = work.CacheInfo{Problem: msg.err.Error()}
	}
	return m.cacheRead("")
}

func (m *Model) cacheRead(account string) tea.Cmd {
	cmds := tea.Batch(m.reorder(), m.beginLists())
	m.emit(Opened{account})
	return cmds
}

// putRows adds rows of the local copy; a row that is held already is newer.
func (m *Model) putRows(rows []model.Packed) {
	for _, p := range rows {
		if _, held := m.book.Slot(p.ID()); !held {
			m.book.Put(p)
		}
	}
	if len(rows) > 0 {
		m.asOf = m.info.FreshAt
		m.emit(Changed{})
	}
}

// beginLists decides what to fetch once the local copy was read: what changed
// lately, the rest of an interrupted full sync, or the first page.
func (m *Model) beginLists() tea.Cmd {
	info := m.info
	if info.Resume != "" {
		p := newPager(model.ResumeList(model.ConnectedOnly, info.Resume, m.pageLimit()), work.FeedResume)
		p.begun, p.total, p.count = true, info.Total, info.Seen
		m.pagers[pagerAll] = p
	}
	switch info.NextSync(m.o.Now(), fullSyncEvery) {
	case work.NextResume:
		return m.fetch(pagerAll, work.Next)
	case work.NextIncremental:
		return m.beginIncrementalSync()
	}
	if !info.SyncedAt.IsZero() {
		return m.beginFullSync(work.Index)
	}
	first := model.CursorList(model.ConnectedOnly, m.firstLimit())
	m.pagers[pagerAll] = newPager(first, work.FeedFull)
	return m.fetch(pagerAll, work.Screen)
}

func (m *Model) firstLimit() int {
	if m.o.PageSize > 0 {
		return m.o.PageSize
	}
	return max(model.DefaultLimit, m.height)
}

func (m *Model) pageLimit() int {
	if m.o.PageSize > 0 {
		return m.o.PageSize
	}
	return model.MaxLimit
}
