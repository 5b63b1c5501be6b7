package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"levcontacts/ui/widget/keymap"
	"levcontacts/work"
)

// waiting is what the start found left over from earlier runs, in words.
type waiting struct{ drafts, runs string }

// sayWaiting says all of it in one message, whichever was read first.
func (m *Model) sayWaiting() {
	m.say(toastNote, joinNonEmpty(" · ", m.waiting.drafts, m.waiting.runs))
}

// readStopped asks at the start for bulk edits that ended before their last
// contact.
func readStopped(ctx context.Context, b Bulk) tea.Cmd {
	return func() tea.Msg {
		runs, err := b.Runs(ctx)
		return runsMsg{runs: runs, err: err, start: true}
	}
}

// onStopped tells of bulk edits that have contacts left and that no program
// works on.
func (m *Model) onStopped(runs []work.BulkRun) {
	var stopped []work.BulkRun
	for _, r := range runs {
		if r.State == "stopped" && r.Left() > 0 {
			stopped = append(stopped, r)
		}
	}
	key := m.keys.Key(keymap.Runs)
	switch len(stopped) {
	case 0:
		return
	case 1:
		m.waiting.runs = "a bulk edit stopped at " + farWords(stopped[0]) + "; " + key + " resumes it"
	default:
		m.waiting.runs = number(len(stopped)) + " bulk edits stopped before their end; " + key + " resumes them"
	}
	m.sayWaiting()
}

// farWords is how far a bulk edit came: "6 of 110".
func farWords(r work.BulkRun) string { return number(r.Total-r.Left()) + " of " + number(r.Total) }
