//go:build unix

// Package rig is what the end-to-end tests share: a person's machine, a service
// over HTTP that can be cut off, and a screen that is read.
package rig

import (
	"bytes"
	"context"
	"flag"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/api/contract"
	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/internal/term"
)

// Patience is how long the slowest thing may take on a machine that does much
// else.
const Patience = 60 * time.Second

// Main runs the tests of a package.
func Main(m *testing.M) {
	flag.Parse()
	RunMany()
	os.Exit(m.Run())
}

// Must ends a test with an error.
func Must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Machine is a person's machine: a home folder, a key, and a service over HTTP.
type Machine struct {
	Home    string
	Program string
	Key     string
	Service *sandbox.Server
	Door    *Door
	Env     []string
	// Documents compares what passes between program and service with the
	// documents. Its Report is asked for at the end.
	Documents *contract.Watch
}

// Options say what is unusual about a machine. Without a tier the service has no
// rate limit.
type Options struct {
	Home, Key string
	Service   sandbox.Options
	Config    string // the top of config.toml
	Limited   bool   // the program counts requests as the service does, not without a limit
	// Around stands between the program and the service.
	Around func(http.Handler) http.Handler
}

// New makes a machine. The caller shuts its door.
func New(ctx context.Context, o Options) (*Machine, error) {
	program, err := term.BuildOnce(ctx, "github.com/levcontacts/levcontacts")
	if err != nil {
		return nil, err
	}
	if o.Service.Tier == "" {
		o.Service.Tier = "unlimited"
	}
	service, err := sandbox.New(o.Service)
	if err != nil {
		return nil, err
	}
	documents, err := contract.New(contract.Version(o.Service.Dialect), contract.Options{})
	if err != nil {
		return nil, err
	}
	handler := documents.Around(service)
	if o.Around != nil {
		handler = o.Around(handler)
	}
	m := &Machine{Home: o.Home, Program: program, Key: o.Key, Service: service, Documents: documents}
	if m.Door, err = OpenDoor(handler); err != nil {
		return nil, err
	}
	m.Env = []string{
		"HOME=" + m.Home, "XDG_CONFIG_HOME=" + m.path("config"), "XDG_STATE_HOME=" + m.path("state"), "XDG_CACHE_HOME=" + m.path("cache"),
		"LEV_BASE_URL=" + m.Base(), "LEV_API_KEY=" + m.Key,
	}
	o.Config += "\n[profiles.default]\n"
	if !o.Limited {
		o.Config += "rate_limit = {account = 100000, endpoint = 100000}\n"
	}
	dir := m.path("config", "levcontacts")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return m, os.WriteFile(filepath.Join(dir, "config.toml"), []byte(o.Config), 0o600)
}

func (m *Machine) path(parts ...string) string {
	return filepath.Join(append([]string{m.Home}, parts...)...)
}

// Base is the address of the service.
func (m *Machine) Base() string { return "http://" + m.Door.Addr + sandbox.BasePath }

// Start runs the program in a terminal, of 120x40 cells unless o says otherwise.
func (m *Machine) Start(ctx context.Context, o term.Options) (*term.Terminal, error) {
	o.Path = m.Program
	o.Args = append([]string{"--log-file", m.path("log")}, o.Args...)
	o.Env = append(slices.Clone(m.Env), o.Env...)
	o.Record = true
	if o.Cols == 0 {
		o.Cols, o.Rows = 120, 40
	}
	if o.Timeout == 0 {
		o.Timeout = Patience
	}
	return term.Start(ctx, o)
}

// Fail sets what goes wrong from now on, "" for nothing.
func (m *Machine) Fail(spec string) error {
	faults, err := sandbox.ParseFaults(spec)
	if err == nil {
		m.Service.SetFaults(faults)
	}
	return err
}

// Files calls look with every file of the home folder.
func (m *Machine) Files(look func(path string, text []byte)) error {
	return filepath.WalkDir(m.Home, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		if err == nil {
			look(path, text)
		}
		return err
	})
}

// Holds says whether a text has a secret in it.
func Holds(text []byte, secret string) bool { return bytes.Contains(text, []byte(secret)) }

// Door is where the service is reached, and can be shut.
type Door struct {
	Addr    string
	handler http.Handler

	mu     sync.Mutex
	server *http.Server
	held   int // the socket that keeps the port while the door is shut, 0 without
}

// OpenDoor lets a service be reached at a free address.
func OpenDoor(handler http.Handler) (*Door, error) {
	d := &Door{Addr: "127.0.0.1:0", handler: handler}
	return d, d.Open()
}

// Open lets the service be reached again, at the address it had.
func (d *Door) Open() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	listener, err := net.Listen("tcp", d.Addr)
	if err != nil {
		return err
	}
	d.Addr = listener.Addr().String()
	d.server = &http.Server{Handler: d.handler, ReadHeaderTimeout: time.Minute}
	go func(server *http.Server) { _ = server.Serve(listener) }(d.server)
	if d.held > 0 {
		_ = syscall.Close(d.held)
		d.held = 0
	}
	return nil
}

// Shut cuts every connection and accepts no other. The port stays taken, or the
// service of another test may get it, and the program would find that one.
func (d *Door) Shut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	_ = d.server.Close()
	if d.held == 0 {
		d.held = holdPort(d.Addr)
	}
}

// holdPort binds a socket that does not listen, so that who connects is refused.
// It is 0 where that cannot be done.
func holdPort(addr string) int {
	at, err := netip.ParseAddrPort(addr)
	if err != nil {
		return 0
	}
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		return 0
	}
	syscall.CloseOnExec(fd)
	err = syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1)
	if err == nil {
		err = syscall.Bind(fd, &syscall.SockaddrInet4{Port: int(at.Port()), Addr: at.Addr().As4()})
	}
	if err != nil {
		_ = syscall.Close(fd)
		return 0
	}
	return fd
}
