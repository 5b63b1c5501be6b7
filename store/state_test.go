package store

import (
	"crypto/rand"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"levcontacts/model"
)

// everyValue is a contact with each kind of value, and bytes that JSON writers
// like to change.
func everyValue() model.Contact {
	raw, err := model.ParseValue([]byte(`{ "a": "<b>" , "n": 1.50 }`))
	if err != nil {
		panic(err)
	}
	return model.NewContact(1<<53+1, map[model.FieldID]model.Value{
		model.FieldFirstName:  model.NullValue(),
		model.FieldLastName:   model.TextValue(""),
		model.FieldTitle:      model.TextValue("<script>&\u2028\x1b[31m\u202e\x00é"),
		model.FieldDepartment: raw,
		model.FieldPrimary:    model.BoolValue(false),
		model.FieldOwner:      model.IntValue(-12),
		model.FieldUpdated:    model.TextValue("2026-03-01T10:00:00.5+01:00"),
	}).WithExtra("phones", `[{"raw":"<1>","e164":null}]`).WithExtra("é", `0.10`)
}

func TestContactsAndChangesComeBackByteForByte(t *testing.T) {
	t.Parallel()
	p := everyValue().Pack()
	text, err := packedJSON(p)
	must(t, err)
	back, err := parsePacked(text)
	must(t, err)
	want(t, "contact", back, p)

	var changes []model.Change
	for _, f := range model.FieldTable() {
		for _, g := range model.FieldTable() {
			changes = append(changes, model.Change{Field: f.ID, Before: everyValue().Get(f.ID), After: everyValue().Get(g.ID)})
		}
	}
	text, err = changesJSON(changes)
	must(t, err)
	again, err := parseChanges(text)
	must(t, err)
	if !slices.Equal(again, changes) {
		t.Fatalf("got %v", again)
	}
	if _, err := packedJSON("\x02broken"); !errors.Is(err, model.ErrPacked) {
		t.Fatalf("a broken contact: %v", err)
	}
}

func TestDraftComesBackAsItWas(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openTestState(t, dir)
	d := Draft{Kind: DraftField, ContactID: 78, Base: everyValue().Pack(), Field: model.FieldTitle,
		Values: model.Draft{model.FieldTitle: "  typed \t<é> ", model.FieldCity: ""}, Extra: map[string]string{"phones": "[", "cursor": "3"},
		NotSent: true, Problem: "422 email: \"bad\""}
	kept, err := s.SaveDraft(t.Context(), d)
	must(t, err)
	if kept.ID == "" || kept.CreatedAt.IsZero() || kept.Holder != Here {
		t.Fatalf("kept: %+v", kept)
	}
	kept.Values[model.FieldCity] = "Boston"
	kept, err = s.SaveDraft(t.Context(), kept)
	must(t, err)
	must(t, s.Close())

	s = openTestState(t, dir)
	got, err := s.Draft(t.Context(), kept.ID)
	must(t, err)
	want(t, "holder after the program ended", got.Holder, Nobody)
	kept.Holder = Nobody
	if !reflect.DeepEqual(got, kept) {
		t.Fatalf("got  %+v\nwant %+v", got, kept)
	}
}

func TestDraftsOfTwoPrograms(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, b := openTestState(t, dir), openTestState(t, dir)
	d, err := a.SaveDraft(t.Context(), Draft{Kind: DraftEdit, ContactID: 1})
	must(t, err)
	list, err := b.Drafts(t.Context())
	must(t, err)
	want(t, "drafts", len(list), 1)
	want(t, "open in the other", list[0].Holder, Elsewhere)
	if _, err := b.SaveDraft(t.Context(), list[0]); !errors.Is(err, ErrHeld) {
		t.Fatalf("b wrote over what is typed in a: %v", err)
	}

	d.Closed = true // esc in a
	_, err = a.SaveDraft(t.Context(), d)
	must(t, err)
	d.Closed = false // opened in b
	claimed, err := b.SaveDraft(t.Context(), d)
	must(t, err)
	want(t, "open here", claimed.Holder, Here)
	want(t, "closed", claimed.Closed, false)
	if _, err := a.SaveDraft(t.Context(), d); !errors.Is(err, ErrHeld) {
		t.Fatalf("open in both: %v", err)
	}
	if err := a.DropDraft(t.Context(), d.ID); !errors.Is(err, ErrHeld) {
		t.Fatalf("a dropped what is open in b: %v", err)
	}
	must(t, b.DropDraft(t.Context(), d.ID))
	must(t, b.DropDraft(t.Context(), d.ID))
	// A save that was on its way does not bring it back.
	if _, err := b.SaveDraft(t.Context(), claimed); !errors.Is(err, ErrNotFound) {
		t.Fatalf("a dropped draft is back: %v", err)
	}
}

