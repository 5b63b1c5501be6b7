package search

import (
	"cmp"
	"context"
	"math/bits"
	"slices"

	"levcontacts/model"
)

const (
	// checkEvery is how many rows are looked at between two looks at the context:
	// well under a millisecond.
	checkEvery = 2048
	// fullRank is how many hits are put in order by name where they fit equally
	// well; nobody reads further down than this.
	fullRank = 2048
)

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

// hit is a row that matches and how well.
type hit struct {
	slot int32
	fit  int32
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
// The error is the context's; it is looked at every 2,048 rows.
func (m *Matcher) Search(ctx context.Context, snap model.Snapshot, q Query, within []int32) (Result, error) {
	var hits hitList
	r := newRow(q.need)
	searched, err := eachSlot(ctx, snap, within, func(slot int32, p model.Packed) {
		if fit, ok := q.matches(r, p); ok {
			hits.add(hit{slot, int32(fit)})
		}
	})
	if err != nil {
		return Result{}, err
	}
	slots, fits := hits.byFit()
	if q.ranked {
		if err := rank(ctx, snap, slots[:min(len(slots), fullRank)], fits); err != nil {
			return Result{}, err
		}
	}
	return Result{Direct: slots, Searched: searched}, nil
}

// eachSlot calls fn for the rows at the slots of within, or for all, in the
// order of the book and each once. It says how many there were.
func eachSlot(ctx context.Context, snap model.Snapshot, within []int32, fn func(int32, model.Packed)) (int, error) {
	n := 0
	visit := func(slot int) error {
		if n%checkEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		n++
		fn(int32(slot), snap.At(slot))
		return nil
	}
	if within == nil {
		for slot := range snap.Len() {
			if err := visit(slot); err != nil {
				return n, err
			}
		}
		return n, nil
	}
	marks := make([]uint64, snap.Len()/64+1)
	for _, slot := range within {
		if 0 <= slot && int(slot) < snap.Len() {
			marks[slot/64] |= 1 << (slot % 64)
		}
	}
	for i, word := range marks {
		for ; word != 0; word &= word - 1 {
			if err := visit(i*64 + bits.TrailingZeros64(word)); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

// hitList holds hits in blocks: a short query finds nearly everything, and a
// slice of a million that grows leaves several times its size behind.
type hitList struct {
	blocks [][]hit
	n      int
}

func (l *hitList) add(h hit) {
	last := len(l.blocks) - 1
	if last < 0 || len(l.blocks[last]) == cap(l.blocks[last]) {
		l.blocks = append(l.blocks, make([]hit, 0, 64<<min(len(l.blocks), 8)))
		last++
	}
	l.blocks[last] = append(l.blocks[last], h)
	l.n++
}

// byFit orders the hits, best first, equal ones as they came. It also gives the
// fits of the first fullRank.
func (l *hitList) byFit() (out []int32, fits []int32) {
	var next [maxFit]int // how many have the measure, then where the next of them goes
	for _, block := range l.blocks {
		for _, h := range block {
			next[h.fit]++
		}
	}
	before := 0
	for fit := maxFit - 1; fit >= 0; fit-- {
		n := next[fit]
		next[fit] = before
		before += n
	}
	out, fits = make([]int32, l.n), make([]int32, min(l.n, fullRank))
	for _, block := range l.blocks {
		for _, h := range block {
			at := next[h.fit]
			next[h.fit]++
			out[at] = h.slot
			if at < len(fits) {
				fits[at] = h.fit
			}
		}
	}
	return out, fits
}

// scored is a hit with everything that decides its place.
type scored struct {
	hit
	id   int64
	name string
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
		list[i] = scored{hit{slot, fits[i]}, p.ID(), keys.nameKey(p)}
	}
	slices.SortFunc(list, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.fit, a.fit), cmp.Compare(a.name, b.name), cmp.Compare(a.id, b.id))
	})
	for i, s := range list {
		slots[i] = s.slot
	}
	return nil
}
