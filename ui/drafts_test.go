package ui

import (
	"strings"
	"testing"
	"time"

	"levcontacts/model"
	"levcontacts/work"
)

// writing is a timer that will ask for the draft to be written.
type writing struct {
	at  time.Time
	seq uint64
}

// Somebody who types on and on has all but the last second on the disk.
func TestTypingWithoutAPauseIsKept(t *testing.T) {
	t.Parallel()
	for _, gap := range []time.Duration{50 * time.Millisecond, 120 * time.Millisecond, 240 * time.Millisecond, 400 * time.Millisecond} {
		t.Run(gap.String(), func(t *testing.T) {
			t.Parallel()
			typeOn(t, gap)
		})
	}
}

// typeOn types a key every so often and looks after each what is kept.
func typeOn(t *testing.T, gap time.Duration) {
	f := newFake(60)
	s := start(t, f, 120, 40)
	s.keys("e", "tab")
	typed := map[time.Time]int{}
	var due []writing
	for began, n := s.now, 1; s.now.Sub(began) < 2500*time.Millisecond; n++ {
		s.typed("x")
		typed[s.now] = n
		due = append(due, writing{s.now.Add(draftDelay), s.m.edit.draftSeq})
		s.now = s.now.Add(gap)
		for len(due) > 0 && !due[0].at.After(s.now) {
			s.send(draftDueMsg{due[0].seq})
			due = due[1:]
		}
		kept := 0
		for _, d := range f.drafts {
			kept = strings.Count(d.Values[model.FieldFirstName], "x")
		}
		for at, n := range typed {
			if s.now.Sub(at) >= time.Second && n > kept {
				t.Fatalf("%d characters are older than a second, %d are kept", n, kept)
			}
		}
	}
}

func TestWhatWasTakenBackDoesNotComeBack(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	s := start(t, f, 120, 40)
	s.keys("e", "tab")
	s.typed("x")
	s.send(draftDueMsg{s.m.edit.draftSeq})
	if len(f.drafts) != 1 {
		t.Fatalf("%d drafts", len(f.drafts))
	}
	s.keys("backspace", "ctrl+c")
	if len(f.drafts) != 0 {
		t.Errorf("the draft is still there: %v", f.drafts)
	}
}

func TestLookingAtAnUndoLeavesNothingOpen(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	p, _ := model.Diff(f.contacts[0], model.Draft{model.FieldTitle: "Chair"}).Get(model.FieldTitle)
	f.entries = []work.Entry{{ID: "e", ContactID: 78, Name: "Sarah Chen", Kind: "update", Result: work.Done, Changes: []model.Change{p}}}
	s := start(t, f, 120, 40)
	s.keys("u")
	s.want("Chair", "→  Senior Vice President")
	s.keys("esc")
	s.want("enter details")
	s.wantNot("not saved")
}
