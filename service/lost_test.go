package service_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// Before a save is sent again the contact is looked at: what arrived is not sent
// twice. When nothing can be looked up the save is unknown, and found out later.
func TestLostAnswerOfSave(t *testing.T) {
	t.Parallel()
	inMemoryWorld(t, sandbox.Options{Contacts: 3}, func(t *testing.T, w *world, p *program) {
		base := p.contact(p.anID())
		save := work.Save{ID: base.ID(), Base: base, Patch: set(base, map[model.FieldID]string{model.FieldTitle: "X"})}
		w.cutAfter(http.MethodPatch, 2)
		_, err := p.Save(t.Context(), save)
		must(t, err)
		want(t, "requests", w.asked("patch"), 1)
		want(t, "carried out", w.applied("patch"), 1)
		want(t, "result", p.journal()[0].Result, work.Done)

		save.Base = p.contact(base.ID())
		save.Patch = set(save.Base, map[model.FieldID]string{model.FieldTitle: "Y"})
		w.silence(http.MethodPatch)
		_, err = p.Save(t.Context(), save)
		wantKind(t, err, model.KindNetwork)
		want(t, "nobody knows", errors.Is(err, work.ErrOutcomeUnknown), true)
		open, err := p.Unresolved(t.Context())
		must(t, err)
		want(t, "unresolved", len(open), 1)

		w.hook(nil)
		sent := w.asked("patch")
		r, err := p.Resolve(t.Context(), open[0])
		must(t, err)
		want(t, "result", r.Entry.Result, work.Done)
		want(t, "finding", r.Finding, work.FoundSaved)
		want(t, "title", r.Contact.Get(model.FieldTitle).String(), "Y")
		want(t, "changes sent by the look", w.asked("patch"), sent)
		r, err = p.Resolve(t.Context(), open[0])
		must(t, err)
		want(t, "resolved twice", r.Entry.Result, work.Done)
	})
}

// What did not arrive is sent when the user asks for it, with its own key, and
// never before.
func TestLostSaveIsSentOnRequest(t *testing.T) {
	t.Parallel()
	inMemoryWorld(t, sandbox.Options{Contacts: 3}, func(t *testing.T, w *world, p *program) {
		base := p.contact(p.anID())
		w.cutBefore(http.MethodPatch, 1000)
		_, err := p.Save(t.Context(), work.Save{ID: base.ID(), Base: base, Patch: set(base, map[model.FieldID]string{model.FieldTitle: "Y"})})
		wantKind(t, err, model.KindNetwork)
		open, err := p.Unresolved(t.Context())
		must(t, err)

		w.hook(nil)
		r, err := p.Resolve(t.Context(), open[0])
		must(t, err)
		want(t, "finding", r.Finding, work.FoundMissing)
		want(t, "the contact as it is", r.Contact.ID(), base.ID())
		want(t, "still unknown", r.Entry.Result, work.Unknown)
		want(t, "sent by the look", w.asked("patch"), 0)

		w.faults("401@patch:1")
		_, err = p.SendNow(t.Context(), open[0].ID)
		wantKind(t, err, model.KindUnauthorized)
		want(t, "still unknown", p.journal()[0].Result, work.Unknown)

		saved, err := p.SendNow(t.Context(), open[0].ID)
		must(t, err)
		want(t, "answer", saved.Contact.Get(model.FieldTitle).String(), "Y")
		want(t, "key", w.last("patch").Header.Get("Idempotency-Key"), open[0].Key)
		want(t, "body", string(w.last("patch").Body), `{"title":"Y"}`)
		want(t, "title", w.value(base.ID(), model.FieldTitle), any("Y"))
		want(t, "result", p.journal()[0].Result, work.Done)
		_, err = p.SendNow(t.Context(), open[0].ID)
		wantKind(t, err, model.KindRefused, "known by now")
	})
}

func TestLostSaveMeetsAnotherChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 3})
	p := w.start()
	base := p.contact(p.anID())
	w.cutBefore(http.MethodPatch, 1000)
	_, err := p.Save(t.Context(), work.Save{ID: base.ID(), Base: base, Patch: set(base, map[model.FieldID]string{model.FieldTitle: "Y"})})
	wantKind(t, err, model.KindNetwork)
	w.hook(nil)
	w.sandbox.Update(base.ID(), map[string]any{"title": "Theirs"})
	open, err := p.Unresolved(t.Context())
	must(t, err)
	r, err := p.Resolve(t.Context(), open[0])
	must(t, err)
	want(t, "conflicts", len(r.Conflicts), 1)
	want(t, "result", r.Entry.Result, work.Failed)
	want(t, "words", strings.Contains(r.Entry.Message, "somebody has changed title"), true)
	want(t, "title", w.value(base.ID(), model.FieldTitle), any("Theirs"))
	want(t, "changes", w.asked("patch"), 0)
}

