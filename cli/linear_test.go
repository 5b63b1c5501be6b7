package cli

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/config"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// answered is plain mode over a service of functions, with the answers that a
// person gives.
type answered struct {
	fakeSession
	create    func(work.Create) (work.Saved, error)
	resolved  work.Resolution
	kept      []work.Draft
	discarded []string
	settled   int64
	sentAgain string
}

func (a *answered) Account(context.Context) (work.Account, error) { return work.Account{}, nil }
func (a *answered) Drafts(context.Context) ([]work.Draft, error)  { return nil, nil }
func (a *answered) KeepDraft(_ context.Context, d work.Draft) error {
	a.kept = append(a.kept, d)
	return nil
}
func (a *answered) DiscardDraft(_ context.Context, id string) error {
	a.discarded = append(a.discarded, id)
	return nil
}
func (a *answered) Create(_ context.Context, c work.Create) (work.Saved, error) { return a.create(c) }
func (a *answered) Settle(_ context.Context, _ string, id int64) error {
	a.settled = id
	return nil
}
func (a *answered) Resolve(context.Context, work.Entry) (work.Resolution, error) {
	return a.resolved, nil
}
func (a *answered) SendNow(_ context.Context, id string) (work.Saved, error) {
	a.sentAgain = id
	return work.Saved{}, nil
}

func newLinear(t *testing.T, s *answered, lines ...string) (*linear, *bytes.Buffer) {
	out := &bytes.Buffer{}
	now := func() time.Time { return time.Date(2026, 3, 20, 15, 30, 0, 0, time.UTC) }
	app := &App{In: strings.NewReader(strings.Join(lines, "\n") + "\n"), Out: out, Err: out, OutTTY: true, Now: now}
	return &linear{app: app, session: s, start: &Start{Config: &config.Config{}, Now: now}, ctx: t.Context(),
		seen: &model.Book{}}, out
}

func wantSaid(t *testing.T, out *bytes.Buffer, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(out.String(), text) {
			t.Errorf("it does not say %q:\n%s", text, out)
		}
	}
}

// Where someone else changed the same field the person decides, and what is sent
// then is the difference to the contact as it is now.
func TestLinearConflict(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{"1": "", "2": "Director"} {
		t.Run(answer, func(t *testing.T) {
			t.Parallel()
			var sent []work.Save
			s := &answered{}
			s.save = func(in work.Save) (work.Saved, error) {
				if sent = append(sent, in); len(sent) > 1 {
					return work.Saved{Contact: in.Patch.Apply(in.Base)}, nil
				}
				c, _ := in.Patch.Get(model.FieldTitle)
				theirs := person(78, "Sarah", "CEO")
				return work.Saved{Theirs: theirs, Conflicts: []model.Conflict{{Field: c.Field, Original: c.Before,
					Theirs: theirs.Get(c.Field), My: c.After}}}, nil
			}
			l, out := newLinear(t, s, "y", answer, "y")
			e := l.newEdit(work.DraftEdit, person(78, "Sarah", "VP"))
			e.draft.Values[model.FieldTitle] = "Director"
			if _, err := e.review(); err != nil {
				t.Fatal(err)
			}
			wantSaid(t, out, "someone else changed", `theirs: "CEO"`, `yours: "Director"`)
			if want == "" {
				wantSaid(t, out, "There is nothing to save")
				if len(sent) != 1 || len(s.discarded) != 1 {
					t.Errorf("%d saves and %d discarded drafts, want one of each", len(sent), len(s.discarded))
				}
				return
			}
			if c, _ := sent[1].Patch.Get(model.FieldTitle); c.Before.String() != "CEO" || c.After.String() != want {
				t.Errorf("%v is sent", c)
			}
		})
	}
}

// A refused save goes back to the fields with everything that was typed.
func TestLinearRefusal(t *testing.T) {
	t.Parallel()
	s := &answered{}
	s.save = func(work.Save) (work.Saved, error) {
		return work.Saved{}, &model.Error{Kind: model.KindValidation, Op: "save", Status: 422, Message: "no good",
			Fields: map[string]string{"title": "too long"}}
	}
	l, out := newLinear(t, s, "s", "y", "b", "1")
	e := l.newEdit(work.DraftEdit, person(78, "Sarah", "VP"))
	e.draft.Values[model.FieldTitle] = "Director"
	if _, err := e.run(); err != nil {
		t.Fatal(err)
	}
	wantSaid(t, out, "title: too long", "What you typed is kept", "keep it as a draft")
	last := s.kept[len(s.kept)-1]
	if last.Problem == "" || last.Values[model.FieldTitle] != "Director" || last.Open {
		t.Errorf("the draft is %+v", last)
	}
}

// A create whose answer never came is not sent twice without a word.
func TestLinearCandidates(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]int{"1": 1, "2": 2} {
		t.Run(answer, func(t *testing.T) {
			t.Parallel()
			var sent []work.Create
			s := &answered{create: func(c work.Create) (work.Saved, error) {
				if sent = append(sent, c); c.Anyway {
					return work.Saved{Contact: person(99, "Ada", "")}, nil
				}
				return work.Saved{Candidates: []model.Contact{person(12, "Ada", "")}, EntryID: "e"}, nil
			}}
			l, out := newLinear(t, s, "y", answer)
			e := l.newEdit(work.DraftCreate, model.Contact{})
			e.draft.Values = model.Draft{model.FieldType: model.TypeLender, model.FieldFirstName: "Ada"}
			if _, err := e.review(); err != nil {
				t.Fatal(err)
			}
			if wantSaid(t, out, "An earlier attempt may have arrived"); len(sent) != want || want == 1 && s.settled != 12 {
				t.Errorf("%d creates, settled with %d", len(sent), s.settled)
			}
		})
	}
}

func TestLinearLooksWhatBecameOfAChange(t *testing.T) {
	t.Parallel()
	entry := work.Entry{ID: "e", Kind: work.KindUpdate, Result: work.Unknown, ContactID: 78, Name: "Sarah"}
	for name, c := range map[string]struct {
		found work.Resolution
		says  string
		again string
	}{
		"saved":   {work.Resolution{Finding: work.FoundSaved}, "It did arrive", ""},
		"gone":    {work.Resolution{Finding: work.FoundGone}, "not there any more", ""},
		"missing": {work.Resolution{Finding: work.FoundMissing, Entry: entry}, "Send it again?", "e"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &answered{resolved: c.found}
			l, out := newLinear(t, s, "y", "y")
			if err := l.entry(entry); err != nil {
				t.Fatal(err)
			}
			if wantSaid(t, out, c.says); s.sentAgain != c.again {
				t.Errorf("entry %q was sent again", s.sentAgain)
			}
		})
	}
}
