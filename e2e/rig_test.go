//go:build unix

package e2e

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"levcontacts/api/sandbox"
	"levcontacts/internal/term"
)

// rig is one person's machine: a service over HTTP, a home folder, a key.
type rig struct {
	t       *testing.T
	program string
	service *sandbox.Server
	door    *door
	home    string
	key     string
	env     []string
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
	program, err := term.BuildOnce(t.Context(), "..")
	must(t, err)
	if o.service.Contacts == 0 {
		o.service.Contacts = 300
	}
	if o.service.Tier == "" {
		o.service.Tier = "unlimited"
	}
	service, err := sandbox.New(o.service)
	must(t, err)
	var handler http.Handler = service
	if o.around != nil {
		handler = o.around(service)
	}
	r := &rig{t: t, program: program, service: service, door: openDoor(t, handler), home: t.TempDir(), key: secretFor(t)}
	r.env = append([]string{
		"HOME=" + r.home,
		"XDG_CONFIG_HOME=" + filepath.Join(r.home, "config"),
		"XDG_STATE_HOME=" + filepath.Join(r.home, "state"),
		"XDG_CACHE_HOME=" + filepath.Join(r.home, "cache"),
		"LEV_BASE_URL=http://" + r.door.addr + sandbox.BasePath,
		"LEV_API_KEY=" + r.key,
	}, o.env...)
	if !o.limited {
		o.config += "\n[profiles.default]\nrate_limit = {account = 100000, endpoint = 100000}\n"
	}
	dir := filepath.Join(r.home, "config", "levcontacts")
	must(t, os.MkdirAll(dir, 0o700))
	must(t, os.WriteFile(filepath.Join(dir, "config.toml"), []byte(o.config), 0o600))
	t.Cleanup(r.checkFiles)
	return r
}

// secretFor is a key that no other test has.
func secretFor(t *testing.T) string {
	h := fnv.New128a()
	h.Write([]byte(t.Name()))
	return "lev_sk_e2e_" + hex.EncodeToString(h.Sum(nil))
}

// checkFiles looks for the key in every file that the program has written, and
// for people in its log.
func (r *rig) checkFiles() {
	err := filepath.WalkDir(r.home, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if bytes.Contains(text, []byte(r.key)) {
			r.t.Errorf("the key is in %s", path)
		}
		return err
	})
	if err != nil {
		r.t.Error(err)
	}
	log, err := os.ReadFile(filepath.Join(r.home, "log"))
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
	all := r.service.Requests()
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
	faults, err := sandbox.ParseFaults(spec)
	must(r.t, err)
	r.service.SetFaults(faults)
}

// patience is how long the slowest thing may take on a machine that does much
// else.
const patience = 60 * time.Second

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
	o.Path = r.program
	o.Args = append([]string{"--log-file", filepath.Join(r.home, "log")}, o.Args...)
	o.Env = append(slices.Clone(r.env), o.Env...)
	o.Record = true
	if o.Cols == 0 {
		o.Cols, o.Rows = 120, 40
	}
	if o.Timeout == 0 {
		o.Timeout = patience
	}
	terminal, err := term.Start(r.t.Context(), o)
	must(r.t, err)
	r.started = true
	p := &person{Terminal: terminal, r: r, t: r.t}
	r.t.Cleanup(func() {
		terminal.Close()
		if bytes.Contains(terminal.Raw(), []byte(r.key)) {
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
	p.waitPlace("the last contact of all", func(at place) bool { return at.loaded == at.total && at.at == at.total })
	p.press("g")
	p.waitPlace("the first contact", func(at place) bool { return at.at == 1 })
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

// place is what the status line says: the cursor, the rows shown, and how
// many of all contacts are loaded.
type place struct{ at, rows, loaded, total int }

func placeOn(screen string) (place, bool) {
	m := regexp.MustCompile(`(?m)^ ([\d,]+) of ([\d,]+) · ([\d,]+) of ([\d,]+) loaded`).FindStringSubmatch(screen)
	if m == nil {
		return place{}, false
	}
	var n [4]int
	for i := range n {
		n[i], _ = strconv.Atoi(strings.ReplaceAll(m[i+1], ",", ""))
	}
	return place{n[0], n[1], n[2], n[3]}, true
}

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
	p.waitPlace("contacts", func(at place) bool { return at.loaded > 0 })
}

// waitAll waits until every contact is loaded.
func (p *person) waitAll() {
	p.t.Helper()
	p.waitPlace("all contacts", func(at place) bool { return at.loaded > 0 && at.loaded == at.total })
}

// toField moves with a key until the cursor of the form or of the details is
// on a field.
func (p *person) toField(label, key string) {
	p.t.Helper()
	cursor := regexp.MustCompile(`(?m)(?:^|│)▌ (\S+(?: \S+)?)`)
	on := func(screen string) string {
		all := cursor.FindAllStringSubmatch(screen, -1)
		if len(all) == 0 {
			return ""
		}
		return all[len(all)-1][1]
	}
	for range 40 {
		now := on(p.Screen())
		if now == label {
			return
		}
		p.press(key)
		p.until("the cursor to move on from "+now, func(screen string) bool { return on(screen) != now })
	}
	p.t.Fatalf("there is no field %s to move to:\n%s", label, p.Screen())
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

// door is where the service is reached, and can be shut.
type door struct {
	t       *testing.T
	addr    string
	handler http.Handler
	server  *http.Server
}

func openDoor(t *testing.T, handler http.Handler) *door {
	t.Helper()
	d := &door{t: t, addr: "127.0.0.1:0", handler: handler}
	d.open()
	t.Cleanup(func() { d.shut() })
	return d
}

// open lets the service be reached again, at the address it had.
func (d *door) open() {
	d.t.Helper()
	listener, err := net.Listen("tcp", d.addr)
	must(d.t, err)
	d.addr = listener.Addr().String()
	d.server = &http.Server{Handler: d.handler, ReadHeaderTimeout: time.Minute}
	go func() { _ = d.server.Serve(listener) }()
}

// shut cuts every connection and accepts no other.
func (d *door) shut() { _ = d.server.Close() }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
