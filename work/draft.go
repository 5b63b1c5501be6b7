package work

import (
	"time"

	"github.com/levcontacts/levcontacts/model"
)

// DraftKind describes which editor a draft belongs to.
type DraftKind string

// The kinds of draft: a whole contact, one field in place, a new contact, many
// contacts at once.
const (
	DraftEdit   DraftKind = "edit"
	DraftField  DraftKind = "field"
	DraftCreate DraftKind = "create"
	DraftBulk   DraftKind = "bulk"
	DraftNote   DraftKind = "note" // of a contact; Values holds the text by model.FieldNotes
)

// Draft is what was typed and not saved yet.
type Draft struct {
	ID        string // chosen by whoever types it
	Kind      DraftKind
	ContactID int64         // 0 for a new contact and for many
	Field     model.FieldID // that the cursor is in
	Base      model.Contact // as the edit began; no ID for a new contact
	Values    model.Draft
	Key       string        // idempotency key of a create, stored with its draft
	Note      model.Note    // that is edited, as the edit began; no ID for a new one
	Company   model.Company // of a new contact, chosen by its name; no ID for none
	NotSent   bool          // a save of it could not reach the service
	Problem   string        // why the last save was refused
	Updated   time.Time
	Mine      bool // being typed in this very program; set by the store
	Open      bool // its editor was open when it was last stored
	TakenBack bool // nothing of it is left: it is forgotten, unless it was typed into after Updated
}
