package ui

import (
	"regexp"
	"strings"
	"testing"

	"levcontacts/model"
)

// How much is loaded is never cut, whatever else the status has to say: half a
// number would be another one.
func TestTheStatusNeverCutsANumber(t *testing.T) {
	t.Parallel()
	f := newFake(1284)
	s := start(t, f, 120, 40)
	f.refuse["page"] = &model.Error{Kind: model.KindNetwork, Message: "connection refused"}
	s.keys("r")
	whole := regexp.MustCompile(`(?m)^ 1 of 250 · 250 of 1,284 loaded(  *o.*)?$`)
	for w := 36; w < 120; w++ {
		s.send(sizeMsg(w, 20))
		if !whole.MatchString(s.screen()) {
			t.Fatalf("width %d:\n%s", w, s.screen())
		}
	}
	if !strings.Contains(s.screen(), "offline, trying again in 2 s") {
		t.Errorf("not said:\n%s", s.screen())
	}
}

// The order stays in a status that has no room for what it cannot promise.
func TestTheOrderStaysOnNarrowScreens(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(1284), 120, 40)
	s.keys("s", "6")
	s.want("by city ▲ · rows may shift while others edit")
	s.send(sizeMsg(60, 24))
	s.want("loaded · by city ▲")
	s.wantNot("rows may")
}
