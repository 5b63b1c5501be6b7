//go:build unix

package firstrun

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A configuration with ten mistakes is told of all ten at once, each with its
// line, and nothing is drawn.
func TestTenMistakes(t *testing.T) {
	t.Parallel()
	key := keyFor(t, "key")
	m := newMachine(t, key)
	m.writeConfig(`# The work account.
them = "dark"
page_size = 500
timeout = "soon"
read_only = "yes"
index = "always"
columns = ["name", "shoe_size"]

[keys]
"contact.edit" = ["gg"]
"contact.fly" = ["F"]

[profiles.default]
base_url = "http://crm.example/api/external/v2"
api_key = "` + key + `"
`)
	m.secrets.agreed = append(m.secrets.agreed, m.configFile()) // the person has put it there
	before, wantLines := m.files(), []string{"2", "3", "4", "5", "6", "7", "10", "11", "14", "15"}

	check := func(said string) {
		t.Helper()
		keys := slices.Contains(wantLines, "10")
		if strings.Contains(said, `"gg": is not a key`) != keys || strings.Contains(said, "contact.fly") != keys {
			t.Errorf("of the keys it says\n%s", said)
		}
		var lines []string
		for _, found := range regexp.MustCompile(`(?m)config\.toml:(\d+):\d+: `).FindAllStringSubmatch(said, -1) {
			lines = append(lines, found[1])
		}
		if strings.Join(lines, " ") != strings.Join(wantLines, " ") {
			t.Errorf("messages for the lines %v, want %v:\n%s", lines, wantLines, said)
		}
		for _, text := range []string{
			fmt.Sprintf("%d problems", len(wantLines)), "did you mean theme?", "0 (automatic) or 1 to 200", `timeout = "soon"`, "true or false", "auto, off", "shoe_size",
			"http", "an API key does not belong in this file",
		} {
			if !strings.Contains(said, text) {
				t.Errorf("%q is not said:\n%s", text, said)
			}
		}
	}

	p := m.start()
	p.exits(2)
	if bytes.ContainsRune(p.Raw(), 0x1b) {
		t.Errorf("something was drawn: %q", p.Raw())
	}
	check(strings.ReplaceAll(string(p.Raw()), "\r\n", "\n"))

	for _, args := range [][]string{{"config", "check"}, {"list"}, {"auth", "status"}} {
		if args[0] != "config" { // keys are no business of other commands
			wantLines = []string{"2", "3", "4", "5", "6", "7", "14", "15"}
		}
		r := m.command("", args...)
		if r.code != 2 || r.out != "" {
			t.Errorf("%v: exit code %d and %q", args, r.code, r.out)
		}
		check(r.err)
	}
	if after := m.files(); strings.Join(after, " ") != strings.Join(before, " ") {
		t.Errorf("there are %q now, before %q", after, before)
	}
}
