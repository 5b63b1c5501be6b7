package store

import (
	"bytes"
	"context"
	cryptorand "crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// opened is either database behind one face.
type opened struct {
	file  *file
	close func() error
}

// bothFiles runs a test for either database.
func bothFiles(t *testing.T, test func(t *testing.T, dir, path string, open func(spec) (opened, error))) {
	t.Run("cache", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		test(t, dir, filepath.Join(dir, "contacts.db"), func(s spec) (opened, error) {
			c, err := openCache(t.Context(), dir, testIdentity(), testTime, s)
			if err != nil {
				return opened{}, err
			}
			return opened{c.f, c.Close}, nil
		})
	})
	t.Run("state", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		test(t, dir, filepath.Join(dir, "state.db"), func(s spec) (opened, error) {
			st, err := openState(t.Context(), dir, testIdentity(), testTime, cryptorand.Text, s, stateSteps())
			if err != nil {
				return opened{}, err
			}
			return opened{st.f, st.Close}, nil
		})
	})
}

func TestAnotherProgramsFileIsLeftAlone(t *testing.T) {
	t.Parallel()
	scripts := map[string]string{
		"another application":    "CREATE TABLE t (x); PRAGMA application_id = 77; PRAGMA user_version = 1001",
		"no application":         "CREATE TABLE contact (x)",
		"an application in WAL":  "PRAGMA journal_mode = WAL; PRAGMA application_id = 77; CREATE TABLE t (x)",
		"nothing but a version":  "PRAGMA user_version = 3",
		"the other of our files": "",
	}
	for name, script := range scripts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bothFiles(t, func(t *testing.T, dir, path string, open func(spec) (opened, error)) {
				script := script
				if script == "" {
					id := map[string]int{"contacts.db": stateAppID, "state.db": cacheAppID}[filepath.Base(path)]
					script = fmt.Sprint("PRAGMA application_id = ", id)
				}
				raw := rawDB(t, path)
				_, err := raw.Exec(script)
				must(t, errors.Join(err, raw.Close()))
				before, err := os.ReadFile(path)
				must(t, err)
				_, err = open(spec{wait: busyWait})
				failsWith(t, err, ErrForeign, path)
				after, err := os.ReadFile(path)
				must(t, err)
				if !bytes.Equal(before, after) {
					t.Fatal("the other program's file was changed")
				}
				for _, other := range dbFiles(t, dir) {
					if other != path && other != path+".lock" {
						t.Fatalf("%s was left behind", other)
					}
				}
			})
		})
	}
	t.Run("folder", func(t *testing.T) {
		t.Parallel()
		bothFiles(t, func(t *testing.T, _, path string, open func(spec) (opened, error)) {
			must(t, os.MkdirAll(path+"/inside", 0o700))
			_, err := open(spec{wait: busyWait})
			failsWith(t, err, ErrForeign, path)
			_, err = os.Stat(path + "/inside")
			must(t, err)
		})
	})
	t.Run("file where the folder should be", func(t *testing.T) {
		t.Parallel()
		dir := filepath.Join(t.TempDir(), "profile")
		must(t, os.WriteFile(dir, []byte("notes"), 0o600))
		_, err := OpenCache(t.Context(), dir, testIdentity(), testTime)
		failsWith(t, err, ErrForeign, dir)
	})
}

func rawDB(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	must(t, err)
	db.SetMaxOpenConns(1)
	return db
}

func failsWith(t *testing.T, err, reason error, path string) {
	t.Helper()
	e, ok := errors.AsType[*Error](err)
	if !ok || !errors.Is(err, reason) {
		t.Fatalf("got %v, want %v", err, reason)
	}
	if !strings.Contains(path, e.Path) && !strings.Contains(e.Path, path) || !strings.Contains(err.Error(), reason.Error()) {
		t.Fatalf("the error does not name the file and the reason: %v", err)
	}
}

func TestLockedFile(t *testing.T) {
	t.Parallel()
	bothFiles(t, func(t *testing.T, dir, path string, open func(spec) (opened, error)) {
		short := spec{wait: 20 * time.Millisecond}
		db, err := open(short)
		must(t, err)
		raw := rawDB(t, path)
		_, err = raw.Exec("BEGIN IMMEDIATE")
		must(t, err)
		err = db.file.write(t.Context(), "write", func(*sql.Tx) error { return nil })
		failsWith(t, err, ErrLocked, path)
		must(t, raw.Close())
		must(t, db.file.write(t.Context(), "write", func(*sql.Tx) error { return nil }))
		must(t, db.close())

		unlock, err := lockFor(t.Context(), path, time.Second) // another program is creating it
		must(t, err)
		_, err = open(short)
		failsWith(t, err, ErrLocked, path)
		must(t, unlock())
	})
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	full := spec{wait: busyWait, pragmas: []string{"max_page_count(40)"}}
	c := openCacheAs(t, t.TempDir(), testIdentity(), full)
	p, err := c.BeginSync(t.Context())
	must(t, err)
	saved := 0
	for ; err == nil && saved < 100; saved++ {
		_, err = c.SavePage(t.Context(), PageWrite{Sync: p.Number, Total: -1,
			Contacts: people(1, span(int64(saved)*50+1, int64(saved)*50+50)...)})
	}
	failsWith(t, err, ErrFull, c.f.path)
	saved--
	want(t, "rows that were saved before", len(held(t, c)), saved*50)
	want(t, "checkpoint", infoOf(t, c).Sync.Seen, saved*50)
	must(t, c.Remove(t.Context(), span(1, 200)...))
	must(t, c.Put(t.Context(), people(2, 1)...))

	s, err := openState(t.Context(), t.TempDir(), testIdentity(), testTime, cryptorand.Text, full, stateSteps())
	must(t, err)
	defer s.Close()
	big := work.Draft{ID: "d", Kind: work.DraftCreate, Values: model.Draft{model.FieldTitle: strings.Repeat("x", 200_000)}}
	failsWith(t, s.SaveDraft(t.Context(), big), ErrFull, s.f.path)
	big.Values = model.Draft{model.FieldTitle: "short"}
	must(t, s.SaveDraft(t.Context(), big))
	want(t, "drafts", titles(t, s), "d=short ")
}

