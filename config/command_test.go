package config

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRunCommand(t *testing.T) {
	t.Parallel()
	sh := func(script string) []string { return []string{"/bin/sh", "-c", script} }
	if out, err := RunCommand(t.Context(), sh("printf 'key\\n'; echo noise >&2; cat")); err != nil || string(out) != "key\n" {
		t.Errorf("%q %v", out, err)
	}
	if out, err := RunCommand(t.Context(), []string{"/bin/echo", "$HOME", "*", ";", "a b"}); err != nil || string(out) != "$HOME * ; a b\n" {
		t.Errorf("a shell had its hands in it: %q %v", out, err)
	}
	if out, err := RunCommand(t.Context(), sh("yes | head -c 1000000")); err != nil || len(out) != 2*maxToken {
		t.Errorf("%d bytes, %v", len(out), err)
	}
	if out, err := RunCommand(t.Context(), []string{"yes"}); err != nil || len(out) != 2*maxToken {
		t.Errorf("of a program without end: %d bytes, %v", len(out), err)
	}
	if out, err := RunCommand(t.Context(), sh("sleep 30 & echo key")); err != nil || string(out) != "key\n" {
		t.Errorf("of one whose child keeps the pipe: %q %v", out, err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := RunCommand(cancelled, sh("echo key")); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	plain := filepath.Join(t.TempDir(), "plain")
	if err := os.WriteFile(plain, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		argv []string
		want string
	}{
		{nil, "no program to run"},
		{[]string{"levcontacts-no-such-program"}, "there is no such program"},
		{[]string{"/no/such/program"}, "no such file or directory"},
		{[]string{plain}, "permission denied"},
		{sh("echo " + testKey + "; exit 3"), "it ended with exit status 3"},
		{sh("printf 'gpg: \\033[31mfailed " + testKey + "\\nmore' >&2; exit 2"), `it ended with exit status 2 and said "gpg: \x1b[31mfailed [redacted]"`},
	}
	for _, tt := range tests {
		out, err := RunCommand(t.Context(), tt.argv)
		if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), testKey) || out != nil {
			t.Errorf("%v: %q %v, want %s", tt.argv, out, err, tt.want)
		}
	}
}
