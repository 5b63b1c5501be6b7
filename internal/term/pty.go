//go:build unix

package term

import (
	"fmt"
	"os"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
	xterm "golang.org/x/term"
)

// openPTY opens a pseudo-terminal. The master does not block, so that closing it
// ends a read or a write that is under way; it must never be asked for its Fd,
// which would turn that off.
func openPTY() (master, slave *os.File, err error) {
	blocking, slave, err := pty.Open()
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = blocking.Close() }()
	fd, err := unix.FcntlInt(blocking.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err == nil {
		err = unix.SetNonblock(fd, true)
	}
	if err != nil {
		_ = slave.Close()
		return nil, nil, fmt.Errorf("duplicate the master: %w", err)
	}
	return os.NewFile(uintptr(fd), blocking.Name()), slave, nil
}

// control calls f with the descriptor of a file without changing its mode.
func control(file *os.File, f func(fd int) error) error {
	conn, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var inner error
	if err := conn.Control(func(fd uintptr) { inner = f(int(fd)) }); err != nil {
		return err
	}
	return inner
}

func setSize(master *os.File, cols, rows int) error {
	return control(master, func(fd int) error {
		return unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Col: uint16(cols), Row: uint16(rows)})
	})
}

func lineState(tty *os.File) (*xterm.State, error) {
	var state *xterm.State
	err := control(tty, func(fd int) (err error) {
		state, err = xterm.GetState(fd)
		return err
	})
	return state, err
}

// unread reports whether there are typed bytes that the program has not read yet.
func unread(tty *os.File) (bool, error) {
	fds := []unix.PollFd{{Events: unix.POLLIN}}
	err := control(tty, func(fd int) error {
		fds[0].Fd = int32(fd)
		_, err := unix.Poll(fds, 0)
		return err
	})
	return fds[0].Revents&unix.POLLIN != 0, err
}
