//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Long output on a terminal goes through the pager that the person has named, and
// what is said on standard error waits for its end.
func TestPager(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pager := filepath.Join(dir, "pager.sh")
	must(t, os.WriteFile(pager, []byte("echo \"key=$LEV_API_KEY less=$LESS\"\nsed 's/^/| /'\necho 'pager left'\n"), 0o600))
	s := newStage(t, "PAGER=sh "+pager)
	for _, args := range [][]string{{"list", "--limit", "3"}, {"help", "search"}, {"list", "--help"}, {"history"},
		{"get", "78"}} {
		tt := s.start(args...)
		must(t, tt.WaitFor("| ", "pager left"))
		wantEnd(t, tt, 0)
		if !strings.Contains(string(tt.Raw()), "key= less=FRX") {
			t.Errorf("%q: the pager has another environment", args)
		}
	}
	tt := s.start("list", "--limit", "3")
	must(t, tt.WaitFor("pager left"))
	wantEnd(t, tt, 0)
	if screen := tt.Screen(); strings.Index(screen, "3 of 30 contacts") < strings.Index(screen, "pager left") {
		t.Errorf("what is said comes before the end of the pager:\n%s", screen)
	}
	// One that is left early ends the command well.
	must(t, os.WriteFile(pager, []byte("exec <&-\necho seen enough\n"), 0o600))
	tt = s.start("list", "--all")
	must(t, tt.WaitFor("seen enough"))
	wantEnd(t, tt, 0)
	// None, and one that is not there.
	for _, env := range []string{"PAGER=cat", "LEVCONTACTS_PAGER=", "PAGER=/nowhere/pager"} {
		other := newStage(t, "PAGER=sh "+pager, env)
		tt := other.start("list", "--limit", "1")
		must(t, tt.WaitFor("Sarah Chen"))
		wantEnd(t, tt, 0)
	}
}

// A terminal that shows text only gets plain lines, and a person who does not want
// to be asked is not.
func TestDumbAndSilentTerminals(t *testing.T) {
	t.Parallel()
	s := newStage(t, "TERM=dumb")
	for _, args := range [][]string{
		{"export", "--demo", "--demo-tier", "free", "--demo-contacts", "400", "--output", filepath.Join(t.TempDir(),
			"x.csv")},
		{"list", "--all"},
	} {
		tt := s.start(args...)
		wantEnd(t, tt, 0)
		if raw := string(tt.Raw()); strings.ContainsAny(strings.ReplaceAll(raw, "\r\n", "\n"), "\r\x1b") {
			t.Errorf("%q rewrites lines: %q", args, raw)
		}
	}
	s = newStage(t)
	for _, args := range [][]string{
		{"--no-input", "create", "--type", "sponsor", "--last-name", "X"}, {"--no-input", "update", "78", "--title", "X"},
		{"--no-input", "auth", "login"}, {"--no-input", "api", "DELETE", "/contacts/78/notes/1"}, {"--no-input"},
	} {
		tt := s.start(args...)
		wantEnd(t, tt, 2)
		if screen := tt.Screen(); strings.Contains(screen, "[y/N]") {
			t.Errorf("%q asks:\n%s", args, screen)
		}
	}
}

// Tables for people have headings of their own; see promises for pipes.
// B13: where the locale is not UTF-8, what the program adds to the data is ASCII.
func TestTablesInAPlainLocale(t *testing.T) {
	t.Parallel()
	s := newStage(t, "COLUMNS=60", "LC_ALL=C")
	for args, want := range map[string][]string{
		"list --limit 2": {"Sarah Chen", "~", "2 of 30 contacts"},
		"stats":          {"Last changed, by month", "####"},
	} {
		tt := s.start(strings.Fields(args)...)
		must(t, tt.WaitFor(want...))
		wantEnd(t, tt, 0)
		if screen := tt.Screen(); strings.ContainsFunc(screen, func(r rune) bool { return r > 127 }) {
			t.Errorf("%s:\n%s", args, screen)
		}
	}
}

func TestTablesOnATerminal(t *testing.T) {
	t.Parallel()
	s := newStage(t, "COLUMNS=100")
	if _, said, code := s.says("update", "78", "142", "--title", "First", "--yes"); code != 0 {
		t.Fatal(said)
	}
	for _, c := range []struct {
		args string
		want []string
	}{
		{"list --limit 2", []string{"ID", "NAME", "TYPE", "Sarah Chen"}},
		{"list --limit 1 --fields id,email", []string{"ID  EMAIL"}},
		{"get 78", []string{"First name  Sarah", "Title       First"}},
		{"get 78 142 --fields id,title", []string{"ID", "TITLE", "First"}},
		{"history", []string{"TIME", "KIND", "CONTACT ID"}},
		{"duplicates", []string{"likely pairs"}},
		{"runs list", []string{"CREATED", "OUTCOME", "2 done"}},
		{"runs show last", []string{"CONTACT ID", "STATE", "done"}},
		{"runs undo last --dry-run", []string{"CONTACT ID", `"First"`}},
		{"company list", []string{"ID", "NAME", "WEBSITE"}},
		{"note list 78", []string{"there are no notes on contact 78"}},
		{"auth status", []string{"Profile  default", "Limits   none"}},
		{"cache status", []string{"contacts"}},
		{"api GET /me --jq .data.account.slug", []string{"meridian-partners"}},
		{"help exit-codes", []string{"130"}},
	} {
		tt := s.start(strings.Fields(c.args)...)
		must(t, tt.WaitFor(c.want...))
		wantEnd(t, tt, 0)
	}
}
