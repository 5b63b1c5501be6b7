package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"levcontacts/internal/plain"
	"levcontacts/model"
	"levcontacts/ui/widget/form"
	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/reader"
	"levcontacts/ui/widget/request"
	"levcontacts/ui/widget/theme"
	"levcontacts/work"
)

// marking is which contacts are marked.
type marking struct {
	ids  map[int64]bool
	last int64
}

// bulking is the bulk edit that runs, one contact at a time.
type bulking struct {
	items  []work.BulkItem // shown and not started yet
	run    work.BulkRun
	ticket request.Slot
}

type runMsg struct {
	seq  uint64
	item work.BulkItem
	run  work.BulkRun
	done bool
	err  error
}

type runsMsg struct {
	runs  []work.BulkRun
	items []work.BulkItem
	id    string
	start bool // asked for at the start, to tell of what was stopped
	err   error
}

// mark changes the marks of the list.
func (m *Model) mark(n keymap.Name) tea.Cmd {
	rows := m.rows()
	m.dismissMarks()
	switch n {
	case keymap.MarkToggle:
		m.marks.ids[m.selected] = !m.marks.ids[m.selected]
		if !m.marks.ids[m.selected] {
			delete(m.marks.ids, m.selected)
		}
		m.marks.last = m.selected
		return m.moveBy(1)
	case keymap.MarkRange:
		from, ok := rows.find(m.marks.last)
		if !ok || m.marks.last == 0 {
			from = m.list.Cursor()
		}
		to := m.list.Cursor()
		for i := min(from, to); i <= max(from, to); i++ {
			m.marks.ids[rows.At(i).ID()] = true
		}
		m.marks.last = m.selected
	case keymap.MarkAll:
		for i := range rows.Len() {
			m.marks.ids[rows.At(i).ID()] = true
		}
		m.say(toastNote, many(rows.Len(), "contact")+" marked: all that are shown")
		m.toast.marks = true
	case keymap.MarkNone:
		m.marks.ids = map[int64]bool{}
	}
	return nil
}

// editMarked opens a form in which each field is left, set or cleared.
func (m *Model) editMarked() tea.Cmd {
	return m.openForm(work.DraftBulk, model.Contact{}, nil, "Edit "+many(len(m.marks.ids), "marked contact"))
}

// previewBulk shows the table of every change.
func (m *Model) previewBulk() tea.Cmd {
	e := &m.edit
	draft := e.form.Draft()
	m.bulk.items = nil
	same := 0
	for _, id := range m.markedIDs() {
		p, ok := m.shelf.book.Find(id)
		if !ok {
			continue
		}
		c := contactOf(p)
		patch := model.Diff(c, draft)
		if patch.Empty() {
			same++
			continue
		}
		m.bulk.items = append(m.bulk.items, work.BulkItem{ContactID: id, Name: c.Name(), Patch: patch, State: "todo"})
	}
	if len(m.bulk.items) == 0 {
		m.say(toastNote, "nothing would change, so nothing is sent")
		return nil
	}
	head := []string{many(len(m.bulk.items), "contact") + " will change, about " + lasting(m.o.Backend.EstimateChanges(len(m.bulk.items))) + " at this account's limits"}
	if same > 0 {
		head = append(head, many(same, "marked contact")+" already so, left out")
	}
	items := make([]form.Item, len(m.bulk.items))
	for i, it := range m.bulk.items {
		items[i] = form.Item{Name: it.Name, Patch: it.Patch}
	}
	e.preview = form.NewPreview(form.PreviewOptions{Title: "Change " + many(len(items), "contact"), Items: items, Head: head, Keys: m.keys})
	return nil
}

// draftWords names the fields of a draft.
func draftWords(d model.Draft) string {
	var names []string
	for _, f := range model.FieldTable() {
		if _, ok := d[f.ID]; ok {
			names = append(names, inText(f.Label))
		}
	}
	return strings.Join(names, ", ")
}

func (m *Model) markedIDs() []int64 {
	ids := make([]int64, 0, len(m.marks.ids))
	for id := range m.marks.ids {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b int64) int {
		x, _ := m.shelf.book.Slot(a)
		y, _ := m.shelf.book.Slot(b)
		return x - y
	})
	return ids
}

// startBulk stores the run and sends its first item.
func (m *Model) startBulk() tea.Cmd {
	items, title, draft := m.bulk.items, draftWords(m.edit.form.Draft()), m.edit.draftID
	m.closeEdit()
	m.bulk.items = nil
	m.marks.ids = map[int64]bool{}
	ctx, seq := m.bulk.ticket.Begin(m.ctx, m.o.Now())
	m.forgetDraft(draft)
	return startRun(ctx, m.o.Backend, title, draft, items, seq)
}

func startRun(ctx context.Context, b Bulk, title, draft string, items []work.BulkItem, seq uint64) tea.Cmd {
	return func() tea.Msg {
		run, err := b.StartRun(ctx, title, draft, items)
		return runMsg{seq: seq, run: run, err: err}
	}
}

func stepRun(ctx context.Context, b Bulk, id string, seq uint64) tea.Cmd {
	return func() tea.Msg {
		item, run, done, err := b.StepRun(ctx, id)
		return runMsg{seq: seq, item: item, run: run, done: done, err: err}
	}
}

