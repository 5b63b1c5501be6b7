package service_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/service"
	"github.com/levcontacts/levcontacts/work"
)

func jane() work.Create {
	return work.Create{Values: newPerson("Jane", "Doe", "jane@doe.example"), DraftID: "d1", Key: "11111111-1111-4111-8111-111111111111"}
}

// typeJane keeps the draft that jane sends.
func typeJane(t *testing.T, w *world, p *program) {
	t.Helper()
	w.clock.add(time.Second)
	must(t, p.KeepDraft(t.Context(), work.Draft{ID: "d1", Kind: work.DraftCreate, Key: jane().Key, Open: true, Updated: w.clock.Now(),
		Values: model.Draft{model.FieldType: model.TypeSponsor, model.FieldFirstName: "Jane", model.FieldLastName: "Doe", model.FieldEmail: "jane@doe.example"}}))
}

// A create waits while it is found out about an earlier try of it: otherwise
// the one would send what the other notes as not arrived.
func TestCreateWaitsForFindingOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 3})
	p := w.start()
	typeJane(t, w, p)
	w.cutAfter(http.MethodPost, 1000)
	_, err := p.Create(t.Context(), jane())
	wantKind(t, err, model.KindNetwork)
	open, err := p.Unresolved(t.Context())
	must(t, err)
	looked := false
	w.hook(func(r *http.Request, _ []byte, after bool) error {
		if looked || after {
			return nil
		}
		looked = true
		impatient, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := p.Create(impatient, jane())
		wantKind(t, err, model.KindCanceled, "before anything was sent")
		return nil
	})
	r, err := p.Resolve(t.Context(), open[0])
	must(t, err)
	want(t, "looked", looked, true)
	want(t, "candidates", len(r.Candidates), 1)
	saved, err := p.Create(t.Context(), jane())
	must(t, err)
	want(t, "asked about", len(saved.Candidates), 1)
	want(t, "made", w.applied("create"), 1)
}

// janes counts the contacts that were made.
func (w *world) janes() int { return w.applied("create") }

func TestCreate(t *testing.T) {
	t.Parallel()
	inMemoryWorld(t, sandbox.Options{Contacts: 3}, func(t *testing.T, w *world, p *program) {
		typeJane(t, w, p)
		in := jane()
		in.Extra = map[string]json.RawMessage{"company_id": json.RawMessage("7")}
		w.hook(func(r *http.Request, _ []byte, after bool) error {
			if e := p.journal(); r.Method == http.MethodPost && !after && (len(e) != 1 || e[0].Result != work.Pending || e[0].Name != "Jane Doe") {
				t.Errorf("journal when the contact is sent: %+v", e)
			}
			return nil
		})
		saved, err := p.Create(t.Context(), in)
		must(t, err)
		want(t, "name", saved.Contact.Name(), "Jane Doe")
		sent := w.last("create")
		want(t, "key", sent.Header.Get("Idempotency-Key"), in.Key)
		want(t, "body", string(sent.Body), `{"contact_type":"sponsor","first_name":"Jane","last_name":"Doe","email":"jane@doe.example","company_id":7}`)
		e := p.journal()[0]
		want(t, "contact in the journal", e.ContactID, saved.Contact.ID())
		want(t, "kind", e.Kind, "create")
		drafts, err := p.Drafts(t.Context())
		must(t, err)
		want(t, "drafts", len(drafts), 0)

		again, err := p.Create(t.Context(), in)
		must(t, err)
		want(t, "the same contact", again.Contact.ID(), saved.Contact.ID())
		want(t, "requests", w.asked("create"), 1)
		in.Values = newPerson("Jane", "Other", "jane@doe.example")
		_, err = p.Create(t.Context(), in)
		wantKind(t, err, model.KindRefused, "change that one")
	})
}

