package service_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/service"
	"github.com/levcontacts/levcontacts/work"
)

func (p *program) notes(id int64) work.Notes {
	p.w.t.Helper()
	n, err := p.Notes(p.w.t.Context(), id, 0, work.Screen)
	must(p.w.t, err)
	return n
}

func TestNotesAreHeld(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 3, Notes: true})
	p := w.start()
	n := p.notes(78)
	want(t, "notes", len(n.Items), 3)
	want(t, "the newest first", n.Items[0].Created > n.Items[2].Created, true)
	want(t, "asked", w.asked("notes"), 1)
	w.clock.add(time.Minute)
	held, err := p.Notes(t.Context(), 78, time.Hour, work.Index)
	must(t, err)
	want(t, "asked", w.asked("notes"), 1)
	want(t, "held", len(held.Items), 3)
	want(t, "age", w.clock.Now().Sub(held.FetchedAt) >= time.Minute, true)
	all, err := p.HeldNotes(t.Context())
	must(t, err)
	want(t, "for a search", len(all[78].Items), 3)
	want(t, "their age", all[78].FetchedAt, held.FetchedAt)
	_, err = p.Notes(t.Context(), 4, 0, work.Screen)
	wantKind(t, err, model.KindNotFound)
	want(t, "what is known", p.Features(t.Context()).Notes, work.Unasked)
}

// A service of March 2026 is asked for notes once, by whatever run.
func TestNotesThatDoNotExistAreAskedForOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 3, Dialect: sandbox.DialectMarch})
	count := func() (n int) {
		for _, e := range w.sandbox.Requests() {
			if e.Status == http.StatusNotFound {
				n++
			}
		}
		return n
	}
	p := w.start()
	want(t, "lacking", p.notes(78).Lacking, true)
	want(t, "lacking", p.notes(78).Lacking, true)
	_, err := p.SaveNote(t.Context(), work.NoteWrite{ContactID: 78, Text: "x"})
	wantKind(t, err, model.KindRefused)
	must(t, p.Close())
	p = w.start()
	p.contact(78)
	want(t, "lacking", p.notes(78).Lacking, true)
	want(t, "known", p.Features(t.Context()).Notes, work.Lacking)
	want(t, "asked", count(), 1)
}

func TestNoteWrittenChangedDeleted(t *testing.T) {
	t.Parallel()
	inMemoryWorld(t, sandbox.Options{Contacts: 3}, func(t *testing.T, w *world, p *program) {
		ctx := t.Context()
		_, err := p.SaveNote(ctx, work.NoteWrite{ContactID: 78, Text: " \n"})
		wantKind(t, err, model.KindRefused)
		must(t, p.KeepDraft(ctx, work.Draft{ID: "d", Kind: work.DraftNote, ContactID: 78, Values: model.Draft{model.FieldNotes: "two\nlines"}}))
		saved, err := p.SaveNote(ctx, work.NoteWrite{ContactID: 78, Name: "Sarah Chen", Text: "two\nlines", DraftID: "d"})
		must(t, err)
		want(t, "text", saved.Note.Text, "two\nlines")
		drafts, err := p.Drafts(ctx)
		must(t, err)
		want(t, "drafts", len(drafts), 0)

		changed, err := p.SaveNote(ctx, work.NoteWrite{ContactID: 78, Before: saved.Note, Text: "three"})
		must(t, err)
		want(t, "id", changed.Note.ID, saved.Note.ID)
		stale, err := p.SaveNote(ctx, work.NoteWrite{ContactID: 78, Before: saved.Note, Text: "four"})
		must(t, err)
		want(t, "conflict", stale.Conflict, true)
		want(t, "theirs", stale.Theirs.Text, "three")
		same, err := p.SaveNote(ctx, work.NoteWrite{ContactID: 78, Before: saved.Note, Text: "three"})
		must(t, err)
		want(t, "nothing", same.Nothing, true)

		undone, err := p.UndoNote(ctx, p.journal()[0].ID)
		must(t, err)
		want(t, "undone", undone.Note.Text, "two\nlines")
		_, err = p.UndoNote(ctx, p.journal()[1].ID)
		wantKind(t, err, model.KindRefused)

		_, err = p.SaveNote(ctx, work.NoteWrite{ContactID: 78, Before: undone.Note, Delete: true})
		must(t, err)
		want(t, "left", len(w.sandbox.Notes(78)), 0)
		gone, err := p.SaveNote(ctx, work.NoteWrite{ContactID: 78, Before: undone.Note, Delete: true})
		must(t, err)
		want(t, "deleted already", gone.Nothing, true)
		_, err = p.UndoNote(ctx, p.journal()[0].ID)
		must(t, err)
		want(t, "back", w.sandbox.Notes(78)[0], "two\nlines")
		must(t, errors.Join(undoFirst(t, p)))
		want(t, "the added one is gone", len(w.sandbox.Notes(78)), 0)
	})
}

// undoFirst undoes the newest write that added a note.
func undoFirst(t *testing.T, p *program) error {
	for _, e := range p.journal() {
		if e.Kind == work.KindNoteCreate {
			_, err := p.UndoNote(t.Context(), e.ID)
			return err
		}
	}
	return errors.New("no note was added")
}

