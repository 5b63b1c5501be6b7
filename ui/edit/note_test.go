package edit

import (
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

func (r *rig) onNote(n model.Note, drafts ...work.Draft) *rig {
	return r.open(Note(r.o, sarah(), n, drafts))
}

func TestANoteIsWritten(t *testing.T) {
	t.Parallel()
	r := newRig(t).onNote(model.Note{})
	r.want("New note on Sarah Chen", "ctrl+s saves")
	r.keys("ctrl+s").want("it must not be blank")
	r.typed("Call back").keys("enter").typed("on Thursday")
	r.passes(draftDelay)
	if d := r.f.drafts["id1"]; d.Kind != work.DraftNote || d.Values[model.FieldNotes] != "Call back\non Thursday" {
		t.Errorf("the draft is %+v", d)
	}
	r.keys("ctrl+s")
	e := r.ended(Saved)
	if len(r.f.notes) != 1 || r.f.notes[0].Text != "Call back\non Thursday" || r.f.notes[0].ContactID != 78 ||
		e.Patch.Len() != 0 {
		t.Errorf("sent %+v, ended %+v", r.f.notes, e)
	}
	if _, ok := last[NotesChanged](r); !ok {
		t.Error("nobody hears that the notes are others")
	}
	r.want("Added a note to Sarah Chen")
}

func TestANoteIsChangedOverSomebodyElse(t *testing.T) {
	t.Parallel()
	old := model.Note{ID: "7", Text: "old", Author: "Jo"}
	r := newRig(t)
	r.f.theirNote = &model.Note{ID: "7", Text: "theirs"}
	r.onNote(old).keys("ctrl+s").ended(Nothing)

	r.events = nil
	r.onNote(old).typed(" and new").keys("ctrl+s")
	r.want("Someone else has changed this note", "theirs: theirs")
	r.keys("m")
	r.ended(Saved)
	if n := len(r.f.notes); n != 2 || r.f.notes[1].Before.Text != "theirs" || r.f.notes[1].Text != "old and new" {
		t.Errorf("sent %+v", r.f.notes)
	}
}

func TestANoteWithoutResponseIsKept(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.f.refuse["note"] = noResponse()
	r.onNote(model.Note{}).typed("x").keys("ctrl+s")
	r.want("saving again checks first", "not saved")
	d, ok := r.f.drafts["id1"]
	if !ok || !r.isOpen() {
		t.Fatal("the text is not kept")
	}
	again := newRig(t)
	again.open(Reopen(again.o, d, sarah())).want("x").keys("ctrl+s").ended(Saved)
}

func TestANoteIsDeleted(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.open(DeleteNote(r.o, sarah(), model.Note{ID: "7", Text: "old"})).ended(Saved)
	if len(r.f.notes) != 1 || !r.f.notes[0].Delete || r.f.notes[0].Before.ID != "7" {
		t.Errorf("sent %+v", r.f.notes)
	}
	r = newRig(t)
	r.f.refuse["note"] = refusedConnection()
	r.open(DeleteNote(r.o, sarah(), model.Note{ID: "7", Text: "old"}))
	r.ended(Discarded)
	r.want("Not deleted")
}

func TestANoteIsWrittenInTheUsersEditor(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.o.Editor = func(text string, done func(string, error) tea.Msg) tea.Cmd {
		return func() tea.Msg { return done(text+" from vi\n", nil) }
	}
	r.onNote(model.Note{}).typed("hello")
	_, _ = r.m.openEditor()
	r.send(r.o.Editor("hello", func(s string, err error) tea.Msg { return editedMsg{r.m.own(), s, err} })())
	r.want("hello from vi").keys("ctrl+s").ended(Saved)
}

func TestANoteThatIsRestored(t *testing.T) {
	t.Parallel()
	r := newRig(t).onNote(model.Note{ID: "7", Text: "one\r\ntwo\ttabs"})
	if r.m.Dirty() {
		t.Fatal("looking at a note changes it")
	}
	r.typed("x").keys("ctrl+r")
	if r.m.Dirty() {
		t.Error("restored text counts as changed")
	}
	r.keys("ctrl+r")
	if !r.m.Dirty() {
		t.Error("what was typed does not come back")
	}
}

// A note that is found to have arrived while its editor is open is not written
// again.
func TestANoteThatArrivedEndsItsEditor(t *testing.T) {
	t.Parallel()
	r := newRig(t).onNote(model.Note{}).typed("x")
	r.run(r.m.Arrived("y"))
	if !r.isOpen() {
		t.Fatal("a text that is another one is gone")
	}
	r.want("did arrive")
	r.run(r.m.Arrived("x"))
	r.ended(Saved)
}
