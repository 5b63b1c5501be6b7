package ui

import (
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/uitest"
	"github.com/levcontacts/levcontacts/work"
)

// A field that was being edited when the program ended is edited again at the
// start, also before its contact is loaded.
func TestAFieldIsEditedAgainBeforeItsContactIsLoaded(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	f.Refuse["page"] = &model.Error{Kind: model.KindNetwork, Message: "connection refused"}
	sarah := uitest.Person(0)
	f.drafts["d"] = work.Draft{ID: "d", Kind: work.DraftField, ContactID: sarah.ID(), Field: model.FieldTitle,
		Base: sarah, Values: model.Draft{model.FieldTitle: "Partner"}, Open: true}
	s := start(t, f, 120, 40)
	s.want("Partner", "enter save   esc leave", sarah.Name())
	delete(f.Refuse, "page")
	s.passes(time.Minute)
	s.want("Partner", "60 of 60 loaded")
	s.keys("enter")
	if len(f.saves) != 1 || f.saves[0].ID != sarah.ID() {
		t.Errorf("saved %+v", f.saves)
	}
}

// An edit of an earlier run is not reopened after a key was pressed: the next key is meant
// for the list. The program says that a draft waits.
func TestAnEditIsNotReopenedOverKeys(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	sarah := uitest.Person(0)
	f.drafts["d"] = work.Draft{ID: "d", Kind: work.DraftField, ContactID: sarah.ID(), Field: model.FieldTitle,
		Base: sarah, Values: model.Draft{model.FieldTitle: "Partner"}, Open: true}
	s := bare(t, f, 120, 40)
	init := s.a.Init()
	s.keys("down")
	s.run(init)
	s.want("1 draft not saved yet; D shows them")
	s.wantNot("enter save   esc leave")
}

// A key that the service refused and accepts again needs no new one: whoever
// closes the sign-in tries again with one key.
func TestARefusedKeyCanBeTriedAgain(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	f.Refuse["page"] = &model.Error{Kind: model.KindUnauthorized, Status: 401, Message: "Authentication required"}
	s := start(t, f, 120, 40)
	s.want("Sign in again: paste a key")
	s.keys("esc")
	s.want("r tries again", "Not signed in; r asks again")
	s.keys("r")
	s.want("Sign in again: paste a key")
	s.keys("esc")
	delete(f.Refuse, "page")
	s.keys("r")
	s.want("60 of 60 loaded")
	s.wantNot("Sign in again")
}

// What the program has to say from outside the screen begins with a capital.
func TestANotice(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(1), 120, 40)
	s.send(Notice("signed in until the program ends"))
	s.want("Signed in until the program ends")
}
