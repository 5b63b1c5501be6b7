package ui

import (
	"slices"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"levcontacts/model"
	"levcontacts/work"
)

// copied is a fake whose copy on disk holds its first n contacts.
func copied(f *fake, n int, info work.CopyInfo) *fake {
	for _, c := range f.contacts[:n] {
		f.opening.Rows = append(f.opening.Rows, c.Pack())
	}
	f.opening.Info = info
	return f
}

func passed(total int) work.CopyInfo {
	at := time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)
	newest := time.Date(2026, 2, 20, 16, 45, 0, 0, time.UTC)
	return work.CopyInfo{Total: total, PassedAt: at, FreshAt: at, Newest: newest.Unix()}
}

// A second start with an unchanged book is one list request, whatever its size.
func TestSecondStart(t *testing.T) {
	t.Parallel()
	for _, changed := range []int{0, 3} {
		f := copied(newFake(5000), 5000, passed(5000))
		for i := range changed {
			f.contacts[i] = f.contacts[i].With(model.FieldTitle, model.TextValue("Chair")).With(model.FieldUpdated, model.TextValue("2026-11-20T14:30:00Z"))
		}
		for i := changed; i < 400; i++ { // the fake does not sort: older ones follow
			f.contacts[i] = f.contacts[i].With(model.FieldUpdated, model.TextValue("2026-02-19T00:00:00Z"))
		}
		s := start(t, f, 120, 40)
		if f.calls["page"] != 1 || f.calls["fresh"] != 1 {
			t.Errorf("%d changed: %d list requests, %d marks", changed, f.calls["page"], f.calls["fresh"])
		}
		s.want("5,000 of 5,000 loaded")
		s.wantNot("from 1 hour ago")
		if changed > 0 {
			s.want("Chair")
		}
		s.keys("G", "g", "s", "1")
		if f.calls["page"] != 1 {
			t.Error("moving and sorting over a whole book asked the service")
		}
	}
}

// Offline, the header says whose the rows are, as an earlier run was told.
func TestOfflineStartNamesTheAccount(t *testing.T) {
	t.Parallel()
	f := copied(newFake(60), 60, passed(60))
	f.opening.AccountName = "Meridian Partners"
	f.account.Name = ""
	down := &model.Error{Kind: model.KindNetwork, Message: "connection refused"}
	f.refuse["page"], f.refuse["account"] = down, down
	s := start(t, f, 120, 40)
	s.want("OFFLINE", "Meridian Partners", "Sarah Chen")
}

// Rows without a moment may come first in the order by change, and end nothing;
// another order than was asked for proves nothing, so all is fetched.
func TestRecentRowsInAnyOrder(t *testing.T) {
	t.Parallel()
	updated := func(c model.Contact, v model.Value) model.Contact { return c.With(model.FieldUpdated, v) }
	old, changed := model.TextValue("2026-02-19T00:00:00Z"), model.TextValue("2026-11-20T14:30:00Z")
	for _, ignores := range []bool{false, true} {
		f := newFake(1000)
		for i := range f.contacts {
			f.contacts[i] = updated(f.contacts[i], old)
		}
		for i := 700; i < 1000; i++ {
			f.contacts[i] = updated(f.contacts[i], model.NullValue())
		}
		if ignores {
			f.contacts[5] = updated(f.contacts[5], model.TextValue("2026-02-19T01:00:00Z"))
		}
		f = copied(f, 1000, passed(1000))
		f.contacts[600] = updated(f.contacts[600], changed).With(model.FieldTitle, model.TextValue("Chair"))
		if !ignores {
			f.sorted = slices.Concat(f.contacts[700:], f.contacts[600:601], f.contacts[:600], f.contacts[601:700])
		}
		s := start(t, f, 120, 40, func(o *Options) { o.Index = true })
		row, _ := s.m.shelf.book.Find(f.contacts[600].ID())
		if got := row.Get(model.FieldTitle).String(); !ignores && (got != "Chair" || f.calls["page"] != 2) {
			t.Errorf("the changed row has the title %q after %d requests, want 2", got, f.calls["page"])
		}
		full := slices.ContainsFunc(f.pages, func(p work.PageRequest) bool { return p.Pass == work.PassFull })
		if full != ignores || s.m.shelf.info.NoSort != ignores {
			t.Errorf("order ignored: %v; a full pass: %v", ignores, full)
		}
	}
}

// A place in the list that the service has forgotten is no place to stay at.
func TestForgottenPlaceMeansAFullPass(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)
	f := copied(newFake(1000), 400, work.CopyInfo{Total: 1000, FreshAt: at, Resume: "NDAw", Seen: 400})
	f.refuse["cursor NDAw"] = &model.Error{Kind: model.KindBadRequest, Status: 400, Message: "unknown cursor"}
	s := start(t, f, 120, 40)
	delete(f.refuse, "cursor NDAw")
	s.keys("G")
	s.want("1,000 of 1,000 loaded")
	s.wantNot("unknown cursor")
	if f.pages[0].Pass != work.PassResume || f.pages[1].Pass != work.PassFull || f.pages[1].List.Cursor() != "" {
		t.Errorf("requests: %+v", f.pages[:2])
	}
}

// A service that lists everybody where the not connected were asked for is not
// believed that there are none.
func TestIgnoredFilterIsNoAnswer(t *testing.T) {
	t.Parallel()
	f := newFake(40)
	f.apart = f.contacts
	s := start(t, f, 120, 40)
	s.keys("f", "7", "down", "enter", "esc")
	s.want("does not list contacts that are not connected", "40 of 40 loaded", "Sarah Chen")
	s.wantNot("No contact is")
}

