//go:build unix

package main

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/api/sandbox"
)

// The screen opens at the place that the command line names.
func TestStartsAtAPlace(t *testing.T) {
	t.Parallel()
	service, err := sandbox.New(sandbox.Options{Contacts: 450, Tier: "unlimited"})
	must(t, err)
	server := httptest.NewServer(documented(t, service))
	t.Cleanup(server.Close)
	s := newStage(t, "LEV_BASE_URL="+server.URL+sandbox.BasePath)
	dir := filepath.Join(s.home, "config/levcontacts")
	must(t, os.MkdirAll(dir, 0o700))
	must(t, os.WriteFile(filepath.Join(dir, "config.toml"),
		[]byte("[views.chens]\nfilter = \"chen\"\ncolumns = [\"name\", \"city\"]\n"), 0o600))
	for _, c := range []struct {
		args []string
		want []string
	}{
		{[]string{"142"}, []string{"▌ Type", "James Rodriguez", "Managing Director"}},
		{[]string{"--search", "'rodriguez"}, []string{"▌   James Rodriguez", "450 of 450 loaded · / 'rodriguez"}},
		{[]string{"--view", "chens"}, []string{"▌ ★ Sarah Chen", "City", "/ chen"}},
		{[]string{"--view", "chens", "--search", "originations"}, []string{"▌ ★ Sarah Chen", "/ chen originations"}},
		{nil, []string{"▌ ★ Sarah Chen", "James Rodriguez", "1 of 450 · 450 of 450 loaded"}}, // a place is for one start
	} {
		tt := s.start(c.args...)
		must(t, tt.WaitFor(c.want...))
		must(t, tt.Press("q"))
		wantEnd(t, tt, 0)
	}
	for _, c := range []struct{ args, want string }{
		{"--view chans", `there is no view "chans"; did you mean chens?`},
		{"--search /(/", "--search: "},
		{"7x", `there is no command "7x"`},
		{"78 142", `there is no command "142"`},
	} {
		tt := s.start(strings.Fields(c.args)...)
		must(t, tt.WaitFor(c.want))
		wantEnd(t, tt, 2)
	}
}
