package search

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestExtends(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		old, next string
		want      bool
	}{
		{"", "anything", true},
		{"ch", "che", true},
		{"che", "ch", false},
		{"ch", "ch ny", true},
		{"ch ny", "ch", false},
		{"cn", "chen", false},
		{"~cn", "~chen", true},
		{"~hc", "~chen", false},
		{"bo", "bob", false}, // bob is also Robert
		{"o'c", "o'connor", true},
		{"oc", "o'c", false},
		{"55", "555", false}, // from three digits on phones count
		{"555", "5550", true},
		{"chen |", "chen | khan", false},
		{"chen | khan", "chen | khan ny", true},
		{"state=NY", "state=NY chen", true},
		{"state=NY", "state=NY,CA", false},
		{`"ch`, `"chen"`, true},
		{`"chen"`, `"cheny"`, true},
		{`"ce"`, `"che"`, false},
		{"^c", "^ch", true},
		{"^h", "^ch", false},
		{"c", "^c", false},
		{"email", "email:", false},
		{"email:c", "email:ch", true},
		{"email:c", "title:ch", false},
		{"!c", "!ch", false},
		{"!ch", "!c", true},
		{"!ch", "!ch x", true},
		{"/a/", "/ab/", false},
		{"/a/", "/a/ x", true},
		{"id:7", "id:78", false},
		{"id:>7", "id:>78", true},
		{"!id:>78", "!id:>7", true},
		{"updated:2026", "updated:2026-02", true},
		{"updated:2026-02", "updated:2026", false},
		{"primary:y", "primary:yes", true},
		{"primary:y", "primary:n", false},
		{"phones:5", "phones:55", true},
		{`email:""`, `email:"" x`, true},
	} {
		if got := Extends(parse(t, c.old), parse(t, c.next)); got != c.want {
			t.Errorf("Extends(%q, %q) = %v, want %v", c.old, c.next, got, c.want)
		}
	}
}

// When Extends says so, no hit of the next query is missing from the old one.
func TestExtendsIsTrue(t *testing.T) {
	t.Parallel()
	snap := people(t)
	r := rand.New(rand.NewPCG(3, 4))
	parts := []string{"c", "ch", "chen", "e", "^c", "^ch", `"ch"`, `"che"`, "!c", "!ch", "email:c", "email:ch", "!email:c", "/c/", "id:>5", "id:>6",
		"!id:>5", "updated:2026", "updated:2026-02", "!updated:2026", "state:n", "state:ny", "type:l", "type:s", "phones:5", "phones:55", "phones:5-5", "!phones:5", "primary:y"}
	for range 1000 {
		var inputs [2]string
		for i := range inputs {
			for range 1 + r.IntN(3) {
				inputs[i] += parts[r.IntN(len(parts))] + " "
			}
		}
		old, next := parse(t, inputs[0]), parse(t, inputs[1])
		if !Extends(old, next) {
			continue
		}
		wide := found(t, snap, old, nil)
		for _, id := range found(t, snap, next, nil) {
			if !slices.Contains(wide, id) {
				t.Fatalf("%q extends %q but finds %d too", inputs[1], inputs[0], id)
			}
		}
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		input      string
		start, end int
		part       string
	}{
		{"chen /(svp", 6, 10, "regexp /(svp/: missing closing )"},
		{"title:/a[b/", 8, 10, "missing closing ]"},
		{"/a**/", 2, 4, "invalid nested repetition"},
		{`/\pX/`, 1, 4, "invalid character class range"},
		{"primary:maybe", 0, 13, "primary:maybe: yes or no"},
		{"id:abc", 0, 6, "not a whole number"},
		{"id:=>5", 0, 6, "compare with"},
		{"x updated:2026-13", 2, 17, "not a date"},
		{"updated:yesterdays", 0, 18, "not a date"},
		{"updated:>2026-02-30", 0, 19, "not a date"},
		{"updated:2026..later", 0, 19, "not a date"},
		{"updated:2026-02-20T16:45:00Zx", 0, 29, "not a date"},
	} {
		_, err := Parse(c.input)
		var wrong *SyntaxError
		if !errors.As(err, &wrong) {
			t.Errorf("Parse(%q): %v", c.input, err)
			continue
		}
		if wrong.Start != c.start || wrong.End != c.end || !strings.Contains(wrong.Error(), c.part) {
			t.Errorf("Parse(%q): %d to %d %q, want %d to %d %q", c.input, wrong.Start, wrong.End, wrong, c.start, c.end, c.part)
		}
	}
}

// Whatever is typed on the way to a good query is no error, but for an
// expression that is not closed yet.
func TestParseWhileTyping(t *testing.T) {
	t.Parallel()
	for _, input := range []string{`chen "new york" !email:"x y"`, "updated:>=2026-02-14T09:30:00 id:10..20", "title:/svp|evp/ primary:yes", "created:2025-01..2025-02", `^"sarah ch" state:ny`, `email:"" !phones:212-555`} {
		for i := range len(input) + 1 {
			if _, err := Parse(input[:i]); err != nil {
				t.Errorf("Parse(%q): %v", input[:i], err)
			}
		}
	}
}

func TestHints(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		input string
		want  []string
	}{
		{"chen email:x", nil},
		{"http://x 10:30 a.b:c", nil},
		{`"foo:bar"`, nil},
		{"emial:x", []string{`0-5 no field "emial", taken as text; did you mean email:`}},
		{"a stat:x !tit:y", []string{`2-6 no field "stat", taken as text; did you mean state:`, `10-13 no field "tit", taken as text; did you mean title:`}},
		{"wxyzzy:x", []string{`0-6 no field "wxyzzy", taken as text`}},
	} {
		var got []string
		for _, h := range parse(t, c.input).Hints() {
			got = append(got, fmt.Sprintf("%d-%d %s", h.Start, h.End, h.Text))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("hints of %q: %q, want %q", c.input, got, c.want)
		}
	}
}

func TestQueryEmpty(t *testing.T) {
	t.Parallel()
	for input, want := range map[string]bool{"": true, "email:": true, `"`: true, "!": true, "\u0301": true, "a": false, `email:""`: false} {
		if got := parse(t, input).Empty(); got != want {
			t.Errorf("%q empty %v", input, got)
		}
	}
}