// Tests may run as root, for whom nothing is read-only, so the classification
// is tested with the errors themselves.
func TestReasons(t *testing.T) {
	t.Parallel()
	for reason, errs := range map[error][]error{
		ErrFull:     {syscall.ENOSPC, &fs.PathError{Err: syscall.ENOSPC}},
		ErrReadOnly: {fs.ErrPermission, &fs.PathError{Op: "mkdir", Path: "/x", Err: syscall.EROFS}},
		ErrForeign:  {syscall.ENOTDIR, fs.ErrExist},
		ErrDisk:     {syscall.EIO},
		nil:         {fs.ErrNotExist, errors.New("other"), nil},
	} {
		for _, err := range errs {
			if got := reasonOf(err); got != reason {
				t.Errorf("%v: got %v, want %v", err, got, reason)
			}
		}
	}
	for code, reason := range map[int]error{5: ErrLocked, 261: ErrLocked, 8: ErrReadOnly, 1032: ErrReadOnly, 13: ErrFull,
		4874: ErrFull, 11: ErrDamaged, 267: ErrDamaged, 26: ErrDamaged, 10: ErrDisk, 778: ErrDisk, 14: ErrDisk, 19: nil, 1: nil} {
		if got := reasonOfCode(code); got != reason {
			t.Errorf("code %d: got %v, want %v", code, got, reason)
		}
	}
}

func TestReadOnlyFile(t *testing.T) {
	t.Parallel()
	bothFiles(t, func(t *testing.T, _, path string, open func(spec) (opened, error)) {
		_, err := open(spec{wait: busyWait, pragmas: []string{"query_only(1)"}})
		failsWith(t, err, ErrReadOnly, path)
	})
}

func TestCanceledContext(t *testing.T) {
	t.Parallel()
	c := openTestCache(t, t.TempDir())
	s := openTestState(t, t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err1 := c.SavePage(ctx, PageWrite{Contacts: people(1, 1)})
	err2 := s.SaveDraft(ctx, work.Draft{Kind: work.DraftCreate})
	_, err3 := c.Read(ctx)
	_, err4 := OpenCache(ctx, t.TempDir(), testIdentity(), testTime)
	for i, err := range []error{err1, err2, err3, err4} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("operation %d: %v", i, err)
		}
	}
	want(t, "rows", len(held(t, c)), 0)
}

func TestCacheOfAnotherVersionIsDropped(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"0", "1", "999999"} {
		dir := t.TempDir()
		c := openTestCache(t, dir)
		fullPass(t, c, 1, span(1, 20))
		_, err := c.f.db.Exec("PRAGMA user_version = " + version)
		must(t, err)
		next := openTestCache(t, dir)
		want(t, "rows", len(held(t, next)), 0)
		fullPass(t, next, 1, span(1, 10))
		if err := c.Put(t.Context(), people(1, 1)...); !errors.Is(err, ErrCacheReplaced) {
			t.Errorf("the other version goes on writing: %v", err)
		}
	}
}

func TestStateMigratesForwardAndKeepsEverything(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	old := openTestState(t, dir)
	must(t, old.SaveDraft(t.Context(), work.Draft{ID: "d", Kind: work.DraftEdit, ContactID: 7, Base: person(7, 1), Values: model.Draft{model.FieldCity: "Boston"}}))
	must(t, old.Close())

	steps := append(stateSteps(), "ALTER TABLE draft ADD COLUMN mood TEXT NOT NULL DEFAULT 'good'", "CREATE TABLE later (x)")
	next, err := openState(t.Context(), dir, testIdentity(), testTime, cryptorand.Text, spec{wait: busyWait}, steps)
	must(t, err)
	got := oneDraft(t, next, "d")
	want(t, "typed", got.Values[model.FieldCity], "Boston")
	want(t, "base", got.Base.Equal(person(7, 1)), true)
	must(t, next.Close())

	path := filepath.Join(dir, "state.db")
	before, err := os.ReadFile(path)
	must(t, err)
	_, err = OpenState(t.Context(), dir, testIdentity(), testTime, cryptorand.Text)
	failsWith(t, err, ErrNewer, path)
	after, err := os.ReadFile(path)
	must(t, err)
	if !bytes.Equal(before, after) {
		t.Fatal("a newer file was changed")
	}

	broken := append(stateSteps(), steps[2], steps[3], "INSERT INTO nowhere VALUES (1)")
	if _, err := openState(t.Context(), dir, testIdentity(), testTime, cryptorand.Text, spec{wait: busyWait}, broken); err == nil {
		t.Fatal("a migration that fails went unnoticed")
	}
	next, err = openState(t.Context(), dir, testIdentity(), testTime, cryptorand.Text, spec{wait: busyWait}, steps)
	must(t, err)
	defer next.Close()
	want(t, "contact of the draft", oneDraft(t, next, "d").ContactID, 7)
}
