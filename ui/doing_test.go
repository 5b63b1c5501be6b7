package ui

import (
	"testing"
	"time"

	"levcontacts/model"
	"levcontacts/work"
)

// typedTitle opens the title in place, types into it, and saves without an
// answer. The answer comes when what is given back is called.
func typedTitle(s *stage) (answer func()) {
	s.keys("enter")
	s.m.detail.MoveToField(model.FieldTitle)
	s.keys("enter")
	s.typed(" II")
	_, cmd := s.m.Update(press("enter"))
	return func() { s.run(cmd) }
}

func failed(s *stage, method, path, problem string) {
	s.f.exchanges = append(s.f.exchanges, work.Exchange{At: s.now, Method: method, Path: path, Attempt: 1, Problem: problem})
}

// Somebody who waits for a save sees for how long, that a try has failed and
// another is made, and how to stop.
func TestLongSaveIsExplained(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 120, 40)
	answer := typedTitle(s)
	s.want("saving…", "esc stop")
	s.wantNot("esc leave")
	s.wantNot("still saving")
	s.passes(3 * time.Second)
	s.want("still saving · 3 s · esc stops")
	failed(s, "GET", "/contacts?limit=200", "network")
	s.passes(time.Second)
	s.want("still saving · 4 s") // it was another request that failed
	failed(s, "GET", "/contacts/78", "network")
	s.passes(time.Second)
	s.want("the service cannot be reached, trying again for 5 s · esc stops")
	s.send(sizeMsg(80, 24))
	s.want("no connection, trying again for 5 s · esc stops")
	s.send(sizeMsg(120, 40))
	failed(s, "GET", "/contacts/78", "unavailable")
	s.passes(time.Second)
	s.want("the service has trouble, trying again for 6 s · esc stops")
	failed(s, "GET", "/contacts/78", "")
	s.passes(time.Second)
	s.want("still saving · 7 s · esc stops")
	answer()
	s.want("saved: title")
	s.wantNot("still saving")
}

// A save that has to wait says for how long it will.
func TestWaitOfASaveShowsItsSeconds(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 120, 40)
	answer := typedTitle(s)
	s.f.saveUntil, s.f.frozen = s.now.Add(12*time.Second), true
	failed(s, "PATCH", "/contacts/78", "rate_limited")
	s.passes(2 * time.Second)
	s.want("the service is asking us to slow down · 10 s · esc stops")
	s.f.frozen = false
	s.passes(time.Second)
	s.want("waiting for the rate limit · 9 s · esc stops")
	s.f.saveUntil = time.Time{}
	s.passes(time.Second)
	s.want("asked to slow down, trying again for 4 s")
	answer()
	s.want("saved: title")
}

// esc stops a save. What was typed stays, and can be saved again.
func TestSaveCanBeStopped(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 80, 24)
	answer := typedTitle(s)
	s.keys("esc")
	s.want("saving…", "stopping")
	s.wantNot("esc stop")
	s.keys("esc", "enter", "x")
	answer()
	s.want("Senior Vice President II", "stopped", "saving again", "enter save")
	if len(s.f.saves) != 0 || len(s.f.drafts) != 1 {
		t.Errorf("%d saves, %d drafts", len(s.f.saves), len(s.f.drafts))
	}
	s.keys("enter")
	s.want("saved: title")

	s.keys("e", "tab", "tab", "tab")
	s.typed("I")
	s.keys("ctrl+s")
	_, cmd := s.m.Update(press("enter"))
	s.want("saving…", "esc stop")
	s.keys("esc")
	s.run(cmd)
	s.want("Vice President III", "stopped", "ctrl+s save")
}

// A list that takes long says for how long, and when tries fail.
func TestLongLoadIsExplained(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(1284), 120, 40)
	s.m.Update(press("r"))
	s.passes(500 * time.Millisecond)
	s.want("⠼ loading")
	s.wantNot("esc stops")
	s.passes(2 * time.Second)
	s.want("loading · 2 s · esc stops")
	failed(s, "GET", "/contacts?limit=200", "network")
	s.passes(time.Second)
	s.want("the service cannot be reached, trying again for 3 s · esc stops")
	s.keys("enter") // in the details esc goes back to the list
	s.wantNot("esc stops")
	s.keys("esc", "esc")
	s.want("stopped; what was loaded stays")
	s.wantNot("trying again")
}

// The first load says so where the rows will be.
func TestFirstLoadThatFails(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 80, 24)
	s.m = New(s.m.o)
	s.m.Update(openedMsg{})
	s.want("Loading contacts…")
	failed(s, "GET", "/contacts?limit=50", "network")
	s.passes(time.Second)
	s.want("Loading contacts…", "The service cannot be reached, trying again")
	s.wantNot("esc stops")
}

// A clock that waits for the person to be idle does not hold back the one that
// tells how long a request takes.
func TestClockRunsAtOnce(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(1284), 120, 40, func(o *Options) { o.Index = true })
	s.passes(time.Second)
	s.m.Update(press("r"))
	s.passes(2 * time.Second)
	s.want("loading · 2 s")
}
