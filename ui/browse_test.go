package ui

import (
	"context"
	"testing"

	tea "charm.land/bubbletea/v2"

	"levcontacts/model"
	"levcontacts/work"
)

func sizeMsg(w, h int) tea.WindowSizeMsg { return tea.WindowSizeMsg{Width: w, Height: h} }

// Going to the end of N contacts makes as many requests as there are pages and
// not one more, whatever is done meanwhile.
func TestRequestsToTheEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ contacts, page, want int }{{10000, 200, 50}, {10000, 0, 51}, {1284, 100, 13}, {50, 0, 1}, {0, 0, 1}, {200, 200, 1}, {201, 200, 2}} {
		f := newFake(c.contacts)
		s := start(t, f, 120, 40, func(o *Options) { o.PageSize = c.page })
		s.keys("G")
		if f.calls["page"] != c.want {
			t.Errorf("%d contacts, page %d: %d requests, want %d", c.contacts, c.page, f.calls["page"], c.want)
		}
		if c.contacts > 0 {
			s.want("of "+number(c.contacts)+" loaded", number(c.contacts)+" of "+number(c.contacts))
		}
	}
}

func TestLookingMakesNoRequest(t *testing.T) {
	t.Parallel()
	f := newFake(1284)
	s := start(t, f, 120, 40)
	before := f.calls["page"] + f.calls["get"]
	s.keys("j", "j", "k", "enter", "j", "j", "esc", "?", "esc", "s", "esc", "f", "esc", "y", "esc", ":", "esc", "L", "esc")
	s.send(sizeMsg(80, 24))
	s.send(sizeMsg(120, 40))
	s.keys("/")
	s.typed("chen")
	s.keys("down", "enter", "esc")
	if now := f.calls["page"] + f.calls["get"]; now != before {
		t.Errorf("looking around made %d requests", now-before)
	}
}

// A person who holds pgdn is never at an end that is not the end: pages are
// asked for before they are needed.
func TestPrefetch(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(3000), 120, 40)
	for range 60 {
		s.keys("pgdown")
		if left := s.m.rows().Len() - s.m.list.Offset() - s.m.list.Height(); left <= 0 && s.m.rows().Len() < 3000 {
			t.Fatalf("at the end of %d loaded rows", s.m.rows().Len())
		}
	}
}

func TestSelectionIsAnID(t *testing.T) {
	t.Parallel()
	f := newFake(300)
	s := start(t, f, 120, 40)
	s.keys("j", "j", "j")
	id := s.m.selected
	line := s.m.list.Cursor() - s.m.list.Offset()
	f.contacts = append([]model.Contact{person(5000).With(model.FieldKey, model.IntValue(7))}, f.contacts...)
	s.keys("r")
	if s.m.selected != id || s.m.list.Cursor()-s.m.list.Offset() != line {
		t.Errorf("after a refresh contact %d on line %d is selected, want %d on %d", s.m.selected, s.m.list.Cursor()-s.m.list.Offset(), id, line)
	}
	s.keys("/")
	s.typed("zhang")
	s.keys("down", "esc")
	if s.m.selected != id {
		t.Errorf("clearing the search left contact %d selected, want %d", s.m.selected, id)
	}
}

func TestLateAnswerAfterRefreshIsDropped(t *testing.T) {
	t.Parallel()
	f := newFake(300)
	s := start(t, f, 120, 40)
	c := s.m.shelf.full()
	_, stale := c.ticket.Begin(context.Background(), s.now)
	_, fresh := c.ticket.Begin(context.Background(), s.now)
	before := s.m.shelf.book.Len()
	s.send(pageMsg{chain: chainFull, seq: stale, page: model.Page{Rows: model.PackAll(person(99999)), Total: 1}})
	if s.m.shelf.book.Len() != before {
		t.Fatal("a stale page was taken")
	}
	s.send(pageMsg{chain: chainFull, seq: stale, err: &model.Error{Kind: model.KindNetwork}})
	s.wantNot("OFFLINE")
	s.send(pageMsg{chain: chainFull, seq: fresh, page: model.Page{Rows: model.PackAll(person(99999)), Total: 301}})
	s.send(pageMsg{chain: chainFull, seq: fresh, page: model.Page{Rows: model.PackAll(person(99998)), Total: 301}})
	if s.m.shelf.book.Len() != before+1 {
		t.Errorf("%d rows, want %d: one answer counts once", s.m.shelf.book.Len(), before+1)
	}
}

// Servers that would make a careless client loop are stopped once, with a word.
func TestGuards(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		page model.Page
		want string
	}{
		"no cursor":   {model.Page{Rows: model.PackAll(person(1)), Total: 9, HasMore: true}, "not where"},
		"nothing new": {model.Page{Rows: model.PackAll(person(0)), Total: 9, HasMore: true, NextCursor: "x"}, "already held"},
		"empty page":  {model.Page{Total: 9, HasMore: true, NextCursor: "y"}, "sent nothing"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, newFake(1), 120, 40)
			chain := ptr(newChain(model.CursorList(model.ConnectedOnly, 50), work.PassFull))
			chain.seen.add(0)
			s.m.shelf.chains[chainFull] = chain
			_, seq := chain.ticket.Begin(context.Background(), s.now)
			s.send(pageMsg{chain: chainFull, seq: seq, page: c.page})
			s.want(c.want)
			calls := s.f.calls["page"]
			s.keys("G", "j")
			if s.f.calls["page"] != calls {
				t.Error("asked again after the list was stopped")
			}
		})
	}
}

