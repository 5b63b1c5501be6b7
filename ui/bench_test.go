package ui

import (
	"context"
	"fmt"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"levcontacts/model"
	"levcontacts/model/search"
	"levcontacts/ui/widget/keymap"
	"levcontacts/work"
)

// filled is a screen over n contacts, without a terminal and without commands.
func filled(n int) *Model {
	f := newFake(0)
	at := time.Date(2026, 11, 20, 15, 4, 0, 0, time.UTC)
	m := New(Options{Backend: f, Desktop: f, Now: func() time.Time { return at }, Keys: keymap.New(nil), Theme: "dark", NewID: func() string { return "id" }})
	rows := make([]model.Packed, n)
	for i := range rows {
		rows[i] = person(i).Pack()
	}
	m.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
	m.Update(openedMsg{opening: work.Opening{Rows: rows, Info: work.CopyInfo{Total: n, PassedAt: at}}})
	return m
}

// A key and its frame cost the same over a hundred contacts and a million.
func BenchmarkKeyToFrame(b *testing.B) {
	for _, n := range []int{100, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			m := filled(n)
			keys := []tea.KeyPressMsg{press("j"), press("k")}
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				m.Update(keys[i%2])
				m.View()
			}
		})
	}
}

// Appending a page of 200 does not depend on what is held.
func BenchmarkAppendPage(b *testing.B) {
	for _, n := range []int{1000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			m := filled(n)
			page := make([]model.Contact, 200)
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				for j := range page {
					page[j] = person(j).With(model.FieldKey, model.IntValue(int64(10_000_000+i*200+j)))
				}
				c := ptr(newChain(model.CursorList(model.ConnectedOnly, 200), work.PassFull))
				c.take(&m.shelf.book, model.Page{Rows: model.PackAll(page...), Total: n})
			}
		})
	}
}

// Searching is done beside the screen; this is the whole of it for one word.
func BenchmarkSearch(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		m := filled(n)
		for _, text := range []string{"zhan", "lender", "nobody"} {
			b.Run(fmt.Sprint(n, "/", text), func(b *testing.B) {
				q, err := search.Parse(text)
				if err != nil {
					b.Fatal(err)
				}
				s := shape{snap: m.shelf.book.Snapshot(), query: q}
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
