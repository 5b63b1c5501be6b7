package budget_test

import (
	"cmp"
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

// service counts like a strict server: it refuses what would make more than
// limit arrivals in any sixty seconds, of an endpoint or of the account.
type service struct {
	limits   budget.Limits
	mu       sync.Mutex
	arrivals map[string][]time.Time
	refused  int
}

func (s *service) arrive(endpoint string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	for name, limit := range map[string]int{endpoint: s.limits.Endpoint, "": s.limits.Account} {
		seen := s.arrivals[name]
		for len(seen) > 0 && now.Sub(seen[0]) >= time.Minute {
			seen = seen[1:]
		}
		if len(seen) >= limit {
			s.refused++
		}
		s.arrivals[name] = append(seen, now)
	}
}

// sent is one request as the programs saw it.
type sent struct {
	endpoint    string
	priority    work.Priority
	asked, went time.Time
}

// world is programs that share a budget, the user who uses them, and a service.
type world struct {
	t        *testing.T
	service  *service
	programs []*budget.Budget
	mu       sync.Mutex
	log      []sent
}

func newWorld(t *testing.T, tier string, programs int, folder string) *world {
	limits, ok := budget.Tier(tier)
	if !ok {
		t.Fatalf("no tier %q", tier)
	}
	w := &world{t: t, service: &service{limits: limits, arrivals: map[string][]time.Time{}}}
	for i := range programs {
		w.programs = append(w.programs, budget.New(budget.Options{
			Path: filepath.Join(folder, "requests"), Limits: limits, ID: uint32(i + 1),
			OnAlone: func(err error) { t.Error(err) },
		}))
	}
	return w
}

// request waits for its turn, travels to the service and back.
func (w *world) request(b *budget.Budget, r *rand.Rand, endpoint string, p work.Priority) {
	s := sent{endpoint: endpoint, priority: p, asked: time.Now()}
	if err := b.Wait(context.Background(), endpoint, p); err != nil {
		w.t.Error(err)
		return
	}
	s.went = time.Now()
	w.mu.Lock()
	w.log = append(w.log, s)
	w.mu.Unlock()
	travel := func() { time.Sleep(20*time.Millisecond + time.Duration(r.Int64N(int64(time.Second)))) }
	travel()
	w.service.arrive(endpoint)
	travel()
}

// pass reads the whole list: a first page of the screen's size, then pages of 200.
func (w *world) pass(b *budget.Budget, r *rand.Rand, contacts int) (requests int) {
	const firstPage, page = 50, 200
	p := work.Screen
	for held, size := 0, firstPage; held < contacts; held, size = held+size, page {
		w.request(b, r, "list", p)
		requests++
		p = work.Index
	}
	return requests
}

// act lets the user do something in a program every now and then until stop.
func (w *world) act(b *budget.Budget, r *rand.Rand, mean time.Duration, stop <-chan struct{}) {
	var wg sync.WaitGroup
	defer wg.Wait()
	for {
		select {
		case <-stop:
			return
		case <-time.After(time.Duration(r.ExpFloat64() * float64(mean))):
		}
		endpoint := []string{"list", "get", "update"}[r.IntN(3)]
		p := []work.Priority{work.Write, work.Screen, work.Next}[r.IntN(3)]
		own := rand.New(rand.NewPCG(r.Uint64(), 0))
		for range 1 + r.IntN(3) {
			wg.Go(func() { w.request(b, rand.New(rand.NewPCG(own.Uint64(), 0)), endpoint, p) })
			synctest.Wait()
		}
	}
}

const (
	counts = time.Minute + budget.DefaultMargin // how long a request counts
	// blink is what two programs may cost each other: a try for the lock, and the
	// pause of one that leaves a free place to the other.
	blink = 150 * time.Millisecond
)

// among counts the requests of the log that went in the minute up to a moment.
func among(log []sent, upTo time.Time, counts time.Duration, which func(sent) bool) (n int) {
	i, _ := slices.BinarySearchFunc(log, upTo.Add(-counts).Add(1), func(s sent, t time.Time) int { return s.went.Compare(t) })
	for ; i < len(log) && !log[i].went.After(upTo); i++ {
		if which(log[i]) {
			n++
		}
	}
	return n
}

func (s sent) personal() bool { return s.priority < work.Index }

// check holds the whole run against what is promised.
func (w *world) check() {
	w.t.Helper()
	limits := w.service.limits
	if w.service.refused > 0 {
		w.t.Errorf("%d requests of %d were refused", w.service.refused, len(w.log))
	}
	up := func(n, share int) int { return (n + share - 1) / share }
	endpointReserve, accountReserve := up(limits.Endpoint, 5), up(limits.Account, 6)
	slices.SortStableFunc(w.log, func(a, b sent) int { return cmp.Or(a.went.Compare(b.went), cmp.Compare(a.priority, b.priority)) })
	waits := 0
	for _, s := range w.log {
		if !s.personal() {
			// Background work leaves the reserve at the moment it goes, as the minute stands then.
			e := among(w.log, s.went, counts, func(o sent) bool { return o.endpoint == s.endpoint })
			a := among(w.log, s.went, counts, func(sent) bool { return true })
			if e > limits.Endpoint-endpointReserve || a > limits.Account-accountReserve {
				w.t.Fatalf("at %v background is request %d of %d to %s and %d of %d in all: it took the reserve",
					s.went, e, limits.Endpoint, s.endpoint, a, limits.Account)
			}
			continue
		}
		if s.went.Sub(s.asked) <= blink {
			continue
		}
		// Who has to wait has used up what is the user's alone.
		waits++
		e := among(w.log, s.went, s.went.Sub(s.asked)+counts, func(o sent) bool { return o.personal() && o.endpoint == s.endpoint })
		a := among(w.log, s.went, s.went.Sub(s.asked)+counts, sent.personal)
		if e-1 < endpointReserve && a-1 < accountReserve {
			w.t.Errorf("the person waited %v for %s after %d requests of their own to it, %d in all", s.went.Sub(s.asked), s.endpoint, e-1, a-1)
		}
		for _, o := range w.log {
			if !o.personal() && o.endpoint == s.endpoint && o.went.After(s.asked.Add(blink)) && o.went.Before(s.went) {
				w.t.Errorf("background went at %v while the person waited for %s from %v to %v", o.went, s.endpoint, s.asked, s.went)
			}
		}
	}
	w.t.Logf("%d requests, %d of the person's waited", len(w.log), waits)
}

func TestFullPass(t *testing.T) {
	t.Parallel()
	for _, tier := range []string{"free", "standard", "enterprise"} {
		for _, contacts := range []int{100, 5_000, 20_000} {
			for _, programs := range []int{1, 2} {
				t.Run(fmt.Sprintf("%s, %d contacts, %d programs", tier, contacts, programs), func(t *testing.T) {
					t.Parallel()
					folder := t.TempDir()
					synctest.Test(t, func(t *testing.T) { fullPass(t, newWorld(t, tier, programs, folder), contacts) })
				})
			}
		}
	}
}

// fullPass reads the book in every program while the user uses them all.
func fullPass(t *testing.T, w *world, contacts int) {
	stop := make(chan struct{})
	var passes, people sync.WaitGroup
	for i, b := range w.programs {
		people.Go(func() { w.act(b, rand.New(rand.NewPCG(uint64(contacts), uint64(i))), 20*time.Second, stop) })
		passes.Go(func() {
			n := w.pass(b, rand.New(rand.NewPCG(uint64(contacts), uint64(10+i))), contacts)
			if least := (contacts + 199) / 200; n < least || n > least+1 {
				t.Errorf("%d contacts took %d list requests, want %d and at most one more", contacts, n, least)
			}
		})
	}
	begin := time.Now()
	passes.Wait()
	t.Logf("took %v", time.Since(begin).Round(time.Second))
	close(stop)
	people.Wait()
	w.check()
}

// Without the user, a pass takes what was announced and not a minute more.
func TestPassTakesWhatWasEstimated(t *testing.T) {
	t.Parallel()
	for _, tier := range []string{"free", "standard", "enterprise"} {
		for _, contacts := range []int{5_000, 50_000} {
			t.Run(fmt.Sprintf("%s, %d contacts", tier, contacts), func(t *testing.T) {
				t.Parallel()
				folder := t.TempDir()
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(t, tier, 1, folder)
					b, r := w.programs[0], rand.New(rand.NewPCG(1, 1))
					w.request(b, r, "list", work.Screen)
					begin, want := time.Now(), b.Estimate("list", (contacts-50+199)/200, work.Index)
					w.pass(b, r, contacts-50)
					// Answers take up to two seconds, and every page waits for the one before.
					slack := 2 * time.Second * time.Duration(1+w.service.limits.Endpoint)
					if got := time.Since(begin); got < want || got > want+slack {
						t.Errorf("took %v, estimated %v", got, want)
					}
					w.check()
				})
			})
		}
	}
}

// The user does as much as possible; background work still leaves the reserve
// and never delays them, and the service refuses nothing.
func TestBusyPerson(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		tier, programs := []string{"free", "standard"}[seed%2], 1+int(seed/2)
		t.Run(fmt.Sprintf("%s, %d programs", tier, programs), func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, tier, programs, folder)
				stop := make(chan struct{})
				var wg sync.WaitGroup
				for i, b := range w.programs {
					wg.Go(func() { w.act(b, rand.New(rand.NewPCG(seed, uint64(i))), 6*time.Second, stop) })
					wg.Go(func() { w.pass(b, rand.New(rand.NewPCG(seed, uint64(9+i))), 3000) })
				}
				time.Sleep(5 * time.Minute)
				close(stop)
				wg.Wait()
				w.check()
			})
		})
	}
}
