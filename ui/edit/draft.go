package edit

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/menu"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/work"
)

// draftDelay is how long after a key the draft is written, and draftEvery how
// often it is while somebody types on: together well within the second that may
// be lost to a crash, and not on every key.
const (
	draftDelay = 250 * time.Millisecond
	draftEvery = 500 * time.Millisecond
)

// draft is what an edit knows of its draft.
type draft struct {
	id       string
	kept     bool // it may be on disk
	seq      uint64
	at       time.Time  // when it was last written
	last     work.Draft // the newest that is known to have been written
	err      error      // why the last writing failed
	notSent  bool       // a save of it could not reach the service
	problem  string     // why the last save was refused
	absorbed []string   // drafts of single fields that the form took over
}

// purpose is what a draft is written for.
type purpose uint8

const (
	typingOn purpose = iota
	asked            // the parent waits for it
	leaving
	starting // a bulk run takes it over
)

func keepDraft(ctx context.Context, b Backend, d work.Draft, o own, then purpose) tea.Cmd {
	return func() tea.Msg { return keptMsg{o, d, then, b.KeepDraft(ctx, d)} }
}

func discardDrafts(ctx context.Context, b Backend, ids []string, o own) tea.Cmd {
	return func() tea.Msg {
		msg := discardedMsg{own: o}
		for _, id := range ids {
			if err := b.DiscardDraft(ctx, id); err != nil {
				msg.err = err
				continue
			}
			msg.drafts = append(msg.drafts, id)
		}
		return msg
	}
}

// Draft is what was typed, as a draft that is opened again at the next start.
// ok is false when nothing was typed.
func (m *Model) Draft() (d work.Draft, ok bool) {
	if !m.Dirty() {
		return work.Draft{}, false
	}
	field := m.field
	if m.kind != work.DraftField {
		field = m.form.Field()
	}
	return work.Draft{ID: m.draft.id, Kind: m.kind, ContactID: m.base.ID(), Field: field, Base: m.base,
		Values: m.form.Draft(), Key: m.key, Note: m.note.before, Company: m.company.chosen,
		Updated: m.o.Now(), Mine: true, Open: true, NotSent: m.draft.notSent, Problem: m.draft.problem}, true
}

// Keep writes what was typed now, such as before the program quits; DraftKept
// or DraftNotKept follows. It is nil when nothing was typed.
func (m *Model) Keep() tea.Cmd { return m.keep(asked) }

// keep writes what was typed. What was typed and taken back is forgotten, so that it
// does not come back at the next start. Writes may end in another order than they began:
// what was typed last counts.
func (m *Model) keep(then purpose) tea.Cmd {
	m.draft.seq++
	d, ok := m.Draft()
	switch {
	case ok:
		d.Open = then != leaving
		m.draft.kept, m.draft.at = true, d.Updated
		return keepDraft(m.o.Context, m.o.Backend, d, m.own(), then)
	case m.draft.kept && m.state != ended:
		m.draft.kept, m.draft.at = false, m.o.Now()
		d = work.Draft{ID: m.draft.id, TakenBack: true, Updated: m.draft.at}
		return keepDraft(m.o.Context, m.o.Backend, d, m.own(), then)
	}
	return nil
}

// keepSoon writes the draft shortly after the last key.
func (m *Model) keepSoon() tea.Cmd {
	m.draft.seq++
	return m.o.After(draftDelay, draftDueMsg{m.own(), m.draft.seq})
}

// onDraftDue writes the draft also when more was typed since: somebody who does
// not pause would otherwise have nothing on disk.
func (m *Model) onDraftDue(msg draftDueMsg) tea.Cmd {
	typingOnward := msg.seq != m.draft.seq
	if m.state == keeping || m.state == saving || typingOnward && m.o.Now().Sub(m.draft.at) < draftEvery {
		return nil
	}
	return m.keep(typingOn)
}

// keepFor writes the draft before something goes on.
func (m *Model) keepFor(then purpose) (tea.Cmd, []screen.Event) {
	cmd := m.keep(then)
	if _, ok := m.Draft(); !ok {
		end, events := m.end(Ended{})
		return tea.Batch(cmd, end), events
	}
	m.state = keeping
	return cmd, nil
}

// onKept takes the answer to the writing of the draft.
func (m *Model) onKept(msg keptMsg) (tea.Cmd, []screen.Event) {
	if msg.draft.Updated.Before(m.draft.last.Updated) { // a later one is on the disk
		if msg.then != asked {
			return nil, nil
		}
		msg.draft, msg.err = m.draft.last, nil
	}
	first := m.draft.err == nil
	m.draft.err = msg.err
	warning := m.owner() + " draft"
	if msg.err == nil {
		m.draft.last = msg.draft
		var written screen.Event = DraftKept{msg.draft, msg.then == asked}
		if msg.draft.TakenBack {
			written = DraftDiscarded{m.draft.id, msg.then == asked}
		}
		events := []screen.Event{screen.Retract{Owner: warning}, written}
		cmd, more := m.afterKeep(msg.then)
		return cmd, append(events, more...)
	}
	why := text.Error(model.AsError("keep the draft", msg.err))
	events := []screen.Event{DraftNotKept{m.draft.id, msg.err, msg.then == asked}}
	if msg.then == leaving && m.state == keeping {
		m.state, m.ahead, m.goTo = typing, nil, 0
		return nil, append(events, m.askToLose(why))
	}
	if msg.then == starting && m.state == keeping {
		m.state = previewing
	}
	if first || msg.then != typingOn {
		events = append(events, screen.Say{Message: screen.Message{Owner: warning, Level: screen.Failure,
			Text: "What you typed cannot be kept as a draft: it is only on this screen. " + why}})
	}
	return nil, events
}

// afterKeep goes on with what the draft was written for.
func (m *Model) afterKeep(then purpose) (tea.Cmd, []screen.Event) {
	switch {
	case m.state != keeping:
	case then == leaving:
		return m.left()
	case then == starting:
		m.state = saving
		_, _ = m.request.Begin(m.o.Context, m.o.Now())
		return nil, []screen.Event{BulkAsked{Title: fieldWords(m.form.Draft()), Items: m.items, DraftID: m.draft.id}}
	}
	return nil, nil
}

// askToLose asks before text is lost that cannot be kept.
func (m *Model) askToLose(why string) screen.Event {
	return screen.Open{Overlay: menu.Open(menu.Options{
		Title: "What you typed cannot be kept as a draft",
		Foot:  why,
		Items: []menu.Item{
			{Text: "Keep editing", Key: "k"},
			{Text: "Try again to keep it, and leave", Key: "a", Msg: leaveMsg{m.own()}},
			{Text: "Leave and lose what I typed", Key: "l", Msg: discardMsg{m.own()}},
		},
		CloseLabel: "keep editing",
	}), When: screen.WhenFree, Over: m.ID()}
}
