package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

func (g *globals) statsCommand() *cobra.Command {
	var asJSON, ascii bool
	var copy copyFlags
	cmd := &cobra.Command{
		Use:     "stats",
		Short:   "Show figures of the contacts",
		GroupID: groupContacts,
		Args:    noArgs,
		Long: `Show figures of the contacts: types, states, companies, how many have no e-mail address or phone number,
how many were created and changed in each of the last twelve months, and how many have not changed for a year.

` + copyHelp,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return copy.connected(cmd, g, func(r *reader, all model.Snapshot) error {
				r.tellSource()
				return g.app.stats(cmd.Context(), all, asJSON, ascii)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	cmd.Flags().BoolVar(&ascii, "ascii", false, "bars of plain characters, in a pipe too")
	copy.addTo(cmd)
	return cmd
}

// figures are the stats as --json gives them.
type figures struct {
	Contacts  int          `json:"contacts"`
	NoEmail   int          `json:"without_email"`
	NoPhone   int          `json:"without_phone"`
	Stale     int          `json:"not_changed_for_a_year"`
	Types     []valueCount `json:"contact_types"`
	States    []valueCount `json:"states"`
	Companies []valueCount `json:"companies"`
	Created   []monthCount `json:"created"`
	Updated   []monthCount `json:"updated"`
}

type valueCount struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

type monthCount struct {
	Month string `json:"month"`
	Count int    `json:"count"`
}

func valueCounts(facets []search.Facet) []valueCount {
	out := make([]valueCount, len(facets))
	for i, f := range facets {
		out[i] = valueCount(f)
	}
	return out
}

func monthCounts(months []search.Month) []monthCount {
	out := make([]monthCount, len(months))
	for i, m := range months {
		out[i] = monthCount{m.Begins.Format("2006-01"), m.Count}
	}
	return out
}

// statCells are how wide the names and the longest bar of stats are.
const statNames, statCells = 28, 30

// stats prints the figures of a book.
func (a *App) stats(ctx context.Context, snap model.Snapshot, asJSON, ascii bool) error {
	s, err := search.StatsOf(ctx, snap, a.Now())
	if err != nil {
		return err
	}
	if asJSON {
		return a.encode(figures{
			Contacts: s.Total, NoEmail: s.NoEmail, NoPhone: s.NoPhone, Stale: s.Stale,
			Types: valueCounts(s.Types), States: valueCounts(s.States), Companies: valueCounts(s.Companies),
			Created: monthCounts(s.Created), Updated: monthCounts(s.Updated),
		})
	}
	if !a.OutTTY && !ascii {
		return a.statsTable(s)
	}
	cell, more := a.signed(barSign), a.signed(moreSign)
	if ascii {
		cell, more = theme.ASCII(barSign), theme.ASCII(moreSign)
	}
	var b strings.Builder
	for i, l := range s.Lines() {
		switch {
		case l.Heading && i > 0:
			fmt.Fprintf(&b, "\n%s\n", l.Left)
		case l.Heading:
			fmt.Fprintln(&b, l.Left)
		default:
			line := fmt.Sprintf("  %s %7d  %s", plain.Fit(plain.Clean(l.Left), statNames, more), l.Count,
				strings.Repeat(cell, l.Bar(statCells)))
			fmt.Fprintln(&b, strings.TrimRight(line, " "))
		}
	}
	return a.write([]byte(b.String()))
}

// statsTable is what a pipe gets.
func (a *App) statsTable(s search.Stats) error {
	var rows [][]string
	group := ""
	for _, l := range s.Lines() {
		if l.Heading {
			group = l.Left
		} else {
			rows = append(rows, []string{group, l.Left, strconv.Itoa(l.Count)})
		}
	}
	return a.records([]string{"group", "name", "count"}, rows)
}
