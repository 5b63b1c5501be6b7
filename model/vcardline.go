package model

import (
	"io"
	"mime/quotedprintable"
	"slices"
	"strings"
	"unicode/utf8"
)

// property is one line of a vCard.
type property struct {
	name   string   // in capitals, without its group
	params []string // types and other parameters, in small letters
	value  string   // as it stands in the file
}

// cardLine is a property in one piece, and the line of the file where it begins.
type cardLine struct {
	text string
	line int
}

// unfolded are the lines of a file of vCards, each in one piece.
func unfolded(text string) (lines []cardLine) {
	text = strings.TrimPrefix(text, "\ufeff")
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	for i, line := range strings.Split(text, "\n") {
		last := len(lines) - 1
		switch {
		case last >= 0 && line != "" && (line[0] == ' ' || line[0] == '\t'):
			lines[last].text += line[1:]
		case last >= 0 && softBreak(lines[last].text):
			lines[last].text = strings.TrimSuffix(lines[last].text, "=") + line
		case strings.TrimSpace(line) != "":
			lines = append(lines, cardLine{line, i + 1})
		}
	}
	return lines
}

// softBreak says that a line of version 2.1 goes on in the next one.
func softBreak(line string) bool {
	head, _, ok := strings.Cut(line, ":")
	return ok && strings.HasSuffix(line, "=") && strings.Contains(strings.ToLower(head), "quoted-printable")
}

func parseProperty(line string) (p property, ok bool) {
	head, value, ok := cutUnquoted(line)
	if !ok {
		return p, false
	}
	words := strings.Split(head, ";")
	name := words[0]
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		name = name[i+1:] // the group of Apple's
	}
	p = property{name: strings.ToUpper(strings.TrimSpace(name)), value: value}
	for _, word := range words[1:] {
		key, values, named := strings.Cut(strings.ToLower(word), "=")
		if !named {
			values = key // a type of version 2.1
		}
		for v := range strings.SplitSeq(values, ",") {
			v = strings.Trim(v, `" `)
			if p.params = append(p.params, v); key == "pref" {
				p.params = append(p.params, "pref")
			}
		}
	}
	if p.has("quoted-printable") {
		if b, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(value))); err == nil {
			p.value = latin(string(b))
		}
	}
	return p, true
}

// cutUnquoted cuts at the first colon that is in no quotes.
func cutUnquoted(line string) (head, value string, ok bool) {
	quoted := false
	for i := range len(line) {
		switch {
		case line[i] == '"':
			quoted = !quoted
		case line[i] == ':' && !quoted:
			return line[:i], line[i+1:], true
		}
	}
	return "", "", false
}

// latin reads bytes that are no UTF-8 as ISO 8859-1.
func latin(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		b.WriteRune(rune(s[i]))
	}
	return b.String()
}

// has says that a parameter is given, such as the type "work".
func (p property) has(word string) bool { return slices.Contains(p.params, word) }

// text is the value as one text.
func (p property) text() string { return unescaped(p.value) }

// part is one of the parts between semicolons, "" for one that is not there.
func (p property) part(i int) string {
	parts := splitUnescaped(p.value, ';')
	if i >= len(parts) {
		return ""
	}
	return unescaped(parts[i])
}

// list is the texts between commas.
func (p property) list() []string {
	parts := splitUnescaped(p.value, ',')
	for i, s := range parts {
		parts[i] = unescaped(s)
	}
	return parts
}

func splitUnescaped(s string, sep byte) (parts []string) {
	start := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case sep:
			parts = append(parts, s[start:i])
			start = i + 1
		}
	}
	return append(parts, s[start:])
}

func unescaped(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch s[i] {
		case 'n', 'N':
			b.WriteByte('\n')
		case '\\', ',', ';', ':':
			b.WriteByte(s[i])
		default:
			b.WriteString(s[i-1 : i+1])
		}
	}
	return b.String()
}
