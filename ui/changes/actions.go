package changes

import (
	tea "charm.land/bubbletea/v2"

	"levcontacts/ui/screen"
	"levcontacts/ui/widget/keymap"
)

// actions is what can be done here from the list and the details.
func actions() []screen.Bound[*Model] {
	both := []keymap.Scope{keymap.List, keymap.Detail}
	return []screen.Bound[*Model]{
		{Action: keymap.Action{Name: keymap.Undo, Scopes: both, Keys: []string{"u"},
			Help: "undo the last saved change, after showing it", Writes: true},
			Do: (*Model).undoLast},
		{Action: keymap.Action{Name: keymap.Drafts, Scopes: both, Keys: []string{"D"},
			Help: "drafts that were not saved"},
			Do: (*Model).showDrafts},
		{Action: keymap.Action{Name: keymap.History, Scopes: both, Keys: []string{"H"}, Help: "history of changes"},
			Do: (*Model).showHistory},
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
