//go:build unix

package main

import (
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/levcontacts/levcontacts/api/sandbox"
)

// completes asks for completions as a shell does.
func (s *stage) completes(args ...string) []string {
	s.t.Helper()
	path, err := exec.LookPath("levcontacts")
	must(s.t, err)
	cmd := exec.CommandContext(s.t.Context(), path, append([]string{"__complete"}, args...)...)
	cmd.Env = s.env
	out, err := cmd.Output()
	if err != nil {
		s.t.Errorf("%q: %v", args, err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if last := lines[len(lines)-1]; last != ":36" && last != ":4" { // in this order, and no files
		s.t.Errorf("%q: the directive is %s", args, last)
	}
	return lines[:len(lines)-1]
}

// The tab key knows the contacts of the cache, and asks no one for them.
func TestContactsAreCompleted(t *testing.T) {
	t.Parallel()
	service, err := sandbox.New(sandbox.Options{Contacts: 120, Tier: "unlimited"})
	must(t, err)
	server := httptest.NewServer(documented(t, service))
	t.Cleanup(server.Close)
	service.Update(142, map[string]any{"first_name": "Jim\x1b[31m", "last_name": "Rod\triguez\n"})
	s := newStage(t, "LEV_BASE_URL="+server.URL+sandbox.BasePath, keyringVar+"=locked")
	if got := s.completes("get", ""); len(got) > 0 {
		t.Errorf("without a copy there are %q", got)
	}
	if _, err := os.Stat(filepath.Join(s.home, "cache")); err == nil {
		t.Error("completion has made a copy")
	}
	tt := s.start()
	must(t, tt.WaitFor("Sarah Chen", "120 of 120 loaded"))
	must(t, tt.Press("q"))
	wantEnd(t, tt, 0)

	before := len(service.Requests())
	if got := s.completes("get", "14"); len(got) == 0 || !strings.HasPrefix(got[0], "142\tJim") || strings.ContainsAny(got[0], "\x1b") || strings.Count(got[0], "\t") != 1 {
		t.Errorf("of 14 there are %q", got)
	}
	for _, args := range [][]string{{"get", "78"}, {"update", "78"}, {"history", "--contact", "78"}, {"--log-file", filepath.Join(s.home, "x.log"), "get", "78"}} {
		if got := s.completes(args...); len(got) == 0 || got[0] != "78\tSarah Chen" {
			t.Errorf("%q gives %q", args, got)
		}
	}
	if got := s.completes("get", ""); len(got) != 50 {
		t.Errorf("of nothing there are %d", len(got))
	}
	for _, args := range [][]string{{"get", "x"}, {"update", "78", "142", "78"}, {"get", "999999999"}, {"--demo", "get", ""}, {"--profile", "nobody", "get", ""}, {"--api-key-file", "-", "get", ""}} {
		if got := s.completes(args...); len(got) > 0 {
			t.Errorf("%q gives %q", args, got)
		}
	}
	if asked := len(service.Requests()) - before; asked > 0 {
		t.Errorf("%d requests were made", asked)
	}
	if _, err := os.Stat(filepath.Join(s.home, "x.log")); err == nil {
		t.Error("completion has made a log")
	}
	// A program may ask for a password, which is nothing for the tab key.
	dir := filepath.Join(s.home, "config/levcontacts")
	must(t, os.MkdirAll(dir, 0o700))
	must(t, os.WriteFile(filepath.Join(dir, "config.toml"), []byte("[profiles.default]\napi_key_command = [\"touch\", \""+s.home+"/ran\"]\n"), 0o600))
	s.env = append(s.env, "LEV_API_KEY=")
	if got := s.completes("get", ""); len(got) > 0 {
		t.Errorf("with a program for the key there are %q", got)
	}
	if _, err := os.Stat(filepath.Join(s.home, "ran")); err == nil {
		t.Error("completion has run a program")
	}
}

// The tab key knows the values of flags, those of contacts from the cache, and
// offers files only where a file is meant.
func TestValuesAreCompleted(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	dir := filepath.Join(s.home, "config/levcontacts")
	must(t, os.MkdirAll(dir, 0o700))
	must(t, os.WriteFile(filepath.Join(dir, "config.toml"), []byte("[views.lenders]\nfilter = \"type=lender\"\n"), 0o600))
	if _, said, code := s.says("list", "--all"); code != 0 {
		t.Fatal(said)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"list", "--filter", "sta"}, "state=\tState"},
		{[]string{"list", "--filter", "state=N"}, "state=NY"},
		{[]string{"list", "--filter", "state=CA,N"}, "state=CA,NY"},
		{[]string{"export", "--filter", "contact_type=l"}, "contact_type=lender"},
		{[]string{"list", "--view", ""}, "lenders\ttype=lender"},
		{[]string{"--view", ""}, "lenders\ttype=lender"},
		{[]string{"list", "--search", "tit"}, "title:"},
		{[]string{"list", "dep"}, "department:"},
		{[]string{"update", "78", "--state", "N"}, "NY"},
		{[]string{"update", "78", "--title", "managing"}, "Managing Director"},
		{[]string{"create", "--type", ""}, "lender_contact"},
		{[]string{"import", "--set", "is_p"}, "is_primary=\tPrimary"},
		{[]string{"import", "--set", "contact_type="}, "contact_type=lender"},
		{[]string{"list", "--limit", ""}, ""},
		{[]string{"list", "--jq", ""}, ""},
		{[]string{"--base-url", ""}, ""},
	} {
		path, err := exec.LookPath("levcontacts")
		must(t, err)
		cmd := exec.CommandContext(t.Context(), path, append([]string{"__complete"}, c.args...)...)
		cmd.Env = s.env
		out, err := cmd.Output()
		must(t, err)
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		directive, err := strconv.Atoi(strings.TrimPrefix(lines[len(lines)-1], ":"))
		if err != nil || directive&int(cobra.ShellCompDirectiveNoFileComp) == 0 {
			t.Errorf("%q: the directive is %s, files are offered", c.args, lines[len(lines)-1])
		}
		if lines = lines[:len(lines)-1]; c.want == "" && len(lines) > 0 || c.want != "" && !slices.Contains(lines, c.want) {
			t.Errorf("%q gives %q, want %q", c.args, lines, c.want)
		}
	}
}
