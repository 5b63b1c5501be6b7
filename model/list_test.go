package model

import (
	"strconv"
	"strings"
	"testing"
)

func TestRequestPlaces(t *testing.T) {
	t.Parallel()
	title := Sort{Field: FieldTitle, Desc: true}
	for _, c := range []struct {
		r      Request
		text   string
		first  bool
		limit  int
		sorted bool
	}{
		{CursorList(ConnectedOnly, 200), "start limit 200", true, 200, false},
		{CursorList(NotConnected, 0), "start limit 50", true, 50, false},
		{CursorList(ConnectedOnly, 500), "start limit 200", true, 200, false},
		{CursorList(ConnectedOnly, -3), "start limit 1", true, 1, false},
		{ResumeList(ConnectedOnly, "eyJpZCI6IDc4fQ==", 100), "cursor eyJpZCI6IDc4fQ== limit 100", false, 100, false},
		{ResumeList(ConnectedOnly, "", 100), "start limit 100", true, 100, false},
		{SortedList(ConnectedOnly, title, 0, 50), "sort -title offset 0 limit 50", true, 50, true},
		{SortedList(ConnectedOnly, title, 150, 50), "sort -title offset 150 limit 50", false, 50, true},
		{SortedList(ConnectedOnly, title, -1, 50), "sort -title offset 0 limit 50", true, 50, true},
		{SortedList(ConnectedOnly, Sort{}, 100, 50), "start limit 50", true, 50, false},
		{SortedList(ConnectedOnly, Sort{Desc: true}, 0, 50).WithLimit(7), "sort -id offset 0 limit 7", true, 7, true},
	} {
		if c.r.String() != c.text || c.r.First() != c.first || c.r.Limit() != c.limit || c.r.Sort().IsZero() == c.sorted {
			t.Errorf("%q first %v limit %d sort %v, want %+v", c.r, c.r.First(), c.r.Limit(), c.r.Sort(), c)
		}
		if c.r.Cursor() != "" && !c.r.Sort().IsZero() {
			t.Errorf("%q has a cursor and a sort", c.r)
		}
	}
	if r := CursorList(NotConnected, 5); r.Connection() != NotConnected {
		t.Error("the connection is lost")
	}
	if (Sort{Field: FieldTitle}).Param() != "title" || title.Param() != "-title" {
		t.Error("sort as the API writes it")
	}
}

// pageOf is a page with n contacts.
func pageOf(n int, more bool, next string) Page {
	return Page{Rows: make([]Packed, n), HasMore: more, NextCursor: next}
}

