package service_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// A command pays for the list once; then the copy is kept up to date with one
// request, and not even that while it is young.
func TestSyncAsksAsLittleAsItTakes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 1000, Tier: "enterprise"})
	p := w.start()
	sync := func(what string, in work.Sync, requests int) work.Synced {
		t.Helper()
		before := w.asked("list")
		in.MaxAge = 10 * time.Minute
		out, err := p.Sync(t.Context(), in)
		must(t, err)
		want(t, what+": requests", w.asked("list")-before, requests)
		want(t, what+": pages", out.Pages, requests)
		return out
	}
	want(t, "offline without a copy", sync("offline", work.Sync{Offline: true}, 0).Held, false)
	want(t, "nobody wants the whole list", sync("part", work.Sync{}, 0).Held, false)
	given := 0
	out := sync("first", work.Sync{Whole: true, Rows: func(rows []model.Packed, total int) error {
		given += len(rows)
		return nil
	}}, 5)
	want(t, "rows given as they came", given, 1000)
	want(t, "given", out.Given, true)
	want(t, "young", sync("young", work.Sync{Whole: true}, 0).Held, true)

	w.clock.add(time.Hour)
	want(t, "offline", sync("offline", work.Sync{Offline: true}, 0).Held, true)
	want(t, "nothing changed", sync("old", work.Sync{}, 1).Held, true)
	want(t, "young again", sync("young again", work.Sync{}, 0).Held, true)

	w.clock.add(time.Hour)
	_, rows := p.held()
	for _, row := range rows[500:503] {
		w.sandbox.Update(row.ID(), map[string]any{"title": "Chief"})
	}
	want(t, "three changes", sync("three", work.Sync{}, 1).Held, true)
	_, rows = p.held()
	chiefs := slices.DeleteFunc(rows, func(p model.Packed) bool { return p.Get(model.FieldTitle).String() != "Chief" })
	want(t, "changes in the copy", len(chiefs), 3)

	w.clock.add(time.Hour)
	w.sandbox.Remove(chiefs[0].ID())
	want(t, "one is gone: the whole list", sync("gone", work.Sync{Whole: true}, 6).Held, true)
	_, rows = p.held()
	want(t, "rows", len(rows), 999)
	want(t, "fresh", sync("fresh", work.Sync{Fresh: true}, 5).Held, true)
	w.no429()
}

// Where the service does not sort by updated_at, an old copy is read anew.
func TestSyncWithoutASort(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 450})
	p := w.start()
	_, err := p.Sync(t.Context(), work.Sync{Whole: true})
	must(t, err)
	w.clock.add(time.Hour)
	w.faults("400@list:1")
	out, err := p.Sync(t.Context(), work.Sync{Whole: true})
	must(t, err)
	want(t, "held", out.Held, true)
	want(t, "pages", out.Pages, 3)
	w.clock.add(time.Hour)
	before := w.asked("list")
	_, err = p.Sync(t.Context(), work.Sync{Whole: true})
	must(t, err)
	want(t, "it is not tried again", w.asked("list")-before, 3)
}

// An interrupted sync goes on where it stopped, and looks for what changed since
// it began.
func TestSyncGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 1000, Tier: "enterprise"})
	p := w.start()
	stop := errors.New("enough")
	pages := 0
	_, err := p.Sync(t.Context(), work.Sync{Whole: true, Rows: func([]model.Packed, int) error {
		if pages++; pages == 3 {
			return stop
		}
		return nil
	}})
	want(t, "the caller's error comes back", errors.Is(err, stop), true)
	must(t, p.Close())
	w.clock.add(time.Minute)
	q := w.start()
	_, rows := q.held()
	w.sandbox.Update(rows[0].ID(), map[string]any{"title": "Chief"})
	before := w.asked("list")
	out, err := q.Sync(t.Context(), work.Sync{Whole: true})
	must(t, err)
	want(t, "held", out.Held, true)
	want(t, "requests", w.asked("list")-before, 3)
	_, rows = q.held()
	want(t, "rows", len(rows), 1000)
	want(t, "what changed meanwhile", rows[0].Get(model.FieldTitle).String(), "Chief")
}

// Two programs that want the same copy make it once.
func TestSyncOfTwoProgramsIsOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 1000, Tier: "enterprise"})
	one, two := w.start(), w.start()
	type result struct {
		out work.Synced
		err error
	}
	done := make(chan result, 1)
	first := true
	_, err := one.Sync(t.Context(), work.Sync{Whole: true, MaxAge: time.Minute, Rows: func([]model.Packed, int) error {
		if first {
			first = false
			go func() {
				out, err := two.Sync(context.WithoutCancel(t.Context()), work.Sync{Whole: true, MaxAge: time.Minute})
				done <- result{out, err}
			}()
		}
		return nil
	}})
	must(t, err)
	r := <-done
	must(t, r.err)
	want(t, "the other has it, too", r.out.Held, true)
	want(t, "requests", w.asked("list"), 5)
}

// A full sync of the screen is waited for, and taken over when it stands still.
func TestSyncWaitsForTheScreen(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 1000, Tier: "enterprise"})
	screen, command := w.start(), w.start()
	r := model.CursorList(model.ConnectedOnly, model.MaxLimit)
	next := func() {
		page, err := screen.Page(t.Context(), work.PageRequest{List: r, Feed: work.FeedFull})
		must(t, err)
		var stop model.Stop
		if r, stop = r.After(page, len(page.Rows)); stop == model.Complete {
			_, _, err = screen.EndPass(t.Context())
			must(t, err)
		}
	}
	next()
	out, err := command.Sync(t.Context(), work.Sync{Whole: true, MaxAge: time.Minute, Waiting: func() {
		for range 4 {
			next()
		}
	}})
	must(t, err)
	want(t, "held", out.Held, true)
	want(t, "pages of the command", out.Pages, 0)

	w.clock.add(time.Hour)
	r = model.CursorList(model.ConnectedOnly, model.MaxLimit)
	next()
	out, err = command.Sync(t.Context(), work.Sync{Fresh: true})
	must(t, err)
	want(t, "pages of a command that takes over", out.Pages, 5)
}
