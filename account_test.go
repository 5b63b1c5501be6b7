//go:build unix

package main

import (
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/internal/term"
)

// login runs auth login with a key on standard input and gives what it says.
func (s *stage) login(key string) string {
	s.t.Helper()
	path, err := exec.LookPath("levcontacts")
	must(s.t, err)
	cmd := exec.CommandContext(s.t.Context(), path, "auth", "login", "--with-token")
	cmd.Env, cmd.Stdin = s.env, strings.NewReader(key)
	said, err := cmd.CombinedOutput()
	if err != nil {
		s.t.Fatalf("auth login: %v\n%s", err, said)
	}
	return string(said)
}

// A key of another account than the one whose drafts and history the profile
// has is a mistake more often than not, so it is said at once.
func TestLoginSaysThatTheAccountIsAnother(t *testing.T) {
	t.Parallel()
	const other = "lev_sk_other_0123456789abcdef0123"
	service, err := sandbox.New(sandbox.Options{Contacts: 30, Tier: "unlimited",
		Keys: []sandbox.Key{{Token: testKey, Account: "harbor"}, {Token: other, Account: "brook"}}})
	must(t, err)
	server := httptest.NewServer(documented(t, service))
	t.Cleanup(server.Close)
	s := newStage(t, "LEV_API_KEY=", "LEV_BASE_URL="+server.URL+sandbox.BasePath, keyringVar+"="+t.TempDir())
	const warning = "drafts and the history of profile default belong to Harbor"

	if said := s.login(other); strings.Contains(said, "drafts") || !strings.Contains(said, "signed in to Brook") {
		t.Errorf("a fresh profile: %s", said)
	}
	s.login(testKey)
	tt := s.start()
	must(t, tt.WaitFor("default · Harbor", "of 30"))
	must(t, tt.Press("q"))
	wantEnd(t, tt, 0)
	if said := s.login(testKey); strings.Contains(said, "drafts") {
		t.Errorf("the same account: %s", said)
	}
	before := len(service.Requests())
	if said := s.login(other); !strings.Contains(said, warning) || !strings.Contains(said, "levcontacts config add") {
		t.Errorf("another account: %s", said)
	}
	if asked := len(service.Requests()) - before; asked != 1 {
		t.Errorf("%d requests, want the one that tries the key", asked)
	}
	tt = s.start()
	must(t, tt.WaitFor("Brook", "READ-ONLY"))
	must(t, tt.Press("q"))
	wantEnd(t, tt, 0)
}

// Whoever signs in again in mid-session, with a key that the program does not
// keep, is told where the next start takes its key from and what to do there.
func TestSignInAgainSaysWhatTheNextStartNeeds(t *testing.T) {
	t.Parallel()
	const renewed = "lev_sk_renewed_0123456789abcdef01"
	for _, test := range []struct {
		name, said string
		start      func(t *testing.T, s *stage) *term.Terminal
	}{
		{"standard input", "the next start reads a key from standard input again: give it the new one", func(t *testing.T, s *stage) *term.Terminal {
			path, err := exec.LookPath("levcontacts")
			must(t, err)
			tt, err := term.Start(t.Context(), term.Options{Path: path, Args: []string{"--api-key-file", "-"}, Env: append(s.env, "LEV_API_KEY="), Cols: 120, Rows: 40,
				Stdin: strings.NewReader(testKey + "\n"), Record: true})
			must(t, err)
			t.Cleanup(tt.Close)
			return tt
		}},
		{"environment", "the next start takes the key from LEV_API_KEY again: set that to the new one", func(_ *testing.T, s *stage) *term.Terminal { return s.start() }},
		{"first screen", "", func(t *testing.T, s *stage) *term.Terminal {
			s.env = append(s.env, "LEV_API_KEY=")
			tt := s.start()
			connect(t, tt)
			must(t, tt.Press("down", "enter"))
			must(t, tt.WaitFor("Connected"))
			must(t, tt.Press("enter"))
			return tt
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			service, err := sandbox.New(sandbox.Options{Contacts: 30, Tier: "unlimited", Keys: []sandbox.Key{{Token: testKey}, {Token: renewed}}})
			must(t, err)
			server := httptest.NewServer(documented(t, service))
			t.Cleanup(server.Close)
			tt := test.start(t, newStage(t, "LEV_BASE_URL="+server.URL+sandbox.BasePath, keyringVar+"="))
			must(t, tt.WaitFor("Sarah Chen", "of 30"))
			service.RevokeToken(testKey)
			must(t, tt.Press("r"))
			must(t, tt.WaitFor("Sign in again"))
			must(t, tt.Send(renewed))
			must(t, tt.Press("enter"))
			must(t, tt.WaitFor("Signed in", test.said))
			must(t, tt.Press("q"))
			wantEnd(t, tt, 0)
			after := strings.Join(strings.Fields(tt.Screen()), " ")
			if !strings.Contains(after, test.said) || test.said == "" && strings.Contains(after, "next start") {
				t.Errorf("it says\n%s\nwant %q", tt.Screen(), test.said)
			}
		})
	}
}
