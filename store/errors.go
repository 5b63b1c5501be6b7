package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Why a file cannot be used, for errors.Is. An Error always holds one of them.
var (
	ErrLocked        = errors.New("another program keeps the file locked")
	ErrReadOnly      = errors.New("the file or its folder cannot be written")
	ErrFull          = errors.New("the disk is full")
	ErrDamaged       = errors.New("the file is damaged")
	ErrForeign       = errors.New("the file belongs to another program")
	ErrNewer         = errors.New("the file was written by a newer version of this program")
	ErrDisk          = errors.New("the disk reports an error")
	ErrGone          = errors.New("the file was removed or replaced while the program runs")
	ErrCacheReplaced = errors.New("the local copy was emptied, or belongs to another account now")
)

// Why an operation was refused although the file is fine, for errors.Is.
var (
	ErrNotFound  = errors.New("not there")
	ErrBusy      = errors.New("another running program is busy with it")
	ErrFinished  = errors.New("already finished")
	ErrChanged   = errors.New("it was written meanwhile")
	ErrSyncLost  = errors.New("another program has begun to fetch the list anew")
	ErrSyncShort = errors.New("the list was not fetched to its end")
)

// Error is a file that cannot be used, or not for this. Reason is one of the
// sentences above, Cause what the database or the system said.
type Error struct {
	Op     string // what was being done: "save a draft"
	Path   string
	Reason error
	Cause  error
}

// Error is one line for logs and standard error.
func (e *Error) Error() string {
	s := fmt.Sprintf("%s: %s: %v", e.Op, e.Path, e.Reason)
	if e.Cause != nil {
		s += " (" + e.Cause.Error() + ")"
	}
	return s
}

// Unwrap gives the reason and the cause to errors.Is and errors.As.
func (e *Error) Unwrap() []error { return []error{e.Reason, e.Cause} }

// failure gives an error of the database or the system its reason. A canceled
// context is said as such, whatever the interrupted statement made of it.
func failure(ctx context.Context, op, path string, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", op, ctx.Err())
	}
	if _, ok := errors.AsType[*Error](err); ok {
		return err
	}
	if reason := reasonOf(err); reason != nil {
		return &Error{Op: op, Path: path, Reason: reason, Cause: err}
	}
	return fmt.Errorf("%s: %w", op, err)
}

func reasonOf(err error) error {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return reasonOfCode(e.Code())
	}
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return ErrFull
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return ErrReadOnly
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.EISDIR), errors.Is(err, fs.ErrExist):
		return ErrForeign
	case errors.Is(err, syscall.EIO):
		return ErrDisk
	}
	return nil
}

func reasonOfCode(code int) error {
	if code == sqlite3.SQLITE_IOERR_SHMSIZE { // no room for the index of the write-ahead log
		return ErrFull
	}
	switch code & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL:
		return ErrLocked
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH:
		return ErrReadOnly
	case sqlite3.SQLITE_FULL:
		return ErrFull
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return ErrDamaged
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN:
		return ErrDisk
	}
	return nil
}
