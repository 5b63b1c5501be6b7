package search

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
)

// desk is a book of people who are hard to find.
func desk(tb testing.TB) model.Snapshot {
	tb.Helper()
	return bookOf(tb, `[
	{"id":1,"first_name":"Sean","last_name":"O'Connor","email":"soconnor@first-harbor.com","title":"Managing Director","city":"St. Louis","state":"MO","zip":"63101","address":"40 Main Street","linkedin_url":"https://www.linkedin.com/in/sean-oconnor-cre/","address2":"Floor 18","phones":[{"id":1,"type":"office","raw":"(212) 555-0193","country":"US","e164":"+12125550193","extension":null}]},
	{"id":2,"first_name":"Jean-Luc","last_name":"Picard","email":"jl.picard@meridian.com","title":"VP, Originations","city":"New York","state":"NY","zip":"10019","phones":[{"raw":"+44 20 7946 0958"}]},
	{"id":3,"first_name":"J. P.","last_name":"Morgan","email":"jp@gmail.com","title":"Senior Vice President","state":"Texas","city":"Austin"},
	{"id":4,"first_name":"Robert","last_name":"Smith","email":"rsmith@meridian.com","title":"Vice President","city":"Tiffany Springs","state":"NY","updated_at":"2026-11-10T00:00:00Z"},
	{"id":5,"first_name":"Bob","last_name":"Smithson","title":"Chief Financial Officer","department":"DCM","city":"Dallas","state":"TX","updated_at":"2026-10-05T00:00:00Z","note":{"assistant":"Ann Bo"}},
	{"id":6,"first_name":"Kelly","last_name":"James","email":"kelly@x.com","updated_at":"2025-01-01T00:00:00Z"},
	{"id":7,"first_name":"James","last_name":"Kelly","email":"jk@x.com","contact_type":"lender_contact"},
	{"id":8,"first_name":"Zoë","last_name":"Müller-Lüdenscheidt","email":"zm@y.com","contact_type":"sponsor"},
	{"id":9,"first_name":"Christopher","last_name":"Rodriguez","email":"crodriguez@meridian.com"}
	]`)
}

func findAll(t *testing.T, snap model.Snapshot, findings []finding) {
	t.Helper()
	for _, c := range findings {
		if got := found(t, snap, parse(t, c.input), nil); !slices.Equal(got, c.want) {
			t.Errorf("%q finds %v, want %v", c.input, got, c.want)
		}
	}
}

func TestWordsInEveryText(t *testing.T) {
	t.Parallel()
	findAll(t, desk(t), []finding{
		{"oconnor", []int64{1}},
		{"o'connor", []int64{1}},
		{"O’Connor", []int64{1}},
		{"connor", []int64{1}},
		{"jean luc", []int64{2}},
		{"jean-luc", []int64{2}},
		{"jeanluc", []int64{2}},
		{"luc jean", []int64{2}},
		{"jp", []int64{3}},
		{"j.p.", []int64{3}},
		{"stlouis", []int64{1}},
		{"st louis", []int64{1}},
		{"63101", []int64{1}},
		{"main 40", []int64{1}},
		{"floor 18", []int64{1}},
		{"ann", []int64{5}}, // the assistant
		{"first-harbor", []int64{1}},
		{"firstharbor", []int64{1}},
		{"sean-oconnor-cre", []int64{1}},
		{"linkedin", []int64{}},
		{"contact", []int64{}},
		{"lender", []int64{7}},
		{"zoe muller", []int64{8}},
		{"ludenscheidt", []int64{8}},
		{"MÜLLER", []int64{8}},
		{"rah", []int64{}},
	})
}

func TestPhonesHoweverWritten(t *testing.T) {
	t.Parallel()
	findAll(t, desk(t), []finding{
		{"2125550193", []int64{1}},
		{"(212) 555-0193", []int64{1}},
		{"212.555.0193", []int64{1}},
		{"+1 212 555 0193", []int64{1}},
		{"1-212-555-0193", []int64{1}},
		{"+12125550193", []int64{1}},
		{"tel:+12125550193", []int64{1}},
		{"212 555 0193 x12", []int64{1}},
		{"555-0193 ext. 4", []int64{1}},
		{"0193", []int64{1}},
		{"+44 20 7946 0958", []int64{2}},
		{"7946", []int64{2}},
		{"2125550194", []int64{}},
		{"40 63101", []int64{1}}, // a house number and a ZIP code, not a phone number
		{"has:phone", []int64{1, 2}},
		{"no:phone james", []int64{6, 7}},
	})
}

