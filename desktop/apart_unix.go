//go:build unix

package desktop

import (
	"os/exec"
	"syscall"
)

// apart gives a program a session of its own: closing the terminal does not
// end it, and it cannot read the keyboard.
func apart(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }
