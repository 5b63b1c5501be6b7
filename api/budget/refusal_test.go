package budget

import (
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"
)

func TestRefusalFreezesItsBucketAlone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		scope   string
		account bool
	}{
		{"", false}, {"endpoint", false}, {"per_endpoint_per_account", false}, {"requests", false},
		{"account", true}, {"Account_Per_Minute", true},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := New(Options{Limits: free()})
			spend(t, b, "list", Screen, 1)
			b.Limited("list", c.scope, 7*time.Second)
			list, get := start(b, "list", Write), start(b, "get", Index)
			if get.over() == c.account {
				t.Errorf("scope %q: another endpoint went: %v", c.scope, get.over())
			}
			s, scope := b.State("list"), ScopeEndpoint
			if c.account {
				scope = ScopeAccount
			}
			if time.Until(s.FrozenUntil) != 7*time.Second || s.FrozenScope != scope || time.Until(s.NextAt) != 7*time.Second {
				t.Errorf("scope %q: %+v", c.scope, s)
			}
			if o := b.State("get"); o.FrozenUntil.IsZero() == c.account {
				t.Errorf("scope %q: the other endpoint shows %+v", c.scope, o)
			}
			time.Sleep(7 * time.Second)
			if d := list.took(t); d != 7*time.Second {
				t.Errorf("scope %q: went after %v", c.scope, d)
			}
			if s := b.State("list"); !s.FrozenUntil.IsZero() || s.FrozenScope != "" {
				t.Errorf("scope %q: still %+v", c.scope, s)
			}
			get.took(t)
		})
	}
}

func TestRefusalThatDoesNotSayHowLong(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		ages []time.Duration // of the requests before, oldest first
		wait time.Duration
	}{
		{"none before", nil, time.Minute},
		{"the oldest leaves the minute soon", []time.Duration{40 * time.Second, 0}, 20 * time.Second},
		{"at once, almost", []time.Duration{58 * time.Second, 0}, 5 * time.Second},
		{"long ago", []time.Duration{70 * time.Second}, time.Minute},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := New(Options{Limits: free()})
			for i, age := range c.ages {
				spend(t, b, "list", Screen, 1)
				if i+1 < len(c.ages) {
					age -= c.ages[i+1]
				}
				time.Sleep(age)
			}
			b.Limited("list", "", 0)
			if d := time.Until(b.State("list").FrozenUntil); d != c.wait {
				t.Errorf("%s: waits %v, want %v", c.name, d, c.wait)
			}
		})
	}
}

func TestRefusalsLongestWaitHolds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{Limits: free()})
		b.Limited("list", "", 30*time.Second)
		b.Limited("list", "", 10*time.Second)
		if d := time.Until(b.State("list").FrozenUntil); d != 30*time.Second {
			t.Errorf("frozen for %v", d)
		}
		b.Limited("list", "", 48*time.Hour)
		if d := time.Until(b.State("list").FrozenUntil); d != time.Hour {
			t.Errorf("frozen for %v", d)
		}
		b.Limited("get", "account", 2*time.Hour)
		if s := b.State("list"); s.FrozenScope != ScopeAccount {
			t.Errorf("%+v", s)
		}
	})
}

func TestRefusalTeachesTheLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var learned []Limits
		o := Options{OnLearned: func(l Limits) { learned = append(learned, l) }}
		b := New(o)
		spend(t, b, "list", Screen, 15)
		// Five of the fifteen were refused: the service allows ten.
		for range 5 {
			b.Limited("list", "", 10*time.Second)
		}
		if s := b.State("list"); s.Limit != 10 || s.AccountLimit != 100 {
			t.Errorf("concluded %+v", s)
		}
		if s := b.State("get"); s.Limit != 10 {
			t.Errorf("another endpoint of the same tier still has %d", s.Limit)
		}
		if len(learned) != 5 {
			t.Fatalf("told %v", learned)
		}
		last := learned[4]
		if last.Endpoint != 10 || last.Account != 100 || last.Source != SourceRefusal || time.Until(last.Until) != 24*time.Hour {
			t.Errorf("told %+v", last)
		}

		o.Limits = last
		later := New(o)
		if s := later.State("list"); s.Limit != 10 || s.AccountLimit != 100 {
			t.Errorf("a later run begins with %+v", s)
		}
		later.SetLimits(Limits{Endpoint: 60, Source: SourceConfig})
		if s := later.State("list"); s.Limit != 10 {
			t.Errorf("configuration outvoted the service: %d", s.Limit)
		}
		later.SetLimits(Limits{Endpoint: 20, Account: 100, Source: SourceMe})
		if s := later.State("list"); s.Limit != 20 {
			t.Errorf("the service's word did not count: %d", s.Limit)
		}
		time.Sleep(25 * time.Hour)
		if s := b.State("list"); s.Limit != 20 {
			t.Errorf("after a day it is still %d", s.Limit)
		}
		b.SetLimits(last)
		if s := b.State("list"); s.Limit != 20 {
			t.Errorf("limits that have lapsed count: %d", s.Limit)
		}
	})
}

func TestAccountRefusalTeachesTheAccountsLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var learned []Limits
		b := New(Options{OnLearned: func(l Limits) { learned = append(learned, l) }})
		spend(t, b, "list", Screen, 20)
		spend(t, b, "get", Screen, 12)
		b.Limited("get", "account", time.Second)
		b.Limited("get", "account", time.Second)
		if s := b.State("update"); s.Limit != 20 || s.AccountLimit != 30 || s.AccountLeft != 0 {
			t.Errorf("concluded %+v", s)
		}
		if len(learned) != 2 || learned[1].Account != 30 || learned[1].Endpoint != 20 {
			t.Errorf("told %+v", learned)
		}
	})
}

// A colleague who spends the same minute must not slow the program down for good.
func TestDoubtIsShort(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		learned := 0
		b := New(Options{OnLearned: func(Limits) { learned++ }})
		spend(t, b, "list", Screen, 4)
		b.Limited("list", "", time.Second)
		if s := b.State("list"); s.Limit != 20 {
			t.Errorf("a single refusal makes the limit %d", s.Limit)
		}
		time.Sleep(time.Second)
		spend(t, b, "list", Screen, 1)
		for i, holds := range []time.Duration{1, 2, 4, 8, 16, 16} {
			if i > 0 {
				spend(t, b, "list", Screen, 4)
			}
			b.Limited("list", "", time.Second)
			if s := b.State("list"); s.Limit != 3 {
				t.Errorf("the limit is %d after 3 were accepted", s.Limit)
			}
			if s := b.State("get"); s.Limit != 20 {
				t.Errorf("the limit of another endpoint is %d", s.Limit)
			}
			time.Sleep(holds*time.Minute - time.Second)
			if s := b.State("list"); s.Limit != 3 {
				t.Errorf("after %v minutes, less a second, it is %d", int(holds), s.Limit)
			}
			time.Sleep(time.Second)
			if s := b.State("list"); s.Limit != 20 {
				t.Errorf("after %v minutes it is still %d", int(holds), s.Limit)
			}
		}
		if learned != 0 {
			t.Errorf("a doubt was reported %d times as learned", learned)
		}
	})
}

// When GET /me has named the limits, a refusal below them is somebody else's doing.
func TestRefusalBelowTheServicesWordIsNoLesson(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{
			Limits:    Limits{Account: 100, Endpoint: 20, Source: SourceMe},
			OnLearned: func(l Limits) { t.Errorf("learned %+v", l) },
		})
		spend(t, b, "list", Screen, 13)
		b.Limited("list", "", time.Second)
		if s := b.State("list"); s.Limit != 20 {
			t.Errorf("the limit is %d", s.Limit)
		}
		time.Sleep(time.Second)
		b.Limited("list", "", time.Second)
		if s := b.State("list"); s.Limit != 11 {
			t.Errorf("refused again at once, the limit is %d, want the 11 that were accepted", s.Limit)
		}
		time.Sleep(time.Minute)
		if s := b.State("list"); s.Limit != 20 {
			t.Errorf("a minute later the limit is %d", s.Limit)
		}
	})
}

// What the service said in an earlier run is older than what it refused since.
func TestStartTakesNoLessonBack(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "requests")
	synctest.Test(t, func(t *testing.T) {
		first := New(Options{Path: path})
		spend(t, first, "list", Screen, 11)
		first.Limited("list", "", time.Second)
		time.Sleep(time.Hour)
		said := Limits{Account: 100, Endpoint: 20, Source: SourceMe}
		second := New(Options{Path: path, Limits: said})
		spend(t, second, "get", Screen, 1)
		if s := second.State("list"); s.Limit != 10 {
			t.Errorf("the limit is %d", s.Limit)
		}
		second.SetLimits(said)
		if s := second.State("list"); s.Limit != 20 {
			t.Errorf("said anew, the limit is %d", s.Limit)
		}
	})
}
