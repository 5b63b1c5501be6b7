package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// probe looks whose file it is without locking or changing anything. What it
// cannot tell, because a checkpoint was interrupted, ready finds out.
func (f *file) probe(ctx context.Context) error {
	raw, err := os.Open(f.path)
	if err != nil {
		return err
	}
	defer raw.Close()
	var head [100]byte // https://www.sqlite.org/fileformat.html#the_database_header
	n, err := io.ReadFull(raw, head[:])
	switch {
	case n == 0 && errors.Is(err, io.EOF):
		return nil
	case err == nil && bytes.HasPrefix(head[:], []byte("SQLite format 3\x00")) &&
		int32(binary.BigEndian.Uint32(head[68:])) == f.appID:
		return nil
	}
	// writable_schema lets the header be read although the last checkpoint did
	// not reach the end of the file; nothing can be written here.
	db, err := sql.Open("sqlite", fileURI(f.path, url.Values{"mode": {"ro"}, "immutable": {"1"}, "_pragma": {"writable_schema(1)"}}))
	if err != nil {
		return err
	}
	defer db.Close()
	var id int32
	err = db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id)
	if e, ok := errors.AsType[*sqlite.Error](err); ok && e.Code()&0xff != sqlite3.SQLITE_NOTADB {
		return nil
	}
	if err == nil && id != f.appID {
		err = &Error{Op: "open " + f.what, Path: f.path, Reason: ErrForeign}
	}
	return err
}

// header is what says whose file it is and how old.
type header struct {
	pages, appID, version int64
}

func readHeader(ctx context.Context, db *sql.DB) (h header, err error) {
	for pragma, to := range map[string]*int64{"page_count": &h.pages, "application_id": &h.appID, "user_version": &h.version} {
		if err := db.QueryRowContext(ctx, "PRAGMA "+pragma).Scan(to); err != nil {
			return h, err
		}
	}
	return h, nil
}

func (f *file) ours(h header) error {
	switch {
	case h.pages == 0:
		return nil
	case h.appID != int64(f.appID):
		return &Error{Op: "open " + f.what, Path: f.path, Reason: ErrForeign}
	case f.refuseNewer && h.version > int64(f.version):
		return &Error{Op: "open " + f.what, Path: f.path, Reason: ErrNewer}
	}
	return nil
}

func (f *file) quickCheck(ctx context.Context) error {
	var verdict string
	err := f.db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict)
	if err == nil && verdict != "ok" {
		err = &Error{Op: "open " + f.what, Path: f.path, Reason: ErrDamaged, Cause: errors.New(verdict)}
	}
	return err
}

// schemaCheck finds damage in the names of tables and columns, which is none to
// the database.
func (f *file) schemaCheck(ctx context.Context) error {
	sum, err := schemaSum(ctx, f.db)
	if err == nil && f.schema != "" && sum != f.schema {
		err = &Error{Op: "open " + f.what, Path: f.path, Reason: ErrDamaged, Cause: errors.New("its tables are not as they were made")}
	}
	return err
}

// schemaSum is a checksum of the statements that a database's tables were made by.
func schemaSum(ctx context.Context, db *sql.DB) (string, error) {
	var schema string
	err := db.QueryRowContext(ctx, `SELECT coalesce(group_concat(sql, char(10)), '') FROM (SELECT sql FROM sqlite_schema
		WHERE sql IS NOT NULL ORDER BY name)`).Scan(&schema)
	return fmt.Sprintf("%.8x", sha256.Sum256([]byte(schema))), err
}
