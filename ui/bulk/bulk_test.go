package bulk

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/screen/stage"
	"github.com/levcontacts/levcontacts/ui/uitest"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/work"
)

// fake steps through its run and notes what was asked.
type fake struct {
	run    work.BulkRun
	runs   []work.BulkRun
	items  []work.BulkItem
	refuse map[string]error
	calls  []string
	now    []model.Packed  // in the local copy
	sent   []work.BulkItem // given to StartRun
}

func (f *fake) call(name string) error {
	f.calls = append(f.calls, name)
	return f.refuse[name]
}

func (f *fake) StartRun(_ context.Context, title, draft string, items []work.BulkItem) (work.BulkRun, error) {
	f.sent = items
	f.run = counted(work.RunRunning, 0, len(items))
	f.run.Title = title
	return f.run, f.call("start " + strings.TrimSpace(title+" "+draft))
}

func (f *fake) StepRun(context.Context, string) (work.BulkItem, work.BulkRun, bool, error) {
	err := f.call("step")
	if f.run.Left() == 0 {
		f.run.State = work.RunDone
		return work.BulkItem{}, f.run, true, err
	}
	n := f.run.Counts[work.ItemDone]
	f.run = counted(work.RunRunning, n+1, f.run.Left()-1)
	return work.BulkItem{ContactID: int64(n), Name: "Ann", State: work.ItemDone, Answer: contact(int64(78 + n))},
		f.run, false, err
}

func (f *fake) StopRun(context.Context, string) (work.BulkRun, error) { return f.run, f.call("stop") }
func (f *fake) Runs(context.Context) ([]work.BulkRun, error)          { return f.runs, f.refuse["runs"] }
func (f *fake) RunItems(context.Context, string) ([]work.BulkItem, error) {
	return f.items, f.refuse["items"]
}
func (f *fake) SaveRunResult(context.Context, string) ([]string, error) {
	return []string{"/home/ann/a.csv", "/home/ann/a.json"}, f.call("files")
}
func (f *fake) EstimateChanges(n int) time.Duration { return time.Duration(n) * 6 * time.Second }
func (f *fake) RetryItems(context.Context, string) (work.BulkRun, error) {
	f.run = counted(work.RunRunning, 5, 1)
	return f.run, f.call("retry")
}

func counted(state work.RunState, done, todo int) work.BulkRun {
	return work.BulkRun{ID: "run", Title: "city", State: state, Total: done + todo, Mine: true,
		Counts: map[work.ItemState]int{work.ItemDone: done, work.ItemTodo: todo}}
}

func contact(id int64) model.Contact {
	return model.NewContact(id, map[model.FieldID]model.Value{model.FieldCity: model.TextValue("Boston")})
}

func items(n int, state work.ItemState) []work.BulkItem {
	var out []work.BulkItem
	for i := range n {
		out = append(out, work.BulkItem{ContactID: int64(i), Name: "Ann", State: state, RequestID: "req-1",
			Patch: model.Diff(contact(int64(i)), model.Draft{model.FieldCity: "Reno"})})
	}
	return out
}

func begin(t *testing.T, f *fake) (*stage.Stage, *Model) {
	t.Helper()
	s := stage.New(t, Actions()...)
	m := New(Options{Backend: f, Keys: s.Keys, Now: s.Clock, Context: t.Context()})
	s.Show(m, m.Init())
	return s, m
}

func list(s *stage.Stage, m *Model) {
	cmd, events, _ := m.Run(keymap.Runs)
	s.Do(cmd, events)
}

func TestABulkEditRunsToItsEnd(t *testing.T) {
	t.Parallel()
	f := &fake{}
	s, m := begin(t, f)
	s.Do(m.Start("city", "draft", items(3, work.ItemTodo)))
	if got := strings.Join(f.calls, ", "); got != "start city draft, step, step, step, step" {
		t.Errorf("calls %s", got)
	}
	if started := stage.Of[Started](s); len(started) != 1 || started[0].DraftID != "draft" ||
		len(stage.Of[Put](s)) != 3 || m.Busy() {
		t.Errorf("started %+v, %d contacts", started, len(stage.Of[Put](s)))
	}
	s.Want("Bulk edit done: 3 changed · B shows each")
}

