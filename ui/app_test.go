package ui

import (
	"testing"
	"time"

	"levcontacts/model"
	"levcontacts/ui/uitest"
	"levcontacts/work"
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

// What an edit asks opens over that edit: for a company, and whether an earlier
// attempt has made one of these contacts.
func TestAnEditAsksOverItself(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	f.Refuse["create"] = &model.Error{Kind: model.KindValidation, Status: 422, Message: "company_id is required",
		Fields: map[string]string{"company_id": "company_id is required"}}
	s := start(t, f, 120, 40)
	s.keys("n", "right", "tab")
	s.typed("Nadia")
	s.keys("ctrl+s", "enter")
	s.want("The service wants a company for a new contact")
	delete(f.Refuse, "create")
	f.candidates = []model.Contact{uitest.Person(3)}
	s.typed("1204")
	s.keys("enter")
	s.want("An earlier attempt may have arrived. Is this the contact?", uitest.Person(3).Name(), "No, create it now")
	s.keys("down", "enter")
	s.want("Created Nadia")
	if n := len(f.creates); n != 3 || string(f.creates[2].Extra["company_id"]) != "1204" {
		t.Errorf("%d creates: %+v", n, f.creates)
	}
}
