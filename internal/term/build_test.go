//go:build unix

package term

import (
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestBuild(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, err := Build(t.Context(), dir, "./testdata/hello", "-trimpath")
	must(t, err)
	if rel, err := filepath.Rel(dir, path); err != nil || strings.HasPrefix(rel, "..") || filepath.Base(path) != "hello" {
		t.Errorf("the program is %s, want it in %s under its own name", path, dir)
	}
	term := run(t, Options{Path: path})
	wantExit(t, term, 0)
	wantRow(t, term, 0, "hello")
}

func TestBuildErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := Build(t.Context(), dir, "./testdata/hello")
	must(t, err)
	_, err = Build(t.Context(), dir, "./testdata/tui")
	wantInError(t, err, "./testdata/tui", "2 files")
	_, err = Build(t.Context(), t.TempDir(), "./testdata/missing")
	wantInError(t, err, "./testdata/missing")
	_, err = Build(t.Context(), t.TempDir(), "github.com/levcontacts/levcontacts/internal/term")
	wantInError(t, err, "github.com/levcontacts/levcontacts/internal/term", "no main packages")
}

func TestBuildOnceGivesOneProgram(t *testing.T) {
	t.Parallel()
	var group sync.WaitGroup
	paths := make([]string, 4)
	for i := range paths {
		group.Go(func() {
			var err error
			if paths[i], err = BuildOnce(t.Context(), "./testdata/hello"); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	for _, path := range paths {
		if path != paths[0] {
			t.Errorf("the programs are %q, want one", paths)
		}
	}
	other, err := BuildOnce(t.Context(), "./testdata/hello", "-trimpath")
	must(t, err)
	if other == paths[0] {
		t.Error("a build with other flags gives the same program")
	}
}
