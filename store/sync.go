package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/levcontacts/levcontacts/model"
)

// Sync is one walk over the whole list in the server's own order, page by
// page. It outlives the program that began it.
type Sync struct {
	Number    int64
	Cursor    string // where the next page is, "" at the start
	Seen      int    // different contacts so far
	Total     int    // as the server last said in this sync, -1 when it did not
	StartedAt time.Time
	SavedAt   time.Time // when the last page came, zero before the first
	Done      bool      // every page is here; only FinishSync is left
	Elsewhere bool      // another running program is at it
}

// PageWrite is one page of a sync.
type PageWrite struct {
	Sync       int64
	Contacts   []model.Packed
	NextCursor string
	Total      int  // -1 when the server did not say
	Done       bool // the server says that this is the last page
}

// firstPosition is where the rows of a sync begin. A later sync begins before an
// earlier one, so that at any moment the rows it has reached stand first, in
// its order, and the rest follow in the order of the one before. Rows that came
// one by one have positive positions and stand last.
func firstPosition(pass int64) int64 { return -pass << 32 }

// BeginSync starts a sync from the first page. A program that is at another one
// continues without finishing it. The errors are those of SavePage.
func (c *Cache) BeginSync(ctx context.Context) (Sync, error) {
	return c.claimSync(ctx, "begin a pass", func(m *meta) error {
		m.syncMeta = syncMeta{number: m.syncMeta.number + 1, open: true, started: toMicro(c.f.now()), total: -1, damaged: m.damaged}
		return nil
	})
}

// ResumeSync continues with a sync that was interrupted. The error is
// ErrSyncLost when a newer one has begun or it was finished, ErrBusy while
// another running program is at it, or one of SavePage's.
func (c *Cache) ResumeSync(ctx context.Context, number int64) (Sync, error) {
	return c.claimSync(ctx, "resume a pass", func(m *meta) error {
		if !m.syncMeta.open || m.syncMeta.number != number {
			return ErrSyncLost
		}
		live, err := c.f.proc.alive(m.syncMeta.owner)
		if err == nil && live && m.syncMeta.owner != c.f.proc.token {
			err = ErrBusy
		}
		return err
	})
}

func (c *Cache) claimSync(ctx context.Context, op string, change func(*meta) error) (p Sync, err error) {
	err = c.f.write(ctx, op, func(tx *sql.Tx) error {
		m, err := c.meta(ctx, tx)
		if err != nil {
			return err
		}
		if err := change(&m); err != nil {
			return err
		}
		m.syncMeta.owner = c.f.proc.token
		if err := c.saveMeta(ctx, tx, m); err != nil {
			return err
		}
		p, err = c.syncOf(m)
		return err
	})
	return p, err
}

func (c *Cache) syncOf(m meta) (Sync, error) {
	p := m.syncMeta
	live, err := c.f.proc.alive(p.owner)
	return Sync{Number: p.number, Cursor: p.cursor, Seen: p.seen, Total: p.total, StartedAt: fromMicro(p.started),
		SavedAt: fromMicro(p.saved), Done: p.done, Elsewhere: live && p.owner != c.f.proc.token}, err
}

// ownsSync reports whether a sync is this program's and not finished.
func (c *Cache) ownsSync(m meta, number int64) bool {
	return m.syncMeta.open && m.syncMeta.number == number && m.syncMeta.owner == c.f.proc.token
}

// SavePage keeps the rows of a page and the place of the next one in one
// transaction: killed at any moment, the sync has either both or neither. It
// reports whether the sync is still this program's. When another has begun a newer
// one the rows are stored anyway, but reading further is useless.
//
// The error is an *Error: ErrFull, ErrLocked, ErrReadOnly, ErrDamaged or
// ErrDisk, after which reading may continue, or ErrCacheReplaced. It is model.ErrPacked
// when a contact of the page is not a packed one; then nothing was stored.
func (c *Cache) SavePage(ctx context.Context, w PageWrite) (mine bool, err error) {
	err = c.f.write(ctx, "save a page", func(tx *sql.Tx) error {
		m, err := c.meta(ctx, tx)
		if err == nil {
			err = c.noteChanges(ctx, tx, m, w.Contacts)
		}
		if err != nil {
			return err
		}
		if mine = c.ownsSync(m, w.Sync); !mine {
			return c.put(ctx, tx, m.syncMeta.number, w.Contacts)
		}
		news, repeats, err := c.split(ctx, tx, w)
		if err != nil {
			return err
		}
		if err := c.put(ctx, tx, w.Sync, repeats); err != nil {
			return err
		}
		if err := c.place(ctx, tx, w.Sync, firstPosition(w.Sync)+int64(m.syncMeta.seen), news); err != nil {
			return err
		}
		p := &m.syncMeta
		p.cursor, p.done, p.seen, p.saved = w.NextCursor, w.Done, p.seen+len(news), toMicro(c.f.now())
		if w.Total >= 0 {
			m.total, p.total = w.Total, w.Total
		}
		for _, contact := range w.Contacts {
			p.newest = later(p.newest, contact.Get(model.FieldUpdated).String())
		}
		return c.saveMeta(ctx, tx, m)
	})
	return mine, err
}

