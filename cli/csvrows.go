package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
)

// csvLine is a line of a table.
type csvLine struct {
	cells []string
	line  int // of the file
	blank bool
}

// headWithin is how many lines may stand before the heading.
const headWithin = 20

// csvTable reads a table whose heading names the fields. What stands before it
// and what a report has behind it is left out.
func csvTable(text string, m mapping) (t table, err error) {
	r := newCellReader(text)
	var lines []csvLine
	for {
		cells, line, err := r.read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return t, err
		}
		lines = append(lines, csvLine{cells, line, strings.TrimSpace(strings.Join(cells, "")) == ""})
	}
	at := headingOf(lines, m)
	if at < 0 {
		return t, errors.New("the file is empty")
	}
	head, lines := lines[at], lines[at+1:]
	t.heads = head.cells
	if t.columns, err = m.columnsOf(head.cells); err != nil {
		return t, err
	}
	lines, t.footer = withoutFooter(lines, len(head.cells))
	t.filled = make([]int, len(t.columns))
	for number, l := range lines {
		if l.blank {
			continue
		}
		if r.comma != '\t' { // the program guards no tab-separated values
			for i := range l.cells {
				l.cells[i] = plain.Unguarded(l.cells[i])
			}
		}
		for i, cell := range l.cells[:min(len(l.cells), len(t.filled))] {
			if strings.TrimSpace(cell) != "" {
				t.filled[i]++
			}
		}
		t.rows = append(t.rows, row{given: newGiven(), number: number + 1, line: l.line, cells: l.cells})
	}
	if err := t.foreignIDs(); err != nil {
		return t, err
	}
	if err := t.strangers(m); err != nil {
		return t, err
	}
	for i := range t.rows {
		t.rows[i].fill(t.columns, m)
	}
	return t, nil
}

// headingOf is the line that names the columns: the first of those with the most
// names that are known, -1 for none.
func headingOf(lines []csvLine, m mapping) int {
	best, most := -1, -1
	for i, l := range lines[:min(len(lines), headWithin)] {
		if l.blank {
			continue
		}
		if n := m.recognized(l.cells); best < 0 || n > most && n > 1 {
			best, most = i, n
		}
	}
	return best
}

// withoutFooter leaves out what a report has behind its rows: after an empty
// line, only lines of one cell.
func withoutFooter(lines []csvLine, columns int) (rows []csvLine, dropped int) {
	if columns < 2 {
		return lines, 0
	}
	end := len(lines)
	for end > 0 && (lines[end-1].blank || len(lines[end-1].cells) == 1) {
		end--
	}
	for i := end; i < len(lines); i++ {
		if lines[i].blank {
			for _, l := range lines[i:] {
				if !l.blank {
					dropped++
				}
			}
			return lines[:i], dropped
		}
	}
	return lines, 0
}

// foreignIDs leaves out a column of ids that are another program's.
func (t *table) foreignIDs() error {
	at := slices.IndexFunc(t.columns, func(c csvColumn) bool { return c.name == model.FieldKey.Name() })
	if at < 0 || t.filled[at] == 0 {
		return nil
	}
	for _, r := range t.rows {
		if at >= len(r.cells) {
			continue
		}
		if text := strings.TrimSpace(r.cells[at]); text != "" && strings.Trim(text, "0123456789") == "" {
			return nil
		}
	}
	t.columns[at] = csvColumn{head: t.columns[at].head, label: -1, known: true, why: "these are not ids of contacts here"}
	return nil
}

// strangers finds columns with values that nobody knows. They are an error
// unless they are to be left out.
func (t *table) strangers(m mapping) error {
	var unknown []string
	nameless := !slices.ContainsFunc(t.columns, func(c csvColumn) bool { return c.name != "" })
	for i, c := range t.columns {
		if c.name != "" || c.known || strings.TrimSpace(c.head) == "" {
			continue
		}
		t.columns[i].why = "no field is called so"
		if t.filled[i] > 0 || nameless {
			word := fmt.Sprintf("column %d is called %q", i+1, c.head)
			if near := nearest(c.head, append(columnNames(), companyMember)); near != "" {
				word += " (did you mean " + near + "?)"
			}
			unknown = append(unknown, word)
		}
	}
	if len(unknown) == 0 || m.skip && !nameless {
		return nil
	}
	return fmt.Errorf("%s, which is not the name of a field; --map 'HEADING=FIELD' says what a column holds, --skip-unknown leaves it out; the fields are %s and %s",
		strings.Join(unknown, ", "), strings.Join(columnNames(), ", "), companyMember)
}

