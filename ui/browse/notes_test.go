package browse

import (
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/uitest"
	"github.com/levcontacts/levcontacts/work"
)

// noted is a fake whose first contact has notes.
func noted(n int) *fake {
	f := whole(n)
	f.Noted = map[int64][]model.Note{78: {
		{ID: "2", Text: "Call back on Thursday", Author: "Jo", Created: "2026-11-18T15:04:00Z"},
		{ID: "1", Text: "Met in spring", Author: "Somebody Else", Created: "2026-04-20T15:04:00Z"},
	}}
	return f
}

func TestNotesAreFetchedAfterARest(t *testing.T) {
	t.Parallel()
	f := noted(5)
	s := start(t, f, 120, 40)
	s.Pass(noteRest/2, s.send)
	s.keys("j")
	s.Pass(noteRest*3/4, s.send)
	if f.Calls["notes"] != 0 {
		t.Error("notes are fetched while the cursor moves")
	}
	s.keys("k")
	s.Pass(2*noteRest, s.send)
	s.want("Notes (2)", "Call back on Thursday", "2 days ago")
	if f.Calls["notes 78 3"] != 1 || f.Calls["notes"] != 1 || work.Index != 3 {
		t.Errorf("asked %v", f.Calls)
	}
	s.keys("j", "k")
	s.Pass(2*noteRest, s.send)
	s.keys("enter")
	if f.Calls["notes"] != 1 {
		t.Error("young notes are fetched again")
	}
	s.keys("esc", "j", "enter")
	s.want("Notes (0)", "none yet; A writes one")
	if f.Calls["notes 79 1"] != 1 {
		t.Errorf("a contact that is opened asked %v", f.Calls)
	}
}

// A contact whose ID no service can have, from an answer that is wrong, has none.
func TestNoNotesOfAnImpossibleContact(t *testing.T) {
	t.Parallel()
	f := noted(3)
	s := start(t, f, 120, 40)
	odd := model.NewContact(-5, map[model.FieldID]model.Value{model.FieldFirstName: model.TextValue("Odd")})
	s.handle(s.m.Put(odd, true))
	s.keys("end", "enter")
	s.Pass(2*noteRest, s.send)
	s.want("Odd")
	if f.Calls["notes -5 1"]+f.Calls["notes -5 3"] != 0 {
		t.Errorf("asked %v", f.Calls)
	}
}

func TestAServiceWithoutNotesIsAskedOnce(t *testing.T) {
	t.Parallel()
	s := start(t, whole(5), 120, 40)
	s.keys("enter")
	s.want(noNotes)
	s.keys("A")
	if len(s.said) == 0 || s.said[len(s.said)-1].Text != noNotes {
		t.Errorf("said %v", s.said)
	}
	s.keys("J")
	s.Pass(time.Second, s.send)
	s.want(noNotes)
}

func TestOnlyOwnNotesAreChanged(t *testing.T) {
	t.Parallel()
	s := start(t, noted(3), 120, 50)
	s.m.SetUser("Jo")
	s.keys("enter")
	for range 40 {
		if row, _ := s.m.detail.Row(); row.OfNotes() {
			break
		}
		s.keys("down")
	}
	s.keys("enter")
	if e, ok := s.events[len(s.events)-1].(EditNote); !ok || e.Note.ID != "2" {
		t.Errorf("enter asked for %T", s.events[len(s.events)-1])
	}
	s.keys("backspace")
	s.want("Delete this note on Sarah Chen for good?")
	s.keys("y")
	if e, ok := s.events[len(s.events)-1].(DeleteNote); !ok || e.Note.ID != "2" {
		t.Errorf("y asked for %T", s.events[len(s.events)-1])
	}
	s.keys("down", "enter")
	s.want("Somebody Else wrote this note")
}

func TestHeldNotesAreSearched(t *testing.T) {
	t.Parallel()
	f := whole(5)
	f.Held = map[int64]work.Notes{80: {ContactID: 80, Items: []model.Note{{ID: "1", Text: "golf on Sunday"}},
		FetchedAt: uitest.Start().Add(-2 * time.Hour)}}
	s := start(t, f, 120, 40)
	s.keys("/")
	s.typed("note:sunday")
	s.want("Priya Raman", "1 of 5 · notes of 1 contact held")
	s.wantNot("James Rodriguez")
	s.want("Notes (1) · as of 2 hours ago", "golf on Sunday")
}

func TestColleagues(t *testing.T) {
	t.Parallel()
	f := whole(5)
	s := start(t, f, 120, 40)
	s.want("meridiancapital.com", "by the e-mail address")
	s.m.SetCompanies(work.Companies{FetchedAt: uitest.Start(),
		Items: []model.Company{{ID: 1, Name: "Meridian Capital", Website: "https://www.meridiancapital.com"}}})
	s.want("Meridian Capital")
	s.keys("w")
	s.want(`company:"meridiancapital.com"`, "1 of 5")
	s.handle(s.m.Put(model.NewContact(78, map[model.FieldID]model.Value{
		model.FieldFirstName: model.TextValue("Sarah"), model.FieldEmail: model.TextValue("s@gmail.com"),
		model.FieldConnected: model.BoolValue(true)}), false))
	s.keys("esc", "g", "w")
	if last := s.said[len(s.said)-1]; last.Level != screen.Note {
		t.Errorf("said %v", last)
	}
}
