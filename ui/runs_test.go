package ui

import (
	"testing"

	"levcontacts/model"
	"levcontacts/work"
)

func counted(state work.RunState, done, todo int) work.BulkRun {
	return work.BulkRun{ID: "run", Title: "city", State: state, Total: done + todo, Counts: map[work.ItemState]int{"done": done, "todo": todo}}
}

// A bulk edit that ended before its last contact is not forgotten.
func TestTheStartTellsOfAStoppedBulkEdit(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		runs []work.BulkRun
		want string
	}{
		"one":                         {[]work.BulkRun{counted("stopped", 6, 104)}, "a bulk edit stopped at 6 of 110; B resumes it"},
		"two":                         {[]work.BulkRun{counted("stopped", 6, 104), counted("stopped", 1, 1)}, "2 bulk edits stopped before their end; B resumes them"},
		"all sent":                    {[]work.BulkRun{counted("stopped", 110, 0)}, ""},
		"another program works on it": {[]work.BulkRun{counted("running", 6, 104)}, ""},
		"done":                        {[]work.BulkRun{counted("done", 6, 0)}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(60)
			f.runs = tt.runs
			s := start(t, f, 120, 40)
			if tt.want == "" {
				s.wantNot("stopped")
				return
			}
			s.want(tt.want)
		})
	}
}

// A draft and a bulk edit that wait are both told of.
func TestTheStartTellsOfBoth(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	f.runs = []work.BulkRun{counted("stopped", 6, 104)}
	f.drafts["d"] = work.Draft{ID: "d", Kind: work.DraftEdit, ContactID: 78, Base: f.contacts[0], Values: model.Draft{model.FieldTitle: "Chair"}}
	start(t, f, 120, 40).want("1 draft not saved yet", "a bulk edit stopped at 6 of 110; B resumes it")
}

// Quitting in the middle of a bulk edit asks, and enter stays.
func TestQuitDuringABulkEditAsks(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 120, 40)
	s.m.account.Demo = false
	_, _ = s.m.bulk.ticket.Begin(t.Context(), s.now)
	s.m.bulk.run = counted("running", 6, 104)
	s.keys("q")
	s.want("A bulk edit is going on. Quit?", "It stops at 6 of 110 and can be resumed", "B lists the bulk edits")
	s.keys("enter")
	s.wantNot("Quit?")
	if s.m.quitting || !s.m.bulk.ticket.Busy() {
		t.Error("enter did not stay")
	}
	s.keys("q", "y")
	if !s.m.quitting {
		t.Error("y did not quit")
	}
}

// One question is about both, the text that was typed and the bulk edit.
func TestQuitAsksOnceAboutTextAndABulkEdit(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	f.account.Demo = false
	s := start(t, f, 120, 40)
	_, _ = s.m.bulk.ticket.Begin(t.Context(), s.now)
	s.keys("e", "tab")
	s.typed("x")
	s.keys("ctrl+c")
	s.want("A bulk edit is going on. Quit?", "It stops here and can be resumed", "What you typed is kept as a draft")
	s.keys("ctrl+c")
	if !s.m.quitting {
		t.Error("the second ctrl+c did not quit")
	}
}

func TestResultFilesAreNamedWithTheirFolder(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	f.runs, f.results = []work.BulkRun{counted("done", 6, 0)}, []string{"/home/ann/a.csv", "/home/ann/a.json"}
	s := start(t, f, 120, 40)
	s.keys("B", "enter", "enter")
	s.want("written: /home/ann/a.csv and a.json")
}

// The change that was under way when a run was stopped is shown when it ends.
func TestTheLastChangeOfAStoppedRunIsShown(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	s := start(t, f, 120, 40)
	changed := f.contacts[0].With(model.FieldTitle, model.TextValue("Chair of the Board"))
	s.send(runMsg{seq: 99, item: work.BulkItem{ContactID: changed.ID(), State: "done", Answer: changed}})
	s.want("Chair of the Board")
	if s.m.bulk.ticket.Busy() {
		t.Error("a stopped run goes on")
	}
}
