package browse

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"levcontacts/internal/plain"
	"levcontacts/model"
	"levcontacts/ui/contacts"
	"levcontacts/ui/screen"
	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/text"
)

// notMarked is said where a mark would go to a contact that does not match.
const notMarked = "Similar contacts are not marked: search for the name as it is written"

// toggleMark marks the selected contact or takes its mark away, and goes on to
// the next row.
func (m *Model) toggleMark() tea.Cmd {
	m.marksChange()
	if m.onSimilar() && !m.marks[m.selected] {
		m.say(screen.Note, notMarked)
		return nil
	}
	if m.marks[m.selected] {
		delete(m.marks, m.selected)
	} else {
		m.marks[m.selected] = true
	}
	m.marked = m.selected
	return m.moveBy(1)
}

// markRange marks from the contact that was marked last to the selected one.
func (m *Model) markRange() {
	m.marksChange()
	rows, to := m.contacts.Rows(), m.list.Cursor()
	from, ok := rows.Find(m.marked)
	if !ok || m.marked == 0 {
		from = to
	}
	for i := min(from, to); i <= max(from, to) && i < rows.Direct(); i++ {
		m.marks[rows.At(i).ID()] = true
	}
	m.marked = m.selected
}

func (m *Model) markAll() {
	m.marksChange()
	rows := m.contacts.Rows()
	if rows.Direct() == 0 {
		m.say(screen.Note, notMarked)
		return
	}
	for i := range rows.Direct() {
		m.marks[rows.At(i).ID()] = true
	}
	words := "Marked all " + text.Number(rows.Direct()) + " shown"
	m.emit(screen.Say{Message: screen.Message{Owner: ownerMarks, Level: screen.Note, Text: words}})
}

// clearMarks clears the marks, or brings back those that were cleared last.
func (m *Model) clearMarks() {
	m.marksChange()
	if len(m.marks) == 0 && len(m.cleared) > 0 {
		m.marks, m.cleared = m.cleared, nil
		return
	}
	n := len(m.marks)
	m.ClearMarks()
	words := "nothing is marked"
	if n > 0 {
		words = "Cleared " + text.Plural(n, "mark") + " · " + m.o.Keys.Key(keymap.MarkNone) + " again brings them back"
	}
	m.emit(screen.Say{Message: screen.Message{Owner: ownerMarks, Level: screen.Note, Text: words}})
}

// marksChange takes back what was said of the marks as they were.
func (m *Model) marksChange() { m.emit(screen.Retract{Owner: ownerMarks}) }

// ClearMarks takes all marks away. The key that clears marks brings them back.
func (m *Model) ClearMarks() {
	if len(m.marks) > 0 {
		m.cleared = m.marks
	}
	m.marks = map[int64]bool{}
}

// MarksStay says how marks are cleared, "" without marks: a step back leaves
// them alone, because they are more work than a search.
func (m *Model) MarksStay() string {
	if len(m.marks) == 0 {
		return ""
	}
	return text.Plural(len(m.marks), "contact") + " marked · " + m.o.Keys.Key(keymap.MarkNone) + " clears the marks"
}

// Marked are the marked contacts, those in the rows first and in their order.
func (m *Model) Marked() []model.Contact {
	packed := m.markedRows()
	out := make([]model.Contact, len(packed))
	for i, p := range packed {
		out[i] = contacts.Unpack(p)
	}
	return out
}

func (m *Model) markedRows() []model.Packed {
	var out []model.Packed
	seen := map[int64]bool{}
	rows := m.contacts.Rows()
	for i := range rows.Len() {
		if p := rows.At(i); m.marks[p.ID()] {
			out = append(out, p)
			seen[p.ID()] = true
		}
	}
	shown := len(out)
	for id := range m.marks {
		if p, held := m.contacts.Packed(id); held && !seen[id] {
			out = append(out, p)
		}
	}
	slices.SortFunc(out[shown:], func(a, b model.Packed) int {
		x, _ := m.contacts.Slot(a.ID())
		y, _ := m.contacts.Slot(b.ID())
		return x - y
	})
	return out
}

type exportedMsg struct {
	contacts.Part
	n     int
	files []string
	err   error
}

func export(ctx context.Context, b Backend, rows []model.Packed) tea.Cmd {
	return func() tea.Msg {
		files, err := b.ExportContacts(ctx, rows)
		return exportedMsg{n: len(rows), files: files, err: err}
	}
}

// exportMarked writes the marked contacts to files.
func (m *Model) exportMarked() tea.Cmd { return export(m.o.Context, m.o.Backend, m.markedRows()) }

func (msg exportedMsg) handle(m *Model) tea.Cmd {
	if msg.err != nil {
		m.say(screen.Failure, "The marked contacts could not be written: "+msg.err.Error())
		return nil
	}
	m.say(screen.Good, text.Plural(msg.n, "contact")+" written to "+fileWords(msg.files))
	return nil
}

// fileWords names files of one folder: "/home/jo/a.csv and a.json".
func fileWords(files []string) string {
	var names []string
	for i, f := range files {
		if i > 0 && filepath.Dir(f) == filepath.Dir(files[0]) {
			f = filepath.Base(f)
		}
		names = append(names, plain.Clean(f))
	}
	return strings.Join(names, " and ")
}
