package main

import (
	"context"
	"errors"
	"io"
	"os"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/levcontacts/levcontacts/config"
	"github.com/levcontacts/levcontacts/internal/console"
)

const (
	// fps makes the first frame come at the first tick of a faster clock.
	fps = 120
	// ctrlCLimit is how long the screen may take to handle ctrl+c before it
	// counts as stuck.
	ctrlCLimit = time.Second
	// quitTime is how long a screen may take to end that was asked to.
	quitTime = 1200 * time.Millisecond
	// killTime is how long the terminal library may take to leave the screen.
	killTime = 200 * time.Millisecond
	// loopEnds is how long the redraw loop of the terminal library may take to end.
	loopEnds = 50 * time.Millisecond
)

// aliveMsg comes after ctrl+c: the screen has handled it and continues.
type aliveMsg struct{}

// continuedMsg reports whether the program continues after a stop from outside.
type continuedMsg struct{}

// terminalScreen is a screen in the terminal.
type terminalScreen struct {
	guard   *guard
	console *console.Console
	tea     *tea.Program
	clock   *redrawClock
	over    chan error // what the terminal library ended with
	alive   chan struct{}
	quits   chan struct{} // the screen ends by itself
	pasted  chan struct{} // the terminal has given its clipboard
	lent    *atomic.Bool  // see shutdown
}

// show runs a screen in the terminal until it ends or ctx does. The terminal is
// as it was found when show returns, also when the screen is stuck.
func (p program) show(ctx context.Context, g *guard, cfg *config.Config) error {
	if p.wrap != nil {
		g.screen = p.wrap(g.screen)
	}
	c, err := console.Open(os.Stdin, os.Stdout)
	if err != nil {
		return err
	}
	defer p.shutdown.hold(c)()
	s := &terminalScreen{
		guard: g, console: c, clock: &redrawClock{after: time.After}, over: make(chan error, 1),
		alive: make(chan struct{}, 1), pasted: make(chan struct{}, 1),
		quits: make(chan struct{}, 1), lent: &p.shutdown.lent,
	}
	options := []tea.ProgramOption{
		tea.WithFPS(fps), tea.WithoutSignalHandler(), tea.WithOutput(restingOutput{c.Output(), s.clock}),
		tea.WithFilter(func(_ tea.Model, msg tea.Msg) tea.Msg { return s.filter(ctx, msg) }),
	}
	if in, ok := c.Input(); ok {
		options = append(options, tea.WithInput(in))
	}
	if cfg.NoColor.Value {
		options = append(options, tea.WithColorProfile(colorprofile.ASCII))
	}
	s.tea = tea.NewProgram(g, options...)
	s.clock.send = s.tea.Send
	defer s.clock.end()
	g.stop = s.tea.Quit
	if g.running != nil {
		g.running(s.tea.Send)
	}
	err = s.run(ctx, p.shutdown.end)
	if ctx.Err() != nil || g.crash() != nil {
		return nil // the terminal that an error would be about may be gone
	}
	if errors.Is(err, tea.ErrProgramPanic) {
		g.note("inside the terminal library")
		return nil
	}
	return err
}

// run waits for the end. It calls end when the screen does not react to the user
// or the terminal.
func (s *terminalScreen) run(ctx context.Context, end func()) error {
	go func() {
		_, err := s.tea.Run()
		s.over <- err
	}()
	var late, quits <-chan time.Time
	for {
		select {
		case err := <-s.over:
			s.console.Close(false)
			return err
		case <-ctx.Done():
			return s.leave(quitTime)
		case <-s.console.Gone():
			end()
			return s.leave(quitTime)
		case <-s.console.Continued():
			go s.tea.Send(continuedMsg{})
		case <-s.console.Interrupts():
			if late == nil {
				late = time.After(ctrlCLimit)
			}
		case <-s.alive:
			late = nil
		case <-s.quits:
			quits = time.After(quitTime)
		case <-late:
			end()
			return s.leave(0)
		case <-quits:
			return s.leave(0)
		}
	}
}

// leave ends the terminal library: politely, then by force, then without it.
func (s *terminalScreen) leave(wait time.Duration) error {
	go s.tea.Quit()
	s.clock.end()
	select {
	case err := <-s.over:
		s.console.Close(false)
		return err
	case <-time.After(wait):
	}
	left := make(chan struct{})
	go func() {
		s.tea.Kill()
		close(left)
	}()
	select {
	case <-left:
		s.console.Close(false)
	case <-time.After(killTime):
		s.console.Close(true)
	}
	return nil
}

// filter inserts pastes, and handles quitting and suspending in place of the
// terminal library.
func (s *terminalScreen) filter(ctx context.Context, msg tea.Msg) tea.Msg {
	if rest, ok := msg.(restMsg); ok {
		return s.clock.grant(rest)
	}
	s.clock.hear()
	if msg == tea.ReadClipboard() {
		go s.paste()
		return nil
	}
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		if msg.Code == console.PasteMark {
			return tea.PasteMsg{Content: s.console.Paste()}
		}
		if msg.String() == "ctrl+c" {
			go s.tea.Send(aliveMsg{})
		}
	case tea.ClipboardMsg:
		wake(s.pasted)
	case aliveMsg:
		wake(s.alive)
		return nil
	case tea.QuitMsg:
		s.guard.leave()
		wake(s.quits)
	case tea.SuspendMsg:
		if !console.CanSuspend() {
			return nil
		}
		return s.away(func() error { return s.console.Suspend(ctx) }, resumed)
	case editorMsg:
		return s.openEditor(ctx, msg)
	case continuedMsg:
		return s.away(func() error { return s.console.TakeBack(ctx) }, resumed)
	}
	return msg
}

// wake leaves a value in a channel that has room for one.
func wake(ch chan<- struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}

// away leaves the screen, calls run, and draws the screen again.
func (s *terminalScreen) away(run func() error, then tea.ExecCallback) tea.Msg {
	s.console.Leave()
	return tea.Exec(suspension{run}, then)()
}

func resumed(error) tea.Msg { return tea.ResumeMsg{} }

// suspension is something the terminal library runs while it has left the screen.
type suspension struct{ stop func() error }

// Run lasts at least loopEnds. The library tells its redraw loop to end but does
// not wait for it, and the last thing the loop does is stop the ticker of the next
// one: where that comes first, nothing is drawn any more.
func (p suspension) Run() error {
	ended := time.After(loopEnds)
	defer func() { <-ended }()
	return p.stop()
}

func (suspension) SetStdin(io.Reader)  {}
func (suspension) SetStdout(io.Writer) {}
func (suspension) SetStderr(io.Writer) {}
