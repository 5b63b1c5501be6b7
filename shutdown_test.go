//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/internal/term"
)

// The longest that an end may take, and a second signal after the first.
const (
	endsWithin       = 3 * time.Second
	secondEndsWithin = time.Second
)

// ends are all ways to end the program from outside.
func ends() []string {
	return []string{"ctrl+c", "INT", "TERM", "HUP", "QUIT", "ABRT", "TERM twice"}
}

func signalOf(name string) syscall.Signal {
	return map[string]syscall.Signal{
		"INT": syscall.SIGINT, "TERM": syscall.SIGTERM, "HUP": syscall.SIGHUP, "QUIT": syscall.SIGQUIT, "ABRT": syscall.SIGABRT,
	}[name]
}

// exitCodeAfter is 2 after the signals that ask for a trace.
func exitCodeAfter(end string) int {
	if end == "QUIT" || end == "ABRT" {
		return 2
	}
	return 130
}

// screenState is something that the screen can be at.
type screenState struct {
	name string
	env  []string
	args []string
	wait string // what is on the screen before
	get  func(*term.Terminal) error
	// asks reports whether ctrl+c is answered with a question, or with no end at all.
	asks bool
	// busy reports whether the screen may need long for what it was given, stuck that
	// it never comes back, frozen that the terminal reads nothing.
	busy, stuck, frozen bool
}

func screenStates() []screenState {
	press := func(wait string, keys ...string) func(*term.Terminal) error {
		return func(tt *term.Terminal) error {
			if err := tt.Press(keys...); err != nil || wait == "" {
				return err
			}
			return tt.WaitFor(wait)
		}
	}
	contacts := "of 30"
	return []screenState{
		{name: "list", wait: contacts},
		{name: "help", wait: contacts, get: press("Help", "?")},
		{name: "menu", wait: contacts, get: press("Filter", "f")},
		{name: "search", wait: contacts, get: press("enter keep", "/")},
		{name: "form", wait: contacts, get: press("First name", "e")},
		{name: "form with a change", wait: contacts, asks: true, get: func(tt *term.Terminal) error {
			return errors.Join(tt.Press("e"), tt.WaitFor("First name"), tt.Press("tab"), tt.Send("Kept"), tt.WaitFor("Kept"))
		}},
		{name: "first start", env: []string{"LEV_API_KEY="}, wait: "Look around with sample data"},
		{name: "huge paste in the search", wait: contacts, busy: true, get: func(tt *term.Terminal) error {
			return errors.Join(tt.Press("/"), tt.WaitFor("enter keep"), tt.Paste(strings.Repeat("a paste ", 12_000)))
		}},
		{name: "paste without an end", wait: contacts, get: func(tt *term.Terminal) error {
			return errors.Join(tt.Press("/"), tt.WaitFor("enter keep"), tt.Send("\x1b[200~abc"), tt.WaitFor("abc"))
		}},
		{name: "stuck in Update", env: []string{panicVar + "=stuck update"}, wait: contacts, get: press("", "x"), stuck: true},
		{name: "stuck in View", env: []string{panicVar + "=stuck view"}, wait: contacts, get: press("", "x"), stuck: true},
		{name: "a terminal that does not read", wait: contacts, stuck: true, frozen: true, get: func(tt *term.Terminal) error {
			tt.Freeze()
			return tt.Press(strings.Split(strings.Repeat("j?", 60), "")...)
		}},
	}
}

// From every state, every way to end the program ends it, and the terminal is
// as it was found.
func TestEndsWithinThreeSeconds(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	type cell struct {
		name string
		run  func(ctx context.Context, home string) error
	}
	var cells []cell
	for _, state := range screenStates() {
		for _, end := range ends() {
			if end == "ctrl+c" && state.asks {
				continue
			}
			cells = append(cells, cell{state.name + ", " + end, func(ctx context.Context, home string) error { return s.endScreen(ctx, home, state, end) }})
		}
	}
	for _, state := range commandStates() {
		for _, end := range ends()[1:] {
			cells = append(cells, cell{state.name + ", " + end, func(ctx context.Context, home string) error { return s.endCommand(ctx, home, state, end) }})
		}
	}
	var wait sync.WaitGroup
	var mu sync.Mutex
	var again []cell
	room := make(chan struct{}, 16) // most of them wait
	for _, c := range cells {
		home := t.TempDir()
		wait.Go(func() {
			room <- struct{}{}
			defer func() { <-room }()
			if err := c.run(t.Context(), home); err != nil {
				mu.Lock()
				defer mu.Unlock()
				again = append(again, c)
				t.Logf("%s: %v", c.name, err)
			}
		})
	}
	wait.Wait()
	// Sixteen programs share what processors there are: what took too long among
	// them must be in time alone, twice.
	failed := 0
	for _, c := range again {
		if err := errors.Join(c.run(t.Context(), t.TempDir()), c.run(t.Context(), t.TempDir())); err != nil {
			failed++
			t.Errorf("%s, alone: %v", c.name, err)
		}
	}
	t.Logf("%d cells of states and signals, %d played again alone, %d failed", len(cells), len(again), failed)
}

