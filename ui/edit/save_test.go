package edit

import (
	"errors"
	"testing"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/work"
)

func TestAFieldInPlaceSendsItself(t *testing.T) {
	t.Parallel()
	for _, save := range []string{"enter", "ctrl+s"} {
		r := newRig(t).field(model.FieldTitle)
		r.typed(" II").passes(draftDelay).keys(save)
		if len(r.f.saves) != 1 || body(t, r.f.saves[0].Patch) != `{"title":"Senior Vice President II"}` {
			t.Fatalf("saves %+v", r.f.saves)
		}
		r.want("saved: title of Sarah Chen · u undoes it")
		if e := r.ended(Saved); e.Contact.Get(model.FieldTitle).String() != "Senior Vice President II" ||
			len(r.f.drafts) != 0 {
			t.Errorf("ended with %+v, %d drafts", e, len(r.f.drafts))
		}
	}
}

func TestAFormSendsOnlyWhatChanged(t *testing.T) {
	t.Parallel()
	r := newRig(t).form().keys("tab", "tab", "tab").typed(" II").keys("tab", "ctrl+x", "ctrl+s")
	r.want("Sarah Chen · 2 changes", "Originations", "(empty)")
	if len(r.f.saves) != 0 {
		t.Fatal("sent before it was confirmed")
	}
	r.keys("enter")
	if len(r.f.saves) != 1 || body(t, r.f.saves[0].Patch) != `{"title":"Senior Vice President II","department":null}` {
		t.Fatalf("saves %+v", r.f.saves)
	}
	r.ended(Saved)
}

func TestNothingChangedSendsNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t).form().keys("tab", "ctrl+s").want("nothing has changed").keys("esc")
	r.ended(Nothing)
	r = newRig(t).field(model.FieldTitle).keys("enter")
	r.ended(Nothing)
	if len(r.f.saves) != 0 {
		t.Errorf("%d saves", len(r.f.saves))
	}
}

// Each refusal is shown where the user must act, with its request ID, and keeps
// what was typed, on disk too.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, e := range []*model.Error{
		{Kind: model.KindUnauthorized, Status: 401, Message: "Authentication required", RequestID: "r-401"},
		{Kind: model.KindForbidden, Status: 403, Message: "User not authorized to create contact", RequestID: "r-403"},
		{Kind: model.KindNotFound, Status: 404, Message: "Contact not found", RequestID: "r-404"},
		{Kind: model.KindConflict, Status: 409, Message: "changing a contact's email is not supported yet",
			RequestID: "r-409"},
		{Kind: model.KindValidation, Status: 422, Message: "title is too long",
			Fields: map[string]string{"title": "title is too long"}, RequestID: "r-422"},
		{Kind: model.KindRateLimited, Status: 429, Message: "Too many requests", RequestID: "r-429"},
		{Kind: model.KindUnavailable, Status: 503, Message: "Service unavailable", RequestID: "r-503"},
		refusedConnection(),
	} {
		t.Run(e.Kind.String(), func(t *testing.T) {
			t.Parallel()
			for _, r := range []*rig{newRig(t).form().keys("tab", "tab", "tab"), newRig(t).field(model.FieldTitle)} {
				r.f.refuse["save"] = e
				r.typed(" II").keys("ctrl+s")
				if r.m.Covers() {
					r.keys("enter")
				}
				r.want("Senior Vice President II", e.Message, e.RequestID)
				if d := r.f.drafts[r.m.ID()]; d.Problem != e.Headline() ||
					d.NotSent != (e.Kind == model.KindNetwork) || !d.Open {
					t.Errorf("the draft on disk is %+v", d)
				}
				if _, answered := last[Answered](r); answered != (e.Status != 0) {
					t.Errorf("answered: %v", answered)
				}
				if _, gone := last[Unreachable](r); gone != (e.Status == 0) {
					t.Errorf("unreachable: %v", gone)
				}
				delete(r.f.refuse, "save")
				if in, asked := last[screen.SignIn](r); asked {
					r.send(in.Retry)
				} else if r.keys("ctrl+s"); r.m.Covers() {
					r.keys("enter")
				}
				r.want("saved: title")
				r.ended(Saved)
			}
		})
	}
}

