package model

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
)

// Note is what somebody wrote about a contact, from the published API
// documentation of July 2026.
type Note struct {
	ID       string
	Text     string
	AuthorID string
	Author   string // name of who wrote it
	Created  string // RFC 3339, "" where the service does not say
	Updated  string
}

// ErrNoNote is returned for JSON that holds no note.
var ErrNoNote = errors.New("not a note")

type noteJSON struct {
	ID        Value       `json:"id"`
	Text      Value       `json:"text"`
	CreatedBy *authorJSON `json:"created_by"`
	CreatedAt Value       `json:"created_at"`
	UpdatedAt Value       `json:"updated_at"`
}

type authorJSON struct {
	ID   Value `json:"id"`
	Name Value `json:"name"`
}

// UnmarshalJSON reads a value as ParseValue does.
func (v *Value) UnmarshalJSON(raw []byte) (err error) {
	*v, err = ParseValue(raw)
	return err
}

// UnmarshalJSON reads one note. The error is ErrNoNote for one that has no id.
func (n *Note) UnmarshalJSON(raw []byte) error {
	var j noteJSON
	if err := json.Unmarshal(raw, &j); err != nil || j.ID.Empty() || j.ID.Kind() == Raw {
		return ErrNoNote
	}
	*n = Note{ID: j.ID.String(), Text: j.Text.String(), Created: j.CreatedAt.String(), Updated: j.UpdatedAt.String()}
	if j.CreatedBy != nil {
		n.AuthorID, n.Author = j.CreatedBy.ID.String(), j.CreatedBy.Name.String()
	}
	return nil
}

// MarshalJSON writes the note as the service does.
func (n Note) MarshalJSON() ([]byte, error) {
	text := func(s string) Value {
		if s == "" {
			return NullValue()
		}
		return TextValue(s)
	}
	return json.Marshal(noteJSON{idValue(n.ID), TextValue(n.Text), &authorJSON{idValue(n.AuthorID), text(n.Author)}, text(n.Created), text(n.Updated)})
}

// idValue is an identifier as it came: a number, or text.
func idValue(id string) Value {
	if v, err := ParseValue([]byte(id)); err == nil && v.Kind() == Number {
		return v
	}
	if id == "" {
		return NullValue()
	}
	return TextValue(id)
}

// Edited says that the note was changed after it was written.
func (n Note) Edited() bool { return n.Updated != "" && n.Updated != n.Created }

// CreatedAt is when the note was written; false where the service does not say.
func (n Note) CreatedAt() (time.Time, bool) {
	t, err := time.Parse(time.RFC3339, n.Created)
	return t, err == nil
}

// SameNoteText says that nobody can see a difference between two texts.
func SameNoteText(a, b string) bool { return tidyNote(a) == tidyNote(b) }

func tidyNote(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }

// SortNotes puts the newest first.
func SortNotes(notes []Note) {
	slices.SortStableFunc(notes, func(a, b Note) int {
		x, _ := a.CreatedAt()
		y, _ := b.CreatedAt()
		if c := y.Compare(x); c != 0 {
			return c
		}
		return cmp.Or(cmp.Compare(len(b.ID), len(a.ID)), cmp.Compare(b.ID, a.ID))
	})
}