func TestPasted(t *testing.T) {
	t.Parallel()
	findAll(t, desk(t), []finding{
		{"Robert Smith <rsmith@meridian.com>", []int64{4}},
		{`"Smith, Robert" <rsmith@meridian.com>`, []int64{4}},
		{"Smith, Robert", []int64{4, 5}},
		{"mailto:rsmith@meridian.com?subject=x", []int64{4}},
		{"<mailto:rsmith@meridian.com>", []int64{4}},
		{"https://www.linkedin.com/in/sean-oconnor-cre/?trk=x", []int64{1}},
		{"linkedin.com/in/sean-oconnor-cre", []int64{1}},
		{"https://www.first-harbor.com/team", []int64{1}},
		{"jl.picard@meridian.com;", []int64{2}},
	})
}

func TestRankOfPlaces(t *testing.T) {
	t.Parallel()
	findAll(t, bookOf(t, `[
		{"id":1,"city":"Chen City"},
		{"id":2,"title":"Chen Desk"},
		{"id":3,"email":"x@chen.com"},
		{"id":4,"email":"chen@x.com"},
		{"id":5,"last_name":"Munchener"},
		{"id":6,"last_name":"Cheng"},
		{"id":7,"first_name":"Chen"},
		{"id":8,"last_name":"Chen","first_name":"Al"},
		{"id":9,"last_name":"Chen"},
		{"id":10,"address":"1 Chen Street"}]`), []finding{
		{"chen", []int64{9, 7, 8, 6, 5, 4, 3, 2, 1, 10}},
	})
	findAll(t, desk(t), []finding{
		{"kelly james", []int64{6, 7}},
		{"james kelly", []int64{7, 6}},
		{"smith", []int64{4, 5}},
		{"ny", []int64{2, 4}},
	})
}

func TestKnownEquals(t *testing.T) {
	t.Parallel()
	findAll(t, desk(t), []finding{
		{"bob", []int64{5, 4}},
		{"bob smith", []int64{5, 4}},
		{"robert", []int64{4, 5}},
		{"name:bob", []int64{5, 4}},
		{"first:rob", []int64{4, 5}},
		{"!bob smith", []int64{4}},
		{"tx", []int64{5, 3}},
		{"texas", []int64{3, 5}},
		{"state:texas", []int64{3, 5}},
		{"vp", []int64{2, 3, 4}},
		{"vice president", []int64{3, 4, 2}},
		{"cfo dallas", []int64{5}},
		{"debt capital markets", []int64{5}},
		{"chris rodriguez", []int64{9}},
	})
}

func TestEitherAndPresence(t *testing.T) {
	t.Parallel()
	findAll(t, desk(t), []finding{
		{"picard | morgan", []int64{3, 2}},
		{"picard|morgan", []int64{3, 2}},
		{"picard | morgan state:ny", []int64{2}},
		{"picard |", []int64{2}},
		{"| picard", []int64{2}},
		{"no:email", []int64{5}},
		{"has:email smith", []int64{4}},
		{"has:linkedin", []int64{1}},
		{"has:", []int64{1, 2, 3, 4, 5, 6, 7, 8, 9}},
		{"company:meridian", []int64{2, 9, 4}},
		{"state=NY,TX", []int64{2, 4, 5}},
		{"company=meridian.com smith", []int64{4}},
		{"!state=NY smith", []int64{5}},
		{"has-phone=yes", []int64{1, 2}},
		{"has-email:no", []int64{5}},
		{"~rbts", []int64{4}},
		{"state=", []int64{1, 2, 3, 4, 5, 6, 7, 8, 9}},
	})
	for input, want := range map[string]string{
		"has:emial": `no field "emial"; did you mean email`,
		"no:phon x": "", // phones begins so: it is being typed
	} {
		hints := parse(t, input).Hints()
		if got := ""; len(hints) > 0 {
			if got = hints[0].Text; want != "" && got != want {
				t.Errorf("%q hints %q, want %q", input, got, want)
			}
		} else if want != "" {
			t.Errorf("%q gives no hint", input)
		}
	}
}

