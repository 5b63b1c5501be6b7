package ui

import (
	"fmt"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/edit"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
)

// slow keeps the answers to saves back until answer.
func (s *stage) slow() { s.holds = true }

// answer lets the save that was sent first have its answer.
func (s *stage) answer() {
	s.t.Helper()
	if len(s.held) == 0 {
		s.t.Fatal("no save is on its way")
	}
	msg := s.held[0]
	s.held = s.held[1:]
	s.send(msg)
}

func (s *stage) fix(title string) {
	s.keys("t")
	s.typed(title)
	s.keys("enter")
}

// A save does not stop the user: its edit closes at once, others can be read and
// edited, and saves go in order, one at a time.
func TestSavesGoInOrder(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 120, 40)
	s.slow()
	s.fix("First")
	if s.a.browse.Scope() != keymap.List || s.a.edits.top() != nil {
		t.Fatal("the edit is still open")
	}
	s.want("saving title of Sarah Chen")
	s.keys("j")
	s.fix("Second")
	s.keys("j")
	s.fix("Third")
	s.passes(2 * time.Second)
	s.want("\n 3 of 60", "saving 3 · 2 s")
	for i := range 3 {
		if len(s.f.saves) != i+1 || len(s.held) != 1 {
			t.Fatalf("%d saves were sent, %d are on their way", len(s.f.saves), len(s.held))
		}
		s.answer()
	}
	for i, title := range []string{"First", "Second", "Third"} {
		if c := s.f.saves[i].Patch.Changes()[0]; c.After.String() != title || s.f.saves[i].ID != int64(78+i) {
			t.Errorf("save %d: %+v of %d", i, c, s.f.saves[i].ID)
		}
	}
	s.wantNot("saving")
	s.want("\n 3 of 60", "saved: title of Priya Raman")
	if len(s.f.drafts) != 0 || len(s.a.edits.all) != 0 {
		t.Errorf("%d drafts and %d edits are left", len(s.f.drafts), len(s.a.edits.all))
	}
}

// An edit of a contact that is being saved begins where the save will end.
func TestAnEditOverASave(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 120, 40)
	s.slow()
	s.fix("First")
	s.keys("t")
	s.want("First")
	s.typed("Again")
	s.keys("enter")
	s.answer()
	s.answer()
	if c := s.f.saves[1].Patch.Changes()[0]; c.Before.String() != "First" || c.After.String() != "Again" {
		t.Errorf("the second save is %+v", c)
	}
}

func refusal() *model.Error {
	return &model.Error{Kind: model.KindValidation, Status: 422, Message: "title is too long",
		Fields: map[string]string{"title": "title is too long"}}
}

// A refusal comes back as the edit it was. Who has gone on meanwhile is told,
// and opens it.
func TestARefusalComesBack(t *testing.T) {
	t.Parallel()
	t.Run("at once", func(t *testing.T) {
		t.Parallel()
		s := start(t, newFake(60), 120, 40)
		s.slow()
		s.f.Refuse["save"] = refusal()
		s.fix("First")
		s.answer()
		s.want("title is too long", "First", "enter save")
		s.wantNot("NOT SAVED")
	})
	t.Run("under the sign-in that it asks for", func(t *testing.T) {
		t.Parallel()
		s := start(t, newFake(60), 120, 40)
		s.slow()
		s.f.Refuse["save"] = &model.Error{Kind: model.KindUnauthorized, Status: 401, Message: "Authentication required"}
		s.fix("First")
		s.answer()
		s.want("Sign in again", "First")
		s.wantNot("NOT SAVED")
		delete(s.f.Refuse, "save")
		s.typed("lev_sk_good")
		s.keys("enter")
		s.answer()
		s.want("saved: title of Sarah Chen")
	})
	for name, open := range map[string][]string{"by its key": {"b"}, "by its field": {"k", "t"}, "by its form": {"k", "e"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, newFake(60), 120, 40)
			s.slow()
			s.f.Refuse["save"] = refusal()
			s.fix("First")
			s.keys("j", "d")
			s.typed("Debt")
			s.answer()
			s.want("Not saved: title of Sarah Chen · b opens it", "1 edit NOT SAVED", "Debt")
			delete(s.f.Refuse, "save")
			s.keys("enter")
			s.answer()
			s.want("1 edit NOT SAVED")
			s.keys(open...)
			s.want("title is too long", "First")
			s.wantNot("NOT SAVED")
			s.keys("enter")
			s.answer()
			s.wantNot("Not saved")
			if n := len(s.f.saves); n != 3 || s.f.saves[2].ID != 78 {
				t.Errorf("%d saves", n)
			}
		})
	}
}

