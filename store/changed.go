package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/levcontacts/levcontacts/model"
)

// changedSchema holds how contacts were before another row replaced theirs.
const changedSchema = `
CREATE TABLE changed (
	n       INTEGER PRIMARY KEY,        -- goes up
	at      INTEGER NOT NULL,           -- when the copy learned of it
	contact INTEGER NOT NULL,
	seen    INTEGER NOT NULL DEFAULT 0, -- the person has looked at it
	before  BLOB    NOT NULL,           -- a row, see frame; empty for a contact that is new
	after   BLOB    NOT NULL
);
`

// How long and how many changes are kept.
const (
	keepChanges = 7 * 24 * time.Hour
	mostChanges = 10_000
)

// Changed is a contact that another row has replaced.
type Changed struct {
	N      int64
	At     time.Time // when the copy learned of it
	Before model.Packed
	After  model.Packed
	Seen   bool
}

// noteChanges keeps how contacts were that differ from the rows that replace
// them. A contact that is not held is new where the copy was complete.
func (c *Cache) noteChanges(ctx context.Context, tx *sql.Tx, m meta, contacts []model.Packed) error {
	held, err := heldRows(ctx, tx, contacts)
	if err != nil {
		return err
	}
	noted := false
	for _, now := range contacts {
		before, known := held[now.ID()]
		if before == now || !known && (m.fullAt == 0 || m.damaged > 0) {
			continue
		}
		if known && !differs(before, now) || c.ownOrOlder(now) {
			continue
		}
		held[now.ID()] = now // a page that names a contact twice changes it once
		old := []byte{}
		if known {
			old = appendFrame(nil, before)
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO changed (at, contact, before, after) VALUES (?, ?, ?, ?)",
			toMicro(c.f.now()), now.ID(), old, appendFrame(nil, now))
		if err != nil {
			return err
		}
		noted = true
	}
	if !noted {
		return nil
	}
	_, err = tx.ExecContext(ctx, "DELETE FROM changed WHERE at < ? OR n <= (SELECT max(n) FROM changed) - ?",
		toMicro(c.f.now().Add(-keepChanges)), mostChanges)
	return err
}

// noteOwn remembers what this program has written. A page may have brought it
// before the answer came; then it is no change of others.
func (c *Cache) noteOwn(ctx context.Context, tx *sql.Tx, contacts []model.Packed) error {
	for _, own := range contacts {
		c.own.Store(own.ID(), own)
		rows, err := tx.QueryContext(ctx, "SELECT n, after FROM changed WHERE contact = ?", own.ID())
		var buf scratch
		mine, err := collect(rows, err, func(scan func(...any) error) (n int64, err error) {
			var after string
			if err := scan(&n, &after); err != nil {
				return 0, err
			}
			if p, _, ok := cutFrame(after, &buf); !ok || !sameVersion(p, own) {
				n = 0
			}
			return n, nil
		})
		if err != nil {
			return err
		}
		for _, n := range mine {
			if _, err := tx.ExecContext(ctx, "DELETE FROM changed WHERE n = ?", n); err != nil {
				return err
			}
		}
	}
	return nil
}

// ownOrOlder reports whether a row is what this program has written itself, or
// was read before that.
func (c *Cache) ownOrOlder(now model.Packed) bool {
	held, ok := c.own.Load(now.ID())
	if !ok {
		return false
	}
	own := held.(model.Packed)
	return sameVersion(own, now) || updatedAt(now).Before(updatedAt(own))
}

// sameVersion reports whether two rows are one state of a contact.
func sameVersion(a, b model.Packed) bool {
	return updatedAt(a).Equal(updatedAt(b)) && !differs(a, b)
}

// updatedAt is the zero time for a row that does not say it.
func updatedAt(p model.Packed) time.Time {
	t, err := time.Parse(time.RFC3339, p.Get(model.FieldUpdated).String())
	if err != nil {
		return time.Time{}
	}
	return t
}

// differs reports whether somebody who reads the two rows sees a difference. A
// row that cannot be read differs from nothing: each refuses it in its own words.
func differs(before, now model.Packed) bool {
	a, err := before.Unpack()
	if err != nil {
		return false
	}
	b, err := now.Unpack()
	return err == nil && !model.Changed(a, b).Empty()
}

// heldRows are those of some contacts that are held, by ID.
func heldRows(ctx context.Context, tx *sql.Tx, contacts []model.Packed) (map[int64]model.Packed, error) {
	held := map[int64]model.Packed{}
	if len(contacts) == 0 {
		return held, nil
	}
	ids := make([]int64, len(contacts))
	for i, p := range contacts {
		ids[i] = p.ID()
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, "SELECT data FROM contact WHERE id IN (SELECT value FROM json_each(?))",
		string(list))
	var buf scratch
	_, err = collect(rows, err, func(scan func(...any) error) (none struct{}, err error) {
		var data string
		if err := scan(&data); err != nil {
			return none, err
		}
		if p, rest, ok := cutFrame(data, &buf); ok && rest == "" {
			held[p.ID()] = p
		}
		return none, nil
	})
	return held, err
}

// Changes are the contacts that changed within the last week, the newest
// first. Damaged ones are left out.
func (c *Cache) Changes(ctx context.Context) ([]Changed, error) {
	const op = "read what changed"
	if _, err := c.meta(ctx, c.f.db); err != nil {
		return nil, c.f.fail(ctx, op, err)
	}
	var out []Changed
	var buf scratch
	rows, err := c.f.db.QueryContext(ctx, "SELECT n, at, seen, before, after FROM changed WHERE at >= ? ORDER BY n DESC",
		toMicro(c.f.now().Add(-keepChanges)))
	_, err = collect(rows, err, func(scan func(...any) error) (none struct{}, err error) {
		var row Changed
		var at int64
		var before, after string
		if err := scan(&row.N, &at, &row.Seen, &before, &after); err != nil {
			return none, err
		}
		row.At = fromMicro(at)
		whole := true
		if before != "" {
			row.Before, _, whole = cutFrame(before, &buf)
		}
		var ok bool
		if row.After, _, ok = cutFrame(after, &buf); ok && whole {
			out = append(out, row)
		}
		return none, nil
	})
	return out, c.f.fail(ctx, op, err)
}

// SeeChanges notes that the person has looked at the changes of a contact, 0
// for those of all, up to number n. The errors are those of SavePage.
func (c *Cache) SeeChanges(ctx context.Context, contact, n int64) error {
	return c.f.write(ctx, "note what was looked at", func(tx *sql.Tx) error {
		if _, err := c.meta(ctx, tx); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "UPDATE changed SET seen = 1 WHERE n <= ? AND (? = 0 OR contact = ?) AND seen = 0",
			n, contact, contact)
		return err
	})
}
