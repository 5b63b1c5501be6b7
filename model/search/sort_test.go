package search

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/model"
)

func order(tb testing.TB, snap model.Snapshot, f model.FieldID, desc bool) []int64 {
	tb.Helper()
	slots, err := Sort(context.Background(), snap, nil, model.Sort{Field: f, Desc: desc})
	if err != nil {
		tb.Fatal(err)
	}
	return ids(snap, slots)
}

func TestSort(t *testing.T) {
	t.Parallel()
	snap := people(t)
	for _, c := range []struct {
		field model.FieldID
		desc  bool
		want  []int64
	}{
		{model.FieldKey, false, []int64{78, 142, 3, 4, 5, 6, 7}}, // no order: that of the book
		{model.FieldKey, true, []int64{142, 78, 7, 6, 5, 4, 3}},
		{model.FieldLastName, false, []int64{78, 7, 4, 142, 3, 6, 5}},
		{model.FieldLastName, true, []int64{6, 3, 142, 4, 7, 78, 5}},
		{model.FieldFirstName, false, []int64{4, 7, 142, 3, 78, 6, 5}},
		{model.FieldType, false, []int64{6, 78, 142, 7, 4, 3, 5}},
		{model.FieldType, true, []int64{7, 4, 3, 78, 142, 6, 5}},
		{model.FieldEmail, false, []int64{4, 7, 5, 142, 6, 78, 3}},
		{model.FieldState, false, []int64{6, 7, 4, 78, 142, 3, 5}},
		{model.FieldState, true, []int64{78, 142, 4, 7, 6, 3, 5}},
		{model.FieldZip, false, []int64{4, 3, 78, 142, 7, 6, 5}},
		{model.FieldLinkedIn, false, []int64{142, 78, 7, 4, 3, 6, 5}},
		{model.FieldPrimary, false, []int64{78, 4, 142, 3, 5, 7, 6}},
		{model.FieldPrimary, true, []int64{142, 3, 5, 78, 4, 7, 6}},
		{model.FieldConnected, false, []int64{78, 7, 4, 3, 6, 5, 142}},
		{model.FieldOwner, false, []int64{78, 142, 7, 4, 3, 6, 5}},
		{model.FieldCreated, false, []int64{78, 3, 142, 7, 4, 6, 5}},
		{model.FieldUpdated, false, []int64{7, 3, 6, 78, 142, 4, 5}},
		{model.FieldUpdated, true, []int64{142, 78, 6, 3, 7, 4, 5}},
	} {
		if got := order(t, snap, c.field, c.desc); !slices.Equal(got, c.want) {
			t.Errorf("%s desc %v: %v, want %v", c.field.Name(), c.desc, got, c.want)
		}
	}
}

func TestSortText(t *testing.T) {
	t.Parallel()
	for _, want := range [][]string{
		{"Suite 9", "suite 10", "Suite 0100", "Suite 1000000000", "Suite 12345678901"},
		{"a", "A b", "ab", "Äc", "b"},
		{"Analyst", "Senior Vice President", "Senior Vice President, Capital Markets of the East Coast", "Senior Vice President, Capital Markets of the West"},
		{"O'Brien", "O’Brien b", "Obrien"},
		{"1 Main Street", "2 Main Street", "10 Main Street", "Main Street 2", "Main Street 10"},
		{"Weiss", "Weiß b", "Weit"},
		{"12345678", "123456789", "1234567890"},
		{"abcdefgh", "abcdefghijklmno", "abcdefghijklmnop", "abcdefghijklmnopq"},
		{"b", "日本", "本"},
	} {
		var b model.Book
		for i, s := range want { // in reverse, with space around and empties between
			b.Put(model.NewContact(int64(100-i), map[model.FieldID]model.Value{model.FieldTitle: model.TextValue(" " + s + " ")}).Pack())
			b.Put(model.NewContact(int64(200-i), map[model.FieldID]model.Value{model.FieldTitle: model.TextValue("  ")}).Pack())
		}
		snap := b.Snapshot()
		for _, desc := range []bool{false, true} {
			expect := slices.Clone(want)
			if desc {
				slices.Reverse(expect)
			}
			slots, err := Sort(context.Background(), snap, nil, model.Sort{Field: model.FieldTitle, Desc: desc})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, slot := range slots {
				got = append(got, strings.TrimSpace(snap.At(int(slot)).Get(model.FieldTitle).String()))
			}
			if !slices.Equal(got[:len(want)], expect) || strings.Join(got[len(want):], "") != "" {
				t.Errorf("desc %v: %q, want %q and empties", desc, got, expect)
			}
		}
	}
}

