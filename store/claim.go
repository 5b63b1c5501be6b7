package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Claim is how the journal stood for one thing that is to be written: a contact,
// or a new contact by its idempotency key or draft. A write begins only if that
// has not changed, so that two programs never write one thing unseen by each
// other. The zero Claim claims nothing.
type Claim struct {
	ContactID    int64
	Key, DraftID string // of a create

	seen string
	last int64
	busy bool // another running program is writing it
}

// Written is when the last write of it ended, zero for never.
func (c Claim) Written() time.Time { return fromMicro(c.last) }

const (
	claimed       = `SELECT ifnull(max(seq), 0), ifnull(max(finished), 0), count(*) FROM entry WHERE realm = ?1 AND result <> 'failed' AND `
	claimOwners   = `SELECT DISTINCT owner FROM entry WHERE realm = ?1 AND result = 'pending' AND `
	claimContact  = `contact_id = ?2 AND ?3 = ?4`
	claimCreation = `?2 = 0 AND kind = 'create' AND (key = ?3 OR draft = ?4 AND draft <> '')`
)

// Claim notes how the journal stands. The error is ErrBusy while another running
// program is writing the same thing, or an *Error.
func (s *State) Claim(ctx context.Context, c Claim) (Claim, error) {
	const op = "look at the journal"
	if err := s.f.checkFile(op); err != nil {
		return c, err
	}
	c, err := s.claim(ctx, s.f.db, c)
	if err == nil && c.busy {
		err = ErrBusy
	}
	return c, s.f.fail(ctx, op, err)
}

func (s *State) claim(ctx context.Context, q queryer, c Claim) (Claim, error) {
	var seq, finished, n int64
	which := claimContact
	if c.ContactID == 0 {
		which = claimCreation
	}
	if err := q.QueryRowContext(ctx, claimed+which, s.realm, c.ContactID, c.Key, c.DraftID).Scan(&seq, &finished, &n); err != nil {
		return c, err
	}
	rows, err := q.QueryContext(ctx, claimOwners+which, s.realm, c.ContactID, c.Key, c.DraftID)
	owners, err := collect(rows, err, readText)
	for _, owner := range owners {
		h, e := s.ownerState(owner)
		c.busy, err = c.busy || h == otherProcess, errors.Join(err, e)
	}
	c.seen, c.last = fmt.Sprint(seq, finished, n), finished
	return c, err
}

// unchanged is ErrChanged when the journal does not stand as the claim saw it.
func (s *State) unchanged(ctx context.Context, tx *sql.Tx, c Claim) error {
	if c.seen == "" {
		return nil
	}
	was := c.seen
	now, err := s.claim(ctx, tx, c)
	if err == nil && (now.busy || now.seen != was) {
		err = ErrChanged
	}
	return err
}
