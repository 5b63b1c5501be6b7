package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/levcontacts/levcontacts/model"
)

// cacheVersion changes with the tables and with the packed form.
const cacheVersion = 1000*3 + model.PackedVersion

const cacheAppID = 0x4C657643

// Cache is the cache of one identity. It is safe for use from
// several goroutines. Losing it costs requests and nothing else.
type Cache struct {
	f     *file
	id    string
	epoch atomic.Int64 // of the rows that this program may touch
	own   sync.Map     // by ID, the model.Packed that this program has written last
}

// Info is what the cache knows about itself.
type Info struct {
	Path  string
	Bytes int64 // on disk, the log included
	Rows  int
	Total int // contacts in the whole list as the server last said, -1 when it never did

	FreshAt    time.Time // when the rows were last known to be up to date, zero for never
	FullSyncAt time.Time // end of the last complete sync, zero when there was none
	// Watermark is the moment up to which the last complete sync has seen every
	// change: the greatest updated_at in it, or its beginning when that was
	// earlier, because a contact may change behind the place it has reached.
	Watermark string
	// MismatchAtFull is the server's total less the rows that the last complete
	// pass was given; 0 when they agree or the server gave no total.
	MismatchAtFull int
	// Damaged is how many rows were unreadable and dropped since the last
	// complete sync. Only another complete one brings them back.
	Damaged int

	Sync Sync // a sync that has begun and not been finished, Number 0 for none
}

// OpenCache opens the cache in a folder of its own, contacts.db, and drops the
// rows of any other identity before one can be read. The error is an *Error:
// ErrLocked, ErrReadOnly, ErrFull, ErrDamaged, ErrForeign or ErrDisk; the
// program continues without a cache. now is used for the times of syncs.
func OpenCache(ctx context.Context, dir string, id Identity, now func() time.Time) (*Cache, error) {
	return openCache(ctx, dir, id, now, spec{wait: busyWait})
}

func openCache(ctx context.Context, dir string, id Identity, now func() time.Time, s spec) (*Cache, error) {
	c := &Cache{id: id.key()}
	s.what, s.name, s.appID, s.version = "the local copy", "contacts.db", cacheAppID, cacheVersion
	s.synchronous, s.conns = "NORMAL", 4 // readers hold one each, and should not keep out the writer
	s.upgrade = func(ctx context.Context, tx *sql.Tx, _ int) error {
		_, err := c.recreate(ctx, tx)
		return err
	}
	s.use = func(ctx context.Context, f *file) error {
		c.f = f
		return c.claimRealm(ctx)
	}
	if _, err := openFile(ctx, dir, s, now); err != nil {
		return nil, err
	}
	return c, nil
}

// claimRealm makes the rows this identity's.
func (c *Cache) claimRealm(ctx context.Context) error {
	const op = "open the local copy"
	var id string
	var epoch int64
	err := c.f.db.QueryRowContext(ctx, "SELECT identity, epoch FROM meta").Scan(&id, &epoch)
	if err != nil {
		return c.f.fail(ctx, op, err)
	}
	if id != c.id {
		return c.empty(ctx, op)
	}
	c.epoch.Store(epoch)
	return nil
}

// recreate drops every row and the memory of every sync. The epoch continues, so
// that another program with the old rows in its hands notices, and so do the
// numbers of syncs, so that a late page of an old one is known as such.
func (c *Cache) recreate(ctx context.Context, tx *sql.Tx) (epoch int64, err error) {
	var pass int64
	err = tx.QueryRowContext(ctx, "SELECT epoch, pass FROM meta").Scan(&epoch, &pass)
	if err != nil {
		epoch, pass = 0, 0 // no such table, or another version's
	}
	epoch++
	_, err = tx.ExecContext(ctx,
		"DROP TABLE IF EXISTS contact; DROP TABLE IF EXISTS meta; DROP TABLE IF EXISTS note; DROP TABLE IF EXISTS company; "+
			"DROP TABLE IF EXISTS changed;"+metaSchema+contactSchema+subSchema+changedSchema)
	if err == nil {
		_, err = tx.ExecContext(ctx, "INSERT INTO meta (one, identity, epoch, pass) VALUES (1, ?, ?, ?)", c.id, epoch, pass)
	}
	return epoch, err
}

// empty drops everything and gives the space back, so that nothing stays
// readable in the file. When another program is reading just now, the space is
// given back later.
func (c *Cache) empty(ctx context.Context, op string) error {
	var epoch int64
	err := c.f.write(ctx, op, func(tx *sql.Tx) (err error) {
		epoch, err = c.recreate(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	c.epoch.Store(epoch)
	_, err = c.f.db.ExecContext(ctx, "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)")
	if err = c.f.fail(ctx, op, err); err != nil && !errors.Is(err, ErrLocked) && !errors.Is(err, ErrFull) {
		return err
	}
	return c.f.fail(ctx, op, c.f.removeQuarantined())
}

// Clear removes every contact from the cache, and from damaged ones that were
// set aside. Other programs that use it continue without.
func (c *Cache) Clear(ctx context.Context) error {
	return c.empty(ctx, "empty the local copy")
}

// Quarantined is where a damaged copy was put when this one was opened in its
// place, "" when there was none.
func (c *Cache) Quarantined() string { return c.f.quarantined }

// Close ends the use of the cache. One that turned out to be damaged is set
// aside, so that the next OpenCache begins with an empty one.
func (c *Cache) Close() error {
	err := c.f.db.Close()
	if err == nil && c.f.damaged.Load() {
		err = c.f.quarantineClosed()
	}
	return errors.Join(err, c.f.close())
}

// Info is Head with the size of the cache, which takes the longer the larger it is.
func (c *Cache) Info(ctx context.Context) (Info, error) {
	const op = "look at the local copy"
	info, err := c.Head(ctx)
	if err != nil {
		return info, err
	}
	if err := c.f.db.QueryRowContext(ctx, "SELECT count(*) FROM contact").Scan(&info.Rows); err != nil {
		return info, c.f.fail(ctx, op, err)
	}
	for _, path := range c.f.paths(c.f.path) {
		st, err := os.Stat(path)
		if err == nil {
			info.Bytes += st.Size()
		} else if !errors.Is(err, fs.ErrNotExist) {
			return info, c.f.fail(ctx, op, err)
		}
	}
	return info, nil
}

// Head reads what the cache knows about itself, without Rows and Bytes.
func (c *Cache) Head(ctx context.Context) (Info, error) {
	const op = "look at the local copy"
	info := Info{Path: c.f.path}
	m, err := c.meta(ctx, c.f.db)
	if err != nil {
		return info, c.f.fail(ctx, op, err)
	}
	info.Total, info.Damaged, info.MismatchAtFull = m.total, m.damaged, m.mismatch
	info.FreshAt, info.FullSyncAt, info.Watermark = fromMicro(m.freshAt), fromMicro(m.fullAt), m.watermark
	if m.syncMeta.open {
		info.Sync, err = c.syncOf(m)
	}
	return info, c.f.fail(ctx, op, err)
}
