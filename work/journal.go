package work

import (
	"time"

	"github.com/levcontacts/levcontacts/model"
)

// EntryKind describes what a write was for. KindOf knows the rules of each.
type EntryKind string

// The kinds of write. An undo is an update that reverses an earlier one.
const (
	KindCreate EntryKind = "create"
	KindUpdate EntryKind = "update"
	KindUndo   EntryKind = "undo"

	KindNoteCreate EntryKind = "note-create"
	KindNoteUpdate EntryKind = "note-update"
	KindNoteDelete EntryKind = "note-delete"

	KindCompanyCreate EntryKind = "company-create"

	KindRequest EntryKind = "request" // of the person's own making
)

// EntryKinds lists the kinds, for checks and completions.
func EntryKinds() []EntryKind {
	return []EntryKind{KindCreate, KindUpdate, KindUndo, KindNoteCreate, KindNoteUpdate, KindNoteDelete,
		KindCompanyCreate, KindRequest}
}

// Result describes how a write ended.
type Result string

// The results. A pending write is being sent by a running program. An unknown
// one may or may not have happened: no response came, or the program ended
// first. A discarded one was unknown until the user gave the change up.
const (
	Pending   Result = "pending"
	Done      Result = "done"
	Failed    Result = "failed"
	Unknown   Result = "unknown"
	Discarded Result = "discarded"
)

// Results lists the results, for checks and completions.
func Results() []Result { return []Result{Pending, Done, Failed, Unknown, Discarded} }

// Open reports whether the outcome of the write is not known yet.
func (r Result) Open() bool { return r == Pending || r == Unknown }

// Entry is one write in the journal.
type Entry struct {
	ID        string
	Seq       int64 // grows with every entry
	Kind      EntryKind
	ContactID int64 // 0 for a create that got no response
	Name      string
	Changes   []model.Change    // the value of each field when the edit began, and the value that was sent
	Extra     map[string]string // JSON of what was sent and is no field of a contact, by name
	Key       string            // idempotency key; every attempt of the write carries it
	DraftID   string            // the draft that is sent; a write that is done drops it
	Started   time.Time
	Finished  time.Time // zero while pending
	Result    Result
	Status    int // HTTP status, 0 when no response came
	RequestID string
	Message   string
	Answer    model.Packed // the contact as the service then returned it, "" for none
	Undoes    string       // the entry that this one reverses
	Undone    bool         // a later entry reversed this one; set by the store
	Run       string       // the bulk run that it is part of
	Elsewhere bool         // another running program is sending it; set by the store
}

// Patch is what the entry's write set.
func (e Entry) Patch() model.Patch { return model.NewPatch(e.Changes...) }

// EntryFilter chooses journal entries; a zero field chooses all.
type EntryFilter struct {
	Since, Until time.Time // Since is included, Until is not
	ContactID    int64
	Result       Result
	Kind         EntryKind
	Run          string
	Before       int64 // only entries with a smaller Seq, for the next page
	Limit        int
}

// Finding describes what a look at the service told about a write of unknown outcome.
type Finding string

// The findings.
const (
	FoundSaved      Finding = "saved"      // the contact shows the change; the entry is done
	FoundMissing    Finding = "missing"    // the contact does not show the change; nothing is sent unasked
	FoundConflict   Finding = "conflict"   // someone else changed the same fields since; the entry has failed
	FoundGone       Finding = "gone"       // the contact is not there any more; the entry has failed
	FoundCandidates Finding = "candidates" // contacts that the create may have made; the user says which
)

// Resolution is what was found out about a write of unknown outcome.
type Resolution struct {
	Entry   Entry // as the journal has it now
	Finding Finding
	Contact model.Contact // as the service has it now, zero when it was not fetched
	// Candidates are contacts that may be the one an unknown create made; the
	// user reports whether one of them is.
	Candidates []model.Contact
	Conflicts  []model.Conflict
}

// KindRules is how a kind of write is named, and whether it can be undone.
type KindRules struct {
	Noun   string // "change"
	Past   string // "changed"
	NoUndo string // why it cannot be undone, "" when it can
}

// Rules are the rules of a kind; ok is false for a kind that this version does
// not know, which is refused and never taken for another.
func (k EntryKind) Rules() (r KindRules, ok bool) {
	switch k {
	case KindCreate:
		return KindRules{"new contact", "created", "a contact that was created cannot be undone: the service has no delete"}, true
	case KindUpdate:
		return KindRules{"change", "changed", ""}, true
	case KindUndo:
		return KindRules{"undo", "undone", ""}, true
	case KindNoteCreate:
		return KindRules{"new note", "added a note", ""}, true
	case KindNoteUpdate:
		return KindRules{"change of a note", "changed a note", ""}, true
	case KindNoteDelete:
		return KindRules{"deletion of a note", "deleted a note", ""}, true
	case KindRequest:
		return KindRules{"request", "sent",
			"a request of levcontacts api cannot be undone: nobody but the service knows what it did"}, true
	case KindCompanyCreate:
		return KindRules{"new company", "created a company", "a company that was created cannot be undone: the service has no delete"}, true
	}
	return KindRules{}, false
}
