package contacts

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/ui/uitest"
	"github.com/levcontacts/levcontacts/work"
)

// cached is a service whose local copy holds its first n of all contacts.
func cached(all, n int, info work.CacheInfo) *uitest.Service {
	return uitest.NewService(all).WithCache(n, info)
}

func updated(c model.Contact, at string) model.Contact {
	return c.With(model.FieldUpdated, model.TextValue(at))
}

const older, newer = "2026-02-19T00:00:00Z", "2026-11-20T14:30:00Z"

// A second start without changes is one list request, whatever the size.
func TestSecondStart(t *testing.T) {
	t.Parallel()
	for _, changed := range []int{0, 3} {
		f := cached(5000, 5000, uitest.Synced(5000))
		f.Opening.AccountName = "Meridian Partners"
		for i := range changed {
			f.Contacts[i] = updated(f.Contacts[i], newer).With(model.FieldTitle, model.TextValue("Chair"))
		}
		for i := changed; i < 400; i++ { // the service does not sort: older ones follow
			f.Contacts[i] = updated(f.Contacts[i], older)
		}
		s := start(t, f)
		s.toEnd()
		s.handle(s.m.Sort(model.Sort{Field: model.FieldLastName}))
		if f.Calls["page"] != 1 || f.Calls["fresh"] != 1 {
			t.Errorf("%d changed: %d list requests, %d marks", changed, f.Calls["page"], f.Calls["fresh"])
		}
		s.wantLoaded(5000, 5000)
		first, _ := s.m.Find(f.Contacts[0].ID())
		if title := first.Get(model.FieldTitle).String(); !s.m.AsOf().IsZero() || (title == "Chair") != (changed > 0) {
			t.Errorf("as of %v, title %q", s.m.AsOf(), title)
		}
		if o, n := happened[Opened](s); n != 1 || o.Account != "Meridian Partners" {
			t.Errorf("opened %d times: %+v", n, o)
		}
	}
}

// Rows without a moment may come first in the order by change, and end nothing;
// another order than was asked for proves nothing, so all is fetched.
func TestRecentRowsInAnyOrder(t *testing.T) {
	t.Parallel()
	for _, ignores := range []bool{false, true} {
		f := uitest.NewService(1000)
		for i := range f.Contacts {
			f.Contacts[i] = updated(f.Contacts[i], older)
			if i >= 700 {
				f.Contacts[i] = f.Contacts[i].With(model.FieldUpdated, model.NullValue())
			}
		}
		if ignores {
			f.Contacts[5] = updated(f.Contacts[5], "2026-02-19T01:00:00Z")
		}
		f.WithCache(1000, uitest.Synced(1000))
		f.Contacts[600] = updated(f.Contacts[600], newer).With(model.FieldTitle, model.TextValue("Chair"))
		if !ignores {
			f.Sorted = slices.Concat(f.Contacts[700:], f.Contacts[600:601], f.Contacts[:600], f.Contacts[601:700])
		}
		s := start(t, f, indexed)
		row, _ := s.m.Find(f.Contacts[600].ID())
		if got := row.Get(model.FieldTitle).String(); !ignores && (got != "Chair" || f.Calls["page"] != 2) {
			t.Errorf("the changed row has the title %q after %d requests, want 2", got, f.Calls["page"])
		}
		full := slices.ContainsFunc(f.Pages, func(p work.PageRequest) bool { return p.Feed == work.FeedFull })
		if full != ignores || s.m.info.NoSort != ignores {
			t.Errorf("order ignored: %v; a full sync: %v", ignores, full)
		}
	}
}

// What the local copy leads to at the start.
func TestFirstRequests(t *testing.T) {
	t.Parallel()
	yesterday := uitest.Synced(1000)
	yesterday.SyncedAt = yesterday.SyncedAt.Add(-48 * time.Hour)
	refused := uitest.Synced(1000)
	refused.NoSort = true
	interrupted := work.CacheInfo{Total: 1000, FreshAt: yesterday.FreshAt, Resume: "NDAw", Seen: 400}
	recent, all := model.Sort{Field: model.FieldUpdated, Desc: true}, model.Sort{}
	for name, c := range map[string]struct {
		info     work.CacheInfo
		pass     work.Feed
		priority work.Priority
		sort     model.Sort
	}{
		"nothing":           {work.CacheInfo{}, work.FeedFull, work.Screen, all},
		"synced today":      {uitest.Synced(1000), work.FeedRows, work.Screen, recent},
		"synced long ago":   {yesterday, work.FeedFull, work.Index, all},
		"no sort by change": {refused, work.FeedFull, work.Index, all},
		"interrupted":       {interrupted, work.FeedResume, work.Next, all},
	} {
		f := cached(1000, 400, c.info)
		start(t, f)
		p := f.Pages[0]
		if p.Feed != c.pass || p.Priority != c.priority || p.List.Sort() != c.sort || p.List.Cursor() != c.info.Resume {
			t.Errorf("%s: first request %+v", name, p)
		}
	}
}

