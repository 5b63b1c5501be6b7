//go:build linux

package budget

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sys/unix"

	"github.com/levcontacts/levcontacts/work"
)

// A file that can be read and not written stands for a full disk.
func TestUnwritableFile(t *testing.T) {
	t.Parallel()
	fd, err := unix.MemfdCreate("requests", unix.MFD_ALLOW_SEALING)
	must(t, err)
	file := os.NewFile(uintptr(fd), "requests")
	defer file.Close()
	path := filepath.Join(t.TempDir(), "requests")
	must(t, os.Symlink(fmt.Sprintf("/proc/self/fd/%d", fd), path))
	synctest.Test(t, func(t *testing.T) {
		var a alone
		b := New(Options{Path: path, Limits: free(), OnAlone: a.tell})
		spend(t, b, "list", work.Screen, 4)
		if _, err := unix.FcntlInt(file.Fd(), unix.F_ADD_SEALS, unix.F_SEAL_WRITE); err != nil {
			t.Skip("files cannot be sealed here: ", err)
		}
		spend(t, b, "list", work.Screen, 6)
		last := start(b, "list", work.Screen)
		time.Sleep(62 * time.Second)
		if d := last.took(t); d != 62*time.Second {
			t.Errorf("the limit does not hold when the file cannot be written: waited %v", d)
		}
		if told := a.all(); len(told) != 1 {
			t.Errorf("told %v", told)
		}
	})
}
