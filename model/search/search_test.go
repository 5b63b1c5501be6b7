package search

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
)

// people is a small book in which every contact has something of its own.
func people(tb testing.TB) model.Snapshot {
	tb.Helper()
	const rows = `[
	{"id":78,"contact_type":"lender_contact","first_name":"Sarah","last_name":"Chen","email":"schen@meridiancapital.com","title":"Senior Vice President","department":"Originations","address":"1 Battery Park Plaza","city":"New York","state":"NY","zip":"10004","linkedin_url":"https://linkedin.com/in/sarah-chen-cre","is_primary":true,"is_connected":true,"owner_account_id":56,"created_at":"2025-09-01T11:00:00Z","updated_at":"2026-02-20T16:45:00Z","phones":[{"id":9,"type":"mobile","raw":"(212) 555-0100 ext 4","e164":"+12125550100"}]},
	{"id":142,"contact_type":"lender_contact","first_name":"James","last_name":"Rodriguez","email":"jrodriguez@eastdilsecured.com","title":"Managing Director","department":"Debt Capital Markets","address":"40 West 57th Street","city":"New York","state":"NY","zip":"10019","linkedin_url":"https://linkedin.com/in/james-rodriguez-cre","is_primary":false,"is_connected":false,"owner_account_id":56,"created_at":"2026-03-20T15:30:45Z","updated_at":"2026-03-20T15:30:45Z"},
	{"id":3,"contact_type":"sponsor","first_name":"Jürgen","last_name":"Weiß","email":null,"title":"Geschäftsführer","city":"München","state":"","zip":"02139","is_primary":false,"is_connected":true,"owner_account_id":null,"created_at":"2025-12-31T23:59:59Z","updated_at":"2026-01-01T00:00:00Z"},
	{"id":4,"contact_type":"sponsor","first_name":"Anna","last_name":"O’Brien","email":"ANNA@Harborpoint.com","title":"Principal","department":null,"city":"Boston","state":"MA","zip":"02110-1234","is_primary":true,"created_at":null,"contact_types":["lender_contact","sponsor"]},
	{"id":5,"contact_type":null,"first_name":null,"last_name":null,"email":"info@chenault.com","title":"","is_primary":false,"is_connected":true},
	{"id":6,"contact_type":"broker","first_name":"明","last_name":"陈","email":"ming@firstharbor.com","title":"Vice President","city":"Los Angeles","state":"CA","is_connected":true,"updated_at":"2026-02-01T00:00:00Z"},
	{"id":7,"contact_type":"sponsor","first_name":"Charlotte","last_name":"Henderson","email":"ch@x.com","title":"Executive Vice President","department":"Capital Markets","city":"Chicago","state":"IL","is_connected":true,"updated_at":"2024-02-29T12:00:00Z"}
	]`
	return bookOf(tb, rows)
}

func bookOf(tb testing.TB, rows string) model.Snapshot {
	tb.Helper()
	var list []model.Contact
	decode(tb, rows, &list)
	var b model.Book
	for _, c := range list {
		b.Put(c.Pack())
	}
	return b.Snapshot()
}

func parse(tb testing.TB, input string) Query {
	tb.Helper()
	q, err := Parse(input)
	if err != nil {
		tb.Fatalf("Parse(%q): %v", input, err)
	}
	return q
}

// found is the ids that a query finds, in order.
func found(tb testing.TB, snap model.Snapshot, q Query, within []int32) []int64 {
	tb.Helper()
	r, err := New().Search(context.Background(), snap, q, within)
	if err != nil {
		tb.Fatal(err)
	}
	return ids(snap, r.Direct)
}

func ids(snap model.Snapshot, slots []int32) []int64 {
	out := []int64{}
	for _, s := range slots {
		out = append(out, snap.At(int(s)).ID())
	}
	return out
}

func TestSearchExtrasOfTheBook(t *testing.T) {
	t.Parallel()
	snap := bookOf(t, `[{"id":1,"Nickname":"Bobby"},{"id":2,"nick":"x"}]`)
	q, err := Parser{Extras: []string{"Nickname"}}.Parse("nickname:bob")
	if err != nil || len(q.Hints()) != 0 {
		t.Fatalf("err %v, hints %v", err, q.Hints())
	}
	if got := found(t, snap, q, nil); !slices.Equal(got, []int64{1}) {
		t.Errorf("found %v", got)
	}
}

