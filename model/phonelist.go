package model

import (
	"fmt"
	"slices"
	"strings"
)

// FormatPhoneLines is a list of phones as text, one phone a line, as Parse reads
// it.
func FormatPhoneLines(phones []Phone) string {
	lines := make([]string, len(phones))
	for i, p := range phones {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// ParsePhoneLines reads one phone a line.
func ParsePhoneLines(typed string) (phones []Phone) {
	for line := range strings.Lines(typed) {
		if strings.TrimSpace(line) != "" {
			phones = append(phones, ParsePhone(line))
		}
	}
	return phones
}

// A PhoneEdit changes a list of phones without saying all of it: "add office:
// 212 555 0193", "set office: 212 555 0193", "remove fax", "remove 212 555 0193".
// A phone without a number is all of its type.
type PhoneEdit struct {
	Verb  string
	Phone Phone
}

type phoneEditList []PhoneEdit

// The verbs of an edit of a list, as they are typed.
const (
	EditAdd    = "add"
	EditSet    = "set"
	EditRemove = "remove"
)

// AddPhone, SetPhone and RemovePhone are text for a draft of FieldPhones that
// changes a list and keeps the rest of it. Lines of them can be joined. Set puts
// a number in the place of all numbers of its type; remove takes a type or a
// number.
func AddPhone(p Phone) string { return EditAdd + " " + p.String() }

// SetPhone is described at AddPhone.
func SetPhone(p Phone) string { return EditSet + " " + p.String() }

// RemovePhone is described at AddPhone.
func RemovePhone(typeOrNumber string) string { return EditRemove + " " + typeOrNumber }

// ParsePhoneEdits reads text that holds edits and nothing else.
func ParsePhoneEdits(typed string) (edits []PhoneEdit, ok bool) {
	for line := range strings.Lines(typed) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		verb, rest, _ := strings.Cut(line, " ")
		if rest = strings.TrimSpace(rest); rest == "" || verb != EditAdd && verb != EditSet && verb != EditRemove {
			return nil, false
		}
		e := PhoneEdit{verb, ParsePhone(rest)}
		if verb == EditRemove && slices.Contains(PhoneTypes(), strings.ToLower(rest)) {
			e.Phone = Phone{Type: strings.ToLower(rest)}
		}
		edits = append(edits, e)
	}
	return edits, len(edits) > 0
}

func (list phoneEditList) apply(phones []Phone) []Phone {
	out := slices.Clone(phones)
	for _, e := range list {
		ofType := func(p Phone) bool { return p.key().kind == e.Phone.key().kind }
		switch {
		case e.Verb == EditRemove && e.Phone.Raw == "":
			out = slices.DeleteFunc(out, ofType)
		case e.Verb == EditRemove:
			out = slices.DeleteFunc(out, e.Phone.SameNumber)
		case e.Verb == EditSet && slices.ContainsFunc(out, ofType):
			at := slices.IndexFunc(out, ofType)
			out[at] = e.Phone
			rest := slices.DeleteFunc(slices.Clone(out[at+1:]), ofType)
			out = append(out[:at+1], rest...)
		case e.Verb == EditSet || !slices.ContainsFunc(out, func(p Phone) bool { return p.key() == e.Phone.key() }):
			out = append(out, e.Phone)
		}
	}
	return out
}

// PhoneChange is one row of a list before and after a change. A phone that was
// added has no Before, one that was removed no After.
type PhoneChange struct{ Before, After *Phone }

// Same says that nobody can see a difference.
func (c PhoneChange) Same() bool {
	return c.Before != nil && c.After != nil && c.Before.key() == c.After.key()
}

// DiffPhones pairs the phones of two lists: equal ones, then changed ones of the
// same type, then what was removed and added.
func DiffPhones(before, after []Phone) []PhoneChange {
	old := make([]int, len(after)) // the place in before plus one
	used := make([]bool, len(before))
	pair := func(fits func(p, q Phone) bool) {
		for i := range after {
			if old[i] != 0 {
				continue
			}
			for k := range before {
				if !used[k] && fits(before[k], after[i]) {
					old[i], used[k] = k+1, true
					break
				}
			}
		}
	}
	pair(func(p, q Phone) bool { return p.key() == q.key() })
	pair(Phone.SameNumber)
	pair(func(p, q Phone) bool { return p.key().kind == q.key().kind })
	var out []PhoneChange
	for k := range before {
		if !used[k] {
			out = append(out, PhoneChange{Before: &before[k]})
		}
	}
	for i := range after {
		c := PhoneChange{After: &after[i]}
		if old[i] > 0 {
			c.Before = &before[old[i]-1]
		}
		out = append(out, c)
	}
	return out
}

// Pair is a value before and after a change in words, "" for none.
type Pair struct{ Before, After string }

// Pairs are a change in words: one pair, and for a list one for each of its
// items.
func (c Change) Pairs() []Pair {
	f := c.Field.Def()
	if !f.List() {
		return []Pair{{f.Show(c.Before), f.Show(c.After)}}
	}
	before, ok := ParsePhones(c.Before)
	after, _ := ParsePhones(c.After)
	if !ok {
		return []Pair{{f.Show(c.Before), f.Show(c.After)}}
	}
	var out []Pair
	for _, change := range DiffPhones(before, after) {
		out = append(out, Pair{change.Before.words(), change.After.words()})
	}
	return out
}

func (p *Phone) words() string {
	if p == nil {
		return ""
	}
	return p.Label() + " " + p.Display()
}

// Note is what a person should know about a change beside its values, "" for
// nothing: a list is sent whole.
func (c Change) Note() string {
	if c.Field != FieldPhones {
		return ""
	}
	switch phones, _ := ParsePhones(c.Before); len(phones) {
	case 0:
		return ""
	case 1:
		return "replaces the only number"
	default:
		return fmt.Sprintf("replaces all %d numbers", len(phones))
	}
}

// Text is a value as it is typed into a form; Parse reads it.
func (f Field) Text(v Value) string {
	switch f.Format {
	case FormatPhones:
		if phones, ok := ParsePhones(v); ok {
			return FormatPhoneLines(phones)
		}
	case FormatTypes:
		if types, ok := parseTypes(v); ok {
			return strings.Join(types, ", ")
		}
	}
	return v.String()
}

// List says that the field holds several values, each of which is shown and
// edited on a line of its own.
func (f Field) List() bool { return f.Format == FormatPhones }

// Lines are a value in words for a screen, a line for each item of a list; none
// for an empty one.
func (f Field) Lines(v Value) (lines []string) {
	phones, ok := ParsePhones(v)
	if f.Format != FormatPhones || !ok {
		if line := f.Show(v); line != "" {
			lines = []string{line}
		}
		return lines
	}
	width := 0
	for _, p := range phones {
		width = max(width, len(p.Label()))
	}
	for _, p := range phones {
		lines = append(lines, fmt.Sprintf("%-*s  %s", width, p.Label(), p.Display()))
	}
	return lines
}

// Cell is a value in words for a column, where the beginning counts: numbers
// without their types.
func (f Field) Cell(v Value) string {
	phones, ok := ParsePhones(v)
	if !f.List() || !ok {
		return f.Show(v)
	}
	words := make([]string, len(phones))
	for i, p := range phones {
		words[i] = p.Display()
	}
	return strings.Join(words, ", ")
}

// Show is a value in words for a screen, on one line.
func (f Field) Show(v Value) string {
	switch f.Format {
	case FormatType:
		return TypeLabel(v)
	case FormatPhones:
		phones, ok := ParsePhones(v)
		if !ok {
			break
		}
		words := make([]string, len(phones))
		for i, p := range phones {
			words[i] = strings.TrimSpace(p.Type + " " + p.Display())
		}
		return strings.Join(words, ", ")
	case FormatTypes:
		types, ok := parseTypes(v)
		if !ok {
			break
		}
		for i, t := range types {
			types[i] = TypeLabel(TextValue(t))
		}
		return strings.Join(types, ", ")
	}
	return v.String()
}
