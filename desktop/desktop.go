// Package desktop is the person's machine outside the terminal: its clipboard
// and the programs that open web and mail addresses.
package desktop

import (
	"errors"
	"fmt"
	"net/url"
	"os/exec"
	"runtime"
	"time"

	"github.com/atotto/clipboard"
)

// The reasons for which the machine cannot be used.
var (
	ErrRemote  = errors.New("this is a remote session; the machine's own clipboard and programs are elsewhere")
	ErrAddress = errors.New("only http, https and mailto addresses are opened")
	ErrOpener  = errors.New("there is no program here that opens addresses")
	ErrSlow    = errors.New("the machine's clipboard does not answer")
)

// patience is how long another program may take. One that opens an address
// may well run on as the browser itself; one that takes a copy must end.
const patience = 2 * time.Second

// Desktop does what it is asked on this machine. Make one with New.
type Desktop struct {
	env     func(name string) (string, bool)
	system  string
	find    func(program string) (string, error)
	run     func(argv []string) error
	copying func(text string) error
}

// New is the machine of the running process; env looks up its environment as
// os.LookupEnv does.
func New(env func(name string) (string, bool)) Desktop {
	return Desktop{env: env, system: runtime.GOOS, find: exec.LookPath, run: launch, copying: clipboard.WriteAll}
}

// Copy puts text on the machine's clipboard. The error says why that cannot
// be done, as over SSH, where the clipboard would be that of the far machine.
func (d Desktop) Copy(text string) error {
	if d.remote() {
		return ErrRemote
	}
	return within(patience, func() error { return d.copying(text) })
}

// Open opens a web or mail address in the machine's own program, without a
// shell. Anything but http, https and mailto is refused.
func (d Desktop) Open(target string) error {
	u, err := url.Parse(target)
	if err != nil {
		return ErrAddress
	}
	switch {
	case u.Scheme == "http" && u.Host != "", u.Scheme == "https" && u.Host != "", u.Scheme == "mailto" && u.Opaque != "":
	default:
		return ErrAddress
	}
	if d.remote() {
		return ErrRemote
	}
	argv, err := d.opener()
	if err != nil {
		return err
	}
	return d.run(append(argv, u.String()))
}

// remote says that the screen is not this machine's.
func (d Desktop) remote() bool {
	for _, name := range []string{"SSH_CONNECTION", "SSH_TTY", "MOSH_CONNECTION"} {
		if value, _ := d.env(name); value != "" {
			return true
		}
	}
	return false
}

// opener is the program of the system that opens an address.
func (d Desktop) opener() ([]string, error) {
	candidates := [][]string{{"xdg-open"}, {"wslview"}}
	switch d.system {
	case "darwin":
		candidates = [][]string{{"open"}}
	case "windows":
		candidates = [][]string{{"rundll32", "url.dll,FileProtocolHandler"}}
	}
	for _, argv := range candidates {
		if path, err := d.find(argv[0]); err == nil {
			return append([]string{path}, argv[1:]...), nil
		}
	}
	return nil, fmt.Errorf("%w (%s)", ErrOpener, candidates[0][0])
}

// launch starts a program apart from this one's terminal and waits long enough
// to hear that it failed. What it says goes to the null device, so that it
// cannot draw over the screen.
func launch(argv []string) error {
	cmd := exec.Command(argv[0], argv[1:]...)
	apart(cmd)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", argv[0], err)
	}
	err := within(patience, cmd.Wait)
	if errors.Is(err, ErrSlow) {
		return nil // it runs on, as a browser does
	}
	if err != nil {
		return fmt.Errorf("%s could not open it: %w", argv[0], err)
	}
	return nil
}

// within bounds a call that knows no context; a slow one is left to itself.
func within(limit time.Duration, call func() error) error {
	done := make(chan error, 1)
	go func() { done <- call() }()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case err := <-done:
		return err
	case <-timer.C:
		return ErrSlow
	}
}
