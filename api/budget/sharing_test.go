package budget

import (
	"context"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/levcontacts/levcontacts/work"
)

// pair is two programs on one file, in a bubble of virtual time.
func pair(t *testing.T, limits Limits, run func(t *testing.T, one, two *Budget)) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "requests")
	synctest.Test(t, func(t *testing.T) {
		o := Options{Path: path, Limits: limits, OnAlone: func(err error) { t.Error(err) }}
		run(t, New(o), New(o))
	})
}

// about reports whether a wait took want, and at most what two programs that look at
// the same moment cost each other.
func about(d, want time.Duration) bool { return d >= want && d <= want+recheck+20*time.Millisecond }

func TestTwoProgramsShareTheCount(t *testing.T) {
	t.Parallel()
	pair(t, free(), func(t *testing.T, one, two *Budget) {
		spend(t, one, "list", work.Screen, 6)
		spend(t, two, "list", work.Screen, 4)
		a, b := start(one, "list", work.Screen), start(two, "list", work.Screen)
		if a.over() || b.over() {
			t.Error("an eleventh request went")
		}
		time.Sleep(63 * time.Second)
		if !about(a.took(t), 62*time.Second) || !about(b.took(t), 62*time.Second) {
			t.Errorf("waited %v and %v", a.took(t), b.took(t))
		}
	})
}

func TestFreezesAreShared(t *testing.T) {
	t.Parallel()
	pair(t, Limits{}, func(t *testing.T, one, two *Budget) {
		spend(t, one, "list", work.Screen, 11)
		one.Limited("list", "", 9*time.Second)
		a := start(two, "list", work.Write)
		s := two.State("list")
		if a.over() || s.FrozenScope != ScopeEndpoint || time.Until(s.FrozenUntil) != 9*time.Second || s.Limit != 20 {
			t.Errorf("the other program sees %+v, went %v", s, a.over())
		}
		time.Sleep(time.Minute)
		if d := a.took(t); !about(d, 9*time.Second) {
			t.Errorf("waited %v", d)
		}
	})
}

// X13: what a service asks for is believed for minutes, by other programs for
// one, and not against the will of the user.
func TestUserTriesNow(t *testing.T) {
	t.Parallel()
	pair(t, free(), func(t *testing.T, one, two *Budget) {
		spend(t, one, "list", work.Screen, 10)
		one.Limited("list", "", 10*365*24*time.Hour)
		if d := time.Until(one.State("list").FrozenUntil); d != longestFreeze {
			t.Errorf("frozen for %v", d)
		}
		spend(t, two, "get", work.Screen, 1)
		if d := time.Until(two.State("list").FrozenUntil); d != window {
			t.Errorf("a later program is frozen for %v", d)
		}
		background, user, next := start(one, "list", work.Index), start(one, "list", work.Screen), start(one, "list", work.Screen)
		time.Sleep(3 * time.Second)
		one.TryNow()
		if d := user.took(t); d != 3*time.Second {
			t.Errorf("the user waited %v", d)
		}
		if s := one.State("list"); background.over() || next.over() || !s.FrozenUntil.IsZero() {
			t.Errorf("more than one went, or it is still frozen: %+v", s)
		}
		spend(t, two, "get", work.Screen, 1)
		if s := two.State("list"); !s.FrozenUntil.IsZero() {
			t.Errorf("the other program is still frozen: %+v", s)
		}
		one.TryNow()
		time.Sleep(maxSleep + time.Second)
		late := start(one, "list", work.Write)
		time.Sleep(3 * time.Minute)
		if next.took(t) != 3*time.Second || late.took(t) == 0 {
			t.Errorf("waited %v and %v", next.took(t), late.took(t))
		}
		background.took(t)
	})
}

// With one place coming free and a more urgent request in the other program,
// whoever wakes first leaves it.
func TestOrderHoldsBetweenPrograms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		first, later work.Priority
		laterWins    bool
	}{
		{"a write goes before the screen", work.Screen, work.Write, true},
		{"the screen goes before the next page", work.Next, work.Screen, true},
		{"the next page goes before background", work.Index, work.Next, true},
		{"the screen does not go before a write", work.Write, work.Screen, false},
		{"equals go as they came", work.Screen, work.Screen, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			pair(t, Limits{Account: 100, Endpoint: 1}, func(t *testing.T, one, two *Budget) {
				spend(t, one, "list", work.Screen, 1)
				a := start(one, "list", c.first)
				time.Sleep(time.Second)
				b := start(two, "list", c.later)
				time.Sleep(3 * time.Minute)
				ofFirst, _ := a.end()
				ofLater, _ := b.end()
				if laterWon := ofLater.Before(ofFirst); laterWon != c.laterWins {
					t.Errorf("waited %v and %v", a.took(t), b.took(t))
				}
				// Leaving the place to the other costs nothing but the next free one.
				if d := max(a.took(t), b.took(t)+time.Second); !about(d, 124*time.Second) && !about(d, 125*time.Second) {
					t.Errorf("the second went after %v", d)
				}
			})
		})
	}
}

