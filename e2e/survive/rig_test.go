//go:build unix

package survive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/api/sandbox"
	machine "github.com/levcontacts/levcontacts/e2e/rig"
	"github.com/levcontacts/levcontacts/internal/term"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/store"
)

// sarah is the first contact of every sandbox.
const (
	sarah     = 78
	sarahName = "Sarah Chen"
)

func TestMain(m *testing.M) { machine.Main(m) }

// rig is a person's machine. Its methods answer with errors, so that many can be
// tried at once.
type rig struct {
	*machine.Machine

	mu     sync.Mutex
	secret []string // further keys that must come out nowhere
	leaks  []error
}

// newRig makes a machine with a folder of its own. A service without a tier has
// no limits, and neither has the program then. around, if given, stands between
// both.
func newRig(ctx context.Context, home string, o sandbox.Options, around func(http.Handler) http.Handler) (*rig, error) {
	m, err := machine.New(ctx, machine.Options{
		Home: home, Key: fmt.Sprintf("lev_sk_survive_%016x", time.Now().UnixNano()), Service: o, Limited: o.Tier != "", Around: around,
	})
	if err != nil {
		return nil, err
	}
	return &rig{Machine: m}, nil
}

// rigFor is a machine for one test, with everything looked over at its end.
func rigFor(t *testing.T, o sandbox.Options, around func(http.Handler) http.Handler) *rig {
	t.Helper()
	r, err := newRig(t.Context(), t.TempDir(), o, around)
	must(t, err)
	t.Cleanup(func() {
		r.Door.Shut()
		if err := errors.Join(r.leaked(), r.Documents.Report()); err != nil {
			t.Error(err)
		}
	})
	return r
}

func (r *rig) stateHome() string { return filepath.Join(r.Home, "state") }
func (r *rig) stateDir() string  { return filepath.Join(r.stateHome(), "levcontacts", "default") }
func (r *rig) cacheHome() string { return filepath.Join(r.Home, "cache") }
func (r *rig) cacheDir() string  { return filepath.Join(r.cacheHome(), "levcontacts", "default") }
func (r *rig) cacheFile() string { return filepath.Join(r.cacheDir(), "contacts.db") }
func (r *rig) base() string      { return r.Base() }

// start runs the program in a terminal of 120 x 40 cells.
func (r *rig) start(ctx context.Context) (*person, error) {
	t, err := r.Start(ctx, term.Options{})
	if err != nil {
		return nil, err
	}
	return &person{Terminal: t, r: r}, nil
}

const patience = machine.Patience

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
	for _, key := range append([]string{r.Key}, r.secret...) {
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
	err := r.Files(func(path string, text []byte) {
		files++
		r.look(path, text)
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
	return r.Fail(spec)
}

// applied are the writes to an endpoint that the service carried out, each once.
func (r *rig) applied(endpoint string) []sandbox.Entry {
	var out []sandbox.Entry
	for _, e := range r.Service.Requests() {
		if e.Endpoint == endpoint && e.Applied && !e.Replayed {
			out = append(out, e)
		}
	}
	return out
}

// person is a running program with somebody in front of it.
type person struct {
	*term.Terminal
	r       *rig
	pressed []string // for the report of a failure
}

// Press presses keys and notes them.
func (p *person) Press(keys ...string) error {
	p.pressed = append(p.pressed, keys...)
	return p.Terminal.Press(keys...)
}

// afterKeys adds what was pressed to an error.
func (p *person) afterKeys(err error) error {
	if err != nil {
		err = fmt.Errorf("after the keys %s: %w", p.pressed, err)
	}
	return err
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
	return a.place(fmt.Sprintf("%d contacts", n), func(at place) bool { return at.Loaded == n && at.Total == n && at.Rows == n })
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

func (p *person) toField(label, key string) error { return machine.ToField(p.Terminal, label, key) }

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
	machine.Must(t, err)
}
