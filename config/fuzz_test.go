package config

import (
	"bytes"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
)

// FuzzLoad feeds any file to the checker. It never panics, every problem has
// its place, and a file without problems is TOML.
func FuzzLoad(f *testing.F) {
	in := Input{Actions: testActions(), Columns: testColumns(), Home: "/home/me"}
	for _, text := range []string{"", tenMistakes, commented, uncommented(Example(in)), "theme = ", "[", "a.b.c = {d = [1, {e = 2}]}\n[a.b]", "[[a]]\n[a]\nb = 1",
		"\xef\xbb\xbftheme = 1", "x = '''\n", "x = \"\"\"\\\n", "[profiles.a]\r\nviews = 1\r", "keys.\"\" = []", "\"\" = 1", "x = 1979-05-27T07:32:00Z", "x=0x_1", "a = [\n#\n", "# \x00"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		_, problems := inspect("config.toml", data, in)
		lines := bytes.Count(data, []byte("\n")) + 1
		for _, p := range problems {
			if p.File != "config.toml" || p.Line < 1 || p.Line > lines || p.Column < 1 || p.Message == "" {
				t.Errorf("%+v in %d lines", p, lines)
			}
			if strings.ContainsAny(p.Error(), "\x00\x1b\n\r") {
				t.Errorf("not fit for a terminal: %q", p.Error())
			}
		}
		var whole map[string]any
		if err := toml.Unmarshal(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), &whole); err != nil && len(problems) == 0 {
			t.Errorf("passed, and is not TOML: %v", err)
		}
	})
}

// FuzzEdit sets keys in any valid file. The result says what was meant, or
// the edit is refused; every comment line of the file survives.
func FuzzEdit(f *testing.F) {
	for _, text := range []string{"", commented, "profiles = {a = {}}", "[profiles]\na.theme = \"x\"", "[profiles.a.views.v]\r\nfilter = 'x' # y\r\n", "profiles.a.views.v.sort = \"\"", "[[profiles]]", "x = [\n# a\n]"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		doc, problems := parseDocument("", []byte(text))
		if len(problems) > 0 {
			return
		}
		where := []string{"profiles", "a", "views", "v"}
		pairs := []pair{{"filter", `"x y"`}, {"sort", `""`}, {"columns", `["name"]`}}
		changed := doc.with(where, pairs)
		if !saysOnly(doc.data, changed, where, pairs) {
			return
		}
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "#") && !bytes.Contains(changed, []byte(line)) {
				t.Errorf("comment %q lost: %q", line, changed)
			}
		}
		again, problems := parseDocument("", changed)
		if len(problems) > 0 || !bytes.Equal(again.with(where, pairs), changed) {
			t.Errorf("not the same when done twice: %q %q %v", changed, again.with(where, pairs), problems)
		}
	})
}
