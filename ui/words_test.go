package ui

import (
	"testing"
	"time"

	"levcontacts/model"
)

func TestWordsForTime(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{0: "1 s", 1500 * time.Millisecond: "2 s", 99 * time.Second: "99 s", 3 * time.Minute: "3 min", 2 * time.Hour: "2 h 0 min"} {
		if got := lasting(d); got != want {
			t.Errorf("lasting(%v) = %q, want %q", d, got, want)
		}
	}
}

// A request id is in one piece wherever it is said and fits: it is selected with
// the mouse and given to support.
func TestRequestIDsAreNotBroken(t *testing.T) {
	t.Parallel()
	const id = "e1f2a3b4-c5d6-7890-4567-901234567890"
	f := newFake(60)
	s := start(t, f, 120, 40)
	s.m.sayError("get contact", &model.Error{Kind: model.KindUnavailable, Status: 503, Message: "Service unavailable", RequestID: id})
	for w := 44; w < 140; w++ {
		s.m.Update(sizeMsg(w, 24))
		s.want(id)
	}
	f.refuse["page"] = &model.Error{Kind: model.KindForbidden, Status: 403, Message: "User not authorized to list contacts", RequestID: id}
	s = start(t, f, 120, 40)
	for w := 52; w < 140; w++ {
		s.m.Update(sizeMsg(w, 24))
		if w < wideAt || w >= 120 {
			s.want(id)
		}
	}
	s.m.askSignIn(refusedKey(), nil)
	s.m.prompt.trace = "401 · request " + id
	for w := 44; w < 140; w++ {
		s.m.Update(sizeMsg(w, 24))
		s.want(id)
	}
}

func TestLabelsInText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		field model.FieldID
		want  string
	}{{model.FieldFirstName, "first name"}, {model.FieldZip, "zip"}, {model.FieldKey, "id"}, {model.FieldLinkedIn, "LinkedIn"}, {model.FieldTitle, "title"}} {
		if got := inText(c.field.Def().Label); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
