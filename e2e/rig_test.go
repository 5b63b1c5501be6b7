//go:build unix

package e2e

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/api/sandbox"
	machine "github.com/levcontacts/levcontacts/e2e/rig"
	"github.com/levcontacts/levcontacts/internal/term"
)

func TestMain(m *testing.M) { machine.Main(m) }

// rig is one person's machine in one test.
type rig struct {
	*machine.Machine
	t       *testing.T
	started bool // the program, with a log
}

// rigOptions say what is unusual about a machine. The zero value has 300
// contacts without a rate limit.
type rigOptions struct {
	service sandbox.Options
	config  string   // the top of config.toml
	limited bool     // the program counts requests as the service does, not without a limit
	env     []string // wins over what a rig sets
	// around stands between the program and the service.
	around func(http.Handler) http.Handler
}

func newRig(t *testing.T, o rigOptions) *rig {
	t.Helper()
	if o.service.Contacts == 0 {
		o.service.Contacts = 300
	}
	m, err := machine.New(t.Context(), machine.Options{
		Home: t.TempDir(), Key: secretFor(t), Service: o.service, Config: o.config, Limited: o.limited, Around: o.around,
	})
	must(t, err)
	t.Cleanup(m.Door.Shut)
	m.Env = append(m.Env, o.env...)
	r := &rig{Machine: m, t: t}
	t.Cleanup(r.checkFiles)
	return r
}

// secretFor is a key that no other test has.
func secretFor(t *testing.T) string {
	h := fnv.New128a()
	h.Write([]byte(t.Name()))
	return "lev_sk_e2e_" + hex.EncodeToString(h.Sum(nil))
}

// checkFiles asks whether everything was as documented, looks for the key in every file that the program has written, and
// for people in its log.
func (r *rig) checkFiles() {
	if err := r.Documents.Report(); err != nil {
		r.t.Error(err)
	}
	err := r.Files(func(path string, text []byte) {
		if machine.Holds(text, r.Key) {
			r.t.Errorf("the key is in %s", path)
		}
	})
	if err != nil {
		r.t.Error(err)
	}
	log, err := os.ReadFile(filepath.Join(r.Home, "log"))
	if r.started && err != nil {
		r.t.Error(err)
	}
	for _, person := range []string{"Sarah", "Chen", "meridiancapital", "Nadia", "Petrosyan", "Rodriguez", "New Rochelle"} {
		if bytes.Contains(log, []byte(person)) {
			r.t.Errorf("the log has %s in it", person)
		}
	}
}

// requests are those of an endpoint that the service has handled.
func (r *rig) requests(endpoint string) []sandbox.Entry {
	all := r.Service.Requests()
	return slices.DeleteFunc(all, func(e sandbox.Entry) bool { return e.Endpoint != endpoint })
}

// last is the newest request to an endpoint that was answered with a status.
func (r *rig) last(endpoint string, status int) (sandbox.Entry, bool) {
	for _, e := range slices.Backward(r.requests(endpoint)) {
		if e.Status == status {
			return e, true
		}
	}
	return sandbox.Entry{}, false
}

// fails sets what goes wrong from now on, "" for nothing.
func (r *rig) fails(spec string) {
	r.t.Helper()
	must(r.t, r.Fail(spec))
}

const patience = machine.Patience

// eventually waits for something that is not on the screen.
func (r *rig) eventually(what string, ok func() bool) {
	r.t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			r.t.Fatalf("waited %s for %s", patience, what)
		}
	}
}

// person is a running program and the person in front of it.
type person struct {
	*term.Terminal
	r *rig
	t *testing.T
}

// start runs the program in a terminal of 120x40 cells unless o says otherwise.
func (r *rig) start(o term.Options) *person {
	r.t.Helper()
	terminal, err := r.Start(r.t.Context(), o)
	must(r.t, err)
	r.started = true
	p := &person{Terminal: terminal, r: r, t: r.t}
	r.t.Cleanup(func() {
		terminal.Close()
		if bytes.Contains(terminal.Raw(), []byte(r.Key)) {
			r.t.Error("the key is in what the program wrote to the terminal")
		}
	})
	return p
}

// open starts the program and waits for contacts.
func (r *rig) open() *person {
	r.t.Helper()
	p := r.start(term.Options{})
	p.waitLoaded()
	return p
}

// openAll is open with all contacts loaded, so that no page is under way.
func (r *rig) openAll() *person {
	r.t.Helper()
	p := r.open()
	p.press("G")
	p.waitPlace("the last contact of all", func(at place) bool { return at.Loaded == at.Total && at.At == at.Total })
	p.press("g")
	p.waitPlace("the first contact", func(at place) bool { return at.At == 1 })
	return p
}

func (p *person) press(keys ...string) {
	p.t.Helper()
	must(p.t, p.Press(keys...))
}

func (p *person) send(text string) {
	p.t.Helper()
	must(p.t, p.Send(text))
}

func (p *person) wait(texts ...string) {
	p.t.Helper()
	must(p.t, p.WaitFor(texts...))
}

func (p *person) gone(texts ...string) {
	p.t.Helper()
	must(p.t, p.WaitGone(texts...))
}

func (p *person) until(what string, ok func(screen string) bool) {
	p.t.Helper()
	must(p.t, p.WaitFunc(what, ok))
}

type place = machine.Place

func placeOn(screen string) (place, bool) { return machine.PlaceOn(screen) }

// waitPlace waits until the status line is as wanted.
func (p *person) waitPlace(what string, ok func(place) bool) {
	p.t.Helper()
	p.until(what, func(screen string) bool {
		at, shown := placeOn(screen)
		return shown && ok(at)
	})
}

func (p *person) waitLoaded() {
	p.t.Helper()
	p.waitPlace("contacts", func(at place) bool { return at.Loaded > 0 })
}

// waitAll waits until every contact is loaded.
func (p *person) waitAll() {
	p.t.Helper()
	p.waitPlace("all contacts", func(at place) bool { return at.Loaded > 0 && at.Loaded == at.Total })
}

// toField moves with a key until the cursor of the form or of the details is
// on a field.
func (p *person) toField(label, key string) {
	p.t.Helper()
	must(p.t, machine.ToField(p.Terminal, label, key))
}

// showsRequest waits until the id of the last request that was refused with a
// status is on the screen, in the narrow details on two rows.
func (p *person) showsRequest(endpoint string, status int) {
	p.t.Helper()
	p.until(fmt.Sprintf("the id of the %s request answered with %d", endpoint, status), func(screen string) bool {
		e, ok := p.r.last(endpoint, status)
		return ok && (strings.Contains(screen, e.RequestID) || strings.Contains(details(screen), e.RequestID))
	})
}

// details is the text of the pane on the right, its rows one after the other.
func details(screen string) string {
	var b strings.Builder
	for row := range strings.Lines(screen) {
		_, right, _ := strings.Cut(row, "│")
		b.WriteString(strings.TrimSpace(right))
	}
	return b.String()
}

// exits waits for the end and looks at what is left of the terminal.
func (p *person) exits(code int) {
	p.t.Helper()
	got, err := p.Wait()
	must(p.t, err)
	if got != code {
		p.t.Errorf("exit code %d, want %d; the screen is\n%s", got, code, p.Screen())
	}
	if err := p.Modes().Err(); err != nil {
		p.t.Error(err)
	}
}

// quit leaves the program from the list.
func (p *person) quit() {
	p.t.Helper()
	p.press("q")
	p.exits(0)
}

func must(t *testing.T, err error) {
	t.Helper()
	machine.Must(t, err)
}
