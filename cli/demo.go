package cli

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/config"
	"github.com/levcontacts/levcontacts/model"
)

// What --demo is without further flags.
const (
	demoContacts = 1284
	demoLatency  = 80 * time.Millisecond
	demoTier     = "standard"
	demoProfile  = "demo"
	demoKey      = "lev_sk_demo_0000000000000000"
)

// demoClock is the variable that stops the clock of --demo at a moment
// (RFC 3339), for the sample data and the screen alike. It is for pictures and
// tests, which must come out the same every time, and not in the help.
const demoClock = "LEVCONTACTS_DEMO_TIME"

// demoOptions are the flags of --demo.
type demoOptions struct {
	Contacts int
	Latency  time.Duration
	Tier     string
	Faults   string // as sandbox.ParseFaults reads them
}

// startDemo serves sample data on a loopback port of this process, until ctx
// ends, and resolves a configuration that points there. Theme, keys and views
// of the configuration file count; nothing of a profile does, and nothing is
// kept on disk.
func (g *globals) startDemo(ctx context.Context) (*Start, error) {
	for _, name := range []string{"profile", "base-url", "api-key-file"} {
		if g.flags.Changed(name) {
			return nil, usagef("--%s cannot be combined with --demo, which has its own", name)
		}
	}
	in := g.demoInput()
	cfg, err := config.Load(in)
	if err != nil {
		return nil, err
	}
	now, err := demoNow(g.app)
	if err != nil {
		return nil, err
	}
	address, err := serveDemo(ctx, g.demos, now)
	if err != nil {
		return nil, err
	}
	cfg.BaseURL = config.Value[string]{Value: address, Origin: config.Origin{Kind: config.OriginFlag, Name: "--demo"}}
	cfg.Profiles = []string{demoProfile}
	cfg.Cache.Value = false
	s := g.app.newStart(in, cfg)
	s.Now, s.Demo = now, true
	if s.given, err = config.NewToken(demoKey); err != nil {
		return nil, fmt.Errorf("sample data: %w", err)
	}
	return s, nil
}

// demoInput is the configuration's input without everything that names an
// account or an address. It works without a home folder, too.
func (g *globals) demoInput() config.Input {
	in := g.input()
	if _, err := in.Paths(); err != nil {
		in.Home = "/nonexistent"
	}
	outer := in.Env
	in.Env = func(name string) (string, bool) {
		switch name {
		case "LEV_PROFILE", "LEV_BASE_URL", "LEV_API_KEY", "LEV_ACTIVE_ACCOUNT":
			return "", false
		}
		if outer == nil {
			return "", false
		}
		return outer(name)
	}
	in.NewProfile = true
	in.Flags["profile"] = demoProfile
	return in
}

// demoNow is the clock of the sample data.
func demoNow(a *App) (func() time.Time, error) {
	if a.Input.Env == nil {
		return a.Now, nil
	}
	text, _ := a.Input.Env(demoClock)
	if text == "" {
		return a.Now, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return nil, usagef("%s is not a moment such as 2026-11-20T15:04:00Z: %q", demoClock, text)
	}
	return func() time.Time { return at }, nil
}

// sampleIDs gives request ids that are the same in every run, so that pictures
// of the sample data are.
func sampleIDs() func() string {
	var n atomic.Uint64
	return func() string { return uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, n.Add(1))).String() }
}

// serveDemo serves the sample data and gives its base URL.
func serveDemo(ctx context.Context, o demoOptions, now func() time.Time) (string, error) {
	faults, err := sandbox.ParseFaults(o.Faults)
	if err != nil {
		return "", usagef("--demo-faults: %w", err)
	}
	service, err := sandbox.New(sandbox.Options{
		Contacts: o.Contacts, Latency: o.Latency, Tier: o.Tier, Faults: faults, Now: now, KeepRequests: 1,
		NewID: sampleIDs(), TextFields: model.TextFieldNames(), Notes: true,
	})
	if err != nil {
		return "", usageError{err}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("sample data: listen on this machine: %w", err)
	}
	server := &http.Server{Handler: service, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	go func() { _ = server.Serve(listener) }() // ends with Close; nothing to report to
	return "http://" + listener.Addr().String() + sandbox.BasePath, nil
}
