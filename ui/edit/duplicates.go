package edit

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/request"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/work"
)

// duplicatesShown is how many likely duplicates are named.
const duplicatesShown = 3

// duplicates are loaded contacts that may be the one being typed.
type duplicates struct {
	request request.Slot
	found   []int64
	notes   []string
}

// findDuplicates searches the loaded contacts for the one that is being typed,
// without a request to the service and without stopping anybody.
func (m *Model) findDuplicates() tea.Cmd {
	if m.kind != work.DraftCreate {
		return nil
	}
	ctx, seq := m.dups.request.Begin(m.o.Context, m.o.Now())
	return findTwins(ctx, m.o.Contacts, m.form.Patch().Apply(model.Contact{}), m.own(), seq)
}

func findTwins(ctx context.Context, all model.Snapshot, c model.Contact, o own, seq uint64) tea.Cmd {
	return func() tea.Msg {
		twins, err := search.Twins(ctx, all, c, duplicatesShown)
		msg := duplicatesMsg{own: o, seq: seq}
		if err != nil {
			return msg
		}
		for _, t := range twins {
			if c, err := all.At(t.Slot).Unpack(); err == nil {
				msg.twins, msg.found = append(msg.twins, t), append(msg.found, c)
			}
		}
		return msg
	}
}

func (m *Model) onDuplicates(msg duplicatesMsg) {
	if !m.dups.request.Take(msg.seq) {
		return
	}
	m.dups.found, m.dups.notes = nil, nil
	for i, c := range msg.found {
		m.dups.found = append(m.dups.found, c.ID())
		var why []string
		for _, r := range msg.twins[i].Reasons {
			why = append(why, r.String())
		}
		m.dups.notes = append(m.dups.notes, text.Join(" · ", text.Name(c),
			plain.Clean(c.Get(model.FieldEmail).String()), strings.Join(why, ", ")))
	}
	if len(m.dups.notes) > 0 {
		head := "Already in the list? " + m.o.Keys.Key(keymap.FormTwin) + " opens the first one (your draft is kept)"
		m.dups.notes = append([]string{head}, m.dups.notes...)
	}
	m.showNotes()
	if m.preview != nil {
		m.preview.SetNotes(m.previewNotes())
	}
}

// openDuplicate leaves the new contact as a draft and shows the likeliest
// duplicate.
func (m *Model) openDuplicate() (tea.Cmd, []screen.Event) {
	if len(m.dups.found) == 0 {
		return nil, nil
	}
	m.goTo = m.dups.found[0]
	if m.Dirty() {
		return m.keepFor(leaving)
	}
	id := m.goTo
	cmd, events := m.end(Ended{})
	return cmd, append(events, TwinChosen{id})
}
