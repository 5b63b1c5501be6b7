package changes

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen/stage"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/work"
)

func (f *fake) Changes(context.Context) ([]work.Changed, bool, error) {
	return f.changed, !f.noCopy, f.refuse["changes"]
}

func (f *fake) SeeChanges(_ context.Context, contact, n int64) error {
	return f.call(fmt.Sprint("see ", contact, " ", n))
}

func othersChanged(n, id int64, name string, at time.Time) work.Changed {
	return work.Changed{N: n, ContactID: id, Name: name, At: at, Changes: []model.Change{{
		Field: model.FieldTitle, Before: model.TextValue("Analyst"), After: model.TextValue("Principal")}}}
}

func TestWhatOthersChangedIsSaidOnceAndListed(t *testing.T) {
	t.Parallel()
	f := &fake{}
	s, m := begin(t, f)
	f.changed = []work.Changed{othersChanged(3, 79, "Wei Zhang", s.Now.Add(-time.Hour)),
		{N: 2, ContactID: 80, Name: "Dana Reyes", New: true, At: s.Now.Add(-20 * time.Hour)},
		othersChanged(1, 78, "Sarah Chen", s.Now.Add(-26*time.Hour))}
	f.changed[2].Seen = true
	s.Do(m.ReadNews(), nil)
	s.Do(m.ReadNews(), nil)
	if got := stage.Of[News](s); len(got) != 1 || got[0].Text != "2 changed since yesterday · R shows what" {
		t.Fatalf("said %+v", got)
	}
	if u := m.Unseen(); !u[79] || !u[80] || u[78] {
		t.Errorf("unseen %v", u)
	}
	s.Do(m.LookedAt(80), nil)
	s.Do(m.LookedAt(80), nil)
	f.changed[1].Seen = true
	run(s, m, keymap.News)
	s.Want("◆ Wei Zhang: title Analyst → Principal", "  Dana Reyes: new", "  Sarah Chen: title")
	f.wants(t, "see 80 2", "see 0 3")
	if len(m.Unseen()) != 0 {
		t.Errorf("still unseen: %v", m.Unseen())
	}
	s.Press("down", "enter")
	if got := stage.Of[GoTo](s); len(got) != 1 || got[0].ID != 80 {
		t.Errorf("went to %+v", got)
	}
}

func TestNothingChangedAndNothingKnown(t *testing.T) {
	t.Parallel()
	f := &fake{}
	s, m := begin(t, f)
	s.Do(m.ReadNews(), nil)
	if got := stage.Of[News](s); len(got) != 0 {
		t.Errorf("said %+v", got)
	}
	run(s, m, keymap.News)
	s.Want("Nobody else has changed a contact")
	s.Press("esc")
	f.noCopy = true
	run(s, m, keymap.News)
	s.Want("there is no local copy to compare with")
	s.Press("esc")
	f.refuse = map[string]error{"changes": fmt.Errorf("disk trouble")}
	run(s, m, keymap.News)
	s.Want("What changed cannot be read: disk trouble")
}

func TestSinceWhen(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 15, 4, 0, 0, time.UTC) // a Friday
	for _, c := range []struct {
		ago  time.Duration
		want string
	}{{time.Hour, "since 14:04"}, {16 * time.Hour, "since yesterday"}, {50 * time.Hour, "since Wednesday"},
		{20 * 24 * time.Hour, "since 31 Oct 2026"}} {
		if got := since(now.Add(-c.ago), now); got != c.want {
			t.Errorf("%v ago: %q, want %q", c.ago, got, c.want)
		}
	}
}
