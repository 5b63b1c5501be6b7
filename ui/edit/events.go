package edit

import (
	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// Outcome says how an edit ended.
type Outcome uint8

// The outcomes.
const (
	Nothing     Outcome = iota // nothing was typed, or nothing was left to save
	Saved                      // the service has it
	Kept                       // left, with its draft on disk
	Discarded                  // the user gave it up
	BulkStarted                // the bulk run has its changes
	Existing                   // an earlier attempt had made the contact already
)

// Ended is the end of an edit. Draft, messages and requests have ended with it.
type Ended struct {
	ID      string // of the edit and of its draft
	Kind    work.DraftKind
	Outcome Outcome
	// ContactID is the contact that was edited, created or found; 0 for many,
	// and for a new contact that was not created.
	ContactID int64
	// Contact is the contact as the service answered it after Saved. Without an
	// ID the answer did not hold it: it has to be fetched again.
	Contact  model.Contact
	Patch    model.Patch
	Created  bool
	Undone   bool
	NotTaken []model.Conflict // the service holds another value than was sent
	// Typed are keys pressed after the edit was left, while its draft was being
	// written: they are for whoever takes the keys now.
	Typed []tea.Msg
}

// DraftKept says that a draft is on disk. Asked is set when Keep asked for it.
type DraftKept struct {
	Draft work.Draft
	Asked bool
}

// DraftNotKept says that a draft could not be written: it exists only on the
// screen. The edit has told the user. Asked is set when Keep asked for it.
type DraftNotKept struct {
	ID    string
	Err   error
	Asked bool
}

// DraftDiscarded says that a draft exists no longer. It follows the end of an
// edit, see Late, or Keep, where what was typed was taken back. Asked is set when Keep
// asked for it.
type DraftDiscarded struct {
	ID    string
	Asked bool
}

// TwinChosen asks to show a contact, likely a duplicate of the new one. It
// follows the Ended of the edit.
type TwinChosen struct{ ID int64 }

// NotesChanged says that the notes on a contact are others now.
type NotesChanged struct{ ContactID int64 }

// Theirs is a contact as the service has it now, for the list.
type Theirs struct{ Contact model.Contact }

// Answered says that the service answered: it can be reached.
type Answered struct{}

// Unreachable says that the service could not be reached by a save.
type Unreachable struct{ Err *model.Error }

// BulkAsked asks to start a bulk run. The parent answers with BulkResult; until
// then the edit stays open with all that was typed.
type BulkAsked struct {
	Title   string
	Items   []work.BulkItem
	DraftID string
}
