package contacts

import (
	"context"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/uitest"
	"github.com/levcontacts/levcontacts/work"
)

// Going to the end of N contacts makes as many requests as there are pages and
// not one more.
func TestRequestsToTheEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ contacts, page, want int }{
		{10000, 200, 50}, {10000, 0, 51}, {1284, 100, 13}, {50, 0, 1}, {0, 0, 1}, {200, 200, 1}, {201, 200, 2},
	} {
		f := uitest.NewService(c.contacts)
		s := start(t, f, pages(c.page))
		s.toEnd()
		if f.Calls["page"] != c.want {
			t.Errorf("%d contacts, page %d: %d requests, want %d", c.contacts, c.page, f.Calls["page"], c.want)
		}
		s.wantLoaded(c.contacts, c.contacts)
	}
}

// Pages are asked for before somebody who holds pgdn needs them.
func TestPrefetch(t *testing.T) {
	t.Parallel()
	s := start(t, uitest.NewService(3000))
	for range 80 {
		s.view.Offset = min(s.view.Offset+s.view.Height, s.m.Rows().Len()-s.view.Height)
		s.handle(s.m.More(s.view))
		if left := s.m.Rows().Len() - s.view.Offset - s.view.Height; left <= 0 && s.m.Rows().Len() < 3000 {
			t.Fatalf("at the end of %d loaded rows", s.m.Rows().Len())
		}
	}
}

func TestStaleAnswersAreDropped(t *testing.T) {
	t.Parallel()
	s := start(t, uitest.NewService(300))
	p := s.m.pagers[pagerAll]
	_, stale := p.request.Begin(context.Background(), s.Now())
	_, fresh := p.request.Begin(context.Background(), s.Now())
	before := s.m.book.Len()
	one := func(i int) model.Page { return model.Page{Rows: model.PackAll(uitest.Person(i)), Total: 301} }
	s.send(pageMsg{pager: pagerAll, seq: stale, page: one(99999)})
	if s.m.book.Len() != before {
		t.Fatal("a stale page was taken")
	}
	if s.send(pageMsg{pager: pagerAll, seq: stale, err: &model.Error{Kind: model.KindNetwork}}); s.m.Offline() {
		t.Error("a stale failure was taken")
	}
	s.send(pageMsg{pager: pagerAll, seq: fresh, page: one(99999)})
	s.send(pageMsg{pager: pagerAll, seq: fresh, page: one(99998)})
	if s.m.book.Len() != before+1 {
		t.Errorf("%d rows, want %d: one answer counts once", s.m.book.Len(), before+1)
	}
}

// A list that begins again while its page is on its way does not take the end
// of that request for its own answer.
func TestAnAnswerOfTheListBefore(t *testing.T) {
	t.Parallel()
	s := start(t, uitest.NewService(300))
	page := func() model.Request { return model.CursorList(model.ConnectedOnly, 50) }
	s.m.begin(pagerAll, newPager(page(), work.FeedFull), work.Screen)
	stale := pageMsg{pager: pagerAll, seq: 1, err: &model.Error{Kind: model.KindCanceled}}
	for p := s.m.pagers[pagerAll]; !p.request.Take(stale.seq); stale.seq++ {
	}
	s.m.begin(pagerAll, newPager(page(), work.FeedFull), work.Screen)
	s.m.Update(stale)
	if !s.m.pagers[pagerAll].request.Busy() {
		t.Error("the answer to the new request will be dropped")
	}
}

// Servers that would make a careless client loop are stopped once, with a word.
func TestGuards(t *testing.T) {
	t.Parallel()
	one := func(i int) []model.Packed { return model.PackAll(uitest.Person(i)) }
	for want, page := range map[string]model.Page{
		"not say where": {Rows: one(1), Total: 9, HasMore: true},
		"already held":  {Rows: one(0), Total: 9, HasMore: true, NextCursor: "x"},
		"sent nothing":  {Total: 9, HasMore: true, NextCursor: "y"},
	} {
		s := start(t, uitest.NewService(1))
		p := newPager(model.CursorList(model.ConnectedOnly, 50), work.FeedFull)
		p.seen.add(0)
		s.m.pagers[pagerAll] = p
		_, seq := p.request.Begin(context.Background(), s.Now())
		s.send(pageMsg{pager: pagerAll, seq: seq, page: page})
		calls := s.f.Calls["page"]
		s.toEnd()
		if !s.heard(want) || s.f.Calls["page"] != calls {
			t.Errorf("%s: said %q, %d more requests", want, s.said, s.f.Calls["page"]-calls)
		}
	}
}

