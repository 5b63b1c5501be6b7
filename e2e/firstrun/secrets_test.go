//go:build unix

package firstrun

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode"

	"github.com/charmbracelet/x/ansi"
)

// keyFor is an API key that no other test has.
func keyFor(t *testing.T, name string) string {
	h := fnv.New128a()
	h.Write([]byte(t.Name() + " " + name))
	return "lev_sk_" + base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// secrets are the keys of a test and everything that they must not come out
// by. Every machine has one, and its check ends every test.
type secrets struct {
	keys []string

	mu     sync.Mutex
	agreed []string // files that the person agreed to keep a key in
	prints []print
}

// print is what a program has written for people.
type print struct {
	where string
	text  []byte
}

// agree says that the person has just said yes to a key in a file. It must be
// readable by nobody else and hold the key, the origin of the service that it
// is for, and nothing else.
func (s *secrets) agree(t *testing.T, path, key string) {
	t.Helper()
	s.agreed = append(s.agreed, path)
	text, err := os.ReadFile(path)
	must(t, err)
	if origin, rest, _ := strings.Cut(string(text), "\n"); rest != key+"\n" || !regexp.MustCompile(`^http://127\.0\.0\.1:\d+$`).MatchString(origin) {
		t.Errorf("%s does not hold an origin and the key alone", path)
	}
	for _, want := range []struct {
		path string
		mode fs.FileMode
	}{{path, 0o600}, {filepath.Dir(path), 0o700}, {filepath.Dir(filepath.Dir(path)), 0o700}} {
		info, err := os.Stat(want.path)
		must(t, err)
		if info.Mode().Perm() != want.mode {
			t.Errorf("%s has mode %04o, want %04o", want.path, info.Mode().Perm(), want.mode)
		}
	}
}

// printed notes what a program has written, to be searched at the end.
func (s *secrets) printed(where string, texts ...[]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, text := range texts {
		s.prints = append(s.prints, print{where, text})
	}
}

// check looks for every key in every file below a folder and in everything
// that was printed.
func (s *secrets) check(t *testing.T, folder string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.prints {
		s.search(t, p.where, p.text)
		// A key may be broken over lines, or have escape sequences within it.
		s.search(t, p.where, joined(ansi.Strip(string(p.text))))
	}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || slices.Contains(s.agreed, path) {
			return err
		}
		if filepath.Base(filepath.Dir(path)) == "keyrings" {
			return nil // the keyring's own
		}
		text, err := os.ReadFile(path)
		s.search(t, path, text)
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func joined(text string) []byte {
	return []byte(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, text))
}

func (s *secrets) search(t *testing.T, where string, text []byte) {
	t.Helper()
	for i, key := range s.keys {
		if form, found := comesOut(text, key); found {
			t.Errorf("key %d, which is %s, is in %s, as %q", i, key, where, form)
		}
	}
}

// comesOut says whether a key is in a text, and in which form.
func comesOut(text []byte, key string) (form string, found bool) {
	for _, form := range formsOf(key) {
		if bytes.Contains(text, []byte(form)) {
			return form, true
		}
	}
	return "", false
}

// revealed is how many characters of a key in a row are too many. Fewer are
// shown: the prefix that all keys have, and the last four.
const revealed = 8

// formsOf are the ways in which a key may come out: any part of its secret that
// is longer than what may be shown, and the usual encodings of it.
func formsOf(key string) (forms []string) {
	secret := strings.TrimPrefix(key, "lev_sk_")
	for i := 0; i+revealed <= len(secret); i++ {
		forms = append(forms, secret[i:i+revealed])
	}
	forms = append(forms, hex.EncodeToString([]byte(secret)))
	for skip := range 3 {
		for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			part := secret[skip:]
			forms = append(forms, enc.EncodeToString([]byte(part[:len(part)/3*3])))
		}
	}
	return forms
}

// inspect looks for keys in the command lines and the environment of a process
// and of those that it has started. Where there is no /proc it does nothing.
func (s *secrets) inspect(t *testing.T, pid string) {
	t.Helper()
	for _, name := range []string{"cmdline", "environ"} {
		text, err := os.ReadFile(filepath.Join("/proc", pid, name))
		if err == nil { // else it has ended, or there is no /proc
			s.search(t, fmt.Sprintf("the %s of process %s", name, pid), text)
		}
	}
	lists, _ := filepath.Glob(filepath.Join("/proc", pid, "task", "*", "children"))
	for _, list := range lists {
		children, _ := os.ReadFile(list) // as above
		for _, child := range strings.Fields(string(children)) {
			s.inspect(t, child)
		}
	}
}

func (s *secrets) inspectPID(t *testing.T, pid int) {
	t.Helper()
	s.inspect(t, strconv.Itoa(pid))
}

// The search itself, without which all the other tests say little.
func TestKeysAreFound(t *testing.T) {
	t.Parallel()
	key := keyFor(t, "key")
	line := []byte("Authorization: Bearer " + key + "\n")
	for name, text := range map[string][]byte{
		"as it is":                   line,
		"its beginning":              line[:len(line)-12],
		"its end":                    line[len(line)-12:],
		"hex":                        []byte(hex.EncodeToString(line)),
		"base64":                     []byte(base64.StdEncoding.EncodeToString(line)),
		"base64, once on":            []byte(base64.StdEncoding.EncodeToString(line[1:])),
		"base64, twice on":           []byte(base64.URLEncoding.EncodeToString(line[2:])),
		"broken, with colours in it": joined(ansi.Strip(key[:14] + "\x1b[1m\r\n" + key[14:])),
	} {
		if _, found := comesOut(text, key); !found {
			t.Errorf("%s: not found in %q", name, text)
		}
	}
	for _, text := range []string{masked(key), "lev_sk_", keyFor(t, "another"), ""} {
		if form, found := comesOut([]byte(text), key); found {
			t.Errorf("%q is in %q", form, text)
		}
	}
}
