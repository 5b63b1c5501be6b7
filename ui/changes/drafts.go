package changes

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/question"
	"github.com/levcontacts/levcontacts/ui/widget/reader"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/work"
)

func readDrafts(ctx context.Context, b Backend) tea.Cmd {
	return func() tea.Msg {
		all, err := b.Drafts(ctx)
		return draftsMsg{drafts: all, err: err}
	}
}

// onDrafts takes the drafts of earlier runs. One whose editor was open when
// that run ended is opened again.
func (m *Model) onDrafts(msg draftsMsg) []screen.Event {
	if msg.err != nil {
		return []screen.Event{unreadable("Drafts", msg.err)}
	}
	newer := m.drafts // typed before the response came
	msg.drafts = slices.DeleteFunc(msg.drafts, func(d work.Draft) bool { return slices.Contains(m.removed, d.ID) })
	m.drafts = slices.Clone(msg.drafts)
	for _, d := range slices.Backward(newer) {
		m.remember(d)
	}
	if len(msg.drafts) == 0 {
		return nil
	}
	events := []screen.Event{DraftsChanged{}}
	for _, d := range msg.drafts {
		if d.Open && !d.Mine {
			return append(events, OpenDraft{Draft: d, Resumed: true})
		}
	}
	return append(events, m.NotResumed()...)
}

// Resumed reports that an edit was opened again.
func (m *Model) Resumed() []screen.Event {
	return []screen.Event{m.setWaitingDrafts("Reopened the edit that you had not finished")}
}

// NotResumed reports that drafts wait, because none was opened again.
func (m *Model) NotResumed() []screen.Event {
	return []screen.Event{m.setWaitingDrafts(text.Plural(len(m.drafts), "draft") + " not saved yet; " +
		m.o.Keys.Key(keymap.Drafts) + " shows them")}
}

func (m *Model) setWaitingDrafts(drafts string) screen.Event {
	m.waitingDrafts = drafts
	return m.waiting()
}

func (m *Model) waiting() screen.Event {
	return Waiting{text.Join(" · ", m.waitingDrafts, m.waitingUnknown)}
}

// Drafts are the drafts that wait, newest first.
func (m *Model) Drafts() []work.Draft { return slices.Clone(m.drafts) }

// DraftsOf are the drafts of a contact, newest first, without those that have an editor:
// they may be on their way to the service just now.
func (m *Model) DraftsOf(contact int64) []work.Draft {
	return slices.DeleteFunc(m.Drafts(), func(d work.Draft) bool {
		return d.ContactID != contact || contact == 0 || slices.Contains(m.open, d.ID)
	})
}

// DraftNotes describes of every contact with a draft what its details say of it.
func (m *Model) DraftNotes() map[int64]string {
	notes := map[int64]string{}
	for _, d := range slices.Backward(m.drafts) {
		switch {
		case d.ContactID == 0:
		case d.Kind == work.DraftNote:
			notes[d.ContactID] = "a note waits as a draft; " + m.o.Keys.Key(keymap.Drafts) + " lists drafts"
		case d.NotSent:
			notes[d.ContactID] = "not sent yet; " + m.o.Keys.Key(keymap.ContactEdit) + " opens it"
		default:
			notes[d.ContactID] = "a draft waits here; " + m.o.Keys.Key(keymap.ContactEdit) + " opens it"
		}
	}
	return notes
}

// Unsent counts the edits that were to be saved and could not be sent.
func (m *Model) Unsent() int {
	n := 0
	for _, d := range m.drafts {
		if d.NotSent {
			n++
		}
	}
	return n
}

// PutDraft takes a draft that an editor has stored.
func (m *Model) PutDraft(d work.Draft) []screen.Event {
	m.remember(d)
	m.relist()
	return []screen.Event{DraftsChanged{}}
}

func (m *Model) remember(d work.Draft) {
	if i := slices.IndexFunc(m.drafts, isDraft(d.ID)); i >= 0 {
		m.drafts[i] = d
		return
	}
	m.drafts = append([]work.Draft{d}, m.drafts...)
}

// RemoveDraft forgets a draft that an editor has dropped. A change of it that
// got no response ends with it.
func (m *Model) RemoveDraft(id string) []screen.Event {
	m.removed = append(m.removed, id)
	if !slices.ContainsFunc(m.drafts, isDraft(id)) {
		return nil
	}
	m.drafts = slices.DeleteFunc(m.drafts, isDraft(id))
	m.relist()
	return append(m.Withdraw(id), DraftsChanged{})
}

