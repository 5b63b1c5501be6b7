package service_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"testing"

	"levcontacts/api/sandbox"
	"levcontacts/model"
	"levcontacts/service"
)

// What is exported is what is held: documented fields as CSV, everything as JSON,
// in new files of this person's own.
func TestExportContacts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 5, Tier: "unlimited"})
	p := w.start(func(o *service.Options) { o.ExportDir = t.TempDir() })
	p.pass()
	_, rows := p.held()
	formula, err := rows[1].Unpack()
	must(t, err)
	rows[1] = formula.With(model.FieldTitle, model.TextValue("=1+1")).Pack()
	files, err := p.ExportContacts(t.Context(), rows[:3])
	must(t, err)
	again, err := p.ExportContacts(t.Context(), rows[:3])
	must(t, err)
	want(t, "files", len(files), 2)
	want(t, "another name", files[0] != again[0], true)
	info, err := os.Stat(files[0])
	must(t, err)
	want(t, "mode", info.Mode().Perm(), os.FileMode(0o600))
	f, err := os.Open(files[0])
	must(t, err)
	defer f.Close()
	table, err := csv.NewReader(f).ReadAll()
	must(t, err)
	want(t, "lines", len(table), 4)
	want(t, "fields, and a column for each phone type", len(table[0]), len(model.FileColumns(true)))
	for i, name := range table[0] {
		if name == "title" {
			want(t, "a title that a spreadsheet would run", table[2][i], "'=1+1")
		}
	}
	raw, err := os.ReadFile(files[1])
	must(t, err)
	var list []model.Contact
	must(t, json.Unmarshal(raw, &list))
	first, err := rows[0].Unpack()
	must(t, err)
	want(t, "contacts", len(list), 3)
	want(t, "everything", list[0].Equal(first), true)
}
