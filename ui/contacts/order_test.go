package contacts

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/ui/uitest"
)

// reversed answers a sort with its contacts the other way around, so that the
// first sorted page holds what the first page of the list does not.
func reversed(n int) *uitest.Service {
	f := uitest.NewService(n)
	f.Sorted = slices.Clone(f.Contacts)
	slices.Reverse(f.Sorted)
	return f
}

func byLastName() model.Sort { return model.Sort{Field: model.FieldLastName} }

// inOrder reports whether the rows are in order by last name, numbers as numbers.
func inOrder(s *stage) bool {
	rows := s.m.Rows()
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
	f := reversed(300)
	s := start(t, f, pages(200))
	s.handle(s.m.Sort(byLastName()))
	if s.m.Held() != 300 || f.Calls["page"] != 2 || s.m.Sorts() != SortsAll {
		t.Fatalf("%d held after %d requests, want 300 after 2", s.m.Held(), f.Calls["page"])
	}
	s.toEnd()
	s.handle(s.m.Sort(model.Sort{Field: model.FieldCity}))
	s.handle(s.m.Sort(byLastName()))
	if f.Calls["page"] != 2 || !inOrder(s) || s.m.Rows().Len() != 300 {
		t.Errorf("%d requests, %d rows, in order %v", f.Calls["page"], s.m.Rows().Len(), inOrder(s))
	}
	if _, n := happened[Ordered](s); n != 3 {
		t.Errorf("%d orders were reported", n)
	}
}

// A count that grows later takes no rows away, and the order says what it covers.
func TestSortStaysHereWhenTheCountGrows(t *testing.T) {
	t.Parallel()
	f := reversed(300)
	s := start(t, f, pages(200))
	s.handle(s.m.Sort(byLastName()))
	s.m.total = 301
	if s.m.Sorts() != SortsLoaded || s.m.Rows().Len() != 300 {
		t.Errorf("sorts %v, %d rows", s.m.Sorts(), s.m.Rows().Len())
	}
	f.Contacts = append(f.Contacts, uitest.Person(4000))
	s.toEnd() // with 300 of 301 held the last one is asked for
	s.wantLoaded(301, 301)
	if !inOrder(s) {
		t.Error("not in order")
	}
}

// A request for rows that another list has brought meanwhile is not waited for.
func TestSortStopsItsRequestOnceAllIsHeld(t *testing.T) {
	t.Parallel()
	f := reversed(300)
	s := start(t, f, pages(200))
	_, seq := s.m.pagers[pagerAll].request.Begin(t.Context(), s.Now())
	s.m.Sort(byLastName()) // its request is under way
	if s.m.Settling() {
		t.Error("the service is waited for")
	}
	s.toEnd()
	if !s.m.GoingToEnd() || s.m.Sorts() != SortsService {
		t.Errorf("going to the end %v, sorts %v", s.m.GoingToEnd(), s.m.Sorts())
	}
	s.send(pageMsg{pager: pagerAll, seq: seq, page: model.Page{Rows: model.PackAll(f.Contacts[200:]...), Total: 300}})
	if busy, _ := s.m.Busy(); busy || s.m.GoingToEnd() || s.m.Settling() || !inOrder(s) {
		t.Errorf("still waiting: %v %v %v", busy, s.m.GoingToEnd(), s.m.Settling())
	}
}

// Going to the end of a list that the service sorts ends at its very last row,
// not at the last one that was shown when the last page came.
func TestEndOfASortedList(t *testing.T) {
	t.Parallel()
	f := uitest.NewService(500)
	f.Sorted = f.Contacts
	s := start(t, f, pages(200))
	s.handle(s.m.Sort(byLastName()))
	s.toEnd()
	if s.view.Offset != 500-s.view.Height || s.m.GoingToEnd() {
		t.Errorf("ends at row %d", s.view.Offset)
	}
}

func TestSortRefusedSortsHere(t *testing.T) {
	t.Parallel()
	f := uitest.NewService(1284)
	f.Refuse["sort"] = &model.Error{Kind: model.KindBadRequest, Status: 400, Message: "unknown sort"}
	s := start(t, f, pages(100))
	s.handle(s.m.Sort(byLastName()))
	if !s.heard("does not sort by last name") || s.m.Sorts() != SortsLoadedRefused || s.m.Settling() {
		t.Errorf("said %q, sorts %v", s.said, s.m.Sorts())
	}
	if got := s.m.Rows().At(0).Get(model.FieldLastName).String(); got != "Aguilar" {
		t.Errorf("first row is %s", got)
	}
}

// Contacts that are not connected are in no list that the service sorts, so an
// order of them is made here.
func TestSortOfNotConnected(t *testing.T) {
	t.Parallel()
	f := uitest.NewService(300)
	for _, n := range []int{905, 900, 901} {
		f.NotConnected = append(f.NotConnected, uitest.Person(n).With(model.FieldConnected, model.BoolValue(false)))
	}
	s := start(t, f, pages(200))
	var no search.Filter
	s.handle(s.m.Filter(no.Toggle(model.FieldConnected, search.No)))
	calls := f.Calls["page"]
	s.handle(s.m.Sort(byLastName()))
	rows := s.m.Rows()
	right := rows.Len() == 3 && rows.At(0).Name() == "Sarah Chen 900" && rows.At(1).Name() == "Dana Reyes 905"
	if !right || f.Calls["page"] != calls {
		t.Errorf("%d rows, first %q, %d more requests", rows.Len(), rows.At(0).Name(), f.Calls["page"]-calls)
	}
	s.wantLoaded(200, 300)
	s.handle(s.m.Filter(search.Filter{}))
	if s.m.Rows().Len() != 200 || s.m.Sorts() != SortsService {
		t.Errorf("%d rows, sorts %v", s.m.Rows().Len(), s.m.Sorts())
	}
}

