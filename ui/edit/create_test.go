package edit

import (
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

func TestCreate(t *testing.T) {
	t.Parallel()
	r := newRig(t).create().keys("right", "tab").typed("Ann").keys("tab").typed("Lee").keys("ctrl+s")
	r.want("New contact: Ann Lee", "Ann", "Lee")
	r.keys("enter").want("Created Ann Lee. Not connected yet, so Lev doesn't list it; it stays here.")
	if e := r.ended(Saved); !e.Created || e.ContactID != 900001 || len(r.f.creates) != 1 {
		t.Errorf("%d creates, ended with %+v", len(r.f.creates), e)
	}
}

// A create that is refused and tried again, in this run or the next, keeps its
// idempotency key.
func TestCreateKeepsItsKey(t *testing.T) {
	t.Parallel()
	r := newRig(t).create()
	r.f.refuse["create"] = refusedConnection()
	r.keys("right", "tab").typed("Ann").keys("ctrl+s", "enter", "ctrl+s", "enter")
	d := r.f.drafts[r.m.ID()]
	r.open(Reopen(r.o, d, model.Contact{})).keys("ctrl+s", "enter")
	if n := len(r.f.creates); n != 3 {
		t.Fatalf("%d creates", n)
	}
	for _, c := range r.f.creates {
		if c.Key == "" || c.Key != r.f.creates[0].Key || c.DraftID != d.ID {
			t.Errorf("key %q of draft %q", c.Key, c.DraftID)
		}
	}
}

// 7: a copy has what a colleague shares, and nothing of the person.
func TestCopyIsAColleague(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.open(Copy(r.o, sarah().WithExtra(companyField, "1204"))).want("New contact, a colleague of Sarah Chen",
		"Originations", "1 Battery Park Plaza")
	r.keys("ctrl+s").want("company_id 1204 is sent with it").keys("enter")
	want := `{"contact_type":"lender_contact","department":"Originations","address":"1 Battery Park Plaza","city":"New York","state":"NY","zip":"10004"}`
	if len(r.f.creates) != 1 || body(t, r.f.creates[0].Values) != want ||
		string(r.f.creates[0].Extra[companyField]) != "1204" {
		t.Errorf("created %+v", r.f.creates)
	}
}

// A copy is nothing typed: leaving it loses nothing. One that is worked on, or
// that was to be saved as it is, is kept.
func TestACopyIsLeftAtOnceUnlessWorkedOn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		do   func(*rig)
		asks bool
	}{
		{"untouched", func(*rig) {}, false},
		{"moved in", func(r *rig) { r.keys("tab", "tab") }, false},
		{"typed", func(r *rig) { r.keys("tab").typed("x") }, true},
		{"typed back", func(r *rig) { r.keys("tab").typed("x").passes(draftDelay).keys("backspace") }, false},
		{"refused", func(r *rig) { r.keys("ctrl+s", "enter") }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.f.refuse["create"] = refusedConnection()
			r.open(Copy(r.o, sarah()))
			c.do(r)
			if r.m.Dirty() != c.asks {
				t.Errorf("dirty is %v", r.m.Dirty())
			}
			if r.keys("esc"); r.isOpen() != c.asks || (r.overlay != nil) != c.asks {
				t.Errorf("open: %v, asked: %v", r.isOpen(), r.overlay != nil)
			}
			if !c.asks && len(r.f.drafts) != 0 {
				t.Errorf("%d drafts", len(r.f.drafts))
			}
		})
	}
}

// 7: likely duplicates are named at the opening, while typing and in the preview.
func TestLikelyDuplicates(t *testing.T) {
	t.Parallel()
	head := "Already in the list? ctrl+o opens the first one (your draft is kept)"
	r := newRig(t).create().wantNot("Already in the list?")
	r.keys("right", "tab").typed("Sarah").keys("tab").typed("Chen").want(head,
		"Sarah Chen · schen@meridiancapital.com · same name")
	r.keys("ctrl+s").want("New contact: Sarah Chen", head, "same name")
	if label := r.m.Label(r.o.Keys.Get("form.twin")); label != "duplicate" {
		t.Errorf("the footer says %q", label)
	}
	r.keys("ctrl+o")
	if e, ok := last[TwinChosen](r); !ok || e.ID != 78 {
		t.Error("the duplicate is not shown")
	}
	r.ended(Kept)
	d := r.f.drafts[r.m.ID()]
	again := newRig(t)
	again.open(Reopen(again.o, d, model.Contact{})).want(head)

	copied := newRig(t)
	from := work.Draft{Kind: work.DraftCreate, Values: model.Draft{model.FieldEmail: "j@x.com"}}
	copied.open(Reopen(copied.o, from, model.Contact{})).want(head, "James Rodriguez · j@x.com · same e-mail")
	copied.m.SetContacts(model.Snapshot{})
	copied.keys("tab").typed("x").wantNot(head).keys("ctrl+o")
	if !copied.isOpen() {
		t.Error("ctrl+o left for nobody")
	}
}

