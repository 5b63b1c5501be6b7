// Command levcontacts shows the contacts of a Lev account in the terminal and
// gives scripts commands for them.
//
// This package is the only place that knows all the others: it reads the
// process's surroundings, joins configuration, keys, service and screen
// together, and puts the terminal back whatever happens.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/levcontacts/levcontacts/cli"
	"github.com/levcontacts/levcontacts/config"
	"github.com/levcontacts/levcontacts/desktop"
	"github.com/levcontacts/levcontacts/ui"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/list"
)

func main() { os.Exit(run(os.Args[1:], newProgram())) }

// run is the whole program; it returns the exit code.
func run(args []string, p program) int {
	return runUntilSignal(func(ctx context.Context, e *shutdown) int {
		p.shutdown = e
		return p.app().Run(ctx, args)
	})
}

// app is the command line with this process's surroundings.
func (p program) app() *cli.App {
	width, _, err := term.GetSize(int(os.Stdout.Fd()))
	if err != nil {
		width = 0
	}
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		width = n
	}
	keyring := p.keyring
	if keyring == nil {
		keyring = config.SystemKeyring()
	}
	build := buildInfo()
	return &cli.App{
		Version: versionOf(build), Build: describe(build),
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		InTTY: term.IsTerminal(int(os.Stdin.Fd())), OutTTY: term.IsTerminal(int(os.Stdout.Fd())), ErrTTY: term.IsTerminal(int(os.Stderr.Fd())),
		Dumb: os.Getenv("TERM") == "dumb", Width: width, Input: input(), Keyring: keyring, Now: time.Now,
		OpenLog: logTries, Connect: p.connect, Browse: p.browse, ReadSecret: readSecret, Edit: edit, Page: page,
	}
}

// input is what a configuration is made from: the process's environment and
// what this program lets a file name. The key is taken out of the environment,
// so that no editor, opener or password program inherits it.
func input() config.Input {
	in := config.ProcessInput()
	_ = os.Unsetenv(string(config.SourceEnv)) // fails for no name of a variable
	for _, a := range ui.Actions() {
		action := config.Action{Name: string(a.Name), Keys: a.Keys}
		for _, s := range a.Scopes {
			action.Scopes = append(action.Scopes, string(s))
			action.Typing = action.Typing || typed(s)
		}
		in.Actions = append(in.Actions, action)
	}
	in.Columns, in.Fields = list.AllColumns(), ui.CommandFields()
	return in
}

// typed reports whether text is typed where a scope is heard, so that a plain
// character cannot be a key there.
func typed(s keymap.Scope) bool {
	switch s {
	case keymap.Field, keymap.Form, keymap.SearchBar, keymap.Prompt:
		return true
	}
	return false
}

// readSecret reads a line from the terminal without showing it. The terminal
// is silent before it asks: someone may type or paste at once.
func readSecret(ctx context.Context, prompt string) (string, error) {
	fd := int(os.Stdin.Fd())
	was, err := term.MakeRaw(fd)
	if err != nil {
		return "", err
	}
	defer func() { _ = term.Restore(fd, was) }()
	type inputLine struct {
		line string
		err  error
	}
	lines := make(chan inputLine, 1)
	go func() {
		line, err := term.NewTerminal(struct {
			io.Reader
			io.Writer
		}{os.Stdin, os.Stderr}, "").ReadPassword(prompt)
		lines <- inputLine{line, err}
	}()
	select {
	case a := <-lines:
		if errors.Is(a.err, io.EOF) { // ctrl+c or ctrl+d
			fmt.Fprint(os.Stderr, "\r\n")
			a.err = context.Canceled
		}
		return a.line, a.err
	case <-ctx.Done():
		fmt.Fprint(os.Stderr, "\r\n")
		return "", ctx.Err()
	}
}

// edit opens a file in the user's editor, as $VISUAL or $EDITOR name it,
// and waits. The words of the variable are the program and its arguments;
// there is no shell.
func edit(ctx context.Context, path string) error {
	argv := strings.Fields(os.Getenv("VISUAL"))
	if len(argv) == 0 {
		argv = strings.Fields(os.Getenv("EDITOR"))
	}
	if len(argv) == 0 {
		argv = []string{"vi"}
		if runtime.GOOS == "windows" {
			argv = []string{"notepad"}
		}
	}
	cmd := exec.CommandContext(ctx, argv[0], append(argv[1:], path)...)
	cmd.Env = desktop.Environment(os.Environ())
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("editor %s: %w", argv[0], err)
	}
	return nil
}

// page starts a pager on the terminal. The words of the command are the program
// and its arguments; there is no shell. less ends by itself where all fits, and
// leaves what it showed.
func page(ctx context.Context, command string) (io.WriteCloser, error) {
	argv := strings.Fields(command)
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env = desktop.Environment(os.Environ())
	if _, set := os.LookupEnv("LESS"); !set {
		cmd.Env = append(cmd.Env, "LESS=FRX")
	}
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) } // puts the terminal back
	cmd.WaitDelay = time.Second
	in, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("pager %s: %w", argv[0], err)
	}
	return pagerProcess{in, cmd}, nil
}

// pagerProcess is a pager that runs.
type pagerProcess struct {
	io.WriteCloser
	cmd *exec.Cmd
}

func (p pagerProcess) Close() error { return errors.Join(p.WriteCloser.Close(), p.cmd.Wait()) }