// fill reads the cells of a row.
func (r *row) fill(columns []csvColumn, m mapping) {
	if len(r.cells) < len(columns) {
		r.wrong = append(r.wrong, fmt.Sprintf("line %d has the wrong number of fields: %d, and the heading has %d", r.line, len(r.cells), len(columns)))
	}
	for i, text := range r.cells {
		empty := strings.TrimSpace(text) == ""
		if i >= len(columns) || columns[i].name == "" {
			if !empty && (i >= len(columns) || strings.TrimSpace(columns[i].head) == "") {
				r.wrong = append(r.wrong, fmt.Sprintf("line %d: the column of %q has no name", r.line, text))
			}
			continue
		}
		if err := r.cell(columns, i, text, empty, m); err != nil {
			delete(r.extra, columns[i].name)
			r.wrong = append(r.wrong, columns[i].name+" "+err.Error())
		}
	}
	r.setAll(m.set)
}

func (r *row) cell(columns []csvColumn, i int, text string, empty bool, m mapping) (err error) {
	switch c := columns[i]; {
	case c.stamp:
		r.stamp = strings.TrimSpace(text)
	case c.phone != "":
		return r.phoneCell(c, phoneType(columns, i, r.cells), text, empty)
	case c.name == companyColumn:
		r.company, r.foreign = strings.TrimSpace(text), !c.given
	case c.company:
		if !empty {
			r.extra[c.name], err = companyID(text)
		}
	case c.full:
		r.splitName(text)
	case c.site:
		if strings.Contains(strings.ToLower(text), "linkedin.com/") {
			r.set(model.FieldLinkedIn, text)
		}
	case c.field.ID == model.FieldKey:
		r.id = strings.TrimSpace(text)
	case !c.field.Create:
		r.readOnly = append(r.readOnly, c.name)
	case empty:
		switch {
		case m.clear && c.field.Format != model.FormatBool && c.field.Format != model.FormatType:
			r.draft[c.field.ID] = ""
		case text != "":
			r.trimmed++
		}
	case c.field.Format == model.FormatPhones:
		err = r.addPhoneCell("", text)
	case c.field.Format == model.FormatTypes && strings.HasPrefix(strings.TrimSpace(text), "["):
		err = r.addField(c.field, json.RawMessage(text))
	case c.field.ID == model.FieldEmail && !c.given && r.draft[c.field.ID] != "":
		// the first address counts
	default:
		if !c.given {
			text, _, _ = strings.Cut(text, " ::: ") // several values, as Google writes them
		}
		if text, err = typedValue(c.field, text); err == nil {
			r.set(c.field.ID, text)
		}
	}
	return err
}

// setAll gives the row the values that are for every row and that it lacks.
func (r *row) setAll(values map[string]string) {
	for name, text := range values {
		f, ok := model.FieldByName(name)
		if !ok {
			if _, there := r.extra[name]; !there {
				r.extra[name] = json.RawMessage(text)
			}
			continue
		}
		if _, there := r.draft[f.ID]; !there {
			r.draft[f.ID] = text
		}
	}
}

// splitName parts a whole name: "Ruiz, Ana" at the comma, otherwise before the
// last word.
func (r *row) splitName(text string) {
	text = strings.TrimSpace(text)
	if last, first, ok := strings.Cut(text, ","); ok {
		r.draft[model.FieldFirstName], r.draft[model.FieldLastName] = strings.TrimSpace(first), strings.TrimSpace(last)
		return
	}
	if i := strings.LastIndexByte(text, ' '); i > 0 {
		r.draft[model.FieldFirstName] = strings.TrimSpace(text[:i])
		text = text[i+1:]
	}
	if text != "" {
		r.draft[model.FieldLastName] = text
	}
}

// phoneType is the type of the phones in a cell.
func phoneType(columns []csvColumn, i int, cells []string) string {
	c := columns[i]
	if c.phone != "?" {
		return c.phone
	}
	if c.label < 0 || c.label >= len(cells) {
		return model.PhoneOffice
	}
	return phoneTypeIn(cells[c.label])
}

// phoneTypeIn is the type that a label such as "Mobile" or "Work Fax" names.
func phoneTypeIn(label string) string {
	label = strings.ToLower(label)
	switch {
	case strings.Contains(label, "fax"):
		return model.PhoneFax
	case strings.Contains(label, "mobile"), strings.Contains(label, "cell"), strings.Contains(label, "iphone"):
		return model.PhoneMobile
	}
	return model.PhoneOffice
}

// phoneCell adds the phones of a cell to those of the row.
func (r *row) phoneCell(c csvColumn, kind, text string, empty bool) error {
	if c.given { // as this program writes them
		if r.phones == nil {
			r.phones = map[string]string{}
		}
		r.phones[kind] = text
	}
	if empty {
		return nil
	}
	if !c.given && !strings.ContainsAny(text, "0123456789") {
		return fmt.Errorf("is a telephone number, not %s", strconv.Quote(text))
	}
	numbers := strings.Split(text, " ::: ")
	for i := range numbers {
		numbers[i] = strings.TrimPrefix(strings.TrimSpace(numbers[i]), "'") // HubSpot's guard
	}
	return r.addPhoneCell(kind, strings.Join(numbers, ";"))
}
