//go:build unix

package main

import (
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"

	"levcontacts/api/sandbox"
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
	server := httptest.NewServer(service)
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
