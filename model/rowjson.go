package model

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// The caps of one contact. No list that people keep comes near them; a service
// gone wrong must not make every search and every frame slow.
const (
	MaxContactJSON = 256 << 10
	MaxMembers     = 1000
)

// Errors of a contact that exceeds a cap.
var (
	ErrContactSize    = fmt.Errorf("contact of more than %d KiB", MaxContactJSON>>10)
	ErrContactMembers = fmt.Errorf("contact with more than %d members", MaxMembers)
)

var errNotObject = errors.New("not a JSON object")

// NewJSONDecoder reads JSON as services send it: duplicate names (the last one
// counts) and invalid UTF-8 (replaced) are allowed.
func NewJSONDecoder(b []byte) *jsontext.Decoder {
	return jsontext.NewDecoder(bytes.NewBuffer(b), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// A RowReader packs contacts straight from JSON. Its buffers serve all rows of a page.
type RowReader struct {
	fields map[string]FieldID // by JSON name
	values [NumFields][]byte  // the JSON of each field, parts of the input
	extras []extraJSON
	out    []byte
	text   []byte
}

type extraJSON struct{ name, value []byte }

// ParsePacked packs one contact, a whole JSON object.
func ParsePacked(b []byte) (Packed, error) {
	var r RowReader
	d := NewJSONDecoder(b)
	p, err := r.Read(d, b)
	if err != nil {
		return "", err
	}
	if _, err := d.ReadToken(); err != io.EOF {
		return "", cmp.Or(err, errors.New("text after the contact"))
	}
	return p, nil
}

// Read packs the contact that is the next value of d; input is all that d
// reads. Unknown members and known ones of an unexpected type are kept. The
// error is ErrNoID, ErrContactSize, ErrContactMembers, or says why it is no
// contact; d then stands somewhere inside the value.
func (r *RowReader) Read(d *jsontext.Decoder, input []byte) (Packed, error) {
	if r.fields == nil {
		r.fields = make(map[string]FieldID, NumFields)
		for _, f := range FieldTable() {
			r.fields[f.Name] = f.ID
		}
	}
	clear(r.values[:])
	r.extras = r.extras[:0]
	switch d.PeekKind() {
	case '{':
	case 'n':
		return "", cmp.Or(d.SkipValue(), ErrNoID)
	default:
		return "", cmp.Or(d.SkipValue(), errNotObject)
	}
	if _, err := d.ReadToken(); err != nil {
		return "", err
	}
	start := d.InputOffset()
	for n := 0; d.PeekKind() != '}'; n++ {
		name, err := r.member(d, input)
		if err != nil {
			return "", err
		}
		switch value, err := member(d, input); {
		case err != nil:
			return "", err
		case n == MaxMembers:
			return "", ErrContactMembers
		case d.InputOffset()-start > MaxContactJSON:
			return "", ErrContactSize
		default:
			r.keep(name, value)
		}
	}
	if _, err := d.ReadToken(); err != nil {
		return "", err
	}
	return r.pack()
}

// member is the next value of d as the part of the input that it is.
func member(d *jsontext.Decoder, input []byte) ([]byte, error) {
	v, err := d.ReadValue()
	if err != nil {
		return nil, err
	}
	end := d.InputOffset()
	return input[end-int64(len(v)) : end], nil
}

// member is the next name of d.
func (r *RowReader) member(d *jsontext.Decoder, input []byte) ([]byte, error) {
	quoted, err := member(d, input)
	if err != nil {
		return nil, err
	}
	name := quoted[1 : len(quoted)-1]
	for _, c := range name {
		if c == '\\' || c >= 0x80 {
			return unquote(nil, quoted), nil
		}
	}
	return name, nil
}

// unquote appends the text of a JSON string, invalid UTF-8 replaced.
func unquote(b, quoted []byte) []byte {
	b, _ = jsontext.AppendUnquote(b, quoted) // the only error left is the replacement
	return b
}

func (r *RowReader) keep(name, value []byte) {
	if f, ok := r.fields[string(name)]; ok {
		r.values[f] = value
		return
	}
	r.extras = append(r.extras, extraJSON{name, value})
}

func (r *RowReader) pack() (Packed, error) {
	key, err := ParseValue(r.values[FieldKey])
	if err != nil {
		return "", err
	}
	id, ok := key.Int()
	if !ok {
		return "", ErrNoID
	}
	b := binary.AppendVarint(r.out[:0], id)
	for f := FieldType; int(f) < NumFields; f++ {
		b = r.appendJSON(b, f, r.values[f])
	}
	slices.SortStableFunc(r.extras, func(x, y extraJSON) int { return bytes.Compare(x.name, y.name) })
	for i, e := range r.extras {
		if i+1 < len(r.extras) && bytes.Equal(e.name, r.extras[i+1].name) {
			continue // given again
		}
		if r.text, err = compact(r.text[:0], e.value); err != nil {
			return "", err
		}
		b = appendExtra(b, Extra{string(e.name), string(r.text)})
	}
	r.out = b
	return Packed(b), nil
}

// compact appends valid JSON without the blanks between its parts.
func compact(b, value []byte) ([]byte, error) {
	if !bytes.ContainsAny(value, " \t\r\n") {
		return append(b, value...), nil
	}
	w := bytes.NewBuffer(b)
	err := json.Compact(w, value)
	return w.Bytes(), err
}

// appendJSON writes the value of a field, given as valid JSON, as appendValue would.
func (r *RowReader) appendJSON(b []byte, f FieldID, value []byte) []byte {
	if len(value) == 0 {
		return append(b, packAbsent)
	}
	switch value[0] {
	case 'n':
		return append(b, packNull)
	case 't':
		return append(b, packTrue)
	case 'f':
		return append(b, packFalse)
	case '{', '[':
		return appendBytes(append(b, packRaw), value)
	case '"':
		r.text = unquote(r.text[:0], value)
		return appendText(b, f, r.text)
	}
	if string(value) == "-0" {
		value = value[1:]
	}
	return appendBytes(append(b, packNumber), value)
}

func appendBytes(b, s []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// appendText writes text, in the short form that the field has for it.
func appendText(b []byte, f FieldID, s []byte) []byte {
	switch {
	case f == FieldType && string(s) == TypeLender:
		return append(b, packLender)
	case f == FieldType && string(s) == TypeSponsor:
		return append(b, packSponsor)
	case (f == FieldCreated || f == FieldUpdated) && len(s) == len("2006-01-02T15:04:05Z") && s[len(s)-1] == 'Z':
		var again [20]byte
		t, err := time.Parse(time.RFC3339, string(s))
		if err == nil && bytes.Equal(t.UTC().AppendFormat(again[:0], time.RFC3339), s) {
			return binary.AppendVarint(append(b, packTime), t.Unix())
		}
	}
	return appendBytes(append(b, packText), s)
}
