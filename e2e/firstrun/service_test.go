//go:build unix

package firstrun

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/levcontacts/levcontacts/api/contract"
	"github.com/levcontacts/levcontacts/api/sandbox"
)

// service is an account of Lev: a sandbox with contacts that no other account
// has, although their ids are the same everywhere.
type service struct {
	*sandbox.Server
	url  string
	name string // of the account, and part of every contact

	mu   sync.Mutex
	sent []string // the Authorization headers, each once
}

const contactsEach = 30

// newService serves an account. Its contacts are called "Ada01 NAME" and so on;
// a key that is none of its own is answered with 401.
func newService(t *testing.T, name string, keys ...sandbox.Key) *service {
	t.Helper()
	slug := strings.ToLower(name)
	for i := range keys {
		if keys[i].Account == "" {
			keys[i].Account = slug
		}
	}
	server, err := sandbox.New(sandbox.Options{Keys: keys, Tier: "unlimited", KeepRequests: -1})
	must(t, err)
	for i := range contactsEach {
		first := fmt.Sprintf("Ada%02d", i+1)
		server.Add(map[string]any{
			"first_name": first, "last_name": name, "email": strings.ToLower(first) + "@" + slug + ".example",
			"city": name + " City", "is_primary": false,
		})
	}
	s := &service{Server: server, name: name}
	listener := httptest.NewServer(contract.Handler(t, contract.Both, contract.Options{}, s))
	t.Cleanup(listener.Close)
	s.url = listener.URL + sandbox.BasePath
	return s
}

// ServeHTTP notes who asks.
func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	if header := r.Header.Get("Authorization"); !slices.Contains(s.sent, header) {
		s.sent = append(s.sent, header)
	}
	s.mu.Unlock()
	s.Server.ServeHTTP(w, r)
}

// receivedOnly fails unless these keys, and all of them, were sent here.
func (s *service) receivedOnly(t *testing.T, keys ...string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	var want []string
	for _, key := range keys {
		want = append(want, "Bearer "+key)
	}
	got := slices.Sorted(slices.Values(s.sent))
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s has been sent %q, want %q", s.name, got, want)
	}
}

// row is how a contact of the account begins on the screen.
func (s *service) row(i int) string { return fmt.Sprintf("Ada%02d %s", i, s.name) }

// loaded is what the status line says when all contacts are there.
func (s *service) loaded() string { return fmt.Sprintf("%d of %d loaded", contactsEach, contactsEach) }
