package service_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/model"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func want[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
}

// wantKind also looks for words in the error.
func wantKind(t testing.TB, err error, kind model.ErrorKind, parts ...string) {
	t.Helper()
	if err == nil || model.KindOf(err) != kind {
		t.Fatalf("got error %v (%s), want kind %s", err, model.KindOf(err), kind)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Fatalf("the error %q does not say %q", err, part)
		}
	}
}

func filesBelow(t *testing.T, dir string) (paths []string) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			paths = append(paths, path)
		}
		return err
	}))
	return paths
}

func holds(t *testing.T, path, text string) bool {
	t.Helper()
	body, err := os.ReadFile(path)
	must(t, err)
	return bytes.Contains(body, []byte(text))
}