// An earlier attempt may have made the contact: nothing is sent before the user
// says, and it is not asked for ever.
func TestWhetherAnEarlierAttemptMadeIt(t *testing.T) {
	t.Parallel()
	const question = "An earlier attempt may have arrived. Is this the contact?"
	lost := func(t *testing.T) *rig {
		r := newRig(t).create()
		made := james()
		r.f.candidate = &made
		return r.keys("right", "tab").typed("James").keys("ctrl+s", "enter").want(question, "James Rodriguez")
	}
	t.Run("it is", func(t *testing.T) {
		t.Parallel()
		r := lost(t).keys("enter").want("That is the contact you created")
		if e := r.ended(Existing); e.ContactID != 142 || len(r.f.settled) != 1 || r.f.settled[0] != "entry 142" ||
			len(r.f.drafts) != 0 {
			t.Errorf("ended with %+v, settled %v, %d drafts", e, r.f.settled, len(r.f.drafts))
		}
	})
	t.Run("it cannot be noted", func(t *testing.T) {
		t.Parallel()
		r := lost(t)
		r.f.refuse["settle"] = refusedConnection()
		r.keys("enter").want("connection refused", "James")
		if !r.isOpen() || len(r.f.drafts) != 1 {
			t.Errorf("%d drafts", len(r.f.drafts))
		}
	})
	t.Run("it is not", func(t *testing.T) {
		t.Parallel()
		r := lost(t).keys("down", "enter")
		if r.ended(Saved); len(r.f.creates) != 2 || !r.f.creates[1].Anyway {
			t.Errorf("creates %+v", r.f.creates)
		}
	})
	t.Run("it is not, and the next attempt gets no response", func(t *testing.T) {
		t.Parallel()
		r := lost(t)
		r.f.refuse["create"] = noResponse()
		r.keys("down", "enter").want("No response")
		delete(r.f.refuse, "create")
		r.keys("ctrl+s", "enter").want(question)
	})
	t.Run("no answer", func(t *testing.T) {
		t.Parallel()
		r := lost(t).keys("esc").typed("!").want("James!")
		r.send(existingMsg{r.m.own(), 142}) // a question that is not asked any more
		if len(r.f.settled) != 0 || !r.isOpen() {
			t.Error("an answer to an old question counts")
		}
		r.keys("ctrl+s", "enter").want(question)
	})
}

// A service of the later documentation wants a company for a new contact. It is
// asked for then, and what was typed before stays.
func TestCompanyIsAskedForWhereItIsWanted(t *testing.T) {
	t.Parallel()
	r := newRig(t).create()
	r.f.refuse["create"] = &model.Error{Kind: model.KindValidation, Status: 422, Message: "company_id is required",
		Fields: map[string]string{companyField: "company_id is required"}, RequestID: "req-1"}
	r.keys("right", "tab").typed("Nadia").keys("ctrl+s", "enter")
	r.want("The service wants a company for a new contact",
		"This service has no companies; its number (company_id) does as well", "New contact", "Nadia")
	r.keys("esc").wantNot("wants a company").want("Nadia", "req-1").keys("ctrl+s", "enter")
	r.typed("12x").keys("enter").want("is digits only", "12x")
	if len(r.f.creates) != 2 {
		t.Fatalf("%d creates were sent, want the two that were refused", len(r.f.creates))
	}
	delete(r.f.refuse, "create")
	r.keys("backspace", "enter").want("Created Nadia")
	if n := len(r.f.creates); n != 3 || string(r.f.creates[2].Extra[companyField]) != "12" ||
		len(r.f.creates[1].Extra) != 0 {
		t.Errorf("created with %+v", r.f.creates)
	}
}

func TestACompanyIsChosenByName(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.f.companies = work.Companies{Recent: 1, FetchedAt: r.now, Items: []model.Company{
		{ID: 3, Name: "Tryon Securities", City: "Charlotte"}, {ID: 2, Name: "Harbor Point"},
		{ID: 1, Name: "Meridian Capital"}}}
	r.create().keys("right", "tab").typed("Ada")
	r.want("No company yet").keys("ctrl+g")
	r.want("Company of the new contact", "Tryon Securities", "used lately", "Create a new company")
	r.typed("harb").wantNot("Tryon Securities").keys("enter")
	r.want("Company: Harbor Point (company_id 2)")
	r.passes(time.Second)
	d := r.f.drafts["id1"]
	if d.Company.ID != 2 {
		t.Errorf("the draft is of the company %+v", d.Company)
	}
	r.open(Reopen(r.o, d, model.Contact{})).want("Company: Harbor Point")
	r.keys("ctrl+s").want("Harbor Point (company_id 2) is sent with it").keys("enter").ended(Saved)
	if got := string(r.f.creates[0].Extra[companyField]); got != "2" {
		t.Errorf("the company %s was sent", got)
	}
}

func TestACompanyIsCreatedForAContact(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.f.companies = work.Companies{FetchedAt: r.now, Items: []model.Company{{ID: 2, Name: "Harbor Point"}}}
	r.create().keys("right", "tab").typed("Ada").keys("ctrl+g").typed("New Bank").keys("enter")
	r.want("Name of the new company (lender)", "New Bank").keys("enter")
	r.want("Company: New Bank (company_id 77)", "Created the company New Bank")
	if len(r.f.firms) != 1 || r.f.firms[0] != (work.NewCompany{Name: "New Bank", Type: model.CompanyLender}) {
		t.Errorf("created %+v", r.f.firms)
	}
}
