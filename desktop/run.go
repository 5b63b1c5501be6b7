package desktop

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// mostOutput is how much is kept of what a program says.
const mostOutput = 1 << 20

// Run runs a program without a shell until it ends or ctx does, apart from this
// one's terminal, with env besides the environment and without the API key. It
// gives the beginning of what the program says. The error of a program that
// failed holds its last words.
func (d Desktop) Run(ctx context.Context, argv, env []string) (string, error) {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env = append(append(Environment(os.Environ()), "TERM=dumb"), env...)
	out, said := &beginning{}, &beginning{}
	cmd.Stdout, cmd.Stderr = out, said
	cmd.WaitDelay = time.Second // for children of it that hold the pipes open
	apart(cmd)
	err := cmd.Run()
	if errors.Is(err, exec.ErrWaitDelay) {
		err = nil
	}
	var ended *exec.ExitError
	switch {
	case err == nil:
		return out.String(), nil
	case errors.Is(err, exec.ErrNotFound):
		return "", fmt.Errorf("there is no program %s", argv[0])
	case errors.As(err, &ended):
		words := strings.Split(strings.TrimSpace(said.String()), "\n")
		if last := words[len(words)-1]; last != "" {
			return out.String(), fmt.Errorf("it ended with %s and said: %s", ended.ProcessState, last)
		}
		return out.String(), fmt.Errorf("it ended with %s", ended.ProcessState)
	}
	return out.String(), err
}

// beginning keeps the beginning of what is written to it.
type beginning struct{ kept bytes.Buffer }

func (b *beginning) String() string { return b.kept.String() }

func (b *beginning) Write(p []byte) (int, error) {
	if room := mostOutput - b.kept.Len(); room > 0 {
		b.kept.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
