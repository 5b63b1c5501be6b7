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
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/term"

	"levcontacts/cli"
	"levcontacts/config"
	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/list"
)

// release is the version of this source.
const release = "0.1.0"

func main() { os.Exit(run(os.Args[1:], program{})) }

// How long the program goes on after a signal, to write down what it knows and
// to say how it ended; the screen has the terminal to put back as well.
const (
	lastMoment = 2 * time.Second
	lastScreen = 2 * graceful
	// sameWish is how long further signals say what the first one said: closing
	// a window sends several.
	sameWish = 300 * time.Millisecond
)

// run is the whole program; it returns the exit code. This is the one place
// that ends it: a signal ends the context, and where something does not heed
// that, such as a pipe that nobody reads or fills, the program goes without it.
func run(args []string, p program) int {
	ctx, release := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer release()
	app := p.app()
	var screen atomic.Bool
	browse := app.Browse
	app.Browse = func(ctx context.Context, s *cli.Start) (cli.Next, error) {
		screen.Store(true)
		defer screen.Store(false)
		return browse(ctx, s)
	}
	ended := make(chan int, 1)
	go func() { ended <- app.Run(ctx, args) }()
	select {
	case code := <-ended:
		return code
	case <-ctx.Done():
	}
	limit := lastScreen
	if !screen.Load() {
		time.AfterFunc(sameWish, release) // from then on a signal ends the program at once
		limit = lastMoment
	}
	select {
	case code := <-ended:
		return code
	case <-time.After(limit):
	}
	said := make(chan struct{})
	go func() {
		fmt.Fprintln(os.Stderr, "levcontacts: interrupted")
		close(said)
	}()
	select {
	case <-said:
	case <-time.After(lastMoment / 10): // nobody reads that either
	}
	return cli.Interrupted
}

// app is the command line with this process's surroundings.
func (p program) app() *cli.App {
	width, _, err := term.GetSize(int(os.Stdout.Fd()))
	if err != nil {
		width = 0
	}
	keyring := p.keyring
	if keyring == nil {
		keyring = config.SystemKeyring()
	}
	return &cli.App{
		Version: release, Build: buildInfo(),
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		InTTY: term.IsTerminal(int(os.Stdin.Fd())), OutTTY: term.IsTerminal(int(os.Stdout.Fd())), ErrTTY: term.IsTerminal(int(os.Stderr.Fd())),
		Width: width, Input: input(), Keyring: keyring, Now: time.Now,
		OpenLog: logTries, Connect: p.connect, Browse: p.browse, ReadSecret: readSecret, Edit: edit,
	}
}

// input is what a configuration is made from: the process's environment and
// what this program lets a file name. The key is taken out of the environment,
// so that no editor, opener or password program inherits it.
func input() config.Input {
	in := config.ProcessInput()
	_ = os.Unsetenv(string(config.SourceEnv)) // fails for no name of a variable
	for _, a := range keymap.Table() {
		action := config.Action{Name: string(a.Name), Keys: a.Keys}
		for _, s := range a.Scopes {
			action.Scopes = append(action.Scopes, string(s))
			action.Typing = action.Typing || typed(s)
		}
		in.Actions = append(in.Actions, action)
	}
	in.Columns = list.AllColumns()
	return in
}

// typed says that text is typed where a scope is heard, so that a plain
// character cannot be a key there.
func typed(s keymap.Scope) bool {
	switch s {
	case keymap.Field, keymap.Form, keymap.SearchBar, keymap.Prompt:
		return true
	}
	return false
}

// buildInfo is what this very file was built from.
func buildInfo() string {
	parts := []string{}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision":
				parts = append(parts, s.Value[:min(len(s.Value), 12)])
			case s.Key == "vcs.modified" && s.Value == "true":
				parts = append(parts, "modified")
			}
		}
	}
	parts = append(parts, runtime.Version()+" "+runtime.GOOS+"/"+runtime.GOARCH)
	return " (" + strings.Join(parts, ", ") + ")"
}

// readSecret reads a line from the terminal without showing it. The terminal
// is silent before it asks: somebody may type or paste at once.
func readSecret(ctx context.Context, prompt string) (string, error) {
	fd := int(os.Stdin.Fd())
	was, err := term.MakeRaw(fd)
	if err != nil {
		return "", err
	}
	defer func() { _ = term.Restore(fd, was) }()
	type answer struct {
		line string
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		line, err := term.NewTerminal(struct {
			io.Reader
			io.Writer
		}{os.Stdin, os.Stderr}, "").ReadPassword(prompt)
		answers <- answer{line, err}
	}()
	select {
	case a := <-answers:
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

// edit opens a file in the person's editor, as $VISUAL or $EDITOR name it,
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
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("editor %s: %w", argv[0], err)
	}
	return nil
}
