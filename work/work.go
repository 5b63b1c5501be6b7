// Package work names what can be asked of the program and what comes back:
// the words shared by the screens and commands that ask and the service that
// does it. It holds values only, no I/O.
package work

import (
	"encoding/json"
	"time"

	"github.com/levcontacts/levcontacts/model"
)

// Priority orders requests that wait for the rate limit, most urgent first.
type Priority uint8

// The priorities.
const (
	Write  Priority = iota // the user's save
	Screen                 // what the user is waiting to see
	Next                   // the page after this one
	Index                  // filling the cache in the background
)

// Account is the account that the program uses.
type Account struct {
	Profile  string
	Name     string // the account's name, "" when the service does not say
	User     string
	Role     string
	Tier     string
	Scopes   []string
	ReadOnly string // why writes are off, "" when they are on
	Demo     bool
	BaseURL  string
}

// Quota is the rate limit as counted here, for the status line.
type Quota struct {
	Limit, Left int       // requests of the list endpoint in this minute; Limit 0 when there is none
	Until       time.Time // when a request that waits may go, zero when none waits
	Frozen      bool      // the service itself asked to wait (429)
	SaveUntil   time.Time // the same of a save: when its next request may go
	SaveFrozen  bool
	Failed      int // requests in a row that failed in a way that is retried: no response, or a fault of the service
	Status      int // of the last of them, 0 when no response came
}

// Exchange is one request and its response, for the log on the screen.
type Exchange struct {
	At        time.Time
	Method    string
	Path      string // with query
	Status    int    // 0 when no response came
	Took      time.Duration
	Attempt   int
	RequestID string
	Problem   string // "" when it went well
}

// CacheInfo describes the cache kept on disk.
type CacheInfo struct {
	Total    int       // as the service last said
	SyncedAt time.Time // end of the last complete sync, zero when there was none
	FreshAt  time.Time // when the rows were last known to be up to date; of an unfinished sync, its beginning
	Resume   string    // cursor at which an interrupted sync continues
	Seen     int       // rows that sync had seen
	NoSort   bool      // the service refused to sort by updated_at before
	Mismatch int       // rows held minus total at the end of the last sync
	Newest   int64     // greatest updated_at at the last sync, seconds since 1970
	Sync     int64     // number of the interrupted full sync that Resume belongs to
	Problem  string    // why there is no cache, "" when there is one
}

// Opening is the first look into the cache: enough rows for the first screen.
type Opening struct {
	Info CacheInfo
	Rows []model.Packed
	Next int64 // where Load continues; 0 when these are all
	// AccountName is whose the rows are, as the service said in an earlier run.
	AccountName string
}

// PageRequest asks for a page on behalf of a sync over the list.
type PageRequest struct {
	List     model.Request
	Priority Priority
	Feed     Feed
}

// Feed says what a page is part of, so that the cache can note how far it came.
type Feed uint8

// The kinds. Only the pages of a full sync make a checkpoint; those of a
// sorted list and of a look at recent changes are just rows. Apart pages are
// not kept at all.
const (
	FeedFull   Feed = iota
	FeedResume      // a full sync that an earlier run began
	FeedRows
	FeedDisconnected
)

// Save asks for a change to a contact. Base is the contact as the edit began.
type Save struct {
	ID       int64
	Base     model.Contact
	BaseAt   time.Time // when Base was fetched, zero when unknown; an older one than a few seconds is fetched again
	Patch    model.Patch
	DraftID  string
	Undoes   string // journal entry that this reverses
	EntryKey string // idempotency key to use again, "" for a new one
}

// Saved is what happened to a Save or Create.
type Saved struct {
	Contact   model.Contact
	Conflicts []model.Conflict // not sent: the user decides
	Theirs    model.Contact    // the contact as it is now, with conflicts
	NotTaken  []model.Conflict // sent, and the response shows another value
	RequestID string
	Nothing   bool // someone had made the very same change; nothing was sent
	// Candidates are contacts that an earlier attempt of this create, whose answer
	// never came, may have made. Nothing was sent: the user reports whether one
	// of them is it (Settle with EntryID) or asks again with Anyway.
	Candidates []model.Contact
	EntryID    string
}

// Create asks for a new contact.
type Create struct {
	Values  model.Patch
	Extra   map[string]json.RawMessage
	DraftID string
	Key     string // idempotency key, the same for every attempt of one draft
	Anyway  bool   // the user has seen the likely duplicates of an create of unknown outcome
}

// FactNoSort is the name under which it is remembered that the service does
// not sort by updated_at.
const FactNoSort = "no-sort-updated_at"

// View is a named choice of filter, search, sort and columns.
type View struct {
	Name    string
	Search  string
	Filter  string
	Sort    model.Sort
	Columns []string
}
