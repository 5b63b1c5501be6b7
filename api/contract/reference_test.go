package contract

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update-docs", false, "write docs/api.md")

func TestReference(t *testing.T) {
	t.Parallel()
	want, err := Reference()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("..", "..", "docs", "api.md")
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("docs/api.md is not as the descriptions say (%v); run go test ./api/contract -update-docs", err)
	}
}