// A note whose answer was lost is looked for before it is sent again: by the next
// start, by the same save, and when it is sent on request.
func TestNoteIsNeverWrittenTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 3, Notes: true})
	p := w.start()
	note := work.NoteWrite{ContactID: 78, Text: "Call back on Thursday"}
	w.silence(http.MethodPost)
	_, err := p.SaveNote(t.Context(), note)
	want(t, "nobody knows", errors.Is(err, work.ErrOutcomeUnknown), true)
	p.die()
	w.hook(nil)

	p = w.start()
	open, err := p.Unresolved(t.Context())
	must(t, err)
	want(t, "unresolved", len(open), 1)
	r, err := p.Resolve(t.Context(), open[0])
	must(t, err)
	want(t, "finding", r.Finding, work.FoundSaved)
	want(t, "result", r.Entry.Result, work.Done)
	want(t, "notes", len(w.sandbox.Notes(78)), 4)

	// The same words once more are another note, and that one is lost, too.
	w.silence(http.MethodPost)
	_, err = p.SaveNote(t.Context(), note)
	want(t, "nobody knows", errors.Is(err, work.ErrOutcomeUnknown), true)
	w.hook(nil)
	saved, err := p.SaveNote(t.Context(), note)
	must(t, err)
	want(t, "found", saved.Nothing, true)
	want(t, "notes", len(w.sandbox.Notes(78)), 5)

	// One that did not arrive is sent once, with its own key.
	w.cutBefore(http.MethodPost, 1000)
	_, err = p.SaveNote(t.Context(), work.NoteWrite{ContactID: 78, Text: "lost"})
	want(t, "failed", err != nil, true)
	w.hook(nil)
	open, err = p.Unresolved(t.Context())
	must(t, err)
	if len(open) == 1 {
		r, err = p.Resolve(t.Context(), open[0])
		must(t, err)
		want(t, "finding", r.Finding, work.FoundMissing)
		_, err = p.SendNow(t.Context(), open[0].ID)
		must(t, err)
		want(t, "lost", w.sandbox.Notes(78)[5], "lost")
	}
	want(t, "notes", len(w.sandbox.Notes(78)), 6)
}

// A save of the contact does not take a write of a note for one of its own.
func TestNoteOfUnknownOutcomeOutlivesASave(t *testing.T) {
	t.Parallel()
	inMemoryWorld(t, sandbox.Options{Contacts: 3}, func(t *testing.T, w *world, p *program) {
		w.silence(http.MethodPost)
		_, err := p.SaveNote(t.Context(), work.NoteWrite{ContactID: 78, Text: "x"})
		want(t, "nobody knows", errors.Is(err, work.ErrOutcomeUnknown), true)
		w.hook(nil)
		base := p.contact(78)
		_, err = p.Save(t.Context(), work.Save{ID: 78, Base: base, Patch: set(base, map[model.FieldID]string{model.FieldTitle: "T"})})
		must(t, err)
		open, err := p.Unresolved(t.Context())
		must(t, err)
		want(t, "unresolved", len(open), 1)
		_, err = p.Save(t.Context(), work.Save{ID: 78, Base: base, Undoes: open[0].ID})
		wantKind(t, err, model.KindRefused)
	})
}

// A draft of a note comes back with what is edited.
func TestDraftOfANote(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 3})
	p := w.start(func(o *service.Options) { o.OpenCache = nil })
	d := work.Draft{ID: "n", Kind: work.DraftNote, ContactID: 78, Field: model.FieldNotes,
		Values: model.Draft{model.FieldNotes: "a\nb"}, Note: model.Note{ID: "78001", Text: "a", Author: "Ann"}}
	must(t, p.KeepDraft(t.Context(), d))
	must(t, p.Close())
	drafts, err := w.start().Drafts(t.Context())
	must(t, err)
	if len(drafts) != 1 || drafts[0].Note != d.Note || drafts[0].Values[model.FieldNotes] != "a\nb" || drafts[0].Field != model.FieldNotes {
		t.Errorf("%+v", drafts)
	}
}

// A conflict of phones, and a change of them whose answer is lost.
func TestPhonesAreWritten(t *testing.T) {
	t.Parallel()
	inMemoryWorld(t, sandbox.Options{Contacts: 3, Dialect: sandbox.DialectLater}, func(t *testing.T, w *world, p *program) {
		base := p.contact(78)
		patch := set(base, map[model.FieldID]string{model.FieldPhones: model.AddPhone(model.ParsePhone("mobile: 917 555 0101"))})
		w.sandbox.Update(78, map[string]any{"phones": []map[string]any{{"type": "office", "raw": "(646) 555-0100", "country": "US", "e164": "+16465550100"}}})
		w.clock.add(time.Minute)
		saved, err := p.Save(t.Context(), work.Save{ID: 78, Base: base, Patch: patch})
		must(t, err)
		want(t, "conflicts", len(saved.Conflicts), 1)
		want(t, "sent", w.asked("patch"), 0)

		base = p.contact(78)
		patch = set(base, map[model.FieldID]string{model.FieldPhones: model.AddPhone(model.ParsePhone("mobile: 917 555 0101"))})
		w.silence(http.MethodPatch)
		_, err = p.Save(t.Context(), work.Save{ID: 78, Base: base, Patch: patch})
		want(t, "nobody knows", errors.Is(err, work.ErrOutcomeUnknown), true)
		w.hook(nil)
		open, err := p.Unresolved(t.Context())
		must(t, err)
		r, err := p.Resolve(t.Context(), open[0])
		must(t, err)
		want(t, "finding", r.Finding, work.FoundSaved)
		phones, _ := r.Contact.Phones()
		want(t, "phones", len(phones), 2)

		undo := p.journal()[0].Patch().Inverse()
		saved, err = p.Save(t.Context(), work.Save{ID: 78, Base: r.Contact, Patch: undo, Undoes: p.journal()[0].ID})
		must(t, err)
		want(t, "not taken", len(saved.NotTaken), 0)
		phones, _ = saved.Contact.Phones()
		want(t, "undone", slices.Equal([]string{"(646) 555-0100"}, []string{phones[0].Raw}) && len(phones) == 1, true)
	})
}