func TestLostAnswerOfCreate(t *testing.T) {
	t.Parallel()
	inMemoryWorld(t, sandbox.Options{Contacts: 300, Tier: "unlimited"}, func(t *testing.T, w *world, p *program) {
		typeJane(t, w, p)
		w.cutAfter(http.MethodPost, 1000)
		_, err := p.Create(t.Context(), jane())
		wantKind(t, err, model.KindNetwork)
		want(t, "a create is not sent twice by itself", w.asked("create"), 1)
		w.hook(nil)

		open, err := p.Unresolved(t.Context())
		must(t, err)
		want(t, "unresolved", len(open), 1)
		lists := w.asked("list")
		r, err := p.Resolve(t.Context(), open[0])
		must(t, err)
		want(t, "lists looked at", w.asked("list")-lists, 2)
		want(t, "candidates", len(r.Candidates), 1)
		want(t, "candidate", r.Candidates[0].Name(), "Jane Doe")
		want(t, "still unknown", r.Entry.Result, work.Unknown)

		// Saving once more asks the same question and sends nothing.
		saved, err := p.Create(t.Context(), jane())
		must(t, err)
		want(t, "candidates of a retry", len(saved.Candidates), 1)
		want(t, "entry", saved.EntryID, open[0].ID)
		want(t, "requests", w.asked("create"), 1)

		must(t, p.Settle(t.Context(), open[0].ID, r.Candidates[0].ID()))
		must(t, p.Settle(t.Context(), open[0].ID, 0)) // too late
		e := p.journal()[0]
		want(t, "result", e.Result, work.Done)
		want(t, "contact", e.ContactID, r.Candidates[0].ID())
		drafts, err := p.Drafts(t.Context())
		must(t, err)
		want(t, "drafts", len(drafts), 0)
		saved, err = p.Create(t.Context(), jane())
		must(t, err)
		want(t, "answered from the journal", saved.Contact.ID(), r.Candidates[0].ID())
		want(t, "made", w.janes(), 1)
	})
}

func TestCreateThatDidNotArrive(t *testing.T) {
	t.Parallel()
	inMemoryWorld(t, sandbox.Options{Contacts: 300, Tier: "unlimited"}, func(t *testing.T, w *world, p *program) {
		typeJane(t, w, p)
		w.cutBefore(http.MethodPost, 1000)
		_, err := p.Create(t.Context(), jane())
		wantKind(t, err, model.KindNetwork)
		w.hook(nil)
		open, err := p.Unresolved(t.Context())
		must(t, err)
		_, err = p.Resolve(t.Context(), open[0])
		wantKind(t, err, model.KindRefused, "cannot tell") // a list may show new contacts late
		w.later()
		r, err := p.Resolve(t.Context(), open[0])
		must(t, err)
		want(t, "candidates", len(r.Candidates), 0)
		want(t, "finding", r.Finding, work.FoundMissing)
		want(t, "result", r.Entry.Result, work.Failed)
		want(t, "not sent again unasked", w.asked("create"), 0)
		drafts, err := p.Drafts(t.Context())
		must(t, err)
		want(t, "drafts", len(drafts), 1)
		want(t, "key of the draft", drafts[0].Key, jane().Key)

		_, err = p.Create(t.Context(), jane())
		must(t, err)
		want(t, "key", w.last("create").Header.Get("Idempotency-Key"), jane().Key)
		want(t, "made", w.janes(), 1)
	})
}

// The person saves the same draft again before anybody has looked.
func TestCreateAgainAfterLostRequest(t *testing.T) {
	t.Parallel()
	inMemoryWorld(t, sandbox.Options{Contacts: 30, Tier: "unlimited"}, func(t *testing.T, w *world, p *program) {
		typeJane(t, w, p)
		w.cutBefore(http.MethodPost, 1000)
		_, err := p.Create(t.Context(), jane())
		wantKind(t, err, model.KindNetwork)
		w.hook(nil)
		_, err = p.Create(t.Context(), jane())
		wantKind(t, err, model.KindRefused, "save once more")
		want(t, "cause", errors.Is(err, work.ErrCannotLook), true)
		want(t, "sent while the list may not show it yet", w.asked("create"), 0)
		w.later()
		saved, err := p.Create(t.Context(), jane())
		must(t, err)
		want(t, "candidates", len(saved.Candidates), 0)
		want(t, "key", w.last("create").Header.Get("Idempotency-Key"), jane().Key)
		want(t, "writes", len(p.journal()), 1)
		want(t, "result", p.journal()[0].Result, work.Done)
	})
}

