package plain

import (
	"strings"
	"unicode/utf8"
)

// A spreadsheet takes a cell that begins in a certain way for a formula and
// works it out when the file is opened, whoever wrote it: a contact's title may
// have come from anybody. The apostrophe before such a cell is what the Open
// Worldwide Application Security Project recommends against CSV injection.

// Guarded puts an apostrophe before what a spreadsheet would take for a
// formula, and before what looks like the result of that, so that Unguarded
// gives back every text as it was.
func Guarded(text string) string {
	if formula(text) {
		return "'" + text
	}
	return text
}

// Unguarded takes the apostrophe away again.
func Unguarded(text string) string {
	if rest, ok := strings.CutPrefix(text, "'"); ok && formula(rest) {
		return rest
	}
	return text
}

// formula says that a text, apart from apostrophes before it, begins like a
// formula. Numbers with a sign, and telephone numbers, are none: without a
// letter nothing can be called or referred to.
func formula(text string) bool {
	text = strings.TrimLeft(text, "'")
	switch first, _ := utf8.DecodeRuneInString(text); first {
	case '=', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠':
		return true
	case '+', '-':
		return strings.Trim(text, "+-0123456789 ().,/") != ""
	}
	return false
}
