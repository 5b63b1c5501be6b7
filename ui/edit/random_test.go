package edit

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/work"
)

// Whatever is pressed, in whatever order the service and the disk fail: an edit
// ends once, a draft stands for what was left, and nothing stands for the rest.
func TestRandomKeys(t *testing.T) {
	t.Parallel()
	keys := []string{"tab", "enter", "enter", "esc", "right", "down", "backspace", "space", "ctrl+s", "ctrl+s", "ctrl+x", "ctrl+r",
		"ctrl+t", "ctrl+o", "x", "y", "J", "j", "t", "m", "o", "d", "l", "a", "k", "1"}
	fails := []error{nil, nil, nil, refusedConnection(), noResponse(),
		&model.Error{Kind: model.KindValidation, Status: 422, Fields: map[string]string{"title": "no", companyField: "no"}},
		&model.Error{Kind: model.KindUnauthorized, Status: 401}}
	for seed := range uint64(60) {
		r := newRig(t)
		rnd := rand.New(rand.NewPCG(seed, 2))
		theirs := sarah().With(model.FieldTitle, val("Chair")).With(model.FieldFirstName, val("Sally"))
		if rnd.IntN(2) == 0 {
			r.f.theirs, r.f.candidate = &theirs, &theirs
		}
		change, _ := model.Diff(sarah(), model.Draft{model.FieldTitle: "Chair"}).Get(model.FieldTitle)
		opens := []func() *Model{
			func() *Model { return Field(r.o, sarah(), model.FieldTitle, nil) },
			func() *Model {
				return Form(r.o, sarah(), []work.Draft{fieldDraft("absorbed", model.FieldCity, "Reno")})
			},
			func() *Model { return Create(r.o) },
			func() *Model { return Copy(r.o, sarah()) },
			func() *Model { return Bulk(r.o, []model.Contact{sarah(), james()}, nil) },
			func() *Model {
				return Undo(r.o, work.Entry{ID: "e", ContactID: 78, Changes: []model.Change{change}}, theirs)
			},
		}
		r.open(opens[rnd.IntN(len(opens))]())
		for range 150 {
			for _, call := range []string{"save", "create", "settle"} {
				r.f.refuse[call] = fails[rnd.IntN(len(fails))]
			}
			r.f.refuse["keep"] = nil
			if rnd.IntN(5) == 0 {
				r.f.refuse["keep"] = &model.Error{Kind: model.KindRefused, Message: "full"}
			}
			if _, asked := last[BulkAsked](r); asked && r.m.Saving() {
				r.run(r.m.BulkResult(fails[rnd.IntN(4)]))
			}
			r.keys(keys[rnd.IntN(len(keys))]).passes(draftDelay)
			r.m.View(screen.Rect{W: 1 + rnd.IntN(100), H: 1 + rnd.IntN(40)})
			if !r.isOpen() {
				break
			}
		}
		checkEnd(t, r, fmt.Sprintf("seed %d, %s", seed, r.m.kind))
	}
}

func checkEnd(t *testing.T, r *rig, name string) {
	t.Helper()
	n := 0
	for _, e := range r.events {
		if _, ok := e.(Ended); ok {
			n++
		}
	}
	e, over := last[Ended](r)
	_, kept := r.f.drafts[r.m.ID()]
	switch {
	case n > 1:
		t.Errorf("%s: ended %d times", name, n)
	case over && e.Outcome != BulkStarted && kept != (e.Outcome == Kept):
		t.Errorf("%s: ended with %d, draft kept: %v", name, e.Outcome, kept)
	case !over && r.m.Dirty() && !kept && r.m.draft.err == nil:
		t.Errorf("%s: what was typed is not on disk", name)
	}
	if over && (r.said[r.m.owner()] != "" || r.said[r.m.owner()+" draft"] != "") {
		t.Errorf("%s: messages outlive the edit: %v", name, r.said)
	}
}
