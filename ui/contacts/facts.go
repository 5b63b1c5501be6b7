package contacts

import (
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/work"
)

// Find gives a contact that is held. A row that cannot be read is an empty
// contact with its ID.
func (m *Model) Find(id int64) (model.Contact, bool) {
	p, ok := m.book.Find(id)
	if !ok {
		return model.Contact{}, false
	}
	return Unpack(p), true
}

// Packed gives a contact as it is held.
func (m *Model) Packed(id int64) (model.Packed, bool) { return m.book.Find(id) }

// Slot is where a contact is held: an order that is always there.
func (m *Model) Slot(id int64) (int, bool) { return m.book.Slot(id) }

// Unpack gives the whole contact of a row; a row that cannot be read is an empty
// contact with its ID.
func Unpack(p model.Packed) model.Contact {
	c, err := p.Unpack()
	if err != nil {
		return model.NewContact(p.ID(), nil)
	}
	return c
}

// Snapshot can be read on another goroutine while contacts come.
func (m *Model) Snapshot() model.Snapshot { return m.book.Snapshot() }

// Empty reports whether no contact is held.
func (m *Model) Empty() bool { return m.book.Len() == 0 }

// Query, FilterBy and SortBy are what was chosen.
func (m *Model) Query() search.Query     { return m.order.query }
func (m *Model) FilterBy() search.Filter { return m.order.filter }
func (m *Model) SortBy() model.Sort      { return m.order.sort }

// Held is how many rows of the service's default list are held.
func (m *Model) Held() int { return m.book.Len() - len(m.hidden) - m.Extra() }

// Extra counts rows shown although the service's default list does not have them.
func (m *Model) Extra() int {
	n := 0
	for id := range m.kept {
		if p, ok := m.book.Find(id); ok && !p.Connected() {
			n++
		}
	}
	return n
}

// Total is how many contacts the service says there are, -1 when unknown.
func (m *Model) Total() int {
	if m.totalSaid {
		return m.total
	}
	if m.info.SyncedAt.IsZero() && m.info.Resume == "" {
		return -1
	}
	return m.info.Total
}

// Complete reports whether every connected contact is held.
func (m *Model) Complete() bool {
	all := m.pagers[pagerAll]
	return all != nil && all.complete() || !m.info.SyncedAt.IsZero() && !m.loading
}

// AllHeld reports whether as many contacts are held as the service counts. The
// sync that alone finds contacts that are gone may still be on its way.
func (m *Model) AllHeld() bool {
	return m.Complete() || m.totalSaid && m.Held() >= m.total
}

// Opened reports whether the local copy was read, or that there is none.
func (m *Model) Opened() bool { return m.opened }

// Reading reports whether parts of the local copy are still to come.
func (m *Model) Reading() bool { return !m.opened || m.loading }

// Awaited reports whether the rows to be shown are still on their way.
func (m *Model) Awaited() bool {
	p := m.active()
	return !m.opened || (p == nil || !p.begun) && !m.Complete() || m.order.request.Busy()
}

// Ended reports whether the list on the screen was read to its end.
func (m *Model) Ended() bool { p := m.active(); return p != nil && p.done }

// AsOf is how old the rows are; zero when this run fetched them.
func (m *Model) AsOf() time.Time { return m.asOf }

// Checked is when the service last said in this run what the rows are; zero for
// never.
func (m *Model) Checked() time.Time { return m.checked }

// Offline reports whether the service cannot be reached.
func (m *Model) Offline() bool { return m.offline }

// RetryAt is when the next attempt is made, zero for none.
func (m *Model) RetryAt() time.Time { return m.retryAt }

// Err is why the list on the screen stopped, nil when it did not.
func (m *Model) Err() *model.Error {
	if p := m.active(); p != nil {
		return p.err
	}
	return nil
}

// GoingToEnd reports whether the user goes to the end and has not reached it.
func (m *Model) GoingToEnd() bool { return m.toEnd }

// Sorts says who sorts what is shown.
type Sorts uint8

// Who sorts: this program all of it, the service, or this program what is
// loaded, because the service does not sort by the field or for want of rows.
const (
	SortsAll Sorts = iota
	SortsService
	SortsLoadedRefused
	SortsLoaded
)

// Sorts says who sorts what is shown.
func (m *Model) Sorts() Sorts {
	switch {
	case m.AllHeld():
		return SortsAll
	case m.order.local:
		return SortsLoadedRefused
	case m.serviceSorts():
		return SortsService
	default:
		return SortsLoaded
	}
}

// Rest says what happens with the part of the list that is not loaded.
type Rest uint8

// The rest: nothing of it is missing, it is on its way, or somebody has to ask.
const (
	RestNone Rest = iota
	RestComing
	RestOnRequest
)

// Rest says what happens with the part that is not loaded.
func (m *Model) Rest() Rest {
	p := m.pagers[pagerAll]
	switch {
	case m.Complete() || p == nil || p.done:
		return RestNone
	case p.request.Busy() || m.o.Index && p.err == nil:
		return RestComing
	default:
		return RestOnRequest
	}
}

// RestTakes is how long the rest takes at this account's limits, 0 when that is too
// short to show.
func (m *Model) RestTakes() time.Duration {
	left := m.Total() - m.Held()
	if left <= 0 {
		return 0
	}
	d := m.o.Backend.Estimate((left+m.pageLimit()-1)/m.pageLimit(), work.Screen)
	if d < 2*time.Second {
		return 0
	}
	return d
}

// Quota is the rate limit as counted at the last answer or tick.
func (m *Model) Quota() work.Quota { return m.gauge }

// Trouble is why the last attempt of what the user waits for failed, "" when
// it did not: a kind of error by its name.
func (m *Model) Trouble() string { return m.trouble }

// Busy reports whether rows are being asked for, and since when.
func (m *Model) Busy() (bool, time.Time) {
	for _, p := range m.pagers {
		if p != nil && p.request.Busy() {
			return true, p.request.Since()
		}
	}
	return m.single.Busy(), m.single.Since()
}

// Fast is how long the status line leaves a request alone before it moves.
const Fast = 300 * time.Millisecond

// Wake is when what these facts say changes by itself next, zero for never.
func (m *Model) Wake() screen.Wake {
	now := m.o.Now()
	loading, since := m.Busy()
	all := m.pagers[pagerAll]
	switch {
	case loading && now.Sub(since) < Fast:
		return now.Add(Fast)
	case loading && !m.gauge.Until.After(now):
		return now.Add(120 * time.Millisecond)
	case loading || !m.retryAt.IsZero():
		return now.Add(time.Second)
	case m.o.Index && all != nil && !all.done && all.err == nil:
		return now.Add(max(time.Second, idleBefore-now.Sub(m.touched)))
	}
	return m.refreshDue()
}
