package model

import (
	"encoding/json"
	"slices"
	"strings"
)

// The documented contact types.
const (
	TypeLender  = "lender_contact"
	TypeSponsor = "sponsor"
)

// TypeLabel is a contact type in words for a screen, "" for none. A type that
// the documents do not name is shown as it came.
func TypeLabel(v Value) string {
	switch v.String() {
	case TypeLender:
		return "lender"
	default:
		return v.String()
	}
}

// parseTypes reads the value of FieldTypes; ok is false for another shape.
func parseTypes(v Value) (types []string, ok bool) {
	if v.Kind() == Absent || v.Kind() == Null {
		return nil, true
	}
	if v.Kind() != Raw || json.Unmarshal([]byte(v.String()), &types) != nil {
		return nil, false
	}
	return types, true
}

// typesValue reads types with commas or blanks between.
func typesValue(typed string) Value {
	types := typedTypes(typed)
	raw, err := json.Marshal(types)
	if err != nil || types == nil {
		return rawValue("[]")
	}
	return rawValue(string(raw))
}

func typedTypes(typed string) (types []string) {
	for word := range strings.FieldsFuncSeq(typed, func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\n' }) {
		if strings.EqualFold(word, "lender") {
			word = TypeLender
		}
		if !slices.Contains(types, word) {
			types = append(types, word)
		}
	}
	return types
}

func sameTypes(a, b Value) bool {
	x, okX := parseTypes(a)
	y, okY := parseTypes(b)
	if !okX || !okY {
		return sameValue(a, b)
	}
	return slices.Equal(x, y)
}
