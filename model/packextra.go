package model

import (
	"encoding/binary"
	"strings"
)

// The fields that later versions of the service add take half of a contact's
// JSON, most of it the same in every contact. Packed holds them short: known
// names and values by a number, phones without their keys. What does not come
// out again exactly as it went in is kept as it is.

// laterFields are the names that have a number; the order must not change
// without a new PackedVersion.
var laterFields = [...]string{"address2", "contact_types", "phones", "photo_url"}

// commonJSON are the values that have a number, by the same rule.
var commonJSON = [...]string{"null", "[]", `["lender_contact"]`, `["sponsor"]`,
	`["lender_contact","sponsor"]`, `["sponsor","lender_contact"]`}

// How the value of an extra is written: the number of a common value, or one
// of these.
const (
	extraPhones byte = 0xfe
	extraRaw    byte = 0xff // uvarint length, JSON
)

func appendExtra(b []byte, e Extra) []byte {
	b = appendExtraName(b, e.Name)
	for i, common := range commonJSON {
		if e.JSON == common {
			return append(b, byte(i))
		}
	}
	if e.Name == "phones" && strings.HasPrefix(e.JSON, "[") {
		if packed, ok := packPhones(e.JSON); ok {
			return append(append(b, extraPhones), packed...)
		}
	}
	return appendString(append(b, extraRaw), e.JSON)
}

// appendExtraName writes the number of a known name plus one, or 0 and the name.
func appendExtraName(b []byte, name string) []byte {
	for i, known := range laterFields {
		if name == known {
			return append(b, byte(i+1))
		}
	}
	return appendString(append(b, 0), name)
}

func (r *packReader) extra() Extra {
	x := Extras{r: *r}
	x.Next()
	e := Extra{x.name, x.JSON()}
	*r = x.r
	return e
}

// Extras reads the fields of a packed contact that the documents do not name,
// one after another, without decoding those that are not asked for.
type Extras struct {
	r    packReader
	name string
	code byte
	open bool // the value has not been read yet
}

// Extras begins to read the fields that the documents do not name.
func (p Packed) Extras() Extras { return p.Scan(FieldKey, nil) }

// Extra is the JSON of one of them, found without decoding the others.
func (p Packed) Extra(name string) (string, bool) {
	for x := p.Extras(); x.Next(); {
		if x.Name() == name {
			json := x.JSON()
			return json, !x.r.bad
		}
	}
	return "", false
}

// Next goes to the next field and says whether there is one.
func (x *Extras) Next() bool {
	if x.open {
		x.skip()
	}
	if x.r.s == "" || x.r.bad {
		return false
	}
	switch n := x.r.tag(); {
	case n == 0:
		x.name = x.r.str()
	case int(n) <= len(laterFields):
		x.name = laterFields[n-1]
	default:
		x.r.bad = true
	}
	x.code, x.open = x.r.tag(), true
	return !x.r.bad
}

// Name is the field's JSON name.
func (x *Extras) Name() string { return x.name }

// JSON is the field's value.
func (x *Extras) JSON() string {
	x.open = false
	switch {
	case int(x.code) < len(commonJSON):
		return commonJSON[x.code]
	case x.code == extraPhones:
		return x.r.phones()
	case x.code == extraRaw:
		return x.r.str()
	default:
		x.r.bad = true
		return ""
	}
}

func (x *Extras) skip() {
	if x.code != extraPhones {
		x.JSON()
		return
	}
	x.open = false
	for n := x.r.uvarint() * uint64(len(phoneKeys)); n > 0 && !x.r.bad; n-- {
		part := x.r.uvarint()
		if known := uint64(len(commonParts)); part > known {
			x.r.drop(part - known - 1)
		}
	}
}

// eachNumber reads the phones, whose code is extraPhones, part by part.
func (x *Extras) eachNumber(fn func(raw, e164 string)) {
	for n := x.r.uvarint(); n > 0 && !x.r.bad; n-- {
		var raw, e164 string
		for _, key := range phoneKeys {
			switch part := x.r.phonePart(raw); key {
			case "raw":
				raw = part
			case "e164":
				e164 = part
			}
		}
		fn(raw, e164)
	}
}

