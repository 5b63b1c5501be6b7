package search

import (
	"cmp"
	"context"
	"math/bits"
	"slices"
	"unicode/utf8"

	"github.com/levcontacts/levcontacts/model"
)

// FewDirect is how many direct hits a search has at least before similar ones
// are left out unasked.
const FewDirect = 5

// slipsFor is how many letters of a word may be wrong: none in short words, one
// in words of 4 to 7 letters, two in longer ones.
func slipsFor(letters int) int {
	switch {
	case letters < 4:
		return 0
	case letters < 8:
		return 1
	default:
		return 2
	}
}

// sound is a word prepared for comparing it with misspelled ones.
type sound struct {
	letters []byte
	mask    uint32
	limit   int
}

func newSound(letters []byte) sound {
	return sound{letters, maskOf(letters), slipsFor(utf8.RuneCount(letters))}
}

// maskOf is which letters a text has. Two texts that differ in n letters differ
// in at most n of the bits one way.
func maskOf(b []byte) (m uint32) {
	for _, c := range b {
		m |= 1 << (c & 31)
	}
	return m
}

// maxLetters is how long a word can be that is compared with others.
const maxLetters = 30

// compare says in how many letters another word, or its beginning, differs, and
// whether it is the whole word; more than the limit is limit+1.
func (s *sound) compare(other []byte) (slips int, whole bool) {
	n, limit := len(s.letters), s.limit
	if len(other) < n-limit || n > maxLetters {
		return limit + 1, false
	}
	head := other[:min(len(other), n+limit)]
	if bits.OnesCount32(s.mask&^maskOf(head)) > limit {
		return limit + 1, false
	}
	var rows [3][maxLetters + 3]uint8
	for j := range len(head) + 1 {
		rows[0][j] = uint8(j)
	}
	above, row, before := &rows[0], &rows[1], &rows[2]
	for i := 1; i <= n; i++ {
		row[0] = uint8(i)
		least := row[0]
		for j := 1; j <= len(head); j++ {
			change := above[j-1]
			if s.letters[i-1] != head[j-1] {
				change++
			}
			row[j] = min(change, above[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && s.letters[i-1] == head[j-2] && s.letters[i-2] == head[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if int(least) > limit {
			return limit + 1, false
		}
		before, above, row = above, row, before
	}
	if len(head) == len(other) {
		slips = int(above[len(head)])
	} else {
		slips = limit + 1
	}
	whole = slips <= limit
	for j := n; j < len(head); j++ { // a beginning has at least the letters that were typed
		if d := int(above[j]); d < slips {
			slips, whole = d, false
		}
	}
	return slips, whole
}

// sameFirst is added for a word that begins as it was typed: few mistakes are
// made in the first letter.
const sameFirst = 4

// nearest finds the word of the row that is most like a misspelled one.
func (t *term) nearest(r *row) (best verdict) {
	if t.near.limit == 0 {
		return best
	}
	t.eachText(r, func(at span, _ model.FieldID) bool {
		eachWord(r.buf[:at.end], at.start, func(start, end int) {
			word := r.buf[start:end]
			slips, whole := t.near.compare(word)
			if slips > t.near.limit {
				return
			}
			worth, _ := r.worth(&t.word, start, end)
			if !whole {
				worth = max(1, worth-(worth/4))
			}
			if word[0] == t.near.letters[0] {
				worth += sameFirst
			}
			if f := (verdict{worth: worth, slips: max(slips, 1)}); best.worth == 0 || f.better(best) {
				best = f
			}
		})
		return true
	})
	return best
}

// eachWord calls fn for the words of a text from a place on.
func eachWord(text []byte, from int, fn func(start, end int)) {
	for i := from; i < len(text); {
		if !wordByte(text[i]) {
			i++
			continue
		}
		start := i
		for i < len(text) && wordByte(text[i]) {
			i++
		}
		fn(start, i)
	}
}

// misspellable says that some word of the query is long enough to be found in
// spite of a mistake.
func (q *Query) misspellable() bool {
	var any func(list []term) bool
	any = func(list []term) bool {
		return slices.ContainsFunc(list, func(t term) bool {
			return t.near.limit > 0 && !t.not || slices.ContainsFunc(t.any, any)
		})
	}
	return any(q.terms)
}

// similar is a contact that is like what was typed.
type similar struct {
	slot  int32
	slips int32
	fit   int32
	id    int64
	name  string
}

// Similar finds the contacts at the slots of within, nil for all, that fit the
// query when letters of its words may be wrong: one in words of 4 to 7 letters,
// two in longer ones (added, dropped, changed, or swapped with their neighbour),
// in whole words and in beginnings of words. Those that match without are not
// among them. The likest come first. The error is the context's; it is looked
// at every 256 rows.
func (m *Matcher) Similar(ctx context.Context, snap model.Snapshot, q Query, within []int32) ([]int32, error) {
	if !q.misspellable() {
		return nil, ctx.Err()
	}
	var parts []*[]similar
	_, err := shareSlots(ctx, snap, within, func() slotFunc {
		part, r, keys := new([]similar), newRow(q.need), new(keyer)
		parts = append(parts, part)
		return func(slot int32, p model.Packed) {
			if slips, fit, ok := q.try(r, p, true); ok && slips > 0 {
				*part = append(*part, similar{slot, int32(slips), int32(fit), p.ID(), keys.nameKey(p)})
			}
		}
	})
	if err != nil {
		return nil, err
	}
	var list []similar
	for _, part := range parts {
		list = append(list, *part...)
	}
	slices.SortFunc(list, func(a, b similar) int {
		return cmp.Or(cmp.Compare(a.slips, b.slips), cmp.Compare(b.fit, a.fit),
			cmp.Compare(a.name, b.name), cmp.Compare(a.id, b.id))
	})
	out := make([]int32, len(list))
	for i, s := range list {
		out[i] = s.slot
	}
	return out, nil
}
