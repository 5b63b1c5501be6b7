package store

import (
	"context"
	"database/sql"
	"errors"
)

const metaSchema = `
CREATE TABLE meta (
	one      INTEGER PRIMARY KEY CHECK (one = 1),
	identity TEXT    NOT NULL,
	epoch    INTEGER NOT NULL,            -- goes up when all rows are dropped
	total    INTEGER NOT NULL DEFAULT -1, -- as the server last said
	damaged  INTEGER NOT NULL DEFAULT 0,  -- rows dropped since the last complete pass
	fresh_at  INTEGER NOT NULL DEFAULT 0, -- when the rows were last known to be up to date
	full_at   INTEGER NOT NULL DEFAULT 0, -- end of the last complete pass
	watermark TEXT    NOT NULL DEFAULT '',
	mismatch  INTEGER NOT NULL DEFAULT 0,
	pass         INTEGER NOT NULL DEFAULT 0, -- number of the newest pass
	pass_open    INTEGER NOT NULL DEFAULT 0,
	pass_done    INTEGER NOT NULL DEFAULT 0, -- its last page is here
	pass_owner   TEXT    NOT NULL DEFAULT '',
	pass_started INTEGER NOT NULL DEFAULT 0,
	pass_saved   INTEGER NOT NULL DEFAULT 0,
	pass_cursor  TEXT    NOT NULL DEFAULT '',
	pass_seen    INTEGER NOT NULL DEFAULT 0,
	pass_total   INTEGER NOT NULL DEFAULT -1,
	pass_newest  TEXT    NOT NULL DEFAULT '',
	pass_damaged INTEGER NOT NULL DEFAULT 0 -- damaged when it began
);
`

// meta is the one row about the whole copy.
type meta struct {
	total     int
	damaged   int
	freshAt   int64
	fullAt    int64
	watermark string
	mismatch  int
	syncMeta  syncMeta
}

// syncMeta is the part of meta that is about the newest sync.
type syncMeta struct {
	number  int64
	open    bool
	done    bool
	owner   string
	started int64
	saved   int64
	cursor  string
	seen    int
	total   int
	newest  string
	damaged int
}

const (
	selectMeta = `SELECT total, damaged, fresh_at, full_at, watermark, mismatch,
			pass, pass_open, pass_done, pass_owner, pass_started, pass_saved, pass_cursor, pass_seen,
			pass_total, pass_newest, pass_damaged
		FROM meta WHERE identity = ? AND epoch = ?`
	updateMeta = `UPDATE meta SET total = ?, damaged = ?, fresh_at = ?, full_at = ?, watermark = ?, mismatch = ?,
			pass = ?, pass_open = ?, pass_done = ?, pass_owner = ?, pass_started = ?, pass_saved = ?, pass_cursor = ?, pass_seen = ?,
			pass_total = ?, pass_newest = ?, pass_damaged = ?`
)

// columns are the fields in the order of the statements.
func (m *meta) columns() []any {
	p := &m.syncMeta
	return []any{&m.total, &m.damaged, &m.freshAt, &m.fullAt, &m.watermark, &m.mismatch,
		&p.number, &p.open, &p.done, &p.owner, &p.started, &p.saved, &p.cursor, &p.seen,
		&p.total, &p.newest, &p.damaged}
}

// meta refuses when the rows belong to another identity by now, or were
// dropped since they were opened.
func (c *Cache) meta(ctx context.Context, q queryer) (m meta, err error) {
	err = q.QueryRowContext(ctx, selectMeta, c.id, c.epoch.Load()).Scan(m.columns()...)
	if errors.Is(err, sql.ErrNoRows) {
		err = &Error{Op: "use the local copy", Path: c.f.path, Reason: ErrCacheReplaced}
	}
	return m, err
}

func (c *Cache) saveMeta(ctx context.Context, tx *sql.Tx, m meta) error {
	_, err := tx.ExecContext(ctx, updateMeta, m.columns()...)
	return err
}
