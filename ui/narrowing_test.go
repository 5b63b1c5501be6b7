package ui

import (
	"slices"
	"testing"

	"levcontacts/model"
	"levcontacts/model/search"
)

// While somebody types on, only what was found before is looked through; what is
// found is the same as in a search of everything, whatever happens in between.
func TestTypingOnNarrowsASearch(t *testing.T) {
	t.Parallel()
	f := newFake(900)
	s := start(t, f, 120, 40)
	s.keys("G", "g", "/")
	narrowed := 0
	check := func(what string) {
		t.Helper()
		q := s.m.search.query
		if q.Empty() {
			return
		}
		slots, err := s.m.view.filter.Select(t.Context(), s.m.shelf.book.Snapshot(), nil)
		if s.m.view.filter.Empty() {
			slots = nil
		}
		if err != nil {
			t.Fatal(err)
		}
		want, err := search.New().Search(t.Context(), s.m.shelf.book.Snapshot(), q, slots)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(s.m.view.order, want.Slots) {
			t.Errorf("%s: %d rows, a search of everything finds %d", what, len(s.m.view.order), len(want.Slots))
		}
	}
	typed := func(text string) {
		t.Helper()
		for _, r := range text {
			before := s.m.view.found
			s.typed(string(r))
			if before.narrows(s.m.view.asked) {
				narrowed++
			}
			check(s.m.search.input.Value())
		}
	}
	typed("sarah ch")
	if narrowed < 5 {
		t.Errorf("%d of 7 further letters narrowed the search", narrowed)
	}
	s.keys("backspace", "backspace")
	check("after taking letters back")
	typed(" !chen")
	s.m.shelf.book.Put(f.contacts[1].With(model.FieldFirstName, model.TextValue("Sarahlou")).Pack())
	typed("x")
	if !slices.Contains(s.m.view.order, 1) {
		t.Error("a contact that became a hit is not found")
	}
	s.keys("esc", "f", "1", "enter", "esc", "/")
	typed("sar")
	s.keys("enter", "f", "1", "enter", "esc", "/")
	typed("a")
}

// Where no hit is better than another the chosen order holds, and what is said
// of the order is true.
func TestOrderOfASearch(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(300), 120, 40)
	s.keys("G", "g", "s", "1")
	s.want("by last name ▲")
	s.keys("/")
	s.typed("type:sponsor")
	s.keys("enter")
	s.want("by last name ▲")
	snap := s.m.shelf.book.Snapshot()
	want, err := search.Sort(t.Context(), snap, slices.Clone(s.m.view.order), s.m.view.sort)
	if err != nil || len(want) < 50 || !slices.Equal(s.m.view.order, want) {
		t.Errorf("%d sponsors are not in order (%v)", len(want), err)
	}
	s.keys("/", "ctrl+u")
	s.typed("raman")
	s.keys("enter")
	s.want("best match first")
	s.wantNot("by last name")
}
