//go:build unix

package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/api/sandbox"
)

// book is a table as a spreadsheet holds it.
type book struct {
	t    *testing.T
	rows [][]string
}

func openBook(t *testing.T, path string) *book {
	t.Helper()
	raw, err := os.ReadFile(path)
	must(t, err)
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")))).ReadAll()
	must(t, err)
	return &book{t, rows}
}

// column is the place of a column.
func (b *book) column(name string) int {
	b.t.Helper()
	i := slices.Index(b.rows[0], name)
	if i < 0 {
		b.t.Fatalf("there is no column %s in %q", name, b.rows[0])
	}
	return i
}

func (b *book) set(row int, column, text string) { b.rows[row][b.column(column)] = text }

// save writes the table as Excel does: semicolons, CRLF, no zeros before numbers,
// moments in its own way, TRUE and FALSE, quotes where they must be.
func (b *book) save(path string) {
	var out strings.Builder
	for i, row := range b.rows {
		for j, cell := range row {
			switch name := b.rows[0][j]; {
			case i == 0:
			case strings.HasSuffix(name, "_at"):
				cell = strings.NewReplacer("T", " ", "Z", "").Replace(cell)
			case cell == "true" || cell == "false":
				cell = strings.ToUpper(cell)
			case cell != "" && strings.Trim(cell, "0123456789") == "":
				cell = strings.TrimLeft(cell, "0")
			}
			if j > 0 {
				out.WriteByte(';')
			}
			if strings.ContainsAny(cell, ";\"\n") {
				cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
			}
			out.WriteString(cell)
		}
		out.WriteString("\r\n")
	}
	must(b.t, os.WriteFile(path, []byte(out.String()), 0o600))
}

// edit changes 37 cells and says what is to be sent, by the id of the contact.
func (b *book) edit() map[string]string {
	want := map[string]string{}
	id := b.column("id")
	for i := range 37 {
		row, field, text := 1+i*27, "title", fmt.Sprintf(`Director; "Debt" %d`, i)
		switch i % 4 {
		case 1:
			field, text = "city", "Zürich\nLake"
		case 2:
			field, text = "zip", "2139"
		case 3:
			field, text = "department", "=1+1"
		}
		b.set(row, field, text)
		sent := text
		if field == "zip" {
			sent = "02139"
		}
		want[b.rows[row][id]] = field + "=" + sent
	}
	return want
}

// says runs a command and gives what it writes and its exit code.
func (s *stage) says(args ...string) (stdout, stderr string, code int) {
	s.t.Helper()
	path, err := exec.LookPath("levcontacts")
	must(s.t, err)
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(s.t.Context(), path, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = s.env, &out, &errs
	if err := cmd.Run(); cmd.ProcessState == nil {
		s.t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// A thousand contacts go through a spreadsheet, and exactly the cells that were
// changed there come back; one that someone else changed meanwhile is left out.
func TestRoundTripThroughASpreadsheet(t *testing.T) {
	t.Parallel()
	service, err := sandbox.New(sandbox.Options{Contacts: 1000, Tier: "unlimited"})
	must(t, err)
	server := httptest.NewServer(service)
	t.Cleanup(server.Close)
	s := newStage(t, "LEV_BASE_URL="+server.URL+sandbox.BasePath, keyringVar+"=")
	path := filepath.Join(t.TempDir(), "book.csv")
	if _, said, code := s.says("export", "-o", path); code != 0 {
		t.Fatalf("export ends with %d: %s", code, said)
	}
	b := openBook(t, path)
	if len(b.rows) != 1001 {
		t.Fatalf("%d rows, want 1000 and a heading", len(b.rows)-1)
	}
	want, id := b.edit(), b.column("id")
	// Empty cells, a row that is gone and one that someone else has changed.
	b.set(990, "last_name", "")
	foreign := b.rows[1][id]
	delete(want, foreign)
	b.rows = slices.Delete(b.rows, 995, 996)
	b.save(path)
	var number int64
	_, err = fmt.Sscan(foreign, &number)
	must(t, err)
	service.Update(number, map[string]any{"title": "Partner"})
	var other int64 // someone else changes a field that the file leaves alone
	_, err = fmt.Sscan(b.rows[1+27][id], &other)
	must(t, err)
	service.Update(other, map[string]any{"title": "Partner"})

	before := len(service.Requests())
	out, said, code := s.says("import", path, "--match", "id")
	if code != 0 || strings.Count(out, "would update") != 37 {
		t.Errorf("the dry run ends with %d:\n%.2000s\n%s", code, out, said)
	}
	for _, r := range service.Requests()[before:] {
		if r.Method != "GET" {
			t.Errorf("the dry run has sent %s %s", r.Method, r.Path)
		}
	}
	failed := filepath.Join(t.TempDir(), "failed.csv")
	out, said, code = s.says("import", path, "--match", "id", "--apply", "--max-age", "0s", "--errors", failed)
	if code != 3 || !strings.Contains(said, "36 updated, 962 unchanged, 1 left out because someone else changed them") {
		t.Errorf("the import ends with %d:\n%.2000s\n%s", code, out, said)
	}
	got := map[string]string{}
	for _, r := range service.Requests()[before:] {
		if r.Method == "PATCH" {
			got[r.Path[strings.LastIndexByte(r.Path, '/')+1:]] += string(r.Body)
		}
	}
	for contact, change := range want {
		field, text, _ := strings.Cut(change, "=")
		if body := fmt.Sprintf(`{%q:%s}`, field, quotedJSON(text)); got[contact] != body {
			t.Errorf("contact %s: sent is %s, want %s", contact, got[contact], body)
		}
		delete(got, contact)
	}
	if len(got) > 0 {
		t.Errorf("besides them these were sent: %v", got)
	}
	if b := openBook(t, failed); len(b.rows) != 2 || b.rows[1][b.column("id")] != foreign || !strings.Contains(b.rows[1][b.column("error")], "someone else") {
		t.Errorf("the rows that failed are %q", b.rows)
	}
	// Once more: nothing is left to do but the one that was left out.
	_, said, _ = s.says("import", path, "--match", "id", "--apply", "--max-age", "0s")
	if !strings.Contains(said, "0 updated, 998 unchanged, 1 left out") {
		t.Errorf("the second import says %s", said)
	}
}

func quotedJSON(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(text) + `"`
}
