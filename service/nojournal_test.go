package service_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/service"
	"github.com/levcontacts/levcontacts/store"
	"github.com/levcontacts/levcontacts/work"
)

// X3, X4, X6, X10, A3: where the journal cannot be opened or written nothing is
// sent, and what cannot be kept is said.
func TestNoJournalNoWrite(t *testing.T) {
	t.Parallel()
	lock := func(o *service.Options) {
		o.OpenState = func(context.Context) (*store.State, error) {
			return nil, &store.Error{Op: "open", Path: "state.db", Reason: store.ErrLocked}
		}
	}
	for _, tt := range []struct {
		name   string
		before func(t *testing.T, w *world, dir string)
		change func(*service.Options)
		during func(t *testing.T, w *world, dir string)
		reason error
	}{
		{name: "A3 the folder is a file", before: func(t *testing.T, _ *world, dir string) { must(t, os.WriteFile(dir, nil, 0o600)) }, reason: store.ErrForeign},
		{name: "X6 locked", change: lock, reason: store.ErrLocked},
		{name: "X6 a newer version's file", before: func(t *testing.T, w *world, dir string) {
			p := w.start()
			must(t, p.KeepDraft(t.Context(), typed(w, "d", "x")))
			must(t, p.Close())
			newer(t, filepath.Join(dir, "state.db"))
		}, reason: store.ErrNewer},
		{name: "X3 the folder is removed", during: func(t *testing.T, _ *world, dir string) { must(t, os.RemoveAll(dir)) }, reason: store.ErrGone},
		{name: "X3 the file is replaced", during: func(t *testing.T, _ *world, dir string) {
			must(t, os.Rename(filepath.Join(dir, "state.db"), filepath.Join(dir, "old")))
			must(t, os.WriteFile(filepath.Join(dir, "state.db"), nil, 0o600))
		}, reason: store.ErrGone},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Options{Contacts: 3, Tier: "unlimited"})
			dir := filepath.Join(w.dir, "state")
			if tt.before != nil {
				tt.before(t, w, dir)
			}
			p := w.start(func(o *service.Options) {
				if tt.change != nil {
					tt.change(o)
				}
			})
			base := p.contact(p.anID()) // reading goes on
			if tt.during != nil {
				must(t, p.KeepDraft(t.Context(), typed(w, "a", "x")))
				tt.during(t, w, dir)
			}
			_, err1 := p.Save(t.Context(), titleSave(base, "Y", ""))
			_, err2 := p.Create(t.Context(), jane())
			_, err3 := p.StartRun(t.Context(), "x", "", []work.BulkItem{{ContactID: base.ID(), Patch: titleSave(base, "Y", "").Patch}})
			err4 := p.KeepDraft(t.Context(), typed(w, "b", "x"))
			for i, err := range []error{err1, err2, err3, err4} {
				wantKind(t, err, model.KindRefused, "the journal cannot be written")
				want(t, fmt.Sprint("cause ", i), errors.Is(err, work.ErrNoJournal) && errors.Is(err, tt.reason), true)
			}
			want(t, "writes", w.asked("patch")+w.asked("create"), 0)
		})
	}
}

// newer makes a state one of a later version.
func newer(t *testing.T, path string) {
	t.Helper()
	b, err := os.ReadFile(path)
	must(t, err)
	b[63] = 99 // user_version, big endian at 60
	must(t, os.WriteFile(path, b, 0o600))
}

// X6: a state that was locked at the start is used once it is free.
func TestLockedStateIsUsedLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 3})
	locked := true
	p := w.start(func(o *service.Options) {
		open := o.OpenState
		o.OpenState = func(ctx context.Context) (*store.State, error) {
			if locked {
				return nil, &store.Error{Op: "open", Path: "state.db", Reason: store.ErrLocked}
			}
			return open(ctx)
		}
	})
	base := p.contact(p.anID())
	_, err := p.Save(t.Context(), titleSave(base, "Y", ""))
	wantKind(t, err, model.KindRefused, "another program keeps the file locked")
	locked = false
	w.clock.add(time.Minute)
	_, err = p.Save(t.Context(), titleSave(base, "Y", ""))
	must(t, err)
	want(t, "writes", len(p.journal()), 1)
}

// X10: a damaged state comes back from its second copy, and the user is told.
func TestSecondCopyOfTheState(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 3})
	p := w.start()
	must(t, p.KeepDraft(t.Context(), typed(w, "a", "typed")))
	must(t, p.Close())
	path := filepath.Join(w.dir, "state", "state.db")
	must(t, os.Truncate(path, 4096))
	p = w.start()
	want(t, "drafts", p.draftTitles(), "a=typed ")
	want(t, "said", len(w.said()), 1)
	want(t, "words", strings.Contains(w.said()[0], "second copy"), true)
}

// What was typed or discarded in the moment of the end is on the disk.
func TestDraftsAreWrittenWhileTheProgramEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 3})
	p := w.start()
	must(t, p.KeepDraft(t.Context(), typed(w, "a", "typed")))
	ended, end := context.WithCancel(t.Context())
	end()
	must(t, p.KeepDraft(ended, typed(w, "b", "typed too")))
	must(t, p.DiscardDraft(ended, "a"))
	want(t, "drafts", p.draftTitles(), "b=typed too ")
}

// X5: a bulk edit takes its draft with it in one step, or leaves it.
func TestDraftBecomesARun(t *testing.T) {
	t.Parallel()
	inMemoryWorld(t, sandbox.Options{Contacts: 3}, func(t *testing.T, w *world, p *program) {
		base := p.contact(p.anID())
		must(t, p.KeepDraft(t.Context(), typed(w, "bulk", "all")))
		item := work.BulkItem{ContactID: base.ID(), Name: base.Name(), Patch: titleSave(base, "Y", "").Patch}
		if _, err := p.StartRun(t.Context(), "x", "bulk", []work.BulkItem{item, item}); err == nil {
			t.Fatal("one contact twice")
		}
		want(t, "draft of a run that did not begin", p.draftTitles(), "bulk=all ")
		late := typed(w, "bulk", "all of them")
		w.clock.add(time.Second)
		_, err := p.StartRun(t.Context(), "x", "bulk", []work.BulkItem{item})
		must(t, err)
		want(t, "draft of a run", p.draftTitles(), "")
		must(t, p.KeepDraft(t.Context(), late))
		want(t, "a late save of it", p.draftTitles(), "")
	})
}
