package sandbox

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
)

const (
	typeLender  = "lender_contact"
	typeSponsor = "sponsor"
)

// text is a nullable string: the zero value is null, which is not the empty string.
type text struct {
	value string
	set   bool
}

func some(v string) text { return text{value: v, set: true} }

// phone is one number of a contact. Every part may be null on old records.
type phone struct {
	ID        *string `json:"id"`
	Type      *string `json:"type"`
	Raw       *string `json:"raw"`
	Country   *string `json:"country"`
	E164      *string `json:"e164"`
	Extension *string `json:"extension"`
}

// record is one contact. A record that the book holds is never changed; a change is a copy.
type record struct {
	id        int64
	text      [textCount]text
	types     []string
	phones    []phone
	primary   bool
	connected bool
	owner     int64 // 0 is null
	company   int64 // never shown; 0 is unknown
	// odd holds values the fields above cannot: fields no one documented, and values of a wrong
	// type. They win over the documented field of the same name and only Add and Update make them.
	odd map[string]json.RawMessage
}

func (r *record) copy() *record {
	c := *r
	c.types = slices.Clone(r.types)
	c.phones = slices.Clone(r.phones)
	c.odd = maps.Clone(r.odd)
	return &c
}

// style is how records are written: which fields, and whether the nulls fault is on.
type style struct {
	fields []field
	nulls  bool
}

// appendRecord writes r as a JSON object.
func (l style) appendRecord(b []byte, r *record) []byte {
	b = append(b, '{')
	for i, f := range l.fields {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '"')
		b = append(b, f.name...)
		b = append(b, '"', ':')
		b = l.appendValue(b, f, r)
	}
	for _, name := range slices.Sorted(maps.Keys(r.odd)) {
		if l.has(name) {
			continue
		}
		b = append(b, ',')
		b = appendJSON(b, name)
		b = append(b, ':')
		b = append(b, r.odd[name]...)
	}
	return append(b, '}')
}

func (l style) has(name string) bool {
	return slices.ContainsFunc(l.fields, func(f field) bool { return f.name == name })
}

func (l style) appendValue(b []byte, f field, r *record) []byte {
	if v, ok := r.odd[f.name]; ok {
		return append(b, v...)
	}
	switch f.kind {
	case kindID:
		return strconv.AppendInt(b, r.id, 10)
	case kindPrimary:
		return strconv.AppendBool(b, r.primary)
	case kindConnected:
		return strconv.AppendBool(b, r.connected)
	}
	if l.nulls {
		return append(b, "null"...)
	}
	switch f.kind {
	case kindTypes:
		return appendJSON(b, orEmpty(r.types))
	case kindPhones:
		return appendJSON(b, orEmpty(r.phones))
	case kindOwner:
		if r.owner == 0 {
			return append(b, "null"...)
		}
		return strconv.AppendInt(b, r.owner, 10)
	}
	t := r.text[f.text]
	if f.kind == kindAdded || !t.set {
		return append(b, "null"...)
	}
	return appendJSON(b, t.value)
}

// orEmpty makes a list that was never set an empty JSON array instead of null.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// appendJSON writes a value that json.Marshal cannot refuse.
func appendJSON(b []byte, v any) []byte {
	j, err := json.Marshal(v)
	if err != nil {
		panic("sandbox: " + err.Error())
	}
	return append(b, j...)
}
