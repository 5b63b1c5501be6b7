package budget

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

var (
	errLocked  = errors.New("its lock is held by a program that does not answer")
	errNotFile = errors.New("it is not a regular file")
)

const (
	// maxDeadRecords is how many dead records a file may hold before it is written anew.
	maxDeadRecords = 128
	// largest is how much of a file is read. One that is larger was not written by this program.
	largest = 1 << 20
	// firstPause and lastPause are between two tries for the lock; patience is all of them together.
	firstPause = 50 * time.Microsecond
	lastPause  = 5 * time.Millisecond
	lockWait   = 250 * time.Millisecond
)

// sharedFile holds the records of all programs that use one account on this
// machine. A second file beside it, named like it with .lock added, is locked
// while it is read and written; the system drops that lock when a program dies.
type sharedFile struct {
	path  string
	lock  *flock.Flock
	sleep func(context.Context, time.Duration) error
}

func newSharedFile(path string, sleep func(context.Context, time.Duration) error) *sharedFile {
	return &sharedFile{
		path: path, sleep: sleep,
		lock: flock.New(path+".lock", flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o600)),
	}
}

// update lets edit see the records and writes down what it makes of them: live
// are those worth keeping, fresh those to add. An error without a call of edit
// means that the file could not be read, after one that it could not be written.
func (f *sharedFile) update(edit func(found []record) (live, fresh []record)) (err error) {
	if err := f.acquire(); err != nil {
		return f.fileError(err)
	}
	defer func() {
		if e := f.lock.Unlock(); err == nil && e != nil {
			err = f.fileError(e)
		}
	}()
	file, err := os.OpenFile(f.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return f.fileError(err)
	}
	defer file.Close()
	data, size, err := read(file)
	if err != nil {
		return f.fileError(err)
	}
	found, damaged := decode(data)
	live, fresh := edit(found)
	if err := write(file, size, live, fresh, damaged > 0 || len(found) > 2*len(live)+maxDeadRecords); err != nil {
		return f.fileError(err)
	}
	return nil
}

func (f *sharedFile) fileError(err error) error {
	return fmt.Errorf("the count of requests in %s cannot be shared with other running programs: %w", f.path, err)
}

// acquire takes the lock, with a folder made for it when there is none.
func (f *sharedFile) acquire() error {
	made := false
	for pause, waited := firstPause, time.Duration(0); ; pause = min(2*pause, lastPause) {
		ok, err := f.lock.TryLock()
		switch {
		case ok:
			return nil
		case errors.Is(err, fs.ErrNotExist) && !made:
			made = true
			if err := os.MkdirAll(filepath.Dir(f.path), 0o700); err != nil {
				return err
			}
			continue
		case err != nil:
			return err
		case waited >= lockWait:
			return errLocked
		}
		if err := f.sleep(context.Background(), pause); err != nil {
			return err
		}
		waited += pause
	}
}

func read(file *os.File) (data []byte, size int64, err error) {
	info, err := file.Stat()
	if err != nil {
		return nil, 0, err
	}
	if !info.Mode().IsRegular() {
		return nil, 0, errNotFile
	}
	size = info.Size()
	data = make([]byte, min(size, largest))
	n, err := file.ReadAt(data, 0)
	if n < len(data) {
		return nil, 0, err
	}
	return data, size, nil
}

// write appends fresh, or writes everything anew. Being killed in the middle
// leaves at worst damaged and repeated records, which readers skip.
func write(file *os.File, size int64, live, fresh []record, anew bool) error {
	if !anew && len(fresh) == 0 {
		return nil
	}
	at := size
	var b []byte
	if anew {
		at = 0
		for _, r := range live {
			b = r.encode(b)
		}
	}
	for _, r := range fresh {
		b = r.encode(b)
	}
	if _, err := file.WriteAt(b, at); err != nil {
		return err
	}
	if anew {
		return file.Truncate(int64(len(b)))
	}
	return nil
}
