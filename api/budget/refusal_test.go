package budget

import (
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/levcontacts/levcontacts/work"
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
			spend(t, b, "list", work.Screen, 1)
			b.Limited("list", c.scope, 7*time.Second)
			list, get := start(b, "list", work.Write), start(b, "get", work.Index)
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
				spend(t, b, "list", work.Screen, 1)
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
		if d := time.Until(b.State("list").FrozenUntil); d != 5*time.Minute {
			t.Errorf("frozen for %v", d)
		}
		b.Limited("get", "account", 2*time.Hour)
		if s := b.State("list"); s.FrozenScope != ScopeAccount {
			t.Errorf("%+v", s)
		}
	})
}

// A limit that was guessed, or set, is halved once for all requests that were
// refused together, and again for the next refusal, down to the smallest tier.
func TestRefusalHalvesTheLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{Limits: Limits{Account: 500, Endpoint: 60, Source: SourceEarlier}})
		spend(t, b, "list", work.Screen, 55)
		for _, want := range []int{30, 15, 10, 10} {
			for range 5 {
				b.Limited("list", "", 10*time.Second)
			}
			if s := b.State("list"); s.Limit != want || s.AccountLimit != 500 {
				t.Errorf("the limits are %+v, want %d", s, want)
			}
			if s := b.State("get"); s.Limit != want {
				t.Errorf("another endpoint of the same tier has %d, want %d", s.Limit, want)
			}
			time.Sleep(10 * time.Second)
		}
		b.Limited("get", "account", time.Second)
		if s := b.State("update"); s.Limit != 10 || s.AccountLimit != 250 {
			t.Errorf("refused for the account: %+v", s)
		}
		time.Sleep(25 * time.Hour)
		if s := b.State("list"); s.Limit != 10 {
			t.Errorf("a day later the limit is %d", s.Limit)
		}
		b.SetLimits(Limits{Endpoint: 20, Account: 100, Source: SourceMe})
		if s := b.State("list"); s.Limit != 20 || s.AccountLimit != 100 {
			t.Errorf("the service's word did not count: %+v", s)
		}
	})
}

// When GET /me has named the limits, a refusal below them is someone else's doing.
func TestRefusalBelowTheServicesWordOnlyFreezes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{Limits: Limits{Account: 100, Endpoint: 20, Source: SourceMe}})
		spend(t, b, "list", work.Screen, 13)
		for range 3 {
			b.Limited("list", "", time.Second)
			time.Sleep(time.Second)
		}
		if s := b.State("list"); s.Limit != 20 || s.Left != 7 || !s.FrozenUntil.IsZero() {
			t.Errorf("the limits are %+v", s)
		}
	})
}

// A later run begins anew.
func TestRefusalIsOfOneRun(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "requests")
	synctest.Test(t, func(t *testing.T) {
		first := New(Options{Path: path})
		spend(t, first, "list", work.Screen, 11)
		first.Limited("list", "", time.Hour)
		time.Sleep(time.Minute)
		second := New(Options{Path: path})
		spend(t, second, "list", work.Screen, 1)
		if s := second.State("list"); s.Limit != 20 || s.Left != 8 || !s.FrozenUntil.IsZero() {
			t.Errorf("it begins with %+v", s)
		}
	})
}

// What the service does not count is not counted here, and a 429 holds anyway.
func TestUnlimited(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		limits, _ := Tier("unlimited")
		b := New(Options{Limits: limits})
		spend(t, b, "list", work.Index, 500)
		if s := b.State("list"); s != (State{}) {
			t.Errorf("it shows %+v", s)
		}
		if d := b.Estimate("list", 1_000_000, work.Index); d != 0 {
			t.Errorf("a million requests take %v", d)
		}
		b.Limited("list", "", 7*time.Second)
		a := start(b, "list", work.Screen)
		time.Sleep(time.Minute)
		if d := a.took(t); d != 7*time.Second {
			t.Errorf("waited %v", d)
		}
		b.SetLimits(Limits{Account: 30, Endpoint: 10, Source: SourceMe})
		spend(t, b, "list", work.Screen, 8)
		if s := b.State("list"); s.Limit != 10 || s.Left != 1 { // the one that waited counts
			t.Errorf("it shows %+v", s)
		}
	})
}
