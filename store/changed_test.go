package store

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
)

func changesOf(t *testing.T, c *Cache) []Changed {
	t.Helper()
	all, err := c.Changes(t.Context())
	must(t, err)
	return all
}

func TestTheCopyKnowsHowContactsWere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := openTestCache(t, dir)
	must(t, c.Put(t.Context(), people(1, 7)...)) // the copy is not complete: nobody is new
	fullPass(t, c, 1, span(1, 25))
	want(t, "changes of the first pass", len(changesOf(t, c)), 0)

	must(t, c.Put(t.Context(), people(1, 3)...))
	touched := person(4, 1).With(model.FieldUpdated, model.TextValue("2026-03-01T00:00:00Z"))
	must(t, c.Put(t.Context(), touched.Pack()))
	must(t, c.PutOwn(t.Context(), people(9, 5)...))
	want(t, "what nobody sees and what is mine", len(changesOf(t, c)), 0)

	must(t, c.Put(t.Context(), people(2, 3)...))
	fullPass(t, c, 2, append(span(1, 10), 99)) // 3 is as it is, 5 and the others are not
	all := changesOf(t, c)
	want(t, "changes", len(all), 1+9+1)
	want(t, "newest", all[0].After.ID(), int64(99))
	want(t, "a new one was nothing before", all[0].Before, "")
	oldest := all[len(all)-1]
	want(t, "oldest before", oldest.Before, person(3, 1).Pack())
	want(t, "oldest after", oldest.After, person(3, 2).Pack())

	must(t, c.SeeChanges(t.Context(), 3, all[0].N))
	must(t, c.Close())
	c = openTestCache(t, dir)
	all = changesOf(t, c)
	want(t, "seen", all[len(all)-1].Seen, true)
	want(t, "another one seen", all[0].Seen, false)
	must(t, c.SeeChanges(t.Context(), 0, all[1].N))
	want(t, "one that came since", changesOf(t, c)[0].Seen, false)
	want(t, "all before", changesOf(t, c)[1].Seen, true)
}

// Pages that cross the answer to a write of this program are no change of others.
func TestWhatIWroteIsNoChangeOfOthers(t *testing.T) {
	t.Parallel()
	at := func(gen, minute int) model.Packed {
		updated := model.TextValue(fmt.Sprintf("2026-03-01T00:%02d:00Z", minute))
		return person(5, gen).With(model.FieldUpdated, updated).Pack()
	}
	before, mine, theirs := at(1, 1), at(2, 2), at(3, 3)
	for name, puts := range map[string][]model.Packed{
		"the page first":         {before, mine},
		"the page later":         {before, "", mine},
		"a page of before later": {before, "", before, mine},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := openTestCache(t, t.TempDir())
			fullPass(t, c, 1, span(6, 9))
			must(t, c.PutOwn(t.Context(), before))
			own := false
			for _, p := range puts {
				if p == "" {
					own = true
					must(t, c.PutOwn(t.Context(), mine))
					continue
				}
				must(t, c.Put(t.Context(), p))
			}
			if !own {
				must(t, c.PutOwn(t.Context(), mine))
			}
			want(t, "changes of others", len(changesOf(t, c)), 0)
			must(t, c.Put(t.Context(), theirs))
			want(t, "then one of others", len(changesOf(t, c)), 1)
		})
	}
}

func TestChangesAreKeptForAWeekAndBounded(t *testing.T) {
	t.Parallel()
	now := testTime()
	c, err := OpenCache(t.Context(), t.TempDir(), testIdentity(), func() time.Time { return now })
	must(t, err)
	defer c.Close()
	fullPass(t, c, 1, span(1, 300))
	must(t, c.Put(t.Context(), people(2, 1)...))
	now = now.Add(keepChanges + time.Second)
	want(t, "after a week", len(changesOf(t, c)), 0)
	for gen := 3; gen < 3+mostChanges/300+2; gen++ {
		must(t, c.Put(context.Background(), people(gen, span(1, 300)...)...))
	}
	want(t, "kept", len(changesOf(t, c)), mostChanges)
	must(t, c.Clear(t.Context()))
	want(t, "of a cleared copy", len(changesOf(t, c)), 0)
}
