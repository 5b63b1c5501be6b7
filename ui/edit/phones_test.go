package edit

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// callable is Sarah with two phones, as a later service has them.
func callable(raw string) model.Contact {
	return sarah().WithExtra("phones", raw)
}

const twoNumbers = `[{"id":"a","type":"office","raw":"212 555 0193","country":"US"},{"id":"b","type":"mobile","raw":"917 555 0101","country":"US"}]`

// A list that is edited in place is shown before it is sent, because all of it is
// sent.
func TestPhonesInPlace(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.open(Field(r.o, callable(twoNumbers), model.FieldPhones, nil))
	r.want("Office 212 555 0193", "becomes +1 212 555 0193").keys("down",
		"down").typed("fax: 646 555 0100").want("Fax 646 555 0100")
	r.keys("enter").want("phones: replaces all 2 numbers", "(new)", "Fax (646) 555-0100", "Office (212) 555-0193")
	r.keys("J").want(`"raw": "646 555 0100"`).keys("esc").want("becomes +1 646 555 0100").keys("enter", "enter")
	r.ended(Saved)
	want := `{"phones":[{"type":"office","raw":"212 555 0193","country":"US"},{"type":"mobile","raw":"917 555 0101","country":"US"},` +
		`{"type":"fax","raw":"646 555 0100"}]}`
	if got := body(t, r.f.saves[0].Patch); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// What was typed into a list is kept, and opened again.
func TestPhonesAreKeptAsADraft(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.open(Field(r.o, callable(twoNumbers), model.FieldPhones, nil)).keys("ctrl+x", "down", "ctrl+t", "esc")
	r.ended(Kept)
	d, ok := r.f.drafts[r.m.ID()]
	if !ok || d.Values[model.FieldPhones] != "fax: 917 555 0101" {
		t.Fatalf("%+v", r.f.drafts)
	}
	again := newRig(t)
	again.f.drafts[d.ID] = d
	again.open(Field(again.o, callable(twoNumbers), model.FieldPhones, []work.Draft{d})).want("Office", "removed",
		"Fax 917 555 0101")
	again.keys("ctrl+r", "down", "ctrl+r", "enter")
	again.ended(Nothing)
}

// Two people changed the numbers: the whole lists are compared.
func TestConflictInPhones(t *testing.T) {
	t.Parallel()
	theirs := callable(`[{"id":"a","type":"office","raw":"332 555 0100"}]`)
	r := newRig(t)
	r.f.theirs = &theirs
	r.open(Field(r.o, callable(twoNumbers), model.FieldPhones, nil)).keys("ctrl+x").typed("646 555 0100")
	r.keys("enter", "enter").want("Someone else changed 1 of these fields", "Office (332) 555-0100",
		"Office (646) 555-0100",
		"Mobile (917) 555-0101")
	r.keys("m", "enter").want("phones: replaces the only number", "Office (332) 555-0100").keys("enter")
	r.ended(Saved)
	want := `{"phones":[{"type":"office","raw":"646 555 0100"},{"type":"mobile","raw":"917 555 0101"}]}`
	if got := body(t, r.f.saves[1].Patch); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// A spelling of the same number is no conflict and no change.
func TestTheSameNumberIsNoChange(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.open(Field(r.o, callable(twoNumbers), model.FieldPhones, nil)).keys("ctrl+x").typed("(212) 555-0193").keys("enter")
	r.ended(Nothing)
}

func TestUndoOfPhones(t *testing.T) {
	t.Parallel()
	before := callable(twoNumbers)
	after := callable(`[{"id":"a","type":"office","raw":"212 555 0193","country":"US","e164":"+12125550193"}]`)
	r := newRig(t)
	e := work.Entry{ID: "e1", ContactID: 78, Name: "Sarah Chen", Answer: after.Pack(), Changes: []model.Change{
		{Field: model.FieldPhones, Before: before.Get(model.FieldPhones), After: after.Get(model.FieldPhones)}}}
	r.open(Undo(r.o, e, after)).want("(new)", "Mobile (917) 555-0101").keys("enter")
	r.ended(Saved)
	want := `{"phones":[{"type":"office","raw":"212 555 0193","country":"US"},{"type":"mobile","raw":"917 555 0101"}]}`
	if got := body(t, r.f.saves[0].Patch); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// What the service does not change is said before the save, with what to do.
func TestFixedFieldsAreSaidBefore(t *testing.T) {
	t.Parallel()
	const says = "this service does not change an e-mail address: create a new contact with the new one"
	r := newRig(t)
	r.f.fixed = []model.FieldID{model.FieldEmail}
	r.open(Field(r.o, sarah(), model.FieldEmail, nil)).want(says)
	r = newRig(t)
	r.f.fixed = []model.FieldID{model.FieldEmail}
	r.form().keys("tab", "tab", "tab", "tab", "tab").typed("x").want(says).keys("tab").want(says)
	r.keys("ctrl+s").want(says)
	r = newRig(t)
	r.f.fixed = []model.FieldID{model.FieldEmail}
	r.create().keys("tab", "tab", "tab", "tab", "tab").wantNot(says)
}

// A refusal in place stands under its number.
func TestPhoneRefusedInPlace(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.f.refuse["save"] = &model.Error{Kind: model.KindValidation, Status: 422, RequestID: "r-9",
		Fields: map[string]string{"phones": "phones[1].raw is not a phone number"}}
	r.open(Field(r.o, callable(twoNumbers), model.FieldPhones, nil)).keys("down", "ctrl+x").typed("12")
	r.send(tea.KeyPressMsg{Code: tea.KeyUp})
	r.keys("enter", "enter").want("Mobile 12", "the number is not a phone number", "request r-9")
	if !r.isOpen() {
		t.Error("what was typed is lost")
	}
}

// A new contact has phones where the service has them.
func TestANewContactWithPhones(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var b model.Book
	b.Put(callable(twoNumbers).Pack())
	r.o.Contacts = b.Snapshot()
	r.open(Create(r.o)).keys("right", "tab", "tab").typed("Byron").keys("tab", "tab", "tab", "tab", "tab")
	r.typed("office: 312 555 0177").want("Office 312 555 0177",
		"becomes +1 312 555 0177").keys("ctrl+s").want("Office (312) 555-0177")
	r.keys("enter")
	r.ended(Saved)
	if got, want := body(t, r.f.creates[0].Values),
		`"phones":[{"type":"office","raw":"312 555 0177"}]`; !strings.Contains(got, want) {
		t.Errorf("%s has no %s", got, want)
	}
}
