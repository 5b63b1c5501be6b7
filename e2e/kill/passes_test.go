//go:build unix

package kill

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"levcontacts/api/sandbox"
	"levcontacts/model"
	"levcontacts/store"
)

// many is a book of eleven pages.
const many = 2000

// TestPassesSurvive lets the service, the files and the program fail while the
// book is fetched. No row is lost or doubled, and none is shown as current that
// may not be.
func TestPassesSurvive(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]func(*testing.T){
		"the service is down at the start":     downAtTheStart,
		"the service dies in the middle":       downInTheMiddle,
		"the copy is random bytes":             randomBytes,
		"the program is killed in the middle":  killedInAPass,
		"the disk is full":                     fullDisk,
		"the disk fills up between two starts": fullDiskLater,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t)
		})
	}
}

func downAtTheStart(t *testing.T) {
	r := rigOf(t, sandbox.Options{Contacts: many}, nil)
	r.fill(t)
	r.door.shut()
	p := r.open(t)
	p.waitAll(many)
	p.wait("OFFLINE", "trying again in")
	p.until("how old the rows are", aged)
	p.press("G")
	p.waitPlace("the last row", func(at place) bool { return at.at == many })
	p.press("g", "/")
	p.send("rosen")
	// A name is on the screen before, and so is the count of all that is loaded.
	p.until("the bar and what it found", func(s string) bool { return regexp.MustCompile(`(?m)^ / rosen .* [\d,]+ of 2,000 *$`).MatchString(s) })
	p.press("esc")
	p.waitPlace("the first of all rows and no bar", func(at place) bool { return at.at == 1 && at.rows == many })
	p.do(r.door.open)
	p.press("r")
	p.until("rows of now", current)
	p.end(t)
	r.wantCopy(t)
}

func downInTheMiddle(t *testing.T) {
	const pages = 4
	var lists atomic.Int32
	var shut atomic.Pointer[door]
	r := rigOf(t, sandbox.Options{Contacts: many, Latency: 10 * time.Millisecond}, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			if q.Method == http.MethodGet && q.URL.Query().Has("limit") && lists.Add(1) == pages+1 {
				go shut.Load().shut() // takes this answer with it
				<-q.Context().Done()
				return
			}
			next.ServeHTTP(w, q)
		})
	})
	shut.Store(r.door)
	p := r.open(t)
	p.press("G")
	p.wait("OFFLINE")
	p.until("some of the rows", func(s string) bool {
		at, ok := placeOn(s)
		return ok && at.loaded > 0 && at.loaded < many && at.total == many
	})
	before := len(r.requests("list"))
	p.do(r.door.open)
	p.press("r", "G")
	p.waitAll(many)
	p.until("rows of now", current)
	if before != pages {
		t.Errorf("%d pages came before the service died, want %d", before, pages)
	}
	p.end(t)
	r.wantCopy(t)
}

func randomBytes(t *testing.T) {
	r := rigOf(t, sandbox.Options{Contacts: many}, nil)
	r.fill(t)
	files, err := filepath.Glob(filepath.Join(r.cacheDir(), "contacts.db*"))
	must(t, err)
	if len(files) == 0 {
		t.Fatal("there is no copy to damage")
	}
	for _, file := range files {
		must(t, os.Remove(file))
	}
	noise := make([]byte, 1<<16)
	_, err = rand.Read(noise)
	must(t, err)
	must(t, os.WriteFile(filepath.Join(r.cacheDir(), "contacts.db"), noise, 0o600))
	p := r.open(t)
	p.press("G")
	p.waitAll(many)
	p.until("rows of now", current)
	p.end(t)
	if said := p.Screen(); !strings.Contains(said, "the local copy was damaged") {
		t.Errorf("it does not say that the copy was damaged:\n%s", said)
	}
	r.wantCopy(t)
}

func killedInAPass(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			rng := mathrand.New(mathrand.NewPCG(seed, 3))
			r := rigOf(t, sandbox.Options{Contacts: many, Latency: 30 * time.Millisecond}, nil)
			p := r.open(t)
			p.press("G")
			time.Sleep(time.Duration(rng.IntN(500)) * time.Millisecond) // the moment
			p.do(p.Kill)
			p.do(func() error { _, err := p.Wait(); return err })
			seen, _ := placeOn(p.Screen())
			if p.err != nil {
				t.Fatal(p.err)
			}
			r.door.shut()
			r.service.Update(sarah, map[string]any{"title": "Chair of the Board"})
			again := r.open(t)
			again.wait("OFFLINE")
			again.until("the rows of before, and how old they are", func(s string) bool {
				at, some := placeOn(s)
				return some && at.loaded >= seen.loaded && at.total == many && aged(s)
			})
			t.Logf("%d rows were on the screen at the kill", seen.loaded)
			again.do(r.door.open)
			again.press("r", "G")
			again.waitAll(many)
			again.until("rows of now", current)
			again.press("g")
			again.wait("Chair of the Board")
			again.end(t)
			r.wantCopy(t)
		})
	}
}

