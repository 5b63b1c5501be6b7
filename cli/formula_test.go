package cli

import (
	"bytes"
	"encoding/csv"
	"testing"

	"levcontacts/internal/plain"
	"levcontacts/model"
)

// What is exported as CSV and imported again is what it was.
func TestGuardedValuesComeBack(t *testing.T) {
	t.Parallel()
	for _, title := range []string{"=1+1", "'=1+1", "@home", "+1 212 555-0100", "VP", "-x", "'t"} {
		var out bytes.Buffer
		p := (&App{}).newPrinter(&out, formatCSV, []string{"contact_type", "title"}, false)
		c := model.NewContact(1, map[model.FieldID]model.Value{model.FieldType: model.TextValue("sponsor"), model.FieldTitle: model.TextValue(title)})
		if err := p.print(c); err != nil {
			t.Fatal(err)
		}
		if err := p.end(); err != nil {
			t.Fatal(err)
		}
		table, err := csv.NewReader(bytes.NewReader(out.Bytes())).ReadAll()
		if err != nil || table[1][1] != plain.Guarded(title) {
			t.Errorf("%q is exported as %q, error %v", title, table, err)
		}
		rows, _, err := parseRows(out.Bytes())
		if err != nil || len(rows) != 1 || rows[0].draft[model.FieldTitle] != title {
			t.Errorf("%q comes back as %+v, error %v", title, rows, err)
		}
	}
	// Tab-separated values are not guarded, so nothing is taken off them.
	rows, _, err := parseRows([]byte("contact_type\ttitle\nsponsor\t'=1\n"))
	if err != nil || rows[0].draft[model.FieldTitle] != "'=1" {
		t.Errorf("of a tab-separated file: %+v, error %v", rows, err)
	}
}
