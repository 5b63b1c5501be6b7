package ui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/ui/edit"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
)

// settleSaves moves the queue of saves on, brings back what was not saved, and
// shows both.
func (a *App) settleSaves() tea.Cmd {
	next := a.edits.move()
	for _, e := range a.edits.notSaved() {
		switch {
		case a.edits.waitsFor(e.ID()): // also under a question that the answer asks
			a.toFront(e)
		case !a.edits.told[e.ID()]:
			// The user has gone on: nothing opens under what is being typed.
			a.edits.told[e.ID()] = true
			a.messages.Show(screen.Message{Owner: "save " + e.ID(), Level: screen.Failure,
				Text: "Not saved: " + e.What() + " · " + a.keys.Key(keymap.NotSaved) + " opens it"}, a.o.Now())
		}
	}
	a.browse.SetDrafts(a.edits.notes(a.changes.DraftNotes(), a.keys))
	if q := a.edits.queue; q != nil {
		items := a.edits.items(a.o.Now())
		if q.SetItems(items); len(items) == 0 {
			a.overlays.close(q)
			a.edits.queue = nil
		}
	}
	return next
}

// toFront shows an edit that was not saved.
func (a *App) toFront(e *edit.Model) {
	a.messages.Retract("save " + e.ID())
	a.edits.toFront(e)
	if f, inPlace := e.Field(); inPlace {
		c, held := a.browse.Find(e.Contact())
		if !held {
			c = e.Base()
		}
		a.browse.FocusField(c, f)
	}
}
