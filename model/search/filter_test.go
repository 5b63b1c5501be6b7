package search

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/model"
)

func filterOf(tb testing.TB, s string) Filter {
	tb.Helper()
	f, err := ParseFilter(s)
	if err != nil {
		tb.Fatalf("ParseFilter(%q): %v", s, err)
	}
	return f
}

func TestFilterMatch(t *testing.T) {
	t.Parallel()
	snap := people(t)
	for _, c := range []struct {
		filter string
		want   []int64
	}{
		{"", []int64{78, 142, 3, 4, 5, 6, 7}},
		{"type=lender_contact", []int64{78, 142}},
		{"type=lender", []int64{78, 142}},
		{"type=sponsor,broker", []int64{3, 4, 6, 7}},
		{`type=""`, []int64{5}},
		{"state=NY", []int64{78, 142}},
		{"state=ny,ma", []int64{78, 142, 4}},
		{`state="",CA`, []int64{3, 5, 6}},
		{`city="new york"`, []int64{78, 142}},
		{"city=munchen", []int64{3}},
		{`title="vice president"`, []int64{6}},
		{"department=originations", []int64{78}},
		{"dept=originations", []int64{78}},
		{"primary=yes", []int64{78, 4}},
		{"primary=no", []int64{142, 3, 5, 6, 7}},
		{"primary=yes,no", []int64{78, 142, 3, 4, 5, 6, 7}},
		{"connected=no", []int64{142}},
		{"connected=true", []int64{78, 3, 4, 5, 6, 7}},
		{"type=lender state=NY primary=yes", []int64{78}},
		{"type=sponsor state=NY", []int64{}},
	} {
		f := filterOf(t, c.filter)
		got := []int64{}
		for slot := range snap.Len() {
			if f.Match(snap.At(slot)) {
				got = append(got, snap.At(slot).ID())
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q keeps %v, want %v", c.filter, got, c.want)
		}
		slots, err := f.Select(context.Background(), snap, nil)
		if err != nil || !slices.Equal(ids(snap, slots), c.want) {
			t.Errorf("%q selects %v %v, want %v", c.filter, ids(snap, slots), err, c.want)
		}
		if f.Match("") && !f.Empty() {
			t.Errorf("%q keeps a damaged contact", c.filter)
		}
	}
}

func TestFilterSelectWithin(t *testing.T) {
	t.Parallel()
	snap := people(t)
	slots, err := filterOf(t, "primary=yes").Select(context.Background(), snap, []int32{3, 1})
	if err != nil || !slices.Equal(slots, []int32{3}) {
		t.Errorf("slots %v %v", slots, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := filterOf(t, "primary=yes").Select(ctx, snap, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("err %v", err)
	}
}

func TestFilterChanges(t *testing.T) {
	t.Parallel()
	var f Filter
	if !f.Empty() || f.String() != "" || f.Describe() != "" {
		t.Errorf("the zero filter is not empty: %q", f)
	}
	g := f.Toggle(model.FieldState, " NY ").Toggle(model.FieldState, "CA").Toggle(model.FieldPrimary, Yes)
	if !f.Empty() || g.String() != "state=NY,CA primary=yes" {
		t.Errorf("toggled %q, the first is %q", g, f)
	}
	if !g.Has(model.FieldState, "ny") || g.Has(model.FieldState, "MA") {
		t.Error("Has does not fold")
	}
	if got := g.Toggle(model.FieldPrimary, No).String(); got != "state=NY,CA primary=no" {
		t.Errorf("a yes-or-no field holds both: %q", got)
	}
	if got := g.Toggle(model.FieldPrimary, Yes).Toggle(model.FieldState, "ny").String(); got != "state=CA" {
		t.Errorf("toggled off: %q", got)
	}
	if got := g.With(model.FieldState).With(model.FieldCity, "a", "A", "b").String(); got != "city=a,b primary=yes" {
		t.Errorf("replaced: %q", got)
	}
	if got := g.With(model.FieldEmail, "x"); !got.Equal(g) {
		t.Errorf("a field without a filter was taken: %q", got)
	}
	if !slices.Equal(g.Values(model.FieldState), []string{"NY", "CA"}) || len(g.Values(model.FieldCity)) != 0 {
		t.Errorf("values %v", g.Values(model.FieldState))
	}
	if !filterOf(t, "state=ca,ny primary=yes").Equal(g) || filterOf(t, "state=ca primary=yes").Equal(g) || filterOf(t, "state=ca,ma primary=yes").Equal(g) {
		t.Error("Equal depends on the order or misses a difference")
	}
}

func TestFilterText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, out, words string }{
		{"", "", ""},
		{"type=lender_contact,sponsor state=NY,CA primary=yes", "type=lender_contact,sponsor state=NY,CA primary=yes", "lender or sponsor · NY or CA · primary"},
		{"  Primary=TRUE\tTYPE=Lender ", "type=lender_contact primary=yes", "lender · primary"},
		{`city="New York","San Francisco" connected=no`, `city="New York","San Francisco" connected=no`, "New York or San Francisco · not connected"},
		{`department=""`, `department=""`, "no department"},
		{`title="a \"b\", c"`, `title="a \"b\", c"`, `a "b", c`},
		{"state=NY state=CA,ny", "state=NY,CA", "NY or CA"},
		{"city=a=b", "city=a=b", "a=b"},
		{"title=Geschäftsführer", "title=Geschäftsführer", "Geschäftsführer"},
	} {
		f := filterOf(t, c.in)
		if f.String() != c.out || f.Describe() != c.words {
			t.Errorf("%q is written %q and described %q, want %q and %q", c.in, f, f.Describe(), c.out, c.words)
		}
		if !filterOf(t, f.String()).Equal(f) {
			t.Errorf("%q does not come back", f)
		}
		var g Filter
		b, err := f.MarshalText()
		if err != nil || g.UnmarshalText(b) != nil || !g.Equal(f) {
			t.Errorf("%q does not come back from %q: %q", c.in, b, g)
		}
	}
}

func TestFilterTextErrors(t *testing.T) {
	t.Parallel()
	for in, part := range map[string]string{
		"state":           `"state" is not field=value`,
		"state NY":        `"state" is not field=value`,
		"ny state=NY":     `"ny" is not field=value`,
		"email=x":         `no field "email"`,
		"color=red":       `no field "color"; there are type, state`,
		"state=":          "state: a value is missing",
		"state=NY,":       "state: a value is missing",
		"state=,NY":       "state: a value is missing",
		`city="New`:       "is not closed",
		`city="a"b`:       `after "a" a comma or a blank is due`,
		"primary=perhaps": `primary: "perhaps" is not yes or no`,
	} {
		_, err := ParseFilter(in)
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("ParseFilter(%q): %v, want %q", in, err, part)
		}
		f := filterOf(t, "state=NY")
		if f.UnmarshalText([]byte(in)) == nil || f.String() != "state=NY" {
			t.Errorf("a bad text changed the filter to %q", f)
		}
	}
}

