package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// busyWait is how long a statement waits for another program's transaction.
// The longest of ours, the end of a sync over a million rows, takes about a second.
const busyWait = 5 * time.Second

// spec is what the two databases differ in.
type spec struct {
	what        string // "the cache", in errors
	name        string // file name inside the folder
	appID       int32  // application_id in the file's header: says that the file is ours
	version     int    // user_version that this program reads and writes
	refuseNewer bool   // leave a file with a greater version alone
	synchronous string
	conns       int
	wait        time.Duration
	pragmas     []string // more of them for every connection, for tests
	// upgrade makes the tables of this version out of those of another; have is
	// 0 for a new file. It runs in the transaction that also sets the version.
	upgrade func(ctx context.Context, tx *sql.Tx, have int) error
	check   bool   // look for damage in the whole file on opening
	schema  string // with check, the schemaSum of these tables; tests of other tables have none
	// backup keeps a second copy beside the file that a damaged or emptied one
	// falls back to.
	backup bool
	// use makes the first use of the open file; damage that it meets is dealt
	// with like damage met before.
	use    func(ctx context.Context, f *file) error
	rescue []string // tables of which to carry over what can be read of a damaged file
}

// file is an open database with this program's sign of life beside it.
type file struct {
	spec
	path        string
	db          *sql.DB
	proc        *process
	now         func() time.Time
	opened      os.FileInfo // the file that was opened, nil in memory
	quarantined string      // where a damaged file was put on opening
	rescued     time.Time   // of the second copy that took its place, zero for none
	damaged     atomic.Bool // seen while in use
	saved       saved
}

// inMemory is the path of a database that ends with the program.
const inMemory = ":memory:"

// openFile opens or creates a database. A file that is not ours is not
// touched. One that is damaged is put aside under another name and an empty
// one takes its place, unless another running program still uses it.
func openFile(ctx context.Context, dir string, s spec, now func() time.Time) (*file, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	f := &file{spec: s, path: filepath.Join(dir, s.name), now: now}
	fail := func(err error) (*file, error) {
		return nil, errors.Join(failure(ctx, "open "+s.what, f.path, err), f.close())
	}
	if err := privateFolder(dir); err != nil {
		return fail(err)
	}
	if err := f.regular(); err != nil {
		return fail(err)
	}
	unlock, err := lockFor(ctx, f.path, s.wait)
	if err != nil {
		return fail(err)
	}
	defer unlock()
	if f.proc, err = newProcess(ctx, dir, s.name); err != nil {
		return fail(err)
	}
	if err := f.openOrRestore(ctx); err != nil {
		return fail(err)
	}
	f.saved.dirty = !f.rescued.IsZero() // opening alone is worth no second copy
	return f, nil
}

// openInMemory makes a database that leaves nothing on disk.
func openInMemory(ctx context.Context, s spec, now func() time.Time) (*file, error) {
	s.conns, s.backup, s.check = 1, false, false // every connection would have a database of its own
	f := &file{spec: s, path: inMemory, now: now, proc: &process{token: "memory"}}
	return f, failure(ctx, "open "+s.what, f.path, f.connect(ctx))
}

func (f *file) open(ctx context.Context) error {
	if err := f.create(); err != nil {
		return err
	}
	if err := f.probe(ctx); err != nil {
		return err
	}
	var err error
	if f.opened, err = os.Stat(f.path); err != nil {
		return err
	}
	return f.connect(ctx)
}

func (f *file) connect(ctx context.Context) error {
	db, err := sql.Open("sqlite", f.dsn())
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(f.conns)
	db.SetMaxIdleConns(f.conns)
	f.db = db
	if err := f.ready(ctx); err != nil {
		f.db = nil
		return errors.Join(err, db.Close())
	}
	return nil
}

// privateFolder makes the folder, and closes an existing one to other people.
func privateFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	info, err := os.Stat(dir)
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		err = os.Chmod(dir, 0o700)
	}
	return err
}

