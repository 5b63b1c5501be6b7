package changes

import (
	"context"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/locale"
	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/reader"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
	"github.com/levcontacts/levcontacts/work"
)

// historyLimit is how many changes the screen lists.
const historyLimit = 500

func readHistory(ctx context.Context, b Backend, undo bool, seq uint64) tea.Cmd {
	return func() tea.Msg {
		all, err := b.History(ctx, historyLimit)
		return historyMsg{seq: seq, entries: all, undo: undo, err: err}
	}
}

func (m *Model) showHistory() (tea.Cmd, []screen.Event) { return m.readHistory(false) }

// undoLast undoes the last saved change.
func (m *Model) undoLast() (tea.Cmd, []screen.Event) { return m.readHistory(true) }

func (m *Model) readHistory(undo bool) (tea.Cmd, []screen.Event) {
	ctx, seq := m.reading.Begin(m.o.Context, m.o.Now())
	return readHistory(ctx, m.o.Backend, undo, seq), nil
}

// onHistory shows the changes, or undoes the last one.
func (m *Model) onHistory(msg historyMsg) []screen.Event {
	if !m.reading.Take(msg.seq) {
		return nil
	}
	if msg.err != nil {
		return []screen.Event{unreadable("The history", msg.err)}
	}
	if msg.undo {
		return m.undoFirst(msg.entries)
	}
	lines := make([]reader.Line, 0, len(msg.entries))
	for _, e := range msg.entries {
		lines = append(lines, entryLine(e))
	}
	if len(lines) == 0 {
		lines = []reader.Line{{Text: "No changes yet"}}
	}
	r := reader.Open(reader.Options{Title: "Changes, newest first", Lines: lines, Pick: "details / undo"})
	return []screen.Event{screen.Open{Overlay: r, When: screen.IfFree}}
}

func entryLine(e work.Entry) reader.Line {
	role := theme.Text
	result := string(e.Result)
	switch {
	case e.Undone:
		result, role = "undone", theme.Dim
	case e.Result == work.Failed:
		role = theme.Danger
	case e.Result == work.Discarded:
		role = theme.Dim
	case e.Result.Open():
		role = theme.Attention
	}
	what := string(e.Kind) + " " + plain.Clean(e.Name)
	if note, ok := e.NoteWrite(); ok {
		what += ": " + plain.FirstWords(noteText(note), 60)
	} else if e.Kind != work.KindCreate && e.Kind != work.KindCompanyCreate {
		what += ": " + changed(e)
	}
	return reader.Line{Left: locale.Current().Moment(e.Started.Local()), Text: fmt.Sprintf("%-8s %s", result, what),
		Role: role,
		Msg:  showEntryMsg{entry: e}}
}

// changed describes what an entry changed: one field with its values, several by name.
func changed(e work.Entry) string {
	if len(e.Changes) != 1 {
		return text.Fields(e.Patch())
	}
	c := e.Changes[0]
	return text.Label(c.Field.Def().Label) + " " + values(c)
}

func values(c model.Change) string {
	return shown(c.Field.Def(), c.Before) + " → " + shown(c.Field.Def(), c.After)
}

func shown(f model.Field, v model.Value) string {
	if words := f.Show(v); words != "" && !v.Empty() {
		return plain.Clean(words)
	}
	return "(empty)"
}