func TestParserZone(t *testing.T) {
	t.Parallel()
	snap := people(t)
	q, err := Parser{Zone: time.FixedZone("", -5*3600)}.Parse("created:2025-12-31 !created:2026")
	if err != nil {
		t.Fatal(err)
	}
	if got := found(t, snap, q, nil); !slices.Equal(got, []int64{3}) {
		t.Errorf("23:59 UTC is still December 31 five hours west: %v", got)
	}
	q, _ = Parser{Zone: time.FixedZone("", 3600)}.Parse("created:2026-01-01")
	if got := found(t, snap, q, nil); !slices.Equal(got, []int64{3}) {
		t.Errorf("23:59 UTC is already January 1 one hour east: %v", got)
	}
}

func TestSearchWithin(t *testing.T) {
	t.Parallel()
	snap := people(t)
	m := New()
	r, err := m.Search(context.Background(), snap, parse(t, "chen"), []int32{6, 0, 0, 99, -1})
	if err != nil {
		t.Fatal(err)
	}
	if got := ids(snap, r.Direct); !slices.Equal(got, []int64{78}) || r.Searched != 2 {
		t.Errorf("found %v in %d", got, r.Searched)
	}
	r, err = m.Search(context.Background(), snap, parse(t, "chen"), []int32{})
	if err != nil || len(r.Direct) != 0 || r.Searched != 0 {
		t.Errorf("nothing searched: %v %v", r, err)
	}
	if r, err = m.Search(context.Background(), model.Snapshot{}, parse(t, "chen"), nil); err != nil || len(r.Direct) != 0 {
		t.Errorf("empty book: %v %v", r, err)
	}
}

func TestSearchStops(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := New().Search(ctx, people(t), parse(t, "chen"), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("err %v", err)
	}
}

func TestRanked(t *testing.T) {
	t.Parallel()
	for input, want := range map[string]bool{
		"": false, "chen": true, "^c": true, `"c"`: true, "/c/": false, "!chen": false, "type:lender": false,
		"state:ny": false, "city:york": true,
		"primary:yes": false, "updated:2026": false, "phones:5": false, "primary:yes chen": true, `email:""`: false,
	} {
		if got := parse(t, input).ranked; got != want {
			t.Errorf("%q ranked %v, want %v", input, got, want)
		}
	}
}

// Every way to the same query gives the same hits in the same order.
func TestNarrowingIsTheSame(t *testing.T) {
	t.Parallel()
	snap := fakeBook(t, 4000)
	m := New()
	for _, input := range []string{"yukm", "chen", "sv pres ny", `email:^j "cap`, "!analyst zo", "type:lender city:yo updated:>2025-01-01"} {
		var previous Query
		var within []int32
		for n := 1; n <= len(input); n++ {
			q := parse(t, input[:n])
			if !Extends(previous, q) {
				within = nil
			}
			narrowed, err := m.Search(context.Background(), snap, q, within)
			if err != nil {
				t.Fatal(err)
			}
			whole, err := m.Search(context.Background(), snap, q, nil)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(narrowed.Direct, whole.Direct) {
				t.Fatalf("%q: narrowed %d hits, whole %d", input[:n], len(narrowed.Direct), len(whole.Direct))
			}
			previous, within = q, narrowed.Direct
		}
	}
}

func TestRankingOfManyHits(t *testing.T) {
	t.Parallel()
	snap := fakeBook(t, 3*fullRank)
	q := parse(t, "a")
	r, err := New().Search(context.Background(), snap, q, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Direct) <= fullRank {
		t.Fatalf("only %d hits", len(r.Direct))
	}
	row := newRow(q.need)
	before := maxFit
	for i, slot := range r.Direct[fullRank:] {
		fit, ok := q.matches(row, snap.At(int(slot)))
		if !ok || fit > before {
			t.Fatalf("hit %d fits %d after %d", fullRank+i, fit, before)
		}
		before = fit
	}
	sorted := slices.Clone(r.Direct)
	slices.Sort(sorted)
	if len(slices.Compact(sorted)) != len(r.Direct) {
		t.Error("a contact was found twice")
	}
}

