package search

import (
	"cmp"
	"context"
	"math/bits"
	"slices"
	"sync"

	"github.com/junegunn/fzf/src/algo"
	"github.com/junegunn/fzf/src/util"

	"levcontacts/model"
)

// fzf's tables are package state of its own. They are filled here, before
// anything runs, because filling them again while a search reads them is a race.
var _ = algo.Init("default")

const (
	// checkEvery is how many rows are looked at between two looks at the context:
	// well under a millisecond.
	checkEvery = 2048
	// fullRank is how many hits are scored by fzf's algorithm. It costs about a
	// microsecond a field, and nobody reads further down than this.
	fullRank = 2048
	// maxFit bounds the buckets of the cheap order.
	maxFit = 1024
)

// Matcher runs searches. It is safe for any number of them at a time.
type Matcher struct {
	slabs sync.Pool
}

// New makes a Matcher.
func New() *Matcher {
	return &Matcher{slabs: sync.Pool{New: func() any { return util.MakeSlab(32*1024, 4096) }}}
}

// Result is the answer to a search.
type Result struct {
	Slots    []int32 // of the snapshot, the best hit first
	Searched int     // how many rows were looked at
}

// hit is a row that matches and how well, by the cheap measure.
type hit struct {
	slot int32
	fit  int32
}

// Search finds the contacts that match, in all rows or only in those at the
// slots of within (in any order; nil means all). Narrowing the hits of an
// earlier query is right when Extends says so and the snapshot is the same.
//
// Every hit is put in order by where and how its terms stand in the values.
// The best 2,048 of them are then ranked by the scores of fzf's algorithm,
// equal ones by last name, first name and id; those after them keep the
// cheaper order, equal ones that of the book. When the query does not rank
// (Query.Ranked) all hits keep the order of the book.
//
// The error is the context's; it is looked at every 2,048 rows.
func (m *Matcher) Search(ctx context.Context, snap model.Snapshot, q Query, within []int32) (Result, error) {
	var hits hitList
	r := newRow(q.need)
	searched, err := eachSlot(ctx, snap, within, func(slot int32, p model.Packed) {
		if fit, ok := q.matches(r, p); ok {
			hits.add(hit{slot, int32(min(fit, maxFit-1))})
		}
	})
	if err != nil {
		return Result{}, err
	}
	slots := hits.byFit()
	if q.ranked {
		top := slots[:min(len(slots), fullRank)]
		if err := m.rank(ctx, snap, q, r, top); err != nil {
			return Result{}, err
		}
	}
	return Result{Slots: slots, Searched: searched}, nil
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

// byFit orders the hits by the cheap measure, best first, equal ones as they
// came.
func (l *hitList) byFit() []int32 {
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
	out := make([]int32, l.n)
	for _, block := range l.blocks {
		for _, h := range block {
			out[next[h.fit]] = h.slot
			next[h.fit]++
		}
	}
	return out
}

// scored is a hit with everything that decides its place.
type scored struct {
	slot  int32
	score int32
	id    int64
	name  string
}

// rank puts slots in their final order.
func (m *Matcher) rank(ctx context.Context, snap model.Snapshot, q Query, r *row, slots []int32) error {
	slab := m.slabs.Get().(*util.Slab)
	defer m.slabs.Put(slab)
	list := make([]scored, len(slots))
	var keys keyer
	for i, slot := range slots {
		if i%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		p := snap.At(int(slot))
		r.load(p)
		list[i] = scored{slot, int32(q.score(r, slab)), p.ID(), keys.nameKey(p)}
	}
	slices.SortFunc(list, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.name, b.name), cmp.Compare(a.id, b.id))
	})
	for i, s := range list {
		slots[i] = s.slot
	}
	return nil
}

// score adds up how well the terms that rank fit the row.
func (q Query) score(r *row, slab *util.Slab) int {
	sum := 0
	for i := range q.terms {
		t := &q.terms[i]
		if !t.ranks() {
			continue
		}
		best := 0
		for _, f := range t.targets {
			fit := fitText(t.kind, r.folded(f), t.folded)
			if fit == 0 {
				continue
			}
			chars := util.ToChars(r.folded(f))
			result, _ := t.algorithm()(true, false, true, &chars, t.runes, false, slab)
			best = max(best, result.Score+bonus(f, fit))
		}
		sum += best
	}
	return sum
}

// bonus is added to fzf's scores, in which a matched letter counts 16: a quarter
// of that for each step of the field's weight, and a letter more for a match in
// one piece, so that "chen" in an address comes before "Charlotte Henderson".
func bonus(f model.FieldID, fit int) int {
	n := 4 * weight(f)
	if fit >= fitWord || fit == fitInside {
		n += 16
	}
	return n
}

// algorithm is the part of fzf that scores the kind of term. Case and accents
// are gone from both sides already.
func (t *term) algorithm() algo.Algo {
	switch t.kind {
	case kindPrefix:
		return algo.PrefixMatch
	case kindSubstring:
		return algo.ExactMatchNaive
	default:
		return algo.FuzzyMatchV2
	}
}

// bestPlace finds where fuzzy letters fit best, and how well.
func bestPlace(in, want []rune) (score int, at []int) {
	chars := util.RunesToChars(in)
	match := algo.FuzzyMatchV2
	if len(in)*len(want) > 1<<18 { // its table would be as large
		match = algo.FuzzyMatchV1
	}
	result, positions := match(true, false, true, &chars, want, true, nil)
	if positions == nil {
		return 0, nil
	}
	return result.Score, *positions
}