func TestRefusedSortMeansAFullPass(t *testing.T) {
	t.Parallel()
	f := copied(newFake(1000), 1000, passed(1000))
	f.refuse["sort"] = &model.Error{Kind: model.KindBadRequest, Status: 400, Message: "unknown sort"}
	s := start(t, f, 120, 40, func(o *Options) { o.Index = true })
	s.m.touched = s.now.Add(-time.Minute)
	s.send(tickMsg{s.m.tickSeq})
	if f.calls["sort"] != 1 || f.calls["page"] != 1+5 {
		t.Errorf("%d sorted of %d requests, want 1 of 6", f.calls["sort"], f.calls["page"])
	}
	info := passed(1000)
	info.NoSort = true
	again := copied(newFake(1000), 1000, info)
	again.refuse["sort"] = f.refuse["sort"]
	start(t, again, 120, 40)
	if again.calls["sort"] != 0 {
		t.Error("a sort that is known to be refused was asked for again")
	}
}

func TestGoneContactsGoWithAWord(t *testing.T) {
	t.Parallel()
	f := copied(newFake(300), 300, passed(300))
	f.contacts = append(f.contacts[:10:10], f.contacts[12:]...)
	s := start(t, f, 120, 40, func(o *Options) { o.Index = true })
	s.m.touched = s.now.Add(-time.Minute)
	s.send(tickMsg{s.m.tickSeq})
	s.want("2 contacts are no longer in the service's list", "298 of 298 loaded")
}

func TestOldCopySaysItsAge(t *testing.T) {
	t.Parallel()
	f := copied(newFake(300), 300, passed(300))
	f.refuse["page"] = &model.Error{Kind: model.KindNetwork, Message: "connection refused"}
	s := start(t, f, 120, 40)
	s.want("OFFLINE", "from 1 hour ago", "Sarah Chen", "trying again in 2 s")
}

func TestInterruptedPassGoesOn(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)
	f := copied(newFake(1000), 400, work.CopyInfo{Total: 1000, FreshAt: at, Resume: "NDAw", Seen: 400})
	s := start(t, f, 120, 40)
	s.want("from 1 hour ago")
	s.keys("G")
	s.want("1,000 of 1,000 loaded")
	if f.pages[0].List.Cursor() != "NDAw" || f.pages[0].Pass != work.PassResume {
		t.Errorf("the pass did not go on at its cursor: %v", f.pages[0].List)
	}
	full := 0
	for _, p := range f.pages {
		if p.List.Sort().IsZero() {
			full++
		}
	}
	if full != 3 {
		t.Errorf("%d pages of the pass, want 3", full)
	}
	s.wantNot("from 1 hour ago")
}

func TestDailyFullPass(t *testing.T) {
	t.Parallel()
	info := passed(300)
	info.PassedAt = info.PassedAt.Add(-48 * time.Hour)
	f := copied(newFake(300), 300, info)
	start(t, f, 120, 40)
	if len(f.pages) == 0 || !f.pages[0].List.Sort().IsZero() || f.pages[0].Priority != work.Index {
		t.Errorf("requests: %+v", f.pages)
	}
}

func TestLastViewComesBack(t *testing.T) {
	t.Parallel()
	f := copied(newFake(300), 300, passed(300))
	f.view = work.View{Filter: "type=sponsor", Sort: model.Sort{Field: model.FieldLastName}, Columns: []string{"name", "zip"}}
	s := start(t, f, 120, 40)
	s.want("only sponsor", "by last name ▲", "ZIP", "of 100")
}

// A save that finds the way blocked tries the way again by itself.
func TestOfflineAfterASave(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	s := start(t, f, 120, 40)
	f.refuse["save"] = &model.Error{Kind: model.KindNetwork, Message: "connection refused"}
	s.keys("enter", "j", "enter")
	s.typed("x")
	s.keys("enter")
	s.want("OFFLINE", "Not sent", "trying again in 2 s")
	s.keys("esc")
	s.want("1 edit NOT SENT")
	delete(f.refuse, "save")
	s.now = s.now.Add(3 * time.Second)
	s.send(retryMsg{chainFull})
	s.wantNot("OFFLINE")
	s.want("1 edit not sent yet")
}

// A save that is answered shows that the service is there again.
func TestASaveEndsBeingOffline(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]error{"saved": nil, "refused": &model.Error{Kind: model.KindValidation, Status: 422}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(60)
			s := start(t, f, 120, 40)
			f.refuse["save"] = &model.Error{Kind: model.KindNetwork, Message: "connection refused"}
			s.keys("e", "tab")
			s.typed("x")
			s.keys("ctrl+s", "enter")
			s.want("OFFLINE", "Not sent")
			s.wantNot("x dismisses") // x is typed here
			s.wantNot("r now")
			for w := 30; w < 140; w++ {
				s.send(tea.WindowSizeMsg{Width: w, Height: 40})
				s.keys("esc") // asks, with the same height of the message
				s.want("keep editing")
				s.keys("enter")
			}
			s.send(tea.WindowSizeMsg{Width: 120, Height: 40})
			delete(f.refuse, "save")
			if answer != nil {
				f.refuse["save"] = answer
			}
			s.keys("ctrl+s", "enter")
			s.wantNot("OFFLINE")
			s.wantNot("trying again")
		})
	}
}

// With everything held from an earlier run, a search that finds nothing says so.
func TestNothingFoundInTheCopy(t *testing.T) {
	t.Parallel()
	s := start(t, copied(newFake(300), 300, passed(300)), 120, 40)
	s.keys("/")
	s.typed("zzzqq")
	s.want("Nothing matches zzzqq", "esc clears the search")
}

func TestProblemsFromOutsideAreSaid(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 120, 40)
	s.send(Notice("going on without the local copy: the disk is full\x07"))
	s.want("going on without the local copy: the disk is full")
}
