//go:build unix

package term

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// run starts a program for one test.
func run(t *testing.T, o Options) *Terminal {
	t.Helper()
	term, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(term.Close)
	return term
}

// shell runs a shell script.
func shell(t *testing.T, script string) *Terminal {
	t.Helper()
	return run(t, Options{Path: "sh", Args: []string{"-c", script}})
}

// tui runs the full-screen test program and waits for its first frame.
func tui(t *testing.T, o Options) *Terminal {
	t.Helper()
	path, err := BuildOnce(t.Context(), "./testdata/tui")
	if err != nil {
		t.Fatal(err)
	}
	o.Path = path
	term := run(t, o)
	must(t, term.WaitFor("size ", "background "))
	return term
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantExit(t *testing.T, term *Terminal, want int) {
	t.Helper()
	if code, err := term.Wait(); err != nil || code != want {
		t.Fatalf("exit code %d, %v; want %d; the screen is\n%s", code, err, want, term.Screen())
	}
}

func wantRow(t *testing.T, term *Terminal, y int, want string) {
	t.Helper()
	if got := strings.Split(term.Screen(), "\n")[y]; got != want {
		t.Errorf("row %d is %q, want %q", y, got, want)
	}
}

func TestExitCode(t *testing.T) {
	t.Parallel()
	for script, want := range map[string]int{
		"exit 0":         0,
		"exit 3":         3,
		"kill -TERM $$":  128 + 15,
		"printf x; exit": 0,
	} {
		wantExit(t, shell(t, script), want)
	}
}

func TestLastOutputIsShownBeforeTheEnd(t *testing.T) {
	t.Parallel()
	term := shell(t, "seq 1 500; printf done")
	wantExit(t, term, 0)
	wantRow(t, term, 23, "done")
	wantRow(t, term, 22, "500")
}

func TestStartNamesTheProgramThatIsMissing(t *testing.T) {
	t.Parallel()
	_, err := Start(t.Context(), Options{Path: "/does/not/exist"})
	if err == nil || !strings.Contains(err.Error(), "/does/not/exist") {
		t.Errorf("the error %v does not name the program", err)
	}
}

func TestSignals(t *testing.T) {
	t.Parallel()
	term := shell(t, `trap 'echo got usr1' USR1; echo ready; while :; do sleep 0.01; done`)
	must(t, term.WaitFor("ready"))
	must(t, term.Signal(syscall.SIGUSR1))
	must(t, term.WaitFor("got usr1"))
	must(t, term.Kill())
	wantExit(t, term, 128+9)
	if err := term.Signal(syscall.SIGUSR1); !errors.Is(err, os.ErrProcessDone) {
		t.Errorf("a signal to a program that has ended: %v", err)
	}
}

func TestHangup(t *testing.T) {
	t.Parallel()
	mark := filepath.Join(t.TempDir(), "mark")
	term := run(t, Options{Path: "sh", Args: []string{"-c",
		`trap 'echo hung up >"$MARK"; exit 7' HUP; echo ready; while :; do sleep 0.01; done`}, Env: []string{"MARK=" + mark}})
	must(t, term.WaitFor("ready"))
	must(t, term.Hangup())
	wantExit(t, term, 7)
	if said, err := os.ReadFile(mark); err != nil || string(said) != "hung up\n" {
		t.Errorf("the program noted %q, %v", said, err)
	}
}

func TestContextEndsTheProgram(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	term, err := Start(ctx, Options{Path: "sleep", Args: []string{"1000"}})
	must(t, err)
	defer term.Close()
	cancel()
	wantExit(t, term, 128+9)
}

func TestCloseEndsTheProgram(t *testing.T) {
	t.Parallel()
	term := shell(t, "trap '' HUP TERM; echo ready; sleep 1000")
	must(t, term.WaitFor("ready"))
	term.Close()
	term.Close()
	wantExit(t, term, 128+9)
	wantRow(t, term, 0, "ready")
	for name, err := range map[string]error{
		"send": term.Send("x"), "press": term.Press("x"), "paste": term.Paste("x"), "resize": term.Resize(10, 10),
	} {
		if !errors.Is(err, ErrEnded) {
			t.Errorf("%s after the end: %v", name, err)
		}
	}
}

func TestSomethingLeftBehindDoesNotHoldUpTheEnd(t *testing.T) {
	t.Parallel()
	term := shell(t, "(trap '' HUP; sleep 20) & echo bye")
	wantExit(t, term, 0)
	wantRow(t, term, 0, "bye")
}

func TestEnvironmentIsNotInherited(t *testing.T) {
	t.Parallel()
	term := run(t, Options{Path: "env", Env: []string{"TERM=vt100", "MINE=yes"}})
	wantExit(t, term, 0)
	screen := term.Screen()
	for _, want := range []string{"TERM=vt100", "MINE=yes", "COLORTERM=truecolor"} {
		if !strings.Contains(screen, want) {
			t.Errorf("%s is missing in\n%s", want, screen)
		}
	}
	for _, alien := range []string{"HOME=", "TERM=xterm"} {
		if strings.Contains(screen, alien) {
			t.Errorf("%s is in\n%s", alien, screen)
		}
	}
}

func TestStdinMayBeAPipe(t *testing.T) {
	t.Parallel()
	term := run(t, Options{Path: "sh", Stdin: strings.NewReader("a secret"), Args: []string{"-c",
		`cat; test -t 0 || echo; test -t 0 || echo in: pipe; test -t 1 && echo out: terminal; : </dev/tty && echo has a terminal`}})
	wantExit(t, term, 0)
	for y, want := range []string{"a secret", "in: pipe", "out: terminal", "has a terminal"} {
		wantRow(t, term, y, want)
	}
}

func TestSize(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options Options
		want    string
	}{
		"default": {Options{}, "24 80"},
		"asked":   {Options{Cols: 40, Rows: 10}, "10 40"},
		"unknown": {Options{Cols: 40, Rows: 10, NoSize: true}, "0 0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.options.Path, c.options.Args = "stty", []string{"size"}
			term := run(t, c.options)
			wantExit(t, term, 0)
			wantRow(t, term, 0, c.want)
		})
	}
}

