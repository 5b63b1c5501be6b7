//go:build unix

package term

import (
	"context"
	"errors"
	"fmt"
	"image/color"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/charmbracelet/x/vt"
	xterm "golang.org/x/term"
)

// ErrEnded is in the error of anything that needs a running program after the
// program has ended.
var ErrEnded = errors.New("the program has ended")

const (
	defaultCols    = 80
	defaultRows    = 24
	defaultTimeout = 30 * time.Second

	// stdinGrace is how long a Stdin that does not end may hold up the end of
	// the program that was reading it.
	stdinGrace = time.Second

	// orphanGrace is how long output is still read when the program has ended
	// but something it started keeps the terminal open.
	orphanGrace = 2 * time.Second
)

// Options say what to run and in what terminal.
type Options struct {
	Path string   // program to run, as for [exec.Command]
	Args []string // arguments without the program's name
	Dir  string   // working directory; empty is the caller's

	// Env is added to TERM=xterm-256color, COLORTERM=truecolor, LANG=C.UTF-8
	// and the caller's PATH; on a clash Env wins. Nothing else is inherited,
	// so that no setting of the user at the machine leaks into a test.
	Env []string

	Cols, Rows int  // size in cells; 0 is 80 and 24
	NoSize     bool // report 0x0 to the program, as some terminals do; what it draws is still shown on Cols x Rows

	Lag    time.Duration // how long keys and answers are on their way to the program
	Title  string        // of the window, before the program starts
	Stdin  io.Reader     // standard input instead of the terminal, e.g. a pipe; output still goes to the terminal
	Record bool          // keep every byte the program writes, see [Terminal.Raw]

	// Foreground and Background are the terminal's own colors, told to a
	// program that asks with OSC 10 and 11. nil is white on black.
	Foreground, Background color.Color

	Timeout time.Duration // the longest a single wait may last; 0 is 30 seconds
}

// Terminal is a running program and the terminal it runs in. All methods may be
// called from several goroutines.
type Terminal struct {
	timeout time.Duration
	cmd     *exec.Cmd
	master  *os.File
	input   *inputQueue
	lag     time.Duration
	started time.Time // just before the program was started

	frozen sync.Mutex // held while the terminal does not read
	thaw   func()     // ends that, once

	mu      sync.Mutex    // guards all below, and every use of emu but its reply pipe
	changed chan struct{} // closed and replaced whenever the screen or the program's state changed
	emu     *vt.Emulator
	line    lineSettings
	seen    signals
	watch   *watch // what a measurement waits for, or nil

	part    bool      // what was read last is a part of a longer write
	held    []byte    // last bytes read, which may be the first part of a character
	readAt  time.Time // when the bytes now being shown were read
	inFrame bool      // between the begin and the end of a synchronized frame
	frameAt time.Time // when the begin of that frame was read
	frames  int       // synchronized frames seen so far
	record  bool
	raw     []byte

	ended bool          // the program has ended and all its output is shown
	exit  int           // its exit code, once ended
	gone  chan struct{} // closed once ended and everything is released
}

// Start starts a program. When ctx is done the program is killed. The caller
// must call [Terminal.Close].
func Start(ctx context.Context, o Options) (*Terminal, error) {
	return start(ctx, o, nil)
}

// hearHangups makes sure that programs started from here can be hung up: where
// this process was started to outlive its terminal it ignores SIGHUP, and what
// it starts would inherit that.
func hearHangups() {
	if signal.Ignored(syscall.SIGHUP) {
		signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	}
}

func start(ctx context.Context, o Options, w *watch) (*Terminal, error) {
	o = o.withDefaults()
	hearHangups()
	master, slave, err := openPTY()
	if err != nil {
		return nil, fmt.Errorf("open a pseudo-terminal: %w", err)
	}
	t := &Terminal{
		timeout: o.Timeout,
		lag:     o.Lag,
		master:  master,
		input:   newInputQueue(),
		changed: make(chan struct{}),
		watch:   w,
		record:  o.Record,
		gone:    make(chan struct{}),
		thaw:    func() {},
	}
	t.emu = t.newEmulator(o)
	if err := t.launch(ctx, o, slave); err != nil {
		_ = slave.Close()
		_ = master.Close()
		return nil, fmt.Errorf("start %s: %w", o.Path, err)
	}
	chunks := make(chan chunk, 64)
	shown := make(chan struct{})
	go t.readOutput(chunks)
	go func() { defer close(shown); t.show(chunks) }()
	go t.forwardInput()
	go t.input.run(master, slave)
	go t.reap(slave, shown)
	return t, nil
}

func (o Options) withDefaults() Options {
	if o.Cols <= 0 {
		o.Cols = defaultCols
	}
	if o.Rows <= 0 {
		o.Rows = defaultRows
	}
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	return o
}