func TestAKeyThatMayNotWrite(t *testing.T) {
	t.Parallel()
	r := newRig(t).field(model.FieldTitle)
	r.f.refuse["save"] = &model.Error{Kind: model.KindForbidden, Status: 403, Message: "missing scope contacts:write"}
	r.typed("x").keys("enter")
	if e, ok := last[screen.ReadOnly](r); !ok || e.Reason == "" {
		t.Error("the program is not told")
	}
	r.m.SetReadOnly("started with --read-only")
	r.keys("enter").want("read-only: started with --read-only")
	if len(r.f.saves) != 1 {
		t.Errorf("%d saves", len(r.f.saves))
	}
}

// What is said of an outcome is true: "not sent" only for what never left.
func TestWordsOfAnOutcome(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		err     error
		want    string
		notSent bool
	}{
		{"8 never left", refusedConnection(), "Not sent: the service cannot be reached.", true},
		{"8 no response", noResponse(), "No response: it may or may not have been saved.", false},
		{"8 cannot tell", &model.Error{Kind: model.KindRefused, Message: "x", Cause: work.ErrCannotLook},
			"We never got an answer, so the contact may already exist. Check in Lev, then save again to create it.",
			false},
		{"stopped", &model.Error{Kind: model.KindCanceled},
			"Stopped. Your text is kept. Saving again checks first whether it got through.", false},
		{"an error without a shape", errors.New("the disk is gone"), "the disk is gone", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t).create().keys("right", "tab").typed("Ann")
			r.f.refuse["create"] = c.err
			r.keys("ctrl+s", "enter").want(c.want)
			if got := r.f.drafts[r.m.ID()].NotSent; got != c.notSent {
				t.Errorf("not sent is %v", got)
			}
			r.keys("esc", "d").ended(Discarded)
			if len(r.f.drafts) != 0 || len(r.f.dropped) != 1 || len(r.said) != 0 {
				t.Errorf("%d drafts, dropped %v, still said: %v", len(r.f.drafts), r.f.dropped, r.said)
			}
		})
	}
}

// An edit that was not sent stays so while it is typed on; an answer of the
// service ends it.
func TestUnsentEditOfAnEarlierRun(t *testing.T) {
	t.Parallel()
	d := work.Draft{ID: "d", Kind: work.DraftEdit, ContactID: 78, Base: sarah(),
		Values: model.Draft{model.FieldTitle: "Chair"}, NotSent: true}
	r := newRig(t).form(d).keys("tab", "tab", "tab").typed("x").passes(draftDelay)
	if !r.f.drafts["d"].NotSent {
		t.Error("typing made it sent")
	}
	r.f.refuse["save"] = &model.Error{Kind: model.KindValidation, Status: 422, Message: "title: too long"}
	if r.keys("ctrl+s", "enter"); r.f.drafts["d"].NotSent {
		t.Error("the service answered, and it is not sent still")
	}
}

// The service carried the change out but does not say how the contact is now.
func TestASaveWithoutAContact(t *testing.T) {
	t.Parallel()
	r := newRig(t).field(model.FieldTitle)
	r.f.answer = &model.Contact{}
	r.typed(" II").keys("enter")
	if e := r.ended(Saved); e.ContactID != 78 || e.Contact.ID() != 0 {
		t.Errorf("ended with %+v", e)
	}
	r.want("saved: title of Sarah Chen")
}

func TestAValueThatWasNotTaken(t *testing.T) {
	t.Parallel()
	r := newRig(t).field(model.FieldTitle)
	other := sarah().With(model.FieldTitle, val("SVP"))
	r.f.answer = &other
	r.typed(" II").keys("enter").want(`Saved, but the service holds another value: title is "SVP", not "Senior Vice President II"`)
	if e := r.ended(Saved); len(e.NotTaken) != 1 {
		t.Errorf("%+v", e.NotTaken)
	}
}

