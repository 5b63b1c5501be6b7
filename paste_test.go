//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// B5: whatever is pasted, every key is heard afterwards.
func TestNoPasteMakesAKeyDead(t *testing.T) {
	t.Parallel()
	tt := newStage(t).start()
	must(t, tt.WaitFor("of 30"))
	for _, body := range []string{
		"see \x1b]0;title", "\x1bP", "\x1b_", "\x1b^", "\x1bX", "\x1b[M", "\x9d", "\x03", "two\nlines", "\x1b[200~", "日本\xe6",
	} {
		must(t, tt.Press("/"))
		must(t, tt.WaitFor("enter keep"))
		must(t, tt.Send("\x1b[200~"+body+"\x1b[201~"))
		must(t, tt.Send("Zq"))
		must(t, tt.WaitFor("Zq"))
		must(t, tt.Press("esc"))
		must(t, tt.WaitGone("enter keep"))
	}
	for _, torn := range []string{"\x1b[200~abc", "\x1b[201", "~"} { // the end comes late
		if torn == "\x1b[200~abc" {
			must(t, tt.Press("/"))
			must(t, tt.WaitFor("enter keep"))
		}
		must(t, tt.Send(torn))
		<-time.After(120 * time.Millisecond)
	}
	must(t, tt.Send("Zq"))
	must(t, tt.WaitFor("abcZq"))
	must(t, tt.Press("esc"))
	must(t, tt.WaitGone("enter keep"))
	must(t, tt.Press("q"))
	wantEnd(t, tt, 0)
}

// B14: keys whose bytes come apart are the keys that they are.
func TestTornKeys(t *testing.T) {
	t.Parallel()
	tt := newStage(t).start()
	must(t, tt.WaitFor("of 30"))
	for i, key := range []string{"\x1b[|B", "\x1bO|B", "\x1b[1;|1|B"} {
		for part := range strings.SplitSeq(key, "|") {
			must(t, tt.Send(part))
			<-time.After(150 * time.Millisecond)
		}
		must(t, tt.WaitFor([]string{" 2 of 30", " 3 of 30", " 4 of 30"}[i]))
	}
	must(t, tt.Press("q"))
	wantEnd(t, tt, 0)
}

// B13: ctrl+v gives the machine's clipboard, or what the terminal answers, and a
// terminal that does not answer is named.
func TestPasteKey(t *testing.T) {
	t.Parallel()
	bin := t.TempDir()
	must(t, os.WriteFile(filepath.Join(bin, "xclip"), []byte("#!/bin/sh\nprintf 'rodriguez\\n'\n"), 0o700))
	for name, test := range map[string]struct {
		env, answer, want string
	}{
		"the machine's":  {"PATH=" + bin + ":" + os.Getenv("PATH"), "", "/ rodriguez"},
		"the terminal's": {"SSH_TTY=/dev/pts/1", "\x1b]52;c;cm9kcmlndWV6\x07", "/ rodriguez"},
		"none":           {"SSH_TTY=/dev/pts/1", "", "does not give its clipboard"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt := newStage(t, test.env, "WAYLAND_DISPLAY=").start()
			must(t, tt.WaitFor("of 30"))
			must(t, tt.Press("/"))
			must(t, tt.WaitFor("enter keep"))
			must(t, tt.Press("ctrl+v"))
			if test.answer != "" {
				must(t, tt.Send(test.answer))
			}
			must(t, tt.WaitFor(test.want))
			must(t, tt.Press("esc"))
			must(t, tt.WaitGone("enter keep"))
			must(t, tt.Press("q"))
			wantEnd(t, tt, 0)
		})
	}
}
