package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/levcontacts/levcontacts/model"
)

// row is one contact of a file that is imported.
type row struct {
	given
	number  int    // in the file, the first one after the heading is 1
	line    int    // of the file, 0 in JSON
	company string // by name, see resolveCompanies
	foreign bool   // the name of the company comes from another program
	id      string // the file says that the contact exists
	stamp   string // how the contact was when it was exported, "" when that is not said
	cells   []string
	phones  map[string]string // cells of phones as this program writes them, by type
	object  json.RawMessage   // in JSON
}

// table is a file of contacts.
type table struct {
	rows     []row
	encoding string // the text was not UTF-8 but this
	heads    []string
	columns  []csvColumn
	filled   []int // values in each column
	footer   int   // lines behind the rows that are no rows
}

// parseRows reads a file of contacts: JSON when it begins like JSON, vCards when
// it begins like one, otherwise CSV.
func parseRows(raw []byte, encoding string, m mapping) (t table, err error) {
	switch {
	case bytes.HasPrefix(raw, []byte("PK\x03\x04")):
		return t, errors.New("this is a workbook or an archive; save it as CSV")
	}
	begin := bytes.TrimLeft(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")), " \t\r\n\x1e")
	if len(begin) > 0 && (begin[0] == '[' || begin[0] == '{') {
		t.rows, err = jsonRows(begin, m)
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
		t.rows, err = jsonRows([]byte(begin), m)
	case len(begin) > 11 && strings.EqualFold(begin[:11], "BEGIN:VCARD"):
		t.rows, err = cardRows(begin, m)
	default:
		was := t.encoding
		t, err = csvTable(text, m)
		t.encoding = was
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

// dropUnknown leaves out the members that no document has.
func (t table) dropUnknown() {
	for i := range t.rows {
		for _, name := range t.rows[i].given.unknown {
			delete(t.rows[i].extra, name)
		}
		t.rows[i].given.unknown = nil
	}
}

// trimmed counts the values that lose white space at their ends.
func (t table) trimmed() (n int) {
	for _, r := range t.rows {
		n += r.given.trimmed
	}
	return n
}

func jsonRows(raw []byte, m mapping) ([]row, error) {
	objects, err := jsonObjects(raw)
	if err != nil {
		return nil, err
	}
	rows := make([]row, len(objects))
	for i, object := range objects {
		rows[i] = jsonRow(object)
		rows[i].number, rows[i].object = i+1, object
		rows[i].setAll(m.set)
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
