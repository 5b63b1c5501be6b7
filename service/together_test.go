package service_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

func TestNothingIsSentWithoutAJournal(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 3})
	p := w.start()
	base := p.contact(p.anID())
	must(t, p.state.Close())
	_, err := p.Save(t.Context(), work.Save{ID: base.ID(), Base: base, Patch: set(base, map[model.FieldID]string{model.FieldTitle: "Y"})})
	wantKind(t, err, model.KindRefused, "nothing was sent")
	_, err = p.Create(t.Context(), jane())
	wantKind(t, err, model.KindRefused, "nothing was sent")
	if err := p.KeepDraft(t.Context(), typed(w, "a", "x")); err == nil {
		t.Fatal("a draft was kept on no disk")
	}
	want(t, "writes", w.asked("patch")+w.asked("create"), 0)
}

// Two programs on one profile, each doing several things at the same time.
func TestEverythingAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 40, Tier: "unlimited"})
	programs := []*program{w.start(), w.start()}
	_, err := programs[0].Account(t.Context())
	must(t, err)
	page, err := programs[0].Page(t.Context(), work.PageRequest{List: model.CursorList(model.ConnectedOnly, 50), Feed: work.FeedFull})
	must(t, err)
	var all sync.WaitGroup
	fail := make(chan error, 1000)
	do := func(fn func() error) {
		all.Go(func() {
			if err := fn(); err != nil {
				fail <- err
			}
		})
	}
	for n, p := range programs {
		for i := range 8 {
			c := page.Contacts()[n*8+i]
			do(func() error {
				_, err := p.Save(t.Context(), work.Save{ID: c.ID(), Base: c, Patch: set(c, map[model.FieldID]string{model.FieldTitle: "At once"})})
				return err
			})
			do(func() error {
				d := typed(w, fmt.Sprint(n, "-", i), "draft")
				return p.KeepDraft(t.Context(), d)
			})
			do(func() error {
				_, err := p.Create(t.Context(), work.Create{Values: newPerson("P", fmt.Sprint(n, i), ""), Key: fmt.Sprint("key", n, i)})
				return err
			})
		}
		do(func() error { _, err := p.Page(t.Context(), recent()); return err })
		do(func() error { _, err := p.OpenCopy(t.Context()); return err })
		do(func() error { _, err := p.History(t.Context(), 10); return err })
		do(func() error { p.Quota(); p.Exchanges(); p.Report(); return nil })
	}
	all.Wait()
	close(fail)
	for err := range fail {
		t.Error(err)
	}
	want(t, "changes", w.applied("patch"), 16)
	want(t, "contacts made", w.applied("create"), 16)
	want(t, "writes in the journal", len(programs[0].journal()), 32)
	for _, p := range programs {
		want(t, "own drafts", strings.Count(p.draftTitles(), "=draft"), 8)
	}
	for _, p := range programs {
		must(t, p.Close())
	}
	p := w.start()
	want(t, "drafts of both", strings.Count(p.draftTitles(), "=draft"), 16)
	_, rows := p.held()
	want(t, "rows", len(rows), 40)
	want(t, "problems", strings.Join(w.said(), "; "), "")
}
