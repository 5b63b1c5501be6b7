//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/internal/term"
)

// shell is a program that was started from an interactive shell.
type shell struct {
	*term.Terminal
	t    *testing.T
	home string
}

const prompt = "shell>"

// shell starts an interactive shell in a terminal, and the program in it.
func (s *stage) shell() *shell {
	s.t.Helper()
	bash, err := exec.LookPath("bash")
	if err != nil {
		s.t.Skip("there is no bash here")
	}
	tt, err := term.Start(s.t.Context(), term.Options{
		Path: bash, Args: []string{"--norc", "--noprofile", "-i"}, Env: append(s.env, "PS1="+prompt), Cols: 120, Rows: 40,
		Title: "my own title", Timeout: patience,
	})
	must(s.t, err)
	s.t.Cleanup(tt.Close)
	sh := &shell{tt, s.t, s.home}
	sh.waitPrompt()
	sh.run("sh -c 'echo $$ >$HOME/pid; exec levcontacts'")
	sh.waitScreen()
	return sh
}

func (sh *shell) run(command string) {
	sh.t.Helper()
	must(sh.t, sh.Send(command+"\r"))
}

// waitPrompt waits until the shell is ready for a line.
func (sh *shell) waitPrompt() {
	sh.t.Helper()
	must(sh.t, sh.WaitFunc("a prompt", func(screen string) bool { return strings.HasSuffix(strings.TrimSpace(screen), prompt) }))
}

func (sh *shell) waitScreen() {
	sh.t.Helper()
	must(sh.t, sh.WaitFor("Sarah Chen", "of 30"))
}

// says runs a command and waits for what it prints.
func (sh *shell) says(command, want string) {
	sh.t.Helper()
	sh.run(command)
	must(sh.t, sh.WaitFor(want))
}

// put looks whether the terminal is as the shell had it.
func (sh *shell) put() {
	sh.t.Helper()
	modes := sh.Modes()
	modes.Line = false           // the shell's own line editor
	modes.BracketedPaste = false // and that of the shell
	if err := modes.Err(); err != nil {
		sh.t.Error(err)
	}
}

// signal sends a signal to the program from outside the shell.
func (sh *shell) signal(sig syscall.Signal) {
	sh.t.Helper()
	raw, err := os.ReadFile(filepath.Join(sh.home, "pid"))
	must(sh.t, err)
	pid, err := strconv.Atoi(strings.TrimSpace(string(raw)))
	must(sh.t, err)
	must(sh.t, syscall.Kill(pid, sig))
}

// leave quits the program and looks whether the shell is whole.
func (sh *shell) leave() {
	sh.t.Helper()
	must(sh.t, sh.Press("q"))
	sh.waitPrompt()
	sh.put()
	sh.says("echo still $((40+2))", "still 42")
}

func TestSuspendAndContinue(t *testing.T) {
	t.Parallel()
	sh := newStage(t).shell()
	for range 3 {
		must(t, sh.Press("ctrl+z"))
		must(t, sh.WaitFor("Stopped"))
		sh.waitPrompt()
		sh.put()
		sh.run("clear; fg")
		sh.waitScreen()
		must(t, sh.Press("j"))
		must(t, sh.WaitFor(" 2 of 30"))
		must(t, sh.Press("k"))
		must(t, sh.WaitFor(" 1 of 30"))
	}
	sh.leave()
}

// B3b: what ends a suspended program ends it, and the shell keeps its terminal.
func TestSuspendedProgramEnds(t *testing.T) {
	t.Parallel()
	for _, signal := range []string{"TERM", "HUP", "INT", "QUIT"} {
		t.Run(signal, func(t *testing.T) {
			t.Parallel()
			sh := newStage(t).shell()
			must(t, sh.Press("ctrl+z"))
			must(t, sh.WaitFor("Stopped"))
			sh.waitPrompt()
			began := time.Now()
			sh.run("clear; kill -" + signal + " %1; kill -CONT %1; wait %1; echo ended $?")
			must(t, sh.WaitFor(fmt.Sprint("ended ", exitCodeAfter(signal))))
			if took := time.Since(began); took > endsWithin {
				t.Errorf("it took %s", took)
			}
			sh.put()
			sh.says("clear; jobs; echo none $((40+2))", "none 42")
			if screen := sh.Screen(); strings.Contains(screen, "Stopped") {
				t.Errorf("the program is still there:\n%s", screen)
			}
		})
	}
}

