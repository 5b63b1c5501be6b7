package store

import (
	"crypto/rand"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
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
	d := work.Draft{ID: "d", Kind: work.DraftField, ContactID: 78, Base: everyValue(), Key: "k-1", Open: true, Mine: true, Field: model.FieldTitle,
		Values: model.Draft{model.FieldTitle: "  typed \t<é> ", model.FieldCity: ""}, Updated: testTime().Add(time.Hour),
		NotSent: true, Problem: "422 email: \"bad\""}
	must(t, s.SaveDraft(t.Context(), d))
	d.Values[model.FieldCity] = "Boston"
	must(t, s.SaveDraft(t.Context(), d))
	want(t, "typed here", oneDraft(t, s, "d").Mine, true)
	older := d
	older.Values, older.Updated = model.Draft{model.FieldCity: "older"}, d.Updated.Add(-time.Second)
	must(t, s.SaveDraft(t.Context(), older)) // comes too late
	must(t, s.Close())

	s = openTestState(t, dir)
	got := oneDraft(t, s, "d")
	d.Mine, d.Updated = false, d.Updated.Truncate(time.Microsecond)
	if !got.Base.Equal(d.Base) {
		t.Fatalf("got base %+v", got.Base)
	}
	got.Base = d.Base
	if !reflect.DeepEqual(got, d) {
		t.Fatalf("got  %+v\nwant %+v", got, d)
	}
}

func TestDraftsOfTwoPrograms(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, b := openTestState(t, dir), openTestState(t, dir)
	d := work.Draft{ID: "d", Kind: work.DraftEdit, ContactID: 1, Open: true, Values: model.Draft{model.FieldTitle: "a"}}
	must(t, a.SaveDraft(t.Context(), d))
	want(t, "of a, in b", titles(t, b), "")
	if err := b.DiscardDraft(t.Context(), "d"); !errors.Is(err, ErrBusy) {
		t.Fatalf("b dropped what is open in a: %v", err)
	}
	d.Open = false // esc in a
	must(t, a.SaveDraft(t.Context(), d))
	want(t, "closed in a, in b", titles(t, b), "d=a ")
	d.Open, d.Values = true, model.Draft{model.FieldTitle: "b"} // opened in b
	must(t, b.SaveDraft(t.Context(), d))
	want(t, "open in b, in a", titles(t, a), "")
	if err := a.DiscardDraft(t.Context(), "d"); !errors.Is(err, ErrBusy) {
		t.Fatalf("a dropped what is open in b: %v", err)
	}
	d.Values = model.Draft{model.FieldTitle: "a again"} // it was open in a all the time
	must(t, a.SaveDraft(t.Context(), d))
	want(t, "of a", titles(t, a), "d=a again ")
	want(t, "of b", titles(t, b), "d=b ")
	must(t, b.DiscardDraft(t.Context(), "d"))
	must(t, b.DiscardDraft(t.Context(), "d"))
	want(t, "dropped in b", titles(t, b), "")
	d.Updated = testTime()
	must(t, b.SaveDraft(t.Context(), d)) // a save that was on its way does not bring it back
	want(t, "dropped in b, saved late", titles(t, b), "")
	d.Updated = testTime().Add(time.Second)
	must(t, b.SaveDraft(t.Context(), d))
	want(t, "typed into again", titles(t, b), "d=a again ")
}

// titles are the drafts that a program sees, by id.
func titles(t testing.TB, s *State) (out string) {
	t.Helper()
	drafts, err := s.Drafts(t.Context())
	must(t, err)
	for _, d := range drafts {
		out += d.ID + "=" + d.Values[model.FieldTitle] + " "
	}
	return out
}

