package ui

import (
	"regexp"
	"testing"

	tea "charm.land/bubbletea/v2"

	"levcontacts/model"
)

// Where the status has no room beside what is going on, it ends between two
// words: half a number would be another one.
func TestTheStatusIsCutBetweenWords(t *testing.T) {
	t.Parallel()
	f := newFake(1284)
	s := start(t, f, 120, 40)
	f.refuse["page"] = &model.Error{Kind: model.KindNetwork, Message: "connection refused"}
	s.keys("r")
	whole := regexp.MustCompile(`(?m)^(( 1( of( 250( ·( 250( of( 1,284( loaded)?)?)?)?)?)?)?)? +)?offline, trying again`)
	for w := 36; w < 120; w++ {
		s.send(tea.WindowSizeMsg{Width: w, Height: 20})
		if !whole.MatchString(s.screen()) {
			t.Fatalf("width %d:\n%s", w, s.screen())
		}
	}
	if got := cutWords("\x1b[1m12 of 345\x1b[0m · 678", 9, "·"); got != "\x1b[1m12 of 345\x1b[0m" && got != "\x1b[1m12 of 345\x1b[0m\x1b[0m" {
		t.Errorf("cut to %q", got)
	}
}
