package changes

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/screen/stage"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/work"
)

// fake answers from memory and notes what was asked.
type fake struct {
	entries []work.Entry
	unknown []work.Entry
	found   map[string]work.Resolution // by entry
	lost    error                      // of Resolve
	drafts  []work.Draft
	saved   work.Saved
	changed []work.Changed
	noCopy  bool
	refuse  map[string]error
	calls   []string
}

func (f *fake) call(name string) error {
	f.calls = append(f.calls, name)
	return f.refuse[name]
}

func (f *fake) History(context.Context, int) ([]work.Entry, error) {
	return f.entries, f.call("history")
}
func (f *fake) Unresolved(context.Context) ([]work.Entry, error) {
	return f.unknown, f.refuse["unresolved"]
}
func (f *fake) Drafts(context.Context) ([]work.Draft, error)    { return f.drafts, f.refuse["drafts"] }
func (f *fake) DiscardDraft(_ context.Context, id string) error { return f.call("drop " + id) }
func (f *fake) Forget(_ context.Context, id string) error       { return f.call("forget " + id) }
func (f *fake) UndoNote(_ context.Context, id string) (work.NoteSaved, error) {
	return work.NoteSaved{}, f.call("undo note " + id)
}
func (f *fake) Settle(_ context.Context, id string, contact int64) error {
	return f.call(fmt.Sprint("settle ", id, " ", contact))
}

func (f *fake) Resolve(_ context.Context, e work.Entry) (work.Resolution, error) {
	return f.found[e.ID], errors.Join(f.call("resolve "+e.ID), f.lost)
}

func (f *fake) SendNow(_ context.Context, id string) (work.Saved, error) {
	return f.saved, f.call("send " + id)
}

func (f *fake) wants(t *testing.T, calls ...string) {
	t.Helper()
	if got := strings.Join(f.calls, ", "); got != strings.Join(calls, ", ") {
		t.Errorf("asked %q, want %q", got, calls)
	}
}

func begin(t *testing.T, f *fake, change ...func(*Model)) (*stage.Stage, *Model) {
	t.Helper()
	s := stage.New(t, Actions()...)
	m := New(Options{Backend: f, Keys: s.Keys, Now: s.Clock, Context: t.Context()})
	for _, fn := range change {
		fn(m)
	}
	s.Show(m, m.Init())
	return s, m
}

func run(s *stage.Stage, m *Model, n keymap.Name) {
	cmd, events, _ := m.Run(n)
	s.Do(cmd, events)
}

func sarah() model.Contact {
	return model.NewContact(78, map[model.FieldID]model.Value{model.FieldFirstName: model.TextValue("Sarah"),
		model.FieldLastName: model.TextValue("Chen"),
		model.FieldTitle:    model.TextValue("Principal"), model.FieldEmail: model.TextValue("chen@meridian.com")})
}

func titleEntry(id string, result work.Result) work.Entry {
	c, _ := model.Diff(sarah(), model.Draft{model.FieldTitle: "Chair"}).Get(model.FieldTitle)
	return work.Entry{ID: id, Kind: work.KindUpdate, ContactID: 78, Name: "Sarah Chen", Result: result,
		Changes: []model.Change{c},
		Started: time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC), DraftID: "draft"}
}

func lostCreate() work.Entry {
	return work.Entry{ID: "create", Kind: work.KindCreate, Name: "Ada Lovelace", Result: work.Unknown}
}

func titleDraft() work.Draft {
	return work.Draft{ID: "draft", Kind: work.DraftEdit, ContactID: 78, Base: sarah(),
		Values: model.Draft{model.FieldTitle: "Chair"}}
}

func TestHistory(t *testing.T) {
	t.Parallel()
	undone := titleEntry("undone", work.Done)
	undone.Undone = true
	f := &fake{entries: []work.Entry{titleEntry("last", work.Done), undone, lostCreate()}}
	s, m := begin(t, f)
	run(s, m, keymap.History)
	s.Want("Changes, newest first", "done     update Sarah Chen: title Principal → Chair", "undone   update",
		"unknown  create Ada Lovelace")
	s.Press("enter")
	s.Want("Principal → Chair", "undo this change, after showing it", "go to the contact")
	s.Press("enter")
	if got := stage.Of[UndoEntry](s); len(got) != 1 || got[0].Entry.ID != "last" || s.Top() != nil {
		t.Errorf("undo: %+v, open %v", got, s.Top())
	}
	run(s, m, keymap.History)
	s.Press("enter", "down", "enter")
	if got := stage.Of[GoTo](s); len(got) != 1 || got[0].ID != 78 {
		t.Errorf("go to: %+v", got)
	}
	f.entries = nil
	run(s, m, keymap.History)
	s.Want("No changes yet")
	f.refuse = map[string]error{"history": errors.New("disk full")}
	s.Press("esc")
	run(s, m, keymap.History)
	s.Want("The history cannot be read: disk full")
}

// What was asked for and comes late is not laid over what is open meanwhile,
// and of two only the last is shown.
func TestALateHistoryOpensNothing(t *testing.T) {
	t.Parallel()
	s, m := begin(t, &fake{entries: []work.Entry{titleEntry("last", work.Done)}})
	s.Hold = true
	run(s, m, keymap.History)
	s.Covered = true
	s.Release()
	if s.Top() != nil {
		t.Errorf("open: %s", s.Text())
	}
	s.Covered, s.Hold = false, true
	run(s, m, keymap.History)
	run(s, m, keymap.Undo)
	s.Release()
	if len(stage.Of[UndoEntry](s)) != 1 || s.Top() != nil {
		t.Errorf("%+v, open %v", s.Events, s.Top())
	}
}

