package contacts

import (
	"context"
	"maps"
	"slices"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
)

// shape is what is shown now, to be made on another goroutine.
func (m *Model) shape() shape {
	o := &m.order
	s := shape{snap: m.book.Snapshot(), filter: o.filter, query: o.query, sort: o.sort, match: o.matcher, ranked: m.Ranked()}
	if !wantsNotConnected(o.filter) {
		s.hidden = maps.Clone(m.hidden)
	}
	if m.serviceSorts() {
		s.base, s.sort = slices.Clone(m.pagers[pagerSorted].slots), model.Sort{}
	}
	return s
}

// shape is one making of an order, with everything it reads.
type shape struct {
	snap   model.Snapshot
	base   []int32
	filter search.Filter
	query  search.Query
	sort   model.Sort
	hidden map[int64]bool
	within []int32 // hits of an earlier search that are all there can be, nil for none
	match  *search.Matcher
	ranked bool // the best hit comes first
}

func (s shape) run(ctx context.Context) ([]int32, error) {
	if s.within != nil {
		return s.search(ctx, s.within)
	}
	slots := s.searched(ctx)
	if !s.query.Empty() {
		return s.search(ctx, slots)
	}
	if !s.sort.IsZero() {
		return search.Sort(ctx, s.snap, slots, s.sort)
	}
	if slots == nil {
		slots = make([]int32, s.snap.Len())
		for i := range slots {
			slots[i] = int32(i)
		}
	}
	return slots, nil
}

// searched is what is looked at before the search, nil for everything.
func (s shape) searched(ctx context.Context) []int32 {
	if s.filter.Empty() && len(s.hidden) == 0 {
		return s.base
	}
	return s.filtered(ctx)
}

// search gives the hits, the best first, or in the order that was chosen where
// none is better than another.
func (s shape) search(ctx context.Context, slots []int32) ([]int32, error) {
	r, err := s.match.Search(ctx, s.snap, s.query, slots)
	switch {
	case err != nil || s.ranked || s.sort.IsZero() && !s.query.Ranked():
		return r.Direct, err
	case s.sort.IsZero(): // in the order of the list
		return inOrderOf(s.base, r.Direct), nil
	}
	return search.Sort(ctx, s.snap, r.Direct, s.sort)
}

// inOrderOf puts slots into the order of a list that holds them all; nil is the
// order in which contacts are held.
func inOrderOf(list, slots []int32) []int32 {
	out := slices.Clone(slots)
	slices.Sort(out)
	if list == nil {
		return out
	}
	kept := make([]int32, 0, len(out))
	for _, slot := range list {
		if _, found := slices.BinarySearch(out, slot); found {
			kept = append(kept, slot)
		}
	}
	return kept
}

// filtered keeps the slots that the filter lets through. Contacts met only
// among the not connected are shown when the filter asks for them.
func (s shape) filtered(ctx context.Context) []int32 {
	out := []int32{}
	try := func(slot int32) {
		p := s.snap.At(int(slot))
		if !s.hidden[p.ID()] && s.filter.Match(p) {
			out = append(out, slot)
		}
	}
	if s.base != nil {
		for _, slot := range s.base {
			try(slot)
		}
		return out
	}
	for i := range s.snap.Len() {
		if i%4096 == 0 && ctx.Err() != nil {
			return out
		}
		try(int32(i))
	}
	return out
}
