package service_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/service"
	"github.com/levcontacts/levcontacts/store"
	"github.com/levcontacts/levcontacts/work"
)

// recent asks for what changed lately, as the screen does at a start.
func recent() work.PageRequest {
	return work.PageRequest{Feed: work.FeedRows, Priority: work.Screen,
		List: model.SortedList(model.ConnectedOnly, model.Sort{Field: model.FieldUpdated, Desc: true}, 0, model.MaxLimit)}
}

func TestSecondStartWithAnUnchangedBook(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 5000, Tier: "enterprise"})
	first := w.start()
	info, rows := first.held()
	want(t, "rows of a new copy", len(rows), 0)
	want(t, "problem", info.Problem, "")
	n, _, known := first.pass()
	want(t, "rows", n, 5000)
	want(t, "known", known, true)
	want(t, "list requests", w.asked("list"), 25)
	made, err := first.Create(t.Context(), jane())
	must(t, err)
	want(t, "connected", made.Contact.Connected(), false)
	must(t, first.Close())

	w.clock.add(time.Hour)
	second := w.start()
	info, rows = second.held()
	want(t, "rows at once", len(rows), 5000)
	want(t, "info", info, work.CacheInfo{Total: 5000, SyncedAt: info.SyncedAt, FreshAt: info.SyncedAt, Newest: info.Newest})
	counted, err := second.CopyRows(t.Context())
	must(t, err)
	want(t, "rows counted", counted, 5000)
	want(t, "age", w.clock.Now().Sub(info.SyncedAt) >= time.Hour && info.Newest != 0, true)
	asked := w.asked("list")
	page, err := second.Page(t.Context(), recent())
	must(t, err)
	reached := slices.ContainsFunc(page.Contacts(), func(c model.Contact) bool {
		at, _ := c.Pack().Seconds(model.FieldUpdated)
		return at < info.Newest
	})
	want(t, "the first page reaches what is held", reached, true)
	want(t, "nothing is gone", len(rows)-page.Total, info.Mismatch)
	want(t, "list requests", w.asked("list")-asked, 1)
	must(t, second.MarkFresh(t.Context(), page.Total))
	must(t, second.Close())

	third := w.start()
	info, _ = third.held()
	want(t, "fresh at", info.FreshAt.Equal(w.clock.Now()), true)
	w.no429()
}

func TestPassFindsWhatIsGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 450})
	p := w.start()
	p.pass()
	_, rows := p.held()
	lost := rows[300].ID()
	w.sandbox.Remove(lost)
	_, gone, known := p.pass()
	want(t, "known", known, true)
	if !slices.Equal(gone, []int64{lost}) {
		t.Fatalf("gone: %v, want %d", gone, lost)
	}
	_, rows = p.held()
	want(t, "rows", len(rows), 449)
	gone, known, err := p.EndPass(t.Context())
	must(t, err)
	want(t, "a pass ends once", known || len(gone) > 0, false)
}

func TestPassIsResumedAfterDeath(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 900})
	p := w.start()
	r := model.CursorList(model.ConnectedOnly, 200)
	for range 2 {
		page, err := p.Page(t.Context(), work.PageRequest{List: r, Feed: work.FeedFull})
		must(t, err)
		r, _ = r.After(page, len(page.Rows))
	}
	p.die()

	q := w.start()
	info, rows := q.held()
	want(t, "rows", len(rows), 400)
	want(t, "resume", info.Resume, r.Cursor())
	want(t, "seen", info.Seen, 400)
	want(t, "no complete pass", info.SyncedAt.IsZero(), true)
	want(t, "age of what is there", info.FreshAt.IsZero(), false)
	r = model.ResumeList(model.ConnectedOnly, info.Resume, 200)
	asked := w.asked("list")
	for {
		page, err := q.Page(t.Context(), work.PageRequest{List: r, Feed: work.FeedResume})
		must(t, err)
		next, stop := r.After(page, len(page.Rows))
		if stop != model.More {
			break
		}
		r = next
	}
	want(t, "requests", w.asked("list")-asked, 3)
	gone, known, err := q.EndPass(t.Context())
	must(t, err)
	want(t, "known", known, true)
	want(t, "gone", len(gone), 0)
	info, rows = q.held()
	want(t, "rows", len(rows), 900)
	want(t, "complete", info.Resume == "" && !info.SyncedAt.IsZero(), true)
}

// Killed between the last page and the end of the pass.
func TestCompletePassIsEndedAtTheNextStart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 150})
	p := w.start()
	_, err := p.Page(t.Context(), work.PageRequest{List: model.CursorList(model.ConnectedOnly, 200), Feed: work.FeedFull})
	must(t, err)
	p.die()
	info, rows := w.start().held()
	want(t, "rows", len(rows), 150)
	want(t, "complete", info.Resume == "" && !info.SyncedAt.IsZero(), true)
}