func TestInterruptedSyncGoesOn(t *testing.T) {
	t.Parallel()
	at := uitest.Synced(0).FreshAt
	info := work.CacheInfo{Total: 1000, FreshAt: at, Resume: "NDAw", Seen: 400}
	for _, forgotten := range []bool{false, true} {
		f := cached(1000, 400, info)
		if forgotten { // a place that the service does not know anymore is no place to stay at
			f.Refuse["cursor NDAw"] = &model.Error{Kind: model.KindBadRequest, Status: 400, Message: "unknown cursor"}
		}
		s := start(t, f)
		delete(f.Refuse, "cursor NDAw")
		if !s.m.AsOf().Equal(at) {
			t.Errorf("as of %v", s.m.AsOf())
		}
		s.toEnd()
		s.wantLoaded(1000, 1000)
		full := 0
		for _, p := range f.Pages {
			if p.List.Sort().IsZero() {
				full++
			}
		}
		want := 3
		if forgotten {
			want = 6
		}
		if full != want || forgotten != (f.Pages[1].Feed == work.FeedFull) || len(s.said) > 0 || !s.m.AsOf().IsZero() {
			t.Errorf("forgotten %v: %d pages of the sync, as of %v, said %q", forgotten, full, s.m.AsOf(), s.said)
		}
	}
}

// A sort by change that is refused once means a full sync, now and later.
func TestRefusedSortMeansAFullSync(t *testing.T) {
	t.Parallel()
	f := cached(1000, 1000, uitest.Synced(1000))
	f.Refuse["sort"] = &model.Error{Kind: model.KindBadRequest, Status: 400, Message: "unknown sort"}
	s := start(t, f, indexed)
	s.Pass(aWhile, s.send)
	s.clock()
	if f.Calls["sort"] != 1 || f.Calls["page"] != 1+5 {
		t.Errorf("%d sorted of %d requests, want 1 of 6", f.Calls["sort"], f.Calls["page"])
	}
}

func TestGoneContactsGoWithAWord(t *testing.T) {
	t.Parallel()
	f := cached(300, 300, uitest.Synced(300))
	f.Contacts = append(f.Contacts[:10:10], f.Contacts[12:]...)
	s := start(t, f, indexed)
	s.Pass(aWhile, s.send)
	s.clock()
	s.wantLoaded(298, 298)
	if !s.heard("2 contacts are no longer in the service's list") {
		t.Errorf("said %q", s.said)
	}
}

func TestOldRowsHaveAnAge(t *testing.T) {
	t.Parallel()
	f := cached(300, 300, uitest.Synced(300))
	f.Refuse["page"] = &model.Error{Kind: model.KindNetwork, Message: "connection refused"}
	s := start(t, f)
	if !s.m.AsOf().Equal(f.Opening.Info.FreshAt) || !s.m.Offline() || s.m.Rows().Len() != 300 {
		t.Errorf("as of %v, offline %v", s.m.AsOf(), s.m.Offline())
	}
}

// Rows of the local copy come in parts; what the service sent meanwhile is newer.
func TestTheCacheComesInParts(t *testing.T) {
	t.Parallel()
	rows := []model.Packed{uitest.Person(0).Pack(), uitest.Person(1).Pack(), uitest.Person(2).Pack()}
	s := start(t, uitest.NewService(0))
	s.m = New(s.m.o)
	cmd, _ := s.m.Update(openedMsg{opening: work.Opening{Rows: rows[:1], Next: 5, Info: uitest.Synced(3)}})
	if cmd == nil || !s.m.Reading() || s.m.Complete() {
		t.Fatal("the rest is not asked for")
	}
	s.m.Put(uitest.Person(1).With(model.FieldTitle, model.TextValue("Chair")), false)
	s.m.Update(partMsg{rows: rows[1:]})
	second, _ := s.m.Find(uitest.Person(1).ID())
	title := second.Get(model.FieldTitle).String()
	if s.m.Reading() || !s.m.Complete() || s.m.Rows().Len() != 3 || title != "Chair" {
		t.Errorf("reading %v, %d rows, title %q", s.m.Reading(), s.m.Rows().Len(), title)
	}
	for want, msg := range map[string]Msg{
		"no local copy: broken":                          openedMsg{err: errors.New("broken")},
		"no local copy: locked":                          openedMsg{opening: work.Opening{Info: work.CacheInfo{Problem: "locked"}}},
		"the local copy could be read only in part: bad": partMsg{err: errors.New("bad")},
	} {
		s := start(t, uitest.NewService(3))
		if s.send(msg); !s.heard(want) {
			t.Errorf("want %q, said %q", want, s.said)
		}
	}
}

// The list of the not connected is read to its end: nothing says how many there
// are, so rows that are missing would not be missed. A service that lists
// everybody there is not believed.
func TestNotConnected(t *testing.T) {
	t.Parallel()
	var no search.Filter
	no = no.Toggle(model.FieldConnected, search.No)
	f := uitest.NewService(300)
	for i := range 450 {
		f.NotConnected = append(f.NotConnected, uitest.Person(1000+i).With(model.FieldConnected, model.BoolValue(false)))
	}
	s := start(t, f, pages(200))
	s.handle(s.m.Filter(no))
	if n := s.m.Rows().Len(); n != 450 || s.m.Held() != 200 {
		t.Errorf("%d rows, %d held", n, s.m.Held())
	}
	f = uitest.NewService(40)
	f.NotConnected = f.Contacts
	s = start(t, f)
	s.handle(s.m.Filter(no))
	if !s.heard("does not list contacts that are not connected") || s.m.Rows().Len() != 40 || !s.m.FilterBy().Empty() {
		t.Errorf("%d rows, said %q", s.m.Rows().Len(), s.said)
	}
}
