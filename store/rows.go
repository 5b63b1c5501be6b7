package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"

	"github.com/levcontacts/levcontacts/model"
)

// A row's blob is framed: checksum (CRC-32C, 4 bytes, little endian) and length
// (uvarint) of the packed contact, then the contact. So many rows can be read
// as one text and cut apart here, which costs a fiftieth of the allocations,
// and a bit that fell over on the disk is noticed.

func appendFrame(b []byte, p model.Packed) []byte {
	sum := len(b)
	b = binary.AppendUvarint(append(b, 0, 0, 0, 0), uint64(len(p)))
	at := len(b)
	b = append(b, p...)
	binary.LittleEndian.PutUint32(b[sum:], crc32.Checksum(b[at:], crc32.MakeTable(crc32.Castagnoli)))
	return b
}

// scratch is memory to copy text into, because checksums are made of bytes.
type scratch []byte

func (b *scratch) checksum(p model.Packed) uint32 {
	*b = append((*b)[:0], p...)
	return crc32.Checksum(*b, crc32.MakeTable(crc32.Castagnoli))
}

// cutFrame takes the first contact off s; false when the bytes are damaged.
func cutFrame(s string, buf *scratch) (p model.Packed, rest string, ok bool) {
	var head [4 + binary.MaxVarintLen64]byte
	k := copy(head[:], s)
	if k < 4 {
		return "", "", false
	}
	n, w := binary.Uvarint(head[4:k])
	if w <= 0 || n > uint64(len(s)-4-w) {
		return "", "", false
	}
	end := 4 + w + int(n)
	p = model.Packed(s[4+w : end])
	return p, s[end:], buf.checksum(p) == binary.LittleEndian.Uint32(head[:])
}

const contactSchema = `
CREATE TABLE contact (
	pos       INTEGER PRIMARY KEY, -- the server's order, see firstPos
	id        INTEGER NOT NULL UNIQUE,
	seen      INTEGER NOT NULL,    -- number of the pass that was the newest when the server last showed it
	connected INTEGER NOT NULL,
	data      BLOB    NOT NULL     -- see frame
);`

const (
	placeRow = `INSERT INTO contact (pos, id, seen, connected, data) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET pos = excluded.pos, seen = excluded.seen, connected = excluded.connected, data = excluded.data`
	putRow = `INSERT INTO contact (pos, id, seen, connected, data)
		VALUES ((SELECT max(0, ifnull(max(pos), 0)) + 1 FROM contact), ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET seen = excluded.seen, connected = excluded.connected, data = excluded.data`
	removeRow = `DELETE FROM contact WHERE id = ?`
	removeBad = `DELETE FROM contact WHERE pos = ? AND CAST(data AS BLOB) = CAST(? AS BLOB)` // unless it was written anew

	// The rows arrive in the order of the subquery, so the text is in order too.
	readRows = `SELECT count(*), max(pos), group_concat(data, '')
		FROM (SELECT pos, data FROM contact WHERE pos > ? ORDER BY pos LIMIT ?)`
	readOneByOne = `SELECT pos, data FROM contact WHERE pos > ? AND pos <= ? ORDER BY pos`
)

// place puts rows at their positions in a sync.
func (c *Cache) place(ctx context.Context, tx *sql.Tx, pass, pos int64, contacts []model.Packed) error {
	return c.each(ctx, tx, placeRow, contacts, func(ctx context.Context, st *sql.Stmt, i int, p model.Packed, data []byte) error {
		_, err := st.ExecContext(ctx, pos+int64(i), p.ID(), pass, p.Connected(), data)
		return err
	})
}

// put changes rows where they stand, and adds new ones at the end.
func (c *Cache) put(ctx context.Context, tx *sql.Tx, pass int64, contacts []model.Packed) error {
	return c.each(ctx, tx, putRow, contacts, func(ctx context.Context, st *sql.Stmt, _ int, p model.Packed, data []byte) error {
		_, err := st.ExecContext(ctx, p.ID(), pass, p.Connected(), data)
		return err
	})
}

func (c *Cache) each(ctx context.Context, tx *sql.Tx, query string, contacts []model.Packed,
	exec func(context.Context, *sql.Stmt, int, model.Packed, []byte) error) error {
	if len(contacts) == 0 {
		return nil
	}
	st, err := tx.PrepareContext(ctx, query)
	if err != nil {
		return err
	}
	defer st.Close()
	// The transaction watches the context; the driver would start a goroutine a
	// row to do so once more.
	inner := context.WithoutCancel(ctx)
	var data []byte
	for i, p := range contacts {
		if !p.Whole() {
			return fmt.Errorf("contact %d of %d: %w", i+1, len(contacts), model.ErrPacked)
		}
		data = appendFrame(data[:0], p)
		if err := exec(inner, st, i, p, data); err != nil {
			return err
		}
	}
	return nil
}

// Put keeps contacts that came one by one: changed in place, new ones at the
// end. What they change is among the Changes. A pass that is under way takes
// them as seen. The errors are those of SavePage.
func (c *Cache) Put(ctx context.Context, contacts ...model.Packed) error {
	return c.keep(ctx, contacts, true)
}

// PutOwn is Put of what this program has written itself: it is no change that
// the person has to be told of, also when a page that was on its way brings it
// before or after, or brings the contact as it was.
func (c *Cache) PutOwn(ctx context.Context, contacts ...model.Packed) error {
	return c.keep(ctx, contacts, false)
}

