package store

import (
	"bytes"
	cryptorand "crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

func noise(n int) []byte {
	rnd := rand.New(rand.NewPCG(7, 7))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(rnd.Uint32())
	}
	return b
}

func TestWhatIsNoDatabaseIsSetAside(t *testing.T) {
	t.Parallel()
	for name, content := range map[string][]byte{
		"random bytes": noise(20000), "a few bytes": []byte("oops"), "zeros": make([]byte, 4096), "a text": []byte(strings.Repeat("my notes\n", 1000)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bothFiles(t, func(t *testing.T, dir, path string, open func(spec) (opened, error)) {
				for i, exp := range []string{path + ".damaged-20260315T092653", path + ".damaged-20260315T092653-2"} {
					must(t, os.WriteFile(path, content, 0o600))
					db, err := open(spec{wait: busyWait})
					must(t, err)
					want(t, "set aside", db.file.quarantined, exp)
					got, err := os.ReadFile(exp)
					must(t, err)
					if !bytes.Equal(got, content) {
						t.Fatalf("round %d: the bytes that were set aside are others", i)
					}
					must(t, db.close())
				}
				db, err := open(spec{wait: busyWait})
				must(t, err)
				want(t, "set aside again", db.file.quarantined, "")
				must(t, db.close())
			})
		})
	}
}

// A damaged file of ours is set aside and a new one begun; while another
// program uses it, it stays.
func TestOurDamagedFileIsSetAside(t *testing.T) {
	t.Parallel()
	damages := map[string]func(b []byte) []byte{
		"schema":    func(b []byte) []byte { copy(b[100:4096], noise(3996)); return b },
		"truncated": func(b []byte) []byte { return b[:4096] },
		"one page":  func(b []byte) []byte { return b[:5000] },
	}
	for name, damage := range damages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bothFiles(t, func(t *testing.T, dir, path string, open func(spec) (opened, error)) {
				db, err := open(spec{wait: busyWait})
				must(t, err)
				must(t, db.close())
				b, err := os.ReadFile(path)
				must(t, err)
				b = damage(b)
				must(t, os.WriteFile(path, b, 0o600))

				other, err := newProcess(t.Context(), dir, filepath.Base(path))
				must(t, err)
				_, err = open(spec{wait: busyWait})
				failsWith(t, err, ErrDamaged, path)
				must(t, other.close())

				db, err = open(spec{wait: busyWait})
				must(t, err)
				got, err := os.ReadFile(db.file.quarantined)
				must(t, err)
				want(t, "size of what was set aside", len(got), len(b))
				must(t, db.close())
			})
		})
	}
}

// A checkpoint that a kill cut short leaves a header that promises more pages
// than the file has; the log has them. Nothing is wrong with such a file.
func TestInterruptedCheckpointIsNoDamage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := openTestCache(t, dir)
	fullPass(t, c, 1, span(1, 200))
	copied := t.TempDir() // as a kill would leave it: the log is there
	for _, name := range []string{"contacts.db", "contacts.db-wal"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		must(t, err)
		if name == "contacts.db" {
			binary.BigEndian.PutUint32(b[28:], 5000) // pages, as the checkpoint writes them first
		}
		must(t, os.WriteFile(filepath.Join(copied, name), b, 0o600))
	}
	again := openTestCache(t, copied)
	want(t, "set aside", again.Quarantined(), "")
	want(t, "rows", len(held(t, again)), 200)
}

// Damage that only shows while the cache is in use: the program continues without
// it, and the next one begins with an empty copy.
func TestDamageFoundInUse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := openTestCache(t, dir)
	fullPass(t, c, 1, span(1, 2000))
	must(t, c.Close())
	path := filepath.Join(dir, "contacts.db")
	b, err := os.ReadFile(path)
	must(t, err)
	for page := 4; page < len(b)/4096; page++ {
		copy(b[page*4096:], noise(200))
	}
	must(t, os.WriteFile(path, b, 0o600))
	c = openTestCache(t, dir)
	r, err := c.Read(t.Context())
	must(t, err)
	_, err = r.Next(t.Context(), 5000)
	failsWith(t, err, ErrDamaged, path)
	must(t, r.Close(t.Context()))
	must(t, c.Close())

	c = openTestCache(t, dir)
	want(t, "rows", len(held(t, c)), 0)
	fullPass(t, c, 1, span(1, 20))
	_, err = os.Stat(path + ".damaged-20260315T092653")
	must(t, err)
}

