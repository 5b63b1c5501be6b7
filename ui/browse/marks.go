package browse

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/contacts"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/prompt"
	"github.com/levcontacts/levcontacts/ui/widget/text"
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

// What is written to a file, and the response.
type (
	exportMsg struct {
		contacts.Part
		rows []model.Packed
		file string
	}
	exportedMsg struct {
		contacts.Part
		n    int
		file string
		err  error
	}
)

func export(ctx context.Context, b Backend, rows []model.Packed, file string) tea.Cmd {
	return func() tea.Msg {
		name, err := b.ExportContacts(ctx, rows, file)
		return exportedMsg{n: len(rows), file: name, err: err}
	}
}

// exportRows asks for the file that the marked contacts go to, or without marks
// those that are shown. Its ending says in which format.
func (m *Model) exportRows() {
	rows, what := m.markedRows(), "marked"
	if len(rows) == 0 {
		what = "shown"
		for i := range m.contacts.Rows().Direct() {
			rows = append(rows, m.contacts.Rows().At(i))
		}
	}
	if len(rows) == 0 {
		m.say(screen.Note, "no contact is shown or marked; there is nothing to write")
		return
	}
	m.emit(screen.Open{Overlay: prompt.Open(prompt.Options{
		Title: "Write " + text.Plural(len(rows), what+" contact") + " to", Done: "write",
		Note:   "The ending says in which format: .csv, .json or .vcf (vCard).",
		Text:   "levcontacts-" + m.o.Now().Format("2006-01-02-150405") + ".csv",
		Check:  checkFile,
		Submit: func(file string) tea.Msg { return exportMsg{rows: rows, file: strings.TrimSpace(file)} },
	})})
}

// checkFile says what is wrong with the name of a file, "" for nothing.
func checkFile(name string) string {
	switch strings.ToLower(filepath.Ext(strings.TrimSpace(name))) {
	case ".csv", ".json", ".vcf":
		return ""
	}
	return "the name of the file has to end in .csv, .json or .vcf"
}

func (msg exportMsg) handle(m *Model) tea.Cmd {
	return export(m.o.Context, m.o.Backend, msg.rows, msg.file)
}

func (msg exportedMsg) handle(m *Model) tea.Cmd {
	if msg.err != nil {
		m.say(screen.Failure, "The contacts could not be written: "+msg.err.Error())
		return nil
	}
	m.say(screen.Good, text.Plural(msg.n, "contact")+" written to "+plain.Clean(msg.file))
	return nil
}
