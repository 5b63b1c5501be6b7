package browse

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
)

// Typing reports that letters are text here.
func (m *Model) Typing() bool { return m.search.open }

// Scope is where the keys have their meaning.
func (m *Model) Scope() keymap.Scope {
	switch {
	case m.search.open:
		return keymap.SearchBar
	case m.focus == paneDetail:
		return keymap.Detail
	default:
		return keymap.List
	}
}

// Label is what the footer says of an action.
func (m *Model) Label(a keymap.Action) string {
	marked := len(m.marks) > 0
	switch a.Name {
	case keymap.FieldEdit:
		if row, ok := m.detail.Row(); ok && row.Folded() {
			return "show fields"
		}
	case keymap.BulkEdit, keymap.MarkExport, keymap.MarkNone:
		if !marked {
			return ""
		}
	case keymap.ContactEdit, keymap.ContactNew:
		if marked && m.focus == paneList {
			return ""
		}
	}
	return a.Label
}

// onKey carries out what a key means, or holds it until the order is there that
// it was meant for.
func (m *Model) onKey(key tea.KeyPressMsg) tea.Cmd {
	a, ok := m.o.Keys.Find(key.String(), m.Scope())
	if m.holds(a.Name) {
		m.held = append(m.held, key)
		return nil
	}
	switch _, here := screen.Lookup(m.actions, a.Name); {
	case ok && here:
		return m.run(a.Name)
	case m.search.open:
		return m.typed(key)
	case ok:
		m.emit(Asked{a})
	}
	return nil
}

// onPaste takes pasted text while it is searched.
func (m *Model) onPaste(msg tea.Msg) tea.Cmd {
	switch {
	case len(m.held) > 0:
		m.held = append(m.held, msg)
		return nil
	case m.search.open:
		return m.typed(msg)
	}
	return nil
}

// holds reports whether a key has to wait. While the order that the user asked
// for is being made, the contact under the cursor is not the one that a key
// typed ahead is meant for. What follows a key that waits has to wait as well.
func (m *Model) holds(name keymap.Name) bool {
	if len(m.held) > 0 {
		return true
	}
	if !m.contacts.Settling() {
		return false
	}
	return m.o.Keys.Get(name).Needs&(keymap.NeedsContact|keymap.NeedsRows) != 0 || m.focus == paneList && movesInList(name)
}

func movesInList(name keymap.Name) bool {
	return slices.Contains([]keymap.Name{
		keymap.MoveUp, keymap.MoveDown, keymap.MoveHalfUp, keymap.MoveHalfDown, keymap.MovePageUp, keymap.MovePageDown,
		keymap.MoveTop, keymap.MoveBottom, keymap.SearchUp, keymap.SearchDown, keymap.PaneNext, keymap.PanePrev,
	}, name)
}

// refresh asks the service again.
func (m *Model) refresh() tea.Cmd {
	m.emit(Refreshed{})
	return m.take(m.contacts.Refresh(m.selected))
}

// back is one step back. It stops loading first, then leaves the details, then
// the search; it never quits.
func (m *Model) back() tea.Cmd {
	switch {
	case m.focus == paneDetail:
		m.focusOn(paneList)
	case m.contacts.Stop():
		m.say(screen.Note, "stopped; what was loaded stays")
	case !m.query().Empty() || m.search.input.Value() != "":
		return m.clearSearch()
	default:
		m.emit(Back{})
	}
	return nil
}
