package sandbox

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

// noteStore holds the notes of contacts, oldest first. Seeded ones are made when a
// contact is first asked for.
type noteStore struct {
	held map[int64][]note
	seed *generator // nil for a book without seeded notes
}

func newNoteStore(seed *generator) *noteStore {
	return &noteStore{held: map[int64][]note{}, seed: seed}
}

// of are the notes of a contact.
func (n *noteStore) of(contact int64) []note {
	list, ok := n.held[contact]
	if !ok && n.seed != nil {
		list = n.seed.notes(contact)
		n.held[contact] = list
	}
	return list
}

// noteTexts are what people write about contacts. The first three are those of the
// first contact.
var noteTexts = [...]string{
	"Prefers bridge loans from 10 to 40 million. Wants the rent roll first.",
	"Met at the spring conference, introduced by Daniel.\nAsked for two references.",
	"Call back after the investment committee on Thursday.",
	"Out of the office until the end of the month.",
	"Moved here from the CMBS desk.",
	"Sends term sheets within a week.",
	"No construction risk this year.",
}

// notes are the seeded notes of a contact: three of the first one, one or two of
// every seventh other.
func (g *generator) notes(contact int64) (list []note) {
	d := g.randomAt(forNotes, uint64(contact))
	count := 0
	if contact == firstID {
		count = 3
	} else if d.below(7) == 0 {
		count = 1 + d.below(2)
	}
	at := time.Date(2026, 1, 12, 14, 30, 0, 0, time.UTC)
	for i := range count {
		words := noteTexts[i]
		if contact != firstID {
			words = noteTexts[d.below(len(noteTexts))]
		}
		at = at.Add(time.Duration(24*(3+d.below(20))) * time.Hour)
		day := at.Format(time.RFC3339)
		list = append(list, note{ID: contact*1000 + int64(i) + 1, Text: words, CreatedAt: day, UpdatedAt: day,
			CreatedBy: author{ID: userID, Name: defaultUser}})
	}
	return list
}

// note is what someone wrote about a contact, from the published API documentation.
type note struct {
	ID        int64  `json:"id"`
	Text      string `json:"text"`
	CreatedBy author `json:"created_by"`
	CreatedAt string `json:"created_at"`
	UpdatedAt string `json:"updated_at"`
}

type author struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// next is an id no note has had: the notes of a contact are numbered within its id.
func (n *noteStore) next(contact int64) int64 {
	id := contact * 1000
	for _, old := range n.of(contact) {
		id = max(id, old.ID)
	}
	return id + 1
}

func (s *Server) listNotes(c *call) answer {
	contact := c.ids[0]
	if s.book.get(contact) == nil {
		return s.refuse(c, notFound("Contact not found"))
	}
	query := c.request.URL.Query()
	limit, p := readNumber(query, "limit", defaultLimit, 1, maxLimit)
	if p != nil {
		return s.refuse(c, *p)
	}
	page := cursorPage{Total: len(s.notes.of(contact)), Limit: limit}
	var after int64
	if cursor := query.Get("cursor"); cursor != "" {
		var ok bool
		if after, ok = readCursor(cursor); !ok {
			return s.refuse(c, badRequest("cursor is not one this service gave out"))
		}
		page.Cursor = &cursor
	}
	notes := []note{}
	for _, n := range s.notes.of(contact) {
		if n.ID > after {
			notes = append(notes, n)
		}
	}
	if page.HasMore = len(notes) > limit; page.HasMore {
		notes = notes[:limit]
		page.NextCursor = makeCursor(notes[limit-1].ID)
	}
	return s.success(c, http.StatusOK, appendJSON(nil, notes), page)
}

func (s *Server) createNote(c *call) answer {
	contact := c.ids[0]
	if s.book.get(contact) == nil {
		return s.refuse(c, notFound("Contact not found"))
	}
	words, p := readNote(c.body)
	if p != nil {
		return s.refuse(c, *p)
	}
	at := c.now.UTC().Format(time.RFC3339)
	n := note{
		ID: s.notes.next(contact), Text: words, CreatedAt: at, UpdatedAt: at,
		CreatedBy: author{ID: userID, Name: c.key.Name},
	}
	s.notes.held[contact] = append(s.notes.of(contact), n)
	return s.success(c, http.StatusCreated, appendJSON(nil, n), nil)
}

func (s *Server) patchNote(c *call) answer {
	at := s.findNote(c)
	if at < 0 {
		return s.refuse(c, notFound("Note not found"))
	}
	words, p := readNote(c.body)
	if p != nil {
		return s.refuse(c, *p)
	}
	n := &s.notes.held[c.ids[0]][at]
	n.Text, n.UpdatedAt = words, c.now.UTC().Format(time.RFC3339)
	return s.success(c, http.StatusOK, appendJSON(nil, n), nil)
}

func (s *Server) deleteNote(c *call) answer {
	at := s.findNote(c)
	if at < 0 {
		return s.refuse(c, notFound("Note not found"))
	}
	contact := c.ids[0]
	s.notes.held[contact] = slices.Delete(s.notes.of(contact), at, at+1)
	return s.success(c, http.StatusOK, []byte(`{"deleted":true}`), nil)
}

// findNote is the place of the note of the path, or -1.
func (s *Server) findNote(c *call) int {
	if s.book.get(c.ids[0]) == nil {
		return -1
	}
	return slices.IndexFunc(s.notes.of(c.ids[0]), func(n note) bool { return n.ID == c.ids[1] })
}

// readNote reads the text of a note, which must not be blank.
func readNote(body []byte) (string, *problem) {
	object, ok := readObject(body)
	if !ok {
		return "", ref(badRequest(notAnObject))
	}
	var words string
	if err := json.Unmarshal(object["text"], &words); err != nil || strings.TrimSpace(words) == "" {
		const message = "text must not be blank"
		return "", ref(invalid(map[string]string{"text": message}, message))
	}
	return words, nil
}
