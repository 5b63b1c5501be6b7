package model

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"time"
)

// ErrPacked is returned for bytes that are not a packed contact.
var ErrPacked = errors.New("not a packed contact")

// Packed is a contact in the compact form in which a book of a million fits
// into memory: about two fifths of its JSON, no pointers, each field
// readable without decoding the others. The store keeps the same bytes.
type Packed string

// PackedVersion changes whenever the bytes of a Packed mean something else;
// a store with another version drops its rows and fetches them again. A further
// field in the table changes it too.
const PackedVersion = 200 + NumFields

// One byte says what follows for a field. Values that repeat in nearly every
// contact have a code of their own.
const (
	packAbsent byte = iota
	packNull
	packText   // uvarint length, bytes
	packNumber // uvarint length, literal
	packRaw    // uvarint length, JSON
	packFalse
	packTrue
	packTime // varint, seconds since 1970; only for text that is exactly that moment in RFC 3339 with Z
	packLender
	packSponsor
)

// Pack makes the compact form. Unpack gives back the same contact.
func (c Contact) Pack() Packed {
	b := make([]byte, 0, 256)
	b = binary.AppendVarint(b, c.ID())
	for f := FieldType; int(f) < NumFields; f++ {
		b = appendValue(b, f, c.values[f])
	}
	for _, e := range c.extras {
		b = appendExtra(b, e)
	}
	return Packed(b)
}

func appendString(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

func appendValue(b []byte, f FieldID, v Value) []byte {
	switch v.kind {
	case Absent:
		return append(b, packAbsent)
	case Null:
		return append(b, packNull)
	case Bool:
		if v.text == "true" {
			return append(b, packTrue)
		}
		return append(b, packFalse)
	case Number:
		return appendString(append(b, packNumber), v.text)
	case Raw:
		return appendString(append(b, packRaw), v.text)
	}
	return appendText(b, f, []byte(v.text))
}

// packReader walks the bytes; bad is set when they end too early.
type packReader struct {
	s   string
	bad bool
}

func (r *packReader) uvarint() uint64 {
	var x uint64
	for i := 0; i < len(r.s) && i < binary.MaxVarintLen64; i++ {
		c := r.s[i]
		x |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			r.s = r.s[i+1:]
			return x
		}
	}
	r.bad, r.s = true, ""
	return 0
}

func (r *packReader) varint() int64 {
	u := r.uvarint()
	x := int64(u >> 1)
	if u&1 != 0 {
		x = ^x
	}
	return x
}

func (r *packReader) str() string { return r.drop(r.uvarint()) }

// drop takes n bytes from the front.
func (r *packReader) drop(n uint64) string {
	if n > uint64(len(r.s)) {
		r.bad, r.s = true, ""
		return ""
	}
	out := r.s[:n]
	r.s = r.s[n:]
	return out
}

func (r *packReader) tag() byte {
	if r.s == "" {
		r.bad = true
		return packAbsent
	}
	t := r.s[0]
	r.s = r.s[1:]
	return t
}

func (r *packReader) skip() {
	switch r.tag() {
	case packText, packNumber, packRaw:
		r.str()
	case packTime:
		r.varint()
	}
}

func (r *packReader) value() Value {
	switch t := r.tag(); t {
	case packAbsent:
		return Value{}
	case packNull:
		return NullValue()
	case packText:
		return TextValue(r.str())
	case packNumber:
		return Value{kind: Number, text: r.str()}
	case packRaw:
		return Value{kind: Raw, text: r.str()}
	case packFalse, packTrue:
		return BoolValue(t == packTrue)
	case packTime:
		return TextValue(time.Unix(r.varint(), 0).UTC().Format(time.RFC3339))
	case packLender:
		return TextValue(TypeLender)
	case packSponsor:
		return TextValue(TypeSponsor)
	default:
		r.bad = true
		return Value{}
	}
}

// ID is the identifier of the packed contact, 0 when the bytes are damaged.
func (p Packed) ID() int64 {
	r := packReader{s: string(p)}
	return r.varint()
}

// Get reads one field without decoding the rest. Text shares memory with p.
func (p Packed) Get(f FieldID) Value {
	r := packReader{s: string(p)}
	id := r.varint()
	if f == FieldKey {
		return IntValue(id)
	}
	if !f.byPlace() {
		raw, _ := p.Extra(f.Name())
		return storedValue(raw)
	}
	for i := FieldType; i < f; i++ {
		r.skip()
	}
	return r.value()
}

