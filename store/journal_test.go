package store

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"levcontacts/model"
)

func TestWriteIsRecordedBeforeAndAfter(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openTestState(t, dir)
	e, err := s.Begin(t.Context(), Entry{Kind: KindUpdate, ContactID: 78, Name: "Sarah Chen", Extra: map[string]string{"phones": "[]"},
		Changes: []model.Change{
			{Field: model.FieldTitle, Before: model.Value{}, After: model.TextValue("")},
			{Field: model.FieldPrimary, Before: model.Value{}, After: model.BoolValue(false)},
			{Field: model.FieldZip, Before: model.TextValue("10004"), After: model.NullValue()}}})
	must(t, err)
	if e.ID == "" || e.IdempotencyKey == "" || e.Seq == 0 || e.StartedAt.IsZero() || e.Result != Pending {
		t.Fatalf("begun: %+v", e)
	}
	other := openTestState(t, dir) // on the disk for everybody
	got, err := other.Entry(t.Context(), e.ID)
	must(t, err)
	e.Holder = Elsewhere
	if !reflect.DeepEqual(got, e) {
		t.Fatalf("got  %+v\nwant %+v", got, e)
	}

	must(t, s.Finish(t.Context(), e.ID, Outcome{Result: Failed, Status: 422, RequestID: "req-1", Message: "bad zip", Answer: everyValue().Pack()}))
	got, err = s.Entry(t.Context(), e.ID)
	must(t, err)
	e.Holder, e.Result, e.Status, e.RequestID, e.Message, e.Answer = Nobody, Failed, 422, "req-1", "bad zip", everyValue().Pack()
	e.FinishedAt = testTime().Truncate(time.Microsecond)
	if !reflect.DeepEqual(got, e) {
		t.Fatalf("got  %+v\nwant %+v", got, e)
	}
	if err := s.Finish(t.Context(), e.ID, Outcome{Result: Done}); !errors.Is(err, ErrFinished) {
		t.Fatalf("finished twice: %v", err)
	}
	if _, err := s.ClaimEntry(t.Context(), e.ID); !errors.Is(err, ErrFinished) {
		t.Fatalf("claimed after the end: %v", err)
	}
	if err := s.Finish(t.Context(), "none", Outcome{Result: Done}); !errors.Is(err, ErrNotFound) {
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
	e, err := s.Begin(t.Context(), Entry{Kind: KindCreate, IdempotencyKey: "my-key"})
	must(t, err)
	open, err := s.Unresolved(t.Context())
	must(t, err)
	want(t, "under way", len(open), 0)
	must(t, s.Finish(t.Context(), e.ID, Outcome{Result: Unknown, Message: "time-out"}))
	open, err = s.Unresolved(t.Context())
	must(t, err)
	want(t, "unresolved", len(open), 1)
	want(t, "key", open[0].IdempotencyKey, "my-key")
	claimed, err := s.ClaimEntry(t.Context(), e.ID)
	must(t, err)
	want(t, "pending", claimed.Result, Pending)
	want(t, "finished at", claimed.FinishedAt, time.Time{})
	must(t, s.Finish(t.Context(), e.ID, Outcome{Result: Done, ContactID: 5}))
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
		result Result
		left   int
	}{
		{"done", false, Done, 0},
		{"done, typed since", true, Done, 1},
		{"failed", false, Failed, 1},
		{"unknown", false, Unknown, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := openTestState(t, t.TempDir())
			d, err := s.SaveDraft(t.Context(), Draft{Kind: DraftEdit})
			must(t, err)
			want(t, "others", saveDrafts(t, s, 2), 3)
			e, err := s.Begin(t.Context(), Entry{Kind: KindUpdate, Draft: d.ID})
			must(t, err)
			if tt.typed {
				_, err := s.SaveDraft(t.Context(), d)
				must(t, err)
			}
			must(t, s.Finish(t.Context(), e.ID, Outcome{Result: tt.result}))
			drafts, err := s.Drafts(t.Context())
			must(t, err)
			want(t, "drafts", len(drafts), tt.left+2)
		})
	}
}

func TestUndoneEntryNamesItsUndo(t *testing.T) {
	t.Parallel()
	s := openTestState(t, t.TempDir())
	first, err := s.Begin(t.Context(), Entry{Kind: KindUpdate, ContactID: 1})
	must(t, err)
	must(t, s.Finish(t.Context(), first.ID, Outcome{Result: Done}))
	for _, result := range []Result{Failed, Done} {
		undo, err := s.Begin(t.Context(), Entry{Kind: KindUndo, ContactID: 1, Undoes: first.ID})
		must(t, err)
		must(t, s.Finish(t.Context(), undo.ID, Outcome{Result: result}))
		got, err := s.Entry(t.Context(), first.ID)
		must(t, err)
		want(t, "undone by", got.UndoneBy, map[Result]string{Failed: "", Done: undo.ID}[result])
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
		e := Entry{Kind: KindUpdate, ContactID: int64(i % 3)}
		if i == 4 {
			e.Kind = KindCreate
		}
		e, err := s.Begin(t.Context(), e)
		must(t, err)
		if i != 9 {
			must(t, s.Finish(t.Context(), e.ID, Outcome{Result: map[bool]Result{true: Failed, false: Done}[i == 5]}))
		}
	}
	for name, tt := range map[string]struct {
		f    Filter
		want int
	}{
		"all":      {Filter{}, 10},
		"since":    {Filter{Since: testTime().Add(7 * time.Hour)}, 3},
		"until":    {Filter{Until: testTime().Add(7 * time.Hour)}, 7},
		"between":  {Filter{Since: testTime().Add(time.Hour), Until: testTime().Add(3 * time.Hour)}, 2},
		"contact":  {Filter{ContactID: 2}, 3},
		"failed":   {Filter{Result: Failed}, 1},
		"pending":  {Filter{Result: Pending}, 1},
		"creates":  {Filter{Kind: KindCreate}, 1},
		"no run":   {Filter{Run: "x"}, 0},
		"limit":    {Filter{Limit: 4}, 4},
		"combined": {Filter{ContactID: 1, Result: Done, Limit: 1}, 1},
	} {
		got, err := s.Entries(t.Context(), tt.f)
		must(t, err)
		want(t, name, len(got), tt.want)
	}
	page, err := s.Entries(t.Context(), Filter{Limit: 4})
	must(t, err)
	next, err := s.Entries(t.Context(), Filter{Limit: 4, Before: page[3].Seq})
	must(t, err)
	want(t, "next page", next[0].Seq, page[3].Seq-1)

	n, err := s.PurgeBefore(t.Context(), testTime().Add(24*time.Hour))
	must(t, err)
	want(t, "purged", n, 9)
	left, err := s.Entries(t.Context(), Filter{})
	must(t, err)
	want(t, "left", left[0].Result, Pending)
}

func newIDs() func() string {
	n := 0
	return func() string { n++; return "id" + time.Unix(int64(n), 0).UTC().Format("150405") }
}
