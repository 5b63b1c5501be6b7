package edit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/form"
	"github.com/levcontacts/levcontacts/ui/widget/menu"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/work"
)

// Table is a table of contacts in a file, for an editor.
type Table struct {
	Path     string // "" before it is written
	Contacts []model.Contact
}

// widestCell is how far cells are filled up with blanks.
const widestCell = 40

// tableFields are the columns behind the id: what an edit can change and a line
// can hold.
func tableFields() []model.Field {
	return slices.DeleteFunc(slices.Clone(model.FieldTable()), func(f model.Field) bool {
		return !f.Update || f.Format == model.FormatPhones || f.Later
	})
}

// Text is the table as it stands in the file.
func (t Table) Text() string {
	rows := [][]string{{"id"}}
	for _, f := range tableFields() {
		rows[0] = append(rows[0], f.Name)
	}
	for _, c := range t.Contacts {
		row := []string{strconv.FormatInt(c.ID(), 10)}
		for _, f := range tableFields() {
			row = append(row, cellText(f, c))
		}
		rows = append(rows, row)
	}
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], min(plain.Width(cell), widestCell))
		}
	}
	var b strings.Builder
	b.WriteString("# Change cells, save, and leave the editor. The changes are shown before anything is sent.\n" +
		"# A line or a column that you remove means nothing. In a cell \\| is a bar, \\n a line break, \\\\ a backslash.\n")
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				b.WriteString(" | ")
			}
			b.WriteString(cell)
			if i < len(row)-1 {
				b.WriteString(strings.Repeat(" ", max(0, widths[i]-plain.Width(cell))))
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// cellText is a value as a cell holds it.
func cellText(f model.Field, c model.Contact) string {
	v := c.Get(f.ID)
	switch {
	case f.Format == model.FormatType:
		return model.TypeLabel(v)
	case f.Format == model.FormatBool && v.True():
		return "yes"
	case f.Format == model.FormatBool && !v.Empty():
		return "no"
	}
	guards := strings.NewReplacer(`\`, `\\`, "|", `\|`, "\r", `\r`, "\n", `\n`, "\t", `\t`)
	return guards.Replace(strings.TrimSpace(f.Text(v)))
}

// Read finds what was changed in the text of the table. problems names each line
// that cannot be read.
func (t Table) Read(written string) (items []work.BulkItem, problems []string) {
	var heads []model.Field
	lines := map[int64]int{}
	for i, line := range strings.Split(strings.TrimPrefix(written, "\ufeff"), "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cells, n := cellsOf(line), i+1
		if heads == nil {
			var why string
			if heads, why = headsOf(cells); why != "" {
				return nil, []string{fmt.Sprintf("line %d: %s", n, why)}
			}
			continue
		}
		item, id, why := t.readRow(heads, cells)
		switch before := lines[id]; {
		case why != "":
			problems = append(problems, fmt.Sprintf("line %d: %s", n, why))
		case before > 0:
			problems = append(problems, fmt.Sprintf("line %d: contact %d is on line %d already", n, id, before))
		case !item.Patch.Empty():
			items = append(items, item)
		}
		if lines[id] == 0 {
			lines[id] = n
		}
	}
	return items, problems
}

// headsOf reads the line with the names; the first is the id.
func headsOf(cells []string) (heads []model.Field, why string) {
	if cells[0] != "id" {
		return nil, "the line with the names of the columns is gone; it begins with id"
	}
	heads = make([]model.Field, 1, len(cells))
	for _, name := range cells[1:] {
		at := slices.IndexFunc(tableFields(), func(f model.Field) bool { return f.Name == name })
		if at < 0 {
			return nil, "there is no column " + strconv.Quote(name)
		}
		heads = append(heads, tableFields()[at])
	}
	return heads, ""
}

// readRow compares a line with its contact.
func (t Table) readRow(heads []model.Field, cells []string) (item work.BulkItem, id int64, why string) {
	id, err := strconv.ParseInt(cells[0], 10, 64)
	at := slices.IndexFunc(t.Contacts, func(c model.Contact) bool { return c.ID() == id })
	switch {
	case err != nil || at < 0:
		return item, 0, strconv.Quote(cells[0]) + " is not the id of a contact in this table"
	case len(cells) != len(heads):
		return item, id, fmt.Sprintf("%s, and there are %d columns; a bar in a cell is \\|", text.Plural(len(cells), "cell"),
			len(heads))
	}
	c, draft := t.Contacts[at], model.Draft{}
	for i, f := range heads[1:] {
		cell := cells[i+1]
		if cell == cellText(f, c) {
			continue
		}
		typed := typedCell(f, cell)
		if finding := f.Check(typed); finding.Severity == model.Refused {
			return item, id, f.Name + ": " + finding.Text
		}
		if typed == "" && (f.Format == model.FormatBool || f.Format == model.FormatType) {
			return item, id, f.Name + " cannot be empty"
		}
		draft[f.ID] = typed
	}
	return work.BulkItem{ContactID: id, Name: c.Name(), Patch: model.Diff(c, draft), State: work.ItemTodo}, id, ""
}

// typedCell is a cell as it would be typed into a form.
func typedCell(f model.Field, cell string) string {
	switch f.Format {
	case model.FormatType:
		if word := strings.ToLower(cell); word == "lender" || word == "lender contact" {
			return model.TypeLender
		}
		return strings.ToLower(cell)
	case model.FormatBool:
		if yes, ok := boolOf(cell); ok {
			return strconv.FormatBool(yes)
		}
		return cell
	}
	var b strings.Builder
	for i := 0; i < len(cell); i++ {
		if cell[i] != '\\' || i+1 == len(cell) {
			b.WriteByte(cell[i])
			continue
		}
		i++
		if at := strings.IndexByte("nrt", cell[i]); at >= 0 {
			b.WriteByte("\n\r\t"[at])
		} else {
			b.WriteByte(cell[i])
		}
	}
	return b.String()
}

func boolOf(word string) (yes, ok bool) {
	switch strings.ToLower(word) {
	case "yes", "true", "y", "1":
		return true, true
	case "no", "false", "n", "0":
		return false, true
	}
	return false, false
}

// cellsOf cuts a line at the bars that are not part of a cell.
func cellsOf(line string) (cells []string) {
	from := 0
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '|':
			cells = append(cells, strings.TrimSpace(line[from:i]))
			from = i + 1
		}
	}
	return append(cells, strings.TrimSpace(line[min(from, len(line)):]))
}

// TableAgain asks to open a table in the editor once more.
type TableAgain struct{ Table Table }

// TableDone says that the file of a table is not needed any more.
type TableDone struct{ Table Table }

// ForTable shows the changes of a table, as those of a bulk edit.
func ForTable(o Options, t Table, items []work.BulkItem) *Model {
	m := start(o, work.DraftBulk, model.Contact{}, "Edit "+text.Plural(len(t.Contacts), "contact")+" as a table")
	m.contacts, m.table = t.Contacts, &t
	m.openForm(nil)
	m.showItems(items, "The table is in "+plain.Clean(t.Path))
	return m
}

type tableMsg struct {
	own
	again, keep bool
}

// leaveTable asks what is to become of the table.
func (m *Model) leaveTable() (tea.Cmd, []screen.Event) {
	m.state = previewing
	return nil, []screen.Event{screen.Open{Over: m.ID(), Overlay: menu.Open(menu.Options{
		Title: "The changes are not sent",
		Items: []menu.Item{
			{Text: "Change the table again", Key: "c", Msg: tableMsg{own: m.own(), again: true}},
			{Text: "Leave, and keep the file", Key: "l", Msg: tableMsg{own: m.own(), keep: true}},
			{Text: "Discard the changes", Key: "d", Msg: tableMsg{own: m.own()}},
		},
		Foot: plain.Clean(m.table.Path), CloseLabel: "back to the changes",
	})}}
}

func (m *Model) onTable(msg tableMsg) (tea.Cmd, []screen.Event) {
	if m.table == nil || m.state != previewing {
		return nil, nil
	}
	t := *m.table
	cmd, events := m.end(Ended{Outcome: Nothing})
	switch {
	case msg.again:
		events = append(events, TableAgain{t})
	case msg.keep:
		events = append(events, said(screen.Note, "Nothing was sent; the table is in "+plain.Clean(t.Path)))
	default:
		events = append(events, TableDone{t}, said(screen.Note, "Nothing was sent"))
	}
	return cmd, events
}

// startTable hands the changes of a table to a run.
func (m *Model) startTable() (tea.Cmd, []screen.Event) {
	m.state = saving
	_, _ = m.request.Begin(m.o.Context, m.o.Now())
	return nil, []screen.Event{BulkAsked{Title: "table", Items: m.items, DraftID: m.draft.id}}
}

// showItems shows the table of every change.
func (m *Model) showItems(items []work.BulkItem, more ...string) {
	m.items = items
	shown := make([]form.Item, len(items))
	for i, it := range items {
		shown[i] = form.Item{Name: it.Name, Patch: it.Patch}
	}
	n := len(items)
	head := []string{text.Plural(n, "contact") + " will change, about " +
		text.Duration(m.o.Backend.EstimateChanges(n)) + " at this account's limits"}
	m.state = previewing
	m.preview = form.NewPreview(form.PreviewOptions{Title: "Change " + text.Plural(n, "contact"), Items: shown,
		Head: append(head, more...), Keys: m.o.Keys})
}
