package main

import (
	"errors"
	"flag"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/levcontacts/levcontacts/api/contract"
	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/config"
	"github.com/levcontacts/levcontacts/e2e/rig"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// testKey is the key of every script. It must never come out anywhere.
const testKey = "lev_sk_test_4f9d1c2b7a6e5d40a1b2c3d4"

// The variables by which tests change what the real program has around it.
const (
	keyringVar = "LEVCONTACTS_TEST_KEYRING" // a folder that stands in for the keyring, or "locked"
	panicVar   = "LEVCONTACTS_TEST_PANIC"   // where the screen panics or gets stuck when x is pressed
)

func TestMain(m *testing.M) {
	rig.RunMany()
	testscript.Main(m, map[string]func(){
		"levcontacts": func() { os.Exit(run(os.Args[1:], testProgram())) },
	})
}

// testProgram is the real program with a keyring of its own.
func testProgram() program {
	p := program{keyring: folderKeyring(os.Getenv(keyringVar))}
	if where := os.Getenv(panicVar); where != "" {
		p.wrap = func(m tea.Model) tea.Model { return panicky{m, where} }
	}
	return p
}

// folderKeyring is a keyring in a folder; without one there is none.
type folderKeyring string

func (k folderKeyring) path(user string) (string, error) {
	switch k {
	case "":
		return "", errors.New("there is no keyring in this test")
	case "locked":
		select {} // asks someone who is not there
	}
	return filepath.Join(string(k), url.PathEscape(user)), nil
}

func (k folderKeyring) Get(_, user string) (string, error) {
	path, err := k.path(user)
	if err != nil {
		return "", err
	}
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", config.ErrKeyringNotFound
	}
	return string(raw), err
}

func (k folderKeyring) Set(_, user, secret string) error {
	path, err := k.path(user)
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(secret), 0o600)
}

func (k folderKeyring) Delete(_, user string) error {
	path, err := k.path(user)
	if err != nil {
		return err
	}
	if err := os.Remove(path); errors.Is(err, fs.ErrNotExist) {
		return config.ErrKeyringNotFound
	} else if err != nil {
		return err
	}
	return nil
}

// panicky is a screen that fails inside.
type panicky struct {
	tea.Model
	where string
}

func (p panicky) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	key, pressed := msg.(tea.KeyPressMsg)
	if pressed && key.String() == "x" {
		switch p.where {
		case "update":
			panic("a mistake in Update")
		case "view":
			p.where = "view now"
			return p, nil
		case "stuck update":
			select {}
		case "stuck view":
			p.where = "stuck view now"
			return p, nil
		case "command":
			return p, tea.Batch(nil, tea.Sequence(func() tea.Msg { return nil }, func() tea.Msg { panic("a mistake in a command") }))
		}
	}
	next, cmd := p.Model.Update(msg)
	p.Model = next
	return p, cmd
}

func (p panicky) View() tea.View {
	if p.where == "view now" {
		panic("a mistake in View")
	}
	if p.where == "stuck view now" {
		select {}
	}
	return p.Model.View()
}

func (p panicky) OpenDrafts() []work.Draft {
	if s, ok := p.Model.(interface{ OpenDrafts() []work.Draft }); ok {
		return s.OpenDrafts()
	}
	return nil
}

func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               setUp,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"sandbox": startSandbox, "exits": exits, "mode": mode},
	})
}

// setUp gives every script a home of its own, a service, and a key for it, and
// looks afterwards whether the key is anywhere it should not be.
func setUp(env *testscript.Env) error {
	home := filepath.Join(env.WorkDir, "home")
	ring := filepath.Join(env.WorkDir, "keyring")
	for _, dir := range []string{home, ring} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(env.WorkDir, "key.txt"), []byte(testKey+"\n"), 0o600); err != nil {
		return err
	}
	env.Values[testKey] = env.T() // for commands, which have none
	env.Setenv("HOME", home)
	env.Setenv("XDG_CONFIG_HOME", filepath.Join(home, "config"))
	env.Setenv("XDG_STATE_HOME", filepath.Join(home, "state"))
	env.Setenv("XDG_CACHE_HOME", filepath.Join(home, "cache"))
	env.Setenv(keyringVar, ring)
	exports, err := filepath.Abs("testdata/exports")
	if err != nil {
		return err
	}
	env.Setenv("EXPORTS", exports)
	env.Setenv("KEY", testKey)
	env.Setenv("LEV_API_KEY", testKey)
	env.Setenv("LANG", "C.UTF-8")
	env.Setenv("TZ", "UTC")
	address, err := serveSandbox(env, env.T(), sandbox.Options{Contacts: 120, Tier: "unlimited"})
	if err != nil {
		return err
	}
	env.Setenv("LEV_BASE_URL", address)
	env.Defer(func() { wantNoKey(env.T(), home) })
	return nil
}

