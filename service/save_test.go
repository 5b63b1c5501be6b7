package service_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/service"
	"github.com/levcontacts/levcontacts/work"
)

func TestSaveLooksSendsAndNotes(t *testing.T) {
	t.Parallel()
	inMemoryWorld(t, sandbox.Options{Contacts: 20}, func(t *testing.T, w *world, p *program) {
		base := p.contact(p.anID())
		must(t, p.KeepDraft(t.Context(), work.Draft{ID: "d1", Kind: work.DraftEdit, ContactID: base.ID(), Base: base,
			Values: model.Draft{model.FieldTitle: "Principal"}, Updated: w.clock.Now(), Open: true}))
		w.hook(func(r *http.Request, _ []byte, after bool) error {
			if r.Method == http.MethodPatch && !after {
				if e := p.journal(); len(e) != 1 || e[0].Result != work.Pending {
					t.Errorf("journal when the change is sent: %+v", e)
				}
			}
			return nil
		})
		gets := w.asked("get")
		saved, err := p.Save(t.Context(), work.Save{ID: base.ID(), Base: base, DraftID: "d1",
			Patch: set(base, map[model.FieldID]string{model.FieldTitle: "Principal"})})
		must(t, err)
		want(t, "title answered", saved.Contact.Get(model.FieldTitle).String(), "Principal")
		want(t, "looks before the save", w.asked("get")-gets, 1)
		sent := w.last("patch")
		want(t, "body", string(sent.Body), `{"title":"Principal"}`)
		e := p.journal()[0]
		want(t, "result", e.Result, work.Done)
		want(t, "request id", e.RequestID, sent.RequestID)
		want(t, "request id told", saved.RequestID, sent.RequestID)
		want(t, "key", e.Key, sent.Header.Get("Idempotency-Key"))
		want(t, "status", e.Status, 200)
		want(t, "before", e.Changes[0].Before, base.Get(model.FieldTitle))
		drafts, err := p.Drafts(t.Context())
		must(t, err)
		want(t, "drafts left", len(drafts), 0)
	})
}

// A contact that was fetched a moment ago is not fetched once more.
func TestSaveDoesNotLookTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 20})
	p := w.start()
	base := p.contact(p.anID())
	gets := w.asked("get")
	saved, err := p.Save(t.Context(), work.Save{ID: base.ID(), Base: base, BaseAt: w.clock.Now(),
		Patch: set(base, map[model.FieldID]string{model.FieldTitle: "Principal"})})
	must(t, err)
	want(t, "title answered", saved.Contact.Get(model.FieldTitle).String(), "Principal")
	want(t, "looks before the save", w.asked("get")-gets, 0)
	_, err = p.Save(t.Context(), work.Save{ID: base.ID(), BaseAt: w.clock.Now(),
		Patch: set(saved.Contact, map[model.FieldID]string{model.FieldCity: "Reno"})})
	must(t, err)
	want(t, "looks where there is nothing that was fetched", w.asked("get")-gets, 1)
}

func TestThreeWaySave(t *testing.T) {
	t.Parallel()
	const shown, mine, other = "Director", "Principal", "Partner"
	tests := []struct {
		name      string
		mine      map[model.FieldID]string
		theirs    map[string]any
		body      string // "" for nothing sent
		conflicts int
		nothing   bool
	}{
		{"nobody else", map[model.FieldID]string{model.FieldTitle: mine}, nil, `{"title":"Principal"}`, 0, false},
		{"another field", map[model.FieldID]string{model.FieldTitle: mine}, map[string]any{"city": "Boston"}, `{"title":"Principal"}`, 0, false},
		{"same field", map[model.FieldID]string{model.FieldTitle: mine}, map[string]any{"title": other}, "", 1, false},
		{"same field, same value", map[model.FieldID]string{model.FieldTitle: mine}, map[string]any{"title": mine}, "", 0, true},
		{"both fields", map[model.FieldID]string{model.FieldTitle: mine, model.FieldCity: "Boston"}, map[string]any{"title": other}, "", 1, false},
		{"one of two is so already", map[model.FieldID]string{model.FieldTitle: mine, model.FieldCity: "Boston"}, map[string]any{"title": mine}, `{"city":"Boston"}`, 0, false},
		{"cleared against set", map[model.FieldID]string{model.FieldTitle: ""}, map[string]any{"title": other}, "", 1, false},
		{"set against cleared", map[model.FieldID]string{model.FieldTitle: mine}, map[string]any{"title": nil}, "", 1, false},
		{"cleared by both", map[model.FieldID]string{model.FieldTitle: ""}, map[string]any{"title": nil}, "", 0, true},
		{"cleared", map[model.FieldID]string{model.FieldTitle: ""}, nil, `{"title":null}`, 0, false},
		{"a field nobody documents", map[model.FieldID]string{model.FieldTitle: mine}, map[string]any{"shoe_size": 43}, `{"title":"Principal"}`, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Options{Contacts: 3})
			p := w.start()
			id := p.anID()
			w.sandbox.Update(id, map[string]any{"title": shown, "city": "New York"})
			base := p.contact(id)
			if tt.theirs != nil {
				w.sandbox.Update(id, tt.theirs)
			}
			saved, err := p.Save(t.Context(), work.Save{ID: id, Base: base, Patch: set(base, tt.mine)})
			must(t, err)
			want(t, "conflicts", len(saved.Conflicts), tt.conflicts)
			want(t, "nothing", saved.Nothing, tt.nothing)
			if tt.body == "" {
				want(t, "changes sent", w.asked("patch"), 0)
				want(t, "journal", len(p.journal()), 0)
				return
			}
			want(t, "body", string(w.last("patch").Body), tt.body)
			for name, v := range tt.theirs {
				if c, _ := w.sandbox.Contact(id); name == "shoe_size" && c[name] != float64(43) || name == "city" && c[name] != v {
					t.Fatalf("their %s is %v", name, c[name])
				}
			}
		})
	}
}

func TestDecidedSaveMeetsAnotherChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 3})
	p := w.start()
	base := p.contact(p.anID())
	id := base.ID()
	w.sandbox.Update(id, map[string]any{"title": "Theirs 1"})
	saved, err := p.Save(t.Context(), work.Save{ID: id, Base: base, Patch: set(base, map[model.FieldID]string{model.FieldTitle: "Mine"})})
	must(t, err)
	want(t, "their title", saved.Conflicts[0].Theirs.String(), "Theirs 1")

	w.sandbox.Update(id, map[string]any{"title": "Theirs 2"})
	decided := model.NewPatch(model.Change{Field: model.FieldTitle, Before: model.TextValue("Theirs 1"), After: model.TextValue("Mine")})
	saved, err = p.Save(t.Context(), work.Save{ID: id, Base: saved.Theirs, Patch: decided})
	must(t, err)
	want(t, "conflicts", len(saved.Conflicts), 1)
	want(t, "changes sent", w.asked("patch"), 0)

	decided = model.NewPatch(model.Change{Field: model.FieldTitle, Before: model.TextValue("Theirs 2"), After: model.TextValue("Mine")})
	_, err = p.Save(t.Context(), work.Save{ID: id, Base: saved.Theirs, Patch: decided})
	must(t, err)
	want(t, "title", w.value(id, model.FieldTitle), any("Mine"))
}

func TestSaveSaysWhatWasNotTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 3})
	p := w.start()
	base := p.contact(p.anID())
	w.hook(func(r *http.Request, _ []byte, after bool) error {
		if r.Method == http.MethodGet && after { // somebody is quicker than the save
			w.sandbox.Update(base.ID(), map[string]any{"city": "Elsewhere"})
		}
		return nil
	})
	w.sandbox.Update(base.ID(), map[string]any{"city": base.Get(model.FieldCity).String()})
	saved, err := p.Save(t.Context(), work.Save{ID: base.ID(), Base: base, Patch: set(base, map[model.FieldID]string{model.FieldTitle: "X"})})
	must(t, err)
	want(t, "fields not taken", len(saved.NotTaken), 0)
	want(t, "their later change taken over", saved.Contact.Get(model.FieldCity).String(), "Elsewhere")
}

func TestRefusedSavesAreFailedAndKeepTheDraft(t *testing.T) {
	t.Parallel()
	tests := []struct {
		fault string
		kind  model.ErrorKind
	}{
		{"401@patch", model.KindUnauthorized}, {"402@patch", model.KindPayment}, {"403@patch", model.KindForbidden},
		{"404@patch", model.KindNotFound}, {"409@patch", model.KindConflict}, {"refuse=title@patch", model.KindValidation},
		{"429=90s@patch", model.KindRateLimited}, {"404@get", model.KindNotFound}, {"401@get", model.KindUnauthorized},
	}
	for _, tt := range tests {
		t.Run(tt.fault, func(t *testing.T) {
			t.Parallel()
			inMemoryWorld(t, sandbox.Options{Contacts: 3}, func(t *testing.T, w *world, p *program) {
				base := p.contact(p.anID())
				must(t, p.KeepDraft(t.Context(), work.Draft{ID: "d1", Kind: work.DraftEdit, ContactID: base.ID(), Base: base,
					Values: model.Draft{model.FieldTitle: "X"}, Updated: w.clock.Now(), Open: true}))
				w.faults(tt.fault)
				_, err := p.Save(t.Context(), work.Save{ID: base.ID(), Base: base, DraftID: "d1", Patch: set(base, map[model.FieldID]string{model.FieldTitle: "X"})})
				wantKind(t, err, tt.kind)
				w.faults("")
				drafts, err := p.Drafts(t.Context())
				must(t, err)
				want(t, "drafts", len(drafts), 1)
				want(t, "typed", drafts[0].Values[model.FieldTitle], "X")
				entries := p.journal()
				if strings.HasSuffix(tt.fault, "@get") {
					want(t, "writes", len(entries), 0)
					return
				}
				want(t, "result", entries[0].Result, work.Failed)
				want(t, "status told", entries[0].Status != 0 && entries[0].RequestID != "" && entries[0].Message != "", true)
				unresolved, err := p.Unresolved(t.Context())
				must(t, err)
				want(t, "unresolved", len(unresolved), 0)
			})
		})
	}
}

