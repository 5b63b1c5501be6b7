package store

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

func runItems(n int) (items []work.BulkItem) {
	for id := int64(1); id <= int64(n); id++ {
		base := person(id, 1)
		items = append(items, work.BulkItem{ContactID: id, Name: base.Name(), State: work.ItemTodo, Patch: model.NewPatch(
			model.Change{Field: model.FieldCity, Before: base.Get(model.FieldCity), After: model.TextValue("Boston")},
			model.Change{Field: model.FieldZip, Before: model.NullValue(), After: model.NullValue()})})
	}
	return items
}

func claim(t *testing.T, s *State, run string, n int) (ids []int64) {
	t.Helper()
	items, err := s.NextItems(t.Context(), run, n)
	must(t, err)
	for _, it := range items {
		ids = append(ids, it.ContactID)
	}
	return ids
}

func counts(t *testing.T, s *State) map[work.ItemState]int {
	t.Helper()
	runs, err := s.Runs(t.Context())
	must(t, err)
	return runs[0].Counts
}

func TestBulkRunFromBeginningToEnd(t *testing.T) {
	t.Parallel()
	s := openTestState(t, t.TempDir())
	run, err := s.CreateRun(t.Context(), "3 to Boston", "", runItems(5))
	must(t, err)
	runs, err := s.Runs(t.Context())
	must(t, err)
	if !reflect.DeepEqual(runs, []work.BulkRun{run}) {
		t.Fatalf("got  %+v\nwant %+v", runs, run)
	}
	items, err := s.Items(t.Context(), run.ID)
	must(t, err)
	for i, exp := range runItems(5) {
		if !reflect.DeepEqual(items[i], exp) {
			t.Fatalf("got  %+v\nwant %+v", items[i], exp)
		}
	}

	if ids := claim(t, s, run.ID, 3); !slices.Equal(ids, []int64{1, 2, 3}) {
		t.Fatalf("claimed %v", ids)
	}
	if _, err := s.Begin(t.Context(), work.Entry{Kind: work.KindUpdate, ContactID: 4, Run: run.ID}, Claim{}); !errors.Is(err, ErrBusy) {
		t.Fatalf("sent without a claim: %v", err)
	}
	entries, err := s.Entries(t.Context(), work.EntryFilter{})
	must(t, err)
	want(t, "entries of what must not be sent", len(entries), 0)
	sent := map[int64]work.Entry{}
	for _, id := range []int64{1, 2} {
		sent[id], err = s.Begin(t.Context(), work.Entry{Kind: work.KindUpdate, ContactID: id, Run: run.ID, Changes: items[0].Patch.Changes()}, Claim{})
		must(t, err)
	}
	if _, err := s.Begin(t.Context(), work.Entry{Kind: work.KindUpdate, ContactID: 1, Run: run.ID}, Claim{}); !errors.Is(err, ErrBusy) {
		t.Fatalf("sent twice: %v", err)
	}
	must(t, s.Finish(t.Context(), sent[1].ID, Outcome{Result: work.Failed, Status: 422, RequestID: "r1", Message: "no"}))
	must(t, s.Finish(t.Context(), sent[2].ID, Outcome{Result: work.Unknown, Message: "time-out"}))
	must(t, s.EndItem(t.Context(), run.ID, 3, work.ItemConflict, "city was changed"))
	for _, id := range []int64{3, 4, 1, 77} { // ended, not claimed, sent, not there
		if err := s.EndItem(t.Context(), run.ID, id, work.ItemSkipped, ""); !errors.Is(err, ErrBusy) {
			t.Fatalf("ended %d: %v", id, err)
		}
	}
	if got := counts(t, s); !maps.Equal(got, map[work.ItemState]int{work.ItemFailed: 1, work.ItemSent: 1, work.ItemConflict: 1, work.ItemTodo: 2}) {
		t.Fatalf("counts %v", got)
	}

	// The one without a response comes again, after those that were never sent.
	if ids := claim(t, s, run.ID, 9); !slices.Equal(ids, []int64{4, 5, 2}) {
		t.Fatalf("claimed %v", ids)
	}
	if ids := claim(t, s, run.ID, 9); ids != nil {
		t.Fatalf("claimed again %v", ids)
	}
	e, err := s.ClaimEntry(t.Context(), sent[2].ID)
	must(t, err)
	want(t, "the same key", e.Key, sent[2].Key)
	must(t, s.Finish(t.Context(), e.ID, Outcome{Result: work.Done, Status: 200, RequestID: "r2"}))
	items, err = s.Items(t.Context(), run.ID)
	must(t, err)
	want(t, "failed", items[0].Message+items[0].RequestID, "nor1")
	want(t, "done", items[1].State, work.ItemDone)
	want(t, "its write", items[1].EntryID, e.ID)
	want(t, "status", items[1].Status, 200)
	want(t, "conflict", items[2].Message, "city was changed")

	must(t, s.SetRunState(t.Context(), run.ID, work.RunStopped)) // gives 4 and 5 back
	if ids := claim(t, s, run.ID, 9); !slices.Equal(ids, []int64{4, 5}) {
		t.Fatalf("after stopping %v", ids)
	}
}

func TestTwoProgramsAtOneRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, b := openTestState(t, dir), openTestState(t, dir)
	run, err := a.CreateRun(t.Context(), "", "", runItems(10))
	must(t, err)
	runs, err := b.Runs(t.Context())
	must(t, err)
	want(t, "worked on", fmt.Sprintf("%s %v", runs[0].State, runs[0].Mine), "running false")
	if err := b.SetRunState(t.Context(), run.ID, work.RunRunning); !errors.Is(err, ErrBusy) {
		t.Fatalf("b took a's run: %v", err)
	}
	both := append(claim(t, a, run.ID, 4), claim(t, b, run.ID, 4)...)
	if !slices.Equal(both, span(1, 8)) {
		t.Fatalf("claimed %v", both)
	}
	e, err := a.Begin(t.Context(), work.Entry{Kind: work.KindUpdate, ContactID: 2, Run: run.ID}, Claim{})
	must(t, err)
	must(t, a.Close()) // ends in the middle

	runs, err = b.Runs(t.Context())
	must(t, err)
	want(t, "interrupted", fmt.Sprintf("%s %v", runs[0].State, runs[0].Mine), "stopped false")
	must(t, b.SetRunState(t.Context(), run.ID, work.RunRunning))
	// What a had claimed comes again; what it had sent comes last, as sent.
	items, err := b.NextItems(t.Context(), run.ID, 99)
	must(t, err)
	var ids []int64
	for _, it := range items {
		ids = append(ids, it.ContactID)
	}
	if !slices.Equal(ids, []int64{1, 3, 4, 9, 10, 2}) {
		t.Fatalf("claimed %v", ids)
	}
	last := items[len(items)-1]
	want(t, "sent", last.State, work.ItemSent)
	want(t, "its write", last.EntryID, e.ID)
	got, err := b.ClaimEntry(t.Context(), e.ID)
	must(t, err)
	want(t, "key", got.Key, e.Key)
	must(t, b.Finish(t.Context(), e.ID, Outcome{Result: work.Done}))
	want(t, "done", counts(t, b)[work.ItemDone], 1)
}

func TestRunsThatCannotBeKept(t *testing.T) {
	t.Parallel()
	s := openTestState(t, t.TempDir())
	twice := append(runItems(2), runItems(1)...)
	if _, err := s.CreateRun(t.Context(), "", "", twice); err == nil {
		t.Fatal("one contact is in the table twice")
	}
	runs, err := s.Runs(t.Context())
	must(t, err)
	want(t, "runs", len(runs), 0)
	if _, err := s.NextItems(t.Context(), "none", 1); !errors.Is(err, ErrNotFound) {
		t.Fatalf("items of nothing: %v", err)
	}
	if err := s.SetRunState(t.Context(), "none", work.RunDone); !errors.Is(err, ErrNotFound) {
		t.Fatalf("state of nothing: %v", err)
	}

	run, err := s.CreateRun(t.Context(), "", "", runItems(2))
	must(t, err)
	for range 2 { // purged only when done
		_, err = s.PurgeBefore(t.Context(), testTime().Add(time.Hour))
		must(t, err)
		runs, err = s.Runs(t.Context())
		must(t, err)
		if len(runs) == 0 {
			break
		}
		must(t, s.SetRunState(t.Context(), run.ID, work.RunDone))
	}
	want(t, "runs", len(runs), 0)
	items, err := s.Items(t.Context(), run.ID)
	must(t, err)
	want(t, "items", len(items), 0)
}