// deferrer is what both a script and its set-up are.
type deferrer interface{ Defer(func()) }

// documented compares what a service gets and answers with the documents.
func documented(t testing.TB, service http.Handler) http.Handler {
	return contract.Handler(t, contract.Both, contract.Options{}, service)
}

// serveSandbox also compares the script's requests and responses with the
// documents.
func serveSandbox(d deferrer, t testscript.T, o sandbox.Options) (string, error) {
	service, err := sandbox.New(o)
	if err != nil {
		return "", err
	}
	watch, err := contract.New(contract.Version(o.Dialect), contract.Options{})
	if err != nil {
		return "", err
	}
	server := httptest.NewServer(watch.Around(service))
	d.Defer(func() {
		server.Close()
		if err := watch.Report(); err != nil {
			t.Log(err)
			t.FailNow()
		}
	})
	return server.URL + sandbox.BasePath, nil
}

// startSandbox is the command sandbox [-contacts N] [-tier T] [-faults SPEC]
// [-dialect march|later] [-readonly] [-connected ignored|refused]: from then on LEV_BASE_URL is that service.
// With -to VAR another variable is set.
func startSandbox(ts *testscript.TestScript, _ bool, args []string) {
	set := flag.NewFlagSet("sandbox", flag.ContinueOnError)
	o := sandbox.Options{TextFields: model.TextFieldNames()}
	set.IntVar(&o.Contacts, "contacts", 120, "")
	set.StringVar(&o.Tier, "tier", "unlimited", "")
	faults := set.String("faults", "", "")
	dialect := set.String("dialect", "", "")
	connected := set.String("connected", "", "")
	readOnly := set.Bool("readonly", false, "")
	to := set.String("to", "LEV_BASE_URL", "")
	account := set.String("account", "", "")
	ts.Check(set.Parse(args))
	var err error
	o.Faults, err = sandbox.ParseFaults(*faults)
	ts.Check(err)
	switch *dialect {
	case "march":
		o.Dialect = sandbox.DialectMarch
	case "later":
		o.Dialect = sandbox.DialectLater
	}
	o.IgnoreConnectedFilter, o.RefuseConnectedFilter = *connected == "ignored", *connected == "refused"
	if *readOnly || *account != "" {
		o.Keys = []sandbox.Key{{Token: testKey, ReadOnly: *readOnly, Account: *account}}
	}
	address, err := serveSandbox(ts, ts.Value(testKey).(testscript.T), o)
	ts.Check(err)
	ts.Setenv(*to, address)
}

// exits is the command exits CODE PROGRAM ARG…: the program ends with that code
// and describes nothing of the key.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if ended, ok := errors.AsType[*exec.ExitError](err); ok {
		code = ended.ExitCode()
	} else {
		ts.Check(err)
	}
	if args[0] != strconv.Itoa(code) {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
	for _, stream := range []string{"stdout", "stderr"} {
		if strings.Contains(ts.ReadFile(stream), testKey) {
			ts.Fatalf("the key is in %s", stream)
		}
	}
}

// mode is the command mode OCTAL FILE: the file has these permissions.
func mode(ts *testscript.TestScript, _ bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := strconv.FormatUint(uint64(info.Mode().Perm()), 8); got != args[0] {
		ts.Fatalf("%s has mode %s, want %s", args[1], got, args[0])
	}
}

// wantNoKey looks through everything a script left in its home folder. The one
// place for a key there is the key file, which the user has to ask for.
func wantNoKey(t testscript.T, home string) {
	err := filepath.WalkDir(home, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Base(filepath.Dir(path)) == "keys" {
			return err
		}
		raw, err := os.ReadFile(path)
		if err == nil && strings.Contains(string(raw), testKey) {
			t.Log("the key is in " + path)
			t.FailNow()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
