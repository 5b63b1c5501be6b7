//go:build unix

package e2e

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/levcontacts/levcontacts/internal/term"
)

// However the program ends, the terminal is as it was before.
func TestTheTerminalIsLeftClean(t *testing.T) {
	t.Parallel()
	signal := func(s os.Signal) func(*person) { return func(p *person) { must(p.t, p.Signal(s)) } }
	for name, c := range map[string]struct {
		leave func(*person)
		code  int
	}{
		"q":       {func(p *person) { p.press("q") }, 0},
		"ctrl+c":  {func(p *person) { p.press("ctrl+c") }, 0},
		"SIGTERM": {signal(syscall.SIGTERM), 130},
		"SIGINT":  {signal(syscall.SIGINT), 130},
		"SIGHUP":  {signal(syscall.SIGHUP), 130},
		"q without a service": {func(p *person) {
			p.r.Door.Shut()
			p.press("r")
			p.wait("OFFLINE")
			p.press("q")
		}, 0},
		"SIGTERM in a form": {func(p *person) {
			p.press("e")
			p.wait("Edit Sarah Chen")
			must(p.t, p.Signal(syscall.SIGTERM))
		}, 130},
		"ctrl+c in help": {func(p *person) {
			p.press("?")
			p.wait("Help")
			p.press("ctrl+c")
		}, 0},
		"q while a page is under way": {func(p *person) {
			p.r.fails("slow=10s@list")
			p.press("G", "q")
		}, 0},
		"ctrl+c before the first row": {nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, rigOptions{config: "page_size = 50\n"})
			if c.leave == nil {
				r.fails("slow=10s@*")
				p := r.start(term.Options{})
				p.wait("Loading contacts")
				p.press("ctrl+c")
				p.exits(0)
				return
			}
			p := r.open()
			c.leave(p)
			p.exits(c.code)
			if screen := strings.TrimSpace(p.Screen()); strings.Contains(screen, "Sarah") || strings.Contains(screen, "panic") {
				t.Errorf("left on the screen:\n%s", screen)
			}
		})
	}
}

func TestEveryTerminalSize(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 24}, {20, 5}, {60, 20}, {40, 10}, {300, 100}, {1, 1}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel()
			r := newRig(t, rigOptions{})
			p := r.start(term.Options{Cols: size[0], Rows: size[1]})
			if size[0] >= 20 {
				p.until("a contact", func(s string) bool { return strings.Contains(s, "Sarah Ch") })
				if rows := strings.Split(p.Screen(), "\n"); size[1] >= 16 && !strings.Contains(rows[0], "levcontacts") {
					t.Errorf("the header is not at the top:\n%s", p.Screen())
				}
			}
			p.press("j", "k", "enter", "q")
			p.exits(0)
		})
	}
}

// A terminal that says it has no size counts as 80x24.
func TestATerminalWithoutASize(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOptions{})
	p := r.start(term.Options{NoSize: true, Cols: 120, Rows: 40})
	p.waitLoaded()
	rows := strings.Split(p.Screen(), "\n")
	if !strings.Contains(rows[23], "q quit") || strings.TrimSpace(strings.Join(rows[24:], "")) != "" {
		t.Errorf("the footer is not in row 24:\n%s", p.Screen())
	}
	p.quit()
}

// However fast the size changes, the last one is drawn whole.
func TestAStormOfResizes(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOptions{})
	p := r.open()
	p.press("j", "j", "j")
	for i := range 60 {
		must(t, p.Resize(20+(i*37)%130, 5+(i*13)%50))
	}
	must(t, p.Resize(110, 30))
	p.until("a whole frame of the last size", func(s string) bool {
		rows := strings.Split(s, "\n")
		at, ok := placeOn(s)
		return ok && at.At == 4 && len(rows) == 30 && strings.Contains(rows[0], "levcontacts") && strings.Contains(rows[29], "q quit") &&
			strings.Count(s, "│") >= 20 // a frame of a size in between may have no rule
	})
	p.checkStraight()
	p.press("e")
	p.wait("ctrl+s save")
	p.toField("Title", "tab")
	p.send("zz")
	for i := range 30 {
		must(t, p.Resize(30+(i*29)%100, 6+(i*7)%40))
	}
	must(t, p.Resize(120, 40))
	p.until("the form at the last size", func(s string) bool {
		rows := strings.Split(s, "\n")
		return len(rows) == 40 && strings.Contains(rows[39], "ctrl+s save") && strings.Contains(s, "zz")
	})
	p.press("ctrl+c")
	p.wait("An edit is open")
	p.press("y")
	p.exits(0)
}

