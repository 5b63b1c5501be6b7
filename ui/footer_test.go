package ui

import (
	"strings"
	"testing"
	"time"

	"levcontacts/model"
	"levcontacts/work"
)

func undoable(f *fake) {
	f.entries = []work.Entry{{ID: "e1", Kind: "update", ContactID: 78, Name: "Sarah Chen", Result: work.Done, Started: time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC),
		Changes: []model.Change{{Field: model.FieldTitle, Before: model.TextValue("Analyst"), After: model.TextValue("Senior Vice President")}}}}
}

// The footer says what the keys do now, not what they would do elsewhere.
func TestFooterOfAPreview(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	undoable(f)
	s := start(t, f, 120, 40)
	foot := func(want string) {
		t.Helper()
		if got := strings.TrimSpace(lineAt(s, 1)); got != want {
			t.Errorf("the footer is %q, want %q", got, want)
		}
	}
	s.keys("e", "tab", "tab", "tab")
	s.typed(" II")
	s.keys("ctrl+s")
	foot("enter save   J show JSON   esc keep editing")
	s.keys("J")
	foot("enter save   J show fields   esc keep editing")
	s.keys("J")
	foot("enter save   J show JSON   esc keep editing")
	s.keys("esc", "esc", "t")

	s.keys("u")
	s.want("Undo for Sarah Chen", "Analyst")
	foot("enter undo it   J show JSON   esc leave it")
	s.keys("esc")
	s.want("↑↓ move")

	s.keys("n", "right", "tab")
	s.typed("Ann")
	s.keys("ctrl+s")
	foot("enter create   J show JSON   esc keep editing")
	s.keys("esc", "esc", "t")

	s.keys("space", "E")
	s.m.edit.form.Focus(model.FieldCity)
	s.typed("Boston")
	s.keys("ctrl+s")
	foot("enter start   J show JSON   esc keep editing")
}

// What is said of a bulk edit is true whether it goes on or has just ended: its
// key shows it.
func TestWordsOfABulkEdit(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 120, 40)
	_, seq := s.m.bulk.ticket.Begin(t.Context(), s.now)
	s.m.bulk.run = work.BulkRun{ID: "run", State: "running", Total: 12, Counts: map[work.ItemState]int{"todo": 9, "done": 3}}
	s.want("bulk edit 3 of 12, about 54 s · B shows it")
	s.send(sizeMsg(80, 24))
	s.want("bulk edit 3 of 12")
	s.send(runMsg{seq: seq, run: work.BulkRun{ID: "run", State: "done", Total: 12, Counts: map[work.ItemState]int{"done": 12}}, done: true})
	s.wantNot("bulk edit 3 of")
	s.wantNot("B stops")
	s.want("bulk edit done: 12 changed", "B shows each")
}

// The footer names as many keys as fit, and help only where help opens.
func TestFooterUsesItsRoom(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 80, 24)
	for w := 40; w < 120; w++ {
		s.send(sizeMsg(w, 24))
		line := lineAt(s, 1)
		if !strings.HasPrefix(line, " ↑↓ move") || !strings.HasSuffix(line, "? help   q quit") {
			t.Errorf("width %d: %q", w, line)
		}
		if w >= 79 && !strings.Contains(line, "s sort") {
			t.Errorf("width %d has room for more than %q", w, line)
		}
	}
	s.keys("?")
	s.keys("esc", "f", "1")
	if line := strings.TrimSpace(lineAt(s, 1)); !strings.HasSuffix(line, "esc back") {
		t.Errorf("in the values of a filter: %q", line)
	}
	s.keys("esc", "esc", "?", "/")
	if line := strings.TrimSpace(lineAt(s, 1)); line != "esc end search" {
		t.Errorf("while searching the help: %q", line)
	}
	s.keys("esc")
	if line := lineAt(s, 1); strings.Contains(line, "help") || !strings.Contains(line, "esc close") {
		t.Errorf("while reading: %q", line)
	}
}

// What was asked for from the disk and comes late is not laid over what the
// person has opened meanwhile.
func TestNothingOpensOverWhatIsOpen(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	undoable(f)
	for name, open := range map[string]func(*stage){
		"form":   func(s *stage) { s.keys("e", "tab", "tab", "tab"); s.typed(" II") },
		"search": func(s *stage) { s.keys("/"); s.typed("chen") },
		"menu":   func(s *stage) { s.keys("s") },
		"help":   func(s *stage) { s.keys("?") },
	} {
		s := start(t, f, 120, 40)
		open(s)
		before := s.screen()
		s.send(viewsMsg{})
		s.send(historyMsg{entries: f.entries})
		s.send(historyMsg{entries: f.entries, undo: true})
		s.send(runsMsg{})
		s.send(runsMsg{id: "run"})
		if s.screen() != before {
			t.Errorf("%s: something opened over it:\n%s", name, s.screen())
		}
	}
}

// An undo says that it is done, not how to undo it: u takes back what was
// changed before.
func TestUndoSaysSo(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	undoable(f)
	s := start(t, f, 120, 40)
	s.keys("u", "enter")
	s.want("undone and saved: title of Sarah Chen")
	s.wantNot("u undoes it")
}

func TestBulkEditThatFailedInPart(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 120, 40)
	s.m.sayRunDone(map[work.ItemState]int{"done": 2, "failed": 1, "conflict": 1})
	s.want("! bulk edit done: 2 changed, 1 failed, 1 left out because somebody else changed them · B shows each")
	s.m.dismiss()
	s.m.sayRunDone(map[work.ItemState]int{"done": 3})
	s.want("bulk edit done: 3 changed · B shows each")
}

// A draft of a new contact that is opened again says again who it looks like.
func TestDraftOfANewContactNamesTwins(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 120, 40)
	s.keys("n", "right", "tab")
	s.typed("Priya")
	s.keys("tab")
	s.typed("Raman")
	s.want("already here? Priya Raman")
	s.keys("esc", "l", "D", "enter")
	s.want("New contact", "already here? Priya Raman", "ctrl+o goes there")
}
