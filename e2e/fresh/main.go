//go:build unix

// Command fresh shows that the program comes up on a fresh machine: with an
// empty module cache and an empty build cache, in a clone of what is
// committed, go run . --demo draws contacts and go mod tidy changes nothing.
// With -test the tests run there too.
//
//	go run ./e2e/fresh [-test]
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/levcontacts/levcontacts/internal/term"
)

func main() {
	tests := flag.Bool("test", false, "run the tests from the empty caches too")
	flag.Parse()
	if err := run(context.Background(), *tests); err != nil {
		fmt.Fprintln(os.Stderr, "fresh:", err)
		os.Exit(1)
	}
	fmt.Println("fresh: all as on a machine that has only Go")
}

func run(ctx context.Context, tests bool) error {
	dir, err := os.MkdirTemp("", "levcontacts-fresh")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	clone := filepath.Join(dir, "clone")
	env := append(os.Environ(), "HOME="+dir, "GOMODCACHE="+filepath.Join(dir, "mod"), "GOCACHE="+filepath.Join(dir, "build"), "GOFLAGS=-modcacherw",
		"TERM=xterm-256color", "LANG=C.UTF-8")
	if err := command(ctx, env, ".", "git", "clone", "-q", ".", clone); err != nil {
		return err
	}
	if err := demo(ctx, env, clone); err != nil {
		return err
	}
	if err := command(ctx, env, clone, "go", "mod", "tidy", "-diff"); err != nil {
		return err
	}
	if !tests {
		return nil
	}
	return command(ctx, env, clone, "go", "test", "./...")
}

// demo is the README's first command, from typing it to leaving it.
func demo(ctx context.Context, env []string, dir string) error {
	goTool, err := exec.LookPath("go")
	if err != nil {
		return err
	}
	t, err := term.Start(ctx, term.Options{Path: goTool, Args: []string{"run", ".", "--demo"}, Dir: dir, Env: env, Cols: 120, Rows: 40, Timeout: 10 * time.Minute})
	if err != nil {
		return err
	}
	defer t.Close()
	if err := t.WaitFor("Sarah Chen", "of 1,284 loaded"); err != nil {
		return err
	}
	if err := t.Press("q"); err != nil {
		return err
	}
	code, err := t.Wait()
	if err == nil && code != 0 {
		err = fmt.Errorf("go run . --demo ended with %d", code)
	}
	return err
}

func command(ctx context.Context, env []string, dir, name string, args ...string) error {
	c := exec.CommandContext(ctx, name, args...)
	c.Env, c.Dir, c.Stdout, c.Stderr = env, dir, os.Stdout, os.Stderr
	if err := c.Run(); err != nil {
		return fmt.Errorf("%s %v: %w", name, args, err)
	}
	return nil
}
