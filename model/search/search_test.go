package search

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"levcontacts/model"
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
	b.Append(list)
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
	return ids(snap, r.Slots)
}

func ids(snap model.Snapshot, slots []int32) []int64 {
	out := []int64{}
	for _, s := range slots {
		out = append(out, snap.At(int(s)).ID())
	}
	return out
}

func TestSearchFinds(t *testing.T) {
	t.Parallel()
	snap := people(t)
	for _, c := range []struct {
		input string
		want  []int64
	}{
		{"", []int64{78, 142, 3, 4, 5, 6, 7}},
		{"   ", []int64{78, 142, 3, 4, 5, 6, 7}},
		// Ranking: name before e-mail, together before apart.
		{"chen", []int64{78, 5, 7, 3}}, // Chen, chenault, Charlotte Henderson, München
		{"CHEN", []int64{78, 5, 7, 3}},
		{"sarah chen", []int64{78}},
		{"chen sarah", []int64{78}},
		{"svp", []int64{78}},
		{"evp", []int64{7, 78}},
		{"chen yukm", []int64{}},
		{"ny", []int64{78, 142}},
		// Accents and case.
		{"jurgen", []int64{3}},
		{"Jürgen", []int64{3}},
		{"JU\u0308RGEN", []int64{3}},
		{"weiss", []int64{3}},
		{"weiß", []int64{3}},
		{"munchen", []int64{3}},
		{"o'brien", []int64{4}},
		{"O’Brien", []int64{4}},
		{"陈", []int64{6}},
		{"明 陈", []int64{6}},
		{"anna@harborpoint", []int64{4}},
		// Exact, prefix, regular expressions.
		{`"vice president"`, []int64{78, 7, 6}},
		{`"president vice"`, []int64{}},
		{`"vice pres`, []int64{78, 7, 6}},
		{`"cap mar"`, []int64{}},
		{"^ch", []int64{78, 7}},
		{"^sarah", []int64{78}},
		{`^"sarah ch"`, []int64{78}},
		{"^weiss", []int64{3}},
		{"^vice", []int64{6}},
		{"/svp|vice/", []int64{78, 6, 7}},
		{"/^Vice/", []int64{6}},
		{"/^vice", []int64{6}},
		{"/weiß$/", []int64{3}},
		{"/weiss$/", []int64{3}},
		{"/jürg.n/", []int64{3}},
		{"/m[uü]nchen/", []int64{3}},
		{`/vice\spres/ chicago`, []int64{7}},
		{`/\S+@harbor/`, []int64{4}},
		{"/", []int64{78, 142, 3, 4, 5, 6, 7}},
		// Fields.
		{"email:chen", []int64{5, 78}},
		{"email:^j", []int64{142}},
		{"EMAIL:^J", []int64{142}},
		{`email:""`, []int64{3}},
		{`email:"`, []int64{78, 142, 3, 4, 5, 6, 7}},
		{"email:", []int64{78, 142, 3, 4, 5, 6, 7}},
		{"email: chen", []int64{78, 5, 7, 3}},
		{"title:/svp|executive/", []int64{7}},
		{`title:"vice president"`, []int64{78, 7, 6}},
		{"name:^chen", []int64{78}},
		{"name:^ch", []int64{78, 7}},
		{"last:^chen", []int64{78}},
		{"first:^ch", []int64{7}},
		{"first:anna", []int64{4}},
		{"name:/^sarah chen$/", []int64{78}},
		{`name:""`, []int64{5}},
		{"dept:markets", []int64{7, 142}},
		{"department:dcm", []int64{142}},
		{"city:york", []int64{78, 142}},
		{"state:ny", []int64{78, 142}},
		{"state:n", []int64{78, 142}},
		{"state:y", []int64{}},
		{`state:""`, []int64{3, 5}},
		{"zip:100", []int64{78, 142}},
		{"zip:004", []int64{}},
		{"address:battery", []int64{78}},
		{"street:57th", []int64{142}},
		{"linkedin:chen", []int64{78}},
		{"linkedin:sarah-chen-cre", []int64{78}},
		{"linkedin_url:/james/", []int64{142}},
		{"type:lender", []int64{78, 142}},
		{"type:lender_contact", []int64{78, 142}},
		{"type:sponsor", []int64{3, 4, 7}},
		{"type:s", []int64{3, 4, 7}},
		{"type:broker", []int64{6}},
		{`type:""`, []int64{5}},
		{"primary:yes", []int64{78, 4}},
		{"primary:y", []int64{78, 4}},
		{"primary:no", []int64{142, 3, 5, 6, 7}},
		{"is_primary:true", []int64{78, 4}},
		{"connected:no", []int64{142}},
		{"connected:yes", []int64{78, 3, 4, 5, 6, 7}},
		{"id:78", []int64{78}},
		{"id:7", []int64{7}},
		{"id:>7", []int64{78, 142}},
		{"id:4..6", []int64{4, 5, 6}},
		{`id:"78"`, []int64{78}},
		{"id:>", []int64{78, 142, 3, 4, 5, 6, 7}},
		{"owner:56", []int64{78, 142}},
		{`owner:""`, []int64{3, 4, 5, 6, 7}},
		// Dates.
		{"updated:2026-02", []int64{78, 6}},
		{"updated:2026", []int64{78, 142, 3, 6}},
		{"updated:2026-02-20", []int64{78}},
		{"updated:>2026-01-01", []int64{78, 142, 6}},
		{"updated:>=2026-01-01", []int64{78, 142, 3, 6}},
		{"updated:<2026", []int64{7}},
		{"updated:<=2026-01", []int64{3, 7}},
		{"updated:2026-01..2026-02", []int64{78, 3, 6}},
		{"updated:2026-02-20T16:45:00Z", []int64{78}},
		{"updated:2026-02-20T16", []int64{78}},
		{"created:2025", []int64{78, 3}},
		{`updated:""`, []int64{4, 5}},
		{"updated:202", []int64{78, 142, 3, 4, 5, 6, 7}},
		{"updated:2026-", []int64{78, 142, 3, 6}},
		// Exclusions.
		{"!chen", []int64{142, 4, 6, 7}},
		{"!type:sponsor !ny", []int64{5, 6}},
		{"type:!sponsor !ny", []int64{5, 6}},
		{`!"vice president" !^j`, []int64{4, 5}},
		{"!/a/", []int64{}},
		{`!email:""`, []int64{78, 142, 4, 5, 6, 7}},
		{"!", []int64{78, 142, 3, 4, 5, 6, 7}},
		{"!primary:yes !connected:no", []int64{3, 5, 6, 7}},
		{"!updated:2026", []int64{4, 5, 7}},
		// Undocumented fields.
		{"phones:555", []int64{78}},
		{"phones:212-555", []int64{78}},
		{"phone:+1212", []int64{78}},
		{"phones:^+1", []int64{78}},
		{"phones:mobile", []int64{78}},
		{"phones:/^\\+1212/", []int64{78}},
		{"phones:999", []int64{}},
		{`!phones:""`, []int64{78}},
		{"contact_types:sponsor", []int64{4}},
		// Words that only look like something else.
		{"foo:bar", []int64{}},
		{"https://x", []int64{}},
		{"10:30", []int64{}},
	} {
		t.Run(c.input, func(t *testing.T) {
			t.Parallel()
			if got := found(t, snap, parse(t, c.input), nil); !slices.Equal(got, c.want) {
				t.Errorf("found %v, want %v", got, c.want)
			}
		})
	}
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
	if got := ids(snap, r.Slots); !slices.Equal(got, []int64{78, 7}) || r.Searched != 2 {
		t.Errorf("found %v in %d", got, r.Searched)
	}
	r, err = m.Search(context.Background(), snap, parse(t, "chen"), []int32{})
	if err != nil || len(r.Slots) != 0 || r.Searched != 0 {
		t.Errorf("nothing searched: %v %v", r, err)
	}
	if r, err = m.Search(context.Background(), model.Snapshot{}, parse(t, "chen"), nil); err != nil || len(r.Slots) != 0 {
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
		if got := parse(t, input).Ranked(); got != want {
			t.Errorf("%q ranked %v, want %v", input, got, want)
		}
	}
}

