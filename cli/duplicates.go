package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"levcontacts/internal/plain"
	"levcontacts/model"
	"levcontacts/model/search"
	"levcontacts/work"
)

func (g *globals) duplicatesCommand() *cobra.Command {
	var asJSON, fresh bool
	var least int
	cmd := &cobra.Command{
		Use:     "duplicates",
		Short:   "List contacts that may be the same person",
		GroupID: groupContacts,
		Args:    cobra.NoArgs,
		Long: `List pairs of contacts that may be the same person, with the reasons: the same e-mail address, LinkedIn
profile, telephone number or name, or names that are nearly the same. Nothing is changed.

The local copy is compared, without a request; standard error says how much of the list that is. With
--fresh the whole list is read from the service instead, 200 contacts a request.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			session, s, err := g.session(cmd.Context())
			if err != nil {
				return err
			}
			defer session.Close()
			var book *model.Book
			if fresh || !s.Config.Cache.Value {
				f := newFetcher(g.app, session)
				book, err = listing{connected: "yes"}.book(cmd.Context(), f)
				f.clear()
				if err == nil {
					g.app.note("levcontacts: %s", f.said())
				}
			} else {
				book, err = g.app.heldBook(cmd.Context(), session, s.Now())
			}
			if err != nil {
				return err
			}
			return g.app.duplicates(cmd.Context(), book.Snapshot(), asJSON, least)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	cmd.Flags().BoolVar(&fresh, "fresh", false, "read the list from the service first")
	cmd.Flags().IntVar(&least, "min-score", 0, "only pairs with at least this `SCORE`; 90 and more are near certain")
	return cmd
}

// heldBook reads the local copy, or says why there is none.
func (a *App) heldBook(ctx context.Context, s Session, now time.Time) (*model.Book, error) {
	opening, err := s.OpenCopy(ctx)
	if err != nil {
		return nil, err
	}
	if opening.Info.Problem != "" {
		return nil, fmt.Errorf("there is no local copy to compare: %s; --fresh reads the list from the service", opening.Info.Problem)
	}
	if len(opening.Rows) == 0 {
		return nil, fmt.Errorf("the local copy is empty; --fresh reads the list from the service, and so does opening the screen once")
	}
	return a.bookOf(ctx, s, opening, now)
}

// walkCopy gives every contact of a local copy.
func walkCopy(ctx context.Context, s Session, opening work.Opening, yield func(model.Packed)) error {
	for rows, next := opening.Rows, opening.Next; ; {
		for _, p := range rows {
			yield(p)
		}
		if next == 0 {
			return nil
		}
		var err error
		if rows, next, err = s.LoadCopy(ctx, next); err != nil {
			return err
		}
	}
}

// bookOf reads the rest of a local copy and says what it covers.
func (a *App) bookOf(ctx context.Context, s Session, opening work.Opening, now time.Time) (*model.Book, error) {
	var book model.Book
	if err := walkCopy(ctx, s, opening, func(p model.Packed) { book.Put(p) }); err != nil {
		return nil, err
	}
	covered := humanize.Comma(int64(book.Len()))
	if total := opening.Info.Total; total >= 0 {
		covered += " of " + humanize.Comma(int64(total))
	}
	age := "which was never read to its end"
	if at := opening.Info.SyncedAt; !at.IsZero() {
		age = "complete " + plain.Ago(at, now)
	}
	a.note("levcontacts: compared %s contacts of the local copy, %s", covered, age)
	return &book, nil
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
	if err := a.rows(table); err != nil {
		return err
	}
	a.note("levcontacts: %d likely pairs", len(pairs))
	return nil
}
