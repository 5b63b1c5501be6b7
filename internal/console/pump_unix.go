//go:build unix

package console

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// maxWaiting is how much input is stored for a program that does not read.
const maxWaiting = 16 << 20

// pump reads the terminal, also while the program is stuck, and hands on what
// the decoder makes of it.
type pump struct {
	in      *os.File
	out     *os.File // the pipe to the terminal library
	console *Console

	mu      sync.Mutex
	decoder decoder
	waiting []byte
	filled  *sync.Cond
	ended   bool

	wake    [2]int // a pipe that ends the reading
	stopped chan struct{}
}

func newPump(in, out *os.File, c *Console) *pump {
	p := &pump{in: in, out: out, console: c}
	p.filled = sync.NewCond(&p.mu)
	go p.write()
	return p
}

// start begins to read.
func (p *pump) start() error {
	if err := unix.Pipe(p.wake[:]); err != nil {
		return fmt.Errorf("open a pipe: %w", err)
	}
	unix.CloseOnExec(p.wake[0])
	unix.CloseOnExec(p.wake[1])
	p.stopped = make(chan struct{})
	go p.read()
	return nil
}

// stop ends the reading: what is typed from then on is the shell's.
func (p *pump) stop() {
	_ = unix.Close(p.wake[1])
	<-p.stopped
	_ = unix.Close(p.wake[0])
}

// end lets the writer go.
func (p *pump) end() {
	p.mu.Lock()
	p.ended = true
	p.filled.Signal()
	p.mu.Unlock()
}

func (p *pump) read() {
	defer close(p.stopped)
	fd, wake := int(p.in.Fd()), p.wake[0]
	buf := make([]byte, 64<<10)
	for {
		ready, woken, err := p.waitFor(fd, wake)
		switch {
		case woken:
			return
		case err != nil:
			p.console.hangUp()
			return
		case !ready:
			p.take(nil)
			continue
		}
		n, err := unix.Read(fd, buf)
		if errors.Is(err, unix.EINTR) || errors.Is(err, unix.EAGAIN) {
			continue
		}
		if n <= 0 || err != nil {
			p.console.hangUp()
			return
		}
		p.take(buf[:n])
	}
}

// waitFor waits until the terminal has something, the reading is to end, or
// what the decoder holds back is due.
func (p *pump) waitFor(fd, wake int) (ready, woken bool, err error) {
	p.mu.Lock()
	wait, limited := p.decoder.due(time.Now())
	p.mu.Unlock()
	var limit *unix.Timeval
	if limited {
		t := unix.NsecToTimeval(wait.Nanoseconds())
		limit = &t
	}
	var set unix.FdSet
	set.Zero()
	set.Set(fd)
	set.Set(wake)
	_, err = unix.Select(max(fd, wake)+1, &set, nil, nil, limit)
	if errors.Is(err, unix.EINTR) {
		return false, false, nil
	}
	return set.IsSet(fd), set.IsSet(wake), err
}

// take gives what was read to the decoder, and its result to the writer.
func (p *pump) take(data []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	before := p.decoder
	var out []byte
	if len(data) > 0 {
		out = p.decoder.feed(data, time.Now())
	} else {
		out = p.decoder.flush(time.Now())
	}
	if len(p.waiting)+len(out) <= maxWaiting {
		p.waiting = append(p.waiting, out...)
		p.filled.Signal()
	}
	if p.decoder.interrupts > before.interrupts {
		token(p.console.interrupts)
	}
	if p.decoder.clusters && !before.clusters {
		go func() { _, _ = p.console.out.WriteString(countByChar) }()
	}
}

// write fills the pipe as fast as the terminal library reads it.
func (p *pump) write() {
	defer func() { _ = p.out.Close() }()
	for {
		p.mu.Lock()
		for len(p.waiting) == 0 && !p.ended {
			p.filled.Wait()
		}
		out := p.waiting
		p.waiting = nil
		ended := p.ended
		p.mu.Unlock()
		if ended {
			return
		}
		if _, err := p.out.Write(out); err != nil {
			return
		}
	}
}

func (p *pump) paste() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.decoder.pastes) == 0 {
		return ""
	}
	text := p.decoder.pastes[0]
	p.decoder.pastes = p.decoder.pastes[1:]
	return text
}

func (p *pump) replies() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.decoder.replied
}

func (p *pump) clusters() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.decoder.clusters
}