func TestUndo(t *testing.T) {
	t.Parallel()
	inMemoryWorld(t, sandbox.Options{Contacts: 3}, func(t *testing.T, w *world, p *program) {
		base := p.contact(p.anID())
		_, err := p.Save(t.Context(), work.Save{ID: base.ID(), Base: base, Patch: set(base, map[model.FieldID]string{model.FieldTitle: "Y", model.FieldCity: ""})})
		must(t, err)
		e := p.journal()[0]
		back := work.Save{ID: base.ID(), Patch: e.Patch().Inverse(), Undoes: e.ID}
		_, err = p.Save(t.Context(), back)
		must(t, err)
		all := p.journal()
		want(t, "kind", all[0].Kind, "undo")
		want(t, "undoes", all[0].Undoes, e.ID)
		want(t, "undone", all[1].Undone, true)
		want(t, "title", w.value(base.ID(), model.FieldTitle), any(base.Get(model.FieldTitle).String()))
		want(t, "city", w.value(base.ID(), model.FieldCity), any(base.Get(model.FieldCity).String()))
		_, err = p.Save(t.Context(), back)
		wantKind(t, err, model.KindRefused, "undone already")

		made, err := p.Create(t.Context(), work.Create{Values: newPerson("Ann", "Undo", "ann@undo.example")})
		must(t, err)
		_, err = p.Save(t.Context(), work.Save{ID: made.Contact.ID(), Undoes: p.journal()[0].ID,
			Patch: set(made.Contact, map[model.FieldID]string{model.FieldTitle: "Z"})})
		wantKind(t, err, model.KindRefused, "no delete")
	})
}

func TestReadOnly(t *testing.T) {
	t.Parallel()
	try := func(t *testing.T, p *program, words string) {
		t.Helper()
		base := p.contact(p.anID())
		patch := set(base, map[model.FieldID]string{model.FieldTitle: "Y"})
		_, err := p.Save(t.Context(), work.Save{ID: base.ID(), Base: base, Patch: patch})
		wantKind(t, err, model.KindRefused, words)
		_, err = p.Create(t.Context(), work.Create{Values: newPerson("A", "B", "a@b.example")})
		wantKind(t, err, model.KindRefused, words)
		_, err = p.StartRun(t.Context(), "x", "", []work.BulkItem{{ContactID: base.ID(), Patch: patch}})
		wantKind(t, err, model.KindRefused, words)
		want(t, "journal", len(p.journal()), 0)
	}
	t.Run("asked for", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, sandbox.Options{Contacts: 3})
		p := w.start(func(o *service.Options) { o.ReadOnly = "read_only in the profile" })
		try(t, p, "read_only in the profile")
		a, err := p.Account(t.Context())
		must(t, err)
		want(t, "reason", a.ReadOnly, "read_only in the profile")
	})
	t.Run("scopes", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, sandbox.Options{Contacts: 3, Keys: []sandbox.Key{{Token: testKey, Scopes: []string{"contacts:read"}}}})
		p := w.start()
		a, err := p.Account(t.Context())
		must(t, err)
		want(t, "reason", strings.Contains(a.ReadOnly, "contacts:read"), true)
		try(t, p, "the key may not write contacts")
	})
	t.Run("learned from a refusal", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, sandbox.Options{Contacts: 3, Keys: []sandbox.Key{{Token: testKey, ReadOnly: true}}})
		p := w.start()
		base := p.contact(p.anID())
		save := work.Save{ID: base.ID(), Base: base, Patch: set(base, map[model.FieldID]string{model.FieldTitle: "Y"})}
		_, err := p.Save(t.Context(), save)
		wantKind(t, err, model.KindForbidden)
		_, err = p.Save(t.Context(), save)
		wantKind(t, err, model.KindRefused, "may not write")
		want(t, "requests", w.asked("patch"), 1)
		a, err := p.Account(t.Context())
		must(t, err)
		want(t, "reason after asking again", a.ReadOnly, "the key may not write contacts (it has contacts:read)")
	})
	t.Run("a role that cannot create can edit", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, sandbox.Options{Contacts: 3, Keys: []sandbox.Key{{Token: testKey, NoCreate: true}}})
		p := w.start()
		_, err := p.Create(t.Context(), work.Create{Values: newPerson("A", "B", "a@b.example")})
		wantKind(t, err, model.KindForbidden)
		base := p.contact(p.anID())
		_, err = p.Save(t.Context(), work.Save{ID: base.ID(), Base: base, Patch: set(base, map[model.FieldID]string{model.FieldTitle: "Y"})})
		must(t, err)
	})
}
