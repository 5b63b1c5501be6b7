package work

import (
	"math"
	"time"

	"github.com/levcontacts/levcontacts/model"
)

// SyncKind is how the local copy is brought up to date.
type SyncKind uint8

// The kinds of sync. A full one reads the whole list, a resumed one goes on with
// a full one that was interrupted, an incremental one reads what changed lately,
// newest first, until it meets what is known.
const (
	NextFull SyncKind = iota
	NextResume
	NextIncremental
)

// NextSync is the sync that a copy needs, where a full one is due when the last
// is older than fullEvery: only a full sync finds every change that moves no
// updated_at.
func (i CacheInfo) NextSync(now time.Time, fullEvery time.Duration) SyncKind {
	switch {
	case i.Resume != "" && (i.SyncedAt.IsZero() || i.NoSort):
		return NextResume
	case i.SyncedAt.IsZero(), i.NoSort, now.Sub(i.SyncedAt) > fullEvery:
		return NextFull
	}
	return NextIncremental
}

// Young reports whether the copy is complete and was up to date within maxAge.
func (i CacheInfo) Young(now time.Time, maxAge time.Duration) bool {
	return !i.SyncedAt.IsZero() && i.Problem == "" && now.Sub(i.FreshAt) <= maxAge
}

// Recent follows a list of contacts that is sorted by updated_at, newest first,
// to the first one that the last full sync has seen.
type Recent struct {
	since, last int64
	reached     bool
}

// NewRecent begins a list of the contacts that changed since a moment, in
// seconds since 1970.
func NewRecent(since int64) *Recent { return &Recent{since: since, last: math.MaxInt64} }

// Take adds the next row and reports whether it stands in the order that was
// asked for. A row without a moment says nothing: a service may put them first.
func (r *Recent) Take(row model.Packed) (ordered bool) {
	at, ok := row.Seconds(model.FieldUpdated)
	if !ok {
		return true
	}
	if at > r.last {
		return false
	}
	r.last, r.reached = at, r.reached || at < r.since
	return true
}

// Reached reports whether a row was older than the moment asked for.
func (r *Recent) Reached() bool { return r.reached }

// Sync asks for a local copy that is up to date.
type Sync struct {
	MaxAge  time.Duration // a complete copy is used as it is up to this age
	Fresh   bool          // read the whole list, whatever the copy holds
	Offline bool          // ask the service nothing
	Whole   bool          // read the whole list where there is no complete copy
	// Rows is given the contacts of a full sync as they come, a page at a time.
	// An error ends the sync and is returned as it is. Nil keeps them for later.
	Rows func(rows []model.Packed, total int) error
	// Progress is told before every further page how many contacts of how many
	// were read, total -1 when the service does not say.
	Progress func(read, total int)
	// Waiting is called when another running program reads the list, which is
	// waited for.
	Waiting func()
}

// Synced is what became of a Sync.
type Synced struct {
	// Held says that the contacts are to be read from the copy, which is as up to
	// date as asked for. With Offline it may be old and incomplete.
	Held bool
	// Given says that Rows was given every contact.
	Given bool
	Info  CacheInfo
	Pages int // requests for pages of the list
	Read  int // contacts in those pages
}
