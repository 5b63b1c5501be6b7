package ui

import (
	"context"
	"testing"

	"levcontacts/model"
)

func body(t *testing.T, p model.Patch) string {
	t.Helper()
	b, err := p.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestEditInPlaceSendsOneField(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	s := start(t, f, 120, 40)
	pages := f.calls["page"]
	s.keys("enter")
	s.m.detail.MoveToField(model.FieldTitle)
	s.keys("enter")
	s.typed(" II")
	s.keys("enter")
	if len(f.saves) != 1 || body(t, f.saves[0].Patch) != `{"title":"Senior Vice President II"}` {
		t.Fatalf("saves %+v", f.saves)
	}
	s.want("saved: title of Sarah Chen", "Senior Vice President II")
	if f.calls["page"] != pages || f.calls["get"] != 0 {
		t.Error("the row was fetched again")
	}
	if len(f.drafts) != 0 {
		t.Error("the draft outlived the save")
	}
}

func TestFormSendsOnlyWhatChanged(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	s := start(t, f, 120, 40)
	s.keys("e", "tab", "tab", "tab")
	s.typed(" II")
	s.keys("tab", "ctrl+x", "ctrl+s")
	s.want("Sarah Chen · 2 changes", "Originations", "(empty)")
	s.keys("enter")
	if len(f.saves) != 1 || body(t, f.saves[0].Patch) != `{"title":"Senior Vice President II","department":null}` {
		t.Fatalf("saves %d: %s", len(f.saves), body(t, f.saves[0].Patch))
	}
}

func TestNothingChangedSendsNothing(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	s := start(t, f, 120, 40)
	s.keys("e", "tab", "ctrl+s")
	s.want("nothing has changed")
	s.keys("esc", "enter", "enter", "enter")
	if len(f.saves) != 0 {
		t.Errorf("%d saves", len(f.saves))
	}
}

// Each refusal is shown where the person must act, with its request id, and
// keeps what was typed.
func TestRefusals(t *testing.T) {
	t.Parallel()
	cases := []*model.Error{
		{Kind: model.KindUnauthorized, Status: 401, Message: "Authentication required", RequestID: "r-401"},
		{Kind: model.KindForbidden, Status: 403, Message: "User not authorized to create contact", RequestID: "r-403"},
		{Kind: model.KindNotFound, Status: 404, Message: "Contact not found", RequestID: "r-404"},
		{Kind: model.KindConflict, Status: 409, Message: "changing a contact's email is not supported yet", RequestID: "r-409"},
		{Kind: model.KindValidation, Status: 422, Message: "title is too long", Fields: map[string]string{"title": "title is too long"}, RequestID: "r-422"},
		{Kind: model.KindRateLimited, Status: 429, Message: "Too many requests", RequestID: "r-429"},
		{Kind: model.KindUnavailable, Status: 503, Message: "Service unavailable", RequestID: "r-503"},
		{Kind: model.KindNetwork, Message: "connection refused"},
	}
	for _, e := range cases {
		t.Run(e.Kind.String(), func(t *testing.T) {
			t.Parallel()
			f := newFake(60)
			f.refuse["save"] = e
			s := start(t, f, 120, 40)
			s.keys("e", "tab", "tab", "tab")
			s.typed(" II")
			s.keys("ctrl+s", "enter")
			s.want("Senior Vice President II", e.Message)
			if e.RequestID != "" {
				s.want(e.RequestID)
			}
			if len(f.drafts) != 1 {
				t.Errorf("%d drafts on disk", len(f.drafts))
			}
			delete(f.refuse, "save")
			if e.Kind == model.KindUnauthorized {
				s.typed("good")
				s.keys("enter")
			} else {
				s.keys("ctrl+s", "enter")
			}
			s.want("saved: title")
		})
	}
}

func TestCreateStaysInView(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	s := start(t, f, 120, 40)
	s.keys("n")
	s.keys("right")
	s.keys("tab")
	s.typed("Ann")
	s.keys("tab")
	s.typed("Lee")
	s.keys("ctrl+s")
	s.want("Ann", "Lee")
	s.keys("enter")
	if len(f.creates) != 1 {
		t.Fatalf("%d creates\n%s", len(f.creates), s.screen())
	}
	s.want("Ann Lee is created, not connected yet", "+ 1 not connected", "○")
	id := s.m.selected
	s.keys("r")
	if s.m.selected != id {
		t.Error("the new contact lost the selection after a refresh")
	}
	s.want("Ann Lee")
}

// A create that is refused and tried again keeps its idempotency key.
func TestCreateKeepsItsKey(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	f.refuse["create"] = &model.Error{Kind: model.KindNetwork, Message: "connection cut"}
	s := start(t, f, 120, 40)
	s.keys("n", "right", "tab")
	s.typed("Ann")
	s.keys("ctrl+s", "enter", "ctrl+s", "enter")
	if len(f.creates) != 2 || f.creates[0].Key == "" || f.creates[0].Key != f.creates[1].Key {
		t.Fatalf("creates: %+v", f.creates)
	}
}

func TestTypeIsRequired(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	s := start(t, f, 120, 40)
	s.keys("n", "tab")
	s.typed("Ann")
	s.keys("ctrl+s")
	s.want("type is required", "Ann")
	if len(f.creates) != 0 {
		t.Error("sent without a type")
	}
}

func TestEscNeverLosesTypedText(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	s := start(t, f, 120, 40)
	s.keys("e", "tab", "tab", "tab")
	s.typed(" II")
	s.keys("esc")
	s.want("keep editing")
	s.keys("enter")
	s.want("Senior Vice President II")
	s.keys("esc", "l")
	if len(f.drafts) != 1 {
		t.Fatalf("%d drafts", len(f.drafts))
	}
	s.keys("e")
	s.want("Senior Vice President II")
	s.keys("esc", "t")
	if len(f.drafts) != 0 {
		t.Error("thrown away, and still there")
	}
}

func TestQuitKeepsTheDraft(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	s := start(t, f, 120, 40)
	s.keys("e", "tab", "tab", "tab")
	s.typed(" II")
	s.keys("ctrl+c")
	s.want("An edit is open")
	s.keys("y")
	if len(f.drafts) != 1 {
		t.Fatalf("%d drafts", len(f.drafts))
	}
	again := start(t, f, 120, 40)
	again.want("Senior Vice President II", "it goes on here", "▌ Title")
}

func TestConflict(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	theirs := f.contacts[0].With(model.FieldTitle, model.TextValue("Chair")).With(model.FieldCity, model.TextValue("Boston"))
	f.conflict = &theirs
	s := start(t, f, 120, 40)
	s.keys("e", "tab", "tab", "tab")
	s.typed(" II")
	s.keys("ctrl+s", "enter")
	s.want("Senior Vice President", "Chair", "Senior Vice President II")
	s.keys("enter")
	if len(f.saves) != 1 {
		t.Fatal("sent before the person decided")
	}
	s.keys("m", "enter")
	s.want("Chair", "Senior Vice President II")
	s.keys("enter")
	if len(f.saves) != 2 || body(t, f.saves[1].Patch) != `{"title":"Senior Vice President II"}` {
		t.Fatalf("saves: %+v", f.saves)
	}
}

// The hostile orders of an answer to a save.
func TestLateSaveAnswers(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	s := start(t, f, 120, 40)
	s.keys("enter", "j", "enter")
	_, seq := s.m.edit.saving.Begin(context.Background(), s.now)
	s.m.edit.saving.Stop()
	s.send(savedMsg{seq: seq, err: &model.Error{Kind: model.KindNetwork, Message: "late failure"}})
	s.wantNot("late failure")
	s.typed("h")
	_, seq = s.m.edit.saving.Begin(context.Background(), s.now)
	s.m.freeze(true)
	s.keys("enter", "enter", "esc", "enter")
	if len(f.saves) != 0 {
		t.Error("a save under way was sent again")
	}
	s.send(savedMsg{seq: seq, err: &model.Error{Kind: model.KindNetwork, Message: "answer lost"}})
	s.want("answer lost")
}

func TestReadOnly(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	f.account.ReadOnly = "started with --read-only"
	s := start(t, f, 120, 40)
	s.want("READ-ONLY")
	for _, k := range []string{"e", "n", "N", "u", "E"} {
		s.keys(k)
		s.want("read-only: started with --read-only")
		if s.m.edit.active() {
			t.Fatalf("%s opened an editor", k)
		}
	}
	s.keys("enter", "enter")
	if s.m.edit.active() {
		t.Error("a field could be edited")
	}
}

func TestBulkShowsEveryChangeAndRunsThem(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	s := start(t, f, 120, 40)
	s.keys("space", "space", "space", "E")
	s.want("3 marked contacts")
	s.m.edit.form.Focus(model.FieldCity)
	s.typed("Boston")
	s.keys("ctrl+s")
	s.want("3 contacts will change", "Sarah Chen", "James Rodriguez", "Boston", "New York")
	if f.calls["start run"] != 0 {
		t.Fatal("started before it was confirmed")
	}
	s.keys("enter")
	if f.calls["start run"] != 1 || f.calls["step run"] != 1 {
		t.Errorf("calls %v", f.calls)
	}
	s.want("bulk edit done")
}

// What was said of the marks goes when they change and when a form opens.
func TestTheMessageAboutMarksGoesWithThem(t *testing.T) {
	t.Parallel()
	for _, keys := range [][]string{{"space"}, {"V"}, {"E"}, {"e"}, {"n"}, {"enter", "enter"}} {
		s := start(t, newFake(60), 120, 40)
		s.keys("ctrl+a")
		s.want("60 contacts marked: all that are shown")
		s.keys(keys...)
		s.wantNot("all that are shown")
	}
}

func TestMarks(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 120, 40)
	s.keys("space", "j", "j", "j", "V")
	s.want("5 marked", "●")
	s.keys("ctrl+a")
	s.want("60 marked")
	s.keys("esc", "esc")
	s.wantNot("marked")
	s.keys("E")
	s.want("nothing is marked")
}