// The queue is opened with esc, and one save of it can be stopped: what was
// typed comes back, and is not sent.
func TestASaveOfTheQueueIsStopped(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 120, 40)
	s.slow()
	s.fix("First")
	s.keys("j")
	s.fix("Second")
	s.keys("esc")
	s.wantNot("enter stops one") // too short to be shown
	s.passes(2 * time.Second)
	s.want("saving 2 · 2 s · esc shows")
	s.keys("esc")
	s.want("enter stops one", "Title of Sarah Chen", "waits for the one before")
	s.keys("down", "enter")
	s.want("Second", "enter save", "saving 1 · 2 s")
	s.answer()
	if len(s.f.saves) != 1 || len(s.held) != 0 {
		t.Errorf("%d saves, %d on their way", len(s.f.saves), len(s.held))
	}
	// The queue closes with its last save.
	s = start(t, newFake(60), 120, 40)
	s.slow()
	s.fix("First")
	s.passes(2 * time.Second)
	s.keys("esc")
	s.answer()
	s.wantNot("enter stops one")
	s.keys("j")
	s.want("\n 2 of ")
}

// A save that ends while the program quits, and writes it as a draft, keeps nobody.
func TestASaveEndsWhileQuitting(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 120, 40, func(o *Options) { o.Account.Demo = false })
	s.f.account.Demo = false
	s.slow()
	s.fix("First")
	s.keys("ctrl+c")
	s.want("1 save on the way. Quit?")
	_, keep := s.a.Update(press("y"))
	s.answer()
	s.want("saved: title of Sarah Chen")
	s.run(keep)
	if !s.quits {
		t.Error("the program goes on")
	}
}

// What was typed, kept and taken back is discarded by quitting, which ends.
func TestQuittingAfterTypingWasTakenBack(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 120, 40, func(o *Options) { o.Account.Demo = false })
	s.keys("t")
	s.typed("x")
	s.passes(3 * time.Second)
	if len(s.f.drafts) != 1 {
		t.Fatalf("%d drafts", len(s.f.drafts))
	}
	s.keys("ctrl+r", "ctrl+c")
	if !s.quits || len(s.f.drafts) > 0 {
		t.Errorf("ended %v, %d drafts are left", s.quits, len(s.f.drafts))
	}
}

// Quitting asks while something is being saved, and leaves it in drafts.
func TestQuittingWhileSaving(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 120, 40, func(o *Options) { o.Account.Demo = false })
	s.f.account.Demo = false
	s.slow()
	s.fix("First")
	s.keys("j")
	s.fix("Second")
	s.keys("q")
	s.want("2 saves on the way. Quit?")
	s.holds = false
	s.keys("y")
	if len(s.f.drafts) != 2 {
		t.Errorf("%d drafts", len(s.f.drafts))
	}
	if got := len(s.a.OpenDrafts()); got != 2 {
		t.Errorf("%d drafts are open at the end", got)
	}
}

// isSave reports the answer to a save.
func isSave(msg tea.Msg) bool {
	m, ok := msg.(edit.Msg)
	return ok && fmt.Sprintf("%T", m) == "edit.savedMsg"
}

// The draft of a save that is on its way belongs to it: a form that is opened meanwhile
// does not take it over, and discarding the form does not stop the save.
func TestAFormLeavesTheDraftOfASaveAlone(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 120, 40, func(o *Options) { o.Account.Demo = false })
	s.f.account.Demo = false
	s.slow()
	s.keys("t")
	s.typed("First")
	s.passes(time.Second)
	if len(s.f.drafts) != 1 {
		t.Fatalf("%d drafts", len(s.f.drafts))
	}
	s.keys("enter", "e")
	s.want("Edit Sarah Chen")
	s.keys("tab", "tab")
	s.typed("x")
	s.keys("esc", "d")
	if len(s.f.drafts) != 1 {
		t.Errorf("%d drafts are left", len(s.f.drafts))
	}
	s.answer()
	s.want("saved: title of Sarah Chen")
}