// X10: a damaged state is replaced by its second copy and what can still be read
// of it, and nothing of one account comes to another.
func TestRescueFromADamagedState(t *testing.T) {
	t.Parallel()
	middle := func(b []byte) []byte { // one leaf page in the middle of the drafts
		at := bytes.LastIndex(b[:bytes.LastIndex(b, []byte("draft number 20"))], []byte("draft number 20")) / 4096 * 4096
		copy(b[at:at+300], noise(300))
		return b
	}
	column := func(b []byte) []byte { return bytes.Replace(b, []byte("not_sent"), []byte("not_sens"), 1) }
	for _, tt := range []struct {
		name   string
		damage func([]byte) []byte
		backup bool
		least  int // drafts that must come back, of 81
	}{
		{"a page", middle, true, 81},
		{"a page, no second copy", middle, false, 50},
		{"truncated", func(b []byte) []byte { return b[:len(b)/3] }, true, 80},
		{"header only", func(b []byte) []byte { return b[:4096] }, true, 80},
		{"zero bytes", func([]byte) []byte { return nil }, true, 80},
		{"a bit of a column's name", column, true, 80},
		{"noise", func([]byte) []byte { return noise(9000) }, true, 80},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "state.db")
			first := openTestState(t, dir)
			must(t, first.SetFact(t.Context(), "route", "/contacts"))
			other := testIdentity()
			other.Account = "other"
			s, err := OpenState(t.Context(), dir, other, testTime, cryptorand.Text)
			must(t, err)
			want(t, "drafts", saveDrafts(t, first, 40), 40)
			want(t, "drafts", saveDrafts(t, s, 40), 40)
			must(t, errors.Join(first.Close(), s.Close()))
			second, err := os.ReadFile(path + ".backup")
			must(t, err)
			first = openTestState(t, dir)
			saveDrafts(t, first, 1)
			must(t, first.Close())
			must(t, os.WriteFile(path+".backup", second, 0o600)) // the newest draft is not in it
			if !tt.backup {
				must(t, os.Remove(path+".backup"))
			}
			b, err := os.ReadFile(path)
			must(t, err)
			must(t, os.WriteFile(path, tt.damage(b), 0o600))

			s, err = OpenState(t.Context(), dir, other, testTime, cryptorand.Text)
			must(t, err)
			quarantined, backup := s.Quarantined()
			want(t, "the damage is noticed", quarantined != "", true)
			want(t, "the second copy took its place", !backup.IsZero(), tt.backup)
			kept, err := s.Drafts(t.Context())
			must(t, err)
			strays, err := s.OtherIdentities(t.Context())
			must(t, err)
			if n := len(kept) + strays.Drafts; n < tt.least || !tt.backup && n >= 81 || strays.Drafts > 41 || len(kept) > 40 {
				t.Fatalf("rescued %d here and %d of the other account", len(kept), strays.Drafts)
			}
			must(t, s.Close())
			first = openTestState(t, dir)
			quarantined, _ = first.Quarantined()
			want(t, "sound again", quarantined, "")
			fact, err := first.Fact(t.Context(), "route")
			must(t, err)
			want(t, "fact", fact, "/contacts")
		})
	}
}

// Where the second copy is damaged as well, an empty state takes its place.
func TestBothCopiesAreDamaged(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, openTestState(t, dir).Close())
	for _, name := range []string{"state.db", "state.db.backup"} {
		must(t, os.WriteFile(filepath.Join(dir, name), noise(5000), 0o600))
	}
	s := openTestState(t, dir)
	quarantined, backup := s.Quarantined()
	want(t, "noticed", quarantined != "" && backup.IsZero(), true)
	want(t, "drafts", saveDrafts(t, s, 1), 1)
}

// X3: what would be written into a file that is gone is refused.
func TestStateIsGone(t *testing.T) {
	t.Parallel()
	for name, remove := range map[string]func(dir string) error{
		"folder removed": os.RemoveAll,
		"file replaced": func(dir string) error {
			path := filepath.Join(dir, "state.db")
			return errors.Join(os.Rename(path, path+".old"), os.WriteFile(path, nil, 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "profile")
			s := openTestState(t, dir)
			want(t, "drafts", saveDrafts(t, s, 1), 1)
			must(t, remove(dir))
			path := filepath.Join(dir, "state.db")
			failsWith(t, s.SaveDraft(t.Context(), work.Draft{ID: "d"}), ErrGone, path)
			_, err := s.Begin(t.Context(), work.Entry{Kind: work.KindUpdate}, Claim{})
			failsWith(t, err, ErrGone, path)
		})
	}
}

func saveDrafts(t *testing.T, s *State, n int) int {
	t.Helper()
	for i := range n {
		err := s.SaveDraft(t.Context(), work.Draft{ID: s.newID(), Kind: work.DraftCreate, Problem: fmt.Sprintf("draft number %02d", i),
			Values: model.Draft{model.FieldTitle: strings.Repeat("t", 500)}})
		must(t, err)
	}
	drafts, err := s.Drafts(t.Context())
	must(t, err)
	return len(drafts)
}
