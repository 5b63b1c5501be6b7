//go:build unix

package main

import (
	"io/fs"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/internal/term"
)

// stage is a program in a terminal with a home and a service of its own.
type stage struct {
	t    *testing.T
	home string
	env  []string
}

func newStage(t *testing.T, env ...string) *stage {
	t.Helper()
	service, err := sandbox.New(sandbox.Options{Contacts: 30, Tier: "unlimited"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(documented(t, service))
	t.Cleanup(server.Close)
	home := t.TempDir()
	return &stage{t, home, append([]string{
		"HOME=" + home, "XDG_CONFIG_HOME=" + home + "/config", "XDG_STATE_HOME=" + home + "/state", "XDG_CACHE_HOME=" + home + "/cache",
		"LEV_BASE_URL=" + server.URL + sandbox.BasePath, "LEV_API_KEY=" + testKey,
	}, env...)}
}

// patience is how long the slowest thing may take on a machine that does much
// else.
const patience = time.Minute

// start runs this test binary as levcontacts.
func (s *stage) start(args ...string) *term.Terminal {
	s.t.Helper()
	path, err := exec.LookPath("levcontacts")
	if err != nil {
		s.t.Fatal(err)
	}
	tt, err := term.Start(s.t.Context(), term.Options{Path: path, Args: args, Env: s.env, Cols: 120, Rows: 40,
		Record: true, Timeout: patience})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(tt.Close)
	return tt
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantEnd waits for the end and looks whether the terminal is as it was found
// and the key is nowhere in it.
func wantEnd(t *testing.T, tt *term.Terminal, code int) {
	t.Helper()
	got, err := tt.Wait()
	must(t, err)
	if got != code {
		t.Errorf("exit code %d, want %d; screen:\n%s", got, code, tt.Screen())
	}
	if err := tt.Modes().Err(); err != nil {
		t.Errorf("the terminal is not as it was found: %v", err)
	}
	if strings.Contains(string(tt.Raw()), testKey) {
		t.Error("the key was written to the terminal")
	}
}

func TestTerminalIsCleanAfterEveryEnd(t *testing.T) {
	t.Parallel()
	ends := []struct {
		name string
		end  func(*term.Terminal) error
		code int
	}{
		{"quit", func(tt *term.Terminal) error { return tt.Press("q") }, 0},
		{"ctrl+c", func(tt *term.Terminal) error { return tt.Press("ctrl+c") }, 0},
		{"SIGTERM", func(tt *term.Terminal) error { return tt.Signal(syscall.SIGTERM) }, 130},
		{"SIGINT", func(tt *term.Terminal) error { return tt.Signal(syscall.SIGINT) }, 130},
		{"SIGHUP", func(tt *term.Terminal) error { return tt.Signal(syscall.SIGHUP) }, 130},
	}
	for _, end := range ends {
		t.Run(end.name, func(t *testing.T) {
			t.Parallel()
			tt := newStage(t).start()
			must(t, tt.WaitFor("Sarah Chen", "of 30"))
			must(t, end.end(tt))
			wantEnd(t, tt, end.code)
		})
	}
}

func TestPanicsAreSaidInWordsAfterTheTerminalIsBack(t *testing.T) {
	t.Parallel()
	for where, what := range map[string]string{"update": "a mistake in Update", "view": "a mistake in View", "command": "a mistake in a command"} {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, panicVar+"="+where)
			tt := s.start()
			must(t, tt.WaitFor("Sarah Chen", "of 30"))
			must(t, tt.Press("x"))
			wantEnd(t, tt, 1)
			screen := tt.Screen()
			for _, text := range []string{"the program crashed", what, "the details for a report are in", "crash.txt"} {
				if !strings.Contains(strings.ReplaceAll(screen, "\n", ""), text) {
					t.Errorf("the screen does not say %q:\n%s", text, screen)
				}
			}
			if strings.Contains(screen, "goroutine") {
				t.Error("the stack is on the screen")
			}
			raw, err := os.ReadFile(filepath.Join(s.home, "state/levcontacts/default/crash.txt"))
			must(t, err)
			if !strings.Contains(string(raw), "goroutine") || strings.Contains(string(raw), testKey) {
				t.Error("the details have no stack, or have the key")
			}
		})
	}
}

// What is typed comes back after every end, also one from outside.
func TestOpenEditIsKept(t *testing.T) {
	t.Parallel()
	ends := map[string]func(*term.Terminal) error{
		"SIGTERM": func(tt *term.Terminal) error { return tt.Signal(syscall.SIGTERM) },
		"SIGHUP":  func(tt *term.Terminal) error { return tt.Signal(syscall.SIGHUP) },
		"SIGQUIT": func(tt *term.Terminal) error { return tt.Signal(syscall.SIGQUIT) },
		"SIGABRT": func(tt *term.Terminal) error { return tt.Signal(syscall.SIGABRT) },
		"hangup":  func(tt *term.Terminal) error { return tt.Hangup() },
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			tt := s.start()
			must(t, tt.WaitFor("Sarah Chen", "of 30"))
			must(t, tt.Press("e"))
			must(t, tt.WaitFor("First name"))
			must(t, tt.Press("tab"))
			must(t, tt.Send("Kept"))
			must(t, tt.WaitFor("Kept"))
			must(t, end(tt))
			if _, err := tt.Wait(); err != nil {
				t.Fatal(err)
			}
			again := s.start()
			must(t, again.WaitFor("Kept"))
		})
	}
}

