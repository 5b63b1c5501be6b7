package edit

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/work"
)

// Msg is a message of this package. Edit is the ID of the edit it is for.
type Msg interface{ Edit() string }

type own struct{ id string }

// Edit implements Msg.
func (o own) Edit() string { return o.id }

// RetryMsg saves again what was to be saved before the sign-in.
type RetryMsg struct{ own }

type savedMsg struct {
	own
	seq   uint64
	saved work.Saved
	err   error
	note  work.NoteSaved
	kept  keptMsg // the draft, written before anything was sent
}

type settledMsg struct {
	own
	seq       uint64
	contactID int64
	err       error
}

type keptMsg struct {
	own
	draft work.Draft
	then  purpose
	err   error
}

type discardedMsg struct {
	own
	drafts []string // that exist no longer
	err    error
}

type featuresMsg struct {
	own
	features work.Features
}

type draftDueMsg struct {
	own
	seq uint64
}

type duplicatesMsg struct {
	own
	seq   uint64
	twins []search.Twin
	found []model.Contact
}

// What the user chose in a menu or typed into a prompt.
type (
	leaveMsg    struct{ own } // keep the draft and leave
	discardMsg  struct{ own }
	existingMsg struct {
		own
		contactID int64
	}
	createAnywayMsg struct{ own }
	askedAgainMsg   struct{ own } // the question was closed without an answer
)

func (m *Model) own() own { return own{m.draft.id} }

// Late is what the answer to an edit that has ended means: that its drafts are
// discarded, or that they could not be.
func Late(msg Msg) []screen.Event {
	d, ok := msg.(discardedMsg)
	if !ok {
		return nil
	}
	var events []screen.Event
	for _, id := range d.drafts {
		events = append(events, DraftDiscarded{ID: id})
	}
	if d.err != nil {
		events = append(events, said(screen.Failure,
			"The draft could not be discarded: "+text.Error(model.AsError("discard the draft", d.err))))
	}
	return events
}

// Init begins what an edit does by itself.
func (m *Model) Init() tea.Cmd {
	if m.note.deletes {
		cmd, _ := m.save()
		return cmd
	}
	return tea.Batch(m.findDuplicates(), m.readCompanies(), askFeatures(m.o.Context, m.o.Backend, m.own()))
}

func askFeatures(ctx context.Context, b Backend, o own) tea.Cmd {
	return func() tea.Msg { return featuresMsg{o, b.Features(ctx)} }
}

// onFeatures says of a field before the save that the service does not change it.
func (m *Model) onFeatures(msg featuresMsg) {
	if m.base.ID() == 0 && m.kind != work.DraftBulk {
		return // a new contact can have any value
	}
	m.fixed = msg.features.Fixed
	m.form.SetFixed(m.fixed)
	if m.preview != nil {
		m.preview.SetNotes(m.previewNotes())
	}
}

// Update takes a message of this package, and what the user types into the
// edit; clicks relative to its place.
func (m *Model) Update(msg tea.Msg) (tea.Cmd, []screen.Event) {
	own, ok := msg.(Msg)
	switch {
	case ok && own.Edit() != m.draft.id:
		return nil, nil
	case m.state == ended:
		if ok {
			return nil, Late(own)
		}
		return nil, nil
	case !ok:
		return m.typed(msg)
	}
	if m.state == saving || m.state == keeping {
		switch msg.(type) {
		case RetryMsg, leaveMsg, discardMsg, companyMsg, noteOverMsg: // of a question that is not open any more
			return nil, nil
		}
	}
	switch msg := msg.(type) {
	case savedMsg:
		return m.onSaved(msg)
	case settledMsg:
		return m.onSettled(msg)
	case keptMsg:
		return m.onKept(msg)
	case discardedMsg:
		return nil, Late(msg)
	case draftDueMsg:
		return m.onDraftDue(msg), nil
	case duplicatesMsg:
		m.onDuplicates(msg)
	case featuresMsg:
		m.onFeatures(msg)
	case RetryMsg:
		return m.retry()
	case leaveMsg:
		return m.keepFor(leaving)
	case discardMsg:
		return m.end(Ended{Outcome: Discarded})
	case existingMsg:
		return m.settle(msg.contactID)
	case createAnywayMsg:
		return m.createAnyway()
	case editedMsg:
		return m.onEdited(msg)
	case noteOverMsg:
		return m.saveOver()
	case askedAgainMsg:
		m.unask()
	case companyMsg:
		return m.onCompany(msg.company)
	case companiesMsg:
		return nil, m.onCompanies(msg)
	case nameCompanyMsg:
		return nil, m.nameCompany()
	case createCompanyMsg:
		return m.createCompany(msg.company)
	case companyMadeMsg:
		return m.onCompanyMade(msg)
	case tableMsg:
		return m.onTable(msg)
	}
	return nil, nil
}