// X5: a bulk edit that could not be stored keeps its draft.
func TestABulkEditThatDoesNotStart(t *testing.T) {
	t.Parallel()
	f := &fake{refuse: map[string]error{"start city draft": errors.New("disk full")}}
	s, m := begin(t, f)
	s.Do(m.Start("city", "draft", items(1, work.ItemTodo)))
	if got := stage.Of[Started](s); len(got) != 1 || got[0].Err == nil || got[0].DraftID != "draft" ||
		len(s.Said) > 0 || m.Busy() {
		t.Errorf("the draft is dropped, or it goes on: %+v", got)
	}
	f.refuse = map[string]error{"start undo of city": errors.New("disk full")}
	s.Do(m.Start("undo of city", "", items(1, work.ItemTodo)))
	s.Want("Disk full")
}

func TestOnlyOneRunsAtATime(t *testing.T) {
	t.Parallel()
	f := &fake{runs: []work.BulkRun{counted(work.RunStopped, 6, 104)}}
	s, m := begin(t, f)
	s.Hold = true
	s.Do(m.Start("city", "", items(1, work.ItemTodo)))
	s.Do(m.Start("state", "", items(1, work.ItemTodo)))
	s.Want("Another bulk edit is running")
	s.Release()
	if len(f.calls) == 0 || f.calls[0] != "start city" {
		t.Errorf("calls %v", f.calls)
	}
	m.SetReadOnly("your role")
	s.Do(m.Start("state", "", items(1, work.ItemTodo)))
	s.Want("Read-only: your role")
}

// What did not happen is not counted as done.
func TestHowABulkEditEnded(t *testing.T) {
	t.Parallel()
	for want, counts := range map[string]map[work.ItemState]int{
		"Bulk edit done: 12 changed · B": {work.ItemDone: 12},
		"Bulk edit done: 9 changed, 1 failed, 2 left out because someone else changed the": {work.ItemDone: 9,
			work.ItemFailed: 1, work.ItemConflict: 2},
		"Bulk edit done: 9 changed, 3 did not arrive": {work.ItemDone: 9,
			work.ItemMissing: 3},
	} {
		m := New(Options{Keys: uitest.Keys(Actions()...)})
		m.run.Counts = counts
		event := m.ended().(screen.Say)
		if !strings.HasPrefix(event.Text, want) || (event.Level == screen.Good) != (len(counts) == 1) {
			t.Errorf("%q (%d), want %q", event.Text, event.Level, want)
		}
	}
}

func TestProgress(t *testing.T) {
	t.Parallel()
	s, m := begin(t, &fake{})
	if m.Activity().Rank != screen.RankNone || !m.Wake().IsZero() {
		t.Error("something goes on")
	}
	if title, _ := m.Leaving(); title != "" {
		t.Errorf("quitting asks %q", title)
	}
	s.Hold = true
	s.Do(m.Start("city", "", items(12, work.ItemTodo)))
	if _, lines := m.Leaving(); !strings.HasPrefix(lines[0], "It stops here and") {
		t.Errorf("before the first: %q", lines)
	}
	m.run = counted(work.RunRunning, 3, 9)
	if a := m.Activity(); a.Forms[0] != "bulk edit 3 of 12, about 54 s · B shows it" ||
		a.Forms[2] != "bulk edit 3 of 12" {
		t.Errorf("%+v", a)
	}
	if title, lines := m.Leaving(); title != "A bulk edit is running. Quit?" ||
		lines[0] != "It stops at 3 of 12 and can be resumed:" ||
		lines[1] != "B lists the bulk edits." || m.Wake() != s.Now.Add(time.Second) {
		t.Errorf("%q %q", title, lines)
	}
}

