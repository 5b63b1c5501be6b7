package sandbox

import (
	"strings"
	"sync"
	"testing"
	"time"
)

const key = "Idempotency-Key: 3f0c8a52-58cb-4d14-9cf8-1a7d8f3b2f10"

func TestSameKeySameBodyReplays(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 1})
	const body = `{"contact_type":"sponsor","last_name":"Once"}`
	first := x.send("POST", "/contacts", body, key)
	x.clock.advance(time.Hour)
	again := x.send("POST", "/contacts", body, key)
	if first.status != 201 || again.status != 201 || again.raw != first.raw {
		t.Errorf("first %d %s\nagain %d %s", first.status, first.raw, again.status, again.raw)
	}
	other := x.send("POST", "/build/contacts", body, key) // the same operation by its other path
	if other.raw != first.raw {
		t.Errorf("by the other path: %s", other.raw)
	}
	if r := x.get("/contacts/143"); r.status != 404 {
		t.Error("a second contact was created")
	}
	log := x.s.Requests()
	if log[0].Replayed || !log[0].Applied || !log[1].Replayed || log[1].Applied {
		t.Errorf("log: %+v", log)
	}
}

func TestPatchReplays(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 2})
	first := x.send("PATCH", "/contacts/78", `{"title":"A"}`, key)
	x.s.Update(78, map[string]any{"title": "B"})
	if again := x.send("PATCH", "/contacts/78", `{"title":"A"}`, key); again.raw != first.raw {
		t.Errorf("got %s", again.raw)
	}
	if c, _ := x.s.Contact(78); c["title"] != "B" {
		t.Errorf("the replay wrote: %v", c["title"])
	}
	for name, r := range map[string]reply{
		"other body":    x.send("PATCH", "/contacts/78", `{"title":"C"}`, key),
		"other contact": x.send("PATCH", "/contacts/142", `{"title":"A"}`, key),
		"other route":   x.send("POST", "/contacts", `{"title":"A"}`, key),
	} {
		t.Log(name)
		x.wantError(r, 409, "conflict", "Idempotency-Key was already used for a different request")
	}
}

func TestWithoutAKeyEveryRequestCounts(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 1})
	a := x.object(x.send("POST", "/contacts", `{"contact_type":"sponsor"}`), 201)
	b := x.object(x.send("POST", "/contacts", `{"contact_type":"sponsor"}`), 201)
	if a["id"] == b["id"] {
		t.Error("two requests, one contact")
	}
	x.wantError(x.send("POST", "/contacts", `{}`, "Idempotency-Key: "+strings.Repeat("k", 256)), 400, "bad_request",
		"Idempotency-Key must be at most 255 characters")
}

func TestKeysLiveADay(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 1})
	const body = `{"contact_type":"sponsor"}`
	first := x.object(x.send("POST", "/contacts", body, key), 201)
	x.clock.advance(24*time.Hour - time.Second)
	if again := x.object(x.send("POST", "/contacts", body, key), 201); again["id"] != first["id"] {
		t.Error("forgotten within a day")
	}
	x.clock.advance(time.Second)
	if later := x.object(x.send("POST", "/contacts", body, key), 201); later["id"] == first["id"] {
		t.Error("remembered after a day")
	}
}

func TestKeysAreByAccount(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Keys: []Key{{Token: "lev_sk_a", Account: "a"}, {Token: "lev_sk_b", Account: "b"}}})
	const body = `{"contact_type":"sponsor"}`
	x.token = "lev_sk_a"
	a := x.object(x.send("POST", "/contacts", body, key), 201)
	x.token = "lev_sk_b"
	if b := x.object(x.send("POST", "/contacts", body, key), 201); a["id"] == b["id"] {
		t.Error("one account got the answer of another")
	}
}

func TestWhatAKeyRemembers(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 1, Tier: "free"})
	// A refusal for what the body says is a response like any other.
	refused := x.send("POST", "/contacts", `{}`, key)
	if again := x.send("POST", "/contacts", `{}`, key); again.raw != refused.raw || again.status != 422 {
		t.Errorf("a replayed refusal: %d %s", again.status, again.raw)
	}
	// One for who asked or how often is not.
	const other = "Idempotency-Key: 0a8d5d5e-94f3-4f0e-8d7a-64e1c6c0b1de"
	x.send("PATCH", "/contacts/78", `{"title":"x"}`, other, "Authorization:")
	for range 10 {
		x.send("PATCH", "/contacts/78", `{}`)
	}
	if r := x.send("PATCH", "/contacts/78", `{"title":"x"}`, other); r.status != 429 {
		t.Errorf("got %d, want the rate limit", r.status)
	}
	x.clock.advance(time.Minute)
	if c := x.object(x.send("PATCH", "/contacts/78", `{"title":"x"}`, other), 200); c["title"] != "x" {
		t.Errorf("after the wait: %v", c)
	}
	// Nor is one of a fault in place of the service.
	const third = "Idempotency-Key: 5b7b7e1c-98a4-4c8a-a86c-9ad7d1ccf1a3"
	x.s.SetFaults(mustFaults(t, "500@patch:1"))
	x.send("PATCH", "/contacts/78", `{"title":"y"}`, third)
	if c := x.object(x.send("PATCH", "/contacts/78", `{"title":"y"}`, third), 200); c["title"] != "y" {
		t.Errorf("after the fault: %v", c)
	}
}

func TestOneKeyManyAtOnce(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 1})
	var (
		wg      sync.WaitGroup
		mu      sync.Mutex
		answers = map[string]int{}
	)
	for range 16 {
		wg.Go(func() {
			r := x.send("POST", "/contacts", `{"contact_type":"sponsor"}`, key)
			mu.Lock()
			answers[r.raw]++
			mu.Unlock()
		})
	}
	wg.Wait()
	if len(answers) != 1 {
		t.Errorf("%d different answers", len(answers))
	}
	if _, ok := x.s.Contact(143); ok {
		t.Error("more than one contact was created")
	}
}
