package console

import (
	"bytes"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// feedPaste adds to a paste and continues behind its end.
func (d *decoder) feedPaste(data, out []byte) []byte {
	from := max(0, len(d.paste)-len(pasteEnd)+1)
	d.paste = append(d.paste, data...)
	at := bytes.Index(d.paste[from:], []byte(pasteEnd))
	if at < 0 {
		if len(d.paste) > maxPaste { // the rest is dropped, but for what may be its end
			d.paste = append(d.paste[:maxPaste-len(pasteEnd)], d.paste[len(d.paste)-len(pasteEnd):]...)
		}
		return out
	}
	at += from
	rest := bytes.Clone(d.paste[at+len(pasteEnd):])
	d.unended = time.Time{}
	return d.parse(rest, d.endPaste(at, out))
}

// splitEnd is how many bytes at the end of a paste may be the begin of its end.
func splitEnd(paste []byte) int {
	for n := len(pasteEnd) - 1; n > 0; n-- {
		if bytes.HasSuffix(paste, []byte(pasteEnd[:n])) {
			return n
		}
	}
	return 0
}

// endPaste keeps the first n bytes as a paste and leaves its place in out.
func (d *decoder) endPaste(n int, out []byte) []byte {
	d.pastes = append(d.pastes, pastedText(d.paste[:n]))
	d.pasting, d.paste = false, nil
	return append(out, pasteKey...)
}

// pastedText is a paste without escape sequences and controls, but for tabs and
// line breaks. What does not end in it is text, and only its escape is dropped.
func pastedText(b []byte) string {
	var out strings.Builder
	for s := strings.ToValidUTF8(string(b), "\ufffd"); s != ""; {
		if s[0] == escape {
			s = s[max(1, sequenceIn(s)):]
			continue
		}
		r, n := utf8.DecodeRuneInString(s)
		if !unicode.IsControl(r) || r == '\t' || r == '\n' || r == '\r' {
			out.WriteString(s[:n])
		}
		s = s[n:]
	}
	return out.String()
}

// sequenceIn is the length of the whole sequence that text begins with, or 0.
func sequenceIn(s string) int {
	if len(s) < 3 {
		return 0
	}
	switch s[1] {
	case '[':
		for i := 2; i < min(len(s), maxSequence); i++ {
			if c := s[i]; c < 0x20 || c > 0x3f {
				if c >= 0x40 && c <= 0x7e {
					return i + 1
				}
				return 0
			}
		}
	case ']', 'P', '_', '^', 'X':
		end := strings.IndexAny(s[2:], "\a\x1b\n\r")
		switch {
		case end < 0:
		case s[2+end] == '\a' && s[1] == ']':
			return 2 + end + 1
		case strings.HasPrefix(s[2+end:], "\x1b\\"):
			return 2 + end + 2
		}
	}
	return 0
}