func TestResize(t *testing.T) {
	t.Parallel()
	term := tui(t, Options{Cols: 60, Rows: 12})
	must(t, term.WaitFor("size 60x12"))
	must(t, term.Resize(33, 7))
	must(t, term.WaitFor("size 33x7"))
	if rows := strings.Count(term.Screen(), "\n") + 1; rows != 7 {
		t.Errorf("the screen has %d rows, want 7", rows)
	}
}

func TestRawIsKeptOnlyWhenAsked(t *testing.T) {
	t.Parallel()
	script := []string{"-c", `printf '\033[31mred\033[m'`}
	for _, record := range []bool{true, false} {
		term := run(t, Options{Path: "sh", Args: script, Record: record})
		wantExit(t, term, 0)
		want := ""
		if record {
			want = "\x1b[31mred\x1b[m"
		}
		if got := string(term.Raw()); got != want {
			t.Errorf("record %v: %q, want %q", record, got, want)
		}
	}
}

func TestErrorsShowTheScreen(t *testing.T) {
	t.Parallel()
	waits := run(t, Options{Path: "sh", Args: []string{"-c", "echo hello; sleep 1000"}, Timeout: 300 * time.Millisecond})
	err := waits.WaitFor("hello", "goodbye")
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a wait that is too long: %v", err)
	}
	wantInError(t, err, `"hello", "goodbye"`, "  | hello", "300ms")

	ended := shell(t, "echo last words; exit 3")
	err = ended.WaitFor("goodbye")
	if !errors.Is(err, ErrEnded) {
		t.Errorf("a wait beyond the end: %v", err)
	}
	wantInError(t, err, `"goodbye"`, "  | last words", "exit code 3")
}

func wantInError(t *testing.T, err error, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%q is not in the error: %v", part, err)
		}
	}
}

func TestWaits(t *testing.T) {
	t.Parallel()
	term := shell(t, `stty -echo; printf one; read x; printf '\rtwo'; read x; printf '\r   '; sleep 1000`)
	must(t, term.WaitFor("one"))
	must(t, term.Press("enter"))
	must(t, term.WaitFunc("an o at the end", func(screen string) bool { return strings.Contains(screen, "two") }))
	must(t, term.WaitQuiet(time.Millisecond))
	must(t, term.Press("enter"))
	must(t, term.WaitGone("one", "two"))
}

func TestWaitQuietNeverComing(t *testing.T) {
	t.Parallel()
	term := run(t, Options{Path: "sh", Args: []string{"-c", "while :; do printf x; done"}, Timeout: 200 * time.Millisecond})
	if err := term.WaitQuiet(time.Hour); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a screen that never rests: %v", err)
	}
}
