package bulk

import (
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/ui/screen/stage"
	"github.com/levcontacts/levcontacts/work"
)

func TestTheListOfBulkEdits(t *testing.T) {
	t.Parallel()
	f := &fake{runs: []work.BulkRun{counted(work.RunStopped, 6, 104)}}
	f.runs[0].Counts[work.ItemFailed], f.runs[0].Counts[work.ItemMissing] = 2, 1
	s, m := begin(t, f)
	list(s, m)
	s.Want("Bulk edits", "stopped  6 of 110 contacts: city, 2 failed, 0 skipped, 1 did not arrive")
	s.Press("esc")
	f.runs = nil
	list(s, m)
	s.Want("No bulk edits yet: space marks contacts, E edits them together")
	s.Press("esc")
	s.Hold = true
	list(s, m)
	s.Covered = true
	s.Release()
	if s.Top() != nil {
		t.Error("a late list is laid over what is open")
	}
}

func TestOneBulkEdit(t *testing.T) {
	t.Parallel()
	failed := items(1, work.ItemFailed)[0]
	failed.Message, failed.ContactID = "too long", 99
	for name, tt := range map[string]struct {
		run   work.BulkRun
		picks string // part of the line
		calls string
		says  string
	}{
		"write the results": {counted(work.RunDone, 6, 0), "write the results", "files",
			"Written: /home/ann/a.csv and a.json"},
		"resume": {counted(work.RunStopped, 5, 1), "resume this bulk edit, 1 contact left", "step, step",
			"Bulk edit done: 6 changed"},
		"send again": {missing(counted(work.RunDone, 5, 0)), "send the 1 change again", "retry, step, step",
			"Bulk edit done"},
		"of another program": {func() work.BulkRun {
			r := counted(work.RunRunning, 5,
				1)
			r.Mine = false
			return r
		}(), "",
			"", "another running program works on it"},
		"undo": {counted(work.RunDone, 2, 0), "undo this bulk edit, 2 contacts", "",
			"undo it: 2 contacts, about 12 s"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fake{runs: []work.BulkRun{tt.run}, run: tt.run, items: append(items(2, work.ItemDone), failed)}
			s, m := begin(t, f)
			list(s, m)
			s.Press("enter")
			s.Want("done     Ann", "failed   Ann · too long · request req-1", "Bulk edit: city · ")
			s.WantNot("done     Ann · request")
			if tt.picks != "" {
				pick(t, s, tt.picks)
			}
			s.Want(tt.says)
			if got := strings.Join(f.calls, ", "); got != tt.calls {
				t.Errorf("calls %s, want %s", got, tt.calls)
			}
			if name == "undo" {
				s.Press("enter")
				if len(f.sent) != 2 || f.sent[0].Patch.Changes()[0].After.String() != "Boston" ||
					f.calls[0] != "start undo of city" {
					t.Errorf("%v sends %+v", f.calls, f.sent)
				}
			}
		})
	}
}

func missing(r work.BulkRun) work.BulkRun {
	r.Counts[work.ItemMissing] = 1
	return r
}

// pick moves to a line of the open reader and presses enter there.
func pick(t *testing.T, s *stage.Stage, words string) {
	t.Helper()
	for range 10 {
		for _, l := range strings.Split(s.Screen(100, 30), "\n") {
			if strings.HasPrefix(l, "▌ "+words) {
				s.Press("enter")
				return
			}
		}
		s.Press("down")
	}
	t.Fatalf("no line %q in\n%s", words, s.Text())
}

// The progress is shown while a bulk edit is on the screen.
func TestABulkEditOnTheScreenGoesOn(t *testing.T) {
	t.Parallel()
	f := &fake{items: items(2, work.ItemTodo)}
	s, m := begin(t, f)
	s.Hold = true
	s.Do(m.Start("city", "", items(2, work.ItemTodo)))
	s.Hold = false
	m.run = counted(work.RunRunning, 0, 2)
	f.run = counted(work.RunRunning, 1, 1)
	s.Send(showMsg{run: m.run})
	if a := m.Activity(); a.Done != 0 || a.All != 2 {
		t.Errorf("progress %d of %d", a.Done, a.All)
	}
	s.Want("stop this bulk edit", "todo     Ann", "0 of 2")
	s.Send(steppedMsg{seq: 1, item: work.BulkItem{ContactID: 0, Name: "Ann", State: work.ItemDone},
		run: counted(work.RunRunning, 1, 1)})
	s.Want("Bulk edit done: 2 changed", "done     Ann", "write the results", "2 of 2")
	s.WantNot("stop this bulk edit")
	s.Press("esc")
	if m.shown != nil {
		t.Error("what was closed is still drawn")
	}
}
