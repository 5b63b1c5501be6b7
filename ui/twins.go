package ui

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"levcontacts/internal/plain"
	"levcontacts/model"
	"levcontacts/model/search"
	"levcontacts/ui/widget/keymap"
	"levcontacts/work"
)

// twinsShown is how many likely twins are named while a contact is typed.
const twinsShown = 3

type twinsMsg struct {
	seq   uint64
	twins []search.Twin
}

// lookForTwins searches the book for the contact that is being typed, without
// a request and without stopping anybody.
func (m *Model) lookForTwins() tea.Cmd {
	e := &m.edit
	if e.kind != work.DraftCreate || e.form == nil {
		return nil
	}
	ctx, seq := e.twins.Begin(m.ctx, m.o.Now())
	return findTwins(ctx, m.shelf.book.Snapshot(), e.form.Patch().Apply(model.Contact{}), seq)
}

func findTwins(ctx context.Context, snap model.Snapshot, c model.Contact, seq uint64) tea.Cmd {
	return func() tea.Msg {
		twins, err := search.Twins(ctx, snap, c, twinsShown)
		if err != nil {
			return twinsMsg{seq: seq}
		}
		return twinsMsg{seq, twins}
	}
}

func (m *Model) onTwins(msg twinsMsg) {
	e := &m.edit
	if !e.twins.Take(msg.seq) || e.form == nil {
		return
	}
	var notes []string
	e.twinIDs = nil
	for _, t := range msg.twins {
		p, ok := m.shelf.book.Find(t.ID)
		if !ok {
			continue
		}
		e.twinIDs = append(e.twinIDs, t.ID)
		var why []string
		for _, r := range t.Reasons {
			why = append(why, r.String())
		}
		notes = append(notes, "already here? "+joinNonEmpty(" · ", plain.Clean(p.Name()), plain.Clean(p.Get(model.FieldEmail).String()), strings.Join(why, ", ")))
	}
	if len(notes) > 0 {
		notes = append(notes, m.keys.Key(keymap.FormTwin)+" goes there; what you typed is kept as a draft")
	}
	e.form.SetNotes(notes)
}

// goToTwin leaves the new contact as a draft and shows the likeliest twin.
func (m *Model) goToTwin() tea.Cmd {
	e := &m.edit
	if len(e.twinIDs) == 0 || e.saving.Busy() {
		return nil
	}
	id, typed := e.twinIDs[0], e.dirty()
	keep := m.keepDraft(false)
	m.closeEdit()
	if typed {
		m.say(toastNote, "what you typed is kept as a draft; "+m.keys.Key(keymap.Drafts)+" opens it again")
	}
	return tea.Batch(keep, m.goTo(id))
}
