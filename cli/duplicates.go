package cli

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
)

func (g *globals) duplicatesCommand() *cobra.Command {
	var asJSON bool
	var copy copyFlags
	var least int
	cmd := &cobra.Command{
		Use:     "duplicates",
		Short:   "List contacts that may be the same person",
		GroupID: groupContacts,
		Args:    noArgs,
		Long: `List pairs of contacts that may be the same person, with the reasons: the same e-mail address, LinkedIn
profile, telephone number or name, or names that are nearly the same. Nothing is changed.

` + copyHelp,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return copy.connected(cmd, g, func(r *reader, all model.Snapshot) error {
				g.app.inform("levcontacts: compared %s", r.said())
				r.tellSource()
				return g.app.duplicates(cmd.Context(), all, asJSON, least)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	cmd.Flags().IntVar(&least, "min-score", 0, "only pairs with at least this `SCORE`; 90 and more are near certain")
	copy.addTo(cmd)
	return paged(cmd)
}

// twins is a pair as duplicates --json gives it.
type twins struct {
	Score    int      `json:"score"`
	Reasons  []string `json:"reasons"`
	Contacts [2]twin  `json:"contacts"`
}

type twin struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
}

// duplicates prints the pairs of a book.
func (a *App) duplicates(ctx context.Context, snap model.Snapshot, asJSON bool, least int) error {
	pairs := []twins{}
	var bad error
	err := search.Pairs(ctx, snap, func(p search.Pair) bool {
		if p.Score < least {
			return true
		}
		t := twins{Score: p.Score}
		for _, r := range p.Reasons {
			t.Reasons = append(t.Reasons, r.String())
		}
		for i, slot := range p.Slots {
			c, err := snap.At(slot).Unpack()
			if err != nil {
				bad = err
				return false
			}
			t.Contacts[i] = twin{c.ID(), c.Name(), c.Get(model.FieldEmail).String()}
		}
		pairs = append(pairs, t)
		return true
	})
	if err == nil {
		err = bad
	}
	if err != nil {
		return err
	}
	if asJSON {
		return a.encode(pairs)
	}
	var table [][]string
	for _, p := range pairs {
		row := []string{strconv.Itoa(p.Score)}
		for _, c := range p.Contacts {
			row = append(row, strconv.FormatInt(c.ID, 10), c.Name, c.Email)
		}
		table = append(table, append(row, strings.Join(p.Reasons, ", ")))
	}
	if err := a.records([]string{"score", "id", "name", "email", "other_id", "other_name", "other_email", "reasons"}, table); err != nil {
		return err
	}
	a.inform("levcontacts: %d likely pairs", len(pairs))
	return nil
}
