//go:build unix

package matrix

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/e2e/rig"
	"github.com/levcontacts/levcontacts/internal/term"
)

// sarah is the first contact of every sandbox.
const (
	sarah     = 78
	sarahName = "Sarah Chen"
	secret    = "lev_sk_matrix_5f2c9be1a4d0"
)

// gate stands between the program and the service. While an odd answer is set
// for an endpoint, it answers so.
type gate struct {
	next      http.Handler
	elsewhere string // another origin

	mu       sync.Mutex
	odd      odd
	endpoint string
	hits     int
	lifted   context.Context // done when the fault is over
	lift     context.CancelFunc
	closed   chan struct{} // requests wait until it is closed; nil for not at all
}

// shut lets requests wait until open is called.
func (g *gate) shut() (open func()) {
	closed := make(chan struct{})
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = closed
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.closed == closed {
			g.closed = nil
			close(closed)
		}
	}
}

// endpointOf names what a request is for, as the sandbox does.
func endpointOf(q *http.Request) string {
	_, path, _ := strings.Cut(q.URL.Path, sandbox.BasePath)
	switch {
	case strings.HasSuffix(path, "/me"):
		return "me"
	case strings.HasSuffix(path, "/contacts") && q.Method == http.MethodPost:
		return "create"
	case strings.HasSuffix(path, "/contacts"):
		return "list"
	case q.Method == http.MethodPatch:
		return "patch"
	}
	return "get"
}

func (g *gate) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	g.mu.Lock()
	odd, lifted, closed := g.odd, g.lifted, g.closed
	if g.endpoint != endpointOf(q) {
		odd = nil
	} else {
		g.hits++
	}
	g.mu.Unlock()
	if closed != nil {
		select {
		case <-closed:
		case <-q.Context().Done():
		}
	}
	if odd == nil {
		g.next.ServeHTTP(w, q)
		return
	}
	ctx, cancel := context.WithCancel(q.Context())
	defer cancel()
	defer context.AfterFunc(lifted, cancel)()
	odd(w, q.WithContext(ctx), g.next, g.elsewhere)
	if ctx.Err() != nil { // it did not come to an end
		panic(http.ErrAbortHandler)
	}
}

// set arms an odd answer, nil for none, and ends those that go on.
func (g *gate) set(endpoint string, o odd) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.lift != nil {
		g.lift()
	}
	g.odd, g.endpoint, g.hits = o, endpoint, 0
	g.lifted, g.lift = context.WithCancel(context.Background())
}

// met says that the odd answer was given.
func (g *gate) met() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.hits > 0
}

// world is a machine whose service misbehaves, with a program in front of a
// person. Its methods answer with errors, so that one cell ends and the next
// begins.
type world struct {
	*rig.Machine
	*term.Terminal
	gate   *gate
	other  *httptest.Server // another origin, which must never see the key
	leaked sync.Map
	spare  []string // further keys
	keys   int      // pressed to recover
}

const contactsOf = 400

func newWorld(ctx context.Context, home string) (*world, error) {
	w := &world{gate: &gate{}}
	w.other = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, q *http.Request) {
		if strings.Contains(fmt.Sprint(q.Header, q.URL), "lev_sk_") {
			w.leaked.Store(q.Method+" "+q.URL.String(), true)
		}
	}))
	w.gate.elsewhere = w.other.URL
	keys := []sandbox.Key{{Token: secret}}
	for i := range 8 {
		w.spare = append(w.spare, fmt.Sprint("lev_sk_matrix_spare_000", i))
		keys = append(keys, sandbox.Key{Token: w.spare[i]})
	}
	var err error
	w.Machine, err = rig.New(ctx, rig.Options{
		Home: home, Key: secret, Config: "page_size = 50\nindex = \"off\"\n",
		Service: sandbox.Options{Contacts: contactsOf, Keys: keys, KeepRequests: -1},
		Around:  func(next http.Handler) http.Handler { w.gate.next = next; return w.gate },
	})
	w.gate.set("", nil)
	return w, err
}

func (w *world) close() {
	w.gate.set("", nil)
	if w.Terminal != nil {
		w.Close()
	}
	w.Door.Shut()
	w.other.Close()
}

// forget removes what earlier starts have left behind.
func (w *world) forget(what ...string) error {
	var all []error
	for _, dir := range what {
		all = append(all, os.RemoveAll(filepath.Join(w.Home, dir)))
	}
	return errors.Join(all...)
}

func (w *world) open(ctx context.Context) (err error) {
	w.Terminal, err = w.Start(ctx, term.Options{})
	return err
}

