package budget

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gofrs/flock"

	"github.com/levcontacts/levcontacts/work"
)

// alone collects what OnAlone is told.
type alone struct {
	mu   sync.Mutex
	told []error
}

func (a *alone) tell(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.told = append(a.told, err)
}

func (a *alone) all() []error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.told)
}

func TestFileIsMadePrivate(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state", "work", "requests")
	b := New(Options{Path: path, OnAlone: func(err error) { t.Error(err) }})
	if _, err := os.Stat(filepath.Dir(path)); !os.IsNotExist(err) {
		t.Errorf("New made the folder: %v", err)
	}
	if err := b.Wait(t.Context(), "list", work.Screen); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS == "windows" {
		return
	}
	for name, want := range map[string]os.FileMode{path: 0o600, path + ".lock": 0o600, filepath.Dir(path): 0o700 | os.ModeDir} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != want {
			t.Errorf("%s is %v, want %v", name, info.Mode(), want)
		}
	}
}

func TestUnusableFileIsSaidOnce(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		path func(t *testing.T, folder string) string
	}{
		{"the folder is a file", func(t *testing.T, folder string) string {
			must(t, os.WriteFile(filepath.Join(folder, "f"), nil, 0o600))
			return filepath.Join(folder, "f", "requests")
		}},
		{"the file is a folder", func(t *testing.T, folder string) string {
			must(t, os.Mkdir(filepath.Join(folder, "requests"), 0o700))
			return filepath.Join(folder, "requests")
		}},
		{"the lock is a folder", func(t *testing.T, folder string) string {
			must(t, os.Mkdir(filepath.Join(folder, "requests.lock"), 0o700))
			return filepath.Join(folder, "requests")
		}},
		{"the file is a device", func(t *testing.T, folder string) string {
			if runtime.GOOS == "windows" {
				t.Skip("no devices among files")
			}
			must(t, os.Symlink("/dev/null", filepath.Join(folder, "requests")))
			return filepath.Join(folder, "requests")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path := c.path(t, t.TempDir())
			synctest.Test(t, func(t *testing.T) {
				var a alone
				b := New(Options{Path: path, Limits: free(), OnAlone: a.tell})
				spend(t, b, "list", work.Screen, 10)
				last := start(b, "list", work.Screen)
				time.Sleep(62 * time.Second)
				if d := last.took(t); d != 62*time.Second {
					t.Errorf("the limit does not hold without the file: waited %v", d)
				}
				time.Sleep(5 * time.Minute)
				spend(t, b, "list", work.Screen, 1)
				if told := a.all(); len(told) != 1 || !strings.Contains(told[0].Error(), path) {
					t.Errorf("told %v", told)
				}
			})
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Nobody waits for a program that holds the lock and hangs, and its count is
// picked up again when it continues.
func TestHangingLockHolder(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "requests")
	synctest.Test(t, func(t *testing.T) {
		var a alone
		b := New(Options{Path: path, Limits: free(), OnAlone: a.tell})
		other := New(Options{Path: path, Limits: free()})
		spend(t, b, "list", work.Screen, 1)
		holder := flock.New(path + ".lock")
		must(t, holder.Lock())
		ask := start(b, "list", work.Screen)
		time.Sleep(time.Second)
		if d := ask.took(t); d < lockWait || d > lockWait+100*time.Millisecond {
			t.Errorf("waited %v for the lock, want about %v", d, lockWait)
		}
		spend(t, b, "list", work.Screen, 2)
		if told := a.all(); len(told) != 1 || !errors.Is(told[0], errLocked) {
			t.Errorf("told %v", told)
		}
		must(t, holder.Unlock())
		spend(t, other, "list", work.Screen, 1)
		if left := other.State("list").Left; left != 8 {
			t.Errorf("the other program sees %d left of 10, want 8: it cannot know of three requests yet", left)
		}
		time.Sleep(60 * time.Second)
		spend(t, b, "get", work.Screen, 1)
		spend(t, other, "get", work.Screen, 1)
		spend(t, b, "me", work.Screen, 1)
		spend(t, other, "me", work.Screen, 1)
		spend(t, b, "create", work.Screen, 1)
		other.Limited("nothing", "", time.Second)
		if mine, its := b.State("list"), other.State("list"); mine.Left != its.Left || mine.AccountLeft != its.AccountLeft {
			t.Errorf("after a minute they see %+v and %+v", mine, its)
		}
	})
}

func TestDamagedFile(t *testing.T) {
	t.Parallel()
	random := make([]byte, 5000)
	rand.Read(random)
	huge := make([]byte, largest+12345)
	rand.Read(huge)
	for _, c := range []struct {
		name   string
		damage func(path string) error
	}{
		{"random bytes", func(p string) error { return os.WriteFile(p, random, 0o600) }},
		{"much too large", func(p string) error { return os.WriteFile(p, huge, 0o600) }},
		{"empty", func(p string) error { return os.WriteFile(p, nil, 0o600) }},
		{"zeros", func(p string) error { return os.WriteFile(p, make([]byte, 960), 0o600) }},
		{"gone", os.Remove},
		{"the last record cut", func(p string) error { return os.Truncate(p, 3*recordSize-7) }},
		{"shifted by a byte", func(p string) error {
			b, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			return os.WriteFile(p, append([]byte{0}, b...), 0o600)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "requests")
			synctest.Test(t, func(t *testing.T) {
				o := Options{Path: path, Limits: free(), OnAlone: func(err error) { t.Error(err) }}
				one, two := New(o), New(o)
				spend(t, one, "list", work.Screen, 3)
				spend(t, two, "list", work.Screen, 2)
				must(t, c.damage(path))
				// Each still knows its own requests, and tells the other again.
				spend(t, one, "list", work.Screen, 1)
				spend(t, two, "list", work.Screen, 1)
				spend(t, one, "get", work.Screen, 1)
				for i, b := range []*Budget{one, two} {
					if s := b.State("list"); s.Left != 3 {
						t.Errorf("program %d sees %d left of 10, want 3", i+1, s.Left)
					}
				}
				data, err := os.ReadFile(path)
				must(t, err)
				if found, damaged := decode(data); damaged != 0 || len(resolve(found, time.Now().UnixNano(), testSpan)) != 8 {
					t.Errorf("the file holds %d records and %d damaged", len(found), damaged)
				}
			})
		})
	}
}

func TestFileStaysSmall(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "requests")
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{Path: path, Limits: free()})
		for range 1000 {
			must(t, b.Wait(t.Context(), "list", work.Index))
		}
		info, err := os.Stat(path)
		must(t, err)
		if most := int64(recordSize * (maxDeadRecords + 100)); info.Size() > most {
			t.Errorf("%d bytes after 1000 requests, want at most %d", info.Size(), most)
		}
	})
}

func TestOnlyOneTriesTheFileAtATime(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "requests")
	f := newSharedFile(path, func(context.Context, time.Duration) error { return context.Canceled })
	must(t, f.update(func([]record) (live, fresh []record) {
		g := newSharedFile(path, f.sleep)
		called := false
		err := g.update(func([]record) (live, fresh []record) { called = true; return nil, nil })
		if called || !errors.Is(err, context.Canceled) {
			t.Errorf("two programs inside at once: %v, %v", called, err)
		}
		return nil, sampleRecords()
	}))
	must(t, f.update(func(found []record) (live, fresh []record) {
		if len(found) != len(sampleRecords()) {
			t.Errorf("%d records came back", len(found))
		}
		return found, nil
	}))
}
