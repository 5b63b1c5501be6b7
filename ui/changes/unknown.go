package changes

import (
	"context"
	"errors"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/menu"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/work"
)

// decision is what the user decided about a change that did not arrive.
type decision uint8

const (
	later decision = iota
	sendNow
	openDraftFirst // its draft
	goToContact    // its contact
	forget
)

func readUnresolved(ctx context.Context, b Backend) tea.Cmd {
	return func() tea.Msg {
		all, err := b.Unresolved(ctx)
		return unresolvedMsg{entries: all, err: err}
	}
}

func resolve(ctx context.Context, b Backend, e work.Entry, seq uint64) tea.Cmd {
	return func() tea.Msg {
		r, err := b.Resolve(ctx, e)
		return resolvedMsg{seq: seq, entry: e, resolution: r, err: err}
	}
}

func send(ctx context.Context, b Backend, e work.Entry) tea.Cmd {
	return func() tea.Msg {
		saved, err := b.SendNow(ctx, e.ID)
		return sentMsg{entry: e, saved: saved, err: err}
	}
}

// onUnresolved begins to check the changes that got no response.
// The contacts of a bulk edit are looked at when it is resumed.
func (m *Model) onUnresolved(msg unresolvedMsg) (tea.Cmd, []screen.Event) {
	if msg.err != nil {
		return nil, []screen.Event{unreadable("The journal", msg.err)}
	}
	m.unknown = without(msg.entries, func(e work.Entry) bool { return e.Elsewhere || e.Run != "" })
	if len(m.unknown) == 0 {
		return nil, nil
	}
	m.waitingUnknown = "Checking " + text.Plural(len(m.unknown), "change") + " that never got a response"
	return m.checkNext(), []screen.Event{m.waiting()}
}

// checkNext checks the next change, one at a time.
func (m *Model) checkNext() tea.Cmd {
	if len(m.unknown) == 0 || m.checking.Busy() || m.askedEntry != "" {
		return nil
	}
	ctx, seq := m.checking.Begin(m.o.Context, m.o.Now())
	return resolve(ctx, m.o.Backend, m.unknown[0], seq)
}

// Retry looks again after the service could not be reached.
func (m *Model) Retry() tea.Cmd { return m.checkNext() }

// check checks one change, as the user asked.
func (m *Model) check(e work.Entry) (tea.Cmd, []screen.Event) {
	m.unknown = append([]work.Entry{e}, without(m.unknown, isEntry(e.ID))...)
	m.checking.Stop()
	m.askedEntry = ""
	return m.checkNext(), nil
}

// Settled ends a change whose outcome the user has said elsewhere: in the form
// that saved it again.
func (m *Model) Settled(entryID string) []screen.Event {
	m.unknown = without(m.unknown, isEntry(entryID))
	if m.askedEntry != entryID || m.askMenu == nil {
		return nil
	}
	menu := m.askMenu
	m.askMenu, m.askedEntry = nil, ""
	return []screen.Event{screen.Close{Overlay: menu}}
}

func (m *Model) onResolved(msg resolvedMsg) (tea.Cmd, []screen.Event) {
	if !m.checking.Take(msg.seq) {
		return nil, nil
	}
	e := msg.entry
	if !slices.ContainsFunc(m.unknown, isEntry(e.ID)) {
		return m.checkNext(), nil // the user has decided it meanwhile
	}
	if msg.err != nil {
		return m.onNotResolved(e, msg.err)
	}
	r := msg.resolution
	if r.Finding == work.FoundMissing && r.Entry.Result.Open() || len(r.Candidates) > 0 {
		m.askedEntry = e.ID
		m.askMenu = m.candidates(e, r.Candidates)
		if len(r.Candidates) == 0 {
			m.askMenu = m.missing(e)
		}
		return nil, []screen.Event{screen.Open{Overlay: m.askMenu, When: screen.WhenFree}}
	}
	m.unknown = without(m.unknown, isEntry(e.ID))
	events := m.found(e, r)
	drop, changed := m.discardSaved(r)
	if r.Finding == work.FoundSaved && e.Kind.OfNote() {
		drop, changed = m.discardNote(e)
	}
	return tea.Batch(drop, m.checkNext()), append(events, changed...)
}

