package plain

import (
	"strings"
	"unicode/utf8"
)

// A spreadsheet takes a cell that begins in a certain way for a formula and
// works it out when the file is opened, whoever wrote it: a contact's title may
// have come from anybody. The apostrophe before such a cell is what the Open
// Worldwide Application Security Project recommends against CSV injection.

// Where semicolons separate, a quote in the middle of a line protects nothing: a
// cell continues as another one behind a semicolon inside it, and a line behind a
// line break. So those parts of a text are looked at like a text of their own.

// Guarded puts an apostrophe before what a spreadsheet would take for a
// formula, and before what looks like the result of that, so that Unguarded
// gives back every text as it was.
func Guarded(text string) string {
	return inParts(text, func(part string) string {
		if formula(part) {
			return "'" + part
		}
		return part
	})
}

// Unguarded takes the apostrophes away again.
func Unguarded(text string) string {
	return inParts(text, func(part string) string {
		if rest, ok := strings.CutPrefix(part, "'"); ok && formula(rest) {
			return rest
		}
		return part
	})
}

// inParts changes every part of a text between semicolons and line breaks.
func inParts(text string, change func(string) string) string {
	if !strings.ContainsAny(text, ";\r\n") {
		return change(text)
	}
	var b strings.Builder
	for from := 0; ; {
		end := strings.IndexAny(text[from:], ";\r\n")
		if end < 0 {
			b.WriteString(change(text[from:]))
			return b.String()
		}
		b.WriteString(change(text[from : from+end]))
		b.WriteByte(text[from+end])
		from += end + 1
	}
}

// formula reports whether a text, apart from apostrophes before it, begins like a
// formula. Numbers with a sign, and telephone numbers, are none: without a
// letter nothing can be called or referred to.
func formula(text string) bool {
	text = strings.TrimLeft(text, "'")
	switch first, _ := utf8.DecodeRuneInString(text); first {
	case '=', '@', '\t', '＝', '＋', '－', '＠':
		return true
	case '+', '-':
		return strings.Trim(text, "+-0123456789 ().,/") != ""
	}
	return false
}
