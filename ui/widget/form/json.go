package form

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/charmbracelet/x/ansi"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
)

// bodyLines are the JSON body of a patch, indented, in lines of at most w cells.
// Characters that cannot be shown as they are stand there as JSON escapes, so
// what is shown means exactly what is sent.
func bodyLines(p model.Patch, w int) []string {
	raw, err := p.MarshalJSON()
	if err != nil {
		return []string{plain.Clean(err.Error())}
	}
	var b bytes.Buffer
	if err := json.Indent(&b, raw, "", "  "); err != nil {
		return []string{plain.Clean(err.Error())}
	}
	var out []string
	for s := range strings.SplitSeq(b.String(), "\n") {
		out = append(out, strings.Split(ansi.Hardwrap(escaped(s), max(1, w), true), "\n")...)
	}
	return out
}

// escaped writes what must not reach a terminal, and marks that would be drawn
// over other characters, as JSON escapes. All of it can only be inside of
// strings, where an escape means the same.
func escaped(s string) string {
	if plain.Clean(s) == s {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch c := string(r); {
		case !unicode.In(r, unicode.Mn, unicode.Me) && plain.Clean(c) == c:
			b.WriteRune(r)
		case r > 0xffff:
			hi, lo := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, hi, lo)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}
