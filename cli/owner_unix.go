//go:build unix

package cli

import (
	"os"
	"syscall"
)

// sameOwner says that a new file can take the place of an old one: it belongs to
// the same people, and the old one has no other name.
func sameOwner(f *os.File, old os.FileInfo) bool {
	info, err := f.Stat()
	if err != nil {
		return false
	}
	a, known := info.Sys().(*syscall.Stat_t)
	b, both := old.Sys().(*syscall.Stat_t)
	return !known || !both || a.Uid == b.Uid && a.Gid == b.Gid && b.Nlink == 1
}
