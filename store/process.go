package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// process is this program's sign of life beside a database: a file that it
// keeps locked. The system gives the lock up when the program ends, however it
// ends, so another program can tell who has died. The file's name is the token
// that rows carry as their owner; it is never used twice.
type process struct {
	dir, prefix, token string
	lock               *flock.Flock
}

// newProcess also clears away the signs of programs that have ended.
func newProcess(ctx context.Context, dir, prefix string) (*process, error) {
	p := &process{dir: dir, prefix: prefix + ".process-"}
	for range 100 { // someone may look at the new file before it is locked
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		ok, err := p.take()
		if err != nil {
			return nil, err
		}
		if ok {
			_, err := p.otherProcesses()
			return p, err
		}
	}
	return nil, &Error{Op: "show that the program runs", Path: dir, Reason: ErrLocked}
}

// take makes a file and locks it; false when someone else was faster.
func (p *process) take() (bool, error) {
	f, err := os.CreateTemp(p.dir, fmt.Sprintf("%s%d-*.lock", p.prefix, os.Getpid()))
	if err != nil {
		return false, err
	}
	if err := f.Close(); err != nil {
		return false, err
	}
	lock := flock.New(f.Name(), flock.SetFlag(os.O_RDWR))
	ok, err := lock.TryLock()
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil || !ok {
		return false, err
	}
	held, err := lock.Stat()
	if err != nil {
		return false, errors.Join(err, lock.Unlock())
	}
	there, err := os.Stat(f.Name())
	if err != nil || !os.SameFile(held, there) { // taken for a dead one and removed
		return false, lock.Unlock()
	}
	p.token, p.lock = filepath.Base(f.Name()), lock
	return true, nil
}

// alive reports whether the program with the token still runs. It is true for
// this one, false for "".
func (p *process) alive(token string) (bool, error) {
	if token == p.token {
		return true, nil
	}
	if !strings.HasPrefix(token, p.prefix) || filepath.Base(token) != token {
		return false, nil
	}
	// A shared lock: two programs that look at the same time do not take each
	// other for the owner.
	if err := regularFile(filepath.Join(p.dir, token)); err != nil {
		return false, err
	}
	lock := flock.New(filepath.Join(p.dir, token), flock.SetFlag(os.O_RDONLY))
	free, err := lock.TryRLock()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case !free:
		return true, nil
	}
	os.Remove(lock.Path()) // under the lock, so that no one takes the file meanwhile; if it stays, the next one tries
	return false, lock.Unlock()
}

// otherProcesses reports whether any other running program uses the same file.
func (p *process) otherProcesses() (bool, error) {
	entries, err := os.ReadDir(p.dir)
	if err != nil {
		return false, err
	}
	found := false
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), p.prefix) || e.Name() == p.token {
			continue
		}
		live, err := p.alive(e.Name())
		if err != nil {
			return false, err
		}
		found = found || live
	}
	return found, nil
}

func (p *process) close() error {
	if p.lock == nil { // in memory
		return nil
	}
	err := p.lock.Unlock()
	os.Remove(p.lock.Path()) // if it stays, the next one tries
	return err
}

// lockFor takes the lock under which a file is created, migrated and
// quarantined, and waits for it as long as for a lock inside the database.
func lockFor(ctx context.Context, path string, wait time.Duration) (unlock func() error, err error) {
	lock := flock.New(path+".lock", flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o600))
	waiting, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	_, err = lock.TryLockContext(waiting, 10*time.Millisecond)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return nil, &Error{Op: "open", Path: path, Reason: ErrLocked}
	}
	return lock.Unlock, err
}

// Turn waits until no other program holds its turn to bring the copy up to date,
// and takes it. A program that ends gives it back. The error is an *Error or the
// context's.
func (c *Cache) Turn(ctx context.Context) (release func(), err error) {
	lock := flock.New(c.f.path+".turn", flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o600))
	if _, err := lock.TryLockContext(ctx, 20*time.Millisecond); err != nil {
		return nil, c.f.fail(ctx, "wait for the local copy", err)
	}
	return func() { _ = lock.Unlock() }, nil // the lock ends with the file at the latest
}
