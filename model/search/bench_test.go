package search

import (
	"context"
	"fmt"
	"testing"

	"github.com/levcontacts/levcontacts/model"
)

// The sizes of the benchmarks. The million takes half a minute to build: ask
// for it with -bench 1000000.
func benchSizes() []int { return []int{100_000, 1_000_000} }

func BenchmarkSearch(b *testing.B) {
	for _, n := range benchSizes() {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			snap := fakeBook(b, n)
			m := New()
			for _, input := range []string{"yukm", "chen", "anna", "a", "sv pres", "zzzz", "email:^j", `"chen"`, "type:lender state:ny", "title:/svp|executive/"} {
				q, err := Parse(input)
				if err != nil {
					b.Fatal(err)
				}
				b.Run(input, func(b *testing.B) {
					b.ReportAllocs()
					var hits int
					for b.Loop() {
						r, err := m.Search(context.Background(), snap, q, nil)
						if err != nil {
							b.Fatal(err)
						}
						hits = len(r.Direct)
					}
					b.ReportMetric(float64(hits), "hits")
				})
			}
		})
	}
}

func BenchmarkSort(b *testing.B) {
	for _, n := range benchSizes() {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			snap := fakeBook(b, n)
			for _, f := range []model.FieldID{model.FieldLastName, model.FieldTitle, model.FieldEmail, model.FieldLinkedIn, model.FieldState, model.FieldUpdated, model.FieldPrimary} {
				b.Run(f.Name(), func(b *testing.B) {
					b.ReportAllocs()
					for b.Loop() {
						if _, err := Sort(context.Background(), snap, nil, model.Sort{Field: f}); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		})
	}
}

func BenchmarkFacets(b *testing.B) {
	for _, n := range benchSizes() {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			snap := fakeBook(b, n)
			f, err := ParseFilter("state=NY,CA primary=yes")
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := FacetsWithin(context.Background(), snap, nil, f, model.FacetFields()...); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkTwins(b *testing.B) {
	for _, n := range benchSizes() {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			snap := fakeBook(b, n)
			candidate := model.NewContact(0, map[model.FieldID]model.Value{
				model.FieldFirstName: model.TextValue("Sarah"), model.FieldLastName: model.TextValue("Chenault"),
				model.FieldEmail: model.TextValue("schen@meridiancapital.com"), model.FieldLinkedIn: model.TextValue("https://linkedin.com/in/sarah-chenault"),
			}).WithExtra(phonesField, `[{"raw":"212 555 0100"}]`)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Twins(context.Background(), snap, candidate, 5); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkPairs(b *testing.B) {
	for _, n := range benchSizes() {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			snap := fakeBook(b, n)
			b.ReportAllocs()
			for b.Loop() {
				pairs := 0
				if err := Pairs(context.Background(), snap, func(Pair) bool { pairs++; return true }); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(pairs), "pairs")
			}
		})
	}
}

func BenchmarkMatch(b *testing.B) {
	snap := fakeBook(b, 100)
	q, err := Parse("sarah svp ny")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		Match(q, snap.At(0))
	}
}
