package changes

import (
	"cmp"
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/question"
	"github.com/levcontacts/levcontacts/ui/widget/reader"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/work"
)

type (
	// undoNoteMsg takes a write of a note back; the user has said yes.
	undoNoteMsg struct {
		own
		entry work.Entry
	}
	noteUndoneMsg struct {
		own
		entry work.Entry
		saved work.NoteSaved
		err   error
	}
)

func undoNote(ctx context.Context, b Backend, e work.Entry) tea.Cmd {
	return func() tea.Msg {
		saved, err := b.UndoNote(ctx, e.ID)
		return noteUndoneMsg{entry: e, saved: saved, err: err}
	}
}

// noteText is the text that a write of a note is about.
func noteText(w work.NoteWrite) string {
	return plain.Clean(strings.ReplaceAll(cmp.Or(w.Text, w.Before.Text), "\n", " "))
}

// noteLines are the texts of a note that was written, old to new.
func noteLines(e work.Entry) []reader.Line {
	w, ok := e.NoteWrite()
	if !ok {
		return nil
	}
	var lines []reader.Line
	add := func(left, text string) {
		for line := range strings.Lines(text) {
			lines = append(lines, reader.Line{Left: left, Text: plain.Clean(strings.TrimRight(line, "\r\n"))})
			left = ""
		}
	}
	add("before", w.Before.Text)
	add("text", w.Text)
	return lines
}

// askUndoNote shows what undoing a write of a note does, and asks.
func (m *Model) askUndoNote(e work.Entry) screen.Event {
	w, _ := e.NoteWrite()
	does := "The note gets its old text again:"
	shown := w.Before.Text
	switch e.Kind {
	case work.KindNoteCreate:
		does, shown = "The note is deleted again:", w.Text
	case work.KindNoteDelete:
		does = "The note is written again:"
	}
	shown = plain.FirstWords(plain.Clean(strings.ReplaceAll(shown, "\n", " ")), 200)
	lines := append([]string{does}, plain.Wrap(shown, 50)...)
	return screen.Open{Overlay: question.Open(question.Options{
		Title: "Undo: note on " + plain.Clean(e.Name) + "?", Lines: lines, Yes: undoNoteMsg{entry: e},
	}, m.o.Keys), When: screen.IfFree}
}

func (m *Model) onNoteUndone(msg noteUndoneMsg) []screen.Event {
	name := plain.Clean(msg.entry.Name)
	switch {
	case msg.err != nil:
		if refusal, yes := refused(msg.err); yes {
			return []screen.Event{screen.SignIn{Err: refusal, Retry: undoNoteMsg{entry: msg.entry}, Asked: true}}
		}
		return []screen.Event{failure("undo a change of a note", msg.err)}
	case msg.saved.Conflict:
		return []screen.Event{NotesChanged{msg.entry.ContactID}, say(screen.Failure,
			"Not undone: someone else has changed the note on "+name+" since")}
	}
	return []screen.Event{NotesChanged{msg.entry.ContactID}, say(screen.Good, text.Capital("undone: note on "+name))}
}

// discardNote drops the draft of a note that did arrive. One that has an editor
// ends with that.
func (m *Model) discardNote(e work.Entry) (tea.Cmd, []screen.Event) {
	for _, d := range m.drafts {
		if d.ID == e.DraftID && !slices.Contains(m.open, d.ID) {
			return discardDraft(m.o.Context, m.o.Backend, d), m.RemoveDraft(d.ID)
		}
	}
	return nil, nil
}
