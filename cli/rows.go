package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"levcontacts/internal/plain"
	"levcontacts/model"
)

// row is one contact of a file that is imported.
type row struct {
	given
	id    string // the file says that the contact exists
	wrong string // why the row cannot be read
}

// parseRows reads a file of contacts: JSON when it begins like JSON, otherwise
// CSV. ignored names the fields that only the service sets.
func parseRows(raw []byte) (rows []row, ignored []string, err error) {
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	switch begin := bytes.TrimSpace(raw); {
	case len(begin) == 0:
		return nil, nil, errors.New("the file is empty")
	case begin[0] == '[' || begin[0] == '{':
		rows, err = jsonRows(begin)
	default:
		rows, err = csvRows(raw)
	}
	for _, r := range rows {
		for _, name := range r.readOnly {
			if name != model.FieldKey.Name() && !slices.Contains(ignored, name) {
				ignored = append(ignored, name)
			}
		}
	}
	slices.Sort(ignored)
	return rows, ignored, err
}

// jsonRows reads an array of objects, or objects one after the other.
func jsonRows(raw []byte) ([]row, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	if raw[0] == '[' {
		if _, err := decoder.Token(); err != nil {
			return nil, err
		}
	}
	var rows []row
	for decoder.More() {
		var object json.RawMessage
		if err := decoder.Decode(&object); err != nil {
			return nil, fmt.Errorf("row %d: %w", len(rows)+1, err)
		}
		rows = append(rows, jsonRow(object))
	}
	if raw[0] == '[' {
		if _, err := decoder.Token(); err != nil {
			return nil, fmt.Errorf("after row %d: %w", len(rows), err)
		}
	}
	return rows, nil
}

func jsonRow(object json.RawMessage) row {
	r := row{given: given{draft: model.Draft{}, extra: map[string]json.RawMessage{}}}
	if err := r.addJSON(object); err != nil {
		r.wrong = err.Error()
	}
	var with struct {
		ID json.Number `json:"id"`
	}
	if json.Unmarshal(object, &with) == nil {
		r.id = with.ID.String()
	}
	r.dropEmpty()
	return r
}

// dropEmpty leaves out what a new contact does not have: an exported contact
// has null in many places.
func (r *row) dropEmpty() {
	for f, text := range r.draft {
		if text == "" {
			delete(r.draft, f)
		}
	}
	for name, raw := range r.extra {
		if string(bytes.TrimSpace(raw)) == "null" {
			delete(r.extra, name)
		}
	}
}

// csvRows reads a table whose first line names the fields.
func csvRows(raw []byte) ([]row, error) {
	r := csv.NewReader(bytes.NewReader(raw))
	r.Comma = delimiter(raw)
	head, err := r.Read()
	if err != nil {
		return nil, err
	}
	columns := make([]csvColumn, len(head))
	seen := map[string]bool{}
	for i, name := range head {
		c, ok := columnNamed(name)
		if !ok {
			return nil, fmt.Errorf("column %d is called %q, which is not the name of a field; those are %s, %s (a JSON file may have any others)",
				i+1, name, strings.Join(documentedNames(), ", "), strings.Join(slices.Sorted(maps.Keys(laterMembers())), ", "))
		}
		if seen[c.name] {
			return nil, fmt.Errorf("two columns are %s", c.name)
		}
		seen[c.name], columns[i] = true, c
	}
	var rows []row
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		if r.Comma != '\t' {
			for i := range cells {
				cells[i] = plain.Unguarded(cells[i])
			}
		}
		rows = append(rows, csvRow(columns, cells))
	}
}

func csvRow(columns []csvColumn, cells []string) row {
	r := row{given: given{draft: model.Draft{}, extra: map[string]json.RawMessage{}}}
	for i, c := range columns {
		text := strings.TrimSpace(cells[i])
		switch {
		case c.later && text == "":
		case c.later:
			value, err := c.kind.value(text)
			if err != nil {
				r.wrong = c.name + " " + err.Error()
				continue
			}
			r.extra[c.name] = value
		case c.field.ID == model.FieldKey:
			r.id = text
		case !c.field.Create:
			r.readOnly = append(r.readOnly, c.name)
		case text == "":
		default:
			typed, err := typedValue(c.field, text)
			if err != nil {
				r.wrong = c.name + " " + err.Error()
				continue
			}
			r.draft[c.field.ID] = typed
		}
	}
	return r
}

// csvColumn is what a column holds: a field of the contacts page of March 2026,
// or a member that later documents name.
type csvColumn struct {
	name  string
	field model.Field
	later bool
	kind  memberKind
}

// memberKind says how the text of a cell becomes JSON.
type memberKind uint8

const (
	memberText memberKind = iota
	memberNumber
	memberJSON // the cell holds JSON, as levcontacts export --fields writes it
)

// laterMembers are what a new contact takes according to the published API
// documentation after the contacts page of March 2026.
func laterMembers() map[string]memberKind {
	return map[string]memberKind{
		"company_id": memberNumber, "contact_types": memberJSON, "address2": memberText, "photo_url": memberText, "phones": memberJSON,
	}
}

// value is a cell as JSON.
func (k memberKind) value(text string) (json.RawMessage, error) {
	switch k {
	case memberNumber:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("is a whole number, not %q", text)
		}
		return json.RawMessage(strconv.FormatInt(n, 10)), nil
	case memberJSON:
		var b bytes.Buffer
		if err := json.Compact(&b, []byte(text)); err != nil {
			return nil, fmt.Errorf("is JSON: %w", err)
		}
		return b.Bytes(), nil
	default:
		return json.Marshal(text)
	}
}

// columnNamed finds what a column holds by its name in the API, its label or
// its flag.
func columnNamed(head string) (csvColumn, bool) {
	head = strings.TrimSpace(head)
	for _, f := range model.FieldTable() {
		if strings.EqualFold(head, f.Name) || strings.EqualFold(head, f.Label) || f.Flag != "" && strings.EqualFold(head, f.Flag) {
			return csvColumn{name: f.Name, field: f}, true
		}
	}
	name := strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(head))
	kind, ok := laterMembers()[name]
	return csvColumn{name: name, later: true, kind: kind}, ok
}

// delimiter is what separates the cells of the first line: a comma, unless
// there is none and there are semicolons or tabs.
func delimiter(raw []byte) rune {
	head, _, _ := bytes.Cut(raw, []byte("\n"))
	best := ','
	for _, r := range ",;\t" {
		if bytes.Count(head, []byte(string(r))) > bytes.Count(head, []byte(string(best))) {
			best = r
		}
	}
	return best
}
