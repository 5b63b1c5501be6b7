//go:build !unix

package desktop

import "os/exec"

// apart is for systems on which programs do not share a terminal.
func apart(*exec.Cmd) {}
