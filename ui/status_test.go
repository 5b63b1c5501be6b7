package ui

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"levcontacts/model"
)

// How much is loaded is never cut, whatever else the status has to say: half a
// number would be another one.
func TestTheStatusNeverCutsANumber(t *testing.T) {
	t.Parallel()
	f := newFake(1284)
	s := start(t, f, 120, 40)
	f.refuse["page"] = &model.Error{Kind: model.KindNetwork, Message: "connection refused"}
	s.keys("r")
	whole := regexp.MustCompile(`(?m)^ 1 of 250 · 250 of 1,284 loaded(  *o.*)?$`)
	s.send(sizeMsg(20, 5))
	s.want("\n 250 of 1,284 loaded\n")
	s.send(sizeMsg(19, 5))
	s.want("\n 250 of 1,284\n")
	for w := 36; w < 120; w++ {
		s.send(sizeMsg(w, 20))
		if !whole.MatchString(s.screen()) {
			t.Fatalf("width %d:\n%s", w, s.screen())
		}
	}
	if !strings.Contains(s.screen(), "offline, trying again in 2 s") {
		t.Errorf("not said:\n%s", s.screen())
	}
}

// The order stays in a status that has no room for what it cannot promise.
func TestTheOrderStaysOnNarrowScreens(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(1284), 120, 40)
	s.keys("s", "6")
	s.want("by city ▲ · rows may shift while others edit")
	s.send(sizeMsg(60, 24))
	s.want("loaded · by city ▲")
	s.wantNot("rows may")
}

// wholeWords are the words that the status and the header are made of; half a
// word would be another one, or none.
func wholeWords(line string, known map[string]bool) string {
	for _, w := range strings.Fields(line) {
		if !known[strings.Trim(w, ",")] {
			return w
		}
	}
	return ""
}

func wordsOf(texts ...string) map[string]bool {
	known := map[string]bool{}
	for _, w := range strings.Fields(strings.Join(texts, " ")) {
		known[strings.Trim(w, ",")] = true
	}
	return known
}

func lineAt(s *stage, fromEnd int) string {
	lines := strings.Split(s.screen(), "\n")
	return lines[len(lines)-fromEnd]
}

// Whatever the width, what is going on is said in whole words, and in as many
// as there is room for.
func TestWaitingIsSaidInWholeWords(t *testing.T) {
	t.Parallel()
	f := newFake(1284)
	s := start(t, f, 120, 40)
	s.keys("s", "6")
	c := s.m.shelf.full()
	c.ticket.Begin(t.Context(), s.now)
	known := wordsOf("1 of 200 · 250 1,284 loaded by city ▲ rows may shift while others edit", "waiting for the rate limit 23 s esc stops wait",
		"the service is asking us to slow down asked", "offline, trying again in r now", "loading to end about")
	for _, c := range []struct {
		name string
		from int // width from which the seconds are there
		set  func()
	}{
		{"wait", 44, func() { s.m.gauge.Until = s.now.Add(23 * time.Second) }},
		{"frozen", 44, func() { s.m.gauge.Frozen = true }},
		{"offline", 49, func() { s.m.shelf.offline, s.m.shelf.retryAt = true, s.now.Add(23*time.Second) }},
	} {
		c.set()
		for w := 30; w <= 140; w++ {
			s.m.Update(sizeMsg(w, 20))
			if bad := wholeWords(lineAt(s, 2), known); bad != "" {
				t.Errorf("%s, width %d: %q in %q", c.name, w, bad, lineAt(s, 2))
			}
			if w >= c.from && !strings.Contains(lineAt(s, 2), "23 s") {
				t.Errorf("%s, width %d: no seconds in %q", c.name, w, lineAt(s, 2))
			}
		}
	}
}

func TestWaitAtEighty(t *testing.T) {
	t.Parallel()
	f := newFake(1284)
	s := start(t, f, 80, 24)
	s.m.shelf.full().ticket.Begin(t.Context(), s.now)
	s.m.gauge.Until = s.now.Add(23 * time.Second)
	s.want("1 of 250 · 250 of 1,284 loaded", "waiting for the rate limit · 23 s · esc stops")
	s.m.view.sort = model.Sort{Field: model.FieldCity}
	s.want("250 of 1,284 loaded · by city ▲", "rate limit · 23 s · esc stops")
	s.wantNot("waiting for")
	s.m.Update(sizeMsg(44, 24))
	s.want("wait 23 s")
}