func TestOfflineAndBack(t *testing.T) {
	t.Parallel()
	f := uitest.NewService(300)
	s := start(t, f)
	f.Refuse["page"] = &model.Error{Kind: model.KindNetwork, Message: "connection refused"}
	s.handle(s.m.Refresh(0))
	if _, n := happened[Offline](s); n != 1 || !s.m.Offline() || s.m.RetryAt().Sub(s.Now()) != 2*time.Second {
		t.Errorf("offline %v, again at %v", s.m.Offline(), s.m.RetryAt())
	}
	s.Pass(2*time.Second, s.send)
	if s.m.RetryAt().Sub(s.Now()) != 4*time.Second {
		t.Errorf("the pause does not grow: %v", s.m.RetryAt().Sub(s.Now()))
	}
	delete(f.Refuse, "page")
	s.Pass(4*time.Second, s.send)
	if _, n := happened[BackOnline](s); n != 1 || s.m.Offline() || !s.m.RetryAt().IsZero() {
		t.Errorf("%d times back, offline %v", n, s.m.Offline())
	}
}

// A save that finds the service out of reach has the lists try again, and one
// that is answered ends being offline.
func TestASaveTellsOfTheService(t *testing.T) {
	t.Parallel()
	down := &model.Error{Kind: model.KindNetwork, Message: "connection refused"}
	for _, answered := range []bool{false, true} {
		s := start(t, uitest.NewService(60))
		s.handle(s.m.Unreachable(down))
		if !s.m.Offline() {
			t.Fatal("not offline")
		}
		if answered {
			s.handle(s.m.Resume())
		} else {
			s.Pass(3*time.Second, s.send)
		}
		if _, n := happened[BackOnline](s); n != 1 || s.m.Offline() || !s.m.RetryAt().IsZero() {
			t.Errorf("answered %v: %d times back, offline %v", answered, n, s.m.Offline())
		}
	}
}

// A refused key opens nothing by itself; the lists go on after a sign-in.
func TestARefusedKeyIsReported(t *testing.T) {
	t.Parallel()
	f := uitest.NewService(300)
	s := start(t, f)
	f.Refuse["page"] = &model.Error{Kind: model.KindUnauthorized, Status: 401}
	s.handle(s.m.Refresh(0))
	asked, n := happened[screen.SignIn](s)
	if n != 1 || asked.Asked || asked.Retry != nil || s.m.Err() == nil {
		t.Errorf("%d sign-ins: %+v", n, asked)
	}
	delete(f.Refuse, "page")
	s.handle(s.m.Resume())
	s.toEnd()
	s.wantLoaded(300, 300)
}

// What was said of a failed list goes with the next page.
func TestAFailureEnds(t *testing.T) {
	t.Parallel()
	f := uitest.NewService(300)
	s := start(t, f)
	f.Refuse["page"] = &model.Error{Kind: model.KindForbidden, Status: 403, Message: "no", RequestID: "r-1"}
	s.handle(s.m.Refresh(0))
	if !s.heard("no") {
		t.Errorf("said %q", s.said)
	}
	delete(f.Refuse, "page")
	s.handle(s.m.Refresh(0))
	if r, n := happened[screen.Retract](s); n != 1 || r.Owner != ownerList {
		t.Errorf("%d times taken back: %+v", n, r)
	}
}

func TestUnknownTotal(t *testing.T) {
	t.Parallel()
	s := start(t, uitest.NewService(0))
	p := newPager(model.CursorList(model.ConnectedOnly, 50), work.FeedFull)
	s.f.Refuse["page"] = &model.Error{Kind: model.KindCanceled}
	s.m.pagers[pagerAll], s.m.totalSaid, s.m.info = p, false, work.CacheInfo{}
	_, seq := p.request.Begin(context.Background(), s.Now())
	page := model.Page{Rows: model.PackAll(uitest.Person(1)), Total: -1, HasMore: true, NextCursor: "a"}
	s.send(pageMsg{pager: pagerAll, seq: seq, page: page})
	s.wantLoaded(1, -1)
}

// The clock reads why the last attempt of a list failed, and of nothing else.
func TestTrouble(t *testing.T) {
	t.Parallel()
	s := start(t, uitest.NewService(1284))
	s.m.Refresh(0)
	want := func(trouble string) {
		t.Helper()
		if s.clock(); s.m.Trouble() != trouble {
			t.Errorf("trouble %q, want %q", s.m.Trouble(), trouble)
		}
	}
	want("")
	s.f.Failed(s.Now(), "/contacts?limit=200", "network")
	want("network")
	s.f.Failed(s.Now(), "/contacts/78", "unavailable")
	want("network")
	if s.m.Stop(); s.m.Stoppable() {
		t.Error("not stopped")
	}
	want("")
}

