package ui

import (
	"errors"
	"strings"
	"testing"
	"time"

	"levcontacts/model"
	"levcontacts/work"
)

func refusedKey() *model.Error {
	return &model.Error{Kind: model.KindUnauthorized, Status: 401, Message: "Authentication required", RequestID: "r-401"}
}

// While a key is tried the sign-in says so, for how long, and how to stop; a
// key that is no good goes, what was said of it stays.
func TestSignInOverTheScreen(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	f.refuse["page"] = refusedKey()
	s := start(t, f, 80, 24)
	s.want("Sign in again", "401 · request r-401", "enter goes on   esc closes")
	s.keys("enter")
	s.want("paste the key first", "401 · request r-401")
	s.typed("bad")
	_, cmd := s.m.Update(press("enter"))
	s.want("> ***", "trying the key…", "esc stops")
	s.wantNot("enter goes on")
	s.passes(3 * time.Second)
	s.want("trying the key… · 3 s")
	s.keys("enter", "x")
	s.want("> ***", "trying the key…")
	s.run(cmd)
	s.want("Authentication required", "enter goes on   esc closes")
	s.wantNot("***")

	s.typed("slow")
	_, cmd = s.m.Update(press("enter"))
	s.keys("esc")
	s.run(cmd)
	s.want("Sign in again", "stopped", "enter goes on   esc closes")
	s.wantNot("***")

	delete(f.refuse, "page")
	s.typed("good")
	s.keys("enter")
	s.want("signed in", "60 of 60 loaded")
}

// Closing the sign-in says what that means.
func TestSignInClosed(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	s := start(t, f, 80, 24)
	f.refuse["page"] = refusedKey()
	s.keys("r")
	s.want("Sign in again")
	s.keys("esc")
	s.wantNot("Sign in again")
	s.want("not signed in", "r asks again")
	if strings.Count(s.screen(), "Sarah Chen") == 0 {
		t.Error("the rows are gone")
	}
	s.keys("r")
	s.want("Sign in again")
}

// What went wrong here is said in its own words, and a request without an
// answer is in the log with its path.
func TestWordsOfOtherFailures(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 80, 24)
	s.send(doneMsg{"view x is saved", errors.New("there is no configuration file here")})
	s.want("! There is no configuration file here · x dismisses")
	s.f.exchanges = []work.Exchange{{At: s.now, Method: "PATCH", Path: "/contacts/78", Attempt: 1, Took: 518 * time.Millisecond, Problem: "network"},
		{At: s.now, Method: "GET", Path: "/contacts?limit=200", Status: 200, Took: 3 * time.Second, RequestID: "22fe83ae-a20f-54fc-b436-cec85c94c5e8"}}
	s.keys("L")
	s.want("PATCH no answer   518 ms  network  /contacts/78", "3000 ms  22fe83ae-a20f-54fc-b436-cec85c94c5e8")
}