// A late page of a list that was begun anew is kept and moves no checkpoint.
func TestLatePageOfAnOldPass(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 900})
	p := w.start()
	begin := model.CursorList(model.ConnectedOnly, 200)
	page, err := p.Page(t.Context(), work.PageRequest{List: begin, Feed: work.FeedFull})
	must(t, err)
	second, _ := begin.After(page, 200)
	page, err = p.Page(t.Context(), work.PageRequest{List: second, Feed: work.FeedFull})
	must(t, err)
	third, _ := second.After(page, 200)
	_, err = p.Page(t.Context(), work.PageRequest{List: begin, Feed: work.FeedFull})
	must(t, err)
	_, err = p.Page(t.Context(), work.PageRequest{List: third, Feed: work.FeedFull})
	must(t, err)
	p.die()
	info, rows := w.start().held()
	want(t, "resume", info.Resume, second.Cursor())
	want(t, "rows", len(rows), 600)
}

func TestPagesThatMakeNoPass(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 100})
	p := w.start()
	apart := work.PageRequest{List: model.CursorList(model.NotConnected, 50), Feed: work.FeedDisconnected}
	page, err := p.Page(t.Context(), apart)
	must(t, err)
	want(t, "contacts that are not connected", len(page.Rows) > 0, true)
	_, rows := p.held()
	want(t, "rows kept", len(rows), 0)
	_, err = p.Page(t.Context(), recent())
	must(t, err)
	info, rows := p.held()
	want(t, "rows kept", len(rows), 100)
	want(t, "no pass", info.Resume == "" && info.SyncedAt.IsZero(), true)

	id := rows[0].ID()
	w.sandbox.Update(id, map[string]any{"is_connected": false})
	p.contact(id)
	_, rows = p.held()
	want(t, "one is not connected any more", len(rows), 99)
}

func TestRefusedSortIsRemembered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 10, SortableFields: []string{"email"}})
	p := w.start()
	info, _ := p.held()
	want(t, "before", info.NoSort, false)
	_, err := p.Page(t.Context(), recent())
	wantKind(t, err, model.KindBadRequest)
	must(t, p.Close())
	p = w.start()
	info, _ = p.held()
	want(t, "remembered", info.NoSort, true)
	w.clock.add(31 * 24 * time.Hour)
	info, _ = p.held()
	want(t, "a month later", info.NoSort, false)
	must(t, p.Remember(t.Context(), work.FactNoSort, "yes"))
	info, _ = p.held()
	want(t, "as the screen says it", info.NoSort, true)
}

func TestTheRestOfALargeCopy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	p := w.start()
	cache, err := store.OpenCache(t.Context(), filepath.Join(w.dir, "cache"), store.Identity{BaseURL: w.server.URL}, w.clock.Now)
	must(t, err)
	var rows []model.Packed
	for id := range int64(20_150) {
		rows = append(rows, model.NewContact(id+1, map[model.FieldID]model.Value{model.FieldConnected: model.BoolValue(true)}).Pack())
	}
	must(t, cache.Put(t.Context(), rows...))
	must(t, cache.Close())
	o, err := p.OpenCopy(t.Context())
	must(t, err)
	want(t, "first rows", len(o.Rows), 100)
	part, next, err := p.LoadCopy(t.Context(), o.Next)
	must(t, err)
	want(t, "next part", len(part), 20_000)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := p.LoadCopy(ended, next); err == nil {
		t.Fatal("read although the caller gave up")
	}
	o, err = p.OpenCopy(t.Context())
	must(t, err)
	if _, _, err = p.LoadCopy(t.Context(), next); err == nil {
		t.Fatal("read on from a place of another walk")
	}
	_, next, err = p.LoadCopy(t.Context(), o.Next)
	must(t, err)
	last, next, err := p.LoadCopy(t.Context(), next)
	must(t, err)
	want(t, "last part", len(last), 50)
	want(t, "the end", next, int64(0))
}

func TestCopyThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	t.Run("at the start", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, sandbox.Options{Contacts: 10})
		must(t, os.MkdirAll(filepath.Join(w.dir, "cache"), 0o700))
		must(t, os.WriteFile(filepath.Join(w.dir, "cache", "contacts.db"), []byte(strings.Repeat("no database ", 1000)), 0o600))
		p := w.start()
		_, rows := p.held()
		want(t, "rows", len(rows), 0)
		n, _, _ := p.pass()
		want(t, "rows from the service", n, 10)
		want(t, "said", len(w.said()), 1) // that the old file was put aside
	})
	t.Run("another's folder", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, sandbox.Options{Contacts: 10})
		must(t, os.WriteFile(filepath.Join(w.dir, "cache"), nil, 0o600))
		p := w.start()
		info, rows := p.held()
		want(t, "rows", len(rows), 0)
		want(t, "words", strings.Contains(info.Problem, "cache"), true)
		n, _, known := p.pass()
		want(t, "rows from the service", n, 10)
		want(t, "known", known, false)
		p.contact(p.anID())
		want(t, "said besides", len(w.said()), 0)
	})
	t.Run("in use, without a screen", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, sandbox.Options{Contacts: 10})
		must(t, os.WriteFile(filepath.Join(w.dir, "cache"), nil, 0o600))
		p := w.start()
		p.pass()
		p.pass()
		want(t, "said once", len(w.said()), 1)
	})
	t.Run("emptied by another program", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, sandbox.Options{Contacts: 10})
		p := w.start()
		p.pass()
		other, err := store.OpenCache(t.Context(), filepath.Join(w.dir, "cache"), store.Identity{BaseURL: "another"}, w.clock.Now)
		must(t, err)
		defer other.Close()
		n, _, known := p.pass()
		want(t, "rows from the service", n, 10)
		want(t, "known", known, false)
		want(t, "said once", len(w.said()), 1)
		info, err := other.Info(t.Context())
		must(t, err)
		want(t, "rows under the other account", info.Rows, 0)
	})
	t.Run("none", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, sandbox.Options{Contacts: 10})
		p := w.start(inMemory)
		info, rows := p.held()
		want(t, "rows", len(rows), 0)
		want(t, "problem", info.Problem, "")
		_, _, known := p.pass()
		want(t, "known", known, false)
	})
}

func TestStateThatCannotBeOpened(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 10})
	must(t, os.WriteFile(filepath.Join(w.dir, "state"), nil, 0o600))
	p := w.start()
	base := p.contact(p.anID())
	_, err := p.Save(t.Context(), work.Save{ID: base.ID(), Base: base, Patch: set(base, map[model.FieldID]string{model.FieldTitle: "Y"})})
	wantKind(t, err, model.KindRefused, "journal cannot be written")
	want(t, "cause", errors.Is(err, work.ErrNoJournal), true)
	want(t, "sent", w.asked("patch"), 0)
	want(t, "said once", len(w.said()), 1)
	want(t, "words", strings.Contains(w.said()[0], "nothing can be saved"), true)
}

func TestTwoProgramsReadTheSameList(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 700})
	p, q := w.start(), w.start()
	r := model.CursorList(model.ConnectedOnly, 200)
	page, err := p.Page(t.Context(), work.PageRequest{List: r, Feed: work.FeedFull})
	must(t, err)
	info, _ := q.held()
	want(t, "no pass to resume: another program is at it", info.Resume, "")
	_, _, known := q.pass() // takes over
	want(t, "known to the later", known, true)
	for stop := model.More; ; {
		if r, stop = r.After(page, 1); stop != model.More {
			break
		}
		page, err = p.Page(t.Context(), work.PageRequest{List: r, Feed: work.FeedFull})
		must(t, err)
	}
	_, known, err = p.EndPass(t.Context())
	must(t, err)
	want(t, "known to the earlier", known, false)
	_, rows := p.held()
	want(t, "rows", len(rows), 700)
	want(t, "problems", len(w.said()), 0)
	w.no429()
}

func TestRoutesAreRemembered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 10, Dialect: sandbox.DialectLater})
	p := w.start()
	p.anID()
	tried := len(w.sandbox.Requests())
	want(t, "both paths tried", tried, 2)
	want(t, "in the report", strings.Contains(p.Report(), "plain"), true)
	must(t, p.Close())
	p = w.start()
	p.anID()
	want(t, "requests of the next run", len(w.sandbox.Requests())-tried, 1)
}

func TestPageErrors(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 10})
	p := w.start()
	w.hook(func(*http.Request, []byte, bool) error { return errCut })
	_, err := p.Page(t.Context(), work.PageRequest{List: model.CursorList(model.ConnectedOnly, 50), Feed: work.FeedFull})
	wantKind(t, err, model.KindNetwork)
	w.hook(nil)
	_, err = p.Contact(t.Context(), 999_999)
	wantKind(t, err, model.KindNotFound)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = p.Page(ended, work.PageRequest{List: model.CursorList(model.ConnectedOnly, 50), Feed: work.FeedFull})
	if err == nil {
		t.Fatal("a page although the caller gave up")
	}
	_, err = service.New(service.Options{})
	if err == nil {
		t.Fatal("a service without an address")
	}
}
