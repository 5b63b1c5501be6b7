package search

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestFold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"sarah chen", "sarah chen"},
		{"Sarah CHEN", "sarah chen"},
		{"@[`{ AZaz 09 _", "@[`{ azaz 09 _"},
		{"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"},
		{"Müller", "muller"},
		{"MU\u0308LLER", "muller"},
		{"Weiß GROẞ", "weiss gross"},
		{"Ærø Œuvre Łódź Đorđe Þór Ħal ıŞık", "aero oeuvre lodz dorde thor hal isik"},
		{"O’Brien‑Smith", "o'brien-smith"},
		{"“quoted” – dashed", "\"quoted\" - dashed"},
		{"Ｆｕｌｌ　Ｗｉｄｔｈ", "full width"},
		{"ﬁnance №", "finance no"},
		{"Σίσυφος ΣΊΣΥΦΟΣ", "σισυφοσ σισυφοσ"},
		{"İstanbul", "istanbul"},
		{"日本語", "日本語"},
		{"Иван Чайковский", "иван чаиковскии"},
		{"so\u00adft\u200b \u202edrow", "soft drow"},
		{"a\xffb", "a\ufffdb"},
		{"long ascii first and then é", "long ascii first and then e"},
	} {
		if got := Fold(c.in); got != c.want {
			t.Errorf("Fold(%q) = %q, want %q", c.in, got, c.want)
		}
	}
	if Fold("한글") != norm.NFKD.String("한글") {
		t.Errorf("Hangul is not taken apart: %q", Fold("한글"))
	}
}

func TestFoldEveryRune(t *testing.T) {
	t.Parallel()
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if r > 0xffff && r%16 != 0 { // beyond the first plane a sample does
			continue
		}
		once := Fold(string(r))
		if twice := Fold(once); twice != once {
			t.Errorf("U+%04X folds to %q and then to %q", r, once, twice)
		}
		if whole := Fold(norm.NFKD.String(string(r))); whole != once {
			t.Errorf("U+%04X folds to %q, its decomposition to %q", r, once, whole)
		}
	}
}

func FuzzFold(f *testing.F) {
	f.Add("Sarah Chen", "é")
	f.Add("ABCDEFG\xff", "\u0301")
	f.Fuzz(func(t *testing.T, a, b string) {
		if !utf8.ValidString(a) || !utf8.ValidString(b) {
			t.Skip()
		}
		if Fold(a)+Fold(b) != Fold(a+b) {
			t.Errorf("Fold(%q+%q) = %q, want %q", a, b, Fold(a+b), Fold(a)+Fold(b))
		}
		if Fold(Fold(a)) != Fold(a) {
			t.Errorf("Fold is not settled on %q", a)
		}
	})
}
