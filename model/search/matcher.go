package search

import (
	"cmp"
	"context"
	"slices"

	"github.com/levcontacts/levcontacts/model"
)

// fullRank is how many hits are put in order by name where they fit equally well;
// nobody reads further down than this.
const fullRank = 2048

// Matcher runs searches. It is safe for any number of them at a time.
type Matcher struct{}

// New makes a Matcher.
func New() *Matcher { return &Matcher{} }

// Result is the answer to a search.
type Result struct {
	Direct   []int32 // slots of the snapshot that match, the best hit first
	Similar  []int32 // slots that match but for a mistake in a word, the likest first; only from Find
	Searched int     // how many rows were looked at
}

// Find is Search with the similar contacts: when they are asked for, and when
// fewer than FewDirect match.
func (m *Matcher) Find(ctx context.Context, snap model.Snapshot, q Query, within []int32, similar bool) (Result, error) {
	out, err := m.Search(ctx, snap, q, within)
	if err == nil && (similar || len(out.Direct) < FewDirect) {
		out.Similar, err = m.Similar(ctx, snap, q, within)
	}
	return out, err
}

// Search finds the contacts that match, in all rows or only in those at the
// slots of within (in any order; nil means all). Narrowing the hits of an
// earlier query is right when Extends says so and the snapshot is the same.
//
// Hits are put in order by the table of weights; of those that fit equally well
// the first 2,048 by last name, first name and id, those after them as in the
// book. When the query does not rank (Query.Ranked) all hits keep the order of
// the book.
//
// The error is the context's; it is looked at every 256 rows.
func (m *Matcher) Search(ctx context.Context, snap model.Snapshot, q Query, within []int32) (Result, error) {
	found := make(fits, snap.Len())
	searched, err := shareSlots(ctx, snap, within, func() slotFunc {
		r := newRow(q.need)
		return func(slot int32, p model.Packed) {
			if fit, ok := q.matches(r, p); ok {
				found[slot] = uint16(fit + 1)
			}
		}
	})
	if err != nil {
		return Result{}, err
	}
	slots, fits := found.best()
	if q.ranked {
		if err := rank(ctx, snap, slots[:min(len(slots), fullRank)], fits); err != nil {
			return Result{}, err
		}
	}
	return Result{Direct: slots, Searched: searched}, nil
}

// fits says how well each slot of a snapshot fits, plus one; 0 for not at all. Two
// bytes a row are less than a list of the hits that grows: a short query finds nearly
// everything.
type fits []uint16

// best gives the slots that fit, the best first and equal ones in the order of the
// book, and how well the first fullRank of them fit.
func (f fits) best() (slots, firsts []int32) {
	var next [maxFit + 1]int // how many have the measure, then where the next of them goes
	for _, fit := range f {
		next[fit]++
	}
	n := 0
	for fit := maxFit; fit > 0; fit-- {
		next[fit], n = n, n+next[fit]
	}
	slots, firsts = make([]int32, n), make([]int32, min(n, fullRank))
	for slot, fit := range f {
		if fit == 0 {
			continue
		}
		at := next[fit]
		next[fit]++
		slots[at] = int32(slot)
		if at < len(firsts) {
			firsts[at] = int32(fit)
		}
	}
	return slots, firsts
}

// scored is a hit with everything that decides its place.
type scored struct {
	slot, fit int32
	id        int64
	name      string
}

// rank puts hits that fit equally well in order by name.
func rank(ctx context.Context, snap model.Snapshot, slots, fits []int32) error {
	list := make([]scored, len(slots))
	var keys keyer
	for i, slot := range slots {
		if i%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		p := snap.At(int(slot))
		list[i] = scored{slot, fits[i], p.ID(), keys.nameKey(p)}
	}
	slices.SortFunc(list, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.fit, a.fit), cmp.Compare(a.name, b.name), cmp.Compare(a.id, b.id))
	})
	for i, s := range list {
		slots[i] = s.slot
	}
	return nil
}
