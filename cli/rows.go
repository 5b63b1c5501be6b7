package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"levcontacts/internal/plain"
	"levcontacts/model"
)

// row is one contact of a file that is imported.
type row struct {
	given
	number  int    // in the file, the first one after the heading is 1
	company string // by name, see resolveCompanies
	id      string // the file says that the contact exists
}

// table is a file of contacts.
type table struct {
	rows     []row
	encoding string // the text was not UTF-8 but this
}

// parseRows reads a file of contacts: JSON when it begins like JSON, otherwise
// CSV.
func parseRows(raw []byte, encoding string) (t table, err error) {
	switch {
	case bytes.HasPrefix(raw, []byte("PK\x03\x04")):
		return t, errors.New("this is a workbook or an archive; save it as CSV")
	case bytes.HasPrefix(raw, []byte("BEGIN:VCARD")):
		return t, errors.New("vCards are not read; save the contacts as CSV")
	}
	begin := bytes.TrimLeft(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")), " \t\r\n\x1e")
	if len(begin) > 0 && (begin[0] == '[' || begin[0] == '{') {
		t.rows, err = jsonRows(begin)
		return t, err
	}
	text, was, err := decodeText(raw, encoding)
	if err != nil {
		return t, err
	}
	if was != "utf-8" {
		t.encoding = was
	}
	switch begin := strings.TrimSpace(text); {
	case begin == "":
		return t, errors.New("the file is empty")
	case begin[0] == '[' || begin[0] == '{':
		t.rows, err = jsonRows([]byte(begin))
	default:
		t.rows, err = csvRows(text)
	}
	return t, err
}

// ignored names the fields of the rows that only the service sets.
func (t table) ignored() (names []string) {
	for _, r := range t.rows {
		for _, name := range r.readOnly {
			if name != model.FieldKey.Name() && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// unknown names the members of the rows that no document has.
func (t table) unknown() (names []string) {
	for _, r := range t.rows {
		for _, name := range r.given.unknown {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// trimmed counts the values that lose white space at their ends.
func (t table) trimmed() (n int) {
	for _, r := range t.rows {
		n += r.given.trimmed
	}
	return n
}

func jsonRows(raw []byte) ([]row, error) {
	objects, err := jsonObjects(raw)
	if err != nil {
		return nil, err
	}
	rows := make([]row, len(objects))
	for i, object := range objects {
		rows[i] = jsonRow(object)
		rows[i].number = i + 1
	}
	return rows, nil
}

func jsonRow(object json.RawMessage) row {
	r := row{given: newGiven()}
	r.addJSON(object)
	var with struct{ ID json.RawMessage }
	if json.Unmarshal(object, &with) == nil && len(with.ID) > 0 {
		v, _ := model.ParseValue(with.ID) // it is JSON, or the object were none
		r.id = v.String()
	}
	// An exported contact has null in many places, which a new one does not have.
	for f, text := range r.draft {
		if text == "" {
			delete(r.draft, f)
		}
	}
	for name, raw := range r.extra {
		if text := string(bytes.TrimSpace(raw)); text == "null" || text == "[]" {
			delete(r.extra, name)
		}
	}
	return r
}

// csvRows reads a table whose first line names the fields.
func csvRows(text string) ([]row, error) {
	r := newCellReader(text)
	columns, err := csvHead(r)
	if err != nil {
		return nil, err
	}
	var rows []row
	for number := 1; ; number++ {
		cells, line, err := r.read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		if strings.TrimSpace(strings.Join(cells, "")) == "" {
			continue // an empty row is none
		}
		if r.comma != '\t' { // the program guards no tab-separated values
			for i := range cells {
				cells[i] = plain.Unguarded(cells[i])
			}
		}
		one := csvRow(columns, cells, line)
		one.number = number
		rows = append(rows, one)
	}
}

func csvHead(r *cellReader) ([]csvColumn, error) {
	head, _, err := r.read()
	for err == nil && strings.TrimSpace(strings.Join(head, "")) == "" {
		head, _, err = r.read()
	}
	if err != nil {
		return nil, err
	}
	columns := make([]csvColumn, len(head))
	var unknown []string
	seen := map[string]bool{}
	for i, name := range head {
		c, ok := columnNamed(name)
		switch {
		case strings.TrimSpace(name) == "":
			continue // a column without a name holds nothing, or its row is wrong
		case !ok:
			unknown = append(unknown, fmt.Sprintf("column %d is called %q", i+1, name))
			continue
		case seen[c.name]:
			return nil, fmt.Errorf("two columns are %s", c.name)
		}
		seen[c.name], columns[i] = true, c
	}
	if len(unknown) > 0 {
		return nil, fmt.Errorf("%s, which is not the name of a field; those are %s and %s",
			strings.Join(unknown, ", "), strings.Join(columnNames(), ", "), companyMember)
	}
	return columns, nil
}

func csvRow(columns []csvColumn, cells []string, line int) row {
	r := row{given: newGiven()}
	if len(cells) < len(columns) {
		r.wrong = append(r.wrong, fmt.Sprintf("line %d has the wrong number of fields: %d, and the heading has %d", line, len(cells), len(columns)))
	}
	for i, text := range cells {
		empty := strings.TrimSpace(text) == ""
		if i >= len(columns) || columns[i].name == "" {
			if !empty {
				r.wrong = append(r.wrong, fmt.Sprintf("line %d: the column of %q has no name", line, text))
			}
			continue
		}
		c := columns[i]
		var err error
		switch {
		case c.name == companyColumn:
			r.company = strings.TrimSpace(text)
		case c.company:
			if !empty {
				r.extra[c.name], err = companyID(text)
			}
		case c.field.ID == model.FieldKey:
			r.id = strings.TrimSpace(text)
		case !c.field.Create:
			r.readOnly = append(r.readOnly, c.name)
		case empty:
			if text != "" {
				r.trimmed++
			}
		case c.field.Format == model.FormatPhones:
			err = r.addPhoneCell(c.phone, text)
		case c.field.Format == model.FormatTypes && strings.HasPrefix(strings.TrimSpace(text), "["):
			err = r.addField(c.field, json.RawMessage(text))
		default:
			if text, err = typedValue(c.field, text); err == nil {
				r.set(c.field.ID, text)
			}
		}
		if err != nil {
			delete(r.extra, c.name)
			r.wrong = append(r.wrong, c.name+" "+err.Error())
		}
	}
	return r
}

// csvColumn is what a column holds: a field, the phones of one type, or the
// number of the company.
type csvColumn struct {
	name    string // "" for a column without a name
	field   model.Field
	phone   string // the type of the numbers
	company bool
}

// companyMember is what a new contact takes and never has: the published API
// documentation after the contacts page of March 2026 asks for it.
const companyMember = "company_id"

// companyID is the text of a cell as JSON.
func companyID(text string) (json.RawMessage, error) {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil {
		return nil, fmt.Errorf("is a whole number, not %q", text)
	}
	return json.RawMessage(strconv.FormatInt(n, 10)), nil
}

// columnNamed finds what a column holds by its name in the API, its label or
// its flag.
func columnNamed(head string) (csvColumn, bool) {
	if f, ok := fieldLike(head); ok {
		return csvColumn{name: f.Name, field: f}, true
	}
	if t, ok := phoneTypeOf(head); ok {
		return csvColumn{name: model.PhoneColumn(t), field: model.FieldPhones.Def(), phone: t}, true
	}
	if foldName(head) == foldName(companyMember) {
		return csvColumn{name: companyMember, company: true}, true
	}
	if name := foldName(head); name == companyColumn || name == "companyname" {
		return csvColumn{name: companyColumn, company: true}, true
	}
	return csvColumn{}, false
}
