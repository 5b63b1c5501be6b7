package cli

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// fakeSession is a service of functions. What a test does not set is not asked.
type fakeSession struct {
	Session
	page    func(context.Context, work.PageRequest) (model.Page, error)
	gauge   func() work.Quota
	save    func(work.Save) (work.Saved, error)
	contact model.Contact
}

func (f *fakeSession) Quota() work.Quota { return f.gauge() }

func (f *fakeSession) Page(ctx context.Context, r work.PageRequest) (model.Page, error) {
	return f.page(ctx, r)
}

func (f *fakeSession) Contact(context.Context, int64) (model.Contact, error) { return f.contact, nil }

func (f *fakeSession) Features(context.Context) work.Features { return work.Features{} }

func (f *fakeSession) Save(_ context.Context, in work.Save) (work.Saved, error) { return f.save(in) }

// The service learns when the contact was fetched, so that it looks again when
// the user took long to answer.
func TestUpdateSaysWhenItLooked(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		terminal bool
		yes      bool
	}{{"asked", true, false}, {"yes", true, true}, {"pipe", false, false}} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			began := time.Date(2026, 3, 20, 15, 30, 45, 0, time.UTC)
			now := began
			var sent work.Save
			s := &fakeSession{contact: person(78, "Sarah", "VP"), save: func(in work.Save) (work.Saved, error) {
				sent = in
				return work.Saved{Contact: in.Base}, nil
			}}
			a := &App{In: strings.NewReader("y\n"), Out: &bytes.Buffer{}, Err: &bytes.Buffer{}, InTTY: test.terminal, ErrTTY: test.terminal,
				Now: func() time.Time { at := now; now = now.Add(time.Minute); return at }}
			if err := a.update(t.Context(), s, 78, model.Draft{model.FieldTitle: "Director"}, updateOptions{yes: test.yes}); err != nil {
				t.Fatal(err)
			}
			if sent.ID != 78 || !sent.BaseAt.Equal(began) {
				t.Errorf("contact %d is saved with a base of %v, want %v", sent.ID, sent.BaseAt, began)
			}
		})
	}
}
