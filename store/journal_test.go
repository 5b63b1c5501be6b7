package store

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

func TestWriteIsRecordedBeforeAndAfter(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openTestState(t, dir)
	e, err := s.Begin(t.Context(), work.Entry{Kind: work.KindUpdate, ContactID: 78, Name: "Sarah Chen", Extra: map[string]string{"phones": "[]"},
		Changes: []model.Change{
			{Field: model.FieldTitle, Before: model.Value{}, After: model.TextValue("")},
			{Field: model.FieldPrimary, Before: model.Value{}, After: model.BoolValue(false)},
			{Field: model.FieldZip, Before: model.TextValue("10004"), After: model.NullValue()}}}, Claim{})
	must(t, err)
	if e.ID == "" || e.Key == "" || e.Seq == 0 || e.Started.IsZero() || e.Result != work.Pending {
		t.Fatalf("begun: %+v", e)
	}
	other := openTestState(t, dir) // on the disk for everybody
	got, err := other.Entry(t.Context(), e.ID)
	must(t, err)
	e.Elsewhere = true
	if !reflect.DeepEqual(got, e) {
		t.Fatalf("got  %+v\nwant %+v", got, e)
	}

	must(t, s.Finish(t.Context(), e.ID, Outcome{Result: work.Failed, Status: 422, RequestID: "req-1", Message: "bad zip", Answer: everyValue().Pack()}))
	got, err = s.Entry(t.Context(), e.ID)
	must(t, err)
	e.Elsewhere, e.Result, e.Status, e.RequestID, e.Message, e.Answer = false, work.Failed, 422, "req-1", "bad zip", everyValue().Pack()
	e.Finished = testTime().Truncate(time.Microsecond)
	if !reflect.DeepEqual(got, e) {
		t.Fatalf("got  %+v\nwant %+v", got, e)
	}
	if err := s.Finish(t.Context(), e.ID, Outcome{Result: work.Done}); !errors.Is(err, ErrFinished) {
		t.Fatalf("finished twice: %v", err)
	}
	if _, err := s.ClaimEntry(t.Context(), e.ID); !errors.Is(err, ErrFinished) {
		t.Fatalf("claimed after the end: %v", err)
	}
	if err := s.Finish(t.Context(), "none", Outcome{Result: work.Done}); !errors.Is(err, ErrNotFound) {
		t.Fatalf("finished nothing: %v", err)
	}
	if err := s.Finish(t.Context(), e.ID, Outcome{}); err == nil {
		t.Fatal("an outcome without a result was kept")
	}
	if _, err := s.Entry(t.Context(), "none"); !errors.Is(err, ErrNotFound) {
		t.Fatalf("found nothing: %v", err)
	}
}

func TestUnknownWriteIsClaimedAndFinished(t *testing.T) {
	t.Parallel()
	s := openTestState(t, t.TempDir())
	e, err := s.Begin(t.Context(), work.Entry{Kind: work.KindCreate, Key: "my-key"}, Claim{})
	must(t, err)
	open, err := s.Unresolved(t.Context())
	must(t, err)
	want(t, "under way", len(open), 0)
	must(t, s.Finish(t.Context(), e.ID, Outcome{Result: work.Unknown, Message: "time-out"}))
	open, err = s.Unresolved(t.Context())
	must(t, err)
	want(t, "unresolved", len(open), 1)
	want(t, "key", open[0].Key, "my-key")
	claimed, err := s.ClaimEntry(t.Context(), e.ID)
	must(t, err)
	want(t, "pending", claimed.Result, work.Pending)
	want(t, "finished at", claimed.Finished, time.Time{})
	must(t, s.Finish(t.Context(), e.ID, Outcome{Result: work.Done, ContactID: 5}))
	got, err := s.Entry(t.Context(), e.ID)
	must(t, err)
	want(t, "contact", got.ContactID, 5)
	open, err = s.Unresolved(t.Context())
	must(t, err)
	want(t, "unresolved", len(open), 0)
}

