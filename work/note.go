package work

import (
	"encoding/json"
	"time"

	"github.com/levcontacts/levcontacts/model"
)

// Presence says whether a service has something.
type Presence uint8

// It is unknown until it was asked for.
const (
	Unasked Presence = iota
	Present
	Lacking
)

// Features are the parts of the service that came after March 2026.
type Features struct {
	Later     Presence // the later fields of a contact, phones among them
	Notes     Presence
	Companies Presence
	// Fixed are the fields that the service refused to change whatever the value.
	Fixed []model.FieldID
}

// Notes are the notes on a contact, the newest first.
type Notes struct {
	ContactID int64
	Items     []model.Note
	FetchedAt time.Time // zero when they are not known
	Lacking   bool      // this service has no notes
	More      bool      // there are more than are held
}

// Texts are the texts of the notes.
func (n Notes) Texts() []string {
	out := make([]string, len(n.Items))
	for i, note := range n.Items {
		out[i] = note.Text
	}
	return out
}

// NoteWrite asks for a new note, a changed one or a deletion.
type NoteWrite struct {
	ContactID int64
	Name      string     // of the contact, for the journal
	Before    model.Note // as the edit began; without an ID for a new note
	Text      string     // not used by a deletion
	Delete    bool
	DraftID   string
	Key       string // idempotency key to use again, "" for a new one
	Undoes    string // journal entry that this takes back
}

// Kind is the kind of the write.
func (w NoteWrite) Kind() EntryKind {
	switch {
	case w.Delete:
		return KindNoteDelete
	case w.Before.ID != "":
		return KindNoteUpdate
	}
	return KindNoteCreate
}

// NoteSaved is what became of a NoteWrite.
type NoteSaved struct {
	Note      model.Note // as the service has it now; as it was, for a deletion
	Theirs    model.Note // someone else changed the note: nothing was sent
	Conflict  bool
	Nothing   bool // the service had it so already; nothing was sent
	RequestID string
}

// The names in Entry.Extra of a write of a note. The values are JSON texts.
const (
	extraNoteID     = "note_id"
	extraNoteText   = "text"
	extraNoteBefore = "before"
)

// Extra is what the journal holds of the write beside the contact.
func (w NoteWrite) Extra(noteID string) map[string]string {
	return quotedTexts(map[string]string{extraNoteID: noteID, extraNoteText: w.Text, extraNoteBefore: w.Before.Text})
}

// quotedTexts are texts as JSON, without those that are empty.
func quotedTexts(texts map[string]string) map[string]string {
	out := map[string]string{}
	for name, text := range texts {
		if b, err := json.Marshal(text); err == nil && text != "" {
			out[name] = string(b)
		}
	}
	return out
}

func (e Entry) extraText(name string) (s string) {
	_ = json.Unmarshal([]byte(e.Extra[name]), &s) // "" for none
	return s
}

// NoteWrite is the write of a note that the entry holds; ok is false for an entry
// of another kind.
func (e Entry) NoteWrite() (w NoteWrite, ok bool) {
	w = NoteWrite{ContactID: e.ContactID, Name: e.Name, Before: model.Note{ID: e.extraText(extraNoteID), Text: e.extraText(extraNoteBefore)},
		Text: e.extraText(extraNoteText), Delete: e.Kind == KindNoteDelete, DraftID: e.DraftID, Key: e.Key, Undoes: e.Undoes}
	return w, e.Kind.OfNote()
}

// OfNote says that the kind writes notes and no contacts.
func (k EntryKind) OfNote() bool {
	return k == KindNoteCreate || k == KindNoteUpdate || k == KindNoteDelete
}
