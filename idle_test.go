//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/console"
)

// newRest is a redraw clock whose requests for a rest are taken from a channel,
// and a terminal that is a file.
func newRest(t *testing.T) (*redrawClock, restingOutput, chan tea.Msg, func() string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "terminal")
	file, err := os.Create(path)
	must(t, err)
	t.Cleanup(func() { _ = file.Close() })
	asked := make(chan tea.Msg, 10)
	c := &redrawClock{send: func(msg tea.Msg) { asked <- msg }, after: func(time.Duration) <-chan time.Time { return nil }}
	t.Cleanup(c.end)
	return c, restingOutput{&console.Output{File: file}, c}, asked, func() string {
		text, err := os.ReadFile(path)
		must(t, err)
		return string(text)
	}
}

// granted waits for a request for a rest and grants it.
func granted(t *testing.T, c *redrawClock, asked <-chan tea.Msg) tea.Msg {
	t.Helper()
	return c.grant((<-asked).(restMsg))
}

func TestRestEndsWithTheNextMessage(t *testing.T) {
	t.Parallel()
	c, out, asked, written := newRest(t)
	c.hear()
	if msg := granted(t, c, asked); msg != (tea.RawMsg{Msg: restMark}) {
		t.Fatalf("the request becomes %v", msg)
	}
	resting := make(chan struct{})
	c.after = func(time.Duration) <-chan time.Time {
		close(resting)
		return nil
	}
	back := make(chan int)
	go func() {
		n, err := out.Write([]byte("text" + restMark))
		must(t, err)
		back <- n
	}()
	<-resting
	c.hear()
	if n := <-back; n != len("text"+restMark) || written() != "text" {
		t.Errorf("%d bytes are taken, and the terminal gets %q", n, written())
	}
}

// What happened after the request was made, or granted, makes it void.
func TestRestIsVoidAfterAMessage(t *testing.T) {
	t.Parallel()
	c, out, asked, written := newRest(t)
	c.hear()
	msg := (<-asked).(restMsg)
	c.hear()
	if c.grant(msg) != nil {
		t.Error("an old request is granted")
	}
	granted(t, c, asked)
	c.hear()
	for _, text := range []string{restMark, "more", restMark + "text"} { // each returns at once
		if _, err := out.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if written() != "moretext" {
		t.Errorf("the terminal gets %q", written())
	}
}

// A rest that nothing ends is over after a while, and asks for the next.
func TestRestIsBounded(t *testing.T) {
	t.Parallel()
	c, out, asked, _ := newRest(t)
	c.after = func(time.Duration) <-chan time.Time {
		over := make(chan time.Time, 1)
		over <- time.Time{}
		return over
	}
	c.hear()
	granted(t, c, asked)
	if _, err := out.Write([]byte(restMark)); err != nil {
		t.Fatal(err)
	}
	if granted(t, c, asked) == nil {
		t.Error("no rest follows")
	}
}

// drawnAfter and the characters after it are in no control sequence.
const drawnAfter = '\u2460'

// counter is a screen that shows how often it was stopped.
type counter struct{ n int }

func (counter) Init() tea.Cmd { return nil }

func (c counter) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, ok := msg.(tea.ResumeMsg); ok {
		c.n++
	}
	return c, nil
}

func (c counter) View() tea.View { return tea.NewView(string(drawnAfter + rune(c.n))) }

// drawn is what a program has written so far.
type drawn struct {
	mu   sync.Mutex
	text strings.Builder
}

func (d *drawn) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.Write(p)
}

func (d *drawn) String() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.String()
}

// However short a stop is, the screen is drawn again after it.
func TestDrawsAfterAShortStop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		out := &drawn{}
		p := tea.NewProgram(counter{}, tea.WithInput(nil), tea.WithOutput(out), tea.WithoutSignalHandler(),
			tea.WithWindowSize(20, 2))
		over := make(chan error, 1)
		go func() {
			_, err := p.Run()
			over <- err
		}()
		defer func() {
			p.Quit()
			must(t, <-over)
		}()
		for i := 1; i <= 20; i++ {
			p.Send(tea.Exec(suspension{func() error { return nil }}, resumed)())
			time.Sleep(time.Second)
			if !strings.ContainsRune(out.String(), drawnAfter+rune(i)) {
				t.Fatalf("the screen is not drawn after stop %d", i)
			}
		}
	})
}
