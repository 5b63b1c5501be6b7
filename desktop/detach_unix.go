//go:build unix

package desktop

import (
	"os/exec"
	"syscall"
)

// apart gives a program a session of its own: closing the terminal does not
// end it, and it cannot read the keyboard. No file but the three it is given stays open in it: libraries open some
// without saying that they are not for children.
func apart(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	for fd := 3; fd < maxFiles; fd++ {
		syscall.CloseOnExec(fd) // one that is not open is no error
	}
}

// maxFiles is more than the program has open.
const maxFiles = 256
