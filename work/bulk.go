package work

import (
	"time"

	"github.com/levcontacts/levcontacts/model"
)

// RunState describes how far a bulk run is.
type RunState string

// The states of a bulk run. A run whose program ended counts as stopped.
const (
	RunRunning RunState = "running"
	RunStopped RunState = "stopped"
	RunDone    RunState = "done"
)

// BulkRun is one bulk edit.
type BulkRun struct {
	ID      string
	Title   string
	Created time.Time
	State   RunState
	Mine    bool // this program works on it; set by the store
	Total   int
	Counts  map[ItemState]int
}

// Left is how many items are still to be sent or looked up.
func (r BulkRun) Left() int { return r.Counts[ItemTodo] + r.Counts[ItemSent] }

// ItemState describes how far one contact of a bulk run is.
type ItemState string

// The states of an item. A sent one is on its way, or its outcome is unknown. A
// missing one got no response, and the contact does not show the change:
// RetryItems sends it again on request.
const (
	ItemTodo     ItemState = "todo"
	ItemSent     ItemState = "sent"
	ItemDone     ItemState = "done"
	ItemFailed   ItemState = "failed"
	ItemConflict ItemState = "conflict" // changed by someone else, left out
	ItemSkipped  ItemState = "skipped"  // nothing to change
	ItemMissing  ItemState = "missing"
)

// BulkItem is one contact of a bulk edit.
type BulkItem struct {
	ContactID int64
	Name      string
	Patch     model.Patch
	State     ItemState
	EntryID   string // its journal entry, "" before it was sent
	Status    int
	Message   string
	RequestID string
	// Answer is the contact as the service returned it, once done; as it was
	// fetched when nothing was sent.
	Answer model.Contact
}