func FuzzFilterText(f *testing.F) {
	f.Add("New York", `a"b`, true)
	f.Add("", "\xff, =", false)
	f.Fuzz(func(t *testing.T, city, title string, primary bool) {
		in := Filter{}.With(model.FieldCity, city, "x").With(model.FieldTitle, title)
		if primary {
			in = in.Toggle(model.FieldPrimary, Yes)
		}
		out, err := ParseFilter(in.String())
		if err != nil || !out.Equal(in) || out.String() != in.String() {
			t.Fatalf("%q came back as %q: %v", in, out, err)
		}
	})
}

func TestFacets(t *testing.T) {
	t.Parallel()
	snap := people(t)
	got, err := FacetsWithin(context.Background(), snap, nil, filterOf(t, "type=sponsor state=MA,XX"), model.FieldType, model.FieldState, model.FieldPrimary, model.FieldConnected, model.FieldEmail, model.FieldType)
	if err != nil {
		t.Fatal(err)
	}
	want := map[model.FieldID][]Facet{
		model.FieldType:      {{"sponsor", 1}},                           // in MA or XX
		model.FieldState:     {{"", 1}, {"IL", 1}, {"MA", 1}, {"XX", 0}}, // of sponsors
		model.FieldPrimary:   {{Yes, 1}},                                 // of sponsors in MA or XX
		model.FieldConnected: {{Yes, 1}},                                 // the server left it out
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("facets %v, want %v", got, want)
	}
}

func TestFacetsFold(t *testing.T) {
	t.Parallel()
	snap := bookOf(t, `[{"id":1,"city":"New York "},{"id":2,"city":"NEW YORK"},{"id":3,"city":"new york"},{"id":4,"city":"Zürich"},{"id":5,"city":"zurich"},{"id":6,"city":null},{"id":7},{"id":8,"city":""}]`)
	got, err := FacetsWithin(context.Background(), snap, nil, Filter{}, model.FieldCity)
	if err != nil || !reflect.DeepEqual(got[model.FieldCity], []Facet{{"", 3}, {"New York", 3}, {"Zürich", 2}}) {
		t.Errorf("facets %v %v", got, err)
	}
	for _, facet := range got[model.FieldCity] {
		slots, err := Filter{}.Toggle(model.FieldCity, facet.Value).Select(context.Background(), snap, nil)
		if err != nil || len(slots) != facet.Count {
			t.Errorf("%q counts %d and keeps %d", facet.Value, facet.Count, len(slots))
		}
	}
}

// The numbers are those that choosing would give.
func TestFacetsAreTrue(t *testing.T) {
	t.Parallel()
	snap := fakeBook(t, 3000)
	for _, text := range []string{"", "state=NY", "type=sponsor state=CA,TX primary=yes", `title="",Analyst connected=no`} {
		f := filterOf(t, text)
		facets, err := FacetsWithin(context.Background(), snap, nil, f, model.FacetFields()...)
		if err != nil {
			t.Fatal(err)
		}
		for field, list := range facets {
			for _, facet := range list {
				slots, err := f.With(field, facet.Value).Select(context.Background(), snap, nil)
				if err != nil || len(slots) != facet.Count {
					t.Fatalf("%q with %s=%q: %d, counted %d", text, field.Name(), facet.Value, len(slots), facet.Count)
				}
			}
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := FacetsWithin(ctx, snap, nil, Filter{}, model.FieldCity); !errors.Is(err, context.Canceled) {
		t.Errorf("err %v", err)
	}
}

func TestValueLabel(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		field       model.FieldID
		value, want string
	}{
		{model.FieldType, model.TypeLender, "lender"},
		{model.FieldType, "", "no type"},
		{model.FieldPrimary, Yes, "primary"},
		{model.FieldPrimary, No, "not primary"},
		{model.FieldConnected, No, "not connected"},
		{model.FieldCity, "", "no city"},
		{model.FieldCity, "Boston", "Boston"},
	} {
		if got := ValueLabel(c.field, c.value); got != c.want {
			t.Errorf("ValueLabel(%s, %q) = %q, want %q", c.field.Name(), c.value, got, c.want)
		}
	}
}
