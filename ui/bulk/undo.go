package bulk

import (
	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/reader"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
	"github.com/levcontacts/levcontacts/work"
)

// askUndo looks at the contacts of a bulk edit as the local copy has them, to show
// what its undo changes and what it leaves out.
func (m *Model) askUndo(msg askUndoMsg) tea.Cmd {
	ctx, seq := m.reading.Begin(m.o.Context, m.o.Now())
	b := m.o.Backend
	undo := inverse(msg.items)
	ids := make([]int64, len(undo))
	for i, it := range undo {
		ids[i] = it.ContactID
	}
	return func() tea.Msg {
		now, err := b.CopyContacts(ctx, ids)
		if err != nil {
			now = nil // what others changed is found when it is sent
		}
		return undoTableMsg{seq: seq, run: msg.run, items: undo, now: now}
	}
}

// onUndoTable shows the undo of a bulk edit as a table, to start it from.
func (m *Model) onUndoTable(msg undoTableMsg) []screen.Event {
	if !m.reading.Take(msg.seq) {
		return nil
	}
	now := map[int64]model.Contact{}
	for _, p := range msg.now {
		if c, err := p.Unpack(); err == nil {
			now[c.ID()] = c
		}
	}
	var send []work.BulkItem
	var rows, left []reader.Line
	for _, it := range msg.items {
		name := plain.Clean(it.Name)
		if c, held := now[it.ContactID]; held {
			rest, conflicts := model.Merge(it.Patch, c)
			if len(conflicts) > 0 {
				field := conflicts[0].Field
				left = append(left, reader.Line{Role: theme.Attention, Left: name, Text: text.Label(field.Def().Label) +
					" is " + shown(c.Get(field)) + " now"})
				continue
			}
			if rest.Empty() {
				left = append(left, reader.Line{Role: theme.Dim, Left: name, Text: "has its earlier values already"})
				continue
			}
		}
		send = append(send, it)
		for _, ch := range it.Patch.Changes() {
			rows = append(rows, reader.Line{Left: name,
				Text: text.Label(ch.Field.Def().Label) + " " + shown(ch.Before) + " → " + shown(ch.After)})
		}
	}
	first := reader.Line{Text: "Nothing is left to undo"}
	if len(send) > 0 {
		first = reader.Line{Role: theme.Accent, Msg: undoMsg{run: msg.run, items: send}, Text: "undo it: " +
			text.Plural(len(send), "contact") + ", about " + text.Duration(m.o.Backend.EstimateChanges(len(send))) +
			" at this account's limits"}
	}
	lines := append([]reader.Line{first, {}}, rows...)
	if len(left) > 0 {
		lines = append(lines, reader.Line{}, reader.Line{Heading: true, Text: "Left out, because they changed since"})
		lines = append(lines, left...)
	}
	return []screen.Event{screen.Open{When: screen.IfFree, Overlay: reader.Open(reader.Options{
		Title: "Undo of " + plain.Clean(msg.run.Title), Lines: lines, Foot: "enter undo   / search   esc close"})}}
}

func shown(v model.Value) string {
	if v.Empty() {
		return "(empty)"
	}
	return plain.Clean(v.String())
}
