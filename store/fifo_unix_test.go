//go:build unix

package store

import (
	"path/filepath"
	"syscall"
	"testing"
)

// X12: what is no file is refused and never waited for.
func TestFIFOIsRefused(t *testing.T) {
	t.Parallel()
	bothFiles(t, func(t *testing.T, dir, path string, open func(spec) (opened, error)) {
		for _, name := range []string{path + ".lock", path + ".process-1-2.lock", path + "-wal", path} {
			must(t, syscall.Mkfifo(name, 0o600))
			_, err := open(spec{wait: busyWait})
			failsWith(t, err, ErrForeign, name)
			must(t, syscall.Unlink(name))
		}
		db, err := open(spec{wait: busyWait})
		must(t, err)
		want(t, "folder", filepath.Dir(db.file.path), dir)
		must(t, db.close())
	})
}