// EachNumber calls fn with the raw and the international form of each phone
// number, as JSON; other is the JSON of phones that have another shape.
func (p Packed) EachNumber(fn func(raw, e164 string)) (other string) {
	for x := p.Extras(); x.Next(); {
		if x.name != "phones" {
			continue
		}
		if x.code == extraPhones {
			x.eachNumber(fn)
			return ""
		}
		return x.JSON()
	}
	return ""
}

// phoneKeys are the keys of a phone, in the order of the published API documentation.
var phoneKeys = [...]string{"id", "type", "raw", "country", "e164", "extension"}

const phoneRaw = 2 // the place of raw, the number as entered

// packPhones writes phones without their keys; ok is false when they have
// another shape. raw is valid JSON without blanks.
func packPhones(raw string) (packed []byte, ok bool) {
	var phones [][len(phoneKeys)]string
	for rest := raw[1:]; rest != "]"; {
		if len(phones) > 0 {
			if rest, ok = strings.CutPrefix(rest, ","); !ok {
				return nil, false
			}
		}
		var parts [len(phoneKeys)]string
		for i, key := range phoneKeys {
			open := `,"`
			if i == 0 {
				open = `{"`
			}
			if rest, ok = strings.CutPrefix(rest, open+key+`":`); !ok {
				return nil, false
			}
			n := scalarLength(rest)
			parts[i], rest = rest[:n], rest[n:]
		}
		if rest, ok = strings.CutPrefix(rest, "}"); !ok {
			return nil, false
		}
		phones = append(phones, parts)
	}
	packed = binary.AppendUvarint(nil, uint64(len(phones)))
	for _, parts := range phones {
		number := ""
		for i, part := range parts {
			packed = appendPhonePart(packed, part, number)
			if i == phoneRaw {
				number = part
			}
		}
	}
	return packed, true
}

// scalarLength is how long the string, number or literal is with which valid
// JSON begins; less for an object or an array.
func scalarLength(s string) int {
	if s == "" || s[0] != '"' {
		return strings.IndexAny(s+",", ",}]")
	}
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}

// commonParts are the parts of a phone that have a number.
var commonParts = [...]string{"null", `"office"`, `"mobile"`, `"fax"`, `"US"`}

// appendPhonePart writes the number of a common part; the next number when the
// part is what a US number is in E.164; or its length above those, and the part.
func appendPhonePart(b []byte, part, number string) []byte {
	for i, c := range commonParts {
		if part == c {
			return append(b, byte(i))
		}
	}
	if strings.HasPrefix(part, `"+1`) && part == usE164(number) {
		return append(b, byte(len(commonParts)))
	}
	b = binary.AppendUvarint(b, uint64(len(part)+len(commonParts)+1))
	return append(b, part...)
}

func (r *packReader) phonePart(number string) string {
	n := r.uvarint()
	switch {
	case n < uint64(len(commonParts)):
		return commonParts[n]
	case n == uint64(len(commonParts)):
		return usE164(number)
	}
	return r.drop(n - uint64(len(commonParts)+1))
}

// usE164 is a US number as a JSON string in E.164, "" for one without ten digits.
func usE164(number string) string {
	digits := make([]byte, 0, 10)
	for i := range len(number) {
		if c := number[i]; c >= '0' && c <= '9' {
			digits = append(digits, c)
		}
	}
	if len(digits) != 10 {
		return ""
	}
	return `"+1` + string(digits) + `"`
}

func (r *packReader) phones() string {
	var b strings.Builder
	b.WriteByte('[')
	for i := r.uvarint(); i > 0 && !r.bad; i-- {
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		number := ""
		for k, key := range phoneKeys {
			open := `,"`
			if k == 0 {
				open = `{"`
			}
			part := r.phonePart(number)
			if k == phoneRaw {
				number = part
			}
			b.WriteString(open + key + `":` + part)
		}
		b.WriteByte('}')
	}
	b.WriteByte(']')
	return b.String()
}
