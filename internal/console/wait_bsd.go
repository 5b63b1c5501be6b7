//go:build unix && !linux

package console

import (
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// waiter waits for input. Not every system can poll a terminal, but all can
// select on one.
type waiter struct {
	fd   int
	wake [2]int // a pipe that ends the waiting
}

func newWaiter(fd int) (*waiter, error) {
	w := &waiter{fd: fd}
	if err := unix.Pipe(w.wake[:]); err != nil {
		return nil, fmt.Errorf("open a pipe: %w", err)
	}
	unix.CloseOnExec(w.wake[0])
	unix.CloseOnExec(w.wake[1])
	return w, nil
}

// wait waits until the terminal has something, the limit is over (0 is none),
// or the waiter is stopped.
func (w *waiter) wait(limit time.Duration) (ready, stopped bool, err error) {
	var timeout *unix.Timeval
	if limit > 0 {
		t := unix.NsecToTimeval(limit.Nanoseconds())
		timeout = &t
	}
	var set unix.FdSet
	set.Zero()
	set.Set(w.fd)
	set.Set(w.wake[0])
	_, err = unix.Select(max(w.fd, w.wake[0])+1, &set, nil, nil, timeout)
	if errors.Is(err, unix.EINTR) {
		return false, false, nil
	}
	return set.IsSet(w.fd), set.IsSet(w.wake[0]), err
}

// stop ends a wait and all later ones.
func (w *waiter) stop() { _ = unix.Close(w.wake[1]) }

// close frees what stop leaves.
func (w *waiter) close() { _ = unix.Close(w.wake[0]) }
