//go:build unix

package console

import (
	"errors"
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

	waiter  *waiter
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
	waiter, err := newWaiter(int(p.in.Fd()))
	if err != nil {
		return err
	}
	p.waiter = waiter
	p.stopped = make(chan struct{})
	go p.read()
	return nil
}

// stop ends the reading: what is typed from then on is the shell's.
func (p *pump) stop() {
	p.waiter.stop()
	<-p.stopped
	p.waiter.close()
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
	fd := int(p.in.Fd())
	buf := make([]byte, 64<<10)
	for {
		p.mu.Lock()
		limit, limited := p.decoder.due(time.Now())
		p.mu.Unlock()
		if limited {
			limit = max(limit, time.Millisecond)
		}
		ready, stopped, err := p.waiter.wait(limit)
		switch {
		case stopped:
			return
		case err != nil:
			p.console.hangUp()
			return
		case !ready:
			p.take(nil) // what the decoder holds back is due
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
