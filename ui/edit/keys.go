package edit

import (
	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/form"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/work"
)

// typed gives what the user typed to the innermost part.
func (m *Model) typed(msg tea.Msg) (tea.Cmd, []screen.Event) {
	key, isKey := msg.(tea.KeyPressMsg)
	switch {
	case m.state == saving:
		if isKey {
			m.stopKey(key)
		}
		return nil, nil
	case m.state == keeping:
		if _, paste := msg.(tea.PasteMsg); isKey || paste {
			m.ahead = append(m.ahead, msg)
		}
		return nil, nil
	case isKey:
		if a, ok := m.o.Keys.Find(key.String(), m.Scope()); ok {
			if b, ok := screen.Lookup(actions(), a.Name); ok && b.Do != nil {
				return b.Do(m)
			}
		}
	}
	switch {
	case m.conflict != nil:
		return m.onIntent(m.conflict.Update(msg))
	case m.preview != nil:
		return m.onIntent(m.preview.Update(msg))
	}
	from := m.form.Field()
	cmd, intent := m.form.Update(msg)
	if m.form.Field() != from && m.Dirty() {
		cmd = tea.Batch(cmd, m.keepSoon()) // the draft also says where the cursor is
	}
	after, events := m.onIntent(intent)
	return tea.Batch(cmd, after), events
}

// stopKey takes a key while a save is on its way: only to stop it means
// something. The answer is waited for, because it says what became of the save.
func (m *Model) stopKey(key tea.KeyPressMsg) {
	if a, _ := m.o.Keys.Find(key.String(), m.Scope()); a.Name == keymap.FieldLeave || a.Name == keymap.FormLeave {
		m.Stop()
	}
}

// Stop asks the write that is on its way to end early. Its answer still counts.
func (m *Model) Stop() {
	if m.turn != nil { // nothing was sent
		m.turn, m.state = nil, typing
		m.form.Freeze(false)
		return
	}
	if m.kind != work.DraftBulk {
		m.request.Interrupt()
	}
}

// onIntent turns what a widget asks for into what happens.
func (m *Model) onIntent(intent form.Intent) (tea.Cmd, []screen.Event) {
	switch intent {
	case form.Changed:
		return tea.Batch(m.keepSoon(), m.findDuplicates()), nil
	case form.SaveAsked:
		return m.saveAsked()
	case form.LeaveAsked:
		return m.leaveAsked()
	case form.SaveConfirmed:
		return m.save()
	case form.EditorAsked:
		return m.openEditor()
	case form.Decided:
		return m.conflictsDecided()
	case form.Back:
		if m.table != nil {
			return m.leaveTable()
		}
		m.preview, m.conflict, m.state = nil, nil, typing
		if m.onlyShown() {
			return m.end(Ended{})
		}
	}
	return nil, nil
}