func TestSortOddValues(t *testing.T) {
	t.Parallel()
	snap := bookOf(t, `[{"id":1,"updated_at":"soon"},{"id":2,"updated_at":"2026-02-20T16:45:00.5Z"},{"id":3,"updated_at":"2026-02-20T18:45:00+02:00"},
		{"id":4,"updated_at":7},{"id":5,"updated_at":""},{"id":6,"updated_at":"1969-01-01T00:00:00Z","owner_account_id":"x"},{"id":7,"owner_account_id":-5},{"id":8,"owner_account_id":5}]`)
	if got := order(t, snap, model.FieldUpdated, false); !slices.Equal(got, []int64{6, 2, 3, 1, 4, 5, 7, 8}) {
		t.Errorf("times %v", got)
	}
	if got := order(t, snap, model.FieldOwner, true); !slices.Equal(got, []int64{8, 7, 1, 2, 3, 4, 5, 6}) {
		t.Errorf("owners %v", got)
	}
}

func TestSortSubset(t *testing.T) {
	t.Parallel()
	snap := people(t)
	given := []int32{6, 0, 1, 0, 99}
	slots, err := Sort(context.Background(), snap, given, model.Sort{Field: model.FieldLastName})
	if err != nil || !slices.Equal(ids(snap, slots), []int64{78, 7, 142}) || !slices.Equal(given, []int32{6, 0, 1, 0, 99}) {
		t.Errorf("%v %v, given %v", ids(snap, slots), err, given)
	}
	if slots, err = Sort(context.Background(), snap, given, model.Sort{}); err != nil || !slices.Equal(slots, []int32{0, 1, 6}) {
		t.Errorf("without an order: %v %v", slots, err)
	}
	if slots, err = Sort(context.Background(), snap, []int32{}, model.Sort{Field: model.FieldCity}); err != nil || len(slots) != 0 {
		t.Errorf("of nothing: %v %v", slots, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Sort(ctx, snap, nil, model.Sort{Field: model.FieldCity}); !errors.Is(err, context.Canceled) {
		t.Errorf("err %v", err)
	}
}

// The order is that of comparing whole values with each other.
func TestSortIsTrue(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	word := func() string {
		var b strings.Builder
		for range r.IntN(40) {
			b.WriteString([]string{"a", "B", "é", " ", "12", "0", "陈", "-", "aaaaaaaaaaaaaaaa"}[r.IntN(9)])
		}
		return b.String()
	}
	var b model.Book
	for i := range 2000 {
		b.Put(model.NewContact(int64(r.IntN(1<<40)*2000+i), map[model.FieldID]model.Value{
			model.FieldTitle: text(word()), model.FieldLastName: text(fmt.Sprint("n", r.IntN(5))), model.FieldFirstName: text(word()[:0] + fmt.Sprint(r.IntN(9))),
		}).Pack())
	}
	snap := b.Snapshot()
	whole := func(p model.Packed, f model.FieldID) []byte {
		var k keyer
		if !k.encode(model.FormatText, p.Get(f)) {
			return nil
		}
		return slices.Clone(k.encoded)
	}
	for _, desc := range []bool{false, true} {
		got := order(t, snap, model.FieldTitle, desc)
		slots := make([]int32, snap.Len())
		for i := range slots {
			slots[i] = int32(i)
		}
		slices.SortFunc(slots, func(i, j int32) int {
			p, q := snap.At(int(i)), snap.At(int(j))
			a, b := whole(p, model.FieldTitle), whole(q, model.FieldTitle)
			title := slices.Compare(a, b)
			if desc {
				title = -title
			}
			if a == nil || b == nil {
				title = cmp.Compare(len(b), len(a))
				if a != nil {
					title = -1
				} else if b != nil {
					title = 1
				}
			}
			return cmp.Or(title, slices.Compare(whole(p, model.FieldLastName), whole(q, model.FieldLastName)),
				slices.Compare(whole(p, model.FieldFirstName), whole(q, model.FieldFirstName)), cmp.Compare(p.ID(), q.ID()))
		})
		if want := ids(snap, slots); !slices.Equal(got, want) {
			t.Errorf("desc %v: not the order of whole values", desc)
		}
	}
}