// B3c: after a stop from outside the terminal is set up again.
func TestStopFromOutside(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGSTOP, syscall.SIGTSTP} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			sh := newStage(t).shell()
			sh.signal(signal)
			must(t, sh.WaitFor("Stopped"))
			sh.run("clear; fg")
			sh.waitScreen()
			// A key that comes before the terminal is raw again belongs to the
			// shell's line, so the first ones may be lost.
			for range 100 {
				must(t, sh.Press("g", "j"))
				if time.Sleep(100 * time.Millisecond); strings.Contains(sh.Screen(), " 2 of 30") {
					break
				}
			}
			must(t, sh.WaitFor(" 2 of 30"))
			sh.leave()
		})
	}
}

// In the background the program stops again, and leaves the terminal alone.
func TestContinuedInTheBackground(t *testing.T) {
	t.Parallel()
	sh := newStage(t).shell()
	must(t, sh.Press("ctrl+z"))
	must(t, sh.WaitFor("Stopped"))
	sh.run("clear; bg")
	sh.says("clear; sleep 1; jobs", "Stopped")
	sh.put()
	sh.run("fg")
	sh.waitScreen()
	sh.leave()
}

// B3: where no shell waits, the program stays and says so.
func TestSuspendWithoutAShell(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	tt := s.start()
	must(t, tt.WaitFor("of 30"))
	must(t, tt.Press("ctrl+z"))
	must(t, tt.WaitFor("No shell to return to"))
	must(t, tt.Press("j"))
	must(t, tt.WaitFor(" 2 of 30"))
	must(t, tt.Press("q"))
	wantEnd(t, tt, 0)
}

// B12: title and cursor are as they were, tab stops were never touched.
func TestTitleAndCursorComeBack(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*term.Terminal) error{
		"quit":               func(tt *term.Terminal) error { return tt.Press("q") },
		"ctrl+c in a search": func(tt *term.Terminal) error { return tt.Press("/", "a", "ctrl+c") },
		"TERM while typing": func(tt *term.Terminal) error {
			must(t, tt.Press("/", "a"))
			must(t, tt.WaitFor("enter keep"))
			return tt.Signal(syscall.SIGTERM)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, err := exec.LookPath("levcontacts")
			must(t, err)
			tt, err := term.Start(t.Context(), term.Options{Path: path, Env: newStage(t).env, Cols: 120, Rows: 40, Record: true, Title: "my own title"})
			must(t, err)
			t.Cleanup(tt.Close)
			must(t, tt.WaitFor("of 30"))
			if tt.Title() == "my own title" {
				t.Error("the program has no title of its own: nothing is tested")
			}
			must(t, end(tt))
			_, err = tt.Wait()
			must(t, err)
			if err := tt.Modes().Err(); err != nil {
				t.Error(err)
			}
			for _, sequence := range []string{"\x1b[?5W", "\x1b[?2027h"} {
				if strings.Contains(string(tt.Raw()), sequence) {
					t.Errorf("%q was written", sequence)
				}
			}
		})
	}
}

// B12: what the terminal answers after the end does not reach the shell.
func TestLateAnswersStayOutOfTheShell(t *testing.T) {
	t.Parallel()
	for _, lag := range []time.Duration{20 * time.Millisecond, 80 * time.Millisecond, 150 * time.Millisecond} {
		t.Run(lag.String(), func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			tt, err := term.Start(t.Context(), term.Options{
				Path: "sh", Args: []string{"-c", `levcontacts; printf 'ended\n'; read -r line; printf 'line:%s.\n' "$line"`},
				Env: s.env, Cols: 120, Rows: 40, Lag: lag,
			})
			must(t, err)
			t.Cleanup(tt.Close)
			must(t, tt.Send("q"))
			must(t, tt.WaitFor("ended"))
			<-time.After(lag) // what would still come
			must(t, tt.Send("hello\r"))
			must(t, tt.WaitFor("line:hello."))
		})
	}
}

// B12: where there is no other screen, nothing of the program stays on it.
func TestNothingStaysWithoutAnOtherScreen(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	tt := s.start()
	must(t, tt.WaitFor("of 30"))
	must(t, tt.Press("q"))
	wantEnd(t, tt, 0)
	raw := string(tt.Raw())
	last := raw[:strings.LastIndex(raw, "\x1b[?1049l")]
	if !strings.Contains(last[strings.LastIndex(last, "quit"):], "\x1b[2J") && !strings.Contains(last[strings.LastIndex(last, "quit"):], "\x1b[J") {
		t.Errorf("the screen is not emptied before it is left: %q", last[strings.LastIndex(last, "quit"):])
	}
}
