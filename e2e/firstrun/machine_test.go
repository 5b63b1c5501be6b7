//go:build unix

// Package firstrun tests how the real program is met for the first time, in a
// real terminal and against sandboxes over real HTTP: the first-run screen,
// where keys are kept and that they come out nowhere else, several profiles,
// and a configuration file full of mistakes.
package firstrun

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/levcontacts/levcontacts/e2e/rig"
	"github.com/levcontacts/levcontacts/internal/term"
)

func TestMain(m *testing.M) { rig.Main(m) }

// machine is one person's computer: a home folder that begins empty, and a
// keyring if the test gives it one.
type machine struct {
	t       *testing.T
	program string
	home    string
	aside   string // a folder that is not the person's, with a short name
	env     []string
	secrets secrets
}

// newMachine makes a computer without a keyring. The keys are those that the
// person has, good or not; they are looked for everywhere when the test ends.
func newMachine(t *testing.T, keys ...string) *machine {
	t.Helper()
	program, err := term.BuildOnce(t.Context(), "../..")
	must(t, err)
	aside, err := os.MkdirTemp("", "lev")
	must(t, err)
	t.Cleanup(func() { must(t, os.RemoveAll(aside)) })
	m := &machine{t: t, program: program, home: t.TempDir(), aside: aside, secrets: secrets{keys: keys}}
	m.env = []string{
		"HOME=" + m.home,
		"PATH=" + aside, // nothing of the machine that the test runs on is started
		"DBUS_SESSION_BUS_ADDRESS=unix:path=" + filepath.Join(aside, "nobody"),
		"HTTPS_PROXY=http://127.0.0.1:1", // whoever means the real service does not reach it
	}
	t.Cleanup(func() { m.secrets.check(t, m.home) })
	return m
}

// setEnv changes the environment of the programs started from now on.
func (m *machine) setEnv(name, value string) {
	m.env = slices.DeleteFunc(slices.Clone(m.env), func(e string) bool { return strings.HasPrefix(e, name+"=") })
	m.env = append(m.env, name+"="+value)
}

// file is a path below the home folder.
func (m *machine) file(parts ...string) string {
	return filepath.Join(append([]string{m.home}, parts...)...)
}

func (m *machine) keyFile(profile string) string {
	return m.file(".config", "levcontacts", "keys", profile)
}

func (m *machine) configFile() string { return m.file(".config", "levcontacts", "config.toml") }

func (m *machine) savedFile() string { return m.file(".config", "levcontacts", "saved.toml") }

func (m *machine) stateDir(profile string) string {
	return m.file(".local", "state", "levcontacts", profile)
}

func (m *machine) cacheDir(profile string) string { return m.file(".cache", "levcontacts", profile) }

const patience = rig.Patience

const logName = "requests.log"

// files are what is in the home folder but the log, which every run is told to
// write, sorted.
func (m *machine) files() (paths []string) {
	m.t.Helper()
	must(m.t, filepath.WalkDir(m.home, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && d.Name() != logName {
			paths = append(paths, strings.TrimPrefix(path, m.home+"/"))
		}
		return err
	}))
	return paths
}

// hasNoFile fails when something was kept at a path.
func (m *machine) hasNoFile(path string) {
	m.t.Helper()
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		m.t.Errorf("%s is there (%v)", path, err)
	}
}

// savedIs checks what the program has saved of its profiles, in any order and
// with any quotes.
func (m *machine) savedIs(want string) {
	m.t.Helper()
	raw, err := os.ReadFile(m.savedFile())
	must(m.t, err)
	lines := func(text string) []string {
		return slices.Sorted(strings.Lines(strings.ReplaceAll(text, "'", "\"")))
	}
	_, got, _ := strings.Cut(string(raw), "\n\n")
	if !slices.Equal(lines(got), lines(want)) {
		m.t.Errorf("saved.toml is\n%s\nwant\n%s", raw, want)
	}
}

// writeConfig writes the configuration file by hand.
func (m *machine) writeConfig(text string) {
	m.t.Helper()
	must(m.t, os.MkdirAll(filepath.Dir(m.configFile()), 0o700))
	must(m.t, os.WriteFile(m.configFile(), []byte(text), 0o600))
}

// args are the program's with the log that every run writes.
func (m *machine) args(args []string) []string {
	return append([]string{"--log-file", m.file(logName)}, args...)
}

// person is a running program and the person in front of it.
type person struct {
	*term.Terminal
	m *machine
	t *testing.T
	// pid names the file with the program's process id.
	pid string
}

// start runs the program in a terminal of 80x24 cells.
func (m *machine) start(args ...string) *person {
	m.t.Helper()
	pid, err := os.CreateTemp(m.aside, "pid")
	must(m.t, err)
	must(m.t, pid.Close())
	// A shell writes its process id and becomes the program. noflsh: with ctrl+c the
	// kernel may otherwise drop what the program writes right after it.
	shell := []string{"-c", `stty noflsh; echo $$ >"$0"; exec "$@"`, pid.Name(), m.program}
	terminal, err := term.Start(m.t.Context(), term.Options{
		Path: "/bin/sh", Args: append(shell, m.args(args)...), Env: m.env, Record: true, Timeout: patience,
	})
	must(m.t, err)
	p := &person{Terminal: terminal, m: m, t: m.t, pid: pid.Name()}
	m.t.Cleanup(func() {
		terminal.Close()
		m.secrets.printed("the terminal of "+strings.Join(args, " "), terminal.Raw(), []byte(terminal.Screen()))
	})
	return p
}