func TestCreateAnyway(t *testing.T) {
	t.Parallel()
	inMemoryWorld(t, sandbox.Options{Contacts: 30, Tier: "unlimited"}, func(t *testing.T, w *world, p *program) {
		typeJane(t, w, p)
		twin := w.sandbox.Add(map[string]any{"first_name": "Other", "last_name": "Jane", "email": "JANE@doe.example"})
		w.cutBefore(http.MethodPost, 1000)
		_, err := p.Create(t.Context(), jane())
		wantKind(t, err, model.KindNetwork)
		w.hook(nil)
		saved, err := p.Create(t.Context(), jane())
		must(t, err)
		want(t, "candidate", saved.Candidates[0].ID(), twin)
		in := jane()
		in.Anyway = true
		saved, err = p.Create(t.Context(), in)
		must(t, err)
		want(t, "made", saved.Contact.Name(), "Jane Doe")
		want(t, "key", w.last("create").Header.Get("Idempotency-Key"), jane().Key)

		// A contact like it that is older than the attempt is none, unless it has
		// all that was sent: clocks differ.
		w.clock.add(48 * time.Hour)
		other := jane()
		other.Values = other.Values.Without(model.FieldType)
		other.Values = model.NewPatch(append(other.Values.Changes(), model.Change{Field: model.FieldType, After: model.TextValue(model.TypeLender)})...)
		other.DraftID, other.Key = "", "22222222-2222-4222-8222-222222222222"
		w.cutBefore(http.MethodPost, 1000)
		_, err = p.Create(t.Context(), other)
		wantKind(t, err, model.KindNetwork)
		w.hook(nil)
		w.later()
		saved, err = p.Create(t.Context(), other)
		must(t, err)
		want(t, "candidates", len(saved.Candidates), 0)
	})
}

// What was refused for its content is sent with another key once it is changed:
// the service keeps its answer under the first.
func TestCreateAfterRefusal(t *testing.T) {
	t.Parallel()
	inMemoryWorld(t, sandbox.Options{Contacts: 3}, func(t *testing.T, w *world, p *program) {
		in := jane()
		in.Values = in.Values.Without(model.FieldType)
		_, err := p.Create(t.Context(), in)
		wantKind(t, err, model.KindValidation)
		want(t, "key", w.last("create").Header.Get("Idempotency-Key"), in.Key)
		_, err = p.Create(t.Context(), jane())
		must(t, err)
		want(t, "made", w.janes(), 1)
		want(t, "results", string(p.journal()[0].Result+" "+p.journal()[1].Result), "done failed")
	})
	inMemoryWorld(t, sandbox.Options{Contacts: 3}, func(t *testing.T, w *world, p *program) {
		w.faults("500@create:1")
		_, err := p.Create(t.Context(), jane())
		wantKind(t, err, model.KindUnavailable)
		want(t, "a server error may have made it", p.journal()[0].Result, work.Unknown)
		w.later()
		w.faults("401@create:1")
		_, err = p.Create(t.Context(), jane())
		wantKind(t, err, model.KindUnauthorized)
		want(t, "still unknown", p.journal()[0].Result, work.Unknown)
		changed := jane()
		changed.Values = newPerson("Jane", "Roe", "jane@doe.example")
		_, err = p.Create(t.Context(), changed)
		must(t, err)
		want(t, "results", string(p.journal()[0].Result+" "+p.journal()[1].Result), "done failed")
		want(t, "another key", p.journal()[0].Key != p.journal()[1].Key, true)
		want(t, "made", w.janes(), 1)
	})
}