func (c *Cache) keep(ctx context.Context, contacts []model.Packed, note bool) error {
	return c.f.write(ctx, "keep a contact", func(tx *sql.Tx) error {
		m, err := c.meta(ctx, tx)
		if err == nil && note {
			err = c.noteChanges(ctx, tx, m, contacts)
		} else if err == nil {
			err = c.noteOwn(ctx, tx, contacts)
		}
		if err != nil {
			return err
		}
		return c.put(ctx, tx, m.syncMeta.number, contacts)
	})
}

// Remove drops contacts that the server does not show any more. The errors are
// those of SavePage.
func (c *Cache) Remove(ctx context.Context, ids ...int64) error {
	return c.f.write(ctx, "drop a contact", func(tx *sql.Tx) error {
		if _, err := c.meta(ctx, tx); err != nil {
			return err
		}
		st, err := tx.PrepareContext(ctx, removeRow)
		if err != nil {
			return err
		}
		defer st.Close()
		for _, id := range ids {
			if _, err := st.ExecContext(ctx, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// Find gives those of some contacts that the copy holds, in the order of the ids.
func (c *Cache) Find(ctx context.Context, ids ...int64) (rows []model.Packed, err error) {
	const op = "read the local copy"
	tx, err := c.f.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, c.f.fail(ctx, op, err)
	}
	defer tx.Rollback()
	if _, err := c.meta(ctx, tx); err != nil {
		return nil, c.f.fail(ctx, op, err)
	}
	var buf scratch
	for _, id := range ids {
		var data string
		err := tx.QueryRowContext(ctx, "SELECT data FROM contact WHERE id = ?", id).Scan(&data)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return nil, c.f.fail(ctx, op, err)
		}
		if p, rest, ok := cutFrame(data, &buf); ok && rest == "" { // a damaged one is as good as none
			rows = append(rows, p)
		}
	}
	return rows, nil
}

// Reader walks over the rows in the server's order, as they were when it
// began: what is saved meanwhile neither hides a row nor shows one twice. It is
// used from one goroutine at a time.
type Reader struct {
	c     *Cache
	tx    *sql.Tx
	st    *sql.Stmt
	after int64
	end   bool
	bad   []badRow
	buf   scratch
}

type badRow struct {
	pos  int64
	data string
}

// Read begins to read all rows. The error is an *Error; ErrCacheReplaced when the rows
// are not this identity's any more.
func (c *Cache) Read(ctx context.Context) (*Reader, error) {
	const op = "read the local copy"
	tx, err := c.f.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, c.f.fail(ctx, op, err)
	}
	r := &Reader{c: c, tx: tx, after: math.MinInt64}
	if _, err = c.meta(ctx, tx); err == nil {
		r.st, err = tx.PrepareContext(ctx, readRows)
	}
	if err != nil {
		tx.Rollback()
		return nil, c.f.fail(ctx, op, err)
	}
	return r, nil
}

// maxRead is how many rows one statement puts together: about half a megabyte.
const maxRead = 2000

// Next gives up to n more rows, none at the end. Rows that turn out to be
// damaged are left out; Close drops them. The rows share memory with each
// other and with nothing else.
func (r *Reader) Next(ctx context.Context, n int) ([]model.Packed, error) {
	out := make([]model.Packed, 0, n)
	for len(out) < n && !r.end {
		var count int
		var last sql.NullInt64
		var all sql.NullString
		want := min(n-len(out), maxRead)
		err := r.st.QueryRowContext(ctx, r.after, want).Scan(&count, &last, &all)
		if err != nil {
			return out, r.c.f.fail(ctx, "read the local copy", err)
		}
		whole := len(out)
		rest, ok := all.String, true
		for i := 0; i < count && ok; i++ {
			var p model.Packed
			if p, rest, ok = cutFrame(rest, &r.buf); ok {
				out = append(out, p)
			}
		}
		if !ok || rest != "" {
			if out, err = r.oneByOne(ctx, out[:whole], last.Int64); err != nil {
				return out, r.c.f.fail(ctx, "read the local copy", err)
			}
		}
		r.after, r.end = last.Int64, count < want
	}
	return out, nil
}

// oneByOne reads rows up to a position again, to find the damaged one.
func (r *Reader) oneByOne(ctx context.Context, out []model.Packed, last int64) ([]model.Packed, error) {
	rows, err := r.tx.QueryContext(ctx, readOneByOne, r.after, last)
	if err != nil {
		return out, err
	}
	defer rows.Close()
	for rows.Next() {
		var row badRow
		if err := rows.Scan(&row.pos, &row.data); err != nil {
			return out, err
		}
		if p, rest, ok := cutFrame(row.data, &r.buf); ok && rest == "" {
			out = append(out, p)
		} else {
			r.bad = append(r.bad, row)
		}
	}
	return out, rows.Err()
}

// Close ends the reading, also before the end. If damaged rows were met, they
// are dropped and counted in Info; the error is that of doing so.
func (r *Reader) Close(ctx context.Context) error {
	r.st.Close()
	r.tx.Rollback()
	bad := r.bad
	r.bad = nil
	if len(bad) == 0 {
		return nil
	}
	return r.c.f.write(ctx, "drop damaged rows", func(tx *sql.Tx) error {
		m, err := r.c.meta(ctx, tx)
		if err != nil {
			return err
		}
		for _, row := range bad {
			res, err := tx.ExecContext(ctx, removeBad, row.pos, row.data)
			if err != nil {
				return err
			}
			n, err := res.RowsAffected()
			if err != nil {
				return err
			}
			m.damaged += int(n)
		}
		return r.c.saveMeta(ctx, tx, m)
	})
}
