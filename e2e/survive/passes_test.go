//go:build unix

package survive

import (
	"crypto/rand"
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

	"github.com/levcontacts/levcontacts/api/sandbox"
	machine "github.com/levcontacts/levcontacts/e2e/rig"
)

// many is a book of eleven pages.
const many = 2000

// The service, the files and the program fail while the book is fetched. No row
// is lost or doubled, and none is shown as current that may not be.
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
	r := rigFor(t, sandbox.Options{Contacts: many}, nil)
	r.fill(t)
	r.Door.Shut()
	p := r.open(t)
	must(t, p.do().all(many).wait("OFFLINE", "trying again in").until("how old the rows are", aged).err)
	must(t, p.do().press("G").place("the last row", func(at place) bool { return at.At == many }).err)
	must(t, p.do().press("g").place("the first row", func(at place) bool { return at.At == 1 }).err)
	found := regexp.MustCompile(`(?m)^ / rosen .* [\d,]+ of 2,000 *$`)
	must(t, p.do().press("/").send("rosen").until("the bar and what was found", found.MatchString).err)
	must(t, p.do().press("esc").place("the first of all rows, and no bar", func(at place) bool { return at.At == 1 && at.Rows == many }).err)
	must(t, r.Door.Open())
	must(t, p.do().press("r").until("rows of now", current).err)
	must(t, p.quit())
	must(t, r.wantCopy(t.Context(), many))
}

func downInTheMiddle(t *testing.T) {
	const pages = 4
	var lists atomic.Int32
	var shut atomic.Pointer[machine.Door]
	r := rigFor(t, sandbox.Options{Contacts: many, Latency: 10 * time.Millisecond}, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			if q.Method == http.MethodGet && strings.HasSuffix(q.URL.Path, "/contacts") && lists.Add(1) == pages+1 {
				go shut.Load().Shut() // takes this answer with it
				<-q.Context().Done()
				return
			}
			next.ServeHTTP(w, q)
		})
	})
	shut.Store(r.Door)
	p := r.open(t)
	must(t, p.do().press("G").wait("OFFLINE").place("some of the rows", func(at place) bool {
		return at.Loaded > 0 && at.Loaded < many && at.Total == many
	}).err)
	before := 0
	for _, e := range r.Service.Requests() {
		if e.Endpoint == "list" {
			before++
		}
	}
	if before != pages {
		t.Errorf("%d pages came before the service died, want %d", before, pages)
	}
	must(t, r.Door.Open())
	must(t, p.do().press("r", "G").all(many).until("rows of now", current).err)
	must(t, p.quit())
	must(t, r.wantCopy(t.Context(), many))
}

func randomBytes(t *testing.T) {
	r := rigFor(t, sandbox.Options{Contacts: many}, nil)
	r.fill(t)
	files, err := filepath.Glob(r.cacheFile() + "*")
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
	must(t, os.WriteFile(r.cacheFile(), noise, 0o600))
	p := r.open(t)
	must(t, p.do().press("G").all(many).until("rows of now", current).err)
	must(t, p.quit())
	if said := p.Screen(); !strings.Contains(said, "the local copy was damaged") {
		t.Errorf("it does not say that the copy was damaged:\n%s", said)
	}
	must(t, r.wantCopy(t.Context(), many))
}

func killedInAPass(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			rng := mathrand.New(mathrand.NewPCG(seed, 3))
			r := rigFor(t, sandbox.Options{Contacts: many, Latency: 30 * time.Millisecond}, nil)
			p := r.open(t)
			must(t, p.Press("G"))
			time.Sleep(time.Duration(rng.IntN(500)) * time.Millisecond) // the moment
			must(t, p.Kill())
			_, err := p.Wait()
			must(t, err)
			seen, _ := placeOn(p.Screen())
			t.Logf("%d rows were on the screen at the kill", seen.Loaded)
			r.Door.Shut()
			r.Service.Update(sarah, map[string]any{"title": "Chair of the Board"})
			again := r.startFor(t)
			must(t, again.do().wait("OFFLINE").until("the rows of before, and how old they are", func(s string) bool {
				at, some := placeOn(s)
				return some && at.Loaded >= seen.Loaded && at.Total == many && aged(s)
			}).err)
			must(t, r.Door.Open())
			must(t, again.do().press("r", "G").all(many).until("rows of now", current).press("g").wait("Chair of the Board").err)
			must(t, again.quit())
			must(t, r.wantCopy(t.Context(), many))
		})
	}
}

func fullDisk(t *testing.T) {
	r := rigFor(t, sandbox.Options{Contacts: many}, nil)
	r.smallDisk(t)
	p := r.open(t)
	must(t, p.do().press("G").all(many).until("rows of now", current).err)
	must(t, p.quit())
	if said := p.Screen(); !strings.Contains(said, "the disk is full") {
		t.Errorf("it does not say that the disk is full:\n%s", said)
	}
}

// A disk that someone else fills costs what comes later, and nothing that is
// shown.
func fullDiskLater(t *testing.T) {
	const contacts = 300
	r := rigFor(t, sandbox.Options{Contacts: contacts}, nil)
	r.smallDisk(t)
	p := r.open(t)
	must(t, p.do().press("G").all(contacts).err)
	must(t, p.quit())
	for size := 1 << 16; size > 0; size /= 2 {
		for n := 0; os.WriteFile(filepath.Join(r.cacheHome(), fmt.Sprint("other", size, "-", n)), make([]byte, size), 0o600) == nil; n++ {
		}
	}
	r.Service.Update(sarah, map[string]any{"title": "Chair of the Board"})
	again := r.open(t)
	// It depends on the file system whether the copy cannot be opened or not be written to.
	must(t, again.do().wait("local copy: the disk is full").press("G").all(contacts).until("rows of now", current).err)
	must(t, again.do().press("g").wait("Chair of the Board").err)
	must(t, again.quit())
}

// smallDisk puts a file system of its own, soon full, where the copy is kept.
func (r *rig) smallDisk(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("a small disk can be mounted by root only")
	}
	dir := r.cacheHome()
	must(t, os.MkdirAll(dir, 0o700))
	if said, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=600k,mode=700", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("a small disk cannot be mounted here: %v: %s", err, said)
	}
	t.Cleanup(func() {
		if err := r.leaked(); err != nil { // later the disk is gone
			t.Error(err)
		}
		if said, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, said)
		}
	})
}

// fill fetches the whole book once.
func (r *rig) fill(t *testing.T) {
	t.Helper()
	p := r.open(t)
	must(t, p.do().press("G").all(many).until("rows of now", current).err)
	must(t, p.quit())
	must(t, r.wantCopy(t.Context(), many))
}
