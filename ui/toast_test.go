package ui

import (
	"strings"
	"testing"
	"time"

	"levcontacts/model"
)

// cursorLine is the line of the screen on which the selected row stands.
func cursorLine(s *stage) int {
	return s.m.layout().list.y + 1 + s.m.list.Cursor() - s.m.list.Offset()
}

func lineOf(s *stage, text string) int {
	for i, l := range strings.Split(s.screen(), "\n") {
		if strings.Contains(l, text) {
			return i
		}
	}
	return -1
}

// A message comes and goes without moving a row, unless it needs the very line
// of the row under the cursor.
func TestMessagesMoveNoRow(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 24}, {120, 40}, {80, 40}, {60, 12}} {
		s := start(t, newFake(300), size[0], size[1], func(o *Options) { o.PageSize = 100 })
		s.keys("G")
		for range 120 {
			before, rule := cursorLine(s), lineOf(s, "───")
			s.m.say(toastNote, "something was done")
			with := cursorLine(s)
			if last := s.m.layout().list.y + s.m.layout().list.h - 1; with != min(before, last) {
				t.Fatalf("%v: the message moved the row from line %d to %d", size, before, with)
			}
			if at := lineOf(s, "───"); at != rule {
				t.Fatalf("%v: the message moved the line between the panes from %d to %d", size, rule, at)
			}
			s.passes(4 * time.Second)
			s.keys("F") // means nothing
			s.m.reselect()
			if now := cursorLine(s); now != with || s.m.toast.kind != toastNone {
				t.Fatalf("%v: the row is on line %d after the message, was on %d", size, now, with)
			}
			s.keys("k")
		}
	}
}

// An error stays until it is dismissed, whatever is done and said meanwhile.
func TestErrorsStay(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(300), 120, 40)
	s.m.sayError("get contact", &model.Error{Kind: model.KindNotFound, Status: 404, Message: "Contact not found", RequestID: "r-404"})
	s.passes(time.Minute)
	s.keys("j", "k", "enter", "j", "h", "s", "6", "M")
	s.want("the mouse selects text now")
	s.passes(4 * time.Second)
	s.keys("j")
	s.want("Contact not found", "404 · request r-404", "x dismisses")
	s.m.say(toastGood, "copied the name: Sarah Chen")
	s.want("copied the name")
	s.keys("x")
	s.want("Contact not found", "404 · request r-404")
	s.keys("x")
	s.wantNot("Contact not found")
	s.m.say(toastNote, "one")
	s.m.say(toastNote, "two")
	s.keys("x")
	s.wantNot("one")
}