// Stop ends what is waited for, except the very first page.
func TestStop(t *testing.T) {
	t.Parallel()
	s := start(t, uitest.NewService(1284))
	s.m.ToEnd()
	if cmd, _ := s.m.More(s.view); cmd == nil || !s.m.GoingToEnd() {
		t.Fatal("not on the way to the end")
	}
	if !s.m.Stop() || s.m.GoingToEnd() || s.m.Stop() {
		t.Error("not stopped once")
	}
	first := New(s.m.o)
	first.Update(openedMsg{})
	if first.Stop() {
		t.Error("the first page was stopped")
	}
}

// The picture changes by itself: soon while something loads, seldom otherwise.
func TestWake(t *testing.T) {
	t.Parallel()
	s := start(t, uitest.NewService(1284), indexed)
	want := func(d time.Duration) {
		t.Helper()
		if got := s.m.Wake().Sub(s.Now()); got != d {
			t.Errorf("wakes in %v, want %v", got, d)
		}
	}
	want(idleBefore)
	s.Pass(4*time.Second, s.send)
	want(6 * time.Second)
	s.m.Refresh(0)
	want(Fast)
	s.Pass(time.Second, s.send)
	want(120 * time.Millisecond)
	s.m.gauge.Until = s.Now().Add(aWhile)
	want(time.Second)
	s.m.Stop()
	s.m.o.Index = false
	if !s.m.Wake().IsZero() {
		t.Error("wakes for nothing")
	}
}

func TestDrawFirst(t *testing.T) {
	t.Parallel()
	ended := make(chan tea.Msg, 1)
	cmd := func() tea.Msg { return "done" }
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]tea.Cmd{
		"without a wait":   drawFirst(t.Context(), 0, cmd),
		"after a wait":     drawFirst(t.Context(), time.Microsecond, cmd),
		"no longer wanted": drawFirst(stopped, time.Hour, cmd),
	} {
		if got := c(); got != "done" {
			t.Errorf("%s: %v", name, got)
		}
	}
	// A search that the next letter has overtaken does not keep its command waiting.
	s := start(t, uitest.NewService(60), func(o *Options) { o.DrawFirst = time.Hour })
	letter := func(text string) tea.Cmd {
		q, err := search.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		c, _ := s.m.Search(q)
		return c
	}
	first := letter("c")
	go func() { ended <- first() }()
	letter("ch")
	msg, ok := (<-ended).(orderMsg)
	if s.send(msg); !ok || s.m.order.made {
		t.Errorf("the overtaken search is shown: %v", msg)
	}
}

// One contact is fetched, put into the list and selected; a failure is said.
func TestFetchOne(t *testing.T) {
	t.Parallel()
	f := uitest.NewService(60)
	f.NotConnected = []model.Contact{uitest.Person(900)}
	s := start(t, f)
	id := f.NotConnected[0].ID()
	uitest.Run(s.m.Fetch(id), s.send)
	if got, _ := happened[Fetched](s); got.ID != id {
		t.Errorf("fetched %d", got.ID)
	}
	uitest.Run(s.m.Fetch(1), s.send)
	if _, held := s.m.Find(id); !held || !s.heard("Contact not found") {
		t.Errorf("held %v, said %q", held, strings.Join(s.said, "|"))
	}
}

// A contact that was created here and is not connected stays in view, is counted
// apart, and is asked for again when it is the selected one.
func TestCreatedContactsStay(t *testing.T) {
	t.Parallel()
	f := uitest.NewService(60)
	s := start(t, f)
	made := uitest.Person(900).With(model.FieldConnected, model.BoolValue(false))
	s.handle(s.m.Put(made, true))
	if s.m.Extra() != 1 || s.m.Held() != 60 || s.m.Rows().Len() != 61 {
		t.Errorf("%d extra, %d held, %d rows", s.m.Extra(), s.m.Held(), s.m.Rows().Len())
	}
	f.NotConnected = []model.Contact{made.With(model.FieldTitle, model.TextValue("Chair"))}
	s.handle(s.m.Refresh(made.ID()))
	if got, _ := s.m.Find(made.ID()); f.Calls["get"] != 1 || got.Get(model.FieldTitle).String() != "Chair" {
		t.Errorf("%d requests, title %q", f.Calls["get"], got.Get(model.FieldTitle).String())
	}
}