// onNotResolved continues where that helps; an entry that could not be looked at
// stays in the journal.
func (m *Model) onNotResolved(e work.Entry, err error) (tea.Cmd, []screen.Event) {
	switch {
	case errors.Is(err, work.ErrElsewhere):
		m.unknown = without(m.unknown, isEntry(e.ID))
		return m.checkNext(), nil
	case errors.Is(err, work.ErrCannotLook):
		m.unknown = without(m.unknown, isEntry(e.ID))
		return m.checkNext(), []screen.Event{say(screen.Failure, "We never got a response for "+subject(e)+
			", so the contact may already exist. Check in Lev, then save its draft again to create it.")}
	}
	if refusal, yes := refused(err); yes {
		return nil, []screen.Event{screen.SignIn{Err: refusal, Retry: checkMsg{entry: e}}}
	}
	return nil, []screen.Event{failure("check an earlier change", err)}
}

// found describes what happened to a change about which nothing is to be decided.
func (m *Model) found(e work.Entry, r work.Resolution) []screen.Event {
	name := plain.Clean(e.Name)
	if e.Kind == work.KindRequest {
		return []screen.Event{say(screen.Note,
			"We never got a response for "+name+"; look in Lev whether it was carried out")}
	}
	switch r.Finding {
	case work.FoundSaved:
		words := "Your earlier change to " + name + " did arrive"
		if e.Kind == work.KindCreate {
			words = "Your new contact " + name + " did arrive"
		} else if e.ContactID == 0 || e.Kind.OfNote() {
			words = text.Capital(subject(e)) + " did arrive"
		}
		events := []screen.Event{say(screen.Good, words)}
		if e.Kind.OfNote() {
			sent, _ := e.NoteWrite()
			events = append(events, NotesChanged{e.ContactID}, NoteArrived{e.DraftID, sent.Text})
		}
		if r.Contact.ID() != 0 {
			events = append(events, Put{Contact: r.Contact, Created: e.Kind == work.KindCreate})
		}
		return events
	case work.FoundConflict:
		events := []screen.Event{say(screen.Failure, "Your earlier change to "+name+
			" did not arrive, and someone else changed it since. It is in the history and was not sent again")}
		if r.Contact.ID() != 0 {
			events = append(events, Put{Contact: r.Contact})
		}
		return events
	case work.FoundGone:
		return []screen.Event{say(screen.Failure,
			"Your earlier change to "+name+" did not arrive, and the contact is not there any more")}
	default:
		return []screen.Event{say(screen.Note, "Your earlier change to "+name+" did not arrive; its draft is saved")}
	}
}

// discardSaved drops the drafts of which nothing is left to save.
func (m *Model) discardSaved(r work.Resolution) (tea.Cmd, []screen.Event) {
	if r.Finding != work.FoundSaved || r.Contact.ID() == 0 {
		return nil, nil
	}
	var cmds []tea.Cmd
	var events []screen.Event
	for _, d := range m.DraftsOf(r.Contact.ID()) {
		if d.Kind != work.DraftNote && model.Diff(r.Contact, d.Values).Empty() {
			events = append(events, m.RemoveDraft(d.ID)...)
			cmds = append(cmds, discardDraft(m.o.Context, m.o.Backend, d))
		}
	}
	return tea.Batch(cmds...), events
}

func subject(e work.Entry) string {
	if e.Kind == work.KindCreate {
		return "the new contact " + plain.Clean(e.Name)
	}
	if e.Kind.OfNote() {
		return "the note on " + plain.Clean(e.Name)
	}
	if e.Kind == work.KindRequest {
		return "the request " + plain.Clean(e.Name)
	}
	if e.Kind == work.KindCompanyCreate {
		return "the new company " + plain.Clean(e.Name)
	}
	return "the change to " + plain.Clean(e.Name)
}

// missing asks what is to become of a change that did not arrive.
func (m *Model) missing(e work.Entry) *menu.Menu {
	item := func(key, words, detail string, what decision) menu.Item {
		return menu.Item{Key: key, Text: words, Detail: detail, Msg: decisionMsg{entry: e, what: what}}
	}
	detail := changed(e)
	if e.Kind == work.KindCreate {
		detail = ""
	}
	save := item("s", "save it now", detail, sendNow)
	if m.readOnly != "" {
		save.Off = "read-only: " + m.readOnly
	}
	items := []menu.Item{save}
	if _, ok := m.draft(e.DraftID); ok {
		items = append(items, item("e", "open it and edit it first", "", openDraftFirst))
	}
	if e.ContactID != 0 {
		items = append(items, item("g", "look at the contact first", "", goToContact))
	}
	items = append(items, item("f", "forget it", "it will not be saved", forget), item("l", "decide later", "", later))
	return menu.Open(menu.Options{Title: text.Capital(subject(e)) + " did not arrive", Items: items,
		Foot: "We got no response. Nothing is re-sent until you choose.", OnClose: decisionMsg{entry: e, what: later}})
}