func fullDisk(t *testing.T) {
	r := rigOf(t, sandbox.Options{Contacts: many}, nil)
	smallDisk(t, r.cacheHome())
	p := r.open(t)
	p.press("G")
	p.waitAll(many)
	p.until("rows of now", current)
	p.end(t)
	if said := p.Screen(); !strings.Contains(said, "the disk is full") {
		t.Errorf("it does not say that the disk is full:\n%s", said)
	}
}

// A disk that somebody else fills costs what comes later, and nothing that is
// shown.
func fullDiskLater(t *testing.T) {
	r := rigOf(t, sandbox.Options{Contacts: 300}, nil)
	smallDisk(t, r.cacheHome())
	p := r.open(t)
	p.press("G")
	p.waitAll(300)
	p.end(t)
	for size := 1 << 16; size > 0; size /= 2 {
		for n := 0; os.WriteFile(filepath.Join(r.cacheHome(), fmt.Sprint("other", size, "-", n)), make([]byte, size), 0o600) == nil; n++ {
		}
	}
	r.service.Update(sarah, map[string]any{"title": "Chair of the Board"})
	again := r.open(t)
	again.wait("no local copy: the disk is full")
	again.press("G")
	again.waitAll(300)
	again.press("g")
	again.until("rows of now", current)
	again.wait("Chair of the Board")
	again.end(t)
}

// smallDisk puts a file system of its own, soon full, at a folder.
func smallDisk(t *testing.T, dir string) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("a small disk can be mounted by root only")
	}
	must(t, os.MkdirAll(dir, 0o700))
	if said, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=600k,mode=700", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("a small disk cannot be mounted here: %v: %s", err, said)
	}
	t.Cleanup(func() {
		if said, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, said)
		}
	})
}

// aged says that the screen tells how old the rows are.
func aged(screen string) bool {
	return regexp.MustCompile(`(?m)^ .* loaded.* · from `).MatchString(screen)
}

// current says that all that is shown was checked.
func current(screen string) bool {
	at, ok := placeOn(screen)
	return ok && at.loaded == at.total && !aged(screen) && !strings.Contains(screen, "OFFLINE")
}

// rigOf is a machine for one test.
func rigOf(t *testing.T, o sandbox.Options, around func(http.Handler) http.Handler) *rig {
	t.Helper()
	r, err := newRig(t.Context(), t.TempDir(), o, around)
	must(t, err)
	t.Cleanup(r.door.shut)
	return r
}

// open starts the program and waits for contacts, or for the word that there
// are none to be had.
func (r *rig) open(t *testing.T) *person {
	t.Helper()
	p, err := r.start(t.Context())
	must(t, err)
	t.Cleanup(p.Close)
	p.until("contacts", func(s string) bool {
		at, ok := placeOn(s)
		return ok && at.loaded > 0 || strings.Contains(s, "OFFLINE")
	})
	return p
}

// end quits and tells what went wrong.
func (p *person) end(t *testing.T) {
	t.Helper()
	if !p.quit() {
		t.Fatalf("%v; the screen is\n%s", p.err, p.Screen())
	}
}

// fill fetches the whole book once.
func (r *rig) fill(t *testing.T) {
	t.Helper()
	p := r.open(t)
	p.press("G")
	p.waitAll(many)
	p.until("rows of now", current)
	p.end(t)
	r.wantCopy(t)
}

// wantCopy compares the copy on disk with the service.
func (r *rig) wantCopy(t *testing.T) {
	t.Helper()
	rows := r.copied(t)
	met := map[int64]bool{}
	for _, row := range rows {
		held, ok := r.service.Contact(row.ID())
		title, _ := held["title"].(string)
		switch {
		case !ok:
			t.Errorf("the copy has contact %d, which the service has not", row.ID())
		case met[row.ID()]:
			t.Errorf("contact %d is in the copy twice", row.ID())
		case row.Get(model.FieldTitle).String() != title:
			t.Errorf("contact %d has the title %q in the copy, %q at the service", row.ID(), row.Get(model.FieldTitle), title)
		}
		met[row.ID()] = true
	}
	if len(met) != many {
		t.Errorf("the copy has %d contacts, want %d", len(met), many)
	}
}

// copied reads the copy as the program would.
func (r *rig) copied(t *testing.T) []model.Packed {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	sum := sha256.Sum256([]byte("levcontacts account of\n" + key))
	id := store.Identity{BaseURL: "http://" + r.door.addr + sandbox.BasePath, Account: " " + hex.EncodeToString(sum[:8])}
	c, err := store.OpenCache(ctx, r.cacheDir(), id, time.Now)
	must(t, err)
	defer func() { must(t, c.Close()) }()
	reader, err := c.Read(ctx)
	must(t, err)
	defer func() { must(t, reader.Close(ctx)) }()
	rows, err := reader.Next(ctx, many+100)
	must(t, err)
	return rows
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
