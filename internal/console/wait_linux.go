package console

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// waiter waits for input through Go's own poller. A wait in a system call would
// hold one of the runtime's processors for up to ten milliseconds, which on a
// machine with two is felt in every key.
type waiter struct {
	file *os.File // an epoll of the terminal, which is itself polled: the terminal's mode is the shell's too
	raw  syscall.RawConn
	done atomic.Bool // it was stopped
}

func newWaiter(fd int) (*waiter, error) {
	poll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("open a poll: %w", err)
	}
	event := unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)}
	if err := errors.Join(unix.EpollCtl(poll, unix.EPOLL_CTL_ADD, fd, &event), unix.SetNonblock(poll, true)); err != nil {
		_ = unix.Close(poll)
		return nil, fmt.Errorf("poll the terminal: %w", err)
	}
	w := &waiter{file: os.NewFile(uintptr(poll), "terminal")}
	if w.raw, err = w.file.SyscallConn(); err != nil {
		_ = w.file.Close()
		return nil, fmt.Errorf("poll the terminal: %w", err)
	}
	return w, nil
}

// wait waits until the terminal has something, the limit is over (0 is none),
// or the waiter is stopped.
func (w *waiter) wait(limit time.Duration) (ready, stopped bool, err error) {
	var until time.Time
	if limit > 0 {
		until = time.Now().Add(limit)
	}
	if err := w.file.SetReadDeadline(until); err != nil {
		return w.failed(err)
	}
	var failed error
	err = w.raw.Read(func(fd uintptr) bool {
		var events [1]unix.EpollEvent
		n, err := unix.EpollWait(int(fd), events[:], 0)
		if err != nil && !errors.Is(err, unix.EINTR) {
			failed = err
		}
		return n > 0 || failed != nil
	})
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return false, false, nil
	case err != nil || failed != nil:
		return w.failed(errors.Join(err, failed))
	}
	return true, false, nil
}

// failed tells a wait that was stopped from one that failed. The error of a
// connection that was closed during a wait is none that can be named.
func (w *waiter) failed(err error) (ready, stopped bool, _ error) {
	if w.done.Load() {
		return false, true, nil
	}
	return false, false, err
}

// stop ends a wait and all later ones.
func (w *waiter) stop() {
	w.done.Store(true)
	_ = w.file.Close()
}

// close frees what stop leaves.
func (w *waiter) close() {}
