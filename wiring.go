package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/api"
	"github.com/levcontacts/levcontacts/api/budget"
	"github.com/levcontacts/levcontacts/cli"
	"github.com/levcontacts/levcontacts/config"
	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/internal/redact"
	"github.com/levcontacts/levcontacts/service"
	"github.com/levcontacts/levcontacts/store"
	"github.com/levcontacts/levcontacts/ui"
)

var (
	_ ui.Backend  = (*service.Service)(nil)
	_ cli.Session = (*service.Service)(nil)
)

// program is the wiring. The zero value is the real one; tests replace parts.
type program struct {
	keyring config.Keyring // nil is the system's
	// wrap changes the screen before it runs.
	wrap     func(tea.Model) tea.Model
	shutdown *shutdown
}

// wiring is one profile's service with what hangs on it.
type wiring struct {
	start    *cli.Start
	key      *keySource
	redactor *redact.Redactor
	log      *requestLog
	service  *service.Service

	mu       sync.Mutex
	problems []string
	send     func(tea.Msg) // to the screen, nil before there is one
}

// wire joins the parts of a run. Nothing is opened and nothing is sent.
func wire(ctx context.Context, s *cli.Start) (*wiring, error) {
	w := &wiring{start: s, redactor: redact.New()}
	w.key = newKeySource(ctx, s, w.redactor)
	var err error
	if w.log, err = openLog(s.Config.LogFile.Value, w.redactor); err != nil {
		return nil, err
	}
	w.service, err = service.New(w.options())
	if err != nil {
		return nil, errors.Join(err, w.log.close())
	}
	return w, nil
}

func (w *wiring) options() service.Options {
	s, cfg := w.start, w.start.Config
	o := service.Options{
		API:     w.apiOptions(),
		Budget:  budget.Options{Limits: limitsOf(cfg)},
		Profile: cfg.Profile.Value, Profiles: cfg.Profiles, Version: release, Demo: s.Demo,
		Redact: w.redactor.Redact, Now: s.Now, OnProblem: w.problem,
	}
	if cfg.ReadOnly.Value {
		o.ReadOnly = readOnlyBecause(cfg)
	}
	if s.Demo {
		return o
	}
	o.Budget.Path = filepath.Join(cfg.Paths.StateDir(cfg.Profile.Value), "budget")
	o.Keys = &keys{w}
	o.Views = views{cfg}
	o.OpenState = w.openState
	if cfg.Cache.Value {
		o.OpenCache = w.openCache
	}
	return o
}

// apiOptions is how this profile's service is reached, with a line in the log
// for every request.
func (w *wiring) apiOptions() api.Options {
	o := w.start.APIOptions(w.key.token)
	o.OnExchange = w.log.exchange
	return o
}

func limitsOf(cfg *config.Config) budget.Limits {
	limit := cfg.RateLimit.Value
	if limit == (config.RateLimit{}) {
		return budget.Limits{}
	}
	return budget.Limits{Account: limit.Account, Endpoint: limit.Endpoint, Source: budget.SourceConfig}
}

func readOnlyBecause(cfg *config.Config) string {
	if cfg.ReadOnly.Origin.Kind == config.OriginFlag {
		return "this program was started with --read-only"
	}
	return fmt.Sprintf("profile %s is read-only (%s)", cfg.Profile.Value, cfg.ReadOnly.Origin)
}

// openState opens drafts, journal and facts. They belong to the address and
// the active account; which account a key stands for is the service's to find
// out.
func (w *wiring) openState(ctx context.Context) (*store.State, error) {
	cfg := w.start.Config
	dir := cfg.Paths.StateDir(cfg.Profile.Value)
	if err := config.MakePrivateDir(cfg.Paths.State); err != nil {
		return nil, err
	}
	id := store.Identity{BaseURL: cfg.BaseURL.Value, Account: cfg.ActiveAccount.Value}
	return store.OpenState(ctx, dir, id, w.start.Now, newID)
}

// openCache opens the cache. Its rows belong to the key: another
// key may be another account's, and would show its rows before the service can
// say so.
func (w *wiring) openCache(ctx context.Context) (*store.Cache, error) {
	cfg := w.start.Config
	if err := config.MakePrivateDir(cfg.Paths.Cache); err != nil {
		return nil, err
	}
	key, err := w.key.wait(ctx)
	if err != nil {
		if w.onScreen() {
			<-ctx.Done() // the screen gives way without a key: no word about the cache
		}
		return nil, err
	}
	id := store.Identity{BaseURL: cfg.BaseURL.Value, Account: cfg.ActiveAccount.Value + " " + fingerprint(key)}
	return store.OpenCache(ctx, cfg.Paths.CacheDir(cfg.Profile.Value), id, w.start.Now)
}

// problem shows a storage problem on the screen and prints it again at the end.
func (w *wiring) problem(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.log.problem(text)
	text = w.redactor.Redact(text)
	w.problems = append(w.problems, text)
	if w.send != nil {
		go w.send(ui.Notice(text)) // beside: the screen may be waiting for what calls this
	}
}

func (w *wiring) onScreen() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.send != nil
}

// screenRuns lets problems be seen on the screen too.
func (w *wiring) screenRuns(send func(tea.Msg)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.send = send
}

// printProblems describes on standard error what went wrong with the files.
func (w *wiring) printProblems() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, text := range w.problems {
		fmt.Fprintln(os.Stderr, "levcontacts: "+plain.Clean(text))
	}
	w.problems = nil
}

func (w *wiring) close() error {
	err := w.service.Close()
	if e := w.log.close(); err == nil {
		err = e
	}
	return err
}
