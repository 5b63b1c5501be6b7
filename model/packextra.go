package model

import (
	"encoding/binary"
	"encoding/json"
	"strings"
)

// The fields that later versions of the service add take half of a contact's
// JSON, most of it the same in every contact. Packed holds them short: known
// names and values by a number, phones without their keys. What does not come
// out again exactly as it went in is kept as it is.

// laterFields are the names that have a number; the order must not change
// without a new PackedVersion.
func laterFields() [4]string { return [4]string{"address2", "contact_types", "phones", "photo_url"} }

// commonJSON are the values that have a number, by the same rule.
func commonJSON() [6]string {
	return [6]string{"null", "[]", `["lender_contact"]`, `["sponsor"]`, `["lender_contact","sponsor"]`, `["sponsor","lender_contact"]`}
}

// How the value of an extra is written: the number of a common value, or one
// of these.
const (
	extraPhones byte = 0xfe
	extraRaw    byte = 0xff // uvarint length, JSON
)

func appendExtra(b []byte, e Extra) []byte {
	b = appendExtraName(b, e.Name)
	for i, common := range commonJSON() {
		if e.JSON == common {
			return append(b, byte(i))
		}
	}
	if e.Name == "phones" {
		if packed, ok := packPhones(e.JSON); ok {
			return append(append(b, extraPhones), packed...)
		}
	}
	return appendString(append(b, extraRaw), e.JSON)
}

// appendExtraName writes the number of a known name plus one, or 0 and the name.
func appendExtraName(b []byte, name string) []byte {
	for i, known := range laterFields() {
		if name == known {
			return append(b, byte(i+1))
		}
	}
	return appendString(append(b, 0), name)
}

func (r *packReader) extra() Extra {
	var e Extra
	names, common := laterFields(), commonJSON()
	switch n := r.tag(); {
	case n == 0:
		e.Name = r.str()
	case int(n) <= len(names):
		e.Name = names[n-1]
	default:
		r.bad = true
	}
	switch v := r.tag(); {
	case int(v) < len(common):
		e.JSON = common[v]
	case v == extraPhones:
		e.JSON = r.phones()
	case v == extraRaw:
		e.JSON = r.str()
	default:
		r.bad = true
	}
	return e
}

// phone is one telephone number of the published API documentation. Each part
// is the JSON as it came.
type phone struct {
	ID, Type, Raw, Country, E164, Extension json.RawMessage
}

func (p phone) parts() [6]json.RawMessage {
	return [6]json.RawMessage{p.ID, p.Type, p.Raw, p.Country, p.E164, p.Extension}
}

// phoneKeys are the keys in the order of the documentation.
func phoneKeys() [6]string {
	return [6]string{"id", "type", "raw", "country", "e164", "extension"}
}

// packPhones writes phones without their keys; ok is false when they have
// another shape.
func packPhones(raw string) (packed []byte, ok bool) {
	var phones []phone
	if json.Unmarshal([]byte(raw), &phones) != nil {
		return nil, false
	}
	packed = binary.AppendUvarint(nil, uint64(len(phones)))
	for _, p := range phones {
		for _, part := range p.parts() {
			packed = appendPhonePart(packed, string(part), string(p.Raw))
		}
	}
	r := packReader{s: string(packed)}
	if r.phones() != raw {
		return nil, false
	}
	return packed, true
}

// commonParts are the parts of a phone that have a number.
func commonParts() [5]string { return [5]string{"null", `"office"`, `"mobile"`, `"fax"`, `"US"`} }

// appendPhonePart writes the number of a common part; the next number when the
// part is what a US number is in E.164; or its length above those, and the part.
func appendPhonePart(b []byte, part, number string) []byte {
	common := commonParts()
	for i, c := range common {
		if part == c {
			return append(b, byte(i))
		}
	}
	if part == usE164(number) {
		return append(b, byte(len(common)))
	}
	b = binary.AppendUvarint(b, uint64(len(part)+len(common)+1))
	return append(b, part...)
}

func (r *packReader) phonePart(number string) string {
	common := commonParts()
	n := r.uvarint()
	switch {
	case n < uint64(len(common)):
		return common[n]
	case n == uint64(len(common)):
		return usE164(number)
	}
	n -= uint64(len(common) + 1)
	if n > uint64(len(r.s)) {
		r.bad, r.s = true, ""
		return ""
	}
	part := r.s[:n]
	r.s = r.s[n:]
	return part
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
	keys := phoneKeys()
	var b strings.Builder
	b.WriteByte('[')
	for i := r.uvarint(); i > 0 && !r.bad; i-- {
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		number := ""
		for k, key := range keys {
			open := `,"`
			if k == 0 {
				open = `{"`
			}
			part := r.phonePart(number)
			if key == "raw" {
				number = part
			}
			b.WriteString(open + key + `":` + part)
		}
		b.WriteByte('}')
	}
	b.WriteByte(']')
	return b.String()
}