// Five of the user's requests wait in one program and background work in the
// other; ten places come free at once. The five go first.
func TestBackgroundOfAnotherProgramIsBehindAllOfThePersons(t *testing.T) {
	t.Parallel()
	pair(t, free(), func(t *testing.T, one, two *Budget) {
		spend(t, one, "list", work.Screen, 10)
		var background, person []*ask
		for range 9 {
			background = append(background, start(two, "list", work.Index))
		}
		for range 5 {
			person = append(person, start(one, "list", work.Screen))
		}
		time.Sleep(63 * time.Second)
		for i, a := range person {
			if d := a.took(t); !about(d, 62*time.Second) {
				t.Errorf("request %d of the person waited %v", i, d)
			}
		}
		went := 0
		for _, a := range background {
			if a.over() {
				went++
			}
		}
		if went != 3 {
			t.Errorf("%d background requests went, want the 3 that leave the reserve", went)
		}
		time.Sleep(3 * time.Minute)
	})
}

// A program that dies while it waits holds the others up for a few seconds.
func TestDeadProgramsIntentLapses(t *testing.T) {
	t.Parallel()
	pair(t, Limits{Account: 100, Endpoint: 1}, func(t *testing.T, dead, two *Budget) {
		spend(t, two, "list", work.Screen, 1)
		time.Sleep(60 * time.Second)
		must(t, dead.file.update(func(found []record) (live, fresh []record) {
			now := time.Now().UnixNano()
			return found, []record{{
				kind: kindIntent, priority: work.Write, at: now, until: now + int64(lease), bucket: bucketOf("list"), id: dead.newID(),
			}}
		}))
		a := start(two, "list", work.Screen)
		time.Sleep(20 * time.Second)
		if d := a.took(t); !about(d, lease) {
			t.Errorf("waited %v, want the %v the dead program's word is good for", d, lease)
		}
	})
}

// Whoever waits in another program and gives up frees the place at once.
func TestGivingUpIsSeenByTheOther(t *testing.T) {
	t.Parallel()
	pair(t, Limits{Account: 100, Endpoint: 1}, func(t *testing.T, one, two *Budget) {
		spend(t, one, "list", work.Screen, 1)
		gone, waits := start(one, "list", work.Write), start(two, "list", work.Index)
		time.Sleep(30 * time.Second)
		gone.cancel()
		time.Sleep(40 * time.Second)
		if d := waits.took(t); !about(d, 62*time.Second) {
			t.Errorf("waited %v", d)
		}
	})
}

// A request of the user's would go before what waits in the other program.
func TestNextMomentIsThePersons(t *testing.T) {
	t.Parallel()
	pair(t, Limits{Account: 100, Endpoint: 1}, func(t *testing.T, one, two *Budget) {
		spend(t, one, "list", work.Screen, 1)
		waits := start(two, "list", work.Next)
		spend(t, one, "get", work.Screen, 1)
		if s := one.State("list"); s.Waiting != 0 || time.Until(s.NextAt) != 62*time.Second {
			t.Errorf("in %v: %+v", time.Until(s.NextAt), s)
		}
		if d := one.Estimate("list", 1, work.Next); d != 124*time.Second {
			t.Errorf("behind the other program's it takes %v", d)
		}
		time.Sleep(63 * time.Second)
		waits.took(t)
	})
}

// Waiting must not mean reading the file all the time.
func TestWaitingReadsTheFileRarely(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "requests")
	synctest.Test(t, func(t *testing.T) {
		naps := 0
		count := func(ctx context.Context, d time.Duration) error { naps++; return sleep(ctx, d) }
		b := New(Options{Path: path, Limits: Limits{Endpoint: 1}, Sleep: count, OnAlone: func(err error) { t.Error(err) }})
		spend(t, b, "list", work.Screen, 1)
		a := start(b, "list", work.Screen)
		time.Sleep(70 * time.Second)
		if a.took(t) != 62*time.Second || naps > 13 {
			t.Errorf("waited %v and looked %d times", a.took(t), naps)
		}
	})
}

// A request that did not reach the service is not counted, by any program, and lets the
// next one go.
func TestUnsentRequestsAreNotCounted(t *testing.T) {
	t.Parallel()
	pair(t, free(), func(t *testing.T, one, two *Budget) {
		spend(t, two, "list", work.Screen, 1)
		spend(t, one, "list", work.Screen, 9)
		spend(t, one, "get", work.Screen, 1)
		waits := start(two, "list", work.Screen)
		if waits.over() {
			t.Error("an eleventh request went")
		}
		one.Unsent("list")
		time.Sleep(10 * time.Second)
		if !waits.over() {
			t.Error("the place of the request that reached nobody is still taken")
		}
		two.Unsent("list")
		two.Unsent("list")
		two.Unsent("list") // there is none of its own any more
		if s := two.State("list"); s.Left != 2 || s.AccountLeft != 21 {
			t.Errorf("%d and %d are left, want 2 and 21", s.Left, s.AccountLeft)
		}
		spend(t, one, "list", work.Screen, 2)
		if s := one.State("list"); s.Left != 0 || s.AccountLeft != 19 {
			t.Errorf("then %d and %d are left, want 0 and 19", s.Left, s.AccountLeft)
		}
	})
}
