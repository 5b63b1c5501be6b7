package budget

import (
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/levcontacts/levcontacts/work"
)

func TestEstimate(t *testing.T) {
	t.Parallel()
	const minute = 62 * time.Second
	tier := func(name string) Limits {
		l, _ := Tier(name)
		return l
	}
	for _, c := range []struct {
		name   string
		limits Limits
		before map[string][]float64 // seconds ago, per endpoint
		n      int
		p      work.Priority
		want   time.Duration
	}{
		{"nothing to do", tier("free"), nil, 0, work.Index, 0},
		{"less than nothing", tier("free"), nil, -3, work.Index, 0},
		{"within the minute", tier("free"), nil, 8, work.Index, 0},
		{"one more", tier("free"), nil, 9, work.Index, minute},
		{"the person has the reserve", tier("free"), nil, 10, work.Screen, 0},
		{"and one more", tier("free"), nil, 11, work.Screen, minute},
		{"5,000 contacts, free, background", tier("free"), nil, 25, work.Index, 3 * minute},
		{"5,000 contacts, standard, background", tier("standard"), nil, 25, work.Index, minute},
		{"5,000 contacts, enterprise, background", tier("enterprise"), nil, 25, work.Index, 0},
		{"50,000 contacts, free, background", tier("free"), nil, 250, work.Index, 31 * minute},
		{"50,000 contacts, enterprise, background", tier("enterprise"), nil, 250, work.Index, 5 * minute},
		{"a bulk edit of 1,000, free", tier("free"), nil, 1000, work.Write, 99 * minute},
		{"used up just now", tier("free"), map[string][]float64{"list": repeat(10, 0)}, 1, work.Screen, minute},
		{"used up a while ago", tier("free"), map[string][]float64{"list": repeat(10, 42)}, 1, work.Screen, 20 * time.Second},
		{"half used", tier("free"), map[string][]float64{"list": repeat(5, 42)}, 8, work.Index, 20 * time.Second},
		{"the account decides", tier("free"), map[string][]float64{"a": repeat(10, 2), "b": repeat(10, 2), "c": repeat(8, 2)}, 3, work.Screen, time.Minute},
		{"a small account", Limits{Account: 3, Endpoint: 60}, nil, 7, work.Screen, 2 * minute},
	} {
		b := New(Options{Limits: c.limits, Now: func() time.Time { return time.Unix(0, testNow) }})
		l := newLedger(nil, b.base, b.span)
		for name, ago := range c.before {
			for _, s := range ago {
				l.count(bucketOf(name), second(-s))
			}
		}
		b.publish(l, nil)
		if got := b.Estimate("list", c.n, c.p); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// The short way over whole minutes must not change the response.
func TestEstimateOfManyIsExact(t *testing.T) {
	t.Parallel()
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 2))
		b := New(Options{
			Limits: Limits{Account: 1 + r.IntN(40), Endpoint: 1 + r.IntN(20)},
			Now:    func() time.Time { return time.Unix(0, testNow) },
		})
		l := newLedger(nil, b.base, b.span)
		for range r.IntN(40) {
			l.count(bucketOf([]string{"list", "get"}[r.IntN(2)]), second(-r.Float64()*62))
		}
		if r.IntN(3) == 0 {
			l.freeze([]uint64{bucketOf("list"), bucketAccount}[r.IntN(2)], second(r.Float64()*40))
		}
		b.publish(l, nil)
		p, n := work.Priority(r.IntN(4)), 1+r.IntN(400)
		plain, want := l.clone(), testNow
		for range n {
			want = plain.take(bucketOf("list"), p, testNow, forever)
		}
		if got := b.Estimate("list", n, p); got != time.Duration(want-testNow) {
			t.Fatalf("seed %d: %d requests at %+v take %v, want %v", seed, n, b.base, got, time.Duration(want-testNow))
		}
	}
}

func TestEstimateCountsWhoIsAhead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const minute = 62 * time.Second
		b := New(Options{Limits: Limits{Endpoint: 2, Account: 100}})
		spend(t, b, "list", work.Screen, 2)
		asks := []*ask{start(b, "list", work.Write), start(b, "list", work.Screen), start(b, "list", work.Index)}
		for _, c := range []struct {
			p    work.Priority
			want time.Duration
		}{{work.Write, minute}, {work.Screen, 2 * minute}, {work.Index, 3 * minute}} {
			if got := b.Estimate("list", 1, c.p); got != c.want {
				t.Errorf("one more of priority %d takes %v, want %v", c.p, got, c.want)
			}
		}
		if got := b.Estimate("get", 1, work.Index); got != 0 {
			t.Errorf("another endpoint takes %v", got)
		}
		s := b.State("list")
		if s.Waiting != 3 || time.Until(s.NextAt) != minute || s.Left != 0 || s.AccountLeft != 98 {
			t.Errorf("%+v", s)
		}
		time.Sleep(5 * minute)
		for _, a := range asks {
			a.took(t)
		}
	})
}

// What was estimated is how long it takes.
func TestEstimateIsHonest(t *testing.T) {
	t.Parallel()
	for _, tier := range []string{"free", "standard", "enterprise"} {
		for _, p := range []work.Priority{work.Write, work.Index} {
			synctest.Test(t, func(t *testing.T) {
				limits, _ := Tier(tier)
				b := New(Options{Limits: limits})
				spend(t, b, "get", work.Screen, 7)
				spend(t, b, "list", work.Screen, 3)
				time.Sleep(11 * time.Second)
				spend(t, b, "list", work.Screen, 2)
				begin, want := time.Now(), b.Estimate("list", 300, p)
				for range 300 {
					if err := b.Wait(t.Context(), "list", p); err != nil {
						t.Fatal(err)
					}
				}
				if got := time.Since(begin); got != want {
					t.Errorf("%s, priority %d: estimated %v, took %v", tier, p, want, got)
				}
			})
		}
	}
}

// A bulk edit, which looks at each contact and then changes it, takes as long as
// was estimated, whichever of the two limits decides.
func TestEstimateOfRoundsIsHonest(t *testing.T) {
	t.Parallel()
	for _, limits := range []Limits{free(), {Account: 100, Endpoint: 20}, {Account: 500, Endpoint: 60}, {Account: 12, Endpoint: 60}} {
		for _, rounds := range []int{1, 40, 500} {
			synctest.Test(t, func(t *testing.T) {
				b := New(Options{Limits: limits})
				spend(t, b, "get", work.Screen, 3)
				begin, want := time.Now(), b.EstimateRounds(rounds, work.Index, "get", "update")
				for range rounds {
					for _, endpoint := range []string{"get", "update"} {
						if err := b.Wait(t.Context(), endpoint, work.Index); err != nil {
							t.Fatal(err)
						}
					}
				}
				if got := time.Since(begin); got != want {
					t.Errorf("%+v, %d rounds: estimated %v, took %v", limits, rounds, want, got)
				}
			})
		}
	}
}
