//go:build unix

package kill

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"levcontacts/api/sandbox"
	"levcontacts/internal/term"
)

// sarah is the first contact of every sandbox.
const (
	sarah     = 78
	sarahName = "Sarah Chen"
)

// key is a key that the sandbox takes.
const key = "lev_sk_kill"

// patience is how long a wait may last on a machine that does much else.
const patience = 30 * time.Second

// rig is one person's machine: a home folder, a key, and a service over HTTP.
type rig struct {
	program, home string
	service       *sandbox.Server
	door          *door
	env           []string
}

// newRig makes a machine whose home is an empty folder. Neither the service nor
// the program has a rate limit. around, if given, stands between both.
func newRig(ctx context.Context, home string, o sandbox.Options, around func(http.Handler) http.Handler) (*rig, error) {
	program, err := term.BuildOnce(ctx, "levcontacts")
	if err != nil {
		return nil, err
	}
	o.Tier = "unlimited"
	service, err := sandbox.New(o)
	if err != nil {
		return nil, err
	}
	var handler http.Handler = service
	if around != nil {
		handler = around(service)
	}
	r := &rig{program: program, home: home, service: service, door: &door{addr: "127.0.0.1:0", handler: handler}}
	if err := r.door.open(); err != nil {
		return nil, err
	}
	r.env = []string{
		"HOME=" + home, "XDG_CONFIG_HOME=" + filepath.Join(home, "config"), "XDG_STATE_HOME=" + filepath.Join(home, "state"),
		"XDG_CACHE_HOME=" + r.cacheHome(), "LEV_BASE_URL=http://" + r.door.addr + sandbox.BasePath, "LEV_API_KEY=" + key,
	}
	dir := filepath.Join(home, "config", "levcontacts")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	config := "[profiles.default]\nrate_limit = {account = 100000, endpoint = 100000}\n"
	return r, os.WriteFile(filepath.Join(dir, "config.toml"), []byte(config), 0o600)
}

func (r *rig) cacheHome() string { return filepath.Join(r.home, "cache") }

func (r *rig) cacheDir() string { return filepath.Join(r.cacheHome(), "levcontacts", "default") }

// start runs the program in a terminal of 120x40 cells.
func (r *rig) start(ctx context.Context) (*person, error) {
	t, err := term.Start(ctx, term.Options{Path: r.program, Env: r.env, Cols: 120, Rows: 40, Timeout: patience})
	if err != nil {
		return nil, err
	}
	return &person{Terminal: t}, nil
}

// run runs a command of the program and returns what it prints.
func (r *rig) run(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, r.program, args...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH")}, r.env...)
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = fmt.Errorf("%w: %s", err, exit.Stderr)
	}
	if err != nil {
		return nil, fmt.Errorf("levcontacts %s: %w", strings.Join(args, " "), err)
	}
	return out, nil
}

// requests are those of an endpoint that the service has handled.
func (r *rig) requests(endpoints ...string) (out []sandbox.Entry) {
	for _, e := range r.service.Requests() {
		for _, endpoint := range endpoints {
			if e.Endpoint == endpoint {
				out = append(out, e)
			}
		}
	}
	return out
}

// person is a running program and the person in front of it. The first thing
// that goes wrong is kept, and nothing is done after it.
type person struct {
	*term.Terminal
	err error
}

func (p *person) do(f func() error) bool {
	if p.err == nil {
		p.err = f()
	}
	return p.err == nil
}

func (p *person) press(keys ...string) bool { return p.do(func() error { return p.Press(keys...) }) }
func (p *person) send(text string) bool     { return p.do(func() error { return p.Send(text) }) }
func (p *person) wait(texts ...string) bool { return p.do(func() error { return p.WaitFor(texts...) }) }

func (p *person) until(what string, ok func(screen string) bool) bool {
	return p.do(func() error { return p.WaitFunc(what, ok) })
}

// waitPlace waits until the status line is as wanted.
func (p *person) waitPlace(what string, ok func(place) bool) bool {
	return p.until(what, func(screen string) bool {
		at, shown := placeOn(screen)
		return shown && ok(at)
	})
}

// waitAll waits until every one of n contacts is loaded.
func (p *person) waitAll(n int) bool {
	return p.waitPlace(fmt.Sprintf("%d contacts", n), func(at place) bool { return at.loaded == n && at.total == n && at.rows == n })
}

// toField moves until the cursor of the form is on a field.
func (p *person) toField(label string) bool {
	for range 40 {
		now := fieldUnderCursor(p.Screen())
		if now == label {
			return true
		}
		if !p.press("tab") || !p.until("the cursor to move on from "+now, func(s string) bool { return fieldUnderCursor(s) != now }) {
			return false
		}
	}
	return p.do(func() error { return fmt.Errorf("there is no field %s to move to", label) })
}

func fieldUnderCursor(screen string) string {
	all := regexp.MustCompile(`(?m)(?:^|│)▌ (\S+(?: \S+)?)`).FindAllStringSubmatch(screen, -1)
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1][1]
}

// quit leaves the program from the list.
func (p *person) quit() bool {
	return p.press("q") && p.do(func() error {
		code, err := p.Wait()
		if err == nil && code != 0 {
			err = fmt.Errorf("exit code %d", code)
		}
		return errors.Join(err, p.Modes().Err())
	})
}

// place is what the status line says: the cursor, the rows shown, and how many
// of all contacts are loaded.
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

// door is where the service is reached, and can be shut.
type door struct {
	addr    string
	handler http.Handler
	server  *http.Server
}

// open lets the service be reached, at the address it had before.
func (d *door) open() error {
	listener, err := net.Listen("tcp", d.addr)
	if err != nil {
		return err
	}
	d.addr = listener.Addr().String()
	d.server = &http.Server{Handler: d.handler, ReadHeaderTimeout: time.Minute}
	go func() { _ = d.server.Serve(listener) }()
	return nil
}

// shut cuts every connection and accepts no other.
func (d *door) shut() { _ = d.server.Close() }
