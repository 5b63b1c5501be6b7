//go:build unix

package console

import (
	"errors"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// maxWaiting is how much input is stored for a program that does not read.
	maxWaiting = 16 << 20
	// leavePause is how long a read takes that has nothing to give, while the
	// terminal library stops to read.
	leavePause = time.Millisecond
)

// pump reads the terminal, also while the program is stuck, and hands on what
// the decoder makes of it.
type pump struct {
	in      *os.File
	console *Console

	mu      sync.Mutex
	decoder decoder
	waiting []byte
	filled  *sync.Cond
	ended   bool
	leaving bool // the terminal library is about to stop reading

	waiter  *waiter
	stopped chan struct{}
}

func newPump(in *os.File, c *Console) *pump {
	p := &pump{in: in, console: c}
	p.filled = sync.NewCond(&p.mu)
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

// end is the end of what the terminal library reads.
func (p *pump) end() {
	p.mu.Lock()
	p.ended = true
	p.filled.Broadcast()
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

// take gives what was read to the decoder, and keeps the result for Read.
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

// Read is what the terminal library reads. It waits without a system call, which
// would hold one of the runtime's processors: beside a search that takes the other
// one, a key would come up to twenty milliseconds late.
func (p *pump) Read(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.waiting) == 0 && !p.ended && !p.leaving {
		p.filled.Wait()
	}
	switch {
	case p.leaving:
		p.mu.Unlock()
		time.Sleep(leavePause)
		p.mu.Lock()
		return 0, nil
	case p.ended:
		return 0, io.EOF
	}
	n := copy(b, p.waiting)
	p.waiting = p.waiting[n:]
	return n, nil
}

// leave lets the terminal library stop reading, or read again. The library can
// cancel a read only between two calls of Read, so each returns at once meanwhile.
func (p *pump) leave(on bool) {
	p.mu.Lock()
	p.leaving = on
	p.filled.Broadcast()
	p.mu.Unlock()
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
