//go:build unix

package survive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"levcontacts/api/sandbox"
	"levcontacts/internal/term"
	"levcontacts/model"
	"levcontacts/store"
)

// sarah is the first contact of every sandbox.
const (
	sarah     = 78
	sarahName = "Sarah Chen"
)

// rig is a person's machine: a home folder, a key, and a service over HTTP.
// Its methods answer with errors, so that many can be tried at once.
type rig struct {
	home    string
	program string
	key     string
	service *sandbox.Server
	door    *door

	mu     sync.Mutex
	secret []string // further keys that must come out nowhere
	leaks  []error
}

// newRig makes a machine with a folder of its own. A service without a tier has
// no limits, and neither has the program then. around, if given, stands between
// both.
func newRig(ctx context.Context, home string, o sandbox.Options, around func(http.Handler) http.Handler) (*rig, error) {
	program, err := term.BuildOnce(ctx, "levcontacts")
	if err != nil {
		return nil, err
	}
	config := "[profiles.default]\nrate_limit = {account = 100000, endpoint = 100000}\n"
	if o.Tier == "" {
		o.Tier = "unlimited"
	} else {
		config = "[profiles.default]\n"
	}
	service, err := sandbox.New(o)
	if err != nil {
		return nil, err
	}
	var handler http.Handler = service
	if around != nil {
		handler = around(service)
	}
	r := &rig{home: home, program: program, service: service, key: fmt.Sprintf("lev_sk_survive_%016x", time.Now().UnixNano()), door: &door{addr: "127.0.0.1:0", handler: handler}}
	if err := r.door.open(); err != nil {
		return nil, err
	}
	dir := filepath.Join(home, "config", "levcontacts")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return r, os.WriteFile(filepath.Join(dir, "config.toml"), []byte(config), 0o600)
}

