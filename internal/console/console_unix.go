//go:build unix

package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// drainWait is how long the end waits for answers, so that a shell does not
	// get them.
	drainWait = 200 * time.Millisecond
	// writeWait is how long the end waits for a terminal that does not read.
	writeWait = 200 * time.Millisecond
	// wakeWait is how long a program that was continued waits for the signal
	// that may end it, before it touches the terminal.
	wakeWait = 100 * time.Millisecond
)

// ErrNotStopped means that nothing stopped the program: no shell is there to
// continue it.
var ErrNotStopped = errors.New("no shell to return to")

// Console is a terminal that has been taken. Its methods may be called from
// several goroutines.
type Console struct {
	in       *os.File
	ownInput bool
	out      *Output
	found    unix.Termios // the line settings to put back
	pump     *pump
	resume   chan os.Signal

	mu        sync.Mutex
	released  bool // the terminal has been given back
	suspended bool
	closed    bool

	interrupts chan struct{}
	gone       chan struct{}
	hangUp     func() // closes gone
	continued  chan struct{}
}

// Open takes the terminal that in and out are. Where in is none it takes the
// process's own.
func Open(in, out *os.File) (*Console, error) {
	c := &Console{
		in: in, out: &Output{File: out}, resume: make(chan os.Signal, 1),
		interrupts: make(chan struct{}, 1), gone: make(chan struct{}), continued: make(chan struct{}, 1),
	}
	c.hangUp = sync.OnceFunc(func() { close(c.gone) })
	found, err := unix.IoctlGetTermios(int(in.Fd()), getTermios)
	if err != nil {
		if c.in, err = os.OpenFile("/dev/tty", os.O_RDWR, 0); err != nil {
			return nil, fmt.Errorf("open the terminal: %w", err)
		}
		c.ownInput = true
		if found, err = unix.IoctlGetTermios(int(c.in.Fd()), getTermios); err != nil {
			return nil, fmt.Errorf("read the terminal's settings: %w", err)
		}
	}
	c.found = *found
	if err := c.setRaw(); err != nil {
		return nil, err
	}
	c.pump = newPump(c.in, c)
	if err := c.pump.start(); err != nil {
		_ = c.setTermios(c.found)
		return nil, err
	}
	_, _ = c.out.WriteString(saveTitle)
	signal.Notify(c.resume, syscall.SIGCONT)
	go c.listen()
	return c, nil
}

// Input is what the terminal library reads.
func (c *Console) Input() (r io.Reader, ok bool) { return c.pump, true }

// Leave says that the terminal library is about to leave the screen, for
// [Console.Suspend], [Console.Lend] or [Console.TakeBack]. What is typed from then on
// is kept until they return.
func (c *Console) Leave() { c.pump.leave(true) }

// Output is where the terminal library writes.
func (c *Console) Output() *Output { return c.out }

// Interrupts has a value when ctrl+c was pressed, whether or not the program
// gets to see it.
func (c *Console) Interrupts() <-chan struct{} { return c.interrupts }

// Gone is closed when the terminal is.
func (c *Console) Gone() <-chan struct{} { return c.gone }

// Continued has a value when the program resumes after something other than
// [Console.Suspend] stopped it. The terminal has to be set up again then, with
// [Console.Retake].
func (c *Console) Continued() <-chan struct{} { return c.continued }

// Paste is the paste that the next [PasteMark] in the input stands for.
func (c *Console) Paste() string { return c.pump.paste() }

// listen hears that the program was continued.
func (c *Console) listen() {
	for range c.resume {
		c.mu.Lock()
		outside := !c.suspended && !c.closed
		c.mu.Unlock()
		if outside {
			token(c.continued)
		}
	}
}

func token(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}

// setRaw lets every key through as it is. Line ends stay translated: the
// terminal library reads no terminal and so expects that.
func (c *Console) setRaw() error {
	t := c.found
	t.Iflag &^= unix.IGNBRK | unix.BRKINT | unix.PARMRK | unix.ISTRIP | unix.INLCR | unix.IGNCR | unix.ICRNL | unix.IXON
	t.Oflag &^= unix.OCRNL | unix.ONOCR | unix.ONLRET
	t.Oflag |= unix.OPOST | unix.ONLCR
	t.Lflag &^= unix.ECHO | unix.ECHONL | unix.ICANON | unix.ISIG | unix.IEXTEN
	t.Cflag = t.Cflag&^(unix.CSIZE|unix.PARENB) | unix.CS8
	t.Cc[unix.VMIN], t.Cc[unix.VTIME] = 1, 0
	return c.setTermios(t)
}

func (c *Console) setTermios(t unix.Termios) error {
	for {
		err := unix.IoctlSetTermios(int(c.in.Fd()), setTermios, &t)
		if err == nil {
			return nil
		}
		if !errors.Is(err, unix.EINTR) {
			return fmt.Errorf("set the terminal's settings: %w", err)
		}
	}
}

