package store

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
)

func TestSignOfLife(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, err := newProcess(t.Context(), dir, "x.db")
	must(t, err)
	b, err := newProcess(t.Context(), dir, "x.db")
	must(t, err)
	alive := func(p *process, token string) bool {
		t.Helper()
		live, err := p.alive(token)
		must(t, err)
		return live
	}
	want(t, "itself", alive(a, a.token), true)
	want(t, "the other", alive(a, b.token), true)
	must(t, b.close())
	want(t, "one that has ended", alive(a, b.token), false)
	dead := filepath.Join(dir, "x.db.process-1-1.lock")
	must(t, os.WriteFile(dead, nil, 0o600))
	secret := filepath.Join(dir, "secret")
	must(t, os.WriteFile(secret, nil, 0o600))
	for _, token := range []string{"", "nobody", "../x.db.process-1-1.lock", "secret", "x.db.process-1-1.lock"} {
		want(t, "token "+token, alive(a, token), false)
	}
	if _, err := os.Stat(dead); !os.IsNotExist(err) {
		t.Fatalf("the sign of a dead program stays: %v", err)
	}
	_, err = os.Stat(secret)
	must(t, err)
	must(t, a.close())
}

// Many begin at once and look at each other while they do: each ends up with a
// sign that the others see.
func TestManyBeginAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	all := make([]*process, 8)
	var wg sync.WaitGroup
	for i := range all {
		wg.Go(func() {
			p, err := newProcess(t.Context(), dir, "x.db")
			if err != nil {
				t.Error(err)
			}
			all[i] = p
		})
	}
	wg.Wait()
	for _, p := range all {
		for _, q := range all {
			live, err := p.alive(q.token)
			must(t, err)
			want(t, "alive", live, true)
		}
	}
	for _, p := range all {
		must(t, p.close())
	}
}
