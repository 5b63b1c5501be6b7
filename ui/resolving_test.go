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
