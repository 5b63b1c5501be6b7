package cli

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"levcontacts/model"
	"levcontacts/work"
)

// fakeSession is a service of functions. What a test does not set is not asked.
type fakeSession struct {
	Session
	page    func(context.Context, work.PageRequest) (model.Page, error)
	gauge   func() work.Gauge
	save    func(work.Save) (work.Saved, error)
	contact model.Contact
}

func (f *fakeSession) Gauge() work.Gauge { return f.gauge() }

func (f *fakeSession) Page(ctx context.Context, r work.PageRequest) (model.Page, error) {
	return f.page(ctx, r)
}

func (f *fakeSession) Contact(context.Context, int64) (model.Contact, error) { return f.contact, nil }

func (f *fakeSession) Save(_ context.Context, in work.Save) (work.Saved, error) { return f.save(in) }

// A contact is looked at again before a change only when a person was asked in
// between.
func TestUpdateLooksAgainAfterAQuestion(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		terminal bool
		yes      bool
		looked   bool
	}{{"asked", true, false, false}, {"yes", true, true, true}, {"pipe", false, false, true}} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var sent work.Save
			s := &fakeSession{contact: person(78, "Sarah", "VP"), save: func(in work.Save) (work.Saved, error) {
				sent = in
				return work.Saved{Contact: in.Base}, nil
			}}
			a := &App{In: strings.NewReader("y\n"), Out: &bytes.Buffer{}, Err: &bytes.Buffer{}, InTTY: test.terminal, ErrTTY: test.terminal}
			if err := a.update(t.Context(), s, 78, model.Draft{model.FieldTitle: "Director"}, update{yes: test.yes}); err != nil {
				t.Fatal(err)
			}
			if sent.ID != 78 || sent.Looked != test.looked {
				t.Errorf("contact %d is saved with Looked %v, want %v", sent.ID, sent.Looked, test.looked)
			}
		})
	}
}