func TestRequestAfter(t *testing.T) {
	t.Parallel()
	start := CursorList(NotConnected, 100)
	at := ResumeList(ConnectedOnly, "A", 100)
	sorted := SortedList(ConnectedOnly, Sort{Field: FieldTitle}, 100, 50)
	lowered := pageOf(20, true, "")
	lowered.Limit = 20
	raised := pageOf(50, true, "")
	raised.Limit = 100
	for _, c := range []struct {
		name  string
		r     Request
		p     Page
		added int
		next  string
		stop  Stop
	}{
		{"on from the start", start, pageOf(100, true, "A"), 100, "cursor A limit 100", More},
		{"on from a cursor", at, pageOf(100, true, "B"), 100, "cursor B limit 100", More},
		{"on with one new row", at, pageOf(100, true, "B"), 1, "cursor B limit 100", More},
		{"the end", at, pageOf(3, false, ""), 3, "cursor A limit 100", Complete},
		{"the end with a cursor left over", at, pageOf(3, false, "B"), 3, "cursor A limit 100", Complete},
		{"the end without new rows", at, pageOf(3, false, ""), 0, "cursor A limit 100", Complete},
		{"an empty list", start, pageOf(0, false, ""), 0, "start limit 100", Complete},
		{"more but no cursor", start, pageOf(100, true, ""), 100, "start limit 100", NoCursor},
		{"more but no cursor, later", at, pageOf(100, true, ""), 100, "cursor A limit 100", NoCursor},
		{"the same cursor", at, pageOf(100, true, "A"), 5, "cursor A limit 100", SameCursor},
		{"nothing new", at, pageOf(100, true, "B"), 0, "cursor A limit 100", NothingNew},
		{"nothing new and no cursor", at, pageOf(100, true, ""), 0, "cursor A limit 100", NothingNew},
		{"an empty page with more", at, pageOf(0, true, "B"), 0, "cursor A limit 100", EmptyPage},
		{"sorted, on by limit", sorted, pageOf(50, true, ""), 50, "sort title offset 150 limit 50", More},
		{"sorted, a cursor is not taken", sorted, pageOf(50, true, "A"), 50, "sort title offset 150 limit 50", More},
		{"sorted, a short page moves by limit", sorted, pageOf(49, true, ""), 49, "sort title offset 150 limit 50", More},
		{"sorted, the server lowered the limit", sorted, lowered, 20, "sort title offset 120 limit 50", More},
		{"sorted, the server says a larger limit", sorted, raised, 50, "sort title offset 150 limit 50", More},
		{"sorted, the end", sorted, pageOf(5, false, ""), 5, "sort title offset 100 limit 50", Complete},
		{"sorted, nothing new", sorted, pageOf(50, true, ""), 0, "sort title offset 100 limit 50", NothingNew},
		{"sorted, an empty page with more", sorted, pageOf(0, true, ""), 0, "sort title offset 100 limit 50", EmptyPage},
	} {
		next, stop := c.r.After(c.p, c.added)
		if next.String() != c.next || stop != c.stop {
			t.Errorf("%s: %q %d, want %q %d", c.name, next, stop, c.next, c.stop)
		}
		if next.Connection() != c.r.Connection() || next.Sort() != c.r.Sort() {
			t.Errorf("%s: the list became another one", c.name)
		}
	}
}

func TestStopText(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, s := range []Stop{NoCursor, SameCursor, NothingNew, EmptyPage} {
		if s.Text() == "" || seen[s.Text()] {
			t.Errorf("stop %d says %q", s, s.Text())
		}
		seen[s.Text()] = true
	}
	if More.Text() != "" || Complete.Text() != "" {
		t.Error("nothing is to be said of a proper end")
	}
}

// X14: a list that never ends is stopped, whatever the service says of its size.
func TestListCaps(t *testing.T) {
	t.Parallel()
	small, large := make([]Packed, MaxLimit), make([]Packed, MaxLimit)
	for i := range MaxLimit {
		small[i], large[i] = Packed(strings.Repeat("x", 240)), Packed(strings.Repeat("x", 80<<10))
	}
	for _, c := range []struct {
		name  string
		rows  []Packed
		total func(read int) int
		pages int // to try
		want  Stop
	}{
		{"a million contacts", small, func(int) int { return 1_000_000 }, 5_000, More},
		{"a total too small", small, func(int) int { return 200 }, 50, More},
		{"no total", small, func(int) int { return -1 }, 5_000, More},
		{"X14 endless beyond the total", small, func(int) int { return 200 }, 100, BeyondTotal},
		{"X14 endless pages of 16 MB", large, func(int) int { return -1 }, 20, TooLarge},
		{"X14 endless with a total that grows", large, func(read int) int { return read + 1000 }, 20, TooLarge},
	} {
		r, stop := CursorList(ConnectedOnly, MaxLimit), More
		for n := 0; n < c.pages && stop == More; n++ {
			page := Page{Rows: c.rows, Total: c.total(n * MaxLimit), HasMore: true, NextCursor: strconv.Itoa(n)}
			r, stop = r.After(page, MaxLimit)
		}
		if stop != c.want || (stop == More) != (stop.Text() == "") {
			t.Errorf("%s: stopped with %d %q, want %d", c.name, stop, stop.Text(), c.want)
		}
	}
}
