package model

import (
	"fmt"
	"slices"
	"sync"
	"testing"
)

func numbered(id int64, title string) Contact {
	return NewContact(id, map[FieldID]Value{FieldTitle: TextValue(title)})
}

func idsOf(s Snapshot) []int64 {
	out := []int64{}
	for i := range s.Len() {
		out = append(out, s.At(i).ID())
	}
	return out
}

func TestBookAppend(t *testing.T) {
	t.Parallel()
	var b Book
	if b.Len() != 0 || b.Snapshot().Len() != 0 {
		t.Error("the zero book is not empty")
	}
	if _, ok := b.Find(1); ok {
		t.Error("found in an empty book")
	}
	for _, c := range []struct {
		page  []Contact
		added int
		want  []int64
	}{
		{[]Contact{numbered(5, "a"), numbered(3, "b")}, 2, []int64{5, 3}},
		{[]Contact{numbered(3, "b"), numbered(9, "c"), numbered(9, "d")}, 1, []int64{5, 3, 9}},
		{nil, 0, []int64{5, 3, 9}},
		{[]Contact{numbered(9, "d"), numbered(5, "a")}, 0, []int64{5, 3, 9}},
	} {
		if added := put(&b, c.page); added != c.added || !slices.Equal(idsOf(b.Snapshot()), c.want) {
			t.Errorf("added %d to make %v, want %d and %v", added, idsOf(b.Snapshot()), c.added, c.want)
		}
	}
	if p, ok := b.Find(9); !ok || p.Get(FieldTitle).String() != "d" {
		t.Errorf("9 is %q %v: the later of two rows counts", p, ok)
	}
	if slot, ok := b.Slot(3); !ok || slot != 1 || b.At(slot).ID() != 3 {
		t.Errorf("3 is in slot %d %v", slot, ok)
	}
	if _, ok := b.Slot(4); ok {
		t.Error("4 has a slot")
	}
}

func TestBookPut(t *testing.T) {
	t.Parallel()
	var b Book
	for i, c := range []struct {
		contact        Contact
		added, changed bool
	}{
		{numbered(1, "a"), true, true},
		{numbered(1, "a"), false, false},
		{numbered(1, "b"), false, true},
		{numbered(2, "a"), true, true},
		{numbered(1, "b"), false, false},
	} {
		if added, changed := b.Put(c.contact.Pack()); added != c.added || changed != c.changed {
			t.Errorf("step %d: added %v changed %v", i, added, changed)
		}
	}
}

// A snapshot stays as it was, across the borders of the arrays inside.
func TestSnapshotStays(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, chunkSize - 1, chunkSize, chunkSize + 1, 3*chunkSize + 7} {
		var b Book
		for i := range n {
			b.Put(numbered(int64(i), "old").Pack())
		}
		s := b.Snapshot()
		for i := range n {
			b.Put(numbered(int64(i), "new").Pack())
		}
		for i := range 2 * chunkSize {
			b.Put(numbered(int64(n+i), "more").Pack())
		}
		if s.Len() != n || b.Len() != n+2*chunkSize {
			t.Fatalf("%d rows: the snapshot has %d, the book %d", n, s.Len(), b.Len())
		}
		for i := range n {
			if got := s.At(i).Get(FieldTitle).String(); got != "old" || s.At(i).ID() != int64(i) {
				t.Fatalf("%d rows: row %d of the snapshot is %d %q", n, i, s.At(i).ID(), got)
			}
			if got := b.At(i).Get(FieldTitle).String(); got != "new" {
				t.Fatalf("%d rows: row %d of the book is %q", n, i, got)
			}
		}
	}
}

// Two snapshots of one book do not meet when the book goes on from each.
func TestSnapshotsApart(t *testing.T) {
	t.Parallel()
	var b Book
	for i := range chunkSize {
		b.Put(numbered(int64(i), "a").Pack())
	}
	first := b.Snapshot()
	b.Put(numbered(chunkSize, "b").Pack())
	second := b.Snapshot()
	b.Put(numbered(chunkSize, "c").Pack())
	if first.Len() != chunkSize || second.At(chunkSize).Get(FieldTitle).String() != "b" || b.At(chunkSize).Get(FieldTitle).String() != "c" {
		t.Error("a snapshot sees what came after it")
	}
}

// Readers read while the book grows and changes; the race detector watches.
func TestSnapshotsWhileWriting(t *testing.T) {
	t.Parallel()
	var b Book
	var readers sync.WaitGroup
	for round := range 40 {
		for i := range 100 {
			b.Put(numbered(int64(round*100+i), "first").Pack())
		}
		s := b.Snapshot()
		readers.Go(func() {
			for i := range s.Len() {
				if s.At(i).ID() != int64(i) {
					t.Errorf("row %d is %d", i, s.At(i).ID())
				}
			}
		})
		for i := 0; i < b.Len(); i += 37 {
			b.Put(numbered(int64(i), fmt.Sprint("changed ", round)).Pack())
		}
	}
	readers.Wait()
}

func TestBookDrop(t *testing.T) {
	t.Parallel()
	odd := func(p Packed) bool { return p.ID()%2 == 1 }
	fill := func() *Book {
		var b Book
		for _, id := range []int64{4, 7, 2, 9, 5} {
			b.Put(numbered(id, "x").Pack())
		}
		return &b
	}
	b := fill()
	before, version := b.Snapshot(), b.Version()
	if moved := b.Drop(odd); !slices.Equal(moved, []int32{0, -1, 1, -1, -1}) || !slices.Equal(idsOf(b.Snapshot()), []int64{4, 2}) {
		t.Errorf("dropped: %v, left %v", moved, idsOf(b.Snapshot()))
	}
	if slot, ok := b.Slot(2); !ok || slot != 1 || b.Version() == version {
		t.Errorf("2 is in slot %d %v, version %d after %d", slot, ok, b.Version(), version)
	}
	if _, ok := b.Find(9); ok || before.Len() != 5 {
		t.Error("a dropped contact is found, or the snapshot lost it")
	}
	version = b.Version()
	if moved := b.Drop(odd); moved != nil || b.Len() != 2 || b.Version() != version {
		t.Errorf("dropped nothing: %v", moved)
	}
	if b.Drop(func(Packed) bool { return true }); b.Len() != 0 || put(b, []Contact{numbered(4, "x")}) != 1 {
		t.Error("an emptied book cannot be filled")
	}
}

// put adds the contacts of a page and says how many were new.
func put(b *Book, page []Contact) (added int) {
	for _, c := range page {
		if isNew, _ := b.Put(c.Pack()); isNew {
			added++
		}
	}
	return added
}

func BenchmarkBookAppend(b *testing.B) {
	var book Book
	for i := range 100_000 {
		book.Put(numbered(int64(i), "x").Pack())
	}
	page := make([]Contact, MaxLimit)
	id := int64(book.Len())
	b.ReportAllocs()
	for b.Loop() {
		for i := range page {
			page[i] = numbered(id, "x")
			id++
		}
		put(&book, page)
		book.Snapshot()
	}
}
