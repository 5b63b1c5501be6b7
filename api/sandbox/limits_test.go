package sandbox

import (
	"fmt"
	"strconv"
	"testing"
	"time"
)

func TestTiers(t *testing.T) {
	t.Parallel()
	for tier, want := range map[string]struct{ account, endpoint int }{
		"free": {30, 10}, "standard": {100, 20}, "enterprise": {500, 60},
	} {
		x := start(t, Options{Contacts: 1, Tier: tier})
		for i := range want.endpoint {
			if r := x.get("/contacts"); r.status != 200 {
				t.Fatalf("%s: request %d of one endpoint: %d", tier, i+1, r.status)
			}
		}
		if r := x.get("/contacts"); r.status != 429 {
			t.Errorf("%s: one request more: %d", tier, r.status)
		}
		// The rest of the account's budget, an endpoint at a time.
		used := want.endpoint
		for _, path := range []string{"/build/contacts", "/contacts/78", "/me", "/contacts/78/notes", "PATCH", "POST", "note", "edit", "drop", "last"} {
			for i := 0; i < want.endpoint && used < want.account; i++ {
				var r reply
				switch path {
				case "PATCH":
					r = x.send("PATCH", "/contacts/78", `{}`)
				case "POST":
					r = x.send("POST", "/contacts", `{"contact_type":"sponsor"}`)
				case "note":
					r = x.send("POST", "/contacts/78/notes", `{"text":"x"}`)
				case "edit":
					r = x.send("PATCH", "/contacts/78/notes/78001", `{"text":"y"}`)
				case "drop":
					r = x.send("DELETE", "/contacts/78/notes/1", "")
				case "last":
					r = x.send("POST", "/build/contacts", `{"contact_type":"sponsor"}`)
				default:
					r = x.get(path)
				}
				if r.status == 429 {
					t.Fatalf("%s: request %d of the account, %s: 429", tier, used+1, path)
				}
				used++
			}
		}
		if r := x.get("/me"); used != want.account || r.status != 429 {
			t.Errorf("%s: after %d requests: %d", tier, used, r.status)
		}
	}
}

func TestNoTierIsStandard(t *testing.T) {
	t.Parallel()
	s, err := New(Options{Now: newClock().Now})
	if err != nil {
		t.Fatal(err)
	}
	x := &rig{t: t, s: s, door: s, token: "lev_sk_test"}
	for range 20 {
		x.get("/me")
	}
	if r := x.get("/me"); r.status != 429 {
		t.Errorf("request 21: %d", r.status)
	}
}

func TestSlidingMinute(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 1, Tier: "free"})
	for range 10 { // one every three seconds: 0 to 27
		x.get("/contacts")
		x.clock.advance(3 * time.Second)
	}
	r := x.get("/contacts") // at 30 s
	x.wantError(r, 429, "rate_limit_exceeded", "Rate limit reached; retry after 30 seconds")
	if r.Error["limit_type"] != "requests_per_minute" || r.Error["retry_after_seconds"] != 30.0 || r.header.Get("Retry-After") != "30" {
		t.Errorf("got %s, Retry-After %q", r.raw, r.header.Get("Retry-After"))
	}
	if r := x.get("/contacts/78"); r.status != 200 {
		t.Errorf("another endpoint: %d", r.status)
	}
	x.clock.advance(29*time.Second + 500*time.Millisecond)
	if r := x.get("/contacts"); r.header.Get("Retry-After") != "1" {
		t.Errorf("half a second early: Retry-After %q", r.header.Get("Retry-After"))
	}
	x.clock.advance(500 * time.Millisecond)
	if r := x.get("/contacts"); r.status != 200 {
		t.Errorf("after the wait: %d", r.status)
	}
	if r := x.get("/contacts"); r.header.Get("Retry-After") != "3" {
		t.Errorf("only one request left the minute, Retry-After is %q", r.header.Get("Retry-After"))
	}
}

// Whoever waits as told is let in, on every tier: no request is refused twice.
func TestRetryAfterIsEnough(t *testing.T) {
	t.Parallel()
	for _, tier := range []string{"free", "standard", "enterprise"} {
		x := start(t, Options{Contacts: 1, Tier: tier})
		for i := range 400 {
			path := []string{"/contacts", "/contacts/78", "/me"}[i%3]
			r := x.get(path)
			if r.status == 429 {
				wait, err := strconv.Atoi(r.header.Get("Retry-After"))
				if err != nil || wait < 1 || wait > 60 {
					t.Fatalf("%s: Retry-After %q", tier, r.header.Get("Retry-After"))
				}
				x.clock.advance(time.Duration(wait) * time.Second)
				r = x.get(path)
			}
			if r.status != 200 {
				t.Fatalf("%s: request %d: %d", tier, i, r.status)
			}
			x.clock.advance(time.Duration(i%7) * 100 * time.Millisecond)
		}
	}
}

func TestLimitsAreByAccount(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Tier: "free", Keys: []Key{
		{Token: "lev_sk_a1", Account: "a"}, {Token: "lev_sk_a2", Account: "a"}, {Token: "lev_sk_b", Account: "b"},
	}})
	for i := range 10 {
		x.token = fmt.Sprintf("lev_sk_a%d", i%2+1)
		x.get("/me")
	}
	if r := x.get("/me"); r.status != 429 {
		t.Errorf("two keys of one account: %d", r.status)
	}
	x.token = "lev_sk_b"
	if r := x.get("/me"); r.status != 200 {
		t.Errorf("another account: %d", r.status)
	}
}

func TestUnauthorizedCountsNothing(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Tier: "free"})
	for range 50 {
		x.get("/me", "Authorization:")
		x.get("/nowhere")
	}
	if r := x.get("/me"); r.status != 200 {
		t.Errorf("after refused requests: %d", r.status)
	}
}

func TestCodedRateLimit(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Tier: "free", ErrorShape: ErrorCoded, NewID: func() string { return "id" }})
	for range 10 {
		x.get("/me")
	}
	want := `{"request_id":"id","error":{"code":"RATE_LIMITED","message":"Rate limit reached; retry after 60 seconds"}}`
	if r := x.get("/me"); r.raw != want || r.header.Get("Retry-After") != "60" {
		t.Errorf("got %s", r.raw)
	}
}
