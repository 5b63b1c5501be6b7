package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/levcontacts/levcontacts/api/contract"
	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/e2e/rig"
	"github.com/levcontacts/levcontacts/internal/term"
	"github.com/levcontacts/levcontacts/model"
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
	os.Exit(testWithProgram(m))
}

// testWithProgram runs the tests with the program of standins.go in the path. It is a
// program of its own, as the tests bring along packages that take longer to start than
// a command runs.
func testWithProgram(m *testing.M) int {
	path, err := term.BuildOnce(context.Background(), ".", "-tags", "standins", "-buildvcs=false")
	if err == nil {
		err = os.Setenv("PATH", filepath.Dir(path)+string(filepath.ListSeparator)+os.Getenv("PATH"))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
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