// A frame that scrolls a part of the screen ends with the margins of its own size. When
// the terminal has become larger meanwhile, they must not stay.
func TestALateFrameLeavesNoMargins(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOptions{})
	p := r.open()
	p.Show("\x1b[3;10r\x1b[2S\x1b[1;12r")
	p.press("ctrl+l")
	p.until("a whole frame", func(s string) bool {
		rows := strings.Split(s, "\n")
		return strings.Contains(rows[0], "levcontacts") && strings.Contains(rows[2], "Name") && strings.Contains(rows[39], "q quit")
	})
	p.checkStraight()
	p.quit()
}

func TestNoColor(t *testing.T) {
	t.Parallel()
	colour := regexp.MustCompile(`\x1b\[(?:[\d;:]*[;:])?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])[\d;:]*m`)
	for name, o := range map[string]term.Options{
		"NO_COLOR":   {Env: []string{"NO_COLOR=1"}},
		"--no-color": {Args: []string{"--no-color"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, rigOptions{})
			p := r.start(o)
			p.waitLoaded()
			p.press("j", "e")
			p.wait("ctrl+s save")
			p.press("esc")
			p.gone("ctrl+s save")
			p.press("?")
			p.wait("Help")
			p.press("esc")
			p.gone("Help")
			p.quit()
			if found := colour.Find(p.Raw()); found != nil {
				t.Errorf("the output has the colour %q", found)
			}
		})
	}
	t.Run("otherwise", func(t *testing.T) {
		t.Parallel()
		p := newRig(t, rigOptions{}).open()
		p.quit()
		if !colour.Match(p.Raw()) {
			t.Error("no colour is found where there must be some: the search is broken")
		}
	})
}

// Without a terminal the program says where to go, at once.
func TestWithoutATerminal(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOptions{})
	code := filepath.Join(t.TempDir(), "code")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", `{ "$PROGRAM" </dev/null 2>&1; echo $? >"$CODE"; } | cat`)
	cmd.Env = append(slices.Clone(r.Env), "PROGRAM="+r.Program, "CODE="+code, "PATH="+os.Getenv("PATH"))
	said, err := cmd.Output()
	must(t, err)
	wantCode(t, code, "2\n")
	if bytes.Count(said, []byte("\n")) != 1 || !bytes.Contains(said, []byte("levcontacts list")) || bytes.ContainsRune(said, '\x1b') {
		t.Errorf("said %q, want one line that names levcontacts list", said)
	}
	if n := len(r.Service.Requests()); n != 0 {
		t.Errorf("%d requests were made", n)
	}
	r.wroteNothing()
}

// Half a terminal is none.
func TestHalfATerminal(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{
		"no input":  `"$PROGRAM" </dev/null; echo $? >"$CODE"`,
		"no output": `{ "$PROGRAM"; echo $? >"$CODE"; } 2>&1 | cat`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, rigOptions{})
			code := filepath.Join(t.TempDir(), "code")
			p, err := term.Start(t.Context(), term.Options{
				Path: "sh", Args: []string{"-c", script}, Env: append(slices.Clone(r.Env), "PROGRAM="+r.Program, "CODE="+code),
				Cols: 200, Rows: 10, Record: true, Timeout: patience,
			})
			must(t, err)
			defer p.Close()
			_, err = p.Wait()
			must(t, err)
			wantCode(t, code, "2\n")
			if s := strings.TrimSpace(p.Screen()); !strings.Contains(s, "levcontacts list") || strings.Contains(s, "\n") || bytes.ContainsRune(p.Raw(), '\x1b') {
				t.Errorf("said %q, want one line that names levcontacts list", p.Raw())
			}
			r.wroteNothing()
		})
	}
}

func wantCode(t *testing.T, path, want string) {
	t.Helper()
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("the exit code is %q, %v; want %q", got, err, want)
	}
}

// wroteNothing looks whether a person's configuration is still all there is.
func (r *rig) wroteNothing() {
	r.t.Helper()
	for _, dir := range []string{"state", "cache", "log"} {
		if _, err := os.Stat(filepath.Join(r.Home, dir)); err == nil {
			r.t.Errorf("%s was made", dir)
		}
	}
}
