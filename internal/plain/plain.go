// Package plain makes text from outside safe to draw in a terminal and cuts it
// to cells. Every string that came from the service, a file or a paste passes
// through Clean where it enters rendering; the stored value is never changed.
package plain

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/text/unicode/norm"
)

// maxMarks is how many combining marks one base character may carry; more is
// an attack on the line above.
const maxMarks = 4

// Clean returns s with everything removed that could drive a terminal, turn
// text around, or make programs disagree about its width: escape sequences,
// C0 and C1 controls, bidi and other format characters, variation selectors,
// skin tones, private-use characters. Line breaks and tabs become one blank.
// It is idempotent.
func Clean(s string) string {
	if isPlainASCII(s) {
		return s
	}
	s = ansi.Strip(strings.ToValidUTF8(s, "\ufffd"))
	var b strings.Builder
	b.Grow(len(s))
	marks := 0
	for _, r := range s {
		switch {
		case isBreak(r):
			b.WriteByte(' ')
			marks = 0
		case isDropped(r):
		case unicode.In(r, unicode.Mn, unicode.Me):
			if marks++; marks <= maxMarks {
				b.WriteRune(r)
			}
		default:
			b.WriteRune(r)
			marks = 0
		}
	}
	return norm.NFC.String(b.String())
}

// Changed reports that Clean takes something away that the user would not see
// otherwise, so that a field that must be exact can be marked.
func Changed(s string) bool { return Clean(s) != norm.NFC.String(s) }

// Pasteable is text that can be pasted into a shell without running: on one line
// and without control characters. Everything else stays as it is.
func Pasteable(s string) string {
	if isPlainASCII(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case isBreak(r):
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, ansi.Strip(strings.ReplaceAll(s, "\r\n", "\n")))
}

func isPlainASCII(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

func isBreak(r rune) bool {
	switch r {
	case '\n', '\r', '\t', '\v', '\f', 0x85, 0x2028, 0x2029:
		return true
	}
	return false
}

func isDropped(r rune) bool {
	switch {
	case unicode.IsControl(r):
		return true
	case r >= 0xfe00 && r <= 0xfe0f, r >= 0x1f3fb && r <= 0x1f3ff, r >= 0xe0100 && r <= 0xe01ef:
		return true
	}
	return unicode.In(r, unicode.Co, unicode.Cs, unicode.Cf)
}

// Width is the number of terminal cells that cleaned text takes, with or
// without SGR styles. It counts by character, as terminals and the terminal
// library do unless mode 2027 was agreed on, which the program never does.
func Width(s string) int {
	if isPlainASCII(s) {
		return len(s)
	}
	return ansi.StringWidthWc(s)
}

// Fit cuts cleaned text to w cells, ending in tail when something was cut, and
// fills it with blanks to exactly w.
func Fit(s string, w int, tail string) string {
	s = Cut(s, w, tail)
	if n := w - Width(s); n > 0 {
		return s + Blank(n)
	}
	return s
}

// FitRight is Fit with the text at the right edge.
func FitRight(s string, w int, tail string) string {
	s = Cut(s, w, tail)
	if n := w - Width(s); n > 0 {
		return Blank(n) + s
	}
	return s
}

// Cut shortens cleaned text, with or without styles, to at most w cells, ending
// in tail when something was cut. It never splits a wide character.
func Cut(s string, w int, tail string) string {
	switch {
	case w <= 0:
		return ""
	case Width(s) <= w:
		return s
	case w <= Width(tail):
		tail = ""
	}
	// The library looks first whether there is anything to cut, and counts
	// clusters for that: the blanks make sure that there is.
	return ansi.TruncateWc(s+Blank(w+1), w, tail)
}

// Slice is what stands in the cells from left up to right of cleaned text, with
// its styles. A wide character that is cut in two is left out.
func Slice(s string, left, right int) string {
	s = Cut(s, right, "")
	room := max(0, Width(s)-left)
	for n := left; ; n++ {
		if out := ansi.TruncateLeftWc(s, n, ""); Width(out) <= room {
			return out
		}
	}
}

// Wrap breaks cleaned text into lines of at most w cells, at blanks where it
// can, else behind the signs that divide addresses.
func Wrap(s string, w int) []string {
	if w <= 0 {
		return nil
	}
	return strings.Split(ansi.WrapWc(s, w, "@./_?&="), "\n")
}

const blanks = "                                                                                                    "

// Blank is n blanks.
func Blank(n int) string {
	if n <= 0 {
		return ""
	}
	if n <= len(blanks) {
		return blanks[:n]
	}
	return strings.Repeat(" ", n)
}

// FirstWords is the beginning of text of unknown content, cleaned, on one line,
// at most n characters: for an error that shows what came instead of JSON.
func FirstWords(s string, n int) string {
	if len(s) > 8*n {
		s = s[:8*n]
	}
	s = strings.Join(strings.Fields(Clean(s)), " ")
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n]) + "…"
}
