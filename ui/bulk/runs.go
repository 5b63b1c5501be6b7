package bulk

import (
	"fmt"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/locale"
	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/question"
	"github.com/levcontacts/levcontacts/ui/widget/reader"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
	"github.com/levcontacts/levcontacts/work"
)

// actions is what can be done here from the list and the details.
func actions() []screen.Bound[*Model] {
	return []screen.Bound[*Model]{
		{Action: keymap.Action{Name: keymap.Runs, Scopes: []keymap.Scope{keymap.List, keymap.Detail},
			Keys: []string{"B"},
			Help: "bulk edits: progress, stop, resume"}, Do: (*Model).list},
	}
}

// Actions are the actions without what they do.
func Actions() []keymap.Action { return screen.Metadata(actions()) }

// Run carries out an action; known is false for one of another package.
func (m *Model) Run(n keymap.Name) (cmd tea.Cmd, events []screen.Event, known bool) {
	a, known := screen.Lookup(actions(), n)
	if !known {
		return nil, nil, false
	}
	cmd, events = a.Do(m)
	return cmd, events, true
}

// list lists the bulk edits.
func (m *Model) list() (tea.Cmd, []screen.Event) {
	ctx, seq := m.reading.Begin(m.o.Context, m.o.Now())
	b := m.o.Backend
	return func() tea.Msg {
		runs, err := b.Runs(ctx)
		return runsMsg{seq: seq, runs: runs, err: err}
	}, nil
}

func (m *Model) onRuns(msg runsMsg) []screen.Event {
	if msg.starting {
		return m.reportStopped(msg)
	}
	if !m.reading.Take(msg.seq) {
		return nil
	}
	if msg.err != nil {
		return []screen.Event{unreadable(msg.err)}
	}
	lines := make([]reader.Line, 0, len(msg.runs))
	for _, r := range msg.runs {
		lines = append(lines, reader.Line{Left: locale.Current().Moment(r.Created.Local()), Msg: showMsg{run: r},
			Text: fmt.Sprintf("%-8s %s of %s: %s%s", r.State, text.Number(r.Total-r.Left()),
				text.Plural(r.Total, "contact"), plain.Clean(r.Title), shortfall(r))})
	}
	if len(lines) == 0 {
		lines = []reader.Line{{Text: "No bulk edits yet: " + m.o.Keys.Key(keymap.MarkToggle) + " marks contacts, " +
			m.o.Keys.Key(keymap.BulkEdit) + " edits them together"}}
	}
	r := reader.Open(reader.Options{Title: "Bulk edits", Lines: lines, Pick: "details"})
	return []screen.Event{screen.Open{Overlay: r, When: screen.IfFree}}
}

// shortfall counts what was not changed.
func shortfall(r work.BulkRun) string {
	words := ", " + text.Number(r.Counts[work.ItemFailed]) + " failed, " +
		text.Number(r.Counts[work.ItemConflict]+r.Counts[work.ItemSkipped]) + " skipped"
	if n := r.Counts[work.ItemMissing]; n > 0 {
		words += ", " + text.Number(n) + " did not arrive"
	}
	return words
}

// reportStopped reports bulk edits that have contacts left and that no program works on.
func (m *Model) reportStopped(msg runsMsg) []screen.Event {
	if msg.err != nil {
		return []screen.Event{unreadable(msg.err)}
	}
	var stopped []work.BulkRun
	for _, r := range msg.runs {
		if r.State == work.RunStopped && r.Left() > 0 {
			stopped = append(stopped, r)
		}
	}
	key := m.o.Keys.Key(keymap.Runs)
	switch len(stopped) {
	case 0:
		return nil
	case 1:
		return []screen.Event{Waiting{"a bulk edit stopped at " + progress(stopped[0]) + "; " + key + " resumes it"}}
	default:
		return []screen.Event{Waiting{text.Number(len(stopped)) + " bulk edits stopped before their end; " + key +
			" resumes them"}}
	}
}

// show shows what happened to every contact of one bulk edit.
func (m *Model) show(run work.BulkRun) (tea.Cmd, []screen.Event) {
	ctx, seq := m.reading.Begin(m.o.Context, m.o.Now())
	b := m.o.Backend
	return func() tea.Msg {
		items, err := b.RunItems(ctx, run.ID)
		return itemsMsg{seq: seq, run: run, items: items, err: err}
	}, nil
}

func (m *Model) onItems(msg itemsMsg) []screen.Event {
	if !m.reading.Take(msg.seq) {
		return nil
	}
	if msg.err != nil {
		return []screen.Event{unreadable(msg.err)}
	}
	run := msg.run
	if run.ID == m.run.ID {
		run = m.run // which is newer than the list
	}
	m.shownID, m.items = run.ID, msg.items
	m.shown = reader.Open(reader.Options{Title: title(run), Lines: m.lines(run),
		Pick: "run", OnClose: closedMsg{}})
	return []screen.Event{screen.Open{Overlay: m.shown, When: screen.IfFree}}
}

