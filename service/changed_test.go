package service_test

import (
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

func TestWhatOthersChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 300, Tier: "enterprise"})
	p := w.start()
	_, err := p.Sync(t.Context(), work.Sync{Whole: true})
	must(t, err)
	_, rows := p.held()
	w.clock.add(time.Hour)
	w.sandbox.Update(rows[7].ID(), map[string]any{"title": "Chief"})
	base, err := rows[9].Unpack()
	must(t, err)
	_, err = p.Save(t.Context(), work.Save{ID: base.ID(), Base: base,
		Patch: model.Diff(base, model.Draft{model.FieldTitle: "Mine"})})
	must(t, err)
	_, err = p.Sync(t.Context(), work.Sync{})
	must(t, err)
	all, known, err := p.Changes(t.Context())
	must(t, err)
	want(t, "known", known, true)
	want(t, "changes, the own save left out", len(all), 1)
	got := all[0]
	want(t, "who", got.ContactID, rows[7].ID())
	want(t, "fields", len(got.Changes), 1)
	want(t, "before", got.Changes[0].Before, rows[7].Get(model.FieldTitle))
	want(t, "after", got.Changes[0].After.String(), "Chief")
	want(t, "seen", got.Seen, false)
	must(t, p.SeeChanges(t.Context(), got.ContactID, got.N))
	all, _, err = p.Changes(t.Context())
	must(t, err)
	want(t, "seen afterwards", all[0].Seen, true)
}