func TestOneUnreadableDraftDoesNotHideTheOthers(t *testing.T) {
	t.Parallel()
	s := openTestState(t, t.TempDir())
	want(t, "drafts", saveDrafts(t, s, 3), 3)
	drafts, err := s.Drafts(t.Context())
	must(t, err)
	bad := drafts[1].ID
	_, err = s.f.db.Exec("UPDATE draft SET typed = '{' WHERE id = ?", bad)
	must(t, err)
	drafts, err = s.Drafts(t.Context())
	want(t, "readable drafts", len(drafts), 2)
	if err == nil || !strings.Contains(err.Error(), bad) {
		t.Fatalf("the error does not name the draft: %v", err)
	}
}

func TestRowsOfAnotherIdentityAreNeitherSeenNorLost(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openTestState(t, dir)
	d, err := s.SaveDraft(t.Context(), Draft{Kind: DraftEdit})
	must(t, err)
	e, err := s.Begin(t.Context(), Entry{Kind: KindUpdate, ContactID: 1})
	must(t, err)
	must(t, s.Finish(t.Context(), e.ID, Outcome{Result: Unknown}))
	must(t, s.SetFact(t.Context(), "route", "/contacts"))
	run, err := s.CreateRun(t.Context(), Run{}, runItems(1))
	must(t, err)
	must(t, s.Close())

	id := testIdentity()
	id.BaseURL = "https://elsewhere.example/v2"
	other, err := OpenState(t.Context(), dir, id, testTime, rand.Text)
	must(t, err)
	drafts, err1 := other.Drafts(t.Context())
	entries, err2 := other.Entries(t.Context(), Filter{})
	open, err3 := other.Unresolved(t.Context())
	runs, err4 := other.Runs(t.Context())
	route, err5 := other.Fact(t.Context(), "route")
	items, err6 := other.Items(t.Context(), run.ID)
	must(t, errors.Join(err1, err2, err3, err4, err5, err6))
	want(t, "rows of the other identity", len(drafts)+len(entries)+len(open)+len(runs)+len(route)+len(items), 0)
	_, err1 = other.Draft(t.Context(), d.ID)
	_, err2 = other.SaveDraft(t.Context(), d)
	_, err3 = other.Entry(t.Context(), e.ID)
	_, err4 = other.NextItems(t.Context(), run.ID, 1)
	for i, err := range []error{err1, err2, err3, err4, other.Finish(t.Context(), e.ID, Outcome{Result: Done}), other.SetRunState(t.Context(), run.ID, RunDone)} {
		if !errors.Is(err, ErrNotFound) {
			t.Errorf("operation %d on the other identity's row: %v", i, err)
		}
	}
	must(t, other.DropDraft(t.Context(), d.ID))
	strays, err := other.Strays(t.Context())
	must(t, err)
	want(t, "strays", strays, Strays{Drafts: 1, Unresolved: 1})
	must(t, other.Close())

	s = openTestState(t, dir)
	_, err = s.Draft(t.Context(), d.ID)
	must(t, err)
	strays, err = s.Strays(t.Context())
	must(t, err)
	want(t, "strays at home", strays, Strays{})
}

func TestFacts(t *testing.T) {
	t.Parallel()
	s := openTestState(t, t.TempDir())
	for name, value := range map[string]string{"route": "/build/contacts", "columns": "name,email", "mouse": "off"} {
		must(t, s.SetFact(t.Context(), name, "before"))
		must(t, s.SetFact(t.Context(), name, value))
	}
	must(t, s.SetFact(t.Context(), "mouse", ""))
	for name, exp := range map[string]string{"route": "/build/contacts", "columns": "name,email", "never set": ""} {
		got, err := s.Fact(t.Context(), name)
		must(t, err)
		want(t, name, got, exp)
	}
	none, err := s.Fact(t.Context(), "mouse")
	must(t, err)
	want(t, "forgotten", none, "")
	one, err := s.Fact(t.Context(), "route")
	must(t, err)
	want(t, "route", one, "/build/contacts")
}
