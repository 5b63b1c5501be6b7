package service

import (
	"context"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/store"
	"github.com/levcontacts/levcontacts/work"
)

// Changes are the contacts that others changed within the last week, as the
// local copy met them, the newest first. known is false when there is no copy
// that could tell.
func (s *Service) Changes(ctx context.Context) (all []work.Changed, known bool, err error) {
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return nil, false, err
	}
	defer leave()
	var rows []store.Changed
	known = s.copy.use(ctx, func(c *store.Cache) (err error) {
		rows, err = c.Changes(ctx)
		return err
	})
	for _, row := range rows {
		if c, ok := changedOf(row); ok {
			all = append(all, c)
		}
	}
	return all, known, ctx.Err()
}

// SeeChanges notes that the person has looked at the changes of a contact, 0 for
// those of all, up to number n.
func (s *Service) SeeChanges(ctx context.Context, contact, n int64) error {
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	s.copy.use(ctx, func(c *store.Cache) error { return c.SeeChanges(ctx, contact, n) })
	return ctx.Err()
}

func changedOf(row store.Changed) (work.Changed, bool) {
	now, err := row.After.Unpack()
	if err != nil {
		return work.Changed{}, false
	}
	out := work.Changed{N: row.N, ContactID: now.ID(), Name: now.Name(), At: row.At, New: row.Before == "", Seen: row.Seen}
	if t, err := time.Parse(time.RFC3339, now.Get(model.FieldUpdated).String()); err == nil && t.Before(row.At) {
		out.At = t
	}
	if out.New {
		return out, true
	}
	before, err := row.Before.Unpack()
	if err != nil {
		return work.Changed{}, false
	}
	out.Changes = model.Changed(before, now).Changes()
	return out, true
}