// oneDraft finds a draft by its id.
func oneDraft(t testing.TB, s *State, id string) work.Draft {
	t.Helper()
	drafts, err := s.Drafts(t.Context())
	must(t, err)
	for _, d := range drafts {
		if d.ID == id {
			return d
		}
	}
	t.Fatalf("there is no draft %s", id)
	return work.Draft{}
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
	must(t, s.SaveDraft(t.Context(), work.Draft{ID: "d", Kind: work.DraftEdit}))
	e, err := s.Begin(t.Context(), work.Entry{Kind: work.KindUpdate, ContactID: 1}, Claim{})
	must(t, err)
	must(t, s.Finish(t.Context(), e.ID, Outcome{Result: work.Unknown}))
	must(t, s.SetFact(t.Context(), "route", "/contacts"))
	run, err := s.CreateRun(t.Context(), "", "", runItems(1))
	must(t, err)
	must(t, s.Close())

	id := testIdentity()
	id.BaseURL = "https://elsewhere.example/v2"
	other, err := OpenState(t.Context(), dir, id, testTime, rand.Text)
	must(t, err)
	drafts, err1 := other.Drafts(t.Context())
	entries, err2 := other.Entries(t.Context(), work.EntryFilter{})
	open, err3 := other.Unresolved(t.Context())
	runs, err4 := other.Runs(t.Context())
	route, err5 := other.Fact(t.Context(), "route")
	items, err6 := other.Items(t.Context(), run.ID)
	must(t, errors.Join(err1, err2, err3, err4, err5, err6))
	want(t, "rows of the other identity", len(drafts)+len(entries)+len(open)+len(runs)+len(route)+len(items), 0)
	_, err3 = other.Entry(t.Context(), e.ID)
	_, err4 = other.NextItems(t.Context(), run.ID, 1)
	for i, err := range []error{err3, err4, other.Finish(t.Context(), e.ID, Outcome{Result: work.Done}), other.SetRunState(t.Context(), run.ID, work.RunDone)} {
		if !errors.Is(err, ErrNotFound) {
			t.Errorf("operation %d on the other identity's row: %v", i, err)
		}
	}
	must(t, other.DiscardDraft(t.Context(), "d"))
	strays, err := other.OtherIdentities(t.Context())
	must(t, err)
	want(t, "strays", strays, OtherIdentities{Drafts: 1, Unresolved: 1})
	must(t, other.Close())

	s = openTestState(t, dir)
	want(t, "draft", oneDraft(t, s, "d").Kind, work.DraftEdit)
	strays, err = s.OtherIdentities(t.Context())
	must(t, err)
	want(t, "strays at home", strays, OtherIdentities{})
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

func TestStateSchema(t *testing.T) {
	t.Parallel()
	st, err := OpenMemory(t.Context(), testTime, rand.Text)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	sum, err := schemaSum(t.Context(), st.f.db)
	if err != nil || sum != stateSchema {
		t.Errorf("the tables have the sum %s, %v; stateSchema is %s", sum, err, stateSchema)
	}
}

// What was typed earlier and arrives later replaces nothing, also when the draft was
// left meanwhile: it would be opened again at the next start, with less in it.
func TestLateDraftReplacesNothing(t *testing.T) {
	t.Parallel()
	s := openTestState(t, t.TempDir())
	typed := work.Draft{ID: "d", Kind: work.DraftEdit, ContactID: 78, Values: model.Draft{model.FieldTitle: "Par"}, Updated: testTime(), Open: true}
	left := typed
	left.Values, left.Updated, left.Open = model.Draft{model.FieldTitle: "Partner"}, typed.Updated.Add(time.Millisecond), false
	must(t, s.SaveDraft(t.Context(), left))
	must(t, s.SaveDraft(t.Context(), typed))
	all, err := s.Drafts(t.Context())
	if err != nil || len(all) != 1 || all[0].Open || all[0].Values[model.FieldTitle] != "Partner" {
		t.Errorf("%+v, %v", all, err)
	}
	left.Values = model.Draft{model.FieldTitle: "Chair"}
	must(t, s.SaveDraft(t.Context(), left)) // tried again
	if all, err := s.Drafts(t.Context()); err != nil || all[0].Values[model.FieldTitle] != "Chair" {
		t.Errorf("%+v, %v", all, err)
	}
}

// A draft is discarded while what was typed into it is being stored.
func TestDiscardBesideASave(t *testing.T) {
	t.Parallel()
	s := openTestState(t, t.TempDir())
	for i := range 100 {
		d := work.Draft{ID: fmt.Sprint("d", i), Kind: work.DraftEdit, ContactID: 78, Values: model.Draft{model.FieldTitle: "Partner"},
			Updated: testTime().Add(-time.Second), Open: true}
		must(t, s.SaveDraft(t.Context(), d))
		var both sync.WaitGroup
		both.Go(func() { must(t, s.DiscardDraft(t.Context(), d.ID)) })
		both.Go(func() { must(t, s.SaveDraft(t.Context(), d)) })
		both.Wait()
	}
	if all, err := s.Drafts(t.Context()); err != nil || len(all) > 0 {
		t.Errorf("%d drafts are left, %v", len(all), err)
	}
}

// What was typed and taken back is forgotten, unless more was typed into it since.
func TestTakenBack(t *testing.T) {
	t.Parallel()
	s := openTestState(t, t.TempDir())
	typed := work.Draft{ID: "d", Kind: work.DraftEdit, ContactID: 78, Values: model.Draft{model.FieldTitle: "Partner"}, Updated: testTime(), Open: true}
	must(t, s.SaveDraft(t.Context(), typed))
	must(t, s.SaveDraft(t.Context(), work.Draft{ID: "d", TakenBack: true, Updated: typed.Updated.Add(-time.Second)}))
	want(t, "typed since", oneDraft(t, s, "d").Values[model.FieldTitle], "Partner")
	must(t, s.SaveDraft(t.Context(), work.Draft{ID: "d", TakenBack: true, Updated: typed.Updated.Add(time.Second)}))
	must(t, s.SaveDraft(t.Context(), typed)) // comes too late
	if all, err := s.Drafts(t.Context()); err != nil || len(all) > 0 {
		t.Errorf("%d drafts are left, %v", len(all), err)
	}
	typed.Updated = typed.Updated.Add(time.Minute)
	must(t, s.SaveDraft(t.Context(), typed))
	want(t, "typed again", oneDraft(t, s, "d").Values[model.FieldTitle], "Partner")
	must(t, s.SaveDraft(t.Context(), work.Draft{ID: "of another program", TakenBack: true, Updated: typed.Updated}))
}