// entryReader shows one change with its values and what can be done about it.
func entryReader(e work.Entry) *reader.Reader {
	lines := []reader.Line{
		{Left: "what", Text: string(e.Kind) + " " + plain.Clean(e.Name)},
		{Left: "when", Text: locale.Current().Date(e.Started.Local()) + e.Started.Local().Format(" 15:04:05")},
		{Left: "result", Text: text.Join(" · ", string(e.Result), plain.Clean(e.Message))},
	}
	if e.Status != 0 {
		lines = append(lines, reader.Line{Left: "response",
			Text: text.Join(" · ", fmt.Sprint(e.Status), requestID(e.RequestID))})
	}
	lines = append(lines, reader.Line{})
	lines = append(lines, noteLines(e)...)
	for _, c := range e.Changes {
		lines = append(lines, reader.Line{Left: c.Field.Def().Label, Text: values(c)})
	}
	lines = append(lines, reader.Line{})
	switch {
	case e.Elsewhere:
		lines = append(lines, reader.Line{Text: "another running program is sending this"})
	case e.Result.Open():
		lines = append(lines, reader.Line{Text: "check whether this arrived", Msg: checkMsg{entry: e},
			Role: theme.Accent})
	case e.Kind == work.KindCreate:
		lines = append(lines, reader.Line{Text: "a new contact cannot be undone: the service has no delete"})
	case e.Kind == work.KindCompanyCreate:
		lines = append(lines, reader.Line{Text: "a new company cannot be undone: the service has no delete"})
	case e.Kind == work.KindRequest:
		lines = append(lines, reader.Line{Text: "a request of levcontacts api cannot be undone"})
	case e.Undone:
		lines = append(lines, reader.Line{Text: "this was undone already"})
	case e.Result == work.Done:
		lines = append(lines, reader.Line{Text: "undo this change, after showing it", Msg: undoMsg{entry: e},
			Role: theme.Accent})
	}
	if e.ContactID != 0 {
		lines = append(lines, reader.Line{Text: "go to the contact", Msg: goMsg{id: e.ContactID}, Role: theme.Accent})
	}
	return reader.Open(reader.Options{Title: "Change", Lines: lines, Pick: "do this"})
}

func requestID(id string) string {
	if id == "" {
		return ""
	}
	return "request " + plain.Clean(id)
}

// undoFirst undoes the newest change that can be undone.
func (m *Model) undoFirst(entries []work.Entry) []screen.Event {
	for _, e := range entries {
		if e.Result != work.Done || e.Undone || e.Kind == work.KindUndo || e.Undoes != "" ||
			e.Kind == work.KindCompanyCreate ||
			e.Kind == work.KindRequest {
			continue
		}
		if e.Kind == work.KindCreate {
			return []screen.Event{say(screen.Note,
				plain.Clean(e.Name)+" was created last; that cannot be undone: the service has no delete. "+
					m.o.Keys.Key(keymap.History)+" undoes an earlier change")}
		}
		return m.undo(e)
	}
	return []screen.Event{say(screen.Note, "No saved change to undo")}
}

func (m *Model) undo(e work.Entry) []screen.Event {
	if m.readOnly != "" {
		return []screen.Event{say(screen.Note, "read-only: "+m.readOnly)}
	}
	if e.Kind.OfNote() {
		return []screen.Event{m.askUndoNote(e)}
	}
	return []screen.Event{UndoEntry{e}}
}

// actions is what can be done here from the list and the details.
func actions() []screen.Bound[*Model] {
	both := []keymap.Scope{keymap.List, keymap.Detail}
	return []screen.Bound[*Model]{
		{Action: keymap.Action{Name: keymap.Undo, Scopes: both, Keys: []string{"u"}, Label: "undo",
			Help: "undo the last saved change, after showing it", Writes: true},
			Do: (*Model).undoLast},
		{Action: keymap.Action{Name: keymap.Drafts, Scopes: both, Keys: []string{"D"},
			Help: "drafts that were not saved"},
			Do: (*Model).showDrafts},
		{Action: keymap.Action{Name: keymap.History, Scopes: both, Keys: []string{"H"}, Help: "history of changes"},
			Do: (*Model).showHistory},
		{Action: keymap.Action{Name: keymap.News, Scopes: both, Keys: []string{"R"},
			Help: "what others have changed within the last week"},
			Do: (*Model).showNews},
	}
}

// Actions are the actions without what they do.
func Actions() []keymap.Action { return screen.Metadata(actions()) }

// Run carries out an action; known is false for one of another package.
func (m *Model) Run(n keymap.Name) (cmd tea.Cmd, events []screen.Event, known bool) {
	a, known := screen.Lookup(actions(), n)
	if !known {
		return nil, nil, false
	}
	if a.Writes && m.readOnly != "" {
		return nil, []screen.Event{say(screen.Note, "read-only: "+m.readOnly)}, true
	}
	cmd, events = a.Do(m)
	return cmd, events, true
}
