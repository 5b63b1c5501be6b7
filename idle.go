package main

import (
	"bytes"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/console"
)

const (
	// restAfter is how long nothing happens before the redraw clock rests.
	restAfter = 250 * time.Millisecond
	// restMost is how long it rests at once. It bounds how long an end that no
	// message announces could have to wait.
	restMost = 2 * time.Second
	// restMark asks for a rest. It never reaches the terminal, which would ignore
	// it.
	restMark = "\x1b_levcontacts rest\x1b\\"
)

// restMsg asks for a rest, unless a message was heard since.
type restMsg struct{ heard uint64 }

// redrawClock lets the clock of the terminal library rest while nothing happens.
// The library asks 120 times a second whether there is something to draw, which
// costs about one percent of a processor, and has no way to stop that. But it
// writes from the very goroutine that the clock drives, and a ticker that nobody
// reads costs nothing. So a mark is sent the way of all output, and the write of
// it returns with the next message.
type redrawClock struct {
	send  func(tea.Msg)
	after func(time.Duration) <-chan time.Time

	mu      sync.Mutex
	heard   uint64        // messages so far
	granted uint64        // how many that were when a rest was granted
	wake    chan struct{} // closed to end the rest; nil when there is none
	timer   *time.Timer
}

// hear notes a message, before it is handled.
func (c *redrawClock) hear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.heard++
	if c.wake != nil {
		close(c.wake)
		c.wake = nil
	}
	c.ask(restAfter)
}

// ask asks for a rest after a while. The caller holds the lock.
func (c *redrawClock) ask(after time.Duration) {
	if c.timer != nil {
		c.timer.Stop()
	}
	heard := c.heard
	c.timer = time.AfterFunc(after, func() { c.send(restMsg{heard}) })
}

// grant turns the request for a rest into the mark, or into nothing.
func (c *redrawClock) grant(msg restMsg) tea.Msg {
	c.mu.Lock()
	defer c.mu.Unlock()
	if msg.heard != c.heard {
		return nil
	}
	c.granted = c.heard
	return tea.RawMsg{Msg: restMark}
}

// rest returns with the next message, at once where one came after the rest was
// granted.
func (c *redrawClock) rest() {
	c.mu.Lock()
	if c.heard != c.granted {
		c.mu.Unlock()
		return
	}
	wake := make(chan struct{})
	c.wake = wake
	c.mu.Unlock()
	select {
	case <-wake:
	case <-c.after(restMost):
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.wake == wake {
			c.wake = nil
			c.ask(0)
		}
	}
}

// end stops the clock for good.
func (c *redrawClock) end() {
	c.hear()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.timer.Stop()
}

// restingOutput is the terminal, but for the mark.
type restingOutput struct {
	*console.Output
	clock *redrawClock
}

// Write implements io.Writer.
func (o restingOutput) Write(p []byte) (int, error) {
	if !bytes.Contains(p, []byte(restMark)) {
		return o.Output.Write(p)
	}
	rest := bytes.HasSuffix(p, []byte(restMark))
	if text := bytes.ReplaceAll(p, []byte(restMark), nil); len(text) > 0 {
		if _, err := o.Output.Write(text); err != nil {
			return 0, err
		}
	}
	if rest {
		o.clock.rest()
	}
	return len(p), nil
}