func TestKeyOnStandardInputLeavesTheKeyboard(t *testing.T) {
	t.Parallel()
	s := newStage(t, "LEV_API_KEY=")
	path, err := exec.LookPath("levcontacts")
	must(t, err)
	tt, err := term.Start(t.Context(), term.Options{Path: path, Args: []string{"--api-key-file", "-"}, Env: s.env, Cols: 100, Rows: 24,
		Stdin: strings.NewReader(testKey + "\n"), Record: true})
	must(t, err)
	t.Cleanup(tt.Close)
	must(t, tt.WaitFor("Sarah Chen"))
	must(t, tt.Press("q"))
	wantEnd(t, tt, 0)
}

// Mistakes in the configuration are told before anything is drawn.
func TestWrongConfigurationDrawsNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	dir := filepath.Join(s.home, "config/levcontacts")
	must(t, os.MkdirAll(dir, 0o700))
	must(t, os.WriteFile(filepath.Join(dir, "config.toml"), []byte("theme = \"purple\"\npage_size = -1\n"), 0o600))
	tt := s.start()
	wantEnd(t, tt, 2)
	if screen := tt.Screen(); !strings.Contains(screen, "config.toml:1:") || !strings.Contains(screen, "config.toml:2:") {
		t.Errorf("the screen does not name both places:\n%s", screen)
	}
	if strings.Contains(string(tt.Raw()), "\x1b[?1049h") {
		t.Error("the other screen was opened")
	}
}

// Sample data leaves nothing on the disk.
func TestDemoLeavesNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t, "LEVCONTACTS_DEMO_TIME=2026-11-20T15:04:00Z")
	tt := s.start("--demo", "--demo-latency", "1ms")
	must(t, tt.WaitFor("Meridian Partners", "DEMO", "Sarah Chen", "9 months ago"))
	must(t, tt.Press("e"))
	must(t, tt.WaitFor("First name"))
	must(t, tt.Send("x"))
	must(t, tt.Signal(syscall.SIGTERM))
	wantEnd(t, tt, 130)
	must(t, filepath.WalkDir(s.home, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			t.Errorf("%s was left", path)
		}
		return err
	}))
}

// Where the locale says that the terminal shows plain characters only, the frame
// and the marks are drawn with those.
func TestPlainLocale(t *testing.T) {
	t.Parallel()
	tt := newStage(t, "LC_ALL=C").start()
	must(t, tt.WaitFor("Sarah Chen", "of 30"))
	if i := strings.IndexAny(string(tt.Raw()), "│─╭╰▌★●○✎✓…▲▼"); i >= 0 {
		t.Errorf("%q was drawn:\n%s", string(tt.Raw())[i:i+3], tt.Screen())
	}
	must(t, tt.Press("q"))
	wantEnd(t, tt, 0)
}

// Switching the profile opens the other one in the same program, and nothing
// of one account reaches the other.
func TestSwitchingProfiles(t *testing.T) {
	t.Parallel()
	s := newStage(t, "LEV_API_KEY=", "LEV_BASE_URL=")
	config := ""
	services := map[string]*sandbox.Server{}
	for _, name := range []string{"harbor", "meridian"} {
		key := "lev_sk_" + name + "_0123456789abcdef0123"
		service, err := sandbox.New(sandbox.Options{Contacts: 30, Tier: "unlimited", Keys: []sandbox.Key{{Token: key, Account: name + "-partners"}}})
		must(t, err)
		server := httptest.NewServer(documented(t, service))
		t.Cleanup(server.Close)
		services[name] = service
		must(t, os.WriteFile(filepath.Join(s.home, name+".key"), []byte(key), 0o600))
		config += "[profiles." + name + "]\nbase_url = \"" + server.URL + sandbox.BasePath + "\"\napi_key_file = \"~/" + name + ".key\"\n"
	}
	services["harbor"].Update(78, map[string]any{"last_name": "Harborside"})
	dir := filepath.Join(s.home, "config/levcontacts")
	must(t, os.MkdirAll(dir, 0o700))
	must(t, os.WriteFile(filepath.Join(dir, "config.toml"), []byte("profile = \"meridian\"\n"+config), 0o600))
	tt := s.start()
	must(t, tt.WaitFor("meridian · Meridian Partners", "Sarah Chen", "of 30"))
	must(t, tt.Press("P"))
	must(t, tt.WaitFor("harbor"))
	must(t, tt.Press("up", "enter"))
	must(t, tt.WaitFor("harbor · Harbor Partners", "Sarah Harborside"))
	must(t, tt.Press("q"))
	wantEnd(t, tt, 0)
	for name, service := range services {
		for _, e := range service.Requests() {
			if e.Status == 401 || e.Account != name+"-partners" {
				t.Errorf("%s got a request for %q, status %d", name, e.Account, e.Status)
			}
		}
	}
	for _, name := range []string{"harbor", "meridian"} {
		if _, err := os.Stat(filepath.Join(s.home, "cache/levcontacts", name, "contacts.db")); err != nil {
			t.Error(err)
		}
	}
}