// Each calls fn for every documented field but the id, in table order, in one
// walk over the bytes; fn returns false to stop.
func (p Packed) Each(fn func(FieldID, Value) bool) {
	r := packReader{s: string(p)}
	r.varint()
	for f := FieldType; int(f) < NumFields && !r.bad; f++ {
		if !fn(f, r.value()) {
			return
		}
	}
}

// Scan is Each as far as one field and no further, with what comes behind the
// documented fields as its result.
func (p Packed) Scan(last FieldID, fn func(FieldID, Value)) Extras {
	r := packReader{s: string(p)}
	r.varint()
	f := FieldType
	for ; f <= last && !r.bad; f++ {
		fn(f, r.value())
	}
	for ; int(f) < NumFields; f++ {
		r.skip()
	}
	return Extras{r: r}
}

// AppendTexts appends the texts of the documented fields, as far as last, with a zero
// behind each but a blank between the names, and then the bytes that hold those of the
// others, which begin at extras of the result. A type that the documents name is not
// there. A search can throw rows out by them before it decodes any.
func (p Packed) AppendTexts(dst []byte, last FieldID) (texts []byte, extras int) {
	s := string(p)
	i, named := varintEnd(s, 0), false
	for f := FieldType; int(f) < NumFields && i < len(s); f++ {
		switch tag := s[i]; {
		case tag >= packText && tag <= packRaw:
			i++
			n := 0
			if i < len(s) && s[i] < 0x80 {
				n, i = int(s[i]), i+1
			} else {
				r := packReader{s: s[i:]}
				n, i = int(min(r.uvarint(), uint64(len(s)))), len(s)-len(r.s)
			}
			end := min(i+n, len(s))
			if f <= last && n > 0 {
				if named && f == FieldLastName {
					dst[len(dst)-1] = ' '
				}
				named = f == FieldFirstName
				dst = append(append(dst, s[i:end]...), 0)
			}
			i = end
		case tag == packTime:
			i = varintEnd(s, i+1)
		default:
			i++
		}
	}
	return append(dst, s[min(i, len(s)):]...), len(dst)
}

// varintEnd is where a number that begins at i ends.
func varintEnd(s string, i int) int {
	for i < len(s) && s[i] >= 0x80 {
		i++
	}
	return min(i+1, len(s))
}

// Seconds is a time field as seconds since 1970 without making text of it;
// false when the field is empty or not RFC 3339.
func (p Packed) Seconds(f FieldID) (int64, bool) {
	r := packReader{s: string(p)}
	r.varint()
	for i := FieldType; i < f; i++ {
		r.skip()
	}
	if r.s != "" && r.s[0] == packTime {
		r.tag()
		return r.varint(), !r.bad
	}
	t, err := time.Parse(time.RFC3339, r.value().String())
	return t.Unix(), err == nil
}

// Name is what to call the contact, as Contact.Name does.
func (p Packed) Name() string {
	return displayName(p.ID(), p.Get(FieldFirstName), p.Get(FieldLastName), p.Get(FieldEmail))
}

// Connected is Contact.Connected for the packed form.
func (p Packed) Connected() bool {
	v := p.Get(FieldConnected)
	return v.True() || v.Kind() == Absent
}

// Whole reports whether the bytes are those of a contact to their end. It is
// Unpack without the contact, for bytes that this program has just made.
func (p Packed) Whole() bool {
	r := packReader{s: string(p)}
	r.varint()
	for f := FieldType; int(f) < NumFields; f++ {
		r.skip()
	}
	for r.s != "" && !r.bad {
		r.extra()
	}
	return !r.bad && p != ""
}

// Unpack gives the whole contact. The error is ErrPacked: a store that was
// damaged is found here, not on the screen.
func (p Packed) Unpack() (Contact, error) {
	r := packReader{s: string(p)}
	var c Contact
	c.values[FieldKey] = IntValue(r.varint())
	for f := FieldType; int(f) < NumFields; f++ {
		v := r.value()
		if (v.kind == Number || v.kind == Raw) && !json.Valid([]byte(v.text)) {
			return Contact{}, ErrPacked
		}
		c.values[f] = v
	}
	for r.s != "" && !r.bad {
		e := r.extra()
		if !r.bad && !json.Valid([]byte(e.JSON)) {
			return Contact{}, ErrPacked
		}
		c.extras = append(c.extras, e)
	}
	if r.bad || p == "" {
		return Contact{}, ErrPacked
	}
	return c, nil
}
