package ui

import (
	"errors"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/ui/browse"
	"github.com/levcontacts/levcontacts/ui/edit"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/reader"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
	"github.com/levcontacts/levcontacts/work"
)

// tableMsg is what is to be done with a table of contacts.
type tableMsg struct {
	table  edit.Table
	edited Edited
	what   tableStep
}

// tableStep is how far a table is.
type tableStep uint8

const (
	tableEdited tableStep = iota // the editor has ended
	tableAgain
	tableKept
)

// openTable opens the editor on a table, or forgets it.
func openTable(d Desktop, event screen.Event) tea.Cmd {
	var t edit.Table
	written := ""
	switch e := event.(type) {
	case browse.EditTable:
		t.Contacts = e.Contacts
		written = t.Text()
	case edit.TableAgain:
		t = e.Table
	case edit.TableDone:
		return removeTable(d, e.Table.Path)
	}
	return d.EditText(t.Path, written, func(e Edited) tea.Msg { return tableMsg{table: t, edited: e} })
}

// editText lets the user write a text in their own editor, see edit.Options. The
// file goes when its text has been read.
func editText(d Desktop) func(text string, done func(text string, err error) tea.Msg) tea.Cmd {
	return func(text string, done func(text string, err error) tea.Msg) tea.Cmd {
		return d.EditText("", text, func(e Edited) tea.Msg {
			err := e.Err
			if e.Path != "" {
				err = errors.Join(err, d.Remove(e.Path))
			}
			return done(e.Text, err)
		})
	}
}

func removeTable(d Desktop, path string) tea.Cmd {
	return func() tea.Msg {
		if err := d.Remove(path); err != nil {
			return doneMsg{Level: screen.Note, Text: "The file of the table is still there: " + plain.Clean(err.Error())}
		}
		return nil
	}
}

// tableRead is a table whose changes can be shown.
type tableRead struct {
	table edit.Table
	items []work.BulkItem
}

// onTable goes on with a table that comes from the editor.
func onTable(msg tableMsg) []screen.Event {
	t := msg.table
	if msg.edited.Path != "" {
		t.Path = msg.edited.Path
	}
	say := func(level screen.Level, words string) screen.Event {
		return screen.Say{Message: screen.Message{Level: level, Text: words}}
	}
	where := "the table is in " + plain.Clean(t.Path)
	switch msg.what {
	case tableAgain:
		return []screen.Event{edit.TableAgain{Table: t}}
	case tableKept:
		return []screen.Event{say(screen.Note, "Nothing was sent; "+where)}
	}
	items, problems := t.Read(msg.edited.Text)
	switch err := msg.edited.Err; {
	case err != nil && t.Path == "":
		return []screen.Event{say(screen.Failure, "The table cannot be edited: "+plain.Clean(err.Error()))}
	case err != nil:
		return []screen.Event{say(screen.Failure, text.Capital(plain.Clean(err.Error()))+". Nothing was sent; "+where)}
	case len(problems) > 0:
		return []screen.Event{screen.Open{Overlay: brokenTable(t, problems)}}
	case len(items) == 0:
		return []screen.Event{edit.TableDone{Table: t},
			say(screen.Note, "Nothing was changed in the table, so nothing is sent")}
	}
	return []screen.Event{tableRead{t, items}}
}

// brokenTable names the lines that cannot be read. Nothing is changed before all
// can.
func brokenTable(t edit.Table, problems []string) *reader.Reader {
	kept := tableMsg{table: t, what: tableKept}
	lines := []reader.Line{
		{Text: "change the table again", Msg: tableMsg{table: t, what: tableAgain}, Role: theme.Accent},
		{Text: "leave it; the file is kept", Msg: kept, Role: theme.Accent},
		{},
	}
	for _, p := range problems {
		lines = append(lines, reader.Line{Text: plain.Clean(p)})
	}
	lines = append(lines, reader.Line{},
		reader.Line{Text: "Nothing is changed before every line can be read. The table is in"},
		reader.Line{Text: plain.Clean(t.Path)})
	return reader.Open(reader.Options{Title: text.Plural(len(problems), "line") + " of the table cannot be read",
		Lines: lines,
		Foot:  "enter do this   esc leave", OnClose: kept})
}
