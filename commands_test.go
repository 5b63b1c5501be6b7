//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/spf13/cobra"

	"github.com/levcontacts/levcontacts/cli"
	"github.com/levcontacts/levcontacts/config"
)

// Every command is used in a script, and the README or the changelog names it.
func TestEveryCommandIsTestedAndTold(t *testing.T) {
	t.Parallel()
	read := func(pattern string) (all string) {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, path := range paths {
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			all += string(raw)
		}
		return all
	}
	scripts, told := read("testdata/script/*.txtar"), read("README.md")+read("CHANGELOG.md")
	tests := read("*_test.go") // what needs a terminal is there
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		for _, sub := range cmd.Commands() {
			words := strings.Fields(sub.CommandPath())[1:]
			if words[0] == "help" || words[0] == "completion" && len(words) > 1 {
				continue // they are cobra's
			}
			used := strings.Contains(scripts, strings.Join(words, " ")) || strings.Contains(tests, `"`+strings.Join(words, `", "`)+`"`)
			if !used {
				t.Errorf("no script uses %s", sub.CommandPath())
			}
			if !strings.Contains(told, words[0]) {
				t.Errorf("neither README nor CHANGELOG names %s", words[0])
			}
			walk(sub)
		}
	}
	walk((&cli.App{Input: config.Input{}}).Commands())
}

// F4: on a terminal a new contact is shown, and created after a yes.
func TestCreateAsks(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for _, c := range []struct {
		inputLine string
		code      int
		said      string
	}{{"n", 1, "nothing was sent"}, {"y", 0, "created contact"}} {
		tt := s.start("create", "--type", "sponsor", "--last-name", "Asked")
		must(t, tt.WaitFor("A new contact:", `last_name     "Asked"`, "Create it? [y/N]"))
		must(t, tt.Press(c.inputLine, "enter"))
		must(t, tt.WaitFor(c.said))
		wantEnd(t, tt, c.code)
	}
	// A18: an invisible character in an address is taken out on a yes.
	tt := s.start("create", "--type", "sponsor", "--email", "a\u200b@b.co")
	must(t, tt.WaitFor("holds invisible characters", "Remove them? [y/N]"))
	must(t, tt.Press("y", "enter"))
	must(t, tt.WaitFor(`email         "a@b.co"`, "Create it? [y/N]"))
	must(t, tt.Press("y", "enter"))
	wantEnd(t, tt, 0)
}

// A5: ctrl+c ends a command that waits for what someone types.
func TestInterruptEndsReading(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"import", "-"}, {"create", "--json", "-"}, {"update", "78", "--json", "-"}} {
		tt := newStage(t).start(args...)
		must(t, tt.WaitFor("reading from standard input until ctrl+d"))
		must(t, tt.Press("ctrl+c"))
		wantEnd(t, tt, 130)
	}
	tt := newStage(t).start("create", "--type", "sponsor", "--last-name", "X")
	must(t, tt.WaitFor("Create it?"))
	must(t, tt.Signal(syscall.SIGTERM))
	wantEnd(t, tt, 130)
}

// X16: an editor does not inherit the key.
func TestChildrenHaveNoKey(t *testing.T) {
	t.Parallel()
	s := newStage(t, "LEV_API_KEY=lev_sk_environment_0123456789abcdef", "VISUAL=sh "+filepath.Join(t.TempDir(), "editor.sh"))
	script := strings.TrimPrefix(s.env[len(s.env)-1], "VISUAL=sh ")
	must(t, os.WriteFile(script, []byte("echo \"key=$LEV_API_KEY\" > \""+s.home+"/child\"\n"), 0o600))
	tt := s.start("config", "edit")
	must(t, tt.WaitFor("in order:"))
	wantEnd(t, tt, 0)
	if got, err := os.ReadFile(filepath.Join(s.home, "child")); err != nil || string(got) != "key=\n" {
		t.Errorf("the editor has %q, error %v", got, err)
	}
}
