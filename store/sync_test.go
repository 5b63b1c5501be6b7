package store

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
)

func TestFullPassRemovesWhatVanishedAndKeepsTheNotConnected(t *testing.T) {
	t.Parallel()
	c := openTestCache(t, t.TempDir())
	fullPass(t, c, 1, span(1, 30))
	lone := person(500, 1).With(model.FieldConnected, model.BoolValue(false))
	must(t, c.Put(t.Context(), lone.Pack()))
	must(t, c.Put(t.Context(), people(1, 501)...))

	order := append([]int64{40}, span(11, 30)...) // a new one in front, the first ten gone
	slices.Reverse(order)
	gone := fullPass(t, c, 2, order)
	slices.Sort(gone)
	if exp := append(span(1, 10), 501); !slices.Equal(gone, exp) {
		t.Fatalf("vanished: %v", gone)
	}
	if got := idsOf(held(t, c)); !slices.Equal(got, append(order, 500)) {
		t.Fatalf("kept: %v", got)
	}
	info := infoOf(t, c)
	want(t, "full pass at", info.FullSyncAt, testTime().Truncate(time.Microsecond))
	want(t, "total", info.Total, 21)
	want(t, "mismatch", info.MismatchAtFull, 0)
	want(t, "open pass", info.Sync, Sync{})
	want(t, "watermark", info.Watermark, "2026-01-15T00:00:40Z")
	want(t, "fresh at", info.FreshAt, info.FullSyncAt)
	must(t, c.MarkFresh(t.Context(), testTime().Add(time.Hour), 22))
	must(t, c.MarkFresh(t.Context(), testTime().Add(2*time.Hour), -1))
	info = infoOf(t, c)
	want(t, "full pass at", info.FullSyncAt, testTime().Truncate(time.Microsecond))
	want(t, "fresh at", info.FreshAt, info.FullSyncAt.Add(2*time.Hour))
	want(t, "total", info.Total, 22)
}

func TestInterruptedPassGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := openTestCache(t, dir)
	fullPass(t, c, 1, span(1, 20))
	p, err := c.BeginSync(t.Context())
	must(t, err)
	_, err = c.SavePage(t.Context(), PageWrite{Sync: p.Number, Contacts: people(2, 20, 19, 18), NextCursor: "three", Total: 19})
	must(t, err)
	must(t, c.Close())

	c = openTestCache(t, dir)
	got := infoOf(t, c).Sync
	want(t, "checkpoint", got, Sync{Number: p.Number, Cursor: "three", Seen: 3, Total: 19,
		StartedAt: got.StartedAt, SavedAt: testTime().Truncate(time.Microsecond)})
	// What the sync has reached stands first, the rest follows in the old order.
	if ids := idsOf(held(t, c)); !slices.Equal(ids, append([]int64{20, 19, 18}, span(1, 17)...)) {
		t.Fatalf("order in the middle of a pass: %v", ids)
	}
	_, err = c.FinishSync(t.Context(), p.Number, testTime())
	if !errors.Is(err, ErrSyncLost) {
		t.Fatalf("finished without resuming: %v", err)
	}
	p, err = c.ResumeSync(t.Context(), p.Number)
	must(t, err)
	_, err = c.FinishSync(t.Context(), p.Number, testTime())
	if !errors.Is(err, ErrSyncShort) {
		t.Fatalf("finished without the last page: %v", err)
	}
	// The server repeats 18 and 19, and 5 within the page.
	_, err = c.SavePage(t.Context(), PageWrite{Sync: p.Number, Contacts: people(3, 18, 19, 5, 6, 5), NextCursor: "five", Total: 6})
	must(t, err)
	_, err = c.SavePage(t.Context(), PageWrite{Sync: p.Number, Contacts: nil, Total: -1, Done: true})
	must(t, err)
	want(t, "seen", infoOf(t, c).Sync.Seen, 5)
	must(t, c.Close())

	c = openTestCache(t, dir) // killed before the end: only finishing is left
	want(t, "done", infoOf(t, c).Sync.Done, true)
	_, err = c.ResumeSync(t.Context(), p.Number)
	must(t, err)
	gone, err := c.FinishSync(t.Context(), p.Number, testTime())
	must(t, err)
	want(t, "vanished", len(gone), 15)
	rows := held(t, c)
	if !slices.Equal(rows, append(append(people(2, 20), people(3, 19, 18)...), people(3, 5, 6)...)) {
		t.Fatalf("kept %v", idsOf(rows))
	}
	want(t, "mismatch", infoOf(t, c).MismatchAtFull, 1)
	if _, err := c.ResumeSync(t.Context(), p.Number); !errors.Is(err, ErrSyncLost) {
		t.Fatalf("a finished pass was resumed: %v", err)
	}
}