// relist shows the progress where the bulk edit is on the screen.
func (m *Model) relist(item work.BulkItem) {
	if m.shown == nil || m.shownID != m.run.ID {
		return
	}
	if i := slices.IndexFunc(m.items, func(it work.BulkItem) bool { return it.ContactID == item.ContactID }); i >= 0 {
		m.items[i] = item
	}
	m.shown.SetTitle(title(m.run))
	m.shown.SetLines(m.lines(m.run))
}

func title(r work.BulkRun) string {
	return "Bulk edit: " + text.Join(" · ", plain.Clean(r.Title), progress(r)+shortfall(r))
}

// lines are what can be done with a bulk edit, then its contacts. What cannot
// be reversed asks first.
func (m *Model) lines(run work.BulkRun) []reader.Line {
	act := func(words string, msg tea.Msg) reader.Line {
		return reader.Line{Text: words, Msg: msg, Role: theme.Accent}
	}
	var lines []reader.Line
	running := m.Busy() && m.run.ID == run.ID
	missing := run.Counts[work.ItemMissing]
	switch {
	case running:
		lines = append(lines, act("stop this bulk edit", askStopMsg{run: run}))
	case run.State == work.RunRunning && !run.Mine && run.ID != m.run.ID:
		lines = append(lines, reader.Line{Text: "another running program works on it"})
	case run.Left() > 0:
		lines = append(lines, act("resume this bulk edit, "+text.Plural(run.Left(), "contact")+" left",
			resumeMsg{run: run}))
	}
	if missing > 0 && !running {
		lines = append(lines, act("send the "+text.Plural(missing, "change")+" again that did not arrive",
			resumeMsg{run: run, retry: true}))
	}
	lines = append(lines, act("write the results to files (CSV and JSON)", filesMsg{run: run}))
	if done := inverse(m.items); !running && len(done) > 0 && m.readOnly == "" {
		lines = append(lines, act("undo this bulk edit, "+text.Plural(len(done), "contact"),
			askUndoMsg{run: run, items: m.items}))
	}
	lines = append(lines, reader.Line{})
	for _, it := range m.items {
		role, id := theme.Text, ""
		switch it.State {
		case work.ItemFailed, work.ItemConflict, work.ItemMissing:
			role = theme.Danger
			if it.RequestID != "" {
				id = "request " + plain.Clean(it.RequestID)
			}
		}
		lines = append(lines, reader.Line{Role: role,
			Text: text.Join(" · ", fmt.Sprintf("%-8s %s", it.State, plain.Clean(it.Name)), plain.Clean(it.Message),
				id)})
	}
	return lines
}

func (m *Model) askStop(run work.BulkRun) []screen.Event {
	q := question.Open(question.Options{Title: "Stop this bulk edit?",
		Lines: []string{"It stops after the contact that is being sent, and can be resumed."},
		Yes:   stopMsg{run: run}}, m.o.Keys)
	return []screen.Event{screen.Open{Overlay: q}}
}

// inverse are the changes that take a bulk edit back.
func inverse(items []work.BulkItem) []work.BulkItem {
	var undo []work.BulkItem
	for _, it := range items {
		if it.State == work.ItemDone && !it.Patch.Empty() {
			undo = append(undo, work.BulkItem{ContactID: it.ContactID, Name: it.Name, Patch: it.Patch.Inverse(),
				State: work.ItemTodo})
		}
	}
	return undo
}

// Activity is the progress of the bulk edit.
func (m *Model) Activity() screen.Activity {
	if !m.Busy() || m.run.Total == 0 {
		return screen.Activity{}
	}
	counted := "bulk edit " + progress(m.run)
	key := " · " + m.o.Keys.Key(keymap.Runs) + " shows it"
	about := ", about " + text.Duration(m.o.Backend.EstimateChanges(m.run.Left()))
	return screen.Activity{Rank: screen.RankBulk, Role: theme.Accent, Done: m.run.Total - m.run.Left(), All: m.run.Total,
		Forms: []string{counted + about + key, counted + key, counted}}
}

// Wake is when the estimate is another.
func (m *Model) Wake() screen.Wake {
	if !m.Busy() {
		return time.Time{}
	}
	return m.o.Now().Add(time.Second)
}

// Leaving is what a question before quitting says, "" when no bulk edit runs.
func (m *Model) Leaving() (title string, lines []string) {
	if !m.Busy() {
		return "", nil
	}
	where := "here"
	if m.run.Total > 0 {
		where = "at " + progress(m.run)
	}
	return "A bulk edit is running. Quit?",
		[]string{"It stops " + where + " and can be resumed:", m.o.Keys.Key(keymap.Runs) + " lists the bulk edits."}
}

// progress is how far a bulk edit came: "6 of 110".
func progress(r work.BulkRun) string {
	return text.Number(r.Total-r.Left()) + " of " + text.Number(r.Total)
}
