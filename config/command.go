package config

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// A Runner runs a program without a shell and gives its standard output.
type Runner func(ctx context.Context, argv []string) ([]byte, error)

// RunCommand is the [Runner] of the system. The program gets no standard
// input. Its error tells how the program ended and its first words on standard
// error, cleaned; never its output, which may be a key.
func RunCommand(ctx context.Context, argv []string) ([]byte, error) {
	if len(argv) == 0 {
		return nil, errors.New("no program to run")
	}
	var out, said bytes.Buffer
	running, stop := context.WithCancel(ctx)
	defer stop()
	cmd := exec.CommandContext(running, argv[0], argv[1:]...)
	cmd.Stdout, cmd.Stderr = &cappedBuffer{to: &out, full: stop}, &cappedBuffer{to: &said}
	cmd.WaitDelay = time.Second // for children of it that hold the pipes open
	err := cmd.Run()
	if errors.Is(err, exec.ErrWaitDelay) {
		err = nil // it has ended well; a child of it holds the pipe
	}
	var ended *exec.ExitError
	switch {
	case err == nil, out.Len() >= maxOutput: // more than any key, which is judged by whoever wants one
		return out.Bytes(), nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, exec.ErrNotFound):
		return nil, errors.New("there is no such program")
	case errors.As(err, &ended):
		first, _, _ := strings.Cut(strings.TrimSpace(said.String()), "\n")
		if first == "" {
			return nil, fmt.Errorf("it ended with %s", ended.ProcessState)
		}
		return nil, fmt.Errorf("it ended with %s and said %s", ended.ProcessState, quoted(first))
	default:
		return nil, errors.New(reason(err))
	}
}

// maxOutput is how much of what a program prints is stored.
const maxOutput = 2 * maxToken

// cappedBuffer keeps the beginning of what is written and takes the rest without
// complaint. full is called when there is no room left.
type cappedBuffer struct {
	to   *bytes.Buffer
	full func()
}

func (c *cappedBuffer) Write(p []byte) (int, error) {
	if room := maxOutput - c.to.Len(); room > 0 {
		c.to.Write(p[:min(room, len(p))])
	}
	if c.full != nil && c.to.Len() >= maxOutput {
		c.full()
	}
	return len(p), nil
}