// What is left of the rate limit is in the header as long as there is any room.
func TestGaugeBesideTheMarks(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(1284), 120, 40)
	s.want("DEMO    list 18 of 20 left this minute")
	s.m.Update(sizeMsg(80, 24))
	s.want("demo · Meridian Partners", "DEMO    18 of 20 left this minute")
	s.m.Update(sizeMsg(61, 24))
	s.want("demo · Meridian Partners", "DEMO    18/20 left")
	for w := 24; w < 60; w++ {
		s.m.Update(sizeMsg(w, 24))
		s.want("levcontacts", "DEMO")
		if strings.Contains(s.screen(), "demo ·") && !strings.Contains(s.screen(), "Partners") && !strings.Contains(s.screen(), "…") {
			t.Errorf("width %d: the account is cut without a sign: %q", w, lineAt(s, 24))
		}
	}
}

// The marks that change what keys do are the last to go.
func TestMarksOnNarrowScreens(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	f.account.ReadOnly = "started with --read-only"
	s := start(t, f, 120, 40)
	s.m.shelf.offline = true
	for w := 20; w < 120; w++ {
		s.m.Update(sizeMsg(w, 24))
		s.want(" OFFLINE")
		if w >= 24 {
			s.want("READ-ONLY")
		}
	}
}

// What is typed into the search, and how much it covers, are both on screens of
// any width.
func TestSearchOnNarrowScreens(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(1284), 120, 40)
	s.keys("/")
	s.want("/", "searches 250 of 1,284 · ctrl+g loads the rest")
	s.typed("rod lender")
	s.want("/ rod lender", "42 in 250 of 1,284 · ctrl+g loads the rest")
	for w := 20; w < 120; w++ {
		s.m.Update(sizeMsg(w, 10))
		line := lineAt(s, 2)
		if !strings.Contains(line, "lender") || w >= 35 && !strings.Contains(line, "42 in 250 of 1,284") || w >= 36 && !strings.Contains(line, "/ rod lender") {
			t.Errorf("width %d: %q", w, line)
		}
		if at := s.m.View().Cursor; at == nil || at.X != strings.Index(line, "lender")+len("lender") || at.Y != 8 {
			t.Errorf("width %d: cursor %+v", w, at)
		}
	}
}

// The theme for terminals that know only ASCII says everything in it.
func TestASCIIOnly(t *testing.T) {
	t.Parallel()
	f := newFake(1284)
	s := start(t, f, 120, 40, func(o *Options) { o.Theme = "ascii" })
	for i := range f.contacts {
		f.contacts[i] = f.contacts[i].With(model.FieldFirstName, model.TextValue("Ann"))
	}
	s.keys("r")
	check := func(name string) {
		t.Helper()
		for _, size := range [][2]int{{120, 40}, {80, 24}, {40, 10}} {
			s.m.Update(sizeMsg(size[0], size[1]))
			for _, l := range strings.Split(s.screen(), "\n") {
				if i := strings.IndexFunc(l, func(r rune) bool { return r > 0x7e }); i >= 0 {
					t.Errorf("%s: %q in %q", name, l[i:], l)
				}
			}
		}
	}
	check("list")
	s.m.shelf.full().ticket.Begin(t.Context(), s.now)
	s.m.gauge.Until = s.now.Add(23 * time.Second)
	check("waiting")
	s.m.sayError("get contact", &model.Error{Kind: model.KindNotFound, Status: 404, Message: "Contact not found", RequestID: "r-404"})
	check("error")
	s.keys("x", "/")
	s.typed("ann")
	check("search")
	s.keys("esc", "enter")
	check("details")
	s.keys("e")
	check("form")
	s.keys("tab", "tab")
	s.typed("x")
	s.keys("ctrl+s")
	check("preview")
	s.keys("esc", "esc")
	check("question")
	s.keys("t", "s")
	check("sort")
	for _, k := range []string{"f", "c", "v", "y", "o", ":", "H", "L", "D", "B", "?"} {
		s.keys("esc", "esc", k)
		check(k)
	}
	s.keys("esc", "esc")
	s.m.askSignIn(refusedKey(), nil)
	check("sign in")
}
