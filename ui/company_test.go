package ui

import (
	"testing"

	"levcontacts/model"
)

// A service of the later documentation wants a company for a new contact. It is
// asked for then, and what was typed before stays.
func TestCompanyIsAskedForWhereItIsWanted(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	f.refuse["create"] = &model.Error{Kind: model.KindValidation, Status: 422, Message: "company_id is required",
		Fields: map[string]string{companyField: "company_id is required"}, RequestID: "req-1"}
	s := start(t, f, 120, 40)
	s.keys("n", "right", "tab")
	s.typed("Nadia")
	s.keys("ctrl+s", "enter")
	s.want("The service wants a company for a new contact", "its number (company_id)", "New contact", "Nadia")
	s.typed("12x")
	s.keys("enter")
	s.want("is digits only", "12x")
	if len(f.creates) != 1 {
		t.Fatalf("%d creates were sent, want the one that was refused", len(f.creates))
	}
	delete(f.refuse, "create")
	s.keys("backspace", "enter")
	s.want("Nadia is created")
	last := f.creates[len(f.creates)-1]
	if len(f.creates) != 2 || string(last.Extra[companyField]) != "12" || len(f.creates[0].Extra) != 0 {
		t.Errorf("created with %v and then %v", f.creates[0].Extra, last.Extra)
	}
	s.keys("n", "right", "tab")
	s.typed("Omar")
	s.keys("ctrl+s", "enter")
	if last := f.creates[len(f.creates)-1]; len(last.Extra) != 0 {
		t.Errorf("the next contact goes to the company of the last: %v", last.Extra)
	}
}

// Leaving the question leaves the form as it was.
func TestCompanyNeedNotBeGiven(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	f.refuse["create"] = &model.Error{Kind: model.KindValidation, Status: 422, Message: "company_id is required",
		Fields: map[string]string{companyField: "company_id is required"}, RequestID: "req-1"}
	s := start(t, f, 120, 40)
	s.keys("n", "right", "tab")
	s.typed("Nadia")
	s.keys("ctrl+s", "enter", "esc")
	s.wantNot("wants a company")
	s.want("New contact", "Nadia", "req-1")
}
