package model

import "slices"

// chunkSize is how many rows share one array: small enough that changing one
// row copies little, large enough that a million rows need few arrays.
const chunkSize = 512

// rows is a growing sequence that can be shared with readers on other
// goroutines: what a reader can see is never changed in place.
type rows struct {
	chunks []*[chunkSize]Packed
	n      int
}

func (r rows) at(i int) Packed { return r.chunks[i/chunkSize][i%chunkSize] }

func (r *rows) add(p Packed) {
	if r.n%chunkSize == 0 {
		r.chunks = append(r.chunks, new([chunkSize]Packed))
	}
	r.chunks[r.n/chunkSize][r.n%chunkSize] = p // readers stop at their own n
	r.n++
}

func (r *rows) set(i int, p Packed) {
	chunk := *r.chunks[i/chunkSize]
	chunk[i%chunkSize] = p
	r.chunks = slices.Clone(r.chunks)
	r.chunks[i/chunkSize] = &chunk
}

// Book holds the contacts that are known, each once, in the order in which the
// server lists them. It does no I/O and is used from one goroutine; Snapshot
// gives the others something to read. The zero Book is empty and ready.
type Book struct {
	rows    rows
	index   map[int64]int32
	version int
}

// Snapshot is a Book as it was at one moment. It is safe to read from any
// goroutine while the Book changes.
type Snapshot struct {
	rows rows
}

// Len is the number of rows.
func (s Snapshot) Len() int { return s.rows.n }

// At is the row in a slot, 0 ≤ slot < Len.
func (s Snapshot) At(slot int) Packed { return s.rows.at(slot) }

// Snapshot shares the rows with a reader; it costs nothing.
func (b *Book) Snapshot() Snapshot {
	return Snapshot{rows{slices.Clip(b.rows.chunks), b.rows.n}}
}

// Version is another number whenever a row has come, changed or gone.
func (b *Book) Version() int { return b.version }

// Len is the number of contacts held.
func (b *Book) Len() int { return b.rows.n }

// At is the row in a slot, 0 ≤ slot < Len.
func (b *Book) At(slot int) Packed { return b.rows.at(slot) }

// Slot says where a contact is held.
func (b *Book) Slot(id int64) (int, bool) {
	i, ok := b.index[id]
	return int(i), ok
}

// Find is the contact with the id, and whether it is held.
func (b *Book) Find(id int64) (Packed, bool) {
	i, ok := b.index[id]
	if !ok {
		return "", false
	}
	return b.rows.at(int(i)), true
}

// Put adds a contact at the end, or changes the one that is held in place. It
// says whether it was new and whether anything is different now.
func (b *Book) Put(p Packed) (added, changed bool) {
	id := p.ID()
	if i, ok := b.index[id]; ok {
		if b.rows.at(int(i)) == p {
			return false, false
		}
		b.version++
		b.rows.set(int(i), p)
		return false, true
	}
	if b.index == nil {
		b.index = make(map[int64]int32)
	}
	b.version++
	b.index[id] = int32(b.rows.n)
	b.rows.add(p)
	return true, true
}

// Drop takes contacts out and says where each slot went: the new slot, or -1.
// It is nil when nothing was dropped.
func (b *Book) Drop(gone func(Packed) bool) (moved []int32) {
	out := Book{index: make(map[int64]int32, b.Len())}
	where := make([]int32, b.Len())
	for i := range b.Len() {
		p := b.At(i)
		if gone(p) {
			where[i] = -1
			continue
		}
		where[i] = int32(out.Len())
		out.Put(p)
	}
	if out.Len() == b.Len() {
		return nil
	}
	out.version = b.version + 1
	*b = out
	return where
}