func TestConflict(t *testing.T) {
	t.Parallel()
	theirs := sarah().With(model.FieldTitle, val("Chair")).With(model.FieldCity, val("Boston"))
	r := newRig(t).form().keys("tab", "tab", "tab").typed(" II")
	r.f.theirs = &theirs
	r.keys("ctrl+s", "enter").want("Senior Vice President", "Chair", "Senior Vice President II",
		"Someone else changed 1 of these fields")
	if e, ok := last[Theirs](r); !ok || !e.Contact.Equal(theirs) {
		t.Error("their contact is not told")
	}
	if d, _ := r.m.Draft(); d.Base.Get(model.FieldTitle) != val("Senior Vice President") {
		t.Error("a draft kept now would hide their change")
	}
	if r.keys("enter"); len(r.f.saves) != 1 {
		t.Fatal("sent before the user decided")
	}
	r.keys("m", "enter").want("Chair", "Senior Vice President II").keys("enter")
	if len(r.f.saves) != 2 || body(t, r.f.saves[1].Patch) != `{"title":"Senior Vice President II"}` {
		t.Fatalf("saves: %+v", r.f.saves)
	}
	r.ended(Saved)
}

// 19: what was decided in a conflict survives a refusal of the save.
func TestDecisionsSurviveARefusal(t *testing.T) {
	t.Parallel()
	theirs := sarah().With(model.FieldDepartment, val("Debt"))
	r := newRig(t).form().keys("tab", "tab", "tab").typed(" II").keys("tab", "ctrl+u").typed("Legal")
	r.f.theirs = &theirs
	r.keys("ctrl+s", "enter", "t", "enter").want("Senior Vice President II").wantNot("Legal")
	r.f.refuse["save"] = &model.Error{Kind: model.KindConflict, Status: 409, Message: "no"}
	r.keys("enter").want("Debt").wantNot("Legal")
	delete(r.f.refuse, "save")
	r.keys("ctrl+s").want("1 change").keys("enter")
	if n := len(r.f.saves); n != 3 || body(t, r.f.saves[2].Patch) != `{"title":"Senior Vice President II"}` {
		t.Errorf("%d saves: %+v", n, r.f.saves)
	}
}

func TestKeepingTheirValuesSavesNothing(t *testing.T) {
	t.Parallel()
	theirs := sarah().With(model.FieldTitle, val("Chair"))
	r := newRig(t).field(model.FieldTitle)
	r.f.theirs = &theirs
	r.typed(" II").keys("enter", "t", "enter").want("Kept their values. Nothing to save.")
	if r.ended(Nothing); len(r.f.saves) != 1 || len(r.f.drafts) != 0 {
		t.Errorf("%d saves, %d drafts", len(r.f.saves), len(r.f.drafts))
	}
}

// The hostile orders of an answer to a save.
func TestLateSaveAnswers(t *testing.T) {
	t.Parallel()
	r := newRig(t).field(model.FieldTitle).typed("h")
	late := &model.Error{Kind: model.KindNetwork, Message: "late failure"}
	r.send(savedMsg{own: r.m.own(), seq: 7, err: late})
	r.wantNot("late failure")
	r.hold = true
	r.keys("enter", "enter", "x", "esc", "enter").want("saving", "Senior Vice Presidenth")
	if len(r.held) != 1 {
		t.Fatalf("%d commands: a save under way was sent again", len(r.held))
	}
	r.release() // esc has stopped it
	r.want("Stopped. Your text is kept.")
	r.send(savedMsg{own: own{"another edit"}, seq: 1, err: late})
	r.send(RetryMsg{own{"another edit"}})
	r.wantNot("late failure")
	if len(r.f.saves) != 0 || !r.isOpen() {
		t.Errorf("%d saves", len(r.f.saves))
	}
}

func TestTheRefusalOfAFormIsSaidBeforeItIsSent(t *testing.T) {
	t.Parallel()
	r := newRig(t).create().keys("tab").typed("Ann").keys("ctrl+s").want("type is required", "Ann")
	if len(r.f.creates) != 0 {
		t.Error("sent without a type")
	}
	r = newRig(t).open(Reopen(r.o, work.Draft{ID: "d", Kind: work.DraftEdit, ContactID: 78, Base: sarah(),
		Values: model.Draft{model.FieldType: "x"}}, sarah()))
	if r.keys("tab", "ctrl+s"); len(r.f.saves) != 0 || r.m.preview != nil {
		t.Error("a refused value goes on")
	}
}
