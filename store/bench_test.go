package store

import (
	"fmt"
	"testing"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// filled is a folder with a copy of n contacts in it.
func filled(b *testing.B, n int) (dir string) {
	b.Helper()
	dir = b.TempDir()
	c := openTestCache(b, dir)
	p, err := c.BeginSync(b.Context())
	must(b, err)
	const page = 20_000 // larger than the service's, to be ready sooner
	for first := int64(1); first <= int64(n); first += page {
		last := min(first+page-1, int64(n))
		_, err := c.SavePage(b.Context(), PageWrite{Sync: p.Number, Contacts: people(1, span(first, last)...), Total: n, Done: last == int64(n)})
		must(b, err)
	}
	_, err = c.FinishSync(b.Context(), p.Number, testTime())
	must(b, err)
	must(b, c.Close())
	return dir
}

// One answer of the service, as a first fetch and over rows that are held.
func BenchmarkSavePage(b *testing.B) {
	for _, name := range []string{"new", "held"} {
		b.Run(name, func(b *testing.B) {
			c := openTestCache(b, b.TempDir())
			if name == "held" {
				fullPass(b, c, 1, span(1, 20_000))
			}
			p, err := c.BeginSync(b.Context())
			must(b, err)
			next := int64(1)
			b.ResetTimer()
			for b.Loop() {
				b.StopTimer()
				if name == "held" && next > 20_000 {
					next = 1
					p, err = c.BeginSync(b.Context())
					must(b, err)
				}
				page := people(2, span(next, next+199)...)
				next += 200
				b.StartTimer()
				_, err := c.SavePage(b.Context(), PageWrite{Sync: p.Number, Contacts: page, NextCursor: "x", Total: -1})
				must(b, err)
			}
		})
	}
}

// What stands between the start of the program and cached rows on the screen.
func BenchmarkOpenAndFirst100(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			dir := filled(b, n)
			for b.Loop() {
				c, err := OpenCache(b.Context(), dir, testIdentity(), testTime)
				must(b, err)
				r, err := c.Read(b.Context())
				must(b, err)
				rows, err := r.Next(b.Context(), 100)
				must(b, err)
				want(b, "rows", len(rows), 100)
				b.StopTimer()
				must(b, r.Close(b.Context()))
				must(b, c.Close())
				b.StartTimer()
			}
		})
	}
}

func BenchmarkLoad(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			if n > 100_000 && testing.Short() {
				b.Skip("a million rows take a while")
			}
			dir := filled(b, n)
			c := openTestCache(b, dir)
			b.ReportAllocs()
			for b.Loop() {
				r, err := c.Read(b.Context())
				must(b, err)
				total, chunks := 0, [][]model.Packed{}
				for {
					rows, err := r.Next(b.Context(), 20_000)
					must(b, err)
					if len(rows) == 0 {
						break
					}
					total += len(rows)
					chunks = append(chunks, rows)
				}
				want(b, "rows", total, n)
				want(b, "chunks", len(chunks), n/20_000)
				must(b, r.Close(b.Context()))
			}
		})
	}
}

func BenchmarkFinishPass(b *testing.B) {
	dir := filled(b, 100_000)
	c := openTestCache(b, dir)
	for b.Loop() {
		b.StopTimer()
		p, err := c.BeginSync(b.Context())
		must(b, err)
		_, err = c.SavePage(b.Context(), PageWrite{Sync: p.Number, Total: -1, Done: true})
		must(b, err)
		_, err = c.f.db.Exec("UPDATE contact SET seen = ?", p.Number)
		must(b, err)
		b.StartTimer()
		_, err = c.FinishSync(b.Context(), p.Number, testTime())
		must(b, err)
	}
}

// What the user waits for: a draft on the disk, a write in the journal.
func BenchmarkSaveDraft(b *testing.B) {
	s := openTestState(b, b.TempDir())
	d := work.Draft{ID: "d", Kind: work.DraftEdit, Base: person(1, 1)}
	err := s.SaveDraft(b.Context(), d)
	must(b, err)
	for b.Loop() {
		err = s.SaveDraft(b.Context(), d)
		must(b, err)
	}
}

func BenchmarkBeginAndFinish(b *testing.B) {
	s := openTestState(b, b.TempDir())
	for b.Loop() {
		e, err := s.Begin(b.Context(), work.Entry{Kind: work.KindUpdate, ContactID: 1, Changes: runItems(1)[0].Patch.Changes()}, Claim{})
		must(b, err)
		must(b, s.Finish(b.Context(), e.ID, Outcome{Result: work.Done, Answer: person(1, 1).Pack()}))
	}
}

func BenchmarkCreateRunOf1000(b *testing.B) {
	s := openTestState(b, b.TempDir())
	items := runItems(1000)
	for b.Loop() {
		_, err := s.CreateRun(b.Context(), "", "", items)
		must(b, err)
	}
}

func BenchmarkOpenState(b *testing.B) {
	dir := b.TempDir()
	s := openTestState(b, dir)
	for range 20 {
		_, err := s.CreateRun(b.Context(), "", "", runItems(1000))
		must(b, err)
	}
	must(b, s.Close())
	for b.Loop() {
		s, err := OpenState(b.Context(), dir, testIdentity(), testTime, newIDs())
		must(b, err)
		must(b, s.Close())
	}
}