// begin arms a fault for an endpoint.
func (w *world) begin(f fault, endpoint string) error {
	if f.odd != nil {
		w.gate.set(endpoint, f.odd)
		return nil
	}
	return w.Fail(f.spec + "@" + endpoint)
}

// end lifts it.
func (w *world) end() error {
	w.gate.set("", nil)
	return w.Fail("")
}

// place is what the status line says. The service may have given no total.
func place(screen string) (at rig.Place) {
	at, told := rig.PlaceOn(screen)
	if m := untold.FindStringSubmatch(screen); m != nil && !told {
		at.Loaded, _ = strconv.Atoi(strings.ReplaceAll(m[1], ",", ""))
	}
	return at
}

var untold = regexp.MustCompile(`(?m)^ [\d,]+ of [\d,]+ · ([\d,]+) loaded`)

// whole says that every contact is loaded and nothing is out of reach.
func whole(screen string) bool {
	at := place(screen)
	return at.Loaded > 0 && at.Loaded == at.Total && !strings.Contains(screen, "OFFLINE")
}

// trouble finds the words in which the program says that something is wrong, or
// that it waits.
var trouble = regexp.MustCompile(`tries again|[Rr]etrying|trying again|[Ww]aiting|slow down|Sign in again|dismisses|signs in again|` +
	`esc stops|OFFLINE|! \S|Not sent|not accepted|may already exist|conflict`)

// usable opens and closes the help: the program still answers keys.
func (w *world) usable() error {
	prompt := func(s string) bool { return strings.Contains(s, "Sign in again: ") }
	err := errors.Join(w.Press("?"), w.WaitFunc("the help", func(s string) bool {
		return prompt(s) || strings.Contains(s,
			"Help")
	}))
	switch {
	case err != nil:
		return fmt.Errorf("it does not answer keys: %w", err)
	case prompt(w.Screen()): // which was faster
		return errors.Join(w.Press("esc"), w.WaitFunc("the prompt to close", func(s string) bool { return !prompt(s) }))
	}
	return errors.Join(w.Press("esc"), w.WaitGone("Help"))
}

// signIn answers a prompt for a key: with another one when the key is revoked,
// otherwise it closes it.
func (w *world) signIn(f fault) error {
	w.keys++
	if f.spec != "revoke" {
		return errors.Join(w.Press("esc"), w.WaitGone("Sign in again: "))
	}
	key := w.spare[0]
	w.spare = w.spare[1:]
	// The prompt may have come over keys that were meant for the list.
	return errors.Join(w.Press("ctrl+u"), w.Send(key), w.WaitFor("*****"), w.Press("enter"),
		w.WaitGone("Sign in again: "))
}

// back waits for the list to be as it should: by itself for a moment, then with
// a key.
func (w *world) back(f fault, what string, good func(screen string) bool) error {
	for range 3 {
		if strings.Contains(w.Screen(), "Sign in again: ") {
			if err := w.signIn(f); err != nil {
				return err
			}
		}
		if w.soon(good) {
			return nil
		}
		w.keys++
		if err := w.Press("r"); err != nil {
			return err
		}
		err := w.WaitFunc(what, func(s string) bool { return good(s) || strings.Contains(s, "Sign in again: ") })
		if err != nil {
			return err
		}
		if good(w.Screen()) {
			return nil
		}
	}
	return fmt.Errorf("%s does not come back:\n%s", what, w.Screen())
}

// soon reports whether something comes true within a moment.
func (w *world) soon(good func(screen string) bool) bool {
	for range 20 {
		if good(w.Screen()) {
			return true
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}

// leave quits and looks at what is left of the terminal.
func (w *world) leave() error {
	if err := w.Press("q"); err != nil {
		return err
	}
	code, err := w.Wait()
	if err == nil && code != 0 {
		err = fmt.Errorf("exit code %d:\n%s", code, w.Screen())
	}
	err = errors.Join(err, w.Modes().Err())
	w.Close()
	return err
}

// sane looks for what must never be, whatever the service answers.
func (w *world) sane() error {
	var err error
	w.leaked.Range(func(request, _ any) bool {
		err = fmt.Errorf("the key went to another origin: %v", request)
		return false
	})
	if raw := w.Raw(); strings.Contains(string(raw), "lev_sk_") {
		err = errors.Join(err, errors.New("a key is on the screen"))
	} else if strings.Contains(string(raw), "panic: ") || strings.Contains(w.Title(), "evil") {
		err = errors.Join(err, errors.New("the program broke, or was driven from outside"))
	}
	return err
}
