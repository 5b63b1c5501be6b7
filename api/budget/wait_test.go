package budget

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/levcontacts/levcontacts/work"
)

// free is the smallest tier: 30 and 10.
func free() Limits {
	l, _ := Tier("free")
	return l
}

// ask is a call of Wait under way.
type ask struct {
	cancel context.CancelFunc
	asked  time.Time

	mu   sync.Mutex
	done time.Time // when it returned
	err  error
}

// start calls Wait in a goroutine of the test's bubble and lets everything settle.
func start(b *Budget, endpoint string, p work.Priority) *ask {
	ctx, cancel := context.WithCancel(context.Background())
	a := &ask{cancel: cancel, asked: time.Now()}
	go func() {
		defer cancel()
		err := b.Wait(ctx, endpoint, p)
		a.mu.Lock()
		defer a.mu.Unlock()
		a.err, a.done = err, time.Now()
	}()
	synctest.Wait()
	return a
}

// end is when and how it returned; the time is zero while it waits.
func (a *ask) end() (time.Time, error) {
	synctest.Wait()
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.done, a.err
}

// over reports whether it has returned.
func (a *ask) over() bool {
	done, _ := a.end()
	return !done.IsZero()
}

// took is how long a waited, and fails the test when it still does.
func (a *ask) took(t *testing.T) time.Duration {
	t.Helper()
	done, err := a.end()
	if done.IsZero() || err != nil {
		t.Fatalf("still waiting (%v) or failed: %v", done.IsZero(), err)
	}
	return done.Sub(a.asked)
}

// spend takes n places that are free.
func spend(t *testing.T, b *Budget, endpoint string, p work.Priority, n int) {
	t.Helper()
	for i := range n {
		if d := start(b, endpoint, p).took(t); d != 0 {
			t.Fatalf("request %d of %d to %s waited %v", i+1, n, endpoint, d)
		}
	}
}

func TestWaitFollowsTheSlidingMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{Limits: free()})
		spend(t, b, "list", work.Screen, 4)
		time.Sleep(20 * time.Second)
		spend(t, b, "list", work.Screen, 6)
		var waits []time.Duration
		for range 6 {
			a := start(b, "list", work.Screen)
			time.Sleep(time.Minute + DefaultMargin - time.Since(a.asked)%time.Second)
			waits = append(waits, a.took(t))
		}
		// The first waits for the places of the first four, the others find places free.
		if want := []time.Duration{42 * time.Second, 0, 0, 0, 0, 0}; !slices.Equal(waits, want) {
			t.Errorf("waited %v, want %v", waits, want)
		}
	})
}

func TestMarginIsAdded(t *testing.T) {
	t.Parallel()
	for _, margin := range []time.Duration{0, time.Second, 7 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			b := New(Options{Limits: Limits{Endpoint: 1}, Margin: margin})
			spend(t, b, "list", work.Screen, 1)
			a := start(b, "list", work.Screen)
			time.Sleep(2 * time.Minute)
			want := time.Minute + margin
			if margin == 0 {
				want = time.Minute + DefaultMargin
			}
			if d := a.took(t); d != want {
				t.Errorf("margin %v: waited %v", margin, d)
			}
		})
	}
}

func TestOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{Limits: Limits{Account: 100, Endpoint: 1}})
		spend(t, b, "list", work.Screen, 1)
		var mu sync.Mutex
		var went []string
		asked := []work.Priority{work.Index, work.Next, work.Screen, work.Index, work.Write, work.Screen, work.Next, work.Write, 200}
		var wg sync.WaitGroup
		for i, p := range asked {
			wg.Go(func() {
				if err := b.Wait(t.Context(), "list", p); err != nil {
					t.Error(err)
				}
				mu.Lock()
				went = append(went, fmt.Sprint(p, " asked ", i))
				mu.Unlock()
			})
			synctest.Wait()
		}
		// Another endpoint is not held up by nine who wait for this one.
		if d := start(b, "get", work.Index).took(t); d != 0 {
			t.Errorf("another endpoint waited %v", d)
		}
		begin := time.Now()
		wg.Wait()
		want := []string{
			"0 asked 4", "0 asked 7", "1 asked 2", "1 asked 5", "2 asked 1", "2 asked 6", "3 asked 0", "3 asked 3", "200 asked 8",
		}
		if !slices.Equal(went, want) {
			t.Errorf("went %q, want %q", went, want)
		}
		if d := time.Since(begin); d != 9*62*time.Second {
			t.Errorf("nine requests at one a minute took %v", d)
		}
	})
}

func TestAccountIsShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{Limits: free()})
		spend(t, b, "list", work.Screen, 10)
		spend(t, b, "get", work.Screen, 10)
		spend(t, b, "me", work.Screen, 5)
		background, person := start(b, "create", work.Index), start(b, "create", work.Write)
		if person.took(t) != 0 || background.over() {
			t.Error("background took the account's reserve, or the person did not get it")
		}
		spend(t, b, "update", work.Write, 4)
		last := start(b, "update", work.Write)
		time.Sleep(62 * time.Second)
		if last.took(t) != 62*time.Second || background.took(t) != 62*time.Second {
			t.Errorf("waited %v and %v", last.took(t), background.took(t))
		}
	})
}

func TestCancelEndsAtOnceAndFreesThePlace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{Limits: Limits{Endpoint: 1}})
		done, cancel := context.WithCancel(t.Context())
		cancel()
		if err := b.Wait(done, "list", work.Screen); !errors.Is(err, context.Canceled) {
			t.Errorf("asked with an ended context: %v", err)
		}
		spend(t, b, "list", work.Screen, 1)
		first, second := start(b, "list", work.Write), start(b, "list", work.Screen)
		if n := b.State("list").Waiting; n != 2 {
			t.Errorf("%d wait, want 2", n)
		}
		time.Sleep(30 * time.Second)
		first.cancel()
		if done, err := first.end(); !errors.Is(err, context.Canceled) || done.Sub(first.asked) != 30*time.Second {
			t.Errorf("after cancel: %v, %v", done, err)
		}
		if n := b.State("list").Waiting; n != 1 {
			t.Errorf("%d wait, want 1", n)
		}
		time.Sleep(32 * time.Second)
		if d := second.took(t); d != 62*time.Second {
			t.Errorf("the next one waited %v", d)
		}
	})
}

// Who is behind one that gives up is told, and does not sleep on.
func TestGivingUpWakesTheNext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{Limits: Limits{Endpoint: 1}})
		spend(t, b, "list", work.Screen, 1)
		first, second := start(b, "list", work.Write), start(b, "list", work.Screen)
		time.Sleep(61 * time.Second)
		first.cancel()
		time.Sleep(20 * time.Second)
		if d := second.took(t); d != 62*time.Second {
			t.Errorf("waited %v", d)
		}
	})
}

func TestClockSetBackWhileWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var back atomic.Int64
		b := New(Options{Limits: Limits{Endpoint: 1}, Now: func() time.Time { return time.Now().Add(-time.Duration(back.Load())) }})
		spend(t, b, "list", work.Screen, 1)
		a := start(b, "list", work.Screen)
		time.Sleep(31 * time.Second)
		back.Store(int64(time.Hour))
		time.Sleep(2 * time.Minute)
		if d := a.took(t); d > 62*time.Second {
			t.Errorf("waited %v", d)
		}
	})
}

// The context ends while the place is being given: it is given back.
func TestEndedContextGivesThePlaceBack(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"", filepath.Join(t.TempDir(), "requests")} {
		ctx, cancel := context.WithCancel(t.Context())
		armed := false
		b := New(Options{Path: path, Limits: free(), Now: func() time.Time {
			if armed {
				cancel()
			}
			return time.Unix(0, testNow)
		}})
		must(t, b.Wait(ctx, "list", work.Screen))
		armed = true
		if err := b.Wait(ctx, "list", work.Screen); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if s := b.State("list"); s.Left != 9 || s.AccountLeft != 29 {
			t.Errorf("the request that will not be sent still counts: %+v", s)
		}
		must(t, b.Wait(t.Context(), "list", work.Screen))
		if s := b.State("list"); s.Left != 8 {
			t.Errorf("then %d are left of 10, want 8", s.Left)
		}
	}
}

