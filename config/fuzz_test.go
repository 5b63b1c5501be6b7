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

// FuzzSave saves a view of any name and text. It is read back as it was, or it
// is refused.
func FuzzSave(f *testing.F) {
	for _, text := range []string{"", "a b", `"`, "'''", `\`, "[x]", "é", "a.b = 1"} {
		f.Add(text, text)
	}
	f.Fuzz(func(t *testing.T, name, filter string) {
		in := testInput(t)
		paths, err := in.Paths()
		if err != nil {
			t.Fatal(err)
		}
		if err := SaveView(paths, DefaultProfile, View{Name: name, Filter: filter}); err != nil {
			return
		}
		c, err := Load(in)
		if err != nil {
			t.Fatalf("%q %q cannot be read back: %v", name, filter, err)
		}
		if len(c.Views) != 1 || c.Views[0].Name != name || c.Views[0].Filter != filter {
			t.Errorf("%q %q came back as %+v", name, filter, c.Views)
		}
	})
}
