package ui

import (
	"testing"

	"levcontacts/model"
	"levcontacts/work"
)

// lostCreate is a create whose answer never came, and what was found of it.
func lostCreate(f *fake) (unresolvedMsg, resolvedMsg) {
	e := work.Entry{ID: "entry", Kind: "create", Name: "Ada Lovelace", Result: work.Unknown}
	return unresolvedMsg{entries: []work.Entry{e}}, resolvedMsg{resolution: work.Resolution{Entry: e, Candidates: []model.Contact{f.contacts[1]}}}
}

const whetherThis = "Is one of these the contact you created as Ada Lovelace?"

func TestAQuestionAboutACreateWaitsForTheForm(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	s := start(t, f, 120, 40)
	lost, found := lostCreate(f)
	s.m.unsure = lost.entries
	s.keys("n")
	s.send(found)
	s.wantNot(whetherThis)
	s.want("New contact")
	if len(s.m.unsure) != 1 || !s.m.resolveNext {
		t.Errorf("it is not looked into again when the form is closed: %d to resolve, next %v", len(s.m.unsure), s.m.resolveNext)
	}
}

func TestAQuestionAboutACreateIsAskedOverTheList(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	s := start(t, f, 120, 40)
	lost, found := lostCreate(f)
	s.m.unsure = lost.entries
	s.send(found)
	s.want(whetherThis)
	s.keys("enter")
	s.wantNot(whetherThis)
	if len(s.m.unsure) != 0 {
		t.Errorf("%d writes are still to be resolved", len(s.m.unsure))
	}
}

// The person has said in the form which contact it is, while the same was being
// looked into.
func TestACreateIsAskedAboutOnce(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	s := start(t, f, 120, 40)
	lost, found := lostCreate(f)
	s.m.unsure = lost.entries
	s.keys("n")
	s.m.askWhetherThis(work.Saved{EntryID: "entry", Candidates: found.resolution.Candidates})
	s.keys("enter")
	if len(s.m.unsure) != 0 {
		t.Errorf("%d writes are still to be resolved", len(s.m.unsure))
	}
	s.send(found)
	s.wantNot(whetherThis)
}

// A draft whose values the service turns out to hold is done with; one that was
// typed into since is not.
func TestADraftGoesWithAWriteThatArrived(t *testing.T) {
	t.Parallel()
	for _, typedSince := range []bool{false, true} {
		f := newFake(60)
		sarah := f.contacts[0]
		d := work.Draft{ID: "d1", Kind: work.DraftEdit, ContactID: sarah.ID(), Base: sarah, Values: model.Draft{model.FieldTitle: "Principal"}}
		if typedSince {
			d.Values[model.FieldCity] = "Reno"
		}
		f.drafts["d1"] = d
		s := start(t, f, 120, 40)
		s.want("a draft waits here")
		e := work.Entry{ID: "entry", Kind: "update", Name: "Sarah Chen", Result: work.Unknown}
		s.m.unsure = []work.Entry{e}
		s.send(resolvedMsg{resolution: work.Resolution{Entry: e, Contact: sarah.With(model.FieldTitle, model.TextValue("Principal"))}})
		s.want("the change of Sarah Chen is saved after all")
		if _, kept := f.drafts["d1"]; kept != typedSince {
			t.Errorf("typed since: %v, the draft is kept: %v", typedSince, kept)
		}
	}
}

// A contact that is fetched again does not call the person back to it.
func TestARefetchedContactDoesNotTakeTheCursor(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 120, 40)
	s.keys("j", "j", "j")
	s.m.shelf.kept = map[int64]bool{s.m.selected: true}
	again := s.m.refetchKept()
	s.keys("g")
	first := s.m.selected
	s.send(again())
	if s.m.selected != first || s.m.list.Cursor() != 0 {
		t.Errorf("contact %d on row %d is selected, want the first", s.m.selected, s.m.list.Cursor())
	}
}
