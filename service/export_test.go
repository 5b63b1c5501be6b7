package service_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/service"
)

// What is exported is what is held: documented fields as CSV, everything as JSON,
// and vCards, in new files of this person's own.
func TestExportContacts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 5, Tier: "unlimited"})
	p := w.start(func(o *service.Options) { o.ExportDir = t.TempDir() })
	p.pass()
	_, rows := p.held()
	formula, err := rows[1].Unpack()
	must(t, err)
	rows[1] = formula.With(model.FieldTitle, model.TextValue("=1+1")).Pack()
	var files []string
	for _, name := range []string{"a.csv", "a.json", "a.vcf"} {
		file, err := p.ExportContacts(t.Context(), rows[:3], name)
		must(t, err)
		files = append(files, file)
	}
	_, err = p.ExportContacts(t.Context(), rows[:3], "a.csv")
	want(t, "a file that is there", errors.Is(err, fs.ErrExist), true)
	_, err = p.ExportContacts(t.Context(), rows[:3], "a.txt")
	want(t, "another ending", err != nil && strings.Contains(err.Error(), ".txt"), true)
	cards, err := os.ReadFile(files[2])
	must(t, err)
	want(t, "cards", strings.Count(string(cards), "BEGIN:VCARD"), 3)
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