// launch starts the program on slave as the leader of its own session, with the
// terminal as its controlling terminal.
func (t *Terminal) launch(ctx context.Context, o Options, slave *os.File) error {
	if !o.NoSize {
		if err := setSize(t.master, o.Cols, o.Rows); err != nil {
			return fmt.Errorf("set the terminal's size: %w", err)
		}
	}
	before, err := lineState(slave)
	if err != nil {
		return fmt.Errorf("read the terminal's line settings: %w", err)
	}
	t.line = lineSettings{tty: slave, before: before}

	t.cmd = exec.CommandContext(ctx, o.Path, o.Args...)
	t.cmd.Dir = o.Dir
	t.cmd.Env = append([]string{
		"TERM=xterm-256color", "COLORTERM=truecolor", "LANG=C.UTF-8", "PATH=" + os.Getenv("PATH"),
	}, o.Env...)
	t.cmd.Stdin, t.cmd.Stdout, t.cmd.Stderr = slave, slave, slave
	if o.Stdin != nil {
		t.cmd.Stdin = o.Stdin
	}
	// Descriptor 1 of the child is always the terminal; 0 may be a pipe.
	t.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 1}
	t.cmd.Cancel = t.killGroup
	t.cmd.WaitDelay = stdinGrace
	t.started = time.Now()
	return t.cmd.Start()
}

// reap waits for the program and then for the rest of its output. The parent's
// copy of the terminal's own side stays open until then: its settings and its
// unread input can be looked at, and nothing written last is lost.
func (t *Terminal) reap(slave *os.File, shown <-chan struct{}) {
	_ = t.cmd.Wait() // the exit code is read from the state
	t.mu.Lock()
	t.line.release()
	thaw := t.thaw
	t.mu.Unlock()
	thaw()
	t.input.close()
	_ = slave.Close()
	select {
	case <-shown:
	case <-time.After(orphanGrace):
	}
	_ = t.master.Close()
	<-shown

	if pipe, ok := t.emu.InputPipe().(io.Closer); ok {
		_ = pipe.Close() // ends forwardInput; the emulator's own Close is not safe to call beside its Read
	}
	t.mu.Lock()
	t.ended = true
	t.exit = exitCode(t.cmd.ProcessState)
	t.announce()
	t.mu.Unlock()
	close(t.gone)
}

// exitCode is the program's own code, or 128 plus the number of the signal that
// ended it, as shells say it.
func exitCode(s *os.ProcessState) int {
	if ws, ok := s.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		return 128 + int(ws.Signal())
	}
	return s.ExitCode()
}

// Wait waits for the program to end and all its output to be shown. It returns
// the exit code, or 128 plus the signal that ended the program.
func (t *Terminal) Wait() (int, error) {
	err := t.await("the program to end", func() bool { return t.ended })
	if err != nil {
		return 0, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.exit, nil
}

// Signal sends a signal to the program alone, as kill(1) does.
func (t *Terminal) Signal(sig os.Signal) error {
	if err := t.cmd.Process.Signal(sig); err != nil {
		return fmt.Errorf("send %s to %s: %w", sig, t.cmd.Path, err)
	}
	return nil
}

// Kill kills the program, and what it started in its process group, with
// SIGKILL. It does not wait for the end.
func (t *Terminal) Kill() error {
	if err := t.killGroup(); err != nil {
		return fmt.Errorf("kill %s: %w", t.cmd.Path, err)
	}
	return nil
}

func (t *Terminal) killGroup() error {
	err := syscall.Kill(-t.cmd.Process.Pid, syscall.SIGKILL)
	if errors.Is(err, syscall.ESRCH) {
		return os.ErrProcessDone
	}
	return err
}

// Hangup takes the terminal away, as closing its window does: the program gets
// SIGHUP and nothing it writes from then on is shown.
func (t *Terminal) Hangup() error {
	if err := t.master.Close(); err != nil {
		return fmt.Errorf("hang up: %w", err)
	}
	return nil
}

// Freeze stops reading what the program writes, as a terminal whose window is
// locked up does, until the program has ended.
func (t *Terminal) Freeze() {
	t.frozen.Lock()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.thaw = sync.OnceFunc(t.frozen.Unlock)
}

// Close kills the program if it still runs and releases everything. The screen
// can still be read afterwards. Close may be called more than once.
func (t *Terminal) Close() {
	select {
	case <-t.gone:
		return
	default:
	}
	_ = t.killGroup() // already gone is as good
	<-t.gone
}

// Resize changes the size of the terminal and tells the program with SIGWINCH.
func (t *Terminal) Resize(cols, rows int) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended {
		return fmt.Errorf("resize to %dx%d: %w", cols, rows, ErrEnded)
	}
	t.emu.Resize(cols, rows)
	if err := setSize(t.master, cols, rows); err != nil {
		return fmt.Errorf("resize to %dx%d: %w", cols, rows, err)
	}
	t.announce()
	return nil
}

// Show puts output on the screen as if the program had written it, such as a part
// of a frame that was on its way when the size changed.
func (t *Terminal) Show(output string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, _ = t.emu.Write([]byte(output))
	t.announce()
}

// Raw returns every byte that the program has written so far. It is empty
// unless [Options.Record] was set.
func (t *Terminal) Raw() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]byte(nil), t.raw...)
}

// announce wakes everyone who waits for a change. t.mu is held.
func (t *Terminal) announce() {
	close(t.changed)
	t.changed = make(chan struct{})
}

// lineSettings are those of the terminal's line: echo, raw or cooked, and so on.
type lineSettings struct {
	tty    *os.File // nil once released
	before *xterm.State
	after  *xterm.State // as the program left them
}

// release looks at the settings for the last time.
func (l *lineSettings) release() {
	l.after, _ = lineState(l.tty) // unreadable counts as changed
	l.tty = nil
}

// changed reports whether the settings differ from those at the start.
func (l *lineSettings) changed() bool {
	now := l.after
	if l.tty != nil {
		now, _ = lineState(l.tty)
	}
	return now == nil || *now != *l.before
}
