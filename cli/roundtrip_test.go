package cli

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
)

// exported is a contact in one of the formats that import reads.
func exported(t *testing.T, format string, c model.Contact, fields ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	p := (&App{}).newPrinter(&out, listing{format: format, fields: fields}, false)
	if err := p.print(c); err != nil {
		t.Fatal(err)
	}
	if err := p.end(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A12, A17: what is exported and imported again is what it was, byte for byte,
// but for white space at the ends of a value, which is counted.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	values := []string{
		"=1+1", "'=1+1", "''=1+1", "@home", "+1 212 555-0100", "VP", "-x", "'t", `"VP"`, `Ray "Bobby"`, `"Acting Head`, `""`, `"`, `a""b`,
		"a\r\nb", "a\nb", "a\rb", "a\n=1", "x;=1+1;y", "x;'=1", "a\tb", "a,b;c", "\x00", "a\x1b[31m", "\u202e", "a\ufeffb", "日本語", "😀", "\U0010ffff",
		"a\u00a0b", "a\u2028b", "sep=;", `\.`, strings.Repeat("x", 5000), "Zoë", "{\"a\":1}", "'", "a'b", "# x", "1 Main St;\r\nSuite 4",
	}
	trimmed := []string{" lead", "a\n", "\u00a0nb", "\u3000", "\u0085", "\u2028ls", "\r", "\t=1", " "}
	formats := []string{formatCSV, formatTSV, formatJSON, formatJSONL}
	for _, format := range formats {
		for i, text := range append(values, trimmed...) {
			c := model.NewContact(1, map[model.FieldID]model.Value{
				model.FieldType: model.TextValue("sponsor"), model.FieldTitle: model.TextValue(text), model.FieldCity: model.TextValue("C"),
			})
			file, err := parseRows(exported(t, format, c, "contact_type", "title", "city"), "auto", mapping{})
			if err != nil || len(file.rows) != 1 || len(file.rows[0].wrong) > 0 {
				t.Errorf("%s: %q cannot be read: %+v, error %v", format, text, file.rows, err)
				continue
			}
			if format == formatCSV && !strings.Contains(text, "\r") { // other programs read it, too
				cells, err := csv.NewReader(bytes.NewReader(exported(t, format, c, "title", "city"))).ReadAll()
				if err != nil || cells[1][0] != plain.Guarded(text) {
					t.Errorf("%q is exported as %q, error %v", text, cells, err)
				}
			}
			got := file.rows[0].draft
			if got[model.FieldTitle] != strings.TrimSpace(text) || got[model.FieldCity] != "C" {
				t.Errorf("%s: %q comes back as %q", format, text, got[model.FieldTitle])
			}
			if lost := file.trimmed() == 1; lost != (i >= len(values)) {
				t.Errorf("%s: of %q %d values are said to be trimmed", format, text, file.trimmed())
			}
		}
	}
}

// A10: telephone numbers come in the form in which the service gives them and go
// in the one that it takes.
func TestPhonesRoundTrip(t *testing.T) {
	t.Parallel()
	c := person(7, "Ann", "VP").With(model.FieldType, model.TextValue("sponsor")).WithExtra("phones", `[
		{"id":"p1","type":"mobile","raw":"212 555 0142","country":"US","e164":"+12125550142","extension":null},
		{"id":"p2","type":null,"raw":null,"country":null,"e164":"+442071838750","extension":"4"},
		{"id":"p3","type":"fax","raw":null,"country":null,"e164":null,"extension":null}]`)
	const want = `{"phones":[{"type":"mobile","raw":"212 555 0142"},{"raw":"+442071838750","extension":"4"}]}`
	body := func(r row) string {
		b, err := model.Diff(model.Contact{}, model.Draft{model.FieldPhones: r.draft[model.FieldPhones]}).MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for _, format := range []string{formatCSV, formatJSON} {
		file, err := parseRows(exported(t, format, c, "contact_type", "first_name", "phones"), "auto", mapping{})
		if err != nil || len(file.rows) != 1 {
			t.Fatalf("%s: %+v, error %v", format, file.rows, err)
		}
		r := file.rows[0]
		if got := body(r); got != want || len(r.notes) != 1 || !strings.Contains(r.notes[0], "without digits") {
			t.Errorf("%s: phones are %s, notes %q", format, got, r.notes)
		}
	}
	// A column for each type holds the numbers as they were entered.
	file, err := parseRows(exported(t, formatCSV, c), "auto", mapping{})
	if err != nil || len(file.rows) != 1 || len(file.rows[0].wrong) > 0 {
		t.Fatalf("%+v, error %v", file.rows, err)
	}
	const byType = `{"phones":[{"type":"mobile","raw":"212 555 0142"},{"type":"mobile","raw":"+442071838750","extension":"4"}]}`
	if got := body(file.rows[0]); got != byType {
		t.Errorf("phones are %s", got)
	}
	r := jsonRow([]byte(`{"contact_type":"sponsor","phones":[{"type":"mobile"}]}`))
	if got := body(r); got != `{}` || len(r.notes) != 1 {
		t.Errorf("phones are %s, notes %q", got, r.notes)
	}
	const text = "Office phone,Mobile phone,phone_fax,Phones\n212 555 0193 x4; 212 555 0194,,1,office: 917 555 0101"
	const want4 = "office: 212 555 0193 ext 4\noffice: 212 555 0194\nfax: 1\noffice: 917 555 0101"
	if file, err := parseRows([]byte(text), "auto", mapping{}); err != nil || file.rows[0].draft[model.FieldPhones] != want4 {
		t.Errorf("%+v, error %v", file.rows, err)
	}
}

// FuzzCells writes any two cells and reads them back, and reads any text.
func FuzzCells(f *testing.F) {
	for _, text := range []string{"", "a", `"`, "\r\n", ";", "\t", "sep=,", "\x1a", "a\"b"} {
		f.Add(text, text)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, comma := range []byte(",\t") {
			line := "x" + string(comma) + "y\n" + quotedCell(a, comma) + string(comma) + quotedCell(b, comma) + string(comma) + "z\n"
			r := newCellReader(line)
			_, _, _ = r.read()
			cells, _, err := r.read()
			if err != nil || len(cells) != 3 || cells[0] != a || cells[1] != b || cells[2] != "z" {
				t.Errorf("%q %q come back as %q, error %v", a, b, cells, err)
			}
		}
		r := newCellReader(a + b)
		for range len(a+b) + 2 {
			if _, _, err := r.read(); err != nil {
				return
			}
		}
		t.Errorf("%q is never read to its end", a+b)
	})
}

// Every way to cut off or damage JSON is an error that says where, and what is
// whole is read.
func FuzzRows(f *testing.F) {
	for _, text := range []string{`[{"contact_type":"sponsor"}]`, "{}\n{}", `{"data":[{}]}`, `[[],{}]`, "\x1e{}", "a,b\n1,2", "\xff\xfea\x00", "[", "[1]", `[{"a":"\ud83d"}]`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		file, err := parseRows(raw, "auto", mapping{})
		if err != nil {
			return
		}
		for _, r := range file.rows {
			if _, err := bodyOf(r); len(r.wrong) == 0 && err != nil {
				t.Errorf("%q: a row without a fault cannot be sent: %v", raw, err)
			}
		}
	})
}
