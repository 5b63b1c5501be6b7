// Package desktop is the user's machine outside the terminal: its clipboard
// and the programs that open web and mail addresses.
package desktop

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/atotto/clipboard"
)

// The reasons for which the machine cannot be used.
var (
	ErrRemote  = errors.New("this is a remote session; the machine's own clipboard and programs are elsewhere")
	ErrAddress = errors.New("only http, https, mailto and tel addresses are opened")
	ErrOpener  = errors.New("no program here opens addresses")
	ErrCopier  = errors.New("no program here reaches the machine's clipboard")
	errSlow    = errors.New("it does not answer")
)

// patience is how long another program may take. One that opens an address
// may well run on as the browser itself; one that takes a copy must end.
const patience = 2 * time.Second

// Desktop does what it is asked on this machine. Make one with New.
type Desktop struct {
	env    func(name string) (string, bool)
	system string
	find   func(program string) (string, error)
	run    func(argv []string, input string) error
	// copying and pasting are how the system does that without a program; nil is
	// with one.
	copying func(text string) error
	pasting func() (string, error)
	output  func(argv []string) (string, error)
}

// New is the machine of the running process; env looks up its environment as
// os.LookupEnv does.
func New(env func(name string) (string, bool)) Desktop {
	d := Desktop{env: env, system: runtime.GOOS, find: exec.LookPath, run: launch}
	if d.system == "windows" {
		d.copying, d.pasting = clipboard.WriteAll, clipboard.ReadAll
	}
	d.output = func(argv []string) (string, error) {
		ctx, stop := context.WithTimeout(context.Background(), patience)
		defer stop()
		return d.Run(ctx, argv, nil)
	}
	return d
}

// Environment is what a program that is started gets of an environment: all but
// the key.
func Environment(env []string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(s string) bool { return strings.HasPrefix(s, "LEV_API_KEY=") })
}

// Copy puts text on the machine's clipboard. The error says why that cannot
// be done, as over SSH, where the clipboard would be that of the far machine.
func (d Desktop) Copy(text string) error {
	if d.remote() {
		return ErrRemote
	}
	if d.copying != nil {
		return withLimit(patience, func() error { return d.copying(text) })
	}
	argv, err := d.first(d.copiers(), ErrCopier)
	if err != nil {
		return err
	}
	return d.run(argv, text)
}

// copiers are the programs that put their input on the clipboard, best first.
func (d Desktop) copiers() [][]string {
	if d.system == "darwin" {
		return [][]string{{"pbcopy"}}
	}
	all := [][]string{{"xclip", "-in", "-selection", "clipboard"}, {"xsel", "--input", "--clipboard"}, {"termux-clipboard-set"}, {"clip.exe"}}
	if display, _ := d.env("WAYLAND_DISPLAY"); display != "" {
		return append([][]string{{"wl-copy"}}, all...)
	}
	return all
}

// Paste is the text on the machine's clipboard. The error says why that cannot be
// read, as over SSH, where the clipboard would be that of the far machine.
func (d Desktop) Paste() (string, error) {
	if d.remote() {
		return "", ErrRemote
	}
	if d.pasting != nil {
		got := make(chan string, 1)
		if err := withLimit(patience, func() error {
			text, err := d.pasting()
			got <- text
			return err
		}); err != nil {
			return "", err
		}
		return <-got, nil
	}
	argv, err := d.first(d.pasters(), ErrCopier)
	if err != nil {
		return "", err
	}
	return d.output(argv)
}

// pasters are the programs that write the clipboard to their output, best first.
func (d Desktop) pasters() [][]string {
	if d.system == "darwin" {
		return [][]string{{"pbpaste"}}
	}
	all := [][]string{{"xclip", "-out", "-selection", "clipboard"}, {"xsel", "--output", "--clipboard"},
		{"termux-clipboard-get"}}
	if display, _ := d.env("WAYLAND_DISPLAY"); display != "" {
		return append([][]string{{"wl-paste", "--no-newline"}}, all...)
	}
	return all
}

// Open opens a web or mail address, or a phone number, in the machine's own
// program, without a shell. Anything but http, https, mailto and tel is refused. Errors show the
// address, so that it can be opened elsewhere.
func (d Desktop) Open(target string) error {
	address, err := safeAddress(target)
	if err != nil {
		return err
	}
	argv, err := d.opener(address)
	if err != nil {
		return fmt.Errorf("%w: %s", err, address)
	}
	if err := d.run(argv, ""); err != nil {
		return fmt.Errorf("%w: %s", err, address)
	}
	return nil
}