// create makes an empty file before the database sees it: the database would
// make one that others can read. Its companions get the file's own mode.
func (f *file) create() error {
	made, err := os.OpenFile(f.path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		return made.Close()
	}
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	for _, path := range f.paths(f.path) {
		info, err := os.Stat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist) && path != f.path:
			continue
		case err != nil:
			return err
		case !info.Mode().IsRegular():
			return &Error{Op: "open " + f.what, Path: path, Reason: ErrForeign}
		case info.Mode().Perm()&0o077 != 0:
			if err := os.Chmod(path, 0o600); err != nil {
				return err
			}
		}
	}
	return nil
}

// paths are the file and the companions that the database may put beside it.
func (f *file) paths(path string) [4]string {
	return [4]string{path, path + "-wal", path + "-shm", path + "-journal"}
}

func fileURI(path string, query url.Values) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/…
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}).String()
}

func (f *file) dsn() string {
	pragmas := append([]string{
		"synchronous(" + f.synchronous + ")",
		"foreign_keys(1)",
		"cell_size_check(1)",
		"trusted_schema(0)",
		"temp_store(memory)", // no contact in a temporary file elsewhere
	}, f.pragmas...)
	mode := "rw"
	if f.path == inMemory {
		mode = "memory"
	}
	return fileURI(f.path, url.Values{
		"mode":          {mode},
		"_busy_timeout": {strconv.FormatInt(f.wait.Milliseconds(), 10)},
		"_txlock":       {"immediate"},
		"_error_rc":     {"1"},
		"_defensive":    {"1"},
		"_pragma":       pragmas,
	})
}

// queryer is a database or a transaction.
type queryer interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
}

// ready checks the file and brings its tables to this program's version. In
// the usual case it only reads, so that no one's transaction is waited for.
func (f *file) ready(ctx context.Context) error {
	h, err := readHeader(ctx, f.db)
	if err != nil {
		return err
	}
	if err := f.ours(h); err != nil {
		return err
	}
	if h.appID != int64(f.appID) || h.version != int64(f.version) {
		if err := f.migrate(ctx, int(h.version)); err != nil {
			return err
		}
	}
	// Where the file system cannot do it the response is another mode, which is
	// slower and as safe.
	var mode string
	if err := f.db.QueryRowContext(ctx, "PRAGMA journal_mode(WAL)").Scan(&mode); err != nil {
		return err
	}
	if f.check {
		if err := f.quickCheck(ctx); err != nil {
			return err
		}
		if err := f.schemaCheck(ctx); err != nil {
			return err
		}
	}
	if f.quarantined != "" {
		if err := f.rescueTables(ctx); err != nil {
			return err
		}
	}
	return f.use(ctx, f)
}

// migrate needs not look again: the lock beside the file keeps others from
// migrating it too.
func (f *file) migrate(ctx context.Context, have int) error {
	return f.write(ctx, "prepare "+f.what, func(tx *sql.Tx) error {
		if err := f.upgrade(ctx, tx, have); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", f.appID, f.version))
		return err
	})
}

// write runs fn in one transaction that holds the write lock from its start.
func (f *file) write(ctx context.Context, op string, fn func(*sql.Tx) error) error {
	if err := f.checkFile(op); err != nil {
		return err
	}
	tx, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return f.fail(ctx, op, err)
	}
	defer tx.Rollback()
	if err := fn(tx); err != nil {
		return f.fail(ctx, op, err)
	}
	err = f.fail(ctx, op, tx.Commit())
	if err == nil {
		f.written(ctx)
	}
	return err
}

// checkFile is ErrGone when the file was removed or replaced: what is written into
// an unlinked file is lost.
func (f *file) checkFile(op string) error {
	if f.opened == nil {
		return nil
	}
	now, err := os.Stat(f.path)
	if err == nil && os.SameFile(f.opened, now) {
		return nil
	}
	return &Error{Op: op, Path: f.path, Reason: ErrGone, Cause: err}
}

func (f *file) fail(ctx context.Context, op string, err error) error {
	err = failure(ctx, op, f.path, err)
	if errors.Is(err, ErrDamaged) {
		f.damaged.Store(true)
	}
	return err
}

func (f *file) close() error {
	var err error
	if f.db != nil {
		f.saveBackup(context.Background())
		err = f.db.Close()
	}
	if f.proc != nil {
		err = errors.Join(err, f.proc.close())
	}
	return err
}