// rigFor is a machine for one test, with everything looked over at its end.
func rigFor(t *testing.T, o sandbox.Options, around func(http.Handler) http.Handler) *rig {
	t.Helper()
	r, err := newRig(t.Context(), t.TempDir(), o, around)
	must(t, err)
	t.Cleanup(func() {
		r.door.shut()
		if err := r.leaked(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func (r *rig) stateHome() string { return filepath.Join(r.home, "state") }
func (r *rig) stateDir() string  { return filepath.Join(r.stateHome(), "levcontacts", "default") }
func (r *rig) cacheHome() string { return filepath.Join(r.home, "cache") }
func (r *rig) cacheDir() string  { return filepath.Join(r.cacheHome(), "levcontacts", "default") }
func (r *rig) cacheFile() string { return filepath.Join(r.cacheDir(), "contacts.db") }
func (r *rig) base() string      { return "http://" + r.door.addr + sandbox.BasePath }

// start runs the program in a terminal of 120 x 40 cells.
func (r *rig) start(ctx context.Context) (*person, error) {
	o := term.Options{
		Path: r.program, Args: []string{"--log-file", filepath.Join(r.home, "log")}, Cols: 120, Rows: 40, Record: true, Timeout: patience,
		Env: []string{
			"HOME=" + r.home, "XDG_CONFIG_HOME=" + filepath.Join(r.home, "config"), "XDG_STATE_HOME=" + r.stateHome(), "XDG_CACHE_HOME=" + r.cacheHome(),
			"LEV_BASE_URL=" + r.base(), "LEV_API_KEY=" + r.key,
		},
	}
	t, err := term.Start(ctx, o)
	if err != nil {
		return nil, err
	}
	return &person{t, r}, nil
}

// patience is how long the slowest thing may take on a machine that does much
// else.
const patience = 60 * time.Second

// startFor starts the program for one test.
func (r *rig) startFor(t *testing.T) *person {
	t.Helper()
	p, err := r.start(t.Context())
	must(t, err)
	t.Cleanup(p.close)
	return p
}

// open starts the program and waits for contacts.
func (r *rig) open(t *testing.T) *person {
	t.Helper()
	p := r.startFor(t)
	must(t, p.WaitFor(" loaded", sarahName))
	return p
}

// state opens drafts and journal as a second program does.
func (r *rig) state(ctx context.Context, dir string) (*store.State, error) {
	ids := 0
	return store.OpenState(ctx, dir, store.Identity{BaseURL: r.base()}, time.Now, func() string { ids++; return fmt.Sprint("survive-", ids) })
}

// keepSecret says that a text must not come out, as a key that is typed.
func (r *rig) keepSecret(key string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.secret = append(r.secret, key)
}

// look searches a text that somebody could read for a key.
func (r *rig) look(where string, text []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, key := range append([]string{r.key}, r.secret...) {
		if bytes.Contains(text, []byte(key)) {
			r.leaks = append(r.leaks, errors.New("the key is in "+where))
		}
	}
}

// lookAtProcesses searches the command lines that ps shows.
func (r *rig) lookAtProcesses() {
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		return
	}
	for _, path := range lines {
		if text, err := os.ReadFile(path); err == nil { // it may have ended
			r.look("the command line of a process", text)
		}
	}
}

// leaked searches every file and says where a key came out so far.
func (r *rig) leaked() error {
	files := 0
	err := filepath.WalkDir(r.home, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		r.look(path, text)
		return err
	})
	if files < 2 {
		err = errors.Join(err, errors.New("there are no files in which a key could be"))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return errors.Join(append(r.leaks, err)...)
}

// fails sets what goes wrong from now on, "" for nothing.
func (r *rig) fails(spec string) error {
	faults, err := sandbox.ParseFaults(spec)
	r.service.SetFaults(faults)
	return err
}

// applied are the writes to an endpoint that the service carried out, each once.
func (r *rig) applied(endpoint string) []sandbox.Entry {
	var out []sandbox.Entry
	for _, e := range r.service.Requests() {
		if e.Endpoint == endpoint && e.Applied && !e.Replayed {
			out = append(out, e)
		}
	}
	return out
}

// person is a running program with somebody in front of it.
type person struct {
	*term.Terminal
	r *rig
}

// acts are things that a person does one after the other, until one fails.
type acts struct {
	p   *person
	err error
}

func (p *person) do() *acts { return &acts{p: p} }

func (a *acts) then(act func() error) *acts {
	if a.err == nil {
		a.err = act()
	}
	return a
}

func (a *acts) press(keys ...string) *acts { return a.then(func() error { return a.p.Press(keys...) }) }
func (a *acts) send(text string) *acts     { return a.then(func() error { return a.p.Send(text) }) }
func (a *acts) wait(texts ...string) *acts {
	return a.then(func() error { return a.p.WaitFor(texts...) })
}
func (a *acts) gone(texts ...string) *acts {
	return a.then(func() error { return a.p.WaitGone(texts...) })
}

func (a *acts) until(what string, ok func(screen string) bool) *acts {
	return a.then(func() error { return a.p.WaitFunc(what, ok) })
}

// place waits until the status line is as wanted.
func (a *acts) place(what string, ok func(place) bool) *acts {
	return a.until(what, func(screen string) bool {
		at, shown := placeOn(screen)
		return shown && ok(at)
	})
}

// all waits until every one of n contacts is loaded and shown.
func (a *acts) all(n int) *acts {
	return a.place(fmt.Sprintf("%d contacts", n), func(at place) bool { return at.loaded == n && at.total == n && at.rows == n })
}

func (a *acts) to(field model.FieldID, key string) *acts {
	return a.then(func() error { return a.p.toField(field.Def().Label, key) })
}

// close ends the program and looks through what it has drawn.
func (p *person) close() {
	p.r.lookAtProcesses()
	p.Close()
	p.r.look("what was drawn", p.Raw())
}

// quit leaves from the list and waits for the end.
func (p *person) quit() error {
	p.r.lookAtProcesses()
	if err := p.Press("q"); err != nil {
		return err
	}
	code, err := p.Wait()
	if err == nil && code != 0 {
		err = fmt.Errorf("exit code %d; the screen is\n%s", code, p.Screen())
	}
	return errors.Join(err, p.Modes().Err())
}

// toField moves with a key until the cursor of the form or the details is on a
// field.
func (p *person) toField(label, key string) error {
	for range 40 {
		now := fieldUnderCursor(p.Screen())
		if now == label {
			return nil
		}
		if err := p.Press(key); err != nil {
			return err
		}
		err := p.WaitFunc("the cursor to move on from "+now, func(screen string) bool { return fieldUnderCursor(screen) != now })
		if err != nil {
			return err
		}
	}
	return fmt.Errorf("there is no field %s to move to:\n%s", label, p.Screen())
}

// either waits until one of the texts is on the screen and says which.
func (p *person) either(texts ...string) (found string, err error) {
	err = p.WaitFunc("one of "+strings.Join(texts, " | "), func(screen string) bool {
		for _, text := range texts {
			if strings.Contains(screen, text) {
				found = text
				return true
			}
		}
		return false
	})
	return found, err
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
