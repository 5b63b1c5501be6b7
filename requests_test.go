//go:build unix

package main

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/internal/term"
)

// counted is a stage whose service counts requests.
func counted(t *testing.T, contacts int) (s *stage, asked func() int, service *sandbox.Server) {
	t.Helper()
	service, err := sandbox.New(sandbox.Options{Contacts: contacts, Tier: "unlimited"})
	must(t, err)
	server := httptest.NewServer(documented(t, service))
	t.Cleanup(server.Close)
	before := 0
	return newStage(t, "LEV_BASE_URL="+server.URL+sandbox.BasePath), func() (n int) {
		all := service.Requests()
		for _, r := range all[before:] {
			if !strings.Contains(r.Path, "/notes") { // of the contact on which the cursor rests
				n++
			}
		}
		before = len(all)
		return n
	}, service
}

// A list costs what it must: nothing while the copy is young, one request when
// nothing or little changed since.
func TestRequestsOfACommand(t *testing.T) {
	t.Parallel()
	s, asked, service := counted(t, 1000)
	list := func(args ...string) {
		t.Helper()
		if out, said, code := s.says(append([]string{"list", "--search", "chen", "--fields", "title"},
			args...)...); code != 0 || out == "" {
			t.Fatalf("list ends with %d: %s", code, said)
		}
	}
	list()
	if n := asked(); n < 5 || n > 7 {
		t.Errorf("the first list makes %d requests, want its 5 pages and at most 2 more", n)
	}
	list()
	if n := asked(); n != 0 {
		t.Errorf("the second list makes %d requests", n)
	}
	list("--max-age", "0s")
	if n := asked(); n != 1 {
		t.Errorf("with nothing changed a list makes %d requests, want 1", n)
	}
	for i, id := range []int64{78, 142, 213} {
		if !service.Update(id, map[string]any{"title": fmt.Sprint("Chen ", i)}) {
			t.Fatalf("there is no contact %d", id)
		}
	}
	list("--max-age", "0s")
	if n := asked(); n != 1 {
		t.Errorf("with 3 changed a list makes %d requests, want 1", n)
	}
	out, _, _ := s.says("list", "--search", "title:chen", "--fields", "id", "--sort", "id", "--offline")
	if out != "id\n78\n142\n213\n" {
		t.Errorf("the copy has %q", out)
	}
}

// loadsAll goes to the end of the list, so that all of it is read.
func loadsAll(t *testing.T, tt *term.Terminal) {
	t.Helper()
	must(t, tt.WaitFor("Sarah Chen"))
	must(t, tt.Press("G"))
	must(t, tt.WaitFor("1,000 of 1,000 loaded"))
}

// A command while the screen is open asks for nothing that one of them would not
// have asked for alone.
func TestACommandBesideTheScreen(t *testing.T) {
	t.Parallel()
	alone, asked, _ := counted(t, 1000)
	tt := alone.start()
	loadsAll(t, tt)
	must(t, tt.Press("q"))
	wantEnd(t, tt, 0)
	screen := asked()

	for _, young := range []bool{true, false} {
		s, asked, _ := counted(t, 1000)
		if !young { // the copy is there, and both bring it up to date
			if _, said, code := s.says("list", "--all", "--fields", "id"); code != 0 {
				t.Fatal(said)
			}
			asked()
		}
		tt := s.start()
		loadsAll(t, tt)
		if _, said, code := s.says("list", "--search", "chen", "--fields", "id"); code != 0 {
			t.Errorf("list ends with %d: %s", code, said)
		}
		must(t, tt.Press("q"))
		wantEnd(t, tt, 0)
		if n := asked(); n > screen {
			t.Errorf("screen and command make %d requests, and the screen alone %d", n, screen)
		}
	}
}
