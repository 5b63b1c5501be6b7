package search

import (
	"cmp"
	"context"
	"slices"

	"github.com/levcontacts/levcontacts/model"
)

// Facet is one value that contacts have in a field, as the first of them
// writes it, and how many have it.
type Facet struct {
	Value string
	Count int
}

// FacetsWithin counts the values of some of model.FacetFields in one walk, over the
// contacts at some slots, such as the hits of a search without its filter; nil means
// all. A contact counts for a field when the choices of all the other fields keep
// it, so that a number says what choosing the value as well would give. The
// most frequent values come first, equal ones in the order of a sort; chosen
// values are there even when nothing has them. Values that fold to the same
// text are one. The error is the context's; it is looked at every 256 rows.
func FacetsWithin(
	ctx context.Context, snap model.Snapshot, within []int32, f Filter, fields ...model.FieldID,
) (map[model.FieldID][]Facet, error) {
	want := slices.DeleteFunc(model.FacetFields(), func(field model.FieldID) bool { return !slices.Contains(fields, field) })
	t := newTester(f, setOf(want...))
	var counters [model.NumFacets]*counter
	for _, field := range want {
		counters[field] = newCounter()
	}
	_, err := eachSlot(ctx, snap, within, func(_ int32, p model.Packed) {
		t.load(p)
		for _, field := range want {
			if t.failed&^setOf(field) == 0 {
				counters[field].add(t.raw[field])
			}
		}
	})
	if err != nil {
		return nil, err
	}
	out := make(map[model.FieldID][]Facet)
	for _, field := range want {
		out[field] = counters[field].facets(f.chosen[field])
	}
	return out, nil
}

// counter counts values. A value is folded only the first time it is seen.
type counter struct {
	byRaw  map[string]int // index of the group
	byKey  map[string]int
	groups []Facet
	keys   []string
}

func newCounter() *counter {
	return &counter{byRaw: make(map[string]int), byKey: make(map[string]int)}
}

func (c *counter) add(raw string) {
	i, ok := c.byRaw[raw]
	if !ok {
		i = c.group(choiceOf(raw))
		c.byRaw[raw] = i
	}
	c.groups[i].Count++
}

func (c *counter) group(v choice) int {
	i, ok := c.byKey[v.key]
	if !ok {
		i = len(c.groups)
		c.byKey[v.key] = i
		c.groups = append(c.groups, Facet{Value: v.value})
		c.keys = append(c.keys, v.key)
	}
	return i
}

func (c *counter) facets(chosen []choice) []Facet {
	for _, v := range chosen {
		c.group(v)
	}
	order := make([]int, len(c.groups))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		return cmp.Or(cmp.Compare(c.groups[j].Count, c.groups[i].Count), cmp.Compare(c.keys[i], c.keys[j]))
	})
	out := make([]Facet, len(order))
	for i, at := range order {
		out[i] = c.groups[at]
	}
	return out
}