func TestABulkEditThatStops(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		err  error
		want string
	}{
		"failure": {&model.Error{Kind: model.KindUnavailable, Status: 503, RequestID: "req-9"},
			"The bulk edit stopped; B resumes it. "},
		"refused key": {&model.Error{Kind: model.KindUnauthorized, Status: 401}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fake{refuse: map[string]error{"step": tt.err}}
			s, m := begin(t, f)
			s.Do(m.Start("city", "", items(2, work.ItemTodo)))
			s.Want(tt.want)
			in := stage.Of[screen.SignIn](s)
			if m.Busy() || m.run.State != work.RunStopped || (name == "refused key") != (len(in) == 1 && !in[0].Asked) {
				t.Errorf("state %s, sign in %+v", m.run.State, in)
			}
			if name == "refused key" {
				f.refuse = nil
				s.Send(in[0].Retry)
				s.Want("Bulk edit done")
			}
		})
	}
}

// The change that was under way when a run was stopped is shown when it ends.
func TestTheLastChangeOfAStoppedRunIsShown(t *testing.T) {
	t.Parallel()
	f := &fake{}
	s, m := begin(t, f)
	s.Hold = true
	s.Do(m.Start("city", "", items(2, work.ItemTodo)))
	cmd, _ := m.onStarted(startedMsg{seq: 1, run: counted(work.RunRunning, 0, 2)})
	f.run = m.run
	m.shownID = "run"
	s.Send(itemsMsg{seq: 0})
	s.Send(askStopMsg{run: m.run})
	s.Want("Stop this bulk edit?", "can be resumed")
	s.Press("enter")
	if !m.Busy() {
		t.Fatal("enter stopped it")
	}
	s.Send(askStopMsg{run: m.run})
	s.Press("y")
	s.Send(cmd())
	if put := stage.Of[Put](s); len(put) != 1 || m.Busy() {
		t.Errorf("puts %+v, busy %t", put, m.Busy())
	}
}

// A bulk edit that ended before its last contact is not forgotten.
func TestTheStartTellsOfAStoppedBulkEdit(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		runs []work.BulkRun
		want string
	}{
		"one": {[]work.BulkRun{counted("stopped", 6, 104)},
			"a bulk edit stopped at 6 of 110; B resumes it"},
		"two": {[]work.BulkRun{counted("stopped", 6, 104), counted("stopped", 1, 1)},
			"2 bulk edits stopped before their end; B resumes them"},
		"all sent":                    {[]work.BulkRun{counted("stopped", 110, 0)}, ""},
		"another program works on it": {[]work.BulkRun{counted("running", 6, 104)}, ""},
		"done":                        {[]work.BulkRun{counted("done", 6, 0)}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := begin(t, &fake{runs: tt.runs})
			says := stage.Of[Waiting](s)
			if tt.want == "" && len(says) > 0 || tt.want != "" && (len(says) != 1 || says[0].Text != tt.want) {
				t.Errorf("says %v", says)
			}
		})
	}
	s, _ := begin(t, &fake{refuse: map[string]error{"runs": errors.New("disk full")}})
	s.Want("Bulk edits cannot be read: disk full")
}

func (f *fake) CopyContacts(context.Context, []int64) ([]model.Packed, error) { return f.now, nil }

// The undo of a bulk edit is shown as a table, without the contacts that others
// have changed since.
func TestTheTableOfAnUndo(t *testing.T) {
	t.Parallel()
	done := counted(work.RunDone, 3, 0)
	f := &fake{runs: []work.BulkRun{done}, run: done, items: items(3, work.ItemDone)}
	now := func(id int64, city string) model.Packed {
		return contact(id).With(model.FieldCity, model.TextValue(city)).Pack()
	}
	f.now = []model.Packed{now(0, "Reno"), now(1, "Miami"), now(2, "Boston")}
	s, m := begin(t, f)
	list(s, m)
	s.Press("enter")
	pick(t, s, "undo this bulk edit")
	s.Want("undo it: 1 contact", "city Reno → Boston", "Left out, because they changed since", "city is Miami now",
		"has its earlier values already")
	s.Press("enter")
	if len(f.sent) != 1 || f.sent[0].ContactID != 0 || !strings.HasPrefix(strings.Join(f.calls, ", "),
		"start undo of city") {
		t.Errorf("sent %+v", f.sent)
	}
}
