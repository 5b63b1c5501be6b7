package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// maxInput bounds what is read from a file or from standard input.
const maxInput = 64 << 20

// readFile reads a file, or standard input for "-". It gives up with the
// context, also where nothing comes, as from a pipe that nobody fills.
func (g *globals) readFile(ctx context.Context, path string) ([]byte, error) {
	if path == "-" {
		if g.stdinKey() {
			return nil, usagef("--api-key-file - and %q both read standard input; put one of them into a file", "-")
		}
		if g.app.InTTY {
			g.app.note("reading from standard input until ctrl+d")
		}
	}
	type result struct {
		raw []byte
		err error
	}
	done := make(chan result, 1)
	go func() {
		raw, err := g.app.readAll(path)
		done <- result{raw, err}
	}()
	select {
	case r := <-done:
		return r.raw, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (a *App) readAll(path string) ([]byte, error) {
	r := a.In
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		r = f
	}
	raw, err := io.ReadAll(io.LimitReader(r, maxInput+1))
	if err == nil && len(raw) > maxInput {
		err = fmt.Errorf("%s is larger than 64 MiB", path)
	}
	return raw, err
}

// checkArguments refuses arguments and flags that are not UTF-8, before
// anything is done with them. The names of files may be anything.
func checkArguments(cmd *cobra.Command, args []string) error {
	files := fileFlags()
	var bad error
	cmd.Flags().Visit(func(f *pflag.Flag) {
		text := f.Value.String()
		if list, ok := f.Value.(pflag.SliceValue); ok {
			text = strings.Join(list.GetSlice(), ",")
		}
		if !slices.Contains(files, f.Name) && !utf8.ValidString(text) && bad == nil {
			bad = fmt.Errorf("--%s is not UTF-8: %w", f.Name, badByte(text))
		}
	})
	if cmd.Name() == "import" {
		return bad
	}
	for i, text := range args {
		if !utf8.ValidString(text) && bad == nil {
			bad = fmt.Errorf("argument %d is not UTF-8: %w", i+1, badByte(text))
		}
	}
	return bad
}

// badByte names the first byte of a text that is not UTF-8.
func badByte(text string) error {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size <= 1 {
			return fmt.Errorf("byte %d of %q is 0x%02x", i+1, text, text[i])
		}
		i += size
	}
	return errors.New("no byte of it is wrong")
}

// confirm asks a question on the terminal; anything but yes is no, and so is
// the end of the context.
func (a *App) confirm(ctx context.Context, question string) bool {
	fmt.Fprint(a.Err, oneLine(question)+" [y/N] ")
	answers := make(chan string, 1)
	go func() { answers <- a.readLine() }()
	answer := ""
	select {
	case answer = <-answers:
	case <-ctx.Done():
	}
	if !strings.HasSuffix(answer, "\n") {
		fmt.Fprintln(a.Err)
	}
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		return true
	}
	return false
}

// readLine reads a line and nothing behind it, which may be the answer to the
// next question. Without a line the answer is "".
func (a *App) readLine() string {
	var line []byte
	one := make([]byte, 1)
	for {
		n, err := a.In.Read(one)
		if n == 1 {
			line = append(line, one[0])
		}
		if err != nil || n == 1 && one[0] == '\n' {
			return string(line)
		}
	}
}

// terminal says that a person can be asked a question.
func (a *App) terminal() bool { return a.InTTY && a.ErrTTY }
