package message

import (
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/ui/screen"
)

// A note about the background waits until what was just said of a save has been read.
func TestFollow(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 15, 4, 0, 0, time.UTC)
	saved := screen.Message{Owner: "edit", Level: screen.Good, Text: "saved"}
	news := screen.Message{Owner: "start", Text: "1 changed"}
	for name, test := range map[string]struct {
		first screen.Message
		after time.Duration // until the note
		want  string
	}{
		"nothing":       {want: "1 changed"},
		"fresh":         {first: saved, after: time.Second, want: "saved"},
		"read by now":   {first: saved, after: noteStays + 1, want: "1 changed"},
		"a failure":     {first: screen.Message{Level: screen.Failure, Text: "not saved"}, after: time.Second, want: "1 changed"},
		"the note once": {first: news, after: noteStays + 1, want: "1 changed"},
	} {
		var s Stack
		if test.first.Text != "" {
			s.Show(test.first, now)
		}
		s.Follow(news, now.Add(test.after))
		if top, _ := s.top(); top.Text != test.want || !s.Has("start") {
			t.Errorf("%s: %q is on the screen of %+v, want %q", name, top.Text, s.all, test.want)
		}
		s.Age(now.Add(test.after + noteStays - 1))
		if top, _ := s.top(); top.Text != "1 changed" {
			t.Errorf("%s: then %q is on the screen", name, top.Text)
		}
	}
}