func (p *person) press(keys ...string) {
	p.t.Helper()
	must(p.t, p.Press(keys...))
}

func (p *person) paste(text string) {
	p.t.Helper()
	must(p.t, p.Paste(text))
}

func (p *person) wait(texts ...string) {
	p.t.Helper()
	must(p.t, p.WaitFor(texts...))
}

func (p *person) gone(texts ...string) {
	p.t.Helper()
	must(p.t, p.WaitGone(texts...))
}

// shows fails unless every text is on the screen as it is now.
func (p *person) shows(texts ...string) {
	p.t.Helper()
	screen := p.Screen()
	for _, text := range texts {
		if !strings.Contains(screen, text) {
			p.t.Errorf("%q is not on the screen:\n%s", text, screen)
		}
	}
}

// hides fails when one of the texts is on the screen.
func (p *person) hides(texts ...string) {
	p.t.Helper()
	screen := p.Screen()
	for _, text := range texts {
		if strings.Contains(screen, text) {
			p.t.Errorf("%q is on the screen:\n%s", text, screen)
		}
	}
}

// never fails when the program has ever drawn a text. It is for words that are
// drawn in one go.
func (p *person) never(text string) {
	p.t.Helper()
	if bytes.Contains(p.Raw(), []byte(text)) {
		p.t.Errorf("%q was drawn", text)
	}
}

// drewNo fails when the screen that is open now has ever shown one of the texts.
func (p *person) drewNo(texts ...string) {
	p.t.Helper()
	raw := p.Raw()
	opened := bytes.LastIndex(raw, []byte("\x1b[?1049h"))
	if opened < 0 {
		p.t.Fatal("no screen was opened")
	}
	shown := ansi.Strip(string(raw[opened:]))
	for _, text := range texts {
		if strings.Contains(shown, text) {
			p.t.Errorf("%q was on this screen", text)
		}
	}
}

// exits waits for the end and looks at what is left of the terminal.
func (p *person) exits(code int) {
	p.t.Helper()
	got, err := p.Wait()
	must(p.t, err)
	if got != code {
		p.t.Errorf("exit code %d, want %d; the screen is\n%s", got, code, p.Screen())
	}
	if err := p.Modes().Err(); err != nil {
		p.t.Error(err)
	}
}

// quit looks at the process as others of the machine see it, and leaves.
func (p *person) quit() {
	p.t.Helper()
	p.inspect()
	p.press("q")
	p.exits(0)
}

// inspect looks for keys in what ps shows of the program.
func (p *person) inspect() {
	p.t.Helper()
	pid, err := os.ReadFile(p.pid)
	must(p.t, err)
	p.m.secrets.inspect(p.t, strings.TrimSpace(string(pid)))
}

// result is what a command without a terminal has answered.
type result struct {
	out, err string
	code     int
}

// command runs the program without a terminal, with text for its input.
func (m *machine) command(input string, args ...string) result {
	m.t.Helper()
	r := m.revealing(input, args...)
	m.secrets.printed(strings.Join(args, " "), []byte(r.out), []byte(r.err))
	return r
}

// revealing is command for those that are asked to print the key.
func (m *machine) revealing(input string, args ...string) result {
	m.t.Helper()
	cmd := exec.CommandContext(m.t.Context(), m.program, m.args(args)...)
	var out, errs bytes.Buffer
	cmd.Env, cmd.Stdout, cmd.Stderr = m.env, &out, &errs
	in, err := cmd.StdinPipe()
	must(m.t, err)
	must(m.t, cmd.Start())
	m.secrets.inspectPID(m.t, cmd.Process.Pid)
	_, _ = io.WriteString(in, input) // a program that does not read has gone on without
	_ = in.Close()
	if err := cmd.Wait(); err != nil && cmd.ProcessState == nil {
		m.t.Fatal(err)
	}
	return result{out.String(), errs.String(), cmd.ProcessState.ExitCode()}
}

// is checks the exit code and texts of the output and of the errors.
func (r result) is(t *testing.T, code int, texts ...string) {
	t.Helper()
	if r.code != code {
		t.Errorf("exit code %d, want %d; it says\n%s%s", r.code, code, r.out, r.err)
	}
	for _, text := range texts {
		if !strings.Contains(r.out+r.err, text) {
			t.Errorf("it does not say %q but\n%s%s", text, r.out, r.err)
		}
	}
}

// deafBus is a message bus that takes calls and never answers, as a keyring
// does that waits for somebody to type its password.
func (m *machine) deafBus() {
	m.t.Helper()
	path := filepath.Join(m.aside, "deaf")
	listener, err := net.Listen("unix", path)
	must(m.t, err)
	m.t.Cleanup(func() { _ = listener.Close() })
	go func() {
		var held []net.Conn
		for {
			c, err := listener.Accept()
			if err != nil {
				break
			}
			held = append(held, c)
		}
		for _, c := range held {
			_ = c.Close()
		}
	}()
	m.setEnv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+path)
}

func must(t *testing.T, err error) {
	t.Helper()
	rig.Must(t, err)
}
