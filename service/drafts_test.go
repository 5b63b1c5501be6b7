package service_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// typed is a draft of a contact's title.
func typed(w *world, id, title string) work.Draft {
	w.clock.add(time.Second)
	return work.Draft{ID: id, Kind: work.DraftField, ContactID: 78, Field: model.FieldTitle,
		Base:   model.NewContact(78, map[model.FieldID]model.Value{model.FieldTitle: model.TextValue("Director")}).WithExtra("phones", `[{"raw":"1"}]`),
		Values: model.Draft{model.FieldTitle: title}, Updated: w.clock.Now(), Open: true, NotSent: true, Problem: "offline"}
}

func (p *program) draftTitles() (out string) {
	t := p.w.t
	t.Helper()
	all, err := p.Drafts(t.Context())
	must(t, err)
	for _, d := range all {
		out += fmt.Sprintf("%s=%s ", d.ID, d.Values[model.FieldTitle])
	}
	return out
}

func TestDraftComesBackAsItWas(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	p := w.start()
	d := typed(w, "a", "Prin")
	must(t, p.KeepDraft(t.Context(), d))
	check := func(p *program, mine, open bool) {
		t.Helper()
		all, err := p.Drafts(t.Context())
		must(t, err)
		want(t, "drafts", len(all), 1)
		got := all[0]
		want(t, "id, kind, contact, field", fmt.Sprint(got.ID, got.Kind, got.ContactID, got.Field), fmt.Sprint(d.ID, d.Kind, d.ContactID, d.Field))
		want(t, "values", fmt.Sprint(got.Values), fmt.Sprint(d.Values))
		want(t, "base", got.Base.Equal(d.Base), true)
		want(t, "problem", got.Problem, d.Problem)
		want(t, "not sent", got.NotSent, true)
		want(t, "updated", got.Updated.Equal(d.Updated), true)
		want(t, "mine", got.Mine, mine)
		want(t, "open", got.Open, open)
	}
	check(p, true, true)
	p.die()
	p = w.start()
	check(p, false, true)
	d.Open = false
	d.Updated = w.clock.Now()
	must(t, p.KeepDraft(t.Context(), d))
	check(p, false, false)
	must(t, p.Close())
	check(w.start(), false, false)
}

func TestDraftOfANewContact(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	p := w.start()
	must(t, p.KeepDraft(t.Context(), work.Draft{ID: "n", Kind: work.DraftCreate, Key: "k", Values: model.Draft{model.FieldEmail: "x"}, Updated: w.clock.Now()}))
	must(t, p.KeepDraft(t.Context(), work.Draft{ID: "c", Kind: work.DraftCreate, Key: "l", Updated: w.clock.Now(),
		Base: model.NewContact(0, map[model.FieldID]model.Value{model.FieldCity: model.TextValue("Boston")})}))
	must(t, p.Close())
	all, err := w.start().Drafts(t.Context())
	must(t, err)
	want(t, "drafts", len(all), 2)
	for _, d := range all {
		want(t, "key and base", d.Key+" "+d.Base.Get(model.FieldCity).String(), map[string]string{"n": "k ", "c": "l Boston"}[d.ID])
	}
}

func TestDraftsThatComeLate(t *testing.T) {
	t.Parallel()
	inMemoryWorld(t, sandbox.Options{}, func(t *testing.T, w *world, p *program) {
		one, two := typed(w, "a", "one"), typed(w, "a", "two")
		must(t, p.KeepDraft(t.Context(), two))
		must(t, p.KeepDraft(t.Context(), one))
		want(t, "an older one does not overtake", p.draftTitles(), "a=two ")
		must(t, p.DiscardDraft(t.Context(), "a"))
		must(t, p.KeepDraft(t.Context(), two))
		want(t, "a dropped one stays dropped", p.draftTitles(), "")
		must(t, p.KeepDraft(t.Context(), typed(w, "a", "three")))
		want(t, "typed into again", p.draftTitles(), "a=three ")
		must(t, p.DiscardDraft(t.Context(), "never kept"))
		must(t, p.DiscardDraft(t.Context(), "a"))
		want(t, "all dropped", p.draftTitles(), "")
	})
}

func TestDraftTypedIntoDuringASave(t *testing.T) {
	t.Parallel()
	inMemoryWorld(t, sandbox.Options{Contacts: 3}, func(t *testing.T, w *world, p *program) {
		base := p.contact(p.anID())
		d := typed(w, "a", "sent")
		must(t, p.KeepDraft(t.Context(), d))
		w.during(func() { must(t, p.KeepDraft(t.Context(), typed(w, "a", "typed since"))) })
		_, err := p.Save(t.Context(), work.Save{ID: base.ID(), Base: base, DraftID: "a", Patch: set(base, map[model.FieldID]string{model.FieldTitle: "sent"})})
		must(t, err)
		w.hook(nil)
		want(t, "kept", p.draftTitles(), "a=typed since ")
		must(t, p.DiscardDraft(t.Context(), "a"))
		want(t, "dropped", p.draftTitles(), "")
	})
}

func TestDraftsOfTwoPrograms(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	p, q := w.start(), w.start()
	must(t, p.KeepDraft(t.Context(), typed(w, "a", "here")))
	want(t, "being typed elsewhere", q.draftTitles(), "")
	must(t, q.KeepDraft(t.Context(), typed(w, "b", "there")))
	want(t, "own", q.draftTitles(), "b=there ")
	p.die()
	want(t, "left behind", q.draftTitles(), "b=there a=here ")
	must(t, q.KeepDraft(t.Context(), typed(w, "a", "taken over")))
	want(t, "taken over", q.draftTitles(), "a=taken over b=there ")

	// One that both have opened is kept twice rather than lost.
	left := typed(w, "c", "left")
	left.Open = false
	must(t, q.KeepDraft(t.Context(), left))
	r := w.start()
	want(t, "not open anywhere", r.draftTitles(), "c=left ")
	must(t, r.KeepDraft(t.Context(), typed(w, "c", "in r")))
	must(t, q.KeepDraft(t.Context(), typed(w, "c", "in q")))
	want(t, "of q", q.draftTitles(), "c=in q a=taken over b=there ")
	want(t, "of r", r.draftTitles(), "c=in r ")
	must(t, q.Close())
	must(t, r.DiscardDraft(t.Context(), "c"))
	all, err := r.Drafts(t.Context())
	must(t, err)
	want(t, "left of q", len(all), 3)
	for _, d := range all {
		must(t, r.DiscardDraft(t.Context(), d.ID))
	}
	want(t, "none left", r.draftTitles(), "")
}
