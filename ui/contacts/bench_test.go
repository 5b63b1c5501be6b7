package contacts

import (
	"context"
	"fmt"
	"testing"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/ui/uitest"
	"github.com/levcontacts/levcontacts/work"
)

func filled(n int) *Model {
	clock := uitest.NewClock()
	m := New(Options{Backend: uitest.NewService(0), Now: clock.Now, After: clock.After})
	for i := range n {
		m.book.Put(uitest.Person(i).Pack())
	}
	return m
}

// Appending a page of 200 does not depend on what is held.
func BenchmarkAppendPage(b *testing.B) {
	for _, n := range []int{1000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			m, page := filled(n), make([]model.Contact, 200)
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				for j := range page {
					page[j] = uitest.Person(j).With(model.FieldKey, model.IntValue(int64(10_000_000+i*200+j)))
				}
				p := newPager(model.CursorList(model.ConnectedOnly, 200), work.FeedFull)
				p.take(&m.book, model.Page{Rows: model.PackAll(page...), Total: n})
			}
		})
	}
}

// Searching is done beside the screen; this is the whole of it for one word.
func BenchmarkSearch(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		m := filled(n)
		for _, words := range []string{"zhan", "lender", "nobody"} {
			b.Run(fmt.Sprint(n, "/", words), func(b *testing.B) {
				q, err := search.Parse(words)
				if err != nil {
					b.Fatal(err)
				}
				s := shape{snap: m.book.Snapshot(), query: q, match: search.New()}
				b.ReportAllocs()
				for range b.N {
					if _, err := s.run(context.Background()); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
