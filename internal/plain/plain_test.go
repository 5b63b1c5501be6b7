package plain

import (
	"strings"
	"testing"
	"unicode"
)

func TestClean(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, in, want string }{
		{"plain", "Sarah Chen", "Sarah Chen"},
		{"colour", "\x1b[31mDana\x1b[0m", "Dana"},
		{"clipboard", "Dana\x1b]52;c;ZXZpbA==\x07", "Dana"},
		{"hidden link", "\x1b]8;;https://evil.example\x1b\\Dana\x1b]8;;\x1b\\", "Dana"},
		{"device control", "a\x1bPq#0\x1b\\b", "ab"},
		{"C1 as UTF-8", "a\u009b31mb", "a31mb"},
		{"raw C1 byte", "a\x9b31mb", "a\ufffd31mb"},
		{"bidi override", "abc\u202edef", "abcdef"},
		{"isolates", "\u2066x\u2069", "x"},
		{"zero width", "a\u200bb\u200dc\ufeff", "abc"},
		{"breaks", "a\nb\tc\r\nd\u2028e", "a b c  d e"},
		{"bell and backspace", "a\ab\bc", "abc"},
		{"wide", "日本語", "日本語"},
		{"family", "👨\u200d👩\u200d👧", "👨👩👧"},
		{"heart", "❤\ufe0f", "❤"},
		{"skin tone", "👍🏽", "👍"},
		{"composed", "Toma\u0301s", "Tomás"},
		{"zalgo", "a" + strings.Repeat("\u0335", 40), "a" + strings.Repeat("\u0335", maxMarks)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := Clean(c.in); got != c.want {
				t.Errorf("Clean(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}

func TestFit(t *testing.T) {
	t.Parallel()
	cases := []struct {
		in   string
		w    int
		want string
	}{
		{"abc", 5, "abc  "}, {"abcdef", 4, "abc…"}, {"日本語", 4, "日… "}, {"日本語", 5, "日本…"},
		{"", 2, "  "}, {"abc", 0, ""}, {"abc", 1, "a"}, {"abc", 3, "abc"},
	}
	for _, c := range cases {
		got := Fit(c.in, c.w, "…")
		if got != c.want || Width(got) != c.w {
			t.Errorf("Fit(%q, %d) = %q (%d cells), want %q", c.in, c.w, got, Width(got), c.want)
		}
	}
	if got := FitRight("12", 5, "…"); got != "   12" {
		t.Errorf("FitRight = %q", got)
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"Sarah", "\x1b[31mx", "a\u202eb", "\u009b1m", "e\u0301", "\xff\x9b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Clean(s)
		for _, r := range got {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
				t.Fatalf("Clean(%q) = %q keeps %U", s, got, r)
			}
		}
		if again := Clean(got); again != got {
			t.Fatalf("not idempotent: %q then %q", got, again)
		}
	})
}
