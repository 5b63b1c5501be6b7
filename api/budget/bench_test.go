package budget_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/api/budget"
	"github.com/levcontacts/levcontacts/work"
)

// filled is a budget that counts so many requests of the last minute, and will
// continue doing so: its clock moves on with every request.
func filled(b *testing.B, path string, requests int) *budget.Budget {
	now := time.Unix(1_800_000_000, 0)
	step := (time.Minute + budget.DefaultMargin) / time.Duration(requests)
	limits := budget.Limits{Account: 2 * requests, Endpoint: 2 * requests}
	bud := budget.New(budget.Options{
		Path: path, Limits: limits, OnAlone: func(err error) { b.Error(err) },
		Now: func() time.Time { now = now.Add(step / 4); return now }, // asked about four times a request
	})
	for range requests {
		if err := bud.Wait(b.Context(), "list", work.Screen); err != nil {
			b.Fatal(err)
		}
	}
	return bud
}

// A request that need not wait, with as many in the minute as each tier allows an account.
func BenchmarkWait(b *testing.B) {
	for _, shared := range []bool{false, true} {
		for _, requests := range []int{1, 30, 100, 500} {
			b.Run(fmt.Sprintf("shared=%v/counted=%d", shared, requests), func(b *testing.B) {
				path := ""
				if shared {
					path = filepath.Join(b.TempDir(), "requests")
				}
				bud := filled(b, path, requests)
				b.ReportAllocs()
				for b.Loop() {
					if err := bud.Wait(b.Context(), "list", work.Screen); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkState(b *testing.B) {
	bud := filled(b, "", 500)
	b.ReportAllocs()
	for b.Loop() {
		if bud.State("list").Limit == 0 {
			b.Fatal("no limit")
		}
	}
}

func BenchmarkEstimate(b *testing.B) {
	bud := filled(b, "", 500)
	b.ReportAllocs()
	for b.Loop() {
		if bud.Estimate("list", 100_000, work.Index) == 0 {
			b.Fatal("no time")
		}
	}
}