func TestAgesAndNamedPeriods(t *testing.T) {
	t.Parallel()
	snap := desk(t)
	p := Parser{Now: func() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) }}
	for _, c := range []finding{
		{"updated:<30d", []int64{4}},
		{"updated:30d", []int64{4}},
		{"updated:>1y", []int64{6}},
		{"updated:1m..1y", []int64{5}},
		{"updated:this-month", []int64{4}},
		{"updated:last-month", []int64{5}},
		{"updated:last-year", []int64{6}},
		{"updated:today", []int64{}},
		{"updated:>=last-month", []int64{4, 5}},
		{"updated:this-y", []int64{1, 2, 3, 4, 5, 6, 7, 8, 9}},
		{"updated:<3", []int64{1, 2, 3, 4, 5, 6, 7, 8, 9}},
	} {
		q, err := p.Parse(c.input)
		if err != nil {
			t.Errorf("%q: %v", c.input, err)
			continue
		}
		if got := found(t, snap, q, nil); !slices.Equal(got, c.want) {
			t.Errorf("%q finds %v, want %v", c.input, got, c.want)
		}
	}
}

func TestSimilar(t *testing.T) {
	t.Parallel()
	snap := desk(t)
	for _, c := range []finding{
		{"picrad", []int64{2}},          // swapped
		{"pixard", []int64{2}},          // wrong
		{"piccard", []int64{2}},         // doubled
		{"pcard", []int64{2}},           // dropped
		{"rodrigues chris", []int64{9}}, // with a known equal
		{"rodrigeuz", []int64{9}},
		{"rodrgieuz", []int64{9}}, // two in a long word
		{"rodirg", []int64{9}},    // in the beginning of a word
		{"smiht", []int64{4, 5}},
		{"oconor", []int64{1}},
		{"kelyl james", []int64{6, 7}},
		{"picard", nil}, // direct
		{"bbo", nil},    // too short
		{"jmaes nobody", nil},
		{`"picrad"`, nil},
		{"state:mx picrad", nil},
		{"state:ny picrad", []int64{2}},
		{"2125550194", nil},
		{"!picrad", nil},
	} {
		q := parse(t, c.input)
		slots, err := New().Similar(context.Background(), snap, q, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := ids(snap, slots); !slices.Equal(got, c.want) && len(got)+len(c.want) > 0 {
			t.Errorf("%q is similar to %v, want %v", c.input, got, c.want)
		}
		for _, slot := range slots {
			marks, ok := MatchSimilar(q, snap.At(int(slot)))
			if !ok || len(marks) == 0 {
				t.Errorf("%q marks nothing of contact %d", c.input, snap.At(int(slot)).ID())
			}
			if _, direct := Match(q, snap.At(int(slot))); direct {
				t.Errorf("%q: contact %d is both", c.input, snap.At(int(slot)).ID())
			}
		}
	}
}

// Similar contacts come only when they are asked for or there are few others.
func TestFindAsksForSimilar(t *testing.T) {
	t.Parallel()
	snap := fakeBook(t, 1500)
	for input, want := range map[string][2]bool{"smith": {false, true}, "smiht": {true, true}} {
		for i, asked := range []bool{false, true} {
			r, err := New().Find(context.Background(), snap, parse(t, input), nil, asked)
			if err != nil || (len(r.Similar) > 0) != want[i] && input == "smiht" || !asked && input == "smith" && r.Similar != nil {
				t.Errorf("%q asked %v: %d direct, %d similar, %v", input, asked, len(r.Direct), len(r.Similar), err)
			}
		}
	}
}

// The cheap look at packed bytes never closes on a contact that matches.
func TestGateIsOpenForHits(t *testing.T) {
	t.Parallel()
	for _, snap := range []model.Snapshot{desk(t), people(t), fakeBook(t, 300)} {
		for _, input := range []string{"oconnor", "jeanluc", "jp", "lender", "spons", "ann", "vp", "texas", "bob", "muller", "2125550193", "floor", `"new york"`,
			"^sar", "main 40", "st louis", "chen", "weiss", "陈", "state:ny", "type:l", "first-harbor.com", "company:meridian"} {
			q := parse(t, input)
			open := q
			open.gates = nil
			if got, want := found(t, snap, q, nil), found(t, snap, open, nil); !slices.Equal(got, want) {
				t.Errorf("%q finds %v behind the gate and %v without", input, got, want)
			}
		}
	}
}

func TestFacetsOfCompanyAndReach(t *testing.T) {
	t.Parallel()
	snap := desk(t)
	got, err := FacetsWithin(context.Background(), snap, []int32{0, 1, 2, 3, 4}, Filter{}, model.FacetCompany, model.FacetEmail, model.FacetPhone)
	if err != nil {
		t.Fatal(err)
	}
	for f, want := range map[model.FieldID][]Facet{
		model.FacetCompany: {{"", 2}, {"meridian.com", 2}, {"first-harbor.com", 1}},
		model.FacetEmail:   {{Yes, 4}, {No, 1}},
		model.FacetPhone:   {{No, 3}, {Yes, 2}},
	} {
		if !slices.Equal(got[f], want) {
			t.Errorf("%s: %v, want %v", f.Name(), got[f], want)
		}
		for _, facet := range want {
			slots, err := Filter{}.With(f, facet.Value).Select(context.Background(), snap, []int32{0, 1, 2, 3, 4})
			if err != nil || len(slots) != facet.Count {
				t.Errorf("%s=%q keeps %d, counted %d", f.Name(), facet.Value, len(slots), facet.Count)
			}
		}
	}
	f := filterOf(t, "company=meridian.com has-phone=yes")
	if f.String() != "company=meridian.com has-phone=yes" || f.Describe() != "meridian.com · with phone number" || !f.Match(snap.At(1)) || f.Match(snap.At(3)) {
		t.Errorf("%q %q", f, f.Describe())
	}
}

// What a query and a filter say with the same words is the same.
func TestOneLanguage(t *testing.T) {
	t.Parallel()
	snap := people(t)
	for _, text := range []string{"state=NY,CA", `state="",CA`, "type=lender", "type=sponsor,broker", `city="new york"`, "primary=yes", "connected=no", "type=lender state=NY primary=yes"} {
		slots, err := filterOf(t, text).Select(context.Background(), snap, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := found(t, snap, parse(t, text), nil), ids(snap, slots); !slices.Equal(got, want) {
			t.Errorf("%q finds %v as a query and %v as a filter", text, got, want)
		}
	}
	for _, text := range []string{"primary=perhaps", `city="a"b`} {
		if _, err := Parse(text); err == nil {
			t.Errorf("%q is a query", text)
		}
	}
}

// Every example can be typed, and those about the contact find it.
func TestExamples(t *testing.T) {
	t.Parallel()
	for _, snap := range []model.Snapshot{desk(t), people(t)} {
		for slot := range snap.Len() {
			p := snap.At(slot)
			for _, e := range Examples(p) {
				q, err := Parse(e.Query)
				if err != nil || q.Empty() || len(q.Hints()) > 0 || e.Finds == "" {
					t.Errorf("%q: %v %v", e.Query, err, q.Hints())
				}
			}
		}
	}
	if got := Examples(people(t).At(0)); got[0].Query != "chen new" || got[4].Query != "!senior" || got[7].Query != "state=NY,CA" {
		t.Errorf("%v", got)
	}
	for _, e := range Examples(people(t).At(0))[:4] {
		if _, ok := Match(parse(t, e.Query), people(t).At(0)); !ok {
			t.Errorf("%q does not find the contact it was made of", e.Query)
		}
	}
}

// The notes that are held are searched on request, and only then.
func TestNotesThatAreHeld(t *testing.T) {
	t.Parallel()
	snap := desk(t)
	held := map[int64][]string{2: {"Call back on Thursday", "Prefers bridge loans"}, 5: {"Außendienst, +1 212 555 0193"}, 7: nil}
	p := Parser{Notes: func(id int64) []string { return held[id] }}
	for input, want := range map[string][]int64{
		"note:thursday": {2}, "notes:THURS": {2}, `note:"bridge loans"`: {2}, "note:aussendienst": {5}, "note:0193": {5}, "note:picard": {},
		"has:note": {2, 5}, "picard note:call": {2}, "smithson note:call": {}, "thursday": {}, "note:/^Call/": {2},
	} {
		q, err := p.Parse(input)
		if err != nil {
			t.Fatal(err)
		}
		if got := found(t, snap, q, nil); !slices.Equal(got, want) && len(got)+len(want) > 0 {
			t.Errorf("%q finds %v, want %v", input, got, want)
		}
	}
	if hints := parse(t, "note:x").Hints(); len(hints) != 1 || hints[0].Text != "no notes are held here yet" {
		t.Errorf("%v", hints)
	}
}