// The context ends at the very moment at which the place comes free.
func TestCancelAtTheMomentOfThePlaceCountsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{Limits: Limits{Endpoint: 1}})
		for round := range 20 {
			spend(t, b, "list", work.Screen, 1)
			ctx, cancel := context.WithTimeout(t.Context(), 62*time.Second)
			err := b.Wait(ctx, "list", work.Screen)
			cancel()
			synctest.Wait()
			left := b.State("list").Left
			if (err != nil) != (left == 1) {
				t.Fatalf("round %d: error %v, and %d left of 1", round, err, left)
			}
			time.Sleep(time.Minute * 2)
		}
	})
}

func TestFailingSleepEndsTheWait(t *testing.T) {
	t.Parallel()
	broken := errors.New("no timer")
	now := time.Unix(1e9, 0)
	b := New(Options{
		Limits: Limits{Endpoint: 1},
		Now:    func() time.Time { return now },
		Sleep:  func(context.Context, time.Duration) error { return broken },
	})
	if err := b.Wait(t.Context(), "list", work.Screen); err != nil {
		t.Fatal(err)
	}
	if err := b.Wait(t.Context(), "list", work.Screen); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if s := b.State("list"); s.Waiting != 0 {
		t.Errorf("%d still wait", s.Waiting)
	}
}

func TestHigherLimitsLetWaitersGo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{Limits: free()})
		spend(t, b, "list", work.Screen, 10)
		a := start(b, "list", work.Screen)
		b.SetLimits(Limits{Account: 500, Endpoint: 60, Source: SourceMe})
		if d := a.took(t); d != 0 {
			t.Errorf("waited %v though the limit is 60", d)
		}
		b.SetLimits(Limits{Endpoint: 11, Source: SourceConfig})
		if s := b.State("list"); s.Limit != 11 || s.AccountLimit != 500 || s.Left != 0 {
			t.Errorf("an unknown account limit replaced the known one: %+v", s)
		}
	})
}

func TestDefaultsAreTheStandardTier(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		given             Limits
		account, endpoint int
	}{
		{Limits{}, 100, 20}, {Limits{Account: 30}, 30, 20}, {Limits{Endpoint: -1}, 100, 20}, {Limits{Account: 500, Endpoint: 60}, 500, 60},
	} {
		if s := New(Options{Limits: c.given}).State("list"); s.Limit != c.endpoint || s.AccountLimit != c.account ||
			s.Left != c.endpoint || s.AccountLeft != c.account || !s.NextAt.IsZero() || !s.FrozenUntil.IsZero() {
			t.Errorf("%+v gives %+v", c.given, s)
		}
	}
}

func TestChangesAreTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var b *Budget
		var mu sync.Mutex
		told, last := 0, State{}
		b = New(Options{Limits: Limits{Endpoint: 1}, OnChange: func() {
			s := b.State("list")
			b.Estimate("list", 1, work.Screen)
			mu.Lock()
			defer mu.Unlock()
			told, last = told+1, s
		}})
		expect := func(what string, n int) (seen State) {
			t.Helper()
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			if told != n {
				t.Errorf("%s: told %d times, want %d", what, told, n)
			}
			told = 0
			return last
		}
		spend(t, b, "list", work.Screen, 1)
		expect("a request", 1)
		a := start(b, "list", work.Index)
		if seen := expect("one that waits", 1); seen.Waiting != 1 || time.Until(seen.NextAt) != 62*time.Second {
			t.Errorf("told %+v", seen)
		}
		time.Sleep(61 * time.Second)
		expect("while it waits, nothing", 0)
		time.Sleep(time.Second)
		if seen := expect("its place", 1); a.took(t) != 62*time.Second || seen.Waiting != 0 {
			t.Errorf("waited %v, told %+v", a.took(t), seen)
		}
		gone := start(b, "list", work.Screen)
		gone.cancel()
		expect("one that gives up", 2)
		b.Limited("list", "", time.Second)
		expect("a refusal", 1)
		b.SetLimits(free())
		expect("other limits", 1)
	})
}
