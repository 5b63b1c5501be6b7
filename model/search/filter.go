package search

import (
	"context"
	"slices"
	"strings"

	"github.com/levcontacts/levcontacts/model"
)

// The values of a yes-or-no field in a filter.
const (
	Yes = "yes"
	No  = "no"
)

// Filter keeps the contacts whose fields hold one of the chosen values: of one
// field any of them, of several fields each. Values compare folded and without
// the space around them; "" stands for an empty field. Yes-or-no fields have
// the values Yes and No, and both together are no choice. The zero Filter keeps
// everything. A Filter is a value: Toggle and With return a changed one.
type Filter struct {
	chosen [model.NumFacets][]choice
}

// choice is one value and its folded form.
type choice struct{ value, key string }

func choiceOf(value string) choice {
	value = strings.TrimSpace(value)
	return choice{value, string(trimBytes([]byte(Fold(value))))}
}

// isBool says that the field has the values Yes and No.
func isBool(f model.FieldID) bool { return f.Format() == model.FormatBool }

// With is the filter with the choices for one field replaced; no values means
// any. A field that is not one of model.FacetFields is left alone.
func (f Filter) With(field model.FieldID, values ...string) Filter {
	if field.Def().Facet == 0 {
		return f
	}
	var list []choice
	for _, v := range values {
		c := choiceOf(v)
		if !slices.ContainsFunc(list, func(have choice) bool { return have.key == c.key }) {
			list = append(list, c)
		}
	}
	if isBool(field) && len(list) > 1 {
		list = nil
	}
	f.chosen[field] = list
	return f
}

// Toggle is the filter with one value chosen, or not chosen any more.
func (f Filter) Toggle(field model.FieldID, value string) Filter {
	key := choiceOf(value).key
	var values []string
	had := false
	for _, c := range f.chosen[field] {
		if c.key == key {
			had = true
		} else {
			values = append(values, c.value)
		}
	}
	switch {
	case had:
	case isBool(field):
		values = []string{value}
	default:
		values = append(values, value)
	}
	return f.With(field, values...)
}

// Values are the chosen values of a field, in the order in which they were
// chosen; none means any.
func (f Filter) Values(field model.FieldID) []string {
	out := make([]string, len(f.chosen[field]))
	for i, c := range f.chosen[field] {
		out[i] = c.value
	}
	return out
}

// Has says that a value of a field is chosen.
func (f Filter) Has(field model.FieldID, value string) bool {
	key := choiceOf(value).key
	return slices.ContainsFunc(f.chosen[field], func(c choice) bool { return c.key == key })
}

// Empty says that the filter keeps everything.
func (f Filter) Empty() bool {
	return !slices.ContainsFunc(f.chosen[:], func(c []choice) bool { return len(c) > 0 })
}

// Equal says that two filters make the same choices, in any order.
func (f Filter) Equal(g Filter) bool {
	for i := range f.chosen {
		if len(f.chosen[i]) != len(g.chosen[i]) {
			return false
		}
		for _, c := range f.chosen[i] {
			if !g.Has(model.FieldID(i), c.value) {
				return false
			}
		}
	}
	return true
}

// Match says that the filter keeps a contact.
func (f Filter) Match(p model.Packed) bool {
	t := newTester(f, 0)
	t.load(p)
	return t.failed == 0
}

// Select lists the slots of within (nil for all) that the filter keeps, in the
// order of the book. The error is the context's; it is looked at every 256
// rows.
func (f Filter) Select(ctx context.Context, snap model.Snapshot, within []int32) ([]int32, error) {
	out := []int32{}
	t := newTester(f, 0)
	_, err := eachSlot(ctx, snap, within, func(slot int32, p model.Packed) {
		if t.load(p); t.failed == 0 {
			out = append(out, slot)
		}
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// tester holds a contact against a filter.
type tester struct {
	filter Filter
	need   fieldSet // fields and facets
	read   fieldSet // the fields that they are made of
	last   model.FieldID
	asked  fieldSet // those with choices
	failed fieldSet // those of them whose choices do not hold the contact's value
	raw    [model.NumFacets]string
	folded []byte
	visit  func(model.FieldID, model.Value) bool
}

// newTester prepares a tester that also reads the fields of extra.
func newTester(f Filter, extra fieldSet) *tester {
	t := &tester{filter: f, need: extra}
	for _, field := range model.FacetFields() {
		if len(f.chosen[field]) > 0 {
			t.asked |= setOf(field)
			t.need |= setOf(field)
		}
		if !t.need.has(field) {
			continue
		}
		switch field {
		case model.FacetCompany, model.FacetEmail:
			field = model.FieldEmail
		case model.FacetPhone:
			continue
		}
		t.read |= setOf(field)
		t.last = max(t.last, field)
	}
	t.visit = t.take
	return t
}

// load reads a contact and finds which fields fail.
func (t *tester) load(p model.Packed) {
	t.failed = t.asked
	clear(t.raw[:])
	if t.read != 0 {
		p.Each(t.visit)
	}
	if t.need.has(model.FacetPhone) {
		t.set(model.FacetPhone, yesOrNo(hasPhone(p)))
	}
}

func (t *tester) take(f model.FieldID, v model.Value) bool {
	if t.read.has(f) {
		t.set(f, filterValue(f, v))
	}
	if f == model.FieldEmail {
		t.set(model.FacetEmail, yesOrNo(!v.Empty()))
		t.set(model.FacetCompany, companyOf(v.String()))
	}
	return f < t.last
}

// set notes the value of a field that is needed and tries it.
func (t *tester) set(f model.FieldID, value string) {
	if !t.need.has(f) {
		return
	}
	t.raw[f] = value
	if t.asked.has(f) && t.holds(t.filter.chosen[f], value) {
		t.failed &^= setOf(f)
	}
}

// companyOf is the domain of an e-mail address, "" for those that tell nothing
// about the company.
func companyOf(email string) string {
	at := strings.LastIndexByte(email, '@')
	if at < 0 {
		return ""
	}
	domain := strings.ToLower(strings.TrimSpace(email[at+1:]))
	if model.PublicDomain(domain) {
		return ""
	}
	return domain
}

// filterValue is a field's value as a filter sees it.
func filterValue(f model.FieldID, v model.Value) string {
	if !isBool(f) {
		return v.String()
	}
	return yesOrNo(v.True() || f == model.FieldConnected && v.Kind() == model.Absent)
}

func yesOrNo(yes bool) string {
	if yes {
		return Yes
	}
	return No
}

func (t *tester) holds(choices []choice, value string) bool {
	for i := range choices {
		if choices[i].value == value {
			return true
		}
	}
	t.folded = appendFold(t.folded[:0], value)
	key := trimBytes(t.folded)
	for i := range choices {
		if choices[i].key == string(key) {
			return true
		}
	}
	return false
}
