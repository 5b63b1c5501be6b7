package ui

import (
	"testing"

	"levcontacts/model"
)

// A form that was open when the program was killed comes back with the cursor
// in the field where it was, also when nothing was typed there.
func TestTheCursorComesBackWithTheForm(t *testing.T) {
	t.Parallel()
	for name, opens := range map[string]string{"edit": "e", "new": "n", "copy": "N"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(60)
			s := start(t, f, 120, 40)
			s.keys(opens, "tab")
			s.typed("x")
			s.keys("tab")
			s.typed("y")
			s.keys("tab", "tab", "tab")
			at := s.m.edit.form.Field()
			s.passes(draftEvery)
			again := start(t, f, 120, 40)
			if got := again.m.edit.form.Field(); got != at || at == model.FieldFirstName {
				t.Errorf("the cursor is in %s, was in %s", got.Name(), at.Name())
			}
		})
	}
}

// A copy of a contact is nothing typed: leaving it and quitting lose nothing.
func TestACopyIsLeftAtOnce(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	s := start(t, f, 120, 40)
	s.keys("N")
	s.want("New contact, a copy of Sarah Chen")
	s.keys("esc")
	s.wantNot("not saved")
	if s.m.edit.active() || len(f.drafts) != 0 {
		t.Errorf("still open, or %d drafts", len(f.drafts))
	}
	s.keys("N", "ctrl+c")
	if !s.m.quitting || len(f.drafts) != 0 {
		t.Errorf("quitting asked, or kept %d drafts", len(f.drafts))
	}
}

// What was typed into a copy is kept, and so is a copy as it is that is to be
// saved.
func TestACopyThatIsWorkedOnIsKept(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	s := start(t, f, 120, 40)
	s.keys("N", "tab")
	s.typed("x")
	s.keys("esc")
	s.want("What you typed is not saved")
	s.keys("t")

	f.refuse["create"] = refused()
	s.keys("N", "ctrl+s", "enter")
	if len(f.creates) != 1 || len(f.drafts) != 1 {
		t.Fatalf("%d creates, %d drafts", len(f.creates), len(f.drafts))
	}
	s.keys("esc")
	s.want("What you typed is not saved")
}