// split separates the contacts of a page that this sync had not seen before from
// those that the server sends again; of two in one page the later counts.
func (c *Cache) split(ctx context.Context, tx *sql.Tx, w PageWrite) (news, repeats []model.Packed, err error) {
	ids := make([]int64, len(w.Contacts))
	for i, p := range w.Contacts {
		ids[i] = p.ID()
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, nil, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT id FROM contact
		WHERE id IN (SELECT value FROM json_each(?)) AND pos >= ? AND pos < ?`,
		string(list), firstPosition(w.Sync), firstPosition(w.Sync-1))
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	seen := map[int64]bool{}
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, nil, err
		}
		seen[id] = true
	}
	place := map[int64]int{}
	for i, p := range w.Contacts {
		if at, twice := place[ids[i]]; twice {
			news[at] = p
		} else if seen[ids[i]] {
			repeats = append(repeats, p)
		} else {
			place[ids[i]] = len(news)
			news = append(news, p)
		}
	}
	return news, repeats, rows.Err()
}

// later is the later of two moments as the server writes them. What is not a
// moment counts as the earliest.
func later(a, b string) string {
	tb, err := time.Parse(time.RFC3339, b)
	if err != nil {
		return a
	}
	if ta, err := time.Parse(time.RFC3339, a); err == nil && !tb.After(ta) {
		return a
	}
	return b
}

// FinishSync ends a sync whose last page was saved as Done. Connected contacts
// that it did not see are gone from the server's list: they are removed and
// their ids returned. Contacts that are not connected stay, because the list
// never shows them. at is stored as the time at which the cache was complete.
//
// The error is ErrSyncLost when the sync is not this program's any more,
// ErrSyncShort when its last page is missing, or one of SavePage's. In all
// these cases nothing is removed.
func (c *Cache) FinishSync(ctx context.Context, number int64, at time.Time) (vanished []int64, err error) {
	err = c.f.write(ctx, "finish a pass", func(tx *sql.Tx) error {
		m, err := c.meta(ctx, tx)
		switch {
		case err != nil:
			return err
		case !c.ownsSync(m, number):
			return ErrSyncLost
		case !m.syncMeta.done:
			return ErrSyncShort
		}
		if vanished, err = deleteUnseen(ctx, tx, number); err != nil {
			return err
		}
		p := m.syncMeta
		m.syncMeta = syncMeta{number: number, total: -1}
		m.freshAt, m.fullAt, m.damaged, m.mismatch = toMicro(at), toMicro(at), m.damaged-p.damaged, 0
		if p.total >= 0 {
			m.mismatch = p.total - p.seen
		}
		m.watermark = p.newest
		began := fromMicro(p.started).Truncate(time.Second).Format(time.RFC3339)
		if p.newest != "" && later(began, p.newest) == p.newest {
			m.watermark = began
		}
		return c.saveMeta(ctx, tx, m)
	})
	if err != nil {
		return nil, err
	}
	return vanished, nil
}

// MarkFresh reports that all rows are up to date without a sync: the server showed
// nothing newer than the watermark, or what it showed was Put. total is what it
// said the whole list holds, -1 when it did not. The errors are those of SavePage.
func (c *Cache) MarkFresh(ctx context.Context, at time.Time, total int) error {
	return c.f.write(ctx, "mark the local copy as up to date", func(tx *sql.Tx) error {
		m, err := c.meta(ctx, tx)
		if err != nil {
			return err
		}
		m.freshAt = toMicro(at)
		if total >= 0 {
			m.total = total
		}
		return c.saveMeta(ctx, tx, m)
	})
}

func deleteUnseen(ctx context.Context, tx *sql.Tx, pass int64) (ids []int64, err error) {
	rows, err := tx.QueryContext(ctx, "DELETE FROM contact WHERE seen <> ? AND connected RETURNING id", pass)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}
