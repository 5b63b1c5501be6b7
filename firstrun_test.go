//go:build unix

package main

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/internal/term"
)

// newcomerStage is a stage for someone without a key, with a service that
// takes one key only.
func newcomerStage(t *testing.T, keyring string) *stage {
	t.Helper()
	service, err := sandbox.New(sandbox.Options{Contacts: 30, Tier: "unlimited", Keys: []sandbox.Key{{Token: testKey}}})
	must(t, err)
	server := httptest.NewServer(documented(t, service))
	t.Cleanup(server.Close)
	s := newStage(t, "LEV_API_KEY=", "LEV_BASE_URL="+server.URL+sandbox.BasePath)
	switch keyring {
	case "works":
		keyring = t.TempDir()
	case "none":
		keyring = ""
	}
	s.env = append(s.env, keyringVar+"="+keyring)
	return s
}

// connect goes through the first-run screen, with a wrong key first, to the
// question where the key is to be kept or, with a keyring, past it.
func connect(t *testing.T, tt *term.Terminal) {
	t.Helper()
	must(t, tt.WaitFor("Look around with sample data"))
	must(t, tt.Press("down", "enter"))
	must(t, tt.WaitFor("Key", "Service", "Paste it here"))
	must(t, tt.Send("lev_sk_wrong_0123456789abcdef0123"))
	must(t, tt.Press("enter"))
	must(t, tt.WaitFor("does not accept"))
	must(t, tt.Press("ctrl+u"))
	must(t, tt.Send(testKey))
	must(t, tt.Press("enter"))
	must(t, tt.WaitFor("The key works", "Meridian Partners"))
	must(t, tt.Press("enter"))
	must(t, tt.WaitFor("Where should the key be stored?"))
}

func TestFirstRunWithKeyring(t *testing.T) {
	t.Parallel()
	s := newcomerStage(t, "works")
	log := filepath.Join(s.home, "requests.log")
	tt := s.start("--log-file", log)
	connect(t, tt)
	tries, err := os.ReadFile(log)
	must(t, err)
	for _, status := range []string{`"status":401`, `"status":200`} {
		if lines := strings.Count(string(tries), status); lines != 1 {
			t.Errorf("%d lines of the log have %s, want one:\n%s", lines, status, tries)
		}
	}
	if strings.Contains(string(tries), testKey[:12]) || strings.Contains(string(tries), "lev_sk_wrong") {
		t.Errorf("a key is in the log:\n%s", tries)
	}
	must(t, tt.Press("enter"))
	must(t, tt.WaitFor("Connected", "the system keyring"))
	must(t, tt.Press("enter"))
	must(t, tt.WaitFor("Sarah Chen", "of 30"))
	must(t, tt.Press("q"))
	wantEnd(t, tt, 0)
	again := s.start()
	must(t, again.WaitFor("Sarah Chen", "of 30"))
	must(t, again.Press("q"))
	wantEnd(t, again, 0)
	if _, err := os.Stat(filepath.Join(s.home, "config/levcontacts/keys")); err == nil {
		t.Error("the key is in a file although there is a keyring")
	}
}

func TestFirstRunWithoutKeyring(t *testing.T) {
	t.Parallel()
	for _, keyring := range []string{"none", "locked"} {
		t.Run(keyring, func(t *testing.T) {
			t.Parallel()
			s := newcomerStage(t, keyring)
			file := filepath.Join(s.home, "config/levcontacts/keys/default")
			tt := s.start()
			connect(t, tt)
			must(t, tt.WaitFor("The system keyring cannot be used"))
			must(t, tt.Press("enter"))
			must(t, tt.WaitFor("Store the key in a plain file?"))
			if _, err := os.Stat(file); err == nil {
				t.Fatal("the key is in a file before the yes")
			}
			must(t, tt.Press("y"))
			must(t, tt.WaitFor("Connected", "stored in"))
			must(t, tt.Press("enter"))
			must(t, tt.WaitFor("Sarah Chen", "of 30"))
			must(t, tt.Press("q"))
			wantEnd(t, tt, 0)
			info, err := os.Stat(file)
			must(t, err)
			if info.Mode().Perm() != 0o600 {
				t.Errorf("the key file has mode %o", info.Mode().Perm())
			}
			again := s.start()
			must(t, again.WaitFor("Sarah Chen", "of 30"))
		})
	}
}

// A key that is stored nowhere works for this run and leaves nothing.
func TestFirstRunForThisRunOnly(t *testing.T) {
	t.Parallel()
	s := newcomerStage(t, "none")
	tt := s.start()
	connect(t, tt)
	must(t, tt.Press("down", "enter"))
	must(t, tt.WaitFor("Connected"))
	must(t, tt.Press("enter"))
	must(t, tt.WaitFor("Sarah Chen", "of 30"))
	must(t, tt.Press("q"))
	wantEnd(t, tt, 0)
	if _, err := os.Stat(filepath.Join(s.home, "config")); err == nil {
		t.Error("something was written to the configuration")
	}
	again := s.start()
	must(t, again.WaitFor("Look around with sample data"))
	must(t, again.Press("enter"))
	must(t, again.WaitFor("DEMO", "1,284"))
	must(t, again.Press("q"))
	wantEnd(t, again, 0)
}
