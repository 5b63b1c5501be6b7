package ui

import (
	"context"
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"levcontacts/internal/plain"
	"levcontacts/model"
	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/menu"
	"levcontacts/ui/widget/reader"
	"levcontacts/ui/widget/theme"
	"levcontacts/work"
)

// historyLimit is how many writes the screen lists.
const historyLimit = 500

type historyMsg struct {
	entries []work.Entry
	undo    bool // asked for by undo: the last one that can be taken back
	err     error
}

type unresolvedMsg struct {
	entries []work.Entry
	err     error
}

type resolvedMsg struct {
	resolution work.Resolution
	err        error
}

func readHistory(ctx context.Context, w Writer) tea.Cmd {
	return func() tea.Msg {
		all, err := w.History(ctx, historyLimit)
		return historyMsg{entries: all, err: err}
	}
}

func readForUndo(ctx context.Context, w Writer) tea.Cmd {
	return func() tea.Msg {
		all, err := w.History(ctx, historyLimit)
		return historyMsg{entries: all, undo: true, err: err}
	}
}

func readUnresolved(ctx context.Context, w Writer) tea.Cmd {
	return func() tea.Msg {
		all, err := w.Unresolved(ctx)
		return unresolvedMsg{all, err}
	}
}

func resolve(ctx context.Context, w Writer, e work.Entry) tea.Cmd {
	return func() tea.Msg {
		r, err := w.Resolve(ctx, e)
		return resolvedMsg{r, err}
	}
}

// onHistory shows the writes, or takes back the last one.
func (m *Model) onHistory(msg historyMsg) tea.Cmd {
	if msg.err != nil {
		m.say(toastError, "the history cannot be read: "+msg.err.Error())
		return nil
	}
	if m.covered() {
		return nil
	}
	if msg.undo {
		return m.undoLast(msg.entries)
	}
	m.entries = msg.entries
	lines := []reader.Line{}
	for _, e := range msg.entries {
		lines = append(lines, m.entryLine(e))
	}
	if len(lines) == 0 {
		lines = []reader.Line{{Text: "nothing was written yet"}}
	}
	v := reader.New(viewHistory, "History of writes, newest first", lines)
	v.Foot = "enter shows one and can undo it   / search   esc close"
	m.openViewer(v)
	return nil
}

func (m *Model) entryLine(e work.Entry) reader.Line {
	role := theme.Text
	result := string(e.Result)
	switch {
	case e.Undone:
		result, role = "undone", theme.Dim
	case e.Result == work.Failed:
		role = theme.Danger
	case e.Result == work.Unknown || e.Result == work.Pending:
		role = theme.Attention
	}
	what := string(e.Kind) + " " + plain.Clean(e.Name)
	if e.Kind != "create" {
		what += ": " + fieldWords(e.Patch())
	}
	return reader.Line{Left: e.Started.Local().Format("2 Jan 15:04"), Text: fmt.Sprintf("%-8s %s", result, what), Role: role, ID: e.ID}
}

// openEntry shows one write with its values and what can be done about it.
func (m *Model) openEntry(id string) tea.Cmd {
	for _, e := range m.entries {
		if e.ID == id {
			m.openViewer(m.entryViewer(e))
		}
	}
	return nil
}

func (m *Model) entryViewer(e work.Entry) reader.Model {
	lines := []reader.Line{{Left: "what", Text: string(e.Kind) + " " + plain.Clean(e.Name)}, {Left: "when", Text: e.Started.Local().Format("2 Jan 2006 15:04:05")},
		{Left: "result", Text: joinNonEmpty(" · ", string(e.Result), plain.Clean(e.Message))}}
	if e.Status != 0 {
		lines = append(lines, reader.Line{Left: "answer", Text: joinNonEmpty(" · ", fmt.Sprint(e.Status), "request "+plain.Clean(e.RequestID))})
	}
	lines = append(lines, reader.Line{})
	for _, c := range e.Changes {
		lines = append(lines, reader.Line{Left: c.Field.Def().Label, Text: m.shownValue(c.Before) + " " + m.theme.Glyphs.Arrow + " " + m.shownValue(c.After)})
	}
	lines = append(lines, reader.Line{})
	switch {
	case e.Kind == "create":
		lines = append(lines, reader.Line{Text: "a contact that was created cannot be undone: the service has no delete"})
	case e.Undone:
		lines = append(lines, reader.Line{Text: "this was undone already"})
	case e.Result == work.Done:
		lines = append(lines, reader.Line{Text: "undo this change, after showing it", ID: "undo " + e.ID, Role: theme.Accent})
	}
	if e.ContactID != 0 {
		lines = append(lines, reader.Line{Text: "go to the contact", ID: "show " + e.ID, Role: theme.Accent})
	}
	v := reader.New(viewEntry, "One write", lines)
	v.Foot = "enter does what the line says   esc close"
	return v
}

func (m *Model) shownValue(v model.Value) string {
	if v.Empty() {
		return "(empty)"
	}
	return plain.Clean(v.String())
}

func (m *Model) entryAction(id string) tea.Cmd {
	var what, entry string
	if _, err := fmt.Sscan(id, &what, &entry); err != nil {
		return nil
	}
	for _, e := range m.entries {
		if e.ID != entry {
			continue
		}
		if what == "undo" {
			return m.undoEntry(e)
		}
		return m.goTo(e.ContactID)
	}
	return nil
}

// goTo selects a contact; one that is not held is fetched.
func (m *Model) goTo(id int64) tea.Cmd {
	if _, held := m.rows().find(id); held {
		m.selected = id
		m.reselect()
		return nil
	}
	ctx, seq := m.shelf.contact.Begin(m.ctx, m.o.Now())
	return fetchContact(ctx, m.o.Backend, id, seq, true)
}