// Every way to the same query gives the same hits in the same order.
func TestNarrowingIsTheSame(t *testing.T) {
	t.Parallel()
	snap := fakeBook(t, 6000)
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
			if !slices.Equal(narrowed.Slots, whole.Slots) {
				t.Fatalf("%q: narrowed %d hits, whole %d", input[:n], len(narrowed.Slots), len(whole.Slots))
			}
			previous, within = q, narrowed.Slots
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
	if len(r.Slots) <= fullRank {
		t.Fatalf("only %d hits", len(r.Slots))
	}
	row := newRow(q.need)
	before := maxFit
	for i, slot := range r.Slots[fullRank:] {
		fit, ok := q.matches(row, snap.At(int(slot)))
		if !ok || fit > before {
			t.Fatalf("hit %d fits %d after %d", fullRank+i, fit, before)
		}
		before = fit
	}
	sorted := slices.Clone(r.Slots)
	slices.Sort(sorted)
	if len(slices.Compact(sorted)) != len(r.Slots) {
		t.Error("a contact was found twice")
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

func TestExtends(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		old, next string
		want      bool
	}{
		{"", "anything", true},
		{"ch", "che", true},
		{"che", "ch", false},
		{"ch", "ch ny", true},
		{"ch ny", "ch", false},
		{"cn", "chen", true},
		{"hc", "chen", false},
		{`"ch`, `"chen"`, true},
		{`"chen"`, `"cheny"`, true},
		{`"ce"`, `"che"`, false},
		{"^c", "^ch", true},
		{"^h", "^ch", false},
		{"c", "^c", false},
		{"email", "email:", false},
		{"email:c", "email:ch", true},
		{"email:c", "title:ch", false},
		{"!c", "!ch", false},
		{"!ch", "!c", true},
		{"!ch", "!ch x", true},
		{"/a/", "/ab/", false},
		{"/a/", "/a/ x", true},
		{"id:7", "id:78", false},
		{"id:>7", "id:>78", true},
		{"!id:>78", "!id:>7", true},
		{"updated:2026", "updated:2026-02", true},
		{"updated:2026-02", "updated:2026", false},
		{"primary:y", "primary:yes", true},
		{"primary:y", "primary:n", false},
		{"phones:5", "phones:55", true},
		{`email:""`, `email:"" x`, true},
	} {
		if got := Extends(parse(t, c.old), parse(t, c.next)); got != c.want {
			t.Errorf("Extends(%q, %q) = %v, want %v", c.old, c.next, got, c.want)
		}
	}
}

// When Extends says so, no hit of the next query is missing from the old one.
func TestExtendsIsTrue(t *testing.T) {
	t.Parallel()
	snap := people(t)
	r := rand.New(rand.NewPCG(3, 4))
	parts := []string{"c", "ch", "chen", "e", "^c", "^ch", `"ch"`, `"che"`, "!c", "!ch", "email:c", "email:ch", "!email:c", "/c/", "id:>5", "id:>6",
		"!id:>5", "updated:2026", "updated:2026-02", "!updated:2026", "state:n", "state:ny", "type:l", "type:s", "phones:5", "phones:55", "phones:5-5", "!phones:5", "primary:y"}
	for range 3000 {
		var inputs [2]string
		for i := range inputs {
			for range 1 + r.IntN(3) {
				inputs[i] += parts[r.IntN(len(parts))] + " "
			}
		}
		old, next := parse(t, inputs[0]), parse(t, inputs[1])
		if !Extends(old, next) {
			continue
		}
		wide := found(t, snap, old, nil)
		for _, id := range found(t, snap, next, nil) {
			if !slices.Contains(wide, id) {
				t.Fatalf("%q extends %q but finds %d too", inputs[1], inputs[0], id)
			}
		}
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		input      string
		start, end int
		part       string
	}{
		{"chen /(svp", 6, 10, "regexp /(svp/: missing closing )"},
		{"title:/a[b/", 8, 10, "missing closing ]"},
		{"/a**/", 2, 4, "invalid nested repetition"},
		{`/\pX/`, 1, 4, "invalid character class range"},
		{"primary:maybe", 0, 13, "primary:maybe: yes or no"},
		{"id:abc", 0, 6, "not a whole number"},
		{"id:=>5", 0, 6, "compare with"},
		{"x updated:2026-13", 2, 17, "not a date"},
		{"updated:yesterday", 0, 17, "not a date"},
		{"updated:>2026-02-30", 0, 19, "not a date"},
		{"updated:2026..later", 0, 19, "not a date"},
		{"updated:2026-02-20T16:45:00Zx", 0, 29, "not a date"},
	} {
		_, err := Parse(c.input)
		var wrong *SyntaxError
		if !errors.As(err, &wrong) {
			t.Errorf("Parse(%q): %v", c.input, err)
			continue
		}
		if wrong.Start != c.start || wrong.End != c.end || !strings.Contains(wrong.Error(), c.part) {
			t.Errorf("Parse(%q): %d to %d %q, want %d to %d %q", c.input, wrong.Start, wrong.End, wrong, c.start, c.end, c.part)
		}
	}
}

// Whatever is typed on the way to a good query is no error, but for an
// expression that is not closed yet.
func TestParseWhileTyping(t *testing.T) {
	t.Parallel()
	for _, input := range []string{`chen "new york" !email:"x y"`, "updated:>=2026-02-14T09:30:00 id:10..20", "title:/svp|evp/ primary:yes", "created:2025-01..2025-02", `^"sarah ch" state:ny`, `email:"" !phones:212-555`} {
		for i := range len(input) + 1 {
			if _, err := Parse(input[:i]); err != nil {
				t.Errorf("Parse(%q): %v", input[:i], err)
			}
		}
	}
}

func TestHints(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		input string
		want  []string
	}{
		{"chen email:x", nil},
		{"http://x 10:30 a.b:c", nil},
		{`"foo:bar"`, nil},
		{"emial:x", []string{`0-5 no field "emial", taken as text; did you mean email:`}},
		{"a stat:x !tit:y", []string{`2-6 no field "stat", taken as text; did you mean state:`, `10-13 no field "tit", taken as text; did you mean title:`}},
		{"wxyzzy:x", []string{`0-6 no field "wxyzzy", taken as text`}},
	} {
		var got []string
		for _, h := range parse(t, c.input).Hints() {
			got = append(got, fmt.Sprintf("%d-%d %s", h.Start, h.End, h.Text))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("hints of %q: %q, want %q", c.input, got, c.want)
		}
	}
}

func TestQueryEmpty(t *testing.T) {
	t.Parallel()
	for input, want := range map[string]bool{"": true, "email:": true, `"`: true, "!": true, "\u0301": true, "a": false, `email:""`: false} {
		if got := parse(t, input).Empty(); got != want {
			t.Errorf("%q empty %v", input, got)
		}
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
			if ok != slices.Contains(r.Slots, int32(slot)) {
				t.Fatalf("%q: Match says %v of slot %d, Search found %v", input, ok, slot, r.Slots)
			}
			checkSpans(t, snap.At(slot), marks)
		}
		if !Extends(q, q) || !Extends(Query{}, q) {
			t.Fatalf("%q does not extend itself", input)
		}
	})
}
