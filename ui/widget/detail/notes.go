package detail

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
	"github.com/levcontacts/levcontacts/work"
)

// Notes are what the pane shows of the notes on the contact. The zero Notes show
// nothing.
type Notes struct {
	Heading string       // "Notes (3)"
	Items   []model.Note // the newest first
	Says    string       // one line below them, such as that there are none
}

// SetNotes changes the notes on the contact shown; the cursor stays on its row.
func (m *Model) SetNotes(n Notes, now time.Time) {
	if len(n.Items)+len(m.notes.Items) == 0 && n.Heading == m.notes.Heading && n.Says == m.notes.Says {
		return
	}
	m.notes = n
	if m.has {
		m.Show(m.contact, now)
	}
}

// SetCompanies gives the pane the names of companies.
func (m *Model) SetCompanies(names work.CompanyNames, now time.Time) {
	m.companies = names
	if m.has {
		m.Show(m.contact, now)
	}
}

// Note is the note that the row is, and whether it is one.
func (r Row) Note() (model.Note, bool) {
	if r.note == nil {
		return model.Note{}, false
	}
	return *r.note, true
}

// OfNotes says that the row is a note, or says something about the notes.
func (r Row) OfNotes() bool { return r.Extra == "" && r.Field == model.FieldNotes }

// below is the text of a row that is no field of the contact.
func (r Row) below() (string, bool) {
	switch {
	case r.note != nil:
		return r.note.Text, true
	case r.Field == model.FieldNotes:
		return "", true
	}
	return r.value, r.Field == model.FacetCompany
}

// withCompany puts the company before how to reach the contact.
func (m *Model) withCompany(rows []Row) []Row {
	name, derived := m.companies.Of(m.contact)
	if name == "" {
		return rows
	}
	r := Row{Field: model.FacetCompany, label: model.FacetCompany.Def().Label, value: clean(name)}
	if derived {
		r.aside = "by the e-mail address"
	}
	at := slices.IndexFunc(rows, func(r Row) bool { return r.group == model.GroupReach.Label() })
	return slices.Insert(rows, max(0, at), r)
}

// withNotes puts the notes before what the service says of the record.
func (m *Model) withNotes(rows []Row, now time.Time) []Row {
	var notes []Row
	for _, n := range m.notes.Items {
		r := Row{Field: model.FieldNotes, note: &n, label: cmp.Or(clean(n.Author), "somebody"), aside: noteAge(n, now)}
		r.value, _ = text.Clip(n.Text, mostDrawn)
		notes = append(notes, r)
	}
	if m.notes.Says != "" {
		notes = append(notes, Row{Field: model.FieldNotes, aside: m.notes.Says})
	}
	if len(notes) == 0 {
		return rows
	}
	notes[0].group = m.notes.Heading
	at := slices.IndexFunc(rows, func(r Row) bool { return r.group == model.GroupRecord.Label() })
	if at < 0 {
		at = len(rows)
	}
	return slices.Insert(rows, at, notes...)
}

func noteAge(n model.Note, now time.Time) string {
	t, ok := n.CreatedAt()
	if !ok {
		return plain.Clean(n.Created)
	}
	if n.Edited() {
		return plain.Ago(t, now) + ", edited"
	}
	return plain.Ago(t, now)
}

// How many lines of a note are drawn, and of the one under the cursor.
const (
	noteLines     = 4
	noteLinesHere = 40
)

// noteLines is a note ready to draw: when it was written, then its text.
func (r Row) noteLines(w int, here bool, th theme.Theme) []string {
	most := noteLines
	if here {
		most = noteLinesHere
	}
	lines := []string{th.Paint(theme.Dim, plain.Cut(r.aside, w, th.Glyphs.Ellipsis))}
	for line := range strings.Lines(strings.TrimSpace(strings.ReplaceAll(r.value, "\r\n", "\n"))) {
		for _, part := range plain.Wrap(plain.Clean(strings.TrimRight(line, "\r\n")), w) {
			if len(lines) > most {
				lines[most] = plain.Cut(lines[most], w-1, "") + th.Glyphs.Ellipsis
				return lines
			}
			lines = append(lines, plain.Cut(part, w, th.Glyphs.Ellipsis))
		}
	}
	return lines
}

// withAside puts what is said of a value behind it, or below it where there is
// no room.
func (r Row) withAside(lines []string, w int, th theme.Theme) []string {
	if r.aside == "" {
		return lines
	}
	if n := len(lines); n > 0 {
		behind := lines[n-1] + " " + th.Paint(theme.Dim, th.Glyphs.Dot+" "+r.aside)
		if plain.Width(behind) <= w {
			lines[n-1] = behind
			return lines
		}
	}
	for _, part := range plain.Wrap(r.aside, w) {
		lines = append(lines, th.Paint(theme.Dim, part))
	}
	return lines
}