// candidates asks whether one of these is the contact that a create made.
func (m *Model) candidates(e work.Entry, found []model.Contact) *menu.Menu {
	items := Candidates(found, "none of these; it was not created",
		func(id int64) tea.Msg { return candidateMsg{entry: e, id: id} })
	return menu.Open(menu.Options{Title: "Is one of these the contact you created as " + plain.Clean(e.Name) + "?",
		Items: items,
		Foot:  "We got no response. Nothing is re-sent until you choose.", OnClose: decisionMsg{entry: e, what: later}})
}

// Candidates are menu items for contacts, and one for none of them.
func Candidates(found []model.Contact, none string, msg func(id int64) tea.Msg) []menu.Item {
	var items []menu.Item
	for _, c := range found {
		items = append(items, menu.Item{Text: text.Name(c), Detail: plain.Clean(c.Get(model.FieldEmail).String()),
			Msg: msg(c.ID())})
	}
	return append(items, menu.Item{Text: none, Msg: msg(0)})
}

// clearAsked ends the question about an entry.
func (m *Model) clearAsked(e work.Entry) {
	m.askMenu, m.askedEntry = nil, ""
	m.unknown = without(m.unknown, isEntry(e.ID))
}

func (m *Model) onCandidate(msg candidateMsg) (tea.Cmd, []screen.Event) {
	m.clearAsked(msg.entry)
	ctx, b, e, id := m.o.Context, m.o.Backend, msg.entry, msg.id
	settle := do("note what became of an earlier change", "Noted", func() error { return b.Settle(ctx, e.ID, id) })
	cmd := tea.Batch(settle, m.checkNext())
	if id == 0 {
		return cmd, nil
	}
	return cmd, []screen.Event{GoTo{id}}
}

func (m *Model) onDecision(msg decisionMsg) (tea.Cmd, []screen.Event) {
	e := msg.entry
	m.clearAsked(e)
	ctx, b := m.o.Context, m.o.Backend
	next := m.checkNext()
	switch msg.what {
	case sendNow:
		m.sending++
		return tea.Batch(send(ctx, b, e), next), []screen.Event{screen.Retract{Owner: Owner}}
	case openDraftFirst:
		return next, m.openDraft(e.DraftID)
	case goToContact:
		return next, []screen.Event{GoTo{e.ContactID},
			say(screen.Note, text.Capital(subject(e))+" is in the history: check it there again to decide")}
	case forget:
		return tea.Batch(do("forget an earlier change", "Forgotten: "+subject(e),
			func() error { return b.Forget(ctx, e.ID) }), next), nil
	}
	return next, nil
}

// onSent takes the outcome of a change that was sent after all.
func (m *Model) onSent(msg sentMsg) (tea.Cmd, []screen.Event) {
	e, saved := msg.entry, msg.saved
	m.sending--
	if msg.err != nil {
		if refusal, yes := refused(msg.err); yes {
			return nil, []screen.Event{screen.SignIn{Err: refusal, Retry: decisionMsg{entry: e, what: sendNow},
				Asked: true}}
		}
		return nil, []screen.Event{failure("save an earlier change", msg.err)}
	}
	switch {
	case len(saved.Candidates) > 0:
		m.unknown = append([]work.Entry{e}, without(m.unknown, isEntry(e.ID))...)
		m.askedEntry, m.askMenu = e.ID, m.candidates(e, saved.Candidates)
		return nil, []screen.Event{screen.Open{Overlay: m.askMenu, When: screen.WhenFree}}
	case len(saved.Conflicts) > 0:
		return nil, append(put(saved.Theirs, false),
			say(screen.Failure, "Not saved: someone else changed "+plain.Clean(e.Name)+
				" meanwhile. Edit the contact again to decide"))
	}
	words := "Saved " + text.Fields(e.Patch()) + " of " + plain.Clean(e.Name)
	if e.Kind == work.KindCreate {
		words = "Created " + plain.Clean(e.Name)
	} else if len(e.Changes) == 0 {
		words = "Saved " + subject(e)
	}
	events := append(put(saved.Contact, e.Kind == work.KindCreate), say(screen.Good, words))
	if e.Kind.OfNote() {
		events = append(events, NotesChanged{e.ContactID})
	}
	return nil, append(events, m.RemoveDraft(e.DraftID)...) // the service has dropped it
}

func put(c model.Contact, created bool) []screen.Event {
	if c.ID() == 0 {
		return nil
	}
	return []screen.Event{Put{Contact: c, Created: created}}
}