// Saving once more after a lost answer is the same write to the service.
func TestSaveAgainAfterLostAnswer(t *testing.T) {
	t.Parallel()
	inMemoryWorld(t, sandbox.Options{Contacts: 3}, func(t *testing.T, w *world, p *program) {
		base := p.contact(p.anID())
		save := work.Save{ID: base.ID(), Base: base, Patch: set(base, map[model.FieldID]string{model.FieldTitle: "Y"})}
		w.cutBefore(http.MethodPatch, 1000)
		_, err := p.Save(t.Context(), save)
		wantKind(t, err, model.KindNetwork)
		key := p.journal()[0].Key
		w.hook(nil)
		saved, err := p.Save(t.Context(), save)
		must(t, err)
		want(t, "nothing", saved.Nothing, false)
		want(t, "writes", len(p.journal()), 1)
		want(t, "key", w.last("patch").Header.Get("Idempotency-Key"), key)

		save.Base = saved.Contact
		save.Patch = set(save.Base, map[model.FieldID]string{model.FieldTitle: "Z"})
		w.silence(http.MethodPatch)
		_, err = p.Save(t.Context(), save)
		wantKind(t, err, model.KindNetwork)
		w.hook(nil)
		saved, err = p.Save(t.Context(), save)
		must(t, err)
		want(t, "the change had arrived", saved.Nothing, true)
		want(t, "result", p.journal()[0].Result, work.Done)

		save.Base = saved.Contact
		save.Patch = set(save.Base, map[model.FieldID]string{model.FieldTitle: "A"})
		w.cutBefore(http.MethodPatch, 1000)
		_, err = p.Save(t.Context(), save)
		wantKind(t, err, model.KindNetwork)
		w.hook(nil)
		save.Patch = set(save.Base, map[model.FieldID]string{model.FieldTitle: "B"})
		_, err = p.Save(t.Context(), save)
		must(t, err)
		all := p.journal()
		want(t, "later change", all[0].Result, work.Done)
		want(t, "earlier change", all[1].Result, work.Failed)
		want(t, "other key", all[0].Key != all[1].Key, true)
		want(t, "title", w.value(base.ID(), model.FieldTitle), any("B"))
	})
}

func TestSaveIsStopped(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 3})
	p := w.start()
	base := p.contact(p.anID())
	began := make(chan struct{})
	w.hook(func(r *http.Request, _ []byte, after bool) error {
		if r.Method == http.MethodPatch && after {
			close(began)
			<-r.Context().Done()
			return r.Context().Err()
		}
		return nil
	})
	done := make(chan error, 1)
	go func() {
		_, err := p.Save(t.Context(), work.Save{ID: base.ID(), Base: base, Patch: set(base, map[model.FieldID]string{model.FieldTitle: "Y"})})
		done <- err
	}()
	<-began
	must(t, p.Close())
	wantKind(t, <-done, model.KindCanceled)
	_, err := p.History(t.Context(), 1)
	wantKind(t, err, model.KindCanceled)

	w.hook(nil)
	next := w.start()
	open, err := next.Unresolved(t.Context())
	must(t, err)
	want(t, "unresolved", len(open), 1)
	r, err := next.Resolve(t.Context(), open[0])
	must(t, err)
	want(t, "result", r.Entry.Result, work.Done)
	want(t, "carried out", w.applied("patch"), 1)
}

func TestKilledBetweenJournalAndAnswer(t *testing.T) {
	t.Parallel()
	for _, after := range []bool{false, true} {
		w := newWorld(t, sandbox.Options{Contacts: 3})
		p := w.start()
		base := p.contact(p.anID())
		dead := false
		w.hook(func(r *http.Request, _ []byte, a bool) error {
			if !dead && r.Method == http.MethodPatch && a == after {
				dead = true
				p.die()
			}
			if dead {
				return errCut
			}
			return nil
		})
		_, err := p.Save(t.Context(), work.Save{ID: base.ID(), Base: base, Patch: set(base, map[model.FieldID]string{model.FieldTitle: "Y"})})
		if err == nil {
			t.Fatal("a dead program saved")
		}
		w.hook(nil)
		next := w.start()
		open, err := next.Unresolved(t.Context())
		must(t, err)
		want(t, "unresolved", len(open), 1)
		r, err := next.Resolve(t.Context(), open[0])
		must(t, err)
		want(t, "finding", r.Finding, map[bool]work.Finding{false: work.FoundMissing, true: work.FoundSaved}[after])
		if !after {
			want(t, "sent unasked", w.asked("patch"), 0)
			_, err = next.SendNow(t.Context(), open[0].ID)
			must(t, err)
		}
		want(t, "title", w.value(base.ID(), model.FieldTitle), any("Y"))
		want(t, "carried out", w.applied("patch"), 1)
	}
}

// Forget ends a write of unknown outcome and keeps the draft.
func TestForget(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 3, Tier: "unlimited"})
	p := w.start()
	base := p.contact(p.anID())
	must(t, p.KeepDraft(t.Context(), typed(w, "d", "Y")))
	w.cutBefore(http.MethodPatch, 1000)
	_, err := p.Save(t.Context(), titleSave(base, "Y", "d"))
	wantKind(t, err, model.KindNetwork)
	w.hook(nil)
	must(t, p.Forget(t.Context(), p.journal()[0].ID))
	must(t, p.Forget(t.Context(), p.journal()[0].ID))
	want(t, "result", p.journal()[0].Result, work.Discarded)
	want(t, "drafts", p.draftTitles(), "d=Y ")
	p.settleAll()
	want(t, "sent", w.asked("patch"), 0)
}
