// Package look reads how a piece of text is drawn: colors and emphasis, as a
// person writes them in the configuration.
package look

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Look is colors and emphasis. Colors are "#rrggbb", an ANSI number "0" to
// "15", or "" for the terminal's own.
type Look struct {
	FG, BG                         string
	Bold, Faint, Underline, Invert bool
}

// names are the colors that have a name, by their ANSI numbers.
var names = [...]string{"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"}

// Grammar describes in words what Parse reads.
const Grammar = `a color ("#5fd7ff", "red", "bright red", 0 to 15), "on" and a color, bold, faint, underline, reverse`

// Parse reads "#ff5f5f bold on black". The error names the word that it cannot
// read.
func Parse(text string) (Look, error) {
	var l Look
	words := strings.Fields(strings.ToLower(text))
	into := &l.FG
	for i := 0; i < len(words); i++ {
		switch w := words[i]; w {
		case "bold":
			l.Bold = true
		case "faint":
			l.Faint = true
		case "underline":
			l.Underline = true
		case "reverse":
			l.Invert = true
		case "on":
			if into == &l.BG || i == len(words)-1 {
				return Look{}, fmt.Errorf("%q has no color behind it", w)
			}
			into = &l.BG
			continue
		default:
			bright := w == "bright" && i+1 < len(words)
			if bright {
				i++
			}
			c := color(words[i], bright)
			if c == "" || *into != "" {
				return Look{}, fmt.Errorf("%q is no color and no emphasis", w)
			}
			*into = c
		}
		if into == &l.BG && l.BG == "" {
			return Look{}, fmt.Errorf("%q stands where a color belongs", words[i])
		}
	}
	return l, nil
}

// color reads one color, "" when it is none.
func color(w string, bright bool) string {
	if n := slices.Index(names[:], w); n >= 0 {
		if bright {
			n += 8
		}
		return strconv.Itoa(n)
	}
	if bright {
		return ""
	}
	if hex, ok := strings.CutPrefix(w, "#"); ok {
		if _, err := strconv.ParseUint(hex, 16, 32); err == nil && len(hex) == 6 {
			return w
		}
		return ""
	}
	if n, err := strconv.Atoi(w); err == nil && n >= 0 && n <= 15 {
		return strconv.Itoa(n)
	}
	return ""
}
