package ui

import (
	"context"
	"time"

	"levcontacts/model"
	"levcontacts/work"
)

// Reader is what the list and the details need. All methods may take long and
// are called from commands only; errors are *model.Error where the service or
// the way to it is at fault.
type Reader interface {
	Account(context.Context) (work.Account, error)
	// OpenCopy and LoadCopy read the copy on disk: first enough rows for the
	// screen, then the rest in large parts until next is 0.
	OpenCopy(context.Context) (work.Opening, error)
	LoadCopy(ctx context.Context, after int64) (rows []model.Packed, next int64, err error)
	// Page fetches one page and notes it in the copy.
	Page(context.Context, work.PageRequest) (model.Page, error)
	// EndPass closes a full pass and names the contacts it did not meet.
	// known is false when there is no copy to tell from.
	EndPass(context.Context) (gone []int64, known bool, err error)
	// MarkFresh notes in the copy that its rows are up to date as of now, after
	// a look at recent changes; total is what the service said, -1 for nothing.
	MarkFresh(ctx context.Context, total int) error
	Contact(ctx context.Context, id int64) (model.Contact, error)
}

// Writer changes contacts. Every method notes what it does in the journal
// before it is sent.
type Writer interface {
	Save(context.Context, work.Save) (work.Saved, error)
	Create(context.Context, work.Create) (work.Saved, error)
	History(ctx context.Context, limit int) ([]work.Entry, error)
	Unresolved(context.Context) ([]work.Entry, error)
	Resolve(context.Context, work.Entry) (work.Resolution, error)
	// Settle ends an unknown create: contactID is the contact it made, 0 when
	// the person says that none of the candidates is it.
	Settle(ctx context.Context, entryID string, contactID int64) error
}

// Drafts keeps what was typed.
type Drafts interface {
	Drafts(context.Context) ([]work.Draft, error)
	KeepDraft(context.Context, work.Draft) error
	DropDraft(ctx context.Context, id string) error
}

// Bulk changes many contacts, one at a time.
type Bulk interface {
	// StartRun stores the run and drops the draft that it was typed in, in one
	// transaction; with an error the draft stays.
	StartRun(ctx context.Context, title, draftID string, items []work.BulkItem) (work.BulkRun, error)
	// StepRun sends the next item. done is true when none is left.
	StepRun(ctx context.Context, runID string) (item work.BulkItem, run work.BulkRun, done bool, err error)
	StopRun(ctx context.Context, runID string) (work.BulkRun, error)
	Runs(context.Context) ([]work.BulkRun, error)
	RunItems(ctx context.Context, runID string) ([]work.BulkItem, error)
	// ExportContacts writes contacts to files and names them.
	ExportContacts(context.Context, []model.Packed) ([]string, error)
	// SaveRunResult writes the result files and names them.
	SaveRunResult(ctx context.Context, runID string) ([]string, error)
}

// Memory remembers small choices between runs.
type Memory interface {
	Views(context.Context) ([]work.View, error)
	SaveView(context.Context, work.View) error
	// RememberView notes what is shown, for the next start.
	RememberView(context.Context, work.View) error
	// LastView is what RememberView noted last, the zero View for nothing.
	LastView(context.Context) (work.View, error)
}

// Meter tells of requests. Its methods answer at once from memory.
type Meter interface {
	Gauge() work.Gauge
	// Estimate is how long n more list requests would take from now.
	Estimate(n int, p work.Priority) time.Duration
	// EstimateChanges is how long a bulk edit of n contacts would take from now.
	EstimateChanges(n int) time.Duration
	Exchanges() []work.Exchange
	// Report is a text about the program and its last requests that is safe to
	// give away.
	Report() string
}

// Access signs in and switches accounts.
type Access interface {
	// SignIn tries a key against the service and, when it is good, uses it
	// from now on and keeps it where the profile keeps its key.
	SignIn(ctx context.Context, key string) (work.Account, error)
	Profiles() []string
}

// Backend is everything the screen asks for.
type Backend interface {
	Reader
	Writer
	Drafts
	Bulk
	Memory
	Meter
	Access
}

// Desktop is the person's machine outside the terminal.
type Desktop interface {
	// Copy puts text on the machine's clipboard; an error means that there is
	// none here, as over SSH.
	Copy(text string) error
	// Open opens a web or mail address in the machine's own program.
	Open(target string) error
}
