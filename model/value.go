package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
)

// Kind says what a Value holds. The contacts page of March 2026 writes
// "string|null", "boolean" and "integer|null"; Raw is what no document names.
type Kind uint8

// The kinds of value. Absent (the server did not send the field) and Null (it
// sent null) are kept apart from each other and from the empty string.
const (
	Absent Kind = iota
	Null
	Text
	Bool
	Number
	Raw
)

// Value is one field of a contact exactly as the server gave it. The zero
// Value is Absent. Values compare with ==.
type Value struct {
	kind Kind
	text string
}

// NullValue is the JSON null.
func NullValue() Value { return Value{kind: Null} }

// TextValue is a JSON string, which may be empty.
func TextValue(s string) Value { return Value{kind: Text, text: s} }

// BoolValue is a JSON boolean.
func BoolValue(b bool) Value { return Value{kind: Bool, text: strconv.FormatBool(b)} }

// IntValue is a JSON number without a fraction.
func IntValue(n int64) Value { return Value{kind: Number, text: strconv.FormatInt(n, 10)} }

// rawValue is JSON that is no scalar.
func rawValue(json string) Value { return Value{kind: Raw, text: json} }

// ParseValue reads one JSON value. Objects and arrays are kept as Raw.
func ParseValue(raw []byte) (Value, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return Value{}, nil
	}
	if !json.Valid(raw) {
		return Value{}, errors.New("not JSON")
	}
	switch raw[0] {
	case 'n':
		return NullValue(), nil
	case 't', 'f':
		return Value{kind: Bool, text: string(raw)}, nil
	case '"':
		var s string
		if err := json.Unmarshal(raw, &s); err != nil {
			return Value{}, err
		}
		return TextValue(s), nil
	case '{', '[':
		return Value{kind: Raw, text: string(raw)}, nil
	default:
		if string(raw) == "-0" {
			return IntValue(0), nil
		}
		return Value{kind: Number, text: string(raw)}, nil
	}
}

// Kind says which of the kinds the value is.
func (v Value) Kind() Kind { return v.kind }

// String is the value as plain text: "" for absent and null, the literal for
// booleans, numbers and raw JSON. It is not made safe for a terminal.
func (v Value) String() string { return v.text }

// Empty says that there is nothing to show: absent, null or "".
func (v Value) Empty() bool { return v.text == "" }

// True says that the value is the JSON true.
func (v Value) True() bool { return v.kind == Bool && v.text == "true" }

// Int is the value as an integer, and whether it is one.
func (v Value) Int() (int64, bool) {
	if v.kind != Number {
		return 0, false
	}
	n, err := strconv.ParseInt(v.text, 10, 64)
	return n, err == nil
}

// MarshalJSON writes the value as it came. An absent value is null: a caller
// that can leave the field out does so.
func (v Value) MarshalJSON() ([]byte, error) {
	switch v.kind {
	case Absent, Null:
		return []byte("null"), nil
	case Text:
		return marshalText(v.text)
	default:
		return []byte(v.text), nil
	}
}

// marshalText writes a JSON string without the HTML escapes that
// encoding/json adds, so that what is shown before a save is what is sent.
func marshalText(s string) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}
