//go:build linux

package survive

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/model"
)

// X4: the disk is full while somebody types. The program says so before the
// person goes on, leaving and quitting ask, and the text is kept as soon as there
// is room.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	r := rigFor(t, sandbox.Options{Contacts: 60}, nil)
	must(t, os.MkdirAll(r.stateHome(), 0o700))
	if err := syscall.Mount("tmpfs", r.stateHome(), "tmpfs", 0, "size=2m"); err != nil {
		t.Skipf("a small disk cannot be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(r.stateHome(), syscall.MNT_DETACH) })
	p := r.open(t)
	filler := filepath.Join(r.stateHome(), "filler")
	must(t, fillUp(filler))

	const warning, question = "What you typed cannot be kept as a draft: it is only on this screen",
		"Leave and lose what I typed"
	must(t, p.do().press("e").wait("Edit "+sarahName).to(model.FieldTitle, "tab").err)
	// What the file holds already takes some text.
	for n := 0; !strings.Contains(p.Screen(), warning); n++ {
		if n == 30 {
			t.Fatalf("nothing is said:\n%s", p.Screen())
		}
		must(t, p.Paste(strings.Repeat(fmt.Sprintf("%d full disk ", n), 500)))
		_ = p.WaitQuiet(400 * time.Millisecond)
	}
	must(t, p.do().press("esc").wait(leaveAsked).press("l").wait(question).press("k").gone(question).wait(formOpen).err)
	must(t, p.do().press("ctrl+c").wait("An edit is open. Quit?").press("y").wait("What you typed cannot be kept. Quit and lose it?").
		press("n").gone("Quit and lose it?").wait(formOpen).err)
	must(t, os.Remove(filler))
	must(t, p.do().press("esc").wait(leaveAsked).press("l").wait("Kept as a draft", inList).err)
	must(t, p.quit())

	next := r.open(t)
	must(t, next.do().wait("1 draft not saved yet").press("e").wait("full disk").press("esc").wait(leaveAsked).press("l").wait(inList).err)
	must(t, next.quit())
}

// fillUp writes a file until nothing is left of the disk.
func fillUp(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	for part := make([]byte, 4096); err == nil; {
		_, err = f.Write(part)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		return errors.Join(err, f.Close())
	}
	return f.Close()
}
