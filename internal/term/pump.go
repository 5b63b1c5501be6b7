//go:build unix

package term

import (
	"bytes"
	"io"
	"os"
	"sync"
	"time"
	"unicode/utf8"
)

const (
	// frameLimit is how long an unfinished synchronized frame is held back;
	// terminals give up after about the same time.
	frameLimit = 100 * time.Millisecond

	// characterLimit is how long the first part of a character is held back
	// for the rest of it, and of a write that the kernel hands on in parts.
	characterLimit = 20 * time.Millisecond

	// writePart is how much of a long write the kernel hands on at once.
	writePart = 4095

	// escapeGap separates a lone escape from the key after it: programs take
	// an escape followed at once by something else for the begin of a
	// sequence. Bubble Tea waits 50 ms.
	escapeGap = 75 * time.Millisecond

	// escapePoll is how often is looked whether a lone escape has been read.
	escapePoll = 2 * time.Millisecond
)

// chunk is what one read gave.
type chunk struct {
	data []byte
	at   time.Time
}

// readOutput reads until the terminal is closed on the program's side or ours.
// It does nothing but read, so that the times are those of the program and not
// of the emulator.
func (t *Terminal) readOutput(chunks chan<- chunk) {
	defer close(chunks)
	buf := make([]byte, 32<<10)
	for {
		t.waitThawed()
		n, err := t.master.Read(buf)
		if n > 0 {
			chunks <- chunk{data: bytes.Clone(buf[:n]), at: time.Now()}
		}
		if err != nil {
			return // EIO, EOF or closed: there is no more
		}
	}
}

func (t *Terminal) waitThawed() {
	t.frozen.Lock()
	defer t.frozen.Unlock()
}

// show puts output on the screen until there is no more. The lock is held while
// a frame is incomplete, so no one sees half of one.
func (t *Terminal) show(chunks <-chan chunk) {
	for c := range chunks {
		t.mu.Lock()
		t.apply(c)
		t.completeFrame(chunks)
		t.flush()
		t.announce()
		t.mu.Unlock()
	}
}

// completeFrame takes what belongs to the output just shown: what has been read
// already, the rest of a synchronized frame, of a long write, of a character.
func (t *Terminal) completeFrame(chunks <-chan chunk) {
	limit := time.Now().Add(frameLimit)
	for {
		left := time.Until(limit)
		switch {
		case t.inFrame:
		case len(t.held) > 0, t.part:
			left = min(left, characterLimit)
		default:
			left = 0
		}
		c, ok := receive(chunks, left)
		if !ok || time.Now().After(limit) {
			if ok {
				t.apply(c)
			}
			return
		}
		t.apply(c)
	}
}

// receive returns the next chunk if it comes within d.
func receive(chunks <-chan chunk, d time.Duration) (chunk, bool) {
	if d <= 0 {
		select {
		case c, ok := <-chunks:
			return c, ok
		default:
			return chunk{}, false
		}
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case c, ok := <-chunks:
		return c, ok
	case <-timer.C:
		return chunk{}, false
	}
}

// apply gives a chunk to the emulator. A read may end inside a character or
// between the parts of one (a letter and its accent, an emoji family), and the
// emulator would draw the parts one by one: bytes at the end that are not ASCII
// are stored until it is known what follows. t.mu is held.
func (t *Terminal) apply(c chunk) {
	if t.record {
		t.raw = append(t.raw, c.data...)
	}
	t.readAt, t.part = c.at, len(c.data) == writePart
	data := append(t.held, c.data...)
	end := len(data)
	for end > 0 && data[end-1] >= utf8.RuneSelf {
		end--
	}
	t.held = bytes.Clone(data[end:])
	_, _ = t.emu.Write(data[:end]) // fails only when closed, which is after the last output
	t.watch.output(t)
}

// flush shows the bytes held back. t.mu is held.
func (t *Terminal) flush() {
	if len(t.held) == 0 {
		return
	}
	_, _ = t.emu.Write(t.held)
	t.held = nil
	t.watch.output(t)
}

// forwardInput takes typed keys and the terminal's own answers from the
// emulator. They are queued without a limit: the emulator writes answers while
// it is locked, and must not wait for a program that does not read.
func (t *Terminal) forwardInput() {
	buf := make([]byte, 64<<10)
	for {
		n, err := t.emu.Read(buf)
		if n > 0 {
			t.input.put(bytes.Clone(buf[:n]), time.Now().Add(t.lag))
		}
		if err != nil {
			return
		}
	}
}

// typed is something for the program and when it arrives there.
type typed struct {
	data []byte
	at   time.Time
}

// inputQueue holds what was typed and has not been written to the program.
type inputQueue struct {
	mu      sync.Mutex
	pending []typed
	wake    chan struct{} // holds one token when there is something to write
	done    chan struct{}
}

func newInputQueue() *inputQueue {
	return &inputQueue{wake: make(chan struct{}, 1), done: make(chan struct{})}
}

func (q *inputQueue) put(data []byte, at time.Time) {
	q.mu.Lock()
	q.pending = append(q.pending, typed{data, at})
	q.mu.Unlock()
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

func (q *inputQueue) take() []typed {
	q.mu.Lock()
	defer q.mu.Unlock()
	taken := q.pending
	q.pending = nil
	return taken
}

func (q *inputQueue) close() { close(q.done) }

// run writes to the program until the queue is closed or the terminal is gone.
func (q *inputQueue) run(master io.Writer, slave *os.File) {
	for {
		select {
		case <-q.done:
			return
		case <-q.wake:
		}
		for _, in := range q.take() {
			if left := time.Until(in.at); left > 0 && !q.pause(left) {
				return
			}
			if _, err := master.Write(in.data); err != nil {
				return
			}
			if string(in.data) == "\x1b" && !q.escapeRead(slave) {
				return
			}
		}
	}
}

// escapeRead waits until the program has read a lone escape and has had the
// time to see that nothing follows. It is false when the queue was closed.
func (q *inputQueue) escapeRead(slave *os.File) bool {
	for {
		if waiting, err := unread(slave); err != nil || !waiting {
			break
		}
		if !q.pause(escapePoll) {
			return false
		}
	}
	return q.pause(escapeGap)
}

// pause is false when the queue was closed meanwhile.
func (q *inputQueue) pause(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-q.done:
		return false
	case <-timer.C:
		return true
	}
}