// While somebody types on, only what was found before is looked through; what is
// found is the same as in a search of everything, whatever happens in between.
func TestTypingOnNarrowsASearch(t *testing.T) {
	t.Parallel()
	f := uitest.NewService(900)
	s := start(t, f)
	s.toEnd()
	text, narrowed := "", 0
	typed := func(more string) {
		t.Helper()
		for _, r := range more {
			before := s.m.order.found
			text += string(r)
			s.search(text)
			if before.narrows(s.m.order.making) {
				narrowed++
			}
			checkSearch(t, s, text)
		}
	}
	typed("sarah ch")
	if narrowed < 5 {
		t.Errorf("%d of 7 further letters narrowed the search", narrowed)
	}
	text = "sarah "
	typed(" !chen")
	s.m.book.Put(f.Contacts[1].With(model.FieldFirstName, model.TextValue("Sarahlou")).Pack())
	typed("x")
	if !slices.Contains(s.m.order.slots, 1) {
		t.Error("a contact that became a hit is not found")
	}
	text = ""
	s.search("")
	var lender search.Filter
	s.handle(s.m.Filter(lender.Toggle(model.FieldType, model.TypeLender)))
	typed("sar")
	s.handle(s.m.Filter(search.Filter{}))
	typed("a")
}

func checkSearch(t *testing.T, s *stage, text string) {
	t.Helper()
	q, snap, slots := s.m.Query(), s.m.Snapshot(), []int32(nil)
	if !s.m.FilterBy().Empty() {
		for i := range snap.Len() {
			if s.m.FilterBy().Match(snap.At(i)) {
				slots = append(slots, int32(i))
			}
		}
	}
	want, err := search.New().Search(t.Context(), snap, q, slots)
	if err != nil {
		t.Fatal(err)
	}
	if !q.Empty() && !slices.Equal(s.m.order.slots, want.Direct) {
		t.Errorf("%s: %d rows, a search of everything finds %d", text, len(s.m.order.slots), len(want.Direct))
	}
}

// Where no hit is better than another the chosen order holds.
func TestOrderOfASearch(t *testing.T) {
	t.Parallel()
	s := start(t, uitest.NewService(300))
	s.toEnd()
	s.handle(s.m.Sort(byLastName()))
	s.search("type:sponsor")
	want, err := search.Sort(t.Context(), s.m.Snapshot(), slices.Clone(s.m.order.slots), byLastName())
	if err != nil || len(want) < 50 || !slices.Equal(s.m.order.slots, want) {
		t.Errorf("%d sponsors are not in order (%v)", len(want), err)
	}
}

// An order that was asked for is settling until it is there, whatever rows come
// meanwhile. A search that ends at once, or fails, leaves nothing to wait for.
func TestSettling(t *testing.T) {
	t.Parallel()
	s := start(t, uitest.NewService(300))
	q, _ := search.Parse("raman")
	cmd, _ := s.m.Search(q)
	if !s.m.Settling() {
		t.Fatal("not settling")
	}
	s.handle(s.m.Put(uitest.Person(7), false))
	if uitest.Run(cmd, s.send); s.m.Settling() {
		t.Error("settling for ever")
	}
	cmd, _ = s.m.Search(q)
	s.handle(s.m.Search(search.Query{}))
	if uitest.Run(cmd, s.send); s.m.Settling() || s.m.order.made {
		t.Error("a search that was cleared settles")
	}
	_, seq := s.m.order.request.Begin(t.Context(), s.Now())
	s.m.order.asked = true
	if s.send(orderMsg{seq: seq, err: context.Canceled}); s.m.Settling() {
		t.Error("settling after the end")
	}
}

// A search over many rows waits for a pause between the letters; a narrowed one
// does not.
func TestManyRowsWaitForAPause(t *testing.T) {
	t.Parallel()
	q, err := search.Parse("chen")
	if err != nil {
		t.Fatal(err)
	}
	few, many := make([]int32, manyRows), make([]int32, manyRows+1)
	for _, c := range []struct {
		name        string
		first, want time.Duration
		s           shape
	}{
		{"few hits of the search before", time.Millisecond, time.Millisecond, shape{query: q, within: few}},
		{"many hits of the search before", time.Millisecond, lettersPause, shape{query: q, within: many}},
		{"no search", time.Millisecond, time.Millisecond, shape{within: many}},
		{"a longer wait", time.Second, time.Second, shape{query: q, within: many}},
		{"no wait at all", 0, 0, shape{query: q, within: many}},
	} {
		if got := New(Options{Now: time.Now, DrawFirst: c.first}).wait(c.s); got != c.want {
			t.Errorf("%s: waits %s, want %s", c.name, got, c.want)
		}
	}
}