// Some services neither sort nor show contacts that are not connected.
func TestCreateThatCannotBeLookedUp(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]sandbox.Options{
		"filter refused": {Contacts: 30, Tier: "unlimited", RefuseConnectedFilter: true},
		"filter ignored": {Contacts: 30, Tier: "unlimited", IgnoreConnectedFilter: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, o)
			p := w.start()
			w.cutAfter(http.MethodPost, 1000)
			_, err := p.Create(t.Context(), jane())
			wantKind(t, err, model.KindNetwork)
			w.hook(nil)
			open, err := p.Unresolved(t.Context())
			must(t, err)
			_, err = p.Resolve(t.Context(), open[0])
			wantKind(t, err, model.KindRefused, "cannot tell")
			want(t, "still unknown", p.journal()[0].Result, work.Unknown)
			_, err = p.Create(t.Context(), jane())
			wantKind(t, err, model.KindRefused, "save once more")
			saved, err := p.Create(t.Context(), jane())
			must(t, err)
			want(t, "the service took both for one", w.janes(), 1)
			want(t, "name", saved.Contact.Name(), "Jane Doe")
		})
	}
	t.Run("no sort", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, sandbox.Options{Contacts: 30, Tier: "unlimited", SortableFields: []string{}})
		p := w.start()
		w.cutAfter(http.MethodPost, 1000)
		_, err := p.Create(t.Context(), jane())
		wantKind(t, err, model.KindNetwork)
		w.hook(nil)
		saved, err := p.Create(t.Context(), jane())
		must(t, err)
		want(t, "candidates", len(saved.Candidates), 1)
	})
}

func TestKilledInTheMiddleOfACreate(t *testing.T) {
	t.Parallel()
	for _, after := range []bool{false, true} {
		w := newWorld(t, sandbox.Options{Contacts: 30, Tier: "unlimited"})
		p := w.start()
		typeJane(t, w, p)
		w.hook(func(r *http.Request, _ []byte, a bool) error {
			if r.Method == http.MethodPost && a == after {
				p.die()
				return errCut
			}
			return nil
		})
		if _, err := p.Create(t.Context(), jane()); err == nil {
			t.Fatal("a dead program created a contact")
		}
		w.hook(nil)
		next := w.start()
		drafts, err := next.Drafts(t.Context())
		must(t, err)
		want(t, "draft", drafts[0].ID+" "+drafts[0].Values[model.FieldEmail], "d1 jane@doe.example")
		want(t, "its editor was open", drafts[0].Open && !drafts[0].Mine, true)
		open, err := next.Unresolved(t.Context())
		must(t, err)
		w.later()
		r, err := next.Resolve(t.Context(), open[0])
		must(t, err)
		if !after {
			want(t, "result", r.Entry.Result, work.Failed)
			_, err = next.Create(t.Context(), jane())
			must(t, err)
		} else {
			want(t, "candidates", len(r.Candidates), 1)
			must(t, next.Settle(t.Context(), open[0].ID, r.Candidates[0].ID()))
		}
		drafts, err = next.Drafts(t.Context())
		must(t, err)
		want(t, "drafts left", len(drafts), 0)
		want(t, "made", w.janes(), 1)
	}
}

// Two programs on one profile cannot both send one draft.
func TestOneCreateInTwoPrograms(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 30, Tier: "unlimited"})
	p, q := w.start(), w.start()
	var second error
	w.hook(func(r *http.Request, _ []byte, after bool) error {
		if r.Method == http.MethodPost && after && second == nil {
			in := jane()
			in.DraftID = ""
			_, second = q.Create(t.Context(), in)
		}
		return nil
	})
	_, err := p.Create(t.Context(), jane())
	must(t, err)
	wantKind(t, second, model.KindRefused, "another running program")
	want(t, "made", w.janes(), 1)
}

func TestNothingOfADemoIsLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 30})
	p := w.start(inMemory, func(o *service.Options) { o.Demo, o.Budget.Path = true, "" })
	typeJane(t, w, p)
	_, err := p.Create(t.Context(), jane())
	must(t, err)
	p.pass()
	must(t, p.Close())
	want(t, "files", len(filesBelow(t, w.dir)), 0)
}
