package search

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/levcontacts/levcontacts/model"
)

// String is the text form that ParseFilter reads, fields and their choices in
// the order of model.FacetFields: state=NY,CA city="New York" primary=yes. Values
// with blanks, commas or quotes, and the empty one, stand in double quotes as
// in Go.
func (f Filter) String() string {
	var parts []string
	for _, field := range model.FacetFields() {
		if len(f.chosen[field]) == 0 {
			continue
		}
		values := make([]string, len(f.chosen[field]))
		for i, c := range f.chosen[field] {
			values[i] = quoteValue(c.value)
		}
		parts = append(parts, field.Def().Word()+"="+strings.Join(values, ","))
	}
	return strings.Join(parts, " ")
}

// MarshalText is String, for configuration files.
func (f Filter) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText is ParseFilter, for configuration files.
func (f *Filter) UnmarshalText(b []byte) error {
	parsed, err := ParseFilter(string(b))
	if err == nil {
		*f = parsed
	}
	return err
}

func quoteValue(s string) string {
	if s == "" || strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r) || r == ',' || r == '"'
	}) {
		return strconv.Quote(s)
	}
	return s
}

// ParseFilter reads the text form. "lender" stands for lender_contact, fields
// may be called by any word that a query knows for them, and a field given
// twice adds to its choices. The error names the part that is wrong.
func ParseFilter(s string) (Filter, error) {
	var out Filter
	for {
		s = strings.TrimLeftFunc(s, unicode.IsSpace)
		if s == "" {
			return out, nil
		}
		word, rest, ok := strings.Cut(s, "=")
		if !ok || strings.ContainsFunc(word, unicode.IsSpace) {
			word, _, _ = strings.Cut(s, " ")
			return Filter{}, fmt.Errorf("filter: %q is not field=value", word)
		}
		field, known := fieldByWord(strings.ToLower(word))
		if !known || !slices.Contains(model.FacetFields(), field) {
			return Filter{}, fmt.Errorf("filter: no field %q; there are %s", word, strings.Join(filterNames(), ", "))
		}
		values, rest, err := parseValues(rest)
		if err != nil {
			return Filter{}, fmt.Errorf("filter: %s: %w", word, err)
		}
		for i, v := range values {
			if values[i], err = canonical(field, v); err != nil {
				return Filter{}, fmt.Errorf("filter: %s: %w", word, err)
			}
		}
		out = out.With(field, append(out.Values(field), values...)...)
		s = rest
	}
}

// unfinished marks an error that typing on can mend; it adds no words.
type unfinished struct{}

func (unfinished) Error() string        { return "" }
func (unfinished) Is(target error) bool { return target == errUnfinished }

func filterNames() []string {
	var out []string
	for _, f := range model.FacetFields() {
		out = append(out, f.Def().Word())
	}
	return out
}

// canonical is a value as Match compares it.
func canonical(f model.FieldID, v string) (string, error) {
	low := strings.ToLower(v)
	switch {
	case f == model.FieldType && low == "lender":
		return model.TypeLender, nil
	case !isBool(f):
		return v, nil
	case low == Yes || low == "true":
		return Yes, nil
	case low == No || low == "false":
		return No, nil
	default:
		return "", fmt.Errorf("%q is not yes or no", v)
	}
}

// parseValues reads a list with commas up to a blank.
func parseValues(s string) (values []string, rest string, err error) {
	for {
		var v string
		if strings.HasPrefix(s, `"`) {
			quoted, err := strconv.QuotedPrefix(s)
			if err != nil {
				return nil, "", fmt.Errorf("the quote in %s is not closed%w", s, unfinished{})
			}
			if v, err = strconv.Unquote(quoted); err != nil {
				return nil, "", fmt.Errorf("%s: %w", quoted, err)
			}
			s = s[len(quoted):]
		} else {
			end := strings.IndexFunc(s, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
			if end < 0 {
				end = len(s)
			}
			if v, s = s[:end], s[end:]; v == "" {
				return nil, "", fmt.Errorf(`a value is missing; an empty field is written ""%w`, unfinished{})
			}
		}
		values = append(values, v)
		after, more := strings.CutPrefix(s, ",")
		switch {
		case more:
			s = after
		case s == "" || strings.TrimLeftFunc(s, unicode.IsSpace) != s:
			return values, s, nil
		default:
			return nil, "", fmt.Errorf("after %q a comma or a blank is due", v)
		}
	}
}

// Describe is the filter in words for a header: "lender · NY or CA · primary",
// "" when it is empty.
func (f Filter) Describe() string {
	var parts []string
	for _, field := range model.FacetFields() {
		if len(f.chosen[field]) == 0 {
			continue
		}
		words := make([]string, len(f.chosen[field]))
		for i, c := range f.chosen[field] {
			words[i] = ValueLabel(field, c.value)
		}
		parts = append(parts, strings.Join(words, " or "))
	}
	return strings.Join(parts, " · ")
}

// ValueLabel is a value of a filter in words. Text from the server is not made
// safe for a terminal.
func ValueLabel(field model.FieldID, value string) string {
	def := field.Def()
	switch {
	case isBool(field) && value == Yes:
		if int(field) >= model.NumFields {
			return "with " + strings.ToLower(def.Label)
		}
		return strings.ToLower(def.Label)
	case field == model.FacetEmail || field == model.FacetPhone:
		return "no " + strings.ToLower(def.Label)
	case isBool(field):
		return "not " + strings.ToLower(def.Label)
	case value == "":
		return "no " + strings.ToLower(def.Label)
	case field == model.FieldType:
		return model.TypeLabel(model.TextValue(value))
	default:
		return value
	}
}
