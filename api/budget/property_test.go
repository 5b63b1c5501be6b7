package budget_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/levcontacts/levcontacts/api/budget"
	"github.com/levcontacts/levcontacts/work"
)

// Whatever is asked, given up, refused and changed, in whichever programs: no
// minute holds more requests than the limit, nothing stays behind, no one is forgotten.
func TestNoMinuteHoldsMoreThanTheLimit(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) { disorder(t, rand.New(rand.NewPCG(seed, 3)), folder) })
		})
	}
}

// went are the moments of the requests that went out, by endpoint; "" is all.
type went struct {
	mu sync.Mutex
	at map[string][]time.Time
}

func (w *went) note(endpoint string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at[endpoint] = append(w.at[endpoint], time.Now())
	w.at[""] = append(w.at[""], time.Now())
}

func (w *went) check(t *testing.T, limits budget.Limits) {
	t.Helper()
	for endpoint, at := range w.at {
		limit := limits.Endpoint
		if endpoint == "" {
			limit = limits.Account
		}
		slices.SortFunc(at, time.Time.Compare)
		for i := limit; i < len(at); i++ {
			if d := at[i].Sub(at[i-limit]); d < time.Minute {
				t.Fatalf("%d requests to %q within %v, the limit is %d a minute", limit+1, endpoint, d, limit)
			}
		}
	}
}

func disorder(t *testing.T, r *rand.Rand, folder string) {
	limits := budget.Limits{Account: 1 + r.IntN(40), Endpoint: 1 + r.IntN(25)}
	o := budget.Options{Limits: limits, OnAlone: func(err error) { t.Error(err) }}
	if r.IntN(4) > 0 {
		o.Path = filepath.Join(folder, "requests")
	}
	programs := []*budget.Budget{budget.New(o)}
	for o.Path != "" && len(programs) < 3 && r.IntN(2) == 0 {
		programs = append(programs, budget.New(o))
	}
	w := &went{at: map[string][]time.Time{}}
	ctx, giveUp := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range 50 {
		time.Sleep(time.Duration(r.ExpFloat64() * float64(1500*time.Millisecond)))
		b, endpoint := programs[r.IntN(len(programs))], []string{"list", "get", "update"}[r.IntN(3)]
		switch n := r.IntN(100); {
		case n < 1:
			b.Limited(endpoint, []string{"", "account"}[r.IntN(2)], time.Duration(r.IntN(3))*5*time.Second)
		case n < 4: // a lower limit is always within the higher one
			b.SetLimits(budget.Limits{Endpoint: 1 + r.IntN(limits.Endpoint), Source: budget.SourceMe})
		}
		for range 1 + r.IntN(6) {
			p, mine, cancel := work.Priority(r.IntN(4)), ctx, context.CancelFunc(func() {})
			if r.IntN(3) == 0 {
				mine, cancel = context.WithTimeout(ctx, time.Duration(r.IntN(60))*time.Second)
			}
			wg.Go(func() {
				defer cancel()
				if err := b.Wait(mine, endpoint, p); err == nil {
					w.note(endpoint)
				} else if mine.Err() == nil {
					t.Error(err)
				}
			})
		}
	}
	time.Sleep(time.Minute)
	giveUp()
	stopped := time.Now()
	wg.Wait()
	if d := time.Since(stopped); d > time.Second {
		t.Errorf("giving up took %v", d)
	}
	w.check(t, limits)
	for i, b := range programs {
		if n := b.State("list").Waiting + b.State("get").Waiting + b.State("update").Waiting; n != 0 {
			t.Errorf("program %d still shows %d who wait", i, n)
		}
	}
	// Whoever gave up has left nothing behind: a minute later the whole limit is there.
	time.Sleep(5*time.Minute + counts)
	for _, b := range programs {
		b.SetLimits(budget.Limits{Account: limits.Account, Endpoint: limits.Endpoint, Source: budget.SourceMe})
	}
	begin := time.Now()
	for range min(limits.Endpoint, limits.Account) {
		if err := programs[0].Wait(t.Context(), "list", work.Screen); err != nil {
			t.Fatal(err)
		}
	}
	if d := time.Since(begin); d > time.Second {
		t.Errorf("a whole idle minute later, the limit's requests took %v", d)
	}
}
