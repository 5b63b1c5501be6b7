package ui

import (
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/uitest"
	"github.com/levcontacts/levcontacts/work"
)

// What others have changed is said after a refresh, marked in the list, listed on
// a key, and forgotten once it was looked at.
func TestWhatOthersChanged(t *testing.T) {
	t.Parallel()
	f := newFake(20)
	f.WithCache(20, uitest.Synced(20))
	f.changed = []work.Changed{{N: 1, ContactID: f.Contacts[2].ID(), Name: "Priya Raman",
		At: uitest.Start().Add(-time.Minute),
		Changes: []model.Change{{Field: model.FieldCity, Before: model.TextValue("Austin"),
			After: model.TextValue("New York")}}}}
	s := start(t, f, 120, 40)
	s.want("1 changed since 15:03 · R shows what", "◆  Priya Raman")
	s.keys("R")
	s.want("Changed by others, newest first", "◆ Priya Raman: city Austin → New York")
	s.wantNot("1 changed since")
	s.keys("enter")
	s.want("3 of 20")
	s.wantNot("◆")
	if len(f.seen) != 1 || f.seen[0] != 0 {
		t.Errorf("looked at %v", f.seen)
	}

	f.changed = append([]work.Changed{{N: 2, ContactID: f.Contacts[4].ID(), Name: "Wei Zhang", New: true, At: s.now}},
		f.changed...)
	f.changed[1].Seen = true
	s.keys("r")
	s.want("1 changed since", "◆★ Wei Zhang")
	s.keys("down", "down", "enter")
	s.wantNot("◆")
	if len(f.seen) != 2 || f.seen[1] != f.Contacts[4].ID() {
		t.Errorf("looked at %v", f.seen)
	}
}

// What others changed is not said together with what the start has said before.
func TestNewsDoNotRepeatTheStart(t *testing.T) {
	t.Parallel()
	f := newFake(20)
	f.WithCache(20, uitest.Synced(20))
	sarah := uitest.Person(0)
	f.drafts["d"] = work.Draft{ID: "d", Kind: work.DraftField, ContactID: sarah.ID(), Field: model.FieldTitle,
		Base: sarah, Values: model.Draft{model.FieldTitle: "Partner"}, Open: true}
	s := start(t, f, 120, 40)
	s.want("Reopened the edit that you had not finished", "enter save   esc leave")
	s.keys("enter")
	s.want("✓ saved: title of Sarah Chen")
	f.changed = []work.Changed{{N: 1, ContactID: f.Contacts[2].ID(), Name: "Priya Raman", At: s.now}}
	s.keys("r")
	s.want("1 changed since")
	s.wantNot("Reopened the edit")
}