func TestSortRefusedSortsHere(t *testing.T) {
	t.Parallel()
	f := newFake(1284)
	f.refuse["sort"] = &model.Error{Kind: model.KindBadRequest, Status: 400, Message: "unknown sort"}
	s := start(t, f, 120, 40, func(o *Options) { o.PageSize = 100 })
	s.keys("s", "1")
	s.want("does not sort by last name", "only what is loaded")
	if got := s.m.rows().At(0).Get(model.FieldLastName).String(); got != "Aguilar" {
		t.Errorf("first row is %s", got)
	}
}

func TestSortWithAllHeldMakesNoRequest(t *testing.T) {
	t.Parallel()
	f := newFake(300)
	s := start(t, f, 120, 40)
	s.keys("G")
	before := f.calls["page"]
	s.keys("s", "1", "s", "1")
	if f.calls["page"] != before || !s.m.view.sort.Desc {
		t.Errorf("%d requests, descending %v", f.calls["page"]-before, s.m.view.sort.Desc)
	}
	s.want("by last name ▼")
}

func TestOfflineAndBack(t *testing.T) {
	t.Parallel()
	f := newFake(300)
	s := start(t, f, 120, 40)
	f.refuse["page"] = &model.Error{Kind: model.KindNetwork, Message: "connection refused"}
	s.keys("r")
	s.want("OFFLINE", "trying again in 2 s", "Sarah Chen")
	s.keys("j", "/")
	s.typed("raman")
	s.want("Priya Raman")
	s.keys("esc")
	delete(f.refuse, "page")
	s.keys("r")
	s.wantNot("OFFLINE")
}

func TestUnknownTotalIsSaid(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(0), 100, 24)
	c := ptr(newChain(model.CursorList(model.ConnectedOnly, 50), work.PassFull))
	s.f.refuse["page"] = &model.Error{Kind: model.KindCanceled}
	s.m.shelf.chains[chainFull], s.m.shelf.said, s.m.shelf.info = c, false, work.CopyInfo{}
	_, seq := c.ticket.Begin(context.Background(), s.now)
	s.send(pageMsg{chain: chainFull, seq: seq, page: model.Page{Rows: model.PackAll(person(1)), Total: -1, HasMore: true, NextCursor: "a"}})
	s.want("1 loaded, how many there are is not known")
}

func TestProfiles(t *testing.T) {
	t.Parallel()
	f := newFake(10)
	f.account.Demo = false
	s := start(t, f, 120, 40)
	s.keys("P")
	s.want("acme", "add an account")
	s.keys("down", "down", "enter")
	s.typed("no/good")
	s.keys("enter")
	s.want("letters, digits")
	s.keys("P", "down", "down", "enter")
	s.typed("north")
	s.keys("enter")
	if s.m.NextProfile() != "north" {
		t.Errorf("goes on with %q", s.m.NextProfile())
	}
}

// The menu of profiles begins at the current one, marked, with what is known of it.
func TestProfileMenuBeginsAtTheCurrent(t *testing.T) {
	t.Parallel()
	f := newFake(10)
	f.account = work.Account{Profile: "demo", Name: "Meridian Partners", User: "Ann Lee", BaseURL: "https://api.example/v2"}
	f.profiles = []string{"acme", "demo", "north"}
	s := start(t, f, 120, 40)
	s.keys("P")
	s.want("▌● demo", "Meridian Partners · https://api.example/v2")
	s.keys("enter")
	if s.wantNot("add an account"); s.m.NextProfile() != "" {
		t.Errorf("choosing the current profile goes on with %q", s.m.NextProfile())
	}
	s.send(sizeMsg(40, 12))
	s.keys("P")
	s.want("▌● demo")
}

// Offline the header still names the account, as an earlier run was told.
func TestAccountIsNamedOffline(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	named := f.account
	f.account.ReadOnly = ""
	f.refuse["account"] = &model.Error{Kind: model.KindNetwork, Message: "connection refused"}
	f.refuse["page"] = f.refuse["account"]
	s := start(t, f, 120, 40, func(o *Options) { o.Account = work.Account{Profile: "demo", ReadOnly: "started with --read-only"} })
	s.want("demo · "+named.Name, "OFFLINE", "READ-ONLY")
	nobody := newFake(60)
	nobody.account = work.Account{Profile: "demo"}
	nobody.refuse = f.refuse
	again := start(t, nobody, 120, 40, func(o *Options) { o.Account = named })
	again.want("demo · " + named.Name)
}