// Withdraw ends the question about the change of a draft: nobody wants the change
// any more.
func (m *Model) Withdraw(draftID string) (events []screen.Event) {
	for _, e := range m.unknown {
		if e.DraftID == draftID {
			events = append(events, m.Settled(e.ID)...)
		}
	}
	return events
}

// SetOpen names the drafts that have an editor. They cannot be opened or
// discarded in the list.
func (m *Model) SetOpen(ids ...string) {
	m.open = ids
	m.relist()
}

func isDraft(id string) func(work.Draft) bool {
	return func(d work.Draft) bool { return d.ID == id }
}

// showDrafts lists the drafts that wait.
func (m *Model) showDrafts() (tea.Cmd, []screen.Event) {
	m.listing = reader.Open(reader.Options{Title: "Drafts", Lines: m.draftLines(), Stays: true})
	return nil, []screen.Event{screen.Open{Overlay: m.listing}}
}

func (m *Model) relist() {
	if m.listing != nil {
		m.listing.SetLines(m.draftLines())
	}
}

func (m *Model) draftLines() []reader.Line {
	var lines []reader.Line
	for _, d := range m.drafts {
		notSent := ""
		if d.NotSent {
			notSent = "not sent"
		}
		l := reader.Line{Text: text.Join(" · ", DraftTitle(d), plain.Ago(d.Updated, m.o.Now()), notSent,
			plain.Clean(d.Problem))}
		if slices.Contains(m.open, d.ID) {
			l.Text += " · being saved"
		} else {
			l.Msg, l.Discard = openDraftMsg{id: d.ID}, askDiscardMsg{id: d.ID}
		}
		lines = append(lines, l)
	}
	if len(lines) == 0 {
		lines = []reader.Line{{Text: "No drafts"}}
	}
	return lines
}

// DraftTitle names a draft.
func DraftTitle(d work.Draft) string {
	switch d.Kind {
	case work.DraftCreate:
		if c := model.Diff(model.Contact{}, d.Values).Apply(model.Contact{}); c.HasName() {
			return "new contact " + text.Name(c)
		}
		return "new contact"
	case work.DraftField:
		return text.Name(d.Base) + ", " + d.Field.Def().Label
	case work.DraftNote:
		return "note on " + text.Name(d.Base)
	case work.DraftBulk:
		return "edit of several contacts"
	default:
		return text.Name(d.Base) + ", " + text.Plural(len(d.Values), "field")
	}
}

func (m *Model) draft(id string) (work.Draft, bool) {
	i := slices.IndexFunc(m.drafts, isDraft(id))
	if i < 0 || slices.Contains(m.open, id) {
		return work.Draft{}, false
	}
	return m.drafts[i], true
}

func (m *Model) openDraft(id string) []screen.Event {
	d, ok := m.draft(id)
	if !ok {
		return nil
	}
	var events []screen.Event
	if m.listing != nil {
		events = append(events, screen.Close{Overlay: m.listing})
		m.listing = nil
	}
	return append(events, OpenDraft{Draft: d})
}

func (m *Model) askDiscard(id string) []screen.Event {
	d, ok := m.draft(id)
	if !ok {
		return nil
	}
	q := question.Open(question.Options{Title: "Discard this draft?",
		Lines: []string{DraftTitle(d), "What was typed cannot be brought back."},
		Yes:   discardMsg{id: id}}, m.o.Keys)
	return []screen.Event{screen.Open{Overlay: q}}
}

func (m *Model) discard(id string) (tea.Cmd, []screen.Event) {
	d, ok := m.draft(id)
	if !ok {
		return nil, nil
	}
	events := m.RemoveDraft(id)
	return discardDraft(m.o.Context, m.o.Backend, d), events
}

func discardDraft(ctx context.Context, b Backend, d work.Draft) tea.Cmd {
	return func() tea.Msg { return discardedMsg{draft: d, err: b.DiscardDraft(ctx, d.ID)} }
}

// onDiscarded brings back a draft that could not be dropped.
func (m *Model) onDiscarded(msg discardedMsg) []screen.Event {
	if msg.err == nil {
		return nil
	}
	return append(m.PutDraft(msg.draft), failure("discard a draft", msg.err))
}