// safeAddress is an address in which nothing means something to a shell: the
// programs that open addresses are often scripts.
func safeAddress(target string) (string, error) {
	if mailbox, ok := strings.CutPrefix(target, "mailto:"); ok {
		if many, ok := strings.CutPrefix(mailbox, "?bcc="); ok {
			return safeMailboxes("mailto:?bcc=", strings.Split(many, ","))
		}
		return safeMailboxes("mailto:", []string{mailbox})
	}
	if number, ok := strings.CutPrefix(target, "tel:+"); ok {
		number, extension, _ := strings.Cut(number, ";ext=")
		if number == "" || strings.Trim(number+extension, "0123456789") != "" {
			return "", ErrAddress
		}
		return target, nil
	}
	u, err := url.Parse(target)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return "", ErrAddress
	}
	return escaped(u.String(), func(c byte) bool { return isWord(c) || strings.IndexByte("-._~:/?#[]@!*+,;=%&", c) >= 0 }), nil
}

// safeMailboxes is the address of a mail to some mailboxes.
func safeMailboxes(begin string, mailboxes []string) (string, error) {
	var safe []string
	for _, mailbox := range mailboxes {
		if a, err := mail.ParseAddress(mailbox); err != nil || a.Address != mailbox {
			return "", ErrAddress
		}
		safe = append(safe, escaped(mailbox, func(c byte) bool { return isWord(c) || strings.IndexByte("@.-_+", c) >= 0 }))
	}
	return begin + strings.Join(safe, ","), nil
}

func isWord(c byte) bool { return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' }

// escaped spells all but the safe bytes with percent signs.
func escaped(s string, safe func(byte) bool) string {
	var b strings.Builder
	for i := range len(s) {
		if safe(s[i]) {
			b.WriteByte(s[i])
		} else {
			fmt.Fprintf(&b, "%%%02X", s[i])
		}
	}
	return b.String()
}

// remote reports whether the screen is not this machine's.
func (d Desktop) remote() bool {
	for _, name := range []string{"SSH_CONNECTION", "SSH_TTY", "MOSH_CONNECTION"} {
		if value, _ := d.env(name); value != "" {
			return true
		}
	}
	return false
}

// opener is the command that opens an address: for the web what $BROWSER names,
// which works over SSH as well, else the system's.
func (d Desktop) opener(address string) ([]string, error) {
	if browsers, _ := d.env("BROWSER"); browsers != "" && strings.HasPrefix(address, "http") {
		for name := range strings.SplitSeq(browsers, ":") {
			words := strings.Fields(name)
			if len(words) == 0 {
				continue
			}
			if path, err := d.find(words[0]); err == nil {
				return withAddress(path, words[1:], address), nil
			}
		}
	}
	if d.remote() {
		return nil, ErrRemote
	}
	candidates := [][]string{{"xdg-open"}, {"wslview"}}
	switch d.system {
	case "darwin":
		candidates = [][]string{{"open"}}
	case "windows":
		candidates = [][]string{{"rundll32", "url.dll,FileProtocolHandler"}}
	}
	argv, err := d.first(candidates, ErrOpener)
	return append(argv, address), err
}

// withAddress is a command of $BROWSER: %s stands for the address, which else
// comes last.
func withAddress(path string, args []string, address string) []string {
	argv, placed := []string{path}, false
	for _, arg := range args {
		placed = placed || strings.Contains(arg, "%s")
		argv = append(argv, strings.ReplaceAll(arg, "%s", address))
	}
	if !placed {
		argv = append(argv, address)
	}
	return argv
}

// first is the first of some commands that is there.
func (d Desktop) first(candidates [][]string, none error) ([]string, error) {
	for _, argv := range candidates {
		if path, err := d.find(argv[0]); err == nil {
			return append([]string{path}, argv[1:]...), nil
		}
	}
	return nil, fmt.Errorf("%w (%s)", none, candidates[0][0])
}

// launch starts a program apart from this one's terminal and waits long enough
// to hear that it failed. What it says goes to the null device, so that it
// cannot draw over the screen.
func launch(argv []string, input string) error {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Env = append(Environment(os.Environ()), "TERM=dumb") // a browser for terminals has none here
	if input != "" {
		cmd.Stdin = strings.NewReader(input)
	}
	apart(cmd)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", argv[0], err)
	}
	err := withLimit(patience, cmd.Wait)
	if errors.Is(err, errSlow) {
		return nil // it runs on, as a browser does
	}
	if err != nil {
		return fmt.Errorf("%s failed: %w", argv[0], err)
	}
	return nil
}

// withLimit bounds a call that knows no context; a slow one is left to itself.
func withLimit(limit time.Duration, call func() error) error {
	done := make(chan error, 1)
	go func() { done <- call() }()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case err := <-done:
		return err
	case <-timer.C:
		return errSlow
	}
}