// onRun takes the result of one contact and sends the next.
func (m *Model) onRun(msg runMsg) tea.Cmd {
	if !m.bulk.ticket.Take(msg.seq) {
		m.putContact(msg.item.Answer) // the last change of a run that was stopped
		return m.recompute()
	}
	m.gauge = m.o.Backend.Gauge()
	if msg.err != nil {
		m.sayError("edit several contacts", msg.err)
		m.toast.text = "The bulk edit stopped; " + m.keys.Key(keymap.Runs) + " resumes it. " + m.toast.text
		m.bulk.run.State = "stopped"
		return nil
	}
	m.bulk.run = msg.run
	if msg.done {
		m.sayRunDone(msg.run.Counts)
		return m.recompute()
	}
	ctx, seq := m.bulk.ticket.Begin(m.ctx, m.o.Now())
	m.putContact(msg.item.Answer)
	return stepRun(ctx, m.o.Backend, msg.run.ID, seq)
}

// sayRunDone tells how a bulk edit ended; what did not happen is not counted.
func (m *Model) sayRunDone(c map[work.ItemState]int) {
	kind, words := toastGood, "bulk edit done: "+number(c["done"])+" changed"
	if n := c["failed"]; n > 0 {
		kind, words = toastError, words+", "+number(n)+" failed"
	}
	if n := c["conflict"]; n > 0 {
		kind, words = toastError, words+", "+number(n)+" left out because somebody else changed them"
	}
	m.say(kind, words+" · "+m.keys.Key(keymap.Runs)+" shows each")
}

// runWords is the progress of the bulk edit for the status line.
func (m *Model) runWords() doing {
	r := m.bulk.run
	left := r.Left()
	far := "bulk edit " + farWords(r)
	key := " · " + m.keys.Key(keymap.Runs) + " shows it"
	return doing{theme.Accent, []string{far + ", about " + lasting(m.o.Backend.EstimateChanges(left)) + key, far + key, far}}
}

// openRuns lists the bulk edits.
func (m *Model) openRuns() tea.Cmd {
	ctx, b := m.ctx, m.o.Backend
	return func() tea.Msg {
		runs, err := b.Runs(ctx)
		return runsMsg{runs: runs, err: err}
	}
}

func (m *Model) openRun(id string) tea.Cmd {
	ctx, b := m.ctx, m.o.Backend
	return func() tea.Msg {
		runs, err := b.Runs(ctx)
		if err != nil {
			return runsMsg{err: err}
		}
		items, err := b.RunItems(ctx, id)
		return runsMsg{runs: runs, items: items, id: id, err: err}
	}
}

func (m *Model) onRuns(msg runsMsg) {
	if msg.err != nil {
		m.say(toastError, "bulk edits cannot be read: "+msg.err.Error())
		return
	}
	if msg.start {
		m.onStopped(msg.runs)
		return
	}
	if msg.id != "" {
		if m.viewer != nil && m.viewer.ID == viewRuns {
			m.openRunViewer(msg)
		}
		return
	}
	if m.covered() {
		return
	}
	lines := []reader.Line{}
	for _, r := range msg.runs {
		lines = append(lines, reader.Line{Left: r.Created.Local().Format("2 Jan 15:04"), ID: r.ID,
			Text: fmt.Sprintf("%-8s %s of %s: %s, %s failed, %s left out", r.State, number(r.Total-r.Left()), many(r.Total, "contact"),
				plain.Clean(r.Title), number(r.Counts["failed"]), number(r.Counts["conflict"]))})
	}
	if len(lines) == 0 {
		lines = []reader.Line{{Text: "no bulk edit yet: " + m.keys.Key(keymap.MarkToggle) + " marks contacts, " + m.keys.Key(keymap.BulkEdit) + " edits them together"}}
	}
	v := reader.New(viewRuns, "Bulk edits", lines)
	v.Foot = "enter opens one   esc close"
	m.openViewer(v)
}

func (m *Model) openRunViewer(msg runsMsg) {
	var lines []reader.Line
	for _, r := range msg.runs {
		if r.ID != msg.id {
			continue
		}
		switch {
		case r.State == "done":
		case m.bulk.ticket.Busy() && m.bulk.run.ID == r.ID:
			lines = append(lines, reader.Line{Text: "stop this bulk edit", ID: "stop " + r.ID, Role: theme.Accent})
		default:
			lines = append(lines, reader.Line{Text: "resume this bulk edit, " + many(r.Left(), "contact") + " left", ID: "resume " + r.ID, Role: theme.Accent})
		}
		lines = append(lines, reader.Line{Text: "write the results to files (CSV and JSON)", ID: "files " + r.ID, Role: theme.Accent}, reader.Line{})
	}
	for _, it := range msg.items {
		role := theme.Text
		if it.State == "failed" || it.State == "conflict" {
			role = theme.Danger
		}
		text := fmt.Sprintf("%-8s %s", it.State, plain.Clean(it.Name))
		lines = append(lines, reader.Line{Text: joinNonEmpty(" · ", text, plain.Clean(it.Message), requestWords(it.RequestID)), Role: role})
	}
	v := reader.New(viewRun, "One bulk edit", lines)
	v.Foot = "enter does what the line says   / search   esc close"
	m.openViewer(v)
}

func requestWords(id string) string {
	if id == "" {
		return ""
	}
	return "request " + plain.Clean(id)
}

func (m *Model) runAction(id string) tea.Cmd {
	var what, run string
	if _, err := fmt.Sscan(id, &what, &run); err != nil {
		return nil
	}
	ctx, b := m.ctx, m.o.Backend
	switch what {
	case "stop":
		m.bulk.ticket.Stop()
		return do("the bulk edit is stopped; nothing more is sent", func() error { _, err := b.StopRun(ctx, run); return err })
	case "files":
		return func() tea.Msg {
			files, err := b.SaveRunResult(ctx, run)
			return doneMsg{"written: " + fileWords(files), err}
		}
	default:
		step, seq := m.bulk.ticket.Begin(m.ctx, m.o.Now())
		return stepRun(step, b, run, seq)
	}
}

// clickAt remembers the last click, to tell a double one.
type clickAt struct {
	id int64
	at time.Time
}