// at is the stage's environment with another home.
func (s *stage) at(home string, env ...string) []string {
	out := []string{"HOME=" + home, "XDG_CONFIG_HOME=" + home + "/config", "XDG_STATE_HOME=" + home + "/state", "XDG_CACHE_HOME=" + home + "/cache"}
	return append(append(append([]string{}, s.env...), out...), env...)
}

func (s *stage) endScreen(ctx context.Context, home string, state screenState, end string) error {
	path, err := exec.LookPath("levcontacts")
	if err != nil {
		return err
	}
	tt, err := term.Start(ctx, term.Options{Path: path, Args: state.args, Env: s.at(home, state.env...), Cols: 120,
		Rows: 40, Timeout: patience})
	if err != nil {
		return err
	}
	defer tt.Close()
	if err := tt.WaitFor(state.wait); err != nil {
		return err
	}
	if state.get != nil {
		if err := state.get(tt); err != nil {
			return err
		}
	}
	limit, code := endsWithin, exitCodeAfter(end)
	began := time.Now()
	switch end {
	case "ctrl+c":
		if err = tt.Press("ctrl+c"); !state.stuck {
			code = 0
		}
	case "TERM twice":
		err = tt.Signal(syscall.SIGTERM)
		time.AfterFunc(50*time.Millisecond, func() { _ = tt.Signal(syscall.SIGTERM) })
		limit = secondEndsWithin
	default:
		err = tt.Signal(signalOf(end))
	}
	if err != nil {
		return err
	}
	got, err := tt.Wait()
	took := time.Since(began)
	if err != nil {
		return err
	}
	modes := tt.Modes()
	if state.frozen { // what could not be written cannot be put back
		modes = term.Modes{Line: modes.Line}
	}
	switch {
	case took > limit:
		return fmt.Errorf("it took %s", took)
	case got != code && !(state.busy && got == 130):
		return fmt.Errorf("exit code %d, want %d", got, code)
	}
	return modes.Err()
}

// commandState is something that a command can wait for.
type commandState struct {
	name string
	env  []string
	args []string

	full bool // standard output is a pipe that no one reads
}

func commandStates() []commandState {
	return []commandState{
		{name: "import from standard input", args: []string{"import", "-"}},
		{name: "create from standard input", args: []string{"create", "--type", "lender", "--json", "-"}},
		{name: "update from standard input", args: []string{"update", "78", "--json", "-"}},
		{name: "import from a FIFO", args: []string{"import", "FIFO"}},
		{name: "configuration in a FIFO", args: []string{"list", "--config", "FIFO"}},
		{name: "log into a FIFO", args: []string{"list", "--log-file", "FIFO"}},
		{name: "output that nobody reads", args: []string{"list", "--all", "--json"}, full: true},
		{name: "locked keyring", args: []string{"list"}, env: []string{"LEV_API_KEY=", keyringVar + "=locked"}},
	}
}

func (s *stage) endCommand(ctx context.Context, home string, state commandState, end string) error {
	path, err := exec.LookPath("levcontacts")
	if err != nil {
		return err
	}
	fifo := filepath.Join(home, "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		return err
	}
	args := append([]string{}, state.args...)
	for i := range args {
		args[i] = strings.Replace(args[i], "FIFO", fifo, 1)
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = append(s.at(home, state.env...), "PATH="+os.Getenv("PATH"))
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	defer in.Close()
	if state.full {
		r, w, err := os.Pipe()
		if err != nil {
			return err
		}
		defer r.Close()
		defer w.Close()
		_ = w.SetWriteDeadline(time.Now().Add(10 * time.Millisecond))
		_, _ = w.Write(make([]byte, 1<<20)) // full
		cmd.Stdout = w
	} else {
		cmd.Stdout = io.Discard
	}
	said := &strings.Builder{}
	cmd.Stderr = said
	if err := cmd.Start(); err != nil {
		return err
	}
	<-time.After(1500 * time.Millisecond) // nothing reports that it waits; a busy machine starts slowly
	limit, signal := endsWithin, signalOf(end)
	began := time.Now()
	if end == "TERM twice" {
		limit, signal = secondEndsWithin, syscall.SIGTERM
		time.AfterFunc(50*time.Millisecond, func() { _ = cmd.Process.Signal(syscall.SIGTERM) })
	}
	if err := cmd.Process.Signal(signal); err != nil {
		return fmt.Errorf("it did not wait: %w; it said %s", err, said)
	}
	_ = cmd.Wait()
	if took := time.Since(began); took > limit {
		return fmt.Errorf("it took %s", took)
	}
	if code, want := cmd.ProcessState.ExitCode(), exitCodeAfter(end); code != want {
		return fmt.Errorf("exit code %d, want %d; it said %s", code, want, said)
	}
	return nil
}
