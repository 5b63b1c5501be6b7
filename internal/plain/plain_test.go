package plain

import (
	"strings"
	"testing"
	"unicode"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
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

// B8: cells are counted by character, as the terminal library draws and as
// terminals without mode 2027 do.
func TestScripts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
	}{
		{"Devanagari", "अनिरुद्ध श्रीवास्तव"}, {"Bengali", "অনিন্দ্য"}, {"Malayalam", "ഉണ്ണിക്കൃഷ്ണൻ"}, {"Khmer", "ស្រីនាង"},
		{"Tamil", "ஸ்ரீனிவாசன்"}, {"Thai", "กำลังใจ น้ำ"}, {"Lao", "ຄຳ"}, {"Burmese", "မြန်မာ"}, {"Sinhala", "ශ්\u200dරී ලංකා"},
		{"flag letter", "🇩"}, {"flag", "🇩🇪"}, {"family", "👨\u200d👩\u200d👧"}, {"wide", "日本語"}, {"kana", "ｶﾅ"}, {"accent", "e\u0301"}, {"heart", "❤\ufe0f"},
		{"Arabic", "محمد"}, {"Hebrew", "שָׁלוֹם"}, {"Hangul", "각 한국"}, {"Jamo", "한"},
	} {
		text := Clean(c.text)
		for _, w := range []int{3, 8, 30} {
			drawn := uv.NewScreenBuffer(40, 1)
			drawn.Method = ansi.WcWidth
			uv.NewStyledString(Fit(text, w, "…")+"|").Draw(drawn, drawn.Bounds())
			if got := drawn.CellAt(w, 0); got == nil || got.Content != "|" {
				t.Errorf("%s: %q in %d cells: the rule is drawn elsewhere: %q", c.name, text, w, drawn.Render())
			}
			for _, line := range Wrap(text, w) {
				if Width(line) > w {
					t.Errorf("%s: the line %q is wider than %d cells", c.name, line, w)
				}
			}
			if got := Slice("\x1b[1m"+text+"\x1b[0m"+Blank(w), 2, 2+w); Width(got) > w {
				t.Errorf("%s: %d cells of it are %q", c.name, w, got)
			}
		}
	}
}