func TestContactCreatedBehindThePassStays(t *testing.T) {
	t.Parallel()
	c := openTestCache(t, t.TempDir())
	p, err := c.BeginSync(t.Context())
	must(t, err)
	_, err = c.SavePage(t.Context(), PageWrite{Sync: p.Number, Contacts: people(1, 1, 2), NextCursor: "a", Total: 4})
	must(t, err)
	must(t, c.Put(t.Context(), people(1, 77)...)) // created meanwhile, connected at once
	_, err = c.SavePage(t.Context(), PageWrite{Sync: p.Number, Contacts: people(1, 3, 4), Total: 4, Done: true})
	must(t, err)
	gone, err := c.FinishSync(t.Context(), p.Number, testTime())
	must(t, err)
	want(t, "vanished", len(gone), 0)
	if ids := idsOf(held(t, c)); !slices.Equal(ids, []int64{1, 2, 3, 4, 77}) {
		t.Fatalf("kept %v", ids)
	}
}

func TestLatePageOfAPassBeforeClear(t *testing.T) {
	t.Parallel()
	c := openTestCache(t, t.TempDir())
	old, err := c.BeginSync(t.Context())
	must(t, err)
	must(t, c.Clear(t.Context()))
	p, err := c.BeginSync(t.Context())
	must(t, err)
	mine, err := c.SavePage(t.Context(), PageWrite{Sync: old.Number, Contacts: people(1, 1), NextCursor: "late", Total: -1})
	must(t, err)
	want(t, "mine", mine, false)
	want(t, "place of the new pass", infoOf(t, c).Sync.Cursor, "")
	if p.Number <= old.Number {
		t.Fatalf("pass %d after %d", p.Number, old.Number)
	}
}

// Of two programs at a sync the one that began first loses: its rows are stored,
// it is told, and it removes nothing.
func TestTwoPassesAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, b := openTestCache(t, dir), openTestCache(t, dir)
	fullPass(t, a, 1, span(1, 40))
	pa, err := a.BeginSync(t.Context())
	must(t, err)
	_, err = a.SavePage(t.Context(), PageWrite{Sync: pa.Number, Contacts: people(2, span(1, 10)...), NextCursor: "10", Total: 40})
	must(t, err)
	want(t, "seen by b", infoOf(t, b).Sync.Elsewhere, true)
	want(t, "seen by a", infoOf(t, a).Sync.Elsewhere, false)
	if _, err := b.ResumeSync(t.Context(), pa.Number); !errors.Is(err, ErrBusy) {
		t.Fatalf("b resumed a's pass: %v", err)
	}

	pb, err := b.BeginSync(t.Context())
	must(t, err)
	_, err = b.SavePage(t.Context(), PageWrite{Sync: pb.Number, Contacts: people(3, span(1, 20)...), NextCursor: "20", Total: 41})
	must(t, err)
	mine, err := a.SavePage(t.Context(), PageWrite{Sync: pa.Number, Contacts: people(2, append(span(5, 6), 41, 39)...), Total: 40, Done: true})
	must(t, err)
	want(t, "a's pass", mine, false)
	_, err = a.FinishSync(t.Context(), pa.Number, testTime())
	if !errors.Is(err, ErrSyncLost) {
		t.Fatalf("the loser finished: %v", err)
	}
	want(t, "rows of both", infoOf(t, a).Rows, 41)
	_, err = b.SavePage(t.Context(), PageWrite{Sync: pb.Number, Contacts: people(3, span(21, 38)...), Total: 41, Done: true})
	must(t, err)
	gone, err := b.FinishSync(t.Context(), pb.Number, testTime())
	must(t, err)
	// 39 and 41 were not on b's pages, but a was shown them since b began.
	if !slices.Equal(gone, []int64{40}) {
		t.Fatalf("vanished: %v", gone)
	}
	if ids := idsOf(held(t, a)); !slices.Equal(ids, append(span(1, 39), 41)) {
		t.Fatalf("kept: %v", ids)
	}
}

// A change that the server made after the sync began may be behind the place it
// had reached, so the watermark never lies after its beginning.
func TestWatermark(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, want string
		updated    []model.Value
	}{
		{"none", "", []model.Value{{}, model.NullValue(), model.TextValue("yesterday")}},
		{"greatest", "2026-03-01T10:00:00Z", []model.Value{model.TextValue("2026-02-28T23:00:00Z"), model.TextValue("2026-03-01T10:00:00Z"), {}}},
		{"other zone", "2026-03-01T10:00:00-05:00", []model.Value{model.TextValue("2026-03-01T14:00:00Z"), model.TextValue("2026-03-01T10:00:00-05:00")}},
		{"fractions", "2026-03-01T10:00:00.5Z", []model.Value{model.TextValue("2026-03-01T10:00:00.5Z"), model.TextValue("2026-03-01T10:00:00.25Z")}},
		{"after the beginning", "2026-03-15T09:26:53Z", []model.Value{model.TextValue("2026-03-15T09:26:54Z"), model.TextValue("2026-03-01T10:00:00Z")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := openTestCache(t, t.TempDir())
			p, err := c.BeginSync(t.Context())
			must(t, err)
			for i, v := range tt.updated { // one page each
				_, err := c.SavePage(t.Context(), PageWrite{Sync: p.Number, Total: 3, Done: i == len(tt.updated)-1,
					Contacts: []model.Packed{person(int64(i+1), 1).With(model.FieldUpdated, v).Pack()}})
				must(t, err)
			}
			_, err = c.FinishSync(t.Context(), p.Number, testTime())
			must(t, err)
			want(t, "watermark", infoOf(t, c).Watermark, tt.want)
		})
	}
}