// undo takes back the last saved change.
func (m *Model) undo() tea.Cmd { return readForUndo(m.ctx, m.o.Backend) }

func (m *Model) undoLast(entries []work.Entry) tea.Cmd {
	for _, e := range entries {
		if e.Result != work.Done || e.Undone || e.Kind == "undo" {
			continue
		}
		if e.Kind == "create" {
			m.say(toastNote, plain.Clean(e.Name)+" was created last; that cannot be undone: the service has no delete. "+
				m.keys.Key(keymap.History)+" undoes an earlier change")
			return nil
		}
		return m.undoEntry(e)
	}
	m.say(toastNote, "there is no saved change to undo")
	return nil
}

// undoEntry opens the change back as a form with its preview, so that it goes
// the same way as any other edit.
func (m *Model) undoEntry(e work.Entry) tea.Cmd {
	if m.account.ReadOnly != "" {
		m.say(toastNote, "read-only: "+m.account.ReadOnly)
		return nil
	}
	base := model.NewContact(e.ContactID, nil)
	if p, held := m.shelf.book.Find(e.ContactID); held {
		base = contactOf(p)
	}
	back := e.Patch().Inverse()
	values := model.Draft{}
	for _, c := range back.Changes() {
		base = base.With(c.Field, c.Before)
		values[c.Field] = c.After.String()
	}
	cmd := m.openForm(work.DraftEdit, base, values, "Undo the change of "+plain.Clean(e.Name))
	m.edit.undoes = e.ID
	m.edit.patch = back
	m.openPreview()
	return cmd
}

// onUnresolved tells of writes whose answer never came and begins to find out.
func (m *Model) onUnresolved(msg unresolvedMsg) {
	if msg.err != nil {
		m.say(toastError, "the journal cannot be read: "+msg.err.Error())
		return
	}
	m.unsure = msg.entries
	if len(m.unsure) > 0 {
		m.say(toastNote, "finding out about "+many(len(m.unsure), "write")+" whose answer never came")
		m.resolveNext = true
	}
}

// resolveOne looks into the next write whose answer never came.
func (m *Model) resolveOne() tea.Cmd {
	if !m.resolveNext || len(m.unsure) == 0 || m.edit.active() || m.menu != nil || m.account.ReadOnly != "" {
		return nil
	}
	m.resolveNext = false
	return resolve(m.ctx, m.o.Backend, m.unsure[0])
}

func (m *Model) onResolved(msg resolvedMsg) tea.Cmd {
	e := msg.resolution.Entry
	if !slices.ContainsFunc(m.unsure, isEntry(e.ID)) {
		m.resolveNext = true // the person has said meanwhile what became of it
		return nil
	}
	if msg.err != nil {
		m.sayError("find out about an earlier write", msg.err)
		return nil
	}
	m.resolveNext = true
	r := msg.resolution
	if len(r.Candidates) > 0 && (m.edit.active() || m.menu != nil) {
		return nil // asked when nobody is typing; saving the draft of it asks as well
	}
	if len(r.Candidates) > 0 {
		m.resolveNext = false
		m.openCandidates(r)
		return m.recompute()
	}
	m.unsure = slices.DeleteFunc(m.unsure, isEntry(e.ID))
	switch {
	case len(r.Conflicts) > 0:
		m.say(toastError, "The change of "+plain.Clean(e.Name)+" did not arrive, and somebody else changed it since: it is in the history, not sent")
	case r.Contact.ID() != 0 && r.Finding != work.FoundMissing:
		m.putContact(r.Contact)
		m.say(toastGood, "the change of "+plain.Clean(e.Name)+" is saved after all")
		if d, ok := m.drafts[r.Contact.ID()]; ok && model.Diff(r.Contact, d.Values).Empty() {
			return tea.Batch(m.recompute(), m.dropDraft(d.ID)) // nothing of it is left to save
		}
	default:
		m.say(toastNote, "the earlier write of "+plain.Clean(e.Name)+" did not arrive; its draft is kept")
	}
	return m.recompute()
}

func isEntry(id string) func(work.Entry) bool {
	return func(e work.Entry) bool { return e.ID == id }
}

// openCandidates asks whether one of these is the contact that an unsure
// create made.
func (m *Model) openCandidates(r work.Resolution) {
	items := candidateItems(r.Candidates, "none of these; it was not created")
	mm := menu.New(menuTwins, "Is one of these the contact you created as "+plain.Clean(r.Entry.Name)+"?", items, false)
	mm.Foot = "its answer never came; nothing is sent again before you say"
	m.openMenu(mm)
}

func candidateItems(found []model.Contact, none string) []menu.Item {
	var items []menu.Item
	for _, c := range found {
		items = append(items, menu.Item{ID: fmt.Sprint(c.ID()), Text: nameOf(c), Detail: plain.Clean(c.Get(model.FieldEmail).String())})
	}
	return append(items, menu.Item{ID: "0", Text: none})
}

func (m *Model) onCandidate(it menu.Item) tea.Cmd {
	if len(m.unsure) == 0 {
		return nil
	}
	e := m.unsure[0]
	m.unsure = m.unsure[1:]
	m.resolveNext = true
	var id int64
	fmt.Sscan(it.ID, &id)
	ctx, b := m.ctx, m.o.Backend
	settled := do("noted", func() error { return b.Settle(ctx, e.ID, id) })
	if id != 0 {
		return tea.Batch(settled, m.goTo(id))
	}
	return settled
}
