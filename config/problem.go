package config

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/levcontacts/levcontacts/internal/redact"
)

// shownRunes bounds how much of a wrong value is repeated in a message.
const shownRunes = 60

// A Problem is one thing wrong with the configuration.
type Problem struct {
	// File is the path of the configuration file; empty when the value came
	// from a flag or the environment, which Key then names.
	File string
	// Line and Column count from 1, Column in characters; both are 0 when
	// the problem is not at one place of a file.
	Line, Column int
	// Key is the dotted key in the file, the flag with its dashes, or the
	// environment variable.
	Key string
	// Value is the wrong value, made safe to print: shortened, quoted, and
	// without anything that looks like a secret.
	Value string
	// Message describes what is wrong.
	Message string
	// Allowed describes what would be accepted; it may be empty.
	Allowed string
}

// Error gives the problem on one line, beginning with its place in the form
// that editors and terminals turn into a link.
func (p Problem) Error() string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.File)
		if p.Line > 0 {
			fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
		}
		b.WriteString(": ")
	}
	if p.Key != "" {
		b.WriteString(p.Key)
		if p.Value != "" {
			b.WriteString(" = " + p.Value)
		}
		b.WriteString(": ")
	}
	b.WriteString(p.Message)
	if p.Allowed != "" {
		b.WriteString("; allowed: " + p.Allowed)
	}
	return b.String()
}

// Problems is everything found wrong in one pass: first flags and
// environment, then the file from top to bottom. It is the error that [Load]
// and the editing functions answer with when the configuration is at fault.
type Problems []Problem

// Error gives one line for each problem, below a line with their number when
// there are several.
func (p Problems) Error() string {
	if len(p) == 1 {
		return p[0].Error()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "the configuration has %d problems:", len(p))
	for _, one := range p {
		b.WriteString("\n" + one.Error())
	}
	return b.String()
}

func (p Problems) sorted() Problems {
	slices.SortStableFunc(p, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return p
}

// fault is a problem before it is known where the value stood.
type fault struct {
	message, allowed string
}

// shown makes a wrong value safe to repeat in a message: a key or password in
// the wrong place must not travel on into a terminal log or a bug report.
func (s Setting) shown(text string) string {
	if s.Kind == KindURL {
		text = withoutUser(text)
	}
	return quoted(text)
}

func quoted(s string) string {
	if strings.Contains(s, "://") {
		s = withoutUser(s)
	}
	return strconv.Quote(shorten(redact.Shapes(s)))
}

// withoutUser hides a user name and password in something that was meant to
// be an address.
func withoutUser(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return address
	}
	scheme, _, found := strings.Cut(address[:at], "://")
	if !found {
		return redact.Mark + address[at:]
	}
	return scheme + "://" + redact.Mark + address[at:]
}

func shorten(s string) string {
	if r := []rune(s); len(r) > shownRunes {
		return string(r[:shownRunes]) + "…"
	}
	return s
}

// namesSecret reports whether a key's name says that its value is secret. The
// settings that only say where a key is stored are not.
func namesSecret(key string) bool {
	last := key[strings.LastIndexByte(key, '.')+1:]
	if last == "api_key_file" || last == "api_key_command" {
		return false
	}
	last = strings.ToLower(last)
	for _, word := range []string{"api_key", "apikey", "api-key", "token", "secret", "passw", "bearer", "authorization"} {
		if strings.Contains(last, word) {
			return true
		}
	}
	return false
}

// nearest gives the candidate that word most likely stood for, or "".
func nearest(word string, candidates []string) string {
	best, least := "", 1+max(1, min(3, len(word)/3))
	for _, c := range candidates {
		if d := distance(strings.ToLower(word), strings.ToLower(c)); d < least {
			best, least = c, d
		}
	}
	return best
}

func didYouMean(word string, candidates []string) string {
	if n := nearest(word, candidates); n != "" {
		return ", did you mean " + n + "?"
	}
	return ""
}

// distance is the number of characters to insert, remove, replace or swap
// with their neighbour to turn a into b.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	older, old, row := make([]int, len(t)+1), make([]int, len(t)+1), make([]int, len(t)+1)
	for j := range old {
		old[j] = j
	}
	for i := range s {
		row[0] = i + 1
		for j := range t {
			cost := 1
			if s[i] == t[j] {
				cost = 0
			}
			row[j+1] = min(row[j]+1, old[j+1]+1, old[j]+cost)
			if i > 0 && j > 0 && s[i] == t[j-1] && s[i-1] == t[j] {
				row[j+1] = min(row[j+1], older[j-1]+1)
			}
		}
		older, old, row = old, row, older
	}
	return old[len(t)]
}
