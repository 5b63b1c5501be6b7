//go:build unix

package main

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/api/sandbox"
)

// editorStage is a screen over many contacts with an editor that is a sed script.
func editorStage(t *testing.T, contacts int) (*stage, *sandbox.Server, string) {
	t.Helper()
	service, err := sandbox.New(sandbox.Options{Contacts: contacts, Tier: "unlimited"})
	must(t, err)
	server := httptest.NewServer(documented(t, service))
	t.Cleanup(server.Close)
	dir := t.TempDir()
	script := filepath.Join(dir, "changes.sed")
	editor := filepath.Join(dir, "editor.sh")
	must(t, os.WriteFile(editor,
		[]byte("sed -f '"+script+"' \"$1\" > \"$1.new\" && cat \"$1.new\" > \"$1\" && rm \"$1.new\"\n"), 0o600))
	return newStage(t, "LEV_BASE_URL="+server.URL+sandbox.BasePath, "EDITOR=sh "+editor), service, script
}

// tables are the files of the editor that are left.
func (s *stage) tables() []string {
	s.t.Helper()
	left, err := filepath.Glob(filepath.Join(s.home, "state/levcontacts/default/edit-*"))
	must(s.t, err)
	return left
}

// A thousand contacts go through an editor, and exactly the cells that were
// changed there are sent; one that someone else changed meanwhile is left out.
func TestRoundTripThroughTheEditor(t *testing.T) {
	t.Parallel()
	s, service, script := editorStage(t, 1000)
	listed, _, _ := s.says("list", "--all", "--fields", "id")
	var ids []int64
	for _, word := range strings.Fields(listed)[1:] {
		id, err := strconv.ParseInt(word, 10, 64)
		must(t, err)
		ids = append(ids, id)
	}
	tt := s.start()
	must(t, tt.WaitFor("1,000 of 1,000 loaded"))
	want, changes := map[string]string{}, ""
	for i := range 37 {
		id := ids[i*27]
		changes += fmt.Sprintf("/^%d /s/^\\(\\([^|]*|\\)\\{4\\}\\)[^|]*/\\1 Chief \"%d\" /\n", id, i)
		want[fmt.Sprint(id)] = fmt.Sprintf(`{"title":"Chief \"%d\""}`, i)
	}
	changes += "1,2d\n$d\n" // the notes and a line
	must(t, os.WriteFile(script, []byte(changes), 0o600))
	must(t, tt.Press("ctrl+a"))
	must(t, tt.WaitFor("1,000 marked", "· checked")) // what the start asks for has come
	before := len(service.Requests())
	must(t, tt.Press("ctrl+g"))
	must(t, tt.WaitFor("Change 37 contacts", "The table is in "))
	for _, r := range service.Requests()[before:] {
		if !strings.HasSuffix(r.Path, "/notes") { // of the contact on which the cursor rests
			t.Errorf("a request was made before anything was to be sent: %v", r)
		}
	}
	service.Update(ids[27], map[string]any{"title": "Partner"})
	delete(want, fmt.Sprint(ids[27]))
	must(t, tt.Press("enter"))
	must(t, tt.WaitFor("Bulk edit done: 36 changed, 1 left out because someone else changed them"))
	must(t, tt.Press("q"))
	wantEnd(t, tt, 0)
	for _, r := range service.Requests()[before:] {
		if id := r.Path[strings.LastIndexByte(r.Path, '/')+1:]; r.Method == "PATCH" {
			if want[id] != string(r.Body) {
				t.Errorf("contact %s was sent %s, want %s", id, r.Body, want[id])
			}
			delete(want, id)
		}
	}
	if len(want) > 0 {
		t.Errorf("these were not sent: %v", want)
	}
	if left := s.tables(); len(left) > 0 {
		t.Errorf("files are left: %q", left)
	}
}

// A line that cannot be read is named and the file kept; ctrl+c in the editor is
// for the editor.
func TestBrokenTableIsKept(t *testing.T) {
	t.Parallel()
	s, service, script := editorStage(t, 30)
	must(t, os.WriteFile(script, []byte("/^78 /s/|/;/2\n"), 0o600))
	tt := s.start()
	must(t, tt.WaitFor("30 of 30 loaded"))
	must(t, tt.Press("space", "space", "ctrl+g"))
	must(t, tt.WaitFor("1 line of the table cannot be read", "line 4: 12 cells, and there are 13 columns"))
	must(t, tt.Press("esc"))
	must(t, tt.WaitFor("Nothing was sent; the table is in"))
	left := s.tables()
	if len(left) != 1 {
		t.Fatalf("the files are %q", left)
	}
	info, err := os.Stat(left[0])
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the file has mode %o", info.Mode().Perm())
	}
	if slices.ContainsFunc(service.Requests(), func(e sandbox.Entry) bool { return e.Method != "GET" }) {
		t.Error("something was sent")
	}
	must(t, tt.Press("q"))
	wantEnd(t, tt, 0)

	wait := filepath.Join(t.TempDir(), "wait.sh")
	must(t, os.WriteFile(wait, []byte("trap 'echo interrupted' INT\nprintf 'in the editor\\n'\nread line\nread line\n"),
		0o600))
	s.env = append(s.env, "EDITOR=sh "+wait)
	tt = s.start()
	must(t, tt.WaitFor("30 of 30 loaded"))
	must(t, tt.Press("space", "ctrl+g"))
	must(t, tt.WaitFor("in the editor"))
	must(t, tt.Press("ctrl+c"))
	must(t, tt.WaitFor("interrupted"))
	must(t, tt.Press("enter", "enter"))
	must(t, tt.WaitFor("Nothing was changed in the table"))
	must(t, tt.Press("q"))
	wantEnd(t, tt, 0)
}
