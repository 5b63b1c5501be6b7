package edit

import (
	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/menu"
	"github.com/levcontacts/levcontacts/work"
)

// leaveAsked leaves the edit. A field in place leaves its draft behind; leaving
// a form that was typed into asks first, and to keep editing is the default.
func (m *Model) leaveAsked() (tea.Cmd, []screen.Event) {
	switch {
	case !m.Dirty():
		return m.end(Ended{})
	case m.kind == work.DraftField:
		return m.keepFor(leaving)
	}
	return nil, []screen.Event{screen.Open{Overlay: menu.Open(menu.Options{
		Title: "What you typed is not saved",
		Items: []menu.Item{
			{Text: "Keep editing", Key: "k"},
			{Text: "Leave, and keep it as a draft", Key: "l", Msg: leaveMsg{m.own()}},
			{Text: "Discard what I typed", Key: "d", Msg: discardMsg{m.own()}},
		},
		CloseLabel: "keep editing",
	})}}
}

// left ends the edit with its draft on disk.
func (m *Model) left() (tea.Cmd, []screen.Event) {
	words := "Kept as a draft; " + m.o.Keys.Key(keymap.Drafts) + " lists drafts"
	if m.kind == work.DraftField {
		words = "Kept as a draft; edit the field again to go on, " + m.o.Keys.Key(keymap.FormRevert) +
			" there restores it, " +
			m.o.Keys.Key(keymap.Drafts) + " lists drafts"
	}
	goTo := m.goTo
	cmd, events := m.end(Ended{Outcome: Kept})
	events = append(events, said(screen.Note, words))
	if goTo != 0 {
		events = append(events, TwinChosen{goTo})
	}
	return cmd, events
}

// end is the one end of an edit: its requests, its messages and, unless it was
// kept, its draft end with it.
func (m *Model) end(e Ended) (tea.Cmd, []screen.Event) {
	m.request.Stop()
	m.dups.request.Stop()
	e.ID, e.Kind, e.Typed = m.draft.id, m.kind, m.ahead
	if e.ContactID == 0 {
		e.ContactID = m.base.ID()
	}
	m.state, m.preview, m.conflict = ended, nil, nil
	events := []screen.Event{screen.Retract{Owner: m.owner()}, screen.Retract{Owner: m.owner() + " draft"}}
	var gone []string
	switch {
	case e.Outcome == Kept:
	case e.Outcome == BulkStarted: // the run has taken the draft over
		events = append(events, DraftDiscarded{ID: m.draft.id})
	case m.draft.kept:
		gone = append(gone, m.draft.id)
	case !m.draft.at.IsZero(): // what was typed was taken back
		events = append(events, DraftDiscarded{ID: m.draft.id})
	}
	if e.Outcome != Kept {
		gone = append(gone, m.draft.absorbed...)
	}
	var cmd tea.Cmd
	if len(gone) > 0 {
		cmd = discardDrafts(m.o.Context, m.o.Backend, gone, m.own())
	}
	return cmd, append(events, e)
}
