package store

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"sync"
	"time"
)

// backupMark ends the name of the second copy.
const backupMark = ".backup"

// backupEvery is how long after a write the second copy is made at the latest,
// when another write comes. At a clean end it is made anyway.
const backupEvery = 10 * time.Minute

// saved is what is known about the second copy.
type saved struct {
	mu    sync.Mutex
	dirty bool // written since it was made
	due   time.Time
}

// openOrRestore opens the file. A damaged one is quarantined, and its second
// copy takes its place, or an empty file where there is no good one.
func (f *file) openOrRestore(ctx context.Context) error {
	var err error
	if f.emptied() {
		err = &Error{Op: "open " + f.what, Path: f.path, Reason: ErrDamaged, Cause: errors.New("it is empty")}
	} else {
		err = failure(ctx, "open "+f.what, f.path, f.open(ctx))
	}
	if !errors.Is(err, ErrDamaged) {
		return err
	}
	if err := f.quarantine(err); err != nil {
		return err
	}
	if err := f.restore(); err != nil {
		return err
	}
	err = failure(ctx, "open "+f.what, f.path, f.open(ctx))
	if errors.Is(err, ErrDamaged) && !f.rescued.IsZero() { // the second copy is damaged as well
		f.rescued = time.Time{}
		if err := f.remove(); err != nil {
			return err
		}
		err = f.open(ctx)
	}
	return err
}

// written notes a write, and makes the second copy when it is due.
func (f *file) written(ctx context.Context) {
	if !f.backup {
		return
	}
	f.saved.mu.Lock()
	due := f.saved.due
	if f.saved.due.IsZero() {
		f.saved.due = f.now().Add(backupEvery)
	}
	f.saved.dirty = true
	f.saved.mu.Unlock()
	if !due.IsZero() && f.now().After(due) {
		f.saveBackup(ctx)
	}
}

// saveBackup makes the second copy. What goes wrong with it is no reason to
// stop: the file itself is good, and an older copy stays.
func (f *file) saveBackup(ctx context.Context) {
	f.saved.mu.Lock()
	dirty := f.saved.dirty
	f.saved.dirty, f.saved.due = false, time.Time{}
	f.saved.mu.Unlock()
	if !f.backup || !dirty || f.damaged.Load() || f.checkFile("") != nil {
		return
	}
	fresh := f.path + backupMark + "-" + f.proc.token
	defer os.Remove(fresh)
	made, err := os.OpenFile(fresh, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return
	}
	defer made.Close()
	if _, err := f.db.ExecContext(ctx, "VACUUM INTO ?", fresh); err != nil {
		return
	}
	if f.synchronous != "OFF" && made.Sync() != nil {
		return
	}
	_ = os.Rename(fresh, f.path+backupMark)
}

// emptied reports whether the file has no content although there is a second copy.
func (f *file) emptied() bool {
	if !f.backup {
		return false
	}
	second, err := os.Stat(f.path + backupMark)
	if err != nil || second.Size() == 0 {
		return false
	}
	info, err := os.Stat(f.path)
	return err == nil && info.Size() == 0
}

// restore puts the second copy where the quarantined file was, if there is one.
func (f *file) restore() error {
	if !f.backup {
		return nil
	}
	from, err := os.Open(f.path + backupMark)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer from.Close()
	info, err := from.Stat()
	if err != nil {
		return err
	}
	to, err := os.OpenFile(f.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	if err = errors.Join(err, to.Sync(), to.Close()); err == nil {
		f.rescued = info.ModTime()
	}
	return err
}

// remove takes the file and its companions away.
func (f *file) remove() (err error) {
	for _, path := range f.paths(f.path) {
		if e := os.Remove(path); e != nil && !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	return err
}

// regular refuses what is no file, such as a FIFO, where the database, its lock
// or its second copy is expected: to open it could wait for ever.
func (f *file) regular() error {
	paths := f.paths(f.path)
	for _, path := range append(paths[:], f.path+".lock", f.path+backupMark) {
		if err := regularFile(path); err != nil {
			return err
		}
	}
	return nil
}

func regularFile(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && !info.Mode().IsRegular() {
		err = &Error{Op: "open", Path: path, Reason: ErrForeign, Cause: errors.New("it is not a regular file")}
	}
	return err
}