// Hits of every number come back whole and in order.
func TestBestFits(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 64, 65, 192, 20_000, 300_000} {
		found := make(fits, n)
		for i := range n {
			found[i] = uint16(1 + i%3)
		}
		out, firsts := found.best()
		for i, slot := range out {
			if i > 0 && (slot%3 > out[i-1]%3 || slot%3 == out[i-1]%3 && slot <= out[i-1]) {
				t.Fatalf("%d hits: slot %d after %d", n, slot, out[i-1])
			}
		}
		if len(out) != n || len(firsts) != min(n, fullRank) {
			t.Errorf("%d hits became %d and %d fits", n, len(out), len(firsts))
		}
	}
}

// Several goroutines find what one finds.
func TestSharedWalk(t *testing.T) {
	t.Parallel()
	snap := fakeBook(t, 3*shareSize+17)
	within := []int32{5, 64, shareSize - 1, shareSize, 3*shareSize + 16}
	for name, slots := range map[string][]int32{"all": nil, "some": within} {
		for _, workers := range []int{1, 3} {
			seen := make([]int32, snap.Len())
			n, err := newWalk(t.Context(), snap, slots).share(workers, func() slotFunc {
				return func(slot int32, p model.Packed) { seen[slot] += int32(p.ID()) }
			})
			want := snap.Len()
			if slots != nil {
				want = len(slots)
			}
			if err != nil || n != want {
				t.Fatalf("%s, %d workers: %d rows, %v", name, workers, n, err)
			}
			for slot, id := range seen {
				if wanted := slots == nil || slices.Contains(slots, int32(slot)); wanted != (int64(id) == snap.At(slot).ID()) {
					t.Fatalf("%s, %d workers: slot %d has %d", name, workers, slot, id)
				}
			}
		}
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := newWalk(stopped, snap, nil).share(2, func() slotFunc { return func(int32, model.Packed) {} }); err == nil {
		t.Error("a stopped walk reports no error")
	}
}

func TestTiesGoByNameAndID(t *testing.T) {
	t.Parallel()
	snap := bookOf(t, `[{"id":9,"first_name":"Bob","last_name":"Zimmer","city":"Salem"},{"id":8,"first_name":"Bob","last_name":"adams","city":"Salem"},
		{"id":2,"city":"Salem"},{"id":7,"first_name":"Al","last_name":"Adams","city":"Salem"},{"id":1,"city":"Salem"}]`)
	if got := found(t, snap, parse(t, "salem"), nil); !slices.Equal(got, []int64{7, 8, 9, 1, 2}) {
		t.Errorf("order %v", got)
	}
}

func FuzzParseAndSearch(f *testing.F) {
	for _, s := range []string{"chen", `email:"a b`, "/a|b/", "^陈", "!phones:5", "updated:>2026", "é\xff", "title:/(é/"} {
		f.Add(s)
	}
	snap := people(f)
	m := New()
	f.Fuzz(func(t *testing.T, input string) {
		q, err := Parse(input)
		if err != nil {
			var wrong *SyntaxError
			if !errors.As(err, &wrong) || wrong.Start < 0 || wrong.End > len(input) || wrong.Start > wrong.End {
				t.Fatalf("Parse(%q): %#v", input, err)
			}
			return
		}
		r, err := m.Search(context.Background(), snap, q, nil)
		if err != nil {
			t.Fatal(err)
		}
		for slot := range snap.Len() {
			marks, ok := Match(q, snap.At(slot))
			if ok != slices.Contains(r.Direct, int32(slot)) {
				t.Fatalf("%q: Match says %v of slot %d, Search found %v", input, ok, slot, r.Direct)
			}
			checkSpans(t, snap.At(slot), marks)
		}
		if !Extends(q, q) || !Extends(Query{}, q) {
			t.Fatalf("%q does not extend itself", input)
		}
	})
}
