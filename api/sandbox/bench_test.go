package sandbox

import (
	"fmt"
	"net/url"
	"testing"
)

// A sandbox of a million contacts: the first page, one from the middle by its cursor, a sorted page
// when the order is stored, making the order, and a write while orders are stored.

func million(b *testing.B) *rig {
	b.Helper()
	return start(b, Options{Contacts: 1_000_000, KeepRequests: 1})
}

func page(b *testing.B, x *rig, path string) {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		if r := x.get(path); r.status != 200 {
			b.Fatal(r.raw)
		}
	}
}

func BenchmarkFirstPage(b *testing.B) {
	page(b, million(b), "/contacts?limit=200")
}

func BenchmarkDeepCursor(b *testing.B) {
	page(b, million(b), "/contacts?limit=200&cursor="+url.QueryEscape(*makeCursor(seedID(900_000))))
}

func BenchmarkSortedPage(b *testing.B) {
	x := million(b)
	x.get("/contacts?sort=last_name")
	page(b, x, "/contacts?limit=200&sort=last_name&offset=900000")
}

func BenchmarkSortAll(b *testing.B) {
	x := million(b)
	b.ReportAllocs()
	for b.Loop() {
		x.s.book.orders = orders{}
		x.get("/contacts?sort=last_name&limit=1")
	}
}

func BenchmarkPatchWhileSorted(b *testing.B) {
	x := million(b)
	x.get("/contacts?sort=last_name")
	x.get("/contacts?sort=-updated_at")
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		n++
		if r := x.send("PATCH", "/contacts/78", fmt.Sprintf(`{"last_name":"Chen %d"}`, n)); r.status != 200 {
			b.Fatal(r.raw)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := New(Options{Contacts: 1284}); err != nil {
			b.Fatal(err)
		}
	}
}
