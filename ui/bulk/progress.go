package bulk

import (
	"time"

	"levcontacts/ui/screen"
	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/text"
	"levcontacts/ui/widget/theme"
	"levcontacts/work"
)

// Activity is the progress of the bulk edit.
func (m *Model) Activity() screen.Activity {
	if !m.Busy() || m.run.Total == 0 {
		return screen.Activity{}
	}
	counted := "bulk edit " + progress(m.run)
	key := " · " + m.o.Keys.Key(keymap.Runs) + " shows it"
	about := ", about " + text.Duration(m.o.Backend.EstimateChanges(m.run.Left()))
	return screen.Activity{Rank: screen.RankBulk, Role: theme.Accent,
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
