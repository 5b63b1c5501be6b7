package cli

import (
	"encoding/base64"
	"fmt"
	"io"
	"mime/quotedprintable"
	"strings"

	"golang.org/x/text/encoding/charmap"

	"levcontacts/model"
)

// cardRows reads vCards of the versions 2.1, 3.0 and 4.0, one after the other.
func cardRows(text string, m mapping) ([]row, error) {
	var rows []row
	var one *row
	for _, l := range cardLines(text) {
		p, err := parseProperty(l.text)
		switch {
		case err != nil:
			return nil, fmt.Errorf("line %d: %w", l.line, err)
		case p.name == "BEGIN" && strings.EqualFold(p.value, "VCARD"):
			one = &row{given: newGiven(), number: len(rows) + 1, line: l.line}
		case one == nil:
			return nil, fmt.Errorf("line %d: text stands between two vCards", l.line)
		case p.name == "END":
			one.setAll(m.set)
			rows, one = append(rows, *one), nil
		default:
			if err := one.property(p); err != nil {
				one.wrong = append(one.wrong, strings.ToLower(p.name)+" "+err.Error())
			}
		}
	}
	if one != nil {
		return nil, fmt.Errorf("the vCard of line %d has no end", one.line)
	}
	return rows, nil
}

// cardLine is a property on one line, as it was before it was folded.
type cardLine struct {
	text string
	line int
}

func cardLines(text string) (out []cardLine) {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	soft := false // the line before goes on, in quoted-printable
	for i, l := range strings.Split(text, "\n") {
		switch last := len(out) - 1; {
		case soft:
			out[last].text += "\n" + l
		case last >= 0 && l != "" && (l[0] == ' ' || l[0] == '\t'):
			out[last].text += l[1:]
		case strings.TrimSpace(l) == "":
			continue
		default:
			out = append(out, cardLine{l, i + 1})
		}
		head, _, _ := strings.Cut(out[len(out)-1].text, ":")
		soft = strings.HasSuffix(l, "=") && strings.Contains(strings.ToUpper(head), "QUOTED-PRINTABLE")
	}
	return out
}

// property is a line of a vCard.
type property struct {
	name, value string
	params      string // upper case, with ; around each
}

// parseProperty reads a line such as item1.TEL;TYPE=CELL:+1 212.
func parseProperty(text string) (p property, err error) {
	quoted, at := false, -1
	for i, c := range text {
		if c == '"' {
			quoted = !quoted
		}
		if c == ':' && !quoted {
			at = i
			break
		}
	}
	if at < 0 {
		return p, fmt.Errorf("%q is no line of a vCard", text)
	}
	head, value := text[:at], text[at+1:]
	name, params, _ := strings.Cut(head, ";")
	if _, bare, grouped := strings.Cut(name, "."); grouped {
		name = bare
	}
	p.name, p.params = strings.ToUpper(name), ";"+strings.ToUpper(strings.ReplaceAll(params, `"`, ""))+";"
	if p.has("ENCODING=QUOTED-PRINTABLE") || p.has("QUOTED-PRINTABLE") {
		raw, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(value)))
		if err != nil {
			return p, fmt.Errorf("%s: %w", p.name, err)
		}
		value = string(raw)
	} else if p.has("ENCODING=B") || p.has("ENCODING=BASE64") || p.has("BASE64") {
		raw, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(value, " ", ""))
		if err == nil && p.name != "PHOTO" {
			value = string(raw)
		}
	}
	if _, charset, ok := strings.Cut(p.params, ";CHARSET="); ok {
		charset, _, _ = strings.Cut(charset, ";")
		if charset == "ISO-8859-1" || charset == "WINDOWS-1252" {
			if value, err = charmap.Windows1252.NewDecoder().String(value); err != nil {
				return p, fmt.Errorf("%s: %w", p.name, err)
			}
		}
	}
	if invalidByte([]byte(value)) >= 0 {
		return p, fmt.Errorf("%s is not UTF-8", p.name)
	}
	p.value = value
	return p, nil
}

func (p property) has(param string) bool { return strings.Contains(p.params, ";"+param+";") }

// parts cuts a value at its semicolons, but for those that are escaped.
func (p property) parts() (out []string) {
	var b strings.Builder
	escaped := false
	for _, r := range p.value {
		switch {
		case escaped && (r == 'n' || r == 'N'):
			b.WriteByte('\n')
			escaped = false
		case escaped:
			b.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case r == ';':
			out = append(out, b.String())
			b.Reset()
		default:
			b.WriteRune(r)
		}
	}
	return append(out, b.String())
}

func (p property) text() string { return strings.Join(p.parts(), ";") }

// property takes a line of a vCard into the row. The first value of each kind
// counts; telephone numbers count all.
func (r *row) property(p property) error {
	parts := p.parts()
	part := func(i int) string {
		if i < len(parts) {
			return parts[i]
		}
		return ""
	}
	set := func(f model.FieldID, text string) {
		if _, there := r.draft[f]; !there && strings.TrimSpace(text) != "" {
			r.set(f, text)
		}
	}
	switch p.name {
	case "N":
		if strings.TrimSpace(part(0)+part(1)) != "" { // the parts count more than the whole of FN
			delete(r.draft, model.FieldFirstName)
			delete(r.draft, model.FieldLastName)
		}
		set(model.FieldLastName, part(0))
		set(model.FieldFirstName, part(1))
	case "FN":
		if _, named := r.draft[model.FieldLastName]; !named {
			r.splitName(p.text())
		}
	case "EMAIL":
		set(model.FieldEmail, strings.TrimPrefix(p.text(), "mailto:"))
	case "TITLE", "ROLE":
		set(model.FieldTitle, p.text())
	case "ORG":
		set(model.FieldDepartment, part(1))
	case "ADR":
		if _, there := r.draft[model.FieldCity]; !there {
			set(model.FieldAddress, part(2))
			set(model.FieldCity, part(3))
			set(model.FieldState, part(4))
			set(model.FieldZip, part(5))
		}
	case "TEL":
		number := strings.TrimPrefix(p.text(), "tel:")
		if strings.TrimSpace(number) == "" || strings.Contains(p.params, "PAGER") {
			return nil
		}
		return r.addPhoneCell(phoneTypeIn(p.params), number)
	case "URL", "X-SOCIALPROFILE", "SOCIALPROFILE":
		if strings.Contains(strings.ToLower(p.value), "linkedin.com/") {
			set(model.FieldLinkedIn, p.text())
		}
	}
	return nil
}