func TestDraftGoesWithTheWriteUnlessTypedIntoSince(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		typed  bool
		result work.Result
		left   int
	}{
		{"done", false, work.Done, 0},
		{"done, typed since", true, work.Done, 1},
		{"failed", false, work.Failed, 1},
		{"unknown", false, work.Unknown, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := openTestState(t, t.TempDir())
			d := work.Draft{ID: "d", Kind: work.DraftEdit}
			must(t, s.SaveDraft(t.Context(), d))
			want(t, "others", saveDrafts(t, s, 2), 3)
			e, err := s.Begin(t.Context(), work.Entry{Kind: work.KindUpdate, DraftID: d.ID}, Claim{})
			must(t, err)
			if tt.typed {
				must(t, s.SaveDraft(t.Context(), d))
			}
			must(t, s.Finish(t.Context(), e.ID, Outcome{Result: tt.result}))
			drafts, err := s.Drafts(t.Context())
			must(t, err)
			want(t, "drafts", len(drafts), tt.left+2)
		})
	}
}

func TestEntryIsUndone(t *testing.T) {
	t.Parallel()
	s := openTestState(t, t.TempDir())
	first, err := s.Begin(t.Context(), work.Entry{Kind: work.KindUpdate, ContactID: 1}, Claim{})
	must(t, err)
	must(t, s.Finish(t.Context(), first.ID, Outcome{Result: work.Done}))
	for _, result := range []work.Result{work.Failed, work.Done} {
		undo, err := s.Begin(t.Context(), work.Entry{Kind: work.KindUndo, ContactID: 1, Undoes: first.ID}, Claim{})
		must(t, err)
		must(t, s.Finish(t.Context(), undo.ID, Outcome{Result: result}))
		got, err := s.Entry(t.Context(), first.ID)
		must(t, err)
		want(t, "undone", got.Undone, result == work.Done)
	}
}

func TestEntriesAreFiltered(t *testing.T) {
	t.Parallel()
	now := testTime()
	s, err := OpenState(t.Context(), t.TempDir(), testIdentity(), func() time.Time { return now }, newIDs())
	must(t, err)
	defer s.Close()
	for i := range 10 {
		now = testTime().Add(time.Duration(i) * time.Hour)
		e := work.Entry{Kind: work.KindUpdate, ContactID: int64(i % 3)}
		if i == 4 {
			e.Kind = work.KindCreate
		}
		e, err := s.Begin(t.Context(), e, Claim{})
		must(t, err)
		if i != 9 {
			must(t, s.Finish(t.Context(), e.ID, Outcome{Result: map[bool]work.Result{true: work.Failed, false: work.Done}[i == 5]}))
		}
	}
	for name, tt := range map[string]struct {
		f    work.EntryFilter
		want int
	}{
		"all":      {work.EntryFilter{}, 10},
		"since":    {work.EntryFilter{Since: testTime().Add(7 * time.Hour)}, 3},
		"until":    {work.EntryFilter{Until: testTime().Add(7 * time.Hour)}, 7},
		"between":  {work.EntryFilter{Since: testTime().Add(time.Hour), Until: testTime().Add(3 * time.Hour)}, 2},
		"contact":  {work.EntryFilter{ContactID: 2}, 3},
		"failed":   {work.EntryFilter{Result: work.Failed}, 1},
		"pending":  {work.EntryFilter{Result: work.Pending}, 1},
		"creates":  {work.EntryFilter{Kind: work.KindCreate}, 1},
		"no run":   {work.EntryFilter{Run: "x"}, 0},
		"limit":    {work.EntryFilter{Limit: 4}, 4},
		"combined": {work.EntryFilter{ContactID: 1, Result: work.Done, Limit: 1}, 1},
	} {
		got, err := s.Entries(t.Context(), tt.f)
		must(t, err)
		want(t, name, len(got), tt.want)
	}
	page, err := s.Entries(t.Context(), work.EntryFilter{Limit: 4})
	must(t, err)
	next, err := s.Entries(t.Context(), work.EntryFilter{Limit: 4, Before: page[3].Seq})
	must(t, err)
	want(t, "next page", next[0].Seq, page[3].Seq-1)

	n, err := s.PurgeBefore(t.Context(), testTime().Add(24*time.Hour))
	must(t, err)
	want(t, "purged", n, 9)
	left, err := s.Entries(t.Context(), work.EntryFilter{})
	must(t, err)
	want(t, "left", left[0].Result, work.Pending)
}

func newIDs() func() string {
	n := 0
	return func() string { n++; return "id" + time.Unix(int64(n), 0).UTC().Format("150405") }
}