// foreground reports whether the shell has given the terminal to this program.
func (c *Console) foreground() bool {
	group, err := unix.IoctlGetInt(int(c.in.Fd()), unix.TIOCGPGRP)
	return err != nil || group == unix.Getpgrp()
}

// release gives the terminal back: its answers are read, what the library left
// is undone, and the line settings are those that were found. The library has
// left the screen before, unless all is true.
func (c *Console) release(all bool) {
	c.mu.Lock()
	was := c.released
	c.released = true
	c.mu.Unlock()
	if was {
		return
	}
	if !all {
		for end := time.Now().Add(drainWait); c.out.pending(c.pump.replies()) && time.Now().Before(end); {
			time.Sleep(2 * time.Millisecond)
		}
	}
	c.pump.stop()
	c.write(func(o *Output) string {
		s := o.undo(all)
		if c.pump.clusters() {
			s += countClusters
		}
		return s
	})
	if c.foreground() {
		_ = c.setTermios(c.found)
	}
}

// write writes past the terminal library, for a limited time. A library that
// is stuck in a write keeps the lock; nothing can be written then.
func (c *Console) write(what func(*Output) string) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.out.mu.Lock()
		defer c.out.mu.Unlock()
		_, _ = c.out.File.WriteString(what(c.out))
	}()
	select {
	case <-done:
	case <-time.After(writeWait):
	}
}

// Retake takes the terminal again after [Console.Suspend] or a stop from
// outside.
func (c *Console) Retake() error {
	c.pump.leave(false)
	if err := c.setRaw(); err != nil {
		return err
	}
	c.mu.Lock()
	was := c.released
	c.released = false
	c.mu.Unlock()
	if was {
		_, _ = c.out.WriteString(saveTitle)
		return c.pump.start()
	}
	return nil
}

// Close gives the terminal back permanently. stuck says that the terminal library
// could not leave the screen.
func (c *Console) Close(stuck bool) {
	c.mu.Lock()
	was := c.closed
	c.closed = true
	c.mu.Unlock()
	if was {
		return
	}
	signal.Stop(c.resume)
	close(c.resume)
	c.release(stuck)
	if !stuck {
		c.pump.end()
		if c.ownInput {
			_ = c.in.Close()
		}
	}
	go c.out.close() // a library that is stuck in a write keeps the lock
}

func (o *Output) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.shut = true
}

// CanSuspend reports that a shell waits for this program to stop, and can continue
// it: the program is a job of its own in the session of a shell.
func CanSuspend() bool {
	if signal.Ignored(syscall.SIGTSTP) {
		return false
	}
	session, err := unix.Getsid(0)
	if err != nil || session == unix.Getpgrp() {
		return false
	}
	parent := unix.Getppid()
	if previous, err := unix.Getsid(parent); err != nil || previous != session {
		return false
	}
	return true
}

// Suspend stops the program, with its whole job, until the shell continues it
// in the foreground. The terminal library must have left the screen. When ctx
// ends meanwhile the terminal stays with the shell, and Suspend returns its
// error.
func (c *Console) Suspend(ctx context.Context) error {
	c.release(false)
	return c.stop(ctx, syscall.SIGTSTP)
}

// Lend gives the terminal to something that run starts and waits for, such as an
// editor. The terminal library must have left the screen.
func (c *Console) Lend(run func() error) error {
	c.release(false)
	lent := func(on bool) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.suspended = on
	}
	lent(true)
	err := run()
	lent(false)
	return errors.Join(err, c.Retake())
}

// TakeBack is for a program that something stopped and continued: it takes the
// terminal again, or stops once more where the shell has not given it back.
func (c *Console) TakeBack(ctx context.Context) error {
	if !c.foreground() {
		return c.stop(ctx, syscall.SIGTTOU)
	}
	return c.Retake()
}

func (c *Console) stop(ctx context.Context, by syscall.Signal) error {
	c.mu.Lock()
	c.suspended = true
	c.mu.Unlock()
	awake := make(chan os.Signal, 1)
	signal.Notify(awake, syscall.SIGCONT)
	defer signal.Stop(awake)
	defer func() {
		c.mu.Lock()
		c.suspended = false
		c.mu.Unlock()
	}()
	for {
		if err := syscall.Kill(0, by); err != nil {
			return errors.Join(fmt.Errorf("stop the program: %w", err), c.Retake())
		}
		stopped := false
		select {
		case <-awake:
			stopped = true
		case <-ctx.Done():
		case <-time.After(stopWait): // also over when the program continues after a longer stop
		}
		select {
		case <-ctx.Done():
		case <-time.After(wakeWait):
		}
		stopped = stopped || len(awake) > 0
		switch {
		case ctx.Err() != nil:
			c.out.close()
			return context.Cause(ctx)
		case !stopped:
			return errors.Join(ErrNotStopped, c.Retake())
		case c.foreground():
			return c.Retake()
		}
		by = syscall.SIGTTOU
	}
}

// stopWait is how long a signal may take to stop the program.
const stopWait = 300 * time.Millisecond
