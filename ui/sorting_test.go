package ui

import (
	"fmt"
	"slices"
	"testing"

	"levcontacts/model"
	"levcontacts/model/search"
	"levcontacts/work"
)

// sortedFake answers a sort with its contacts the other way around, so that
// the first sorted page holds what the first page of the list does not.
func sortedFake(n int) *fake {
	f := newFake(n)
	f.sorted = slices.Clone(f.contacts)
	slices.Reverse(f.sorted)
	return f
}

// inOrder says that the rows shown are in order by last name, numbers as numbers.
func inOrder(s *stage) bool {
	rows := s.m.rows()
	at := func(i int) (name string, n int) {
		_, _ = fmt.Sscan(rows.At(i).Get(model.FieldLastName).String(), &name, &n)
		return name, n
	}
	for i := 1; i < rows.Len(); i++ {
		a, m := at(i - 1)
		if b, n := at(i); a > b || a == b && m > n {
			return false
		}
	}
	return true
}

// As soon as every contact that the service counts is held, an order is made
// here: nothing is asked for or waited for again.
func TestSortIsMadeHereOnceAllIsHeld(t *testing.T) {
	t.Parallel()
	f := sortedFake(300)
	s := start(t, f, 120, 40, func(o *Options) { o.PageSize = 200 })
	s.keys("s", "1")
	if s.m.held() != 300 || f.calls["page"] != 2 {
		t.Fatalf("%d held after %d requests, want 300 after 2", s.m.held(), f.calls["page"])
	}
	s.wantNot("rows may shift")
	s.keys("G")
	if f.calls["page"] != 2 {
		t.Errorf("going to the end asked for %d pages of rows that are held", f.calls["page"]-2)
	}
	s.want("300 of 300 · 300 of 300 loaded")
	if !inOrder(s) {
		t.Error("not in order")
	}
	s.keys("s")
	s.want("sorted here, without a request")
	s.keys("6")
	if f.calls["page"] != 2 {
		t.Error("another order asked the service")
	}
}

// A count that grows later takes no rows away, and the order says what it covers.
func TestSortStaysHereWhenTheCountGrows(t *testing.T) {
	t.Parallel()
	f := sortedFake(300)
	s := start(t, f, 120, 40, func(o *Options) { o.PageSize = 200 })
	s.keys("s", "1")
	s.m.shelf.lastTotal = 301
	s.send(sizeMsg(121, 40))
	s.want("300 of 301 loaded", "only what is loaded")
	if s.m.rows().Len() != 300 {
		t.Errorf("%d rows", s.m.rows().Len())
	}
	f.contacts = append(f.contacts, person(4000))
	s.keys("G") // with 300 of 301 held the last one is asked for
	s.want("301 of 301 loaded")
	if !inOrder(s) {
		t.Error("not in order")
	}
}

// A request for rows that another list has brought meanwhile is not waited for.
func TestSortStopsItsRequestOnceAllIsHeld(t *testing.T) {
	t.Parallel()
	f := sortedFake(300)
	s := start(t, f, 120, 40, func(o *Options) { o.PageSize = 200 })
	_, seq := s.m.shelf.full().ticket.Begin(t.Context(), s.now)
	s.m.Update(press("s"))
	s.m.Update(press("1")) // its request is under way
	s.keys("G")
	s.want("loading, about 3 s · esc stops")
	s.send(pageMsg{chain: chainFull, seq: seq, page: model.Page{Rows: model.PackAll(f.contacts[200:]...), Total: 300}})
	if busy, _ := s.m.underWay(); busy || s.m.goingEnd {
		t.Errorf("still waiting for rows that are held: %v %v %v", busy, s.m.goingEnd, s.m.view.ticket.Busy())
	}
	s.want("300 of 300 · 300 of 300 loaded")
}

// G in a list that the service sorts ends at its very last row, not at the last
// one that was shown when the last page came.
func TestEndOfASortedList(t *testing.T) {
	t.Parallel()
	f := newFake(500)
	f.sorted = f.contacts
	s := start(t, f, 120, 40, func(o *Options) { o.PageSize = 200 })
	s.keys("s", "1")
	s.keys("G")
	s.want("500 of 500 · 500 of 500 loaded")
}

// Contacts that are not connected are in no list that the service sorts, so an
// order of them is made here.
func TestSortOfNotConnected(t *testing.T) {
	t.Parallel()
	apart := func(n int) model.Contact { return person(n).With(model.FieldConnected, model.BoolValue(false)) }
	f := newFake(300)
	f.apart = []model.Contact{apart(905), apart(900), apart(901)}
	s := start(t, f, 120, 40, func(o *Options) { o.PageSize = 200 })
	var no search.Filter
	no = no.Toggle(model.FieldConnected, search.No)
	s.run(s.m.setFilter(no))
	calls := f.calls["page"]
	s.keys("s", "1")
	s.want(" of 3 · 200 of 300 loaded", "Sarah Chen 900", "Dana Reyes 905")
	if f.calls["page"] != calls {
		t.Error("a list that does not hold them was asked for")
	}
	s.run(s.m.setFilter(search.Filter{}))
	s.want("of 200 · 200 of 300 loaded", "rows may shift while others edit")
}

// A filter that is remembered from the last run holds from the first page on.
func TestFilterBeforeTheFirstPage(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(40), 120, 40, func(o *Options) { o.View = work.View{Filter: "type=sponsor"} })
	s.want("1 of 13", "Priya Raman")
	s.wantNot("James Rodriguez ")
}

// The list of the not connected is read to its end: nothing says how many there
// are, so rows that are missing would not be missed.
func TestAllNotConnectedAreRead(t *testing.T) {
	t.Parallel()
	f := newFake(300)
	for i := range 450 {
		f.apart = append(f.apart, person(1000+i).With(model.FieldConnected, model.BoolValue(false)))
	}
	s := start(t, f, 120, 40, func(o *Options) { o.PageSize = 200 })
	var no search.Filter
	s.run(s.m.setFilter(no.Toggle(model.FieldConnected, search.No)))
	s.want("1 of 450")
}
