package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/levcontacts/levcontacts/cli"
	"github.com/levcontacts/levcontacts/config"
	"github.com/levcontacts/levcontacts/internal/console"
	"github.com/levcontacts/levcontacts/internal/redact"
	"github.com/levcontacts/levcontacts/ui"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/work"
)

const (
	// drawFirst is the time of three frames: a busy machine may miss one.
	drawFirst = 3 * time.Second / fps
	// draftWriteLimit is how long the last draft may take to be written.
	draftWriteLimit = time.Second
)

func newID() string { return uuid.NewString() }

// connect opens the service for a command.
func (p program) connect(ctx context.Context, s *cli.Start) (cli.Session, error) {
	w, err := wire(ctx, s)
	if err != nil {
		return nil, err
	}
	return session{w.service, w}, nil
}

// session closes the service with its files and prints the storage problems.
type session struct {
	cli.Session
	w *wiring
}

func (s session) Close() error {
	err := s.w.close()
	s.w.printProblems()
	return err
}

// browse shows one profile until the user quits; without a key it shows the
// first-run screen before. The terminal is as it was found when browse returns,
// whatever happened.
func (p program) browse(ctx context.Context, s *cli.Start) (next cli.Next, err error) {
	tuneMemory()
	w, err := wire(ctx, s)
	if err != nil {
		return next, err
	}
	if missing, err := w.keyMissing(ctx); err == nil && !missing {
		next, err = p.contacts(ctx, w)
		if !errors.Is(err, config.ErrNoKey) {
			return next, err
		}
	} else if err = errors.Join(err, w.close()); err != nil {
		return next, err
	}
	s, next, err = p.firstRun(ctx, s)
	if s == nil || err != nil {
		return next, err
	}
	if w, err = wire(ctx, s); err != nil {
		return next, err
	}
	return p.contacts(ctx, w)
}

// contacts shows the contacts of one profile. When it turns out that there is
// no key for them, it ends with the error that says so.
func (p program) contacts(ctx context.Context, w *wiring) (next cli.Next, err error) {
	life, end := context.WithCancel(ctx)
	defer end()
	keyed, leave := context.WithCancelCause(ctx)
	defer leave(nil)
	go func() {
		if _, err := w.key.wait(keyed); err != nil {
			leave(err)
		}
	}()
	o, err := w.screenOptions(life)
	if err != nil {
		return next, errors.Join(err, w.close())
	}
	screen := ui.New(o)
	g := &guard{screen: screen, running: w.screenRuns}
	err = p.show(keyed, g, w.start.Config)
	w.screenRuns(nil)
	noKey := context.Cause(keyed)
	saved := w.keepDraft(g)
	end()
	if e := w.close(); err == nil && e != nil {
		err = fmt.Errorf("close the files: %w", e)
	}
	if noKey == nil { // else what is wrong with the files is that as well
		w.printProblems()
	}
	switch {
	case g.crash() != nil:
		return next, crashError(w.start, w.redactor, g.crash(), saved)
	case ctx.Err() != nil:
		return next, ctx.Err()
	case noKey != nil:
		return next, noKey
	}
	return cli.Next{Profile: screen.NextProfile()}, err
}

// screenOptions are those of the screen. The error is a view that is not there.
func (w *wiring) screenOptions(ctx context.Context) (ui.Options, error) {
	s, cfg := w.start, w.start.Config
	view, err := w.firstView(ctx)
	account := work.Account{Profile: cfg.Profile.Value, Demo: s.Demo, BaseURL: cfg.BaseURL.Value}
	if cfg.ReadOnly.Value {
		account.ReadOnly = readOnlyBecause(cfg)
	}
	return ui.Options{
		Backend: w.service, Desktop: w.machine(), Now: s.Now, Remap: cfg.KeysByAction, Theme: cfg.Theme.Value,
		Colors: cfg.Colors.Value,
		Still:  !cfg.Spinner.Value, Commands: commandsOf(cfg),
		Version: release, PageSize: cfg.PageSize.Value, Index: cfg.Index.Value != "off", RefreshEvery: cfg.RefreshEvery.Value, Account: account,
		View: view, Placed: s.Place.View != "" || s.Place.Search != "", Contact: s.Place.Contact,
		NewID: newID, DrawFirst: drawFirst, Context: ctx, CanSuspend: console.CanSuspend,
	}, err
}

// firstView is what the screen opens with: what the command line names.
func (w *wiring) firstView(ctx context.Context) (work.View, error) {
	place, columns := w.start.Place, w.start.Config.Columns.Value
	view := work.View{}
	if place.View != "" {
		all, err := w.service.Views(ctx)
		if err == nil {
			view, err = cli.FindView(all, place.View)
		}
		if err != nil {
			return view, err
		}
	}
	view.Search = strings.TrimSpace(view.Search + " " + place.Search)
	if len(view.Columns) == 0 {
		view.Columns = columns
	}
	return view, nil
}

// keepDraft writes what was being typed when the screen ended, and says
// whether there was something and it is safe now.
func (w *wiring) keepDraft(g *guard) bool {
	drafts := g.drafts()
	ctx, cancel := context.WithTimeout(context.Background(), draftWriteLimit)
	defer cancel()
	for _, d := range drafts {
		if err := w.service.KeepDraft(ctx, d); err != nil {
			w.problem("your edit could not be saved as a draft: " + err.Error())
			return false
		}
	}
	return len(drafts) > 0 && !w.start.Demo
}

// crashError is the report of a panic in plain words and puts the details where they can be
// looked up, without the key.
func crashError(s *cli.Start, r *redact.Redactor, c *crash, saved bool) error {
	details := r.Redact(c.what + "\n\n" + c.stack)
	lines := cli.Lines{"the program crashed: " + r.Redact(c.what)}
	if saved {
		lines = append(lines, "your edit is saved as a draft and opens at the next start")
	}
	whole := append(lines, strings.Split(details, "\n")...)
	if s.Demo {
		return whole
	}
	dir := s.Config.Paths.StateDir(s.Config.Profile.Value)
	path := filepath.Join(dir, "crash.txt")
	if config.MakePrivateDir(dir) != nil || os.WriteFile(path, []byte(details), 0o600) != nil {
		return whole
	}
	return append(lines, "the details for a report are in "+path)
}

// commandsOf are the user's own commands.
func commandsOf(cfg *config.Config) []ui.Command {
	var out []ui.Command
	for _, c := range cfg.Commands {
		command := ui.Command{Name: c.Name, Key: c.Key, Run: c.Run, Ask: c.Ask, Show: c.Show, Reads: c.Reads}
		for _, s := range c.Scopes {
			command.Scopes = append(command.Scopes, keymap.Scope(s))
		}
		out = append(out, command)
	}
	return out
}
