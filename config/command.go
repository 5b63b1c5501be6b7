package config

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
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
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Stdout, cmd.Stderr = &capped{to: &out}, &capped{to: &said}
	cmd.WaitDelay = time.Second // for children of it that hold the pipes open
	err := cmd.Run()
	var ended *exec.ExitError
	switch {
	case err == nil:
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

// capped keeps the beginning of what is written and takes the rest without
// complaint, so that a program that talks without end is not stopped by it.
type capped struct {
	to *bytes.Buffer
}

func (c *capped) Write(p []byte) (int, error) {
	if room := 2*longestToken - c.to.Len(); room > 0 {
		_, _ = io.CopyN(c.to, bytes.NewReader(p), int64(min(room, len(p))))
	}
	return len(p), nil
}
