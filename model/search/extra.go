package search

import (
	"encoding/json"
	"strings"

	"github.com/levcontacts/levcontacts/model"
)

// fitsExtra looks into a field that the page of March 2026 does not name.
func (t *term) fitsExtra(p model.Packed) bool {
	if t.extra == phonesField && t.kind == kindEmpty {
		return !hasPhone(p)
	}
	raw, _ := p.Extra(t.extra)
	found, filled := false, false
	look := func(_, leaf string) {
		filled = filled || leaf != ""
		found = found || t.fitsLeaf(leaf)
	}
	eachMember(raw, look)
	if t.notes != nil {
		for _, text := range t.notes(p.ID()) {
			look("", text)
		}
	}
	if t.kind == kindEmpty {
		return !filled
	}
	return found
}

func (t *term) fitsLeaf(leaf string) bool {
	switch t.kind {
	case kindEmpty:
		return false
	case kindRegexp:
		return t.raw.MatchString(leaf) || t.plain.MatchString(Fold(leaf))
	case kindPrefix:
		return strings.HasPrefix(Fold(leaf), string(t.folded))
	default:
		return strings.Contains(Fold(leaf), string(t.folded)) || t.digits != "" && strings.Contains(digitsOf(leaf), t.digits)
	}
}

// eachMember calls fn for every string, number and boolean in some JSON, with
// the name of the member that it is, "" outside an object.
func eachMember(raw string, fn func(name, leaf string)) {
	d := json.NewDecoder(strings.NewReader(raw))
	d.UseNumber()
	var v any
	if d.Decode(&v) == nil {
		walkMembers("", v, fn)
	}
}

func walkMembers(name string, v any, fn func(name, leaf string)) {
	switch v := v.(type) {
	case string:
		fn(name, v)
	case json.Number:
		fn(name, v.String())
	case bool:
		if v {
			fn(name, "true")
		} else {
			fn(name, "false")
		}
	case []any:
		for _, e := range v {
			walkMembers(name, e, fn)
		}
	case map[string]any:
		for k, e := range v {
			walkMembers(k, e, fn)
		}
	}
}
