package search

import (
	"bytes"
	"cmp"
	"context"
	"hash/maphash"
	"slices"
	"unicode/utf8"

	"github.com/levcontacts/levcontacts/model"
)

// Pair is two contacts that may be the same person, by slot and id. The first
// stands before the second in the book.
type Pair struct {
	Slots   [2]int
	IDs     [2]int64
	Reasons []Reason // the strongest first
	Score   int      // as of a Twin
}

// maxBlock is how many contacts with something in common are compared each
// with each; of more, each is compared with the next.
const maxBlock = 32

// Pairs lists the likely duplicates in the book, each once, until yield
// returns false: those with the same e-mail address first, then the same
// LinkedIn profile, telephone number, name, and those with similar names at the
// same company. Within each the order is that of the book. Contacts are
// compared only when they share one of these, so that the time grows with the
// book and not with its square; a group of more than 32 that share one thing is
// listed as a chain. It takes 16 bytes a row and what the pairs take. The error
// is the context's; it is looked at every 256 rows.
func Pairs(ctx context.Context, snap model.Snapshot, yield func(Pair) bool) error {
	f := finder{ctx: ctx, snap: snap, row: newRow(personFields()), seen: make(map[[2]int32]bool)}
	for _, kind := range linkKinds() {
		pairs, err := f.pairs(kind)
		if err != nil {
			return err
		}
		for _, p := range pairs {
			if !yield(p) {
				return nil
			}
		}
	}
	return nil
}

// linkKind finds what a contact may share with others, and calls add with a
// hash of each such text. The hashes only bring contacts together; comparing
// them decides.
type linkKind func(h *hasher, r *row, p model.Packed, add func(uint64))

func linkKinds() []linkKind {
	return []linkKind{
		func(h *hasher, r *row, _ model.Packed, add func(uint64)) {
			if email := trimBytes(r.folded(model.FieldEmail)); len(email) > 0 {
				add(h.of(email))
			}
		},
		func(h *hasher, r *row, _ model.Packed, add func(uint64)) {
			if profile := personPage(r.raw[model.FieldLinkedIn]); profile != "" {
				add(h.of([]byte(profile)))
			}
		},
		func(h *hasher, _ *row, p model.Packed, add func(uint64)) {
			phones, _ := p.Extra(phonesField)
			for _, n := range phonesOf(phones) {
				add(h.of([]byte(n)))
			}
		},
		func(h *hasher, r *row, _ model.Packed, add func(uint64)) {
			if sum, ok := h.ofWords(r.folded(nameTarget)); ok {
				add(sum)
			}
		},
		func(h *hasher, r *row, _ model.Packed, add func(uint64)) {
			h.nameAndDomain(r, model.FieldLastName, add)
		},
		func(h *hasher, r *row, _ model.Packed, add func(uint64)) {
			h.nameAndDomain(r, model.FieldFirstName, add)
		},
	}
}

// hasher hashes texts; its buffer is used again and again.
type hasher struct {
	seed maphash.Seed
	buf  []byte
}

func (h *hasher) of(b []byte) uint64 { return maphash.Bytes(h.seed, b) }

// ofWords hashes the words of a name so that their order makes no difference.
func (h *hasher) ofWords(folded []byte) (sum uint64, ok bool) {
	word := h.buf[:0]
	for i := 0; i <= len(folded); {
		r, size := rune(' '), 1
		if i < len(folded) {
			r, size = utf8.DecodeRune(folded[i:])
		}
		switch {
		case r == '\'':
		case wordRune(r):
			word = append(word, folded[i:i+size]...)
		case len(word) > 0:
			sum, ok, word = sum+h.of(word), true, word[:0]
		}
		i += size
	}
	h.buf = word
	return sum, ok
}

// nameAndDomain hashes one of the names with the company's e-mail domain.
func (h *hasher) nameAndDomain(r *row, f model.FieldID, add func(uint64)) {
	_, domain, _ := bytes.Cut(trimBytes(r.folded(model.FieldEmail)), []byte("@"))
	h.buf = appendLetters(h.buf[:0], r.folded(f))
	if len(domain) == 0 || len(h.buf) == 0 || model.PublicDomain(string(domain)) {
		return
	}
	h.buf = append(append(h.buf, '@'), domain...)
	add(h.of(h.buf))
}

// link is a row and the hash of a text that others may share.
type link struct {
	hash uint64
	slot int32
}

// finder compares the rows that a kind of link brings together.
type finder struct {
	ctx    context.Context
	snap   model.Snapshot
	row    *row
	seen   map[[2]int32]bool // the pairs found, by slot
	looked int
}

func (f *finder) pairs(kind linkKind) ([]Pair, error) {
	var list []link
	h := hasher{seed: maphash.MakeSeed()}
	var at int32
	add := func(sum uint64) { list = append(list, link{sum, at}) }
	if _, err := eachSlot(f.ctx, f.snap, nil, func(slot int32, p model.Packed) {
		at = slot
		f.row.load(p)
		kind(&h, f.row, p, add)
	}); err != nil {
		return nil, err
	}
	slices.SortFunc(list, func(a, b link) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.slot, b.slot)) })
	var out []Pair
	for i := 0; i < len(list); {
		end := i + 1
		for end < len(list) && list[end].hash == list[i].hash {
			end++
		}
		found, err := f.block(list[i:end])
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
		i = end
	}
	slices.SortFunc(out, func(a, b Pair) int { return slices.Compare(a.Slots[:], b.Slots[:]) })
	return out, nil
}

// block compares the rows that share one hash.
func (f *finder) block(list []link) (out []Pair, err error) {
	if len(list) < 2 {
		return nil, nil
	}
	window := make([]person, 0, min(len(list), maxBlock)) // of the rows before the one looked at
	for i, l := range list {
		if f.looked++; f.looked%checkEvery == 0 && f.ctx.Err() != nil {
			return nil, f.ctx.Err()
		}
		p := f.snap.At(int(l.slot))
		f.row.load(p)
		other := personOf(f.row, p)
		for j := range window {
			if p, ok := f.pair(list[i-len(window)+j].slot, l.slot, &window[j], &other); ok {
				out = append(out, p)
			}
		}
		if len(list) > maxBlock {
			window = window[:0]
		}
		window = append(window, other)
	}
	return out, nil
}

// pair compares two rows; ok is false when they are not a pair, or a known one.
func (f *finder) pair(a, b int32, one, other *person) (p Pair, ok bool) {
	reasons, score := one.compare(other)
	if score < minPair || a == b || f.seen[[2]int32{a, b}] {
		return p, false
	}
	f.seen[[2]int32{a, b}] = true
	ids := [2]int64{f.snap.At(int(a)).ID(), f.snap.At(int(b)).ID()}
	return Pair{[2]int{int(a), int(b)}, ids, reasons, score}, true
}
