package browse

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/ui/contacts"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/reader"
	"github.com/levcontacts/levcontacts/ui/widget/text"
)

// barCells is how long the longest bar is.
const barCells = 30

type statsMsg struct {
	contacts.Part
	stats search.Stats
	err   error
}

func countStats(ctx context.Context, snap model.Snapshot, now time.Time) tea.Cmd {
	return func() tea.Msg {
		stats, err := search.StatsOf(ctx, snap, now)
		return statsMsg{stats: stats, err: err}
	}
}

// showStats shows the figures of all contacts that are held.
func (m *Model) showStats() tea.Cmd {
	return countStats(m.o.Context, m.contacts.Snapshot(), m.o.Now())
}

func (msg statsMsg) handle(m *Model) tea.Cmd {
	if msg.err != nil {
		return nil // the program ends
	}
	var lines []reader.Line
	for _, l := range msg.stats.Lines() {
		if l.Heading {
			if len(lines) > 0 {
				lines = append(lines, reader.Line{})
			}
			lines = append(lines, reader.Line{Heading: true, Text: l.Left})
			continue
		}
		bar := strings.Repeat("━", l.Bar(barCells))
		lines = append(lines, reader.Line{Left: plain.Clean(l.Left), Text: fmt.Sprintf("%7s  %s", text.Number(l.Count), bar)})
	}
	foot := "y copy   / search   esc close"
	if !m.contacts.AllHeld() {
		foot = "of what is loaded; " + m.o.Keys.Key(keymap.MoveBottom) + " in the list loads the rest   " + foot
	}
	m.emit(screen.Open{When: screen.IfFree, Overlay: reader.Open(reader.Options{
		Title: "Figures of " + text.Plural(msg.stats.Total, "contact"), Lines: lines, Foot: foot})})
	return nil
}