func TestUndoOfTheLastChange(t *testing.T) {
	t.Parallel()
	undo := titleEntry("u", work.Done)
	undo.Kind = work.KindUndo
	created := lostCreate()
	created.Result = work.Done
	for name, tt := range map[string]struct {
		entries  []work.Entry
		readOnly string
		undoes   string
		says     string
	}{
		"the last":         {[]work.Entry{titleEntry("a", work.Done), titleEntry("b", work.Done)}, "", "a", ""},
		"not a failed one": {[]work.Entry{titleEntry("a", work.Failed), undo, titleEntry("b", work.Done)}, "", "b", ""},
		"nothing":          {nil, "", "", "No saved change to undo"},
		"a create": {[]work.Entry{created, titleEntry("b", work.Done)}, "", "",
			"Ada Lovelace was created last; that cannot be undone"},
		"read-only": {[]work.Entry{titleEntry("a", work.Done)}, "your role", "", "read-only: your role"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, m := begin(t, &fake{entries: tt.entries}, func(m *Model) { m.SetReadOnly(tt.readOnly) })
			run(s, m, keymap.Undo)
			s.Want(tt.says)
			got := stage.Of[UndoEntry](s)
			if tt.undoes == "" && len(got) > 0 || tt.undoes != "" && (len(got) != 1 || got[0].Entry.ID != tt.undoes) {
				t.Errorf("undoes %+v, want %q", got, tt.undoes)
			}
		})
	}
}

func TestDrafts(t *testing.T) {
	t.Parallel()
	field := work.Draft{ID: "field", Kind: work.DraftField, ContactID: 78, Field: model.FieldCity, Base: sarah(),
		NotSent: true, Problem: "offline"}
	f := &fake{drafts: []work.Draft{field, titleDraft(),
		{ID: "new", Kind: work.DraftCreate, Values: model.Draft{model.FieldLastName: "Byron"}},
		{ID: "many", Kind: work.DraftBulk}}}
	s, m := begin(t, f)
	if w := stage.Of[Waiting](s); len(w) != 1 || w[0].Text != "4 drafts not saved yet; D shows them" {
		t.Errorf("says at the start %+v", w)
	}
	if m.Unsent() != 1 || len(m.DraftsOf(78)) != 2 || m.DraftNotes()[78] != "not sent yet; e opens it" {
		t.Errorf("%d unsent, %d of Sarah, notes %v", m.Unsent(), len(m.DraftsOf(78)), m.DraftNotes())
	}
	run(s, m, keymap.Drafts)
	s.Want("Sarah Chen, City", "not sent · offline", "Sarah Chen, 1 field", "new contact Byron",
		"edit of several contacts")
	s.Press("d")
	s.Want("Discard this draft?", "Sarah Chen, City")
	s.Press("esc")
	f.wants(t)
	s.Press("d", "y")
	f.wants(t, "drop field")
	s.Want("Sarah Chen, 1 field")
	s.WantNot("Sarah Chen, City")
	s.Press("enter")
	if got := stage.Of[OpenDraft](s); len(got) != 1 || got[0].Draft.ID != "draft" || got[0].Resumed || s.Top() != nil {
		t.Errorf("opens %+v, over it %v", got, s.Top())
	}
	m.SetOpen("draft")
	run(s, m, keymap.Drafts)
	s.Want("being saved")
	s.Press("esc")
	for _, id := range []string{"draft", "new", "many"} {
		s.Do(nil, m.RemoveDraft(id))
	}
	run(s, m, keymap.Drafts)
	s.Want("No drafts")
}

// A draft that cannot be discarded is still there.
func TestADraftThatCannotBeDiscarded(t *testing.T) {
	t.Parallel()
	f := &fake{drafts: []work.Draft{titleDraft()}, refuse: map[string]error{"drop draft": errors.New("disk full")}}
	s, m := begin(t, f)
	run(s, m, keymap.Drafts)
	s.Press("d", "y")
	s.Want("Disk full", "Sarah Chen, 1 field")
	if len(m.Drafts()) != 1 {
		t.Errorf("%d drafts", len(m.Drafts()))
	}
}

// An edit that was open when the program ended is opened again, where nothing
// else is open.
func TestAnOpenEditIsResumed(t *testing.T) {
	t.Parallel()
	d := titleDraft()
	d.Open = true
	s, m := begin(t, &fake{drafts: []work.Draft{d}})
	got, says := stage.Of[OpenDraft](s), stage.Of[Waiting](s)
	if len(got) != 1 || !got[0].Resumed || len(says) != 0 {
		t.Errorf("%+v, says %+v", got, says)
	}
	if e := m.Resumed(); e[0] != (Waiting{"Reopened the edit that you had not finished"}) {
		t.Error(e)
	}
	if e := m.NotResumed(); e[0] != (Waiting{"1 draft not saved yet; D shows them"}) {
		t.Errorf("when something is open: %+v", e)
	}
	d.Mine = true
	s, _ = begin(t, &fake{drafts: []work.Draft{d}})
	if len(stage.Of[OpenDraft](s)) != 0 {
		t.Error("opens what is being typed here")
	}
}

func TestMessagesOfAnotherPackageAreNotTaken(t *testing.T) {
	t.Parallel()
	_, m := begin(t, &fake{})
	if cmd, events := m.Update("other"); cmd != nil || events != nil {
		t.Errorf("%v %v", cmd, events)
	}
	if _, _, known := m.Run(keymap.Quit); known || len(Actions()) != 4 || m.Activity().Rank != screen.RankNone {
		t.Error("runs an action of another package")
	}
}
