package config

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"
)

// memoryKeyring is a keyring in memory that can fail, hang or panic.
type memoryKeyring struct {
	secrets map[string]string
	err     error
	hang    chan struct{} // waited for when set
	panics  bool
	calls   int
}

func (m *memoryKeyring) enter() error {
	m.calls++
	if m.hang != nil {
		<-m.hang
	}
	if m.panics {
		panic("interface conversion: " + testKey)
	}
	return m.err
}

func (m *memoryKeyring) Get(service, user string) (string, error) {
	if err := m.enter(); err != nil {
		return "", err
	}
	secret, ok := m.secrets[service+"/"+user]
	if !ok {
		return "", ErrKeyringNotFound
	}
	return secret, nil
}

func (m *memoryKeyring) Set(service, user, secret string) error {
	if err := m.enter(); err != nil {
		return err
	}
	m.secrets[service+"/"+user] = secret
	return nil
}

func (m *memoryKeyring) Delete(service, user string) error {
	if _, err := m.Get(service, user); err != nil {
		return err
	}
	delete(m.secrets, service+"/"+user)
	return nil
}

// atHome is how a key of the default profile is filed for the usual address.
const atHome = "levcontacts/default@https://api.levcapital.com"

// kept is the text of a key file for the usual address.
func kept(key string) string { return "https://api.levcapital.com\n" + key + "\n" }

// keyTest is a profile, its folders, and a key in every source.
type keyTest struct {
	in   Input
	cfg  *Config
	ring *memoryKeyring
	o    CredentialOptions
}

func newKeyTest(t *testing.T) *keyTest {
	t.Helper()
	in := testInput(t)
	k := &keyTest{in: in, ring: &memoryKeyring{secrets: map[string]string{}}}
	paths, err := in.Paths()
	if err != nil {
		t.Fatal(err)
	}
	k.o = CredentialOptions{Paths: paths, Env: lookup(nil), Keyring: k.ring,
		Run: func(context.Context, []string) ([]byte, error) { t.Error("a program was run"); return nil, nil }}
	return k
}

func (k *keyTest) find(t *testing.T) (Credential, error) {
	t.Helper()
	k.cfg = load(t, k.in)
	return NewCredentials(k.o).Find(t.Context(), k.cfg)
}

func (k *keyTest) file(t *testing.T, name, text string, mode fs.FileMode) string {
	t.Helper()
	path := filepath.Join(k.in.Home, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOrderOfKeySources(t *testing.T) {
	t.Parallel()
	k := newKeyTest(t)
	stored := k.file(t, ".config/levcontacts/keys/default", kept("key-stored"), 0o600)
	byFile := k.file(t, "file", "key-file\r\n", 0o600)
	byFlag := k.file(t, "flag", "  key-flag  ", 0o600)
	expect := func(source Source, detail, key string) {
		t.Helper()
		got, err := k.find(t)
		if err != nil || got.Source != source || got.Detail != detail || got.Token.Reveal() != key || len(got.Warnings) > 0 {
			t.Errorf("%+v %q %v, want %s %s %s", got, got.Token.Reveal(), err, source, detail, key)
		}
	}
	expect(SourceStoredFile, stored, "key-stored")
	k.ring.secrets[atHome] = "key-ring"
	expect(SourceKeyring, "service levcontacts, user default@https://api.levcapital.com", "key-ring")
	writeConfig(t, k.in, "[profiles.default]\napi_key_file = \"~/file\"\n")
	expect(SourceFile, byFile, "key-file")
	writeConfig(t, k.in, "[profiles.default]\napi_key_file = \"~/file\"\napi_key_command = [\"pass\", \"a b\"]\n")
	k.o.Run = func(_ context.Context, argv []string) ([]byte, error) {
		return []byte("key-" + strings.Join(argv, "-")[:4] + "\n"), nil
	}
	expect(SourceCommand, "pass 'a b'", "key-pass")
	k.o.Env = lookup(map[string]string{"LEV_API_KEY": "key-env"})
	expect(SourceEnv, "", "key-env")
	k.in.Flags["api-key-file"] = byFlag
	expect(SourceFlagFile, byFlag, "key-flag")
	k.in.Flags["api-key-file"] = "-"
	k.o.Stdin = strings.NewReader("key-stdin\n")
	expect(SourceStdin, "", "key-stdin")
}

func TestStandardInputIsReadOnce(t *testing.T) {
	t.Parallel()
	k := newKeyTest(t)
	k.in.Flags["api-key-file"], k.o.Stdin = "-", strings.NewReader(testKey)
	c, cfg := NewCredentials(k.o), load(t, k.in)
	for range 2 {
		if got, err := c.Find(t.Context(), cfg); err != nil || got.Token.Reveal() != testKey {
			t.Errorf("%v %v", got, err)
		}
	}
}

// A source that is set up and fails is never replaced by another one.
func TestFailingSources(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, config string
		set          func(t *testing.T, k *keyTest)
		want         string
		is           error
	}{
		{"missing file by flag", "", func(_ *testing.T, k *keyTest) { k.in.Flags["api-key-file"] = "/no/such" },
			"key from --api-key-file (/no/such): no such file or directory", fs.ErrNotExist},
		{"missing file", "api_key_file = \"/no/such\"", nil, "key from api_key_file (/no/such): no such file or directory", fs.ErrNotExist},
		{"empty file", "api_key_file = \"/dev/null\"", nil, "key from api_key_file (/dev/null): the key is empty", ErrKeyEmpty},
		{"file without end", "api_key_file = \"/dev/zero\"", nil, "key from api_key_file (/dev/zero): this is not a key: it is longer", ErrKeyForm},
		{"environment", "", func(_ *testing.T, k *keyTest) {
			k.o.Env = lookup(map[string]string{"LEV_API_KEY": "lev_sk_se cret"})
		}, "key from LEV_API_KEY: this is not a key: it has blanks in it", ErrKeyForm},
		{"blank environment", "", func(_ *testing.T, k *keyTest) { k.o.Env = lookup(map[string]string{"LEV_API_KEY": " "}) },
			"key from LEV_API_KEY: the key is empty", ErrKeyEmpty},
		{"no standard input", "", func(_ *testing.T, k *keyTest) { k.in.Flags["api-key-file"] = "-" }, "key from standard input: the key is empty", ErrKeyEmpty},
		{"broken standard input", "", func(_ *testing.T, k *keyTest) {
			k.in.Flags["api-key-file"], k.o.Stdin = "-", iotest.ErrReader(io.ErrUnexpectedEOF)
		}, "key from standard input: unexpected EOF", io.ErrUnexpectedEOF},
		{"program", "api_key_command = [\"pass\", \"" + testKey + "\"]", func(_ *testing.T, k *keyTest) {
			k.o.Run = func(context.Context, []string) ([]byte, error) { return nil, errors.New("it ended with exit status 1") }
		}, "key from api_key_command (pass '[redacted]'): it ended with exit status 1", nil},
		{"keyring", "", func(_ *testing.T, k *keyTest) { k.ring.secrets[atHome] = "se\ncret" },
			"key from the system keyring for profile default: this is not a key: it has more than one line", ErrKeyForm},
		{"key file", "", func(t *testing.T, k *keyTest) {
			delete(k.ring.secrets, atHome)
			k.file(t, ".config/levcontacts/keys/default", "", 0o600)
		}, "/keys/default: the key is empty", ErrKeyEmpty},
		{"key file without an address", "", func(t *testing.T, k *keyTest) {
			delete(k.ring.secrets, atHome)
			k.file(t, ".config/levcontacts/keys/default", "se-cret\n", 0o600)
		}, "/keys/default: does not say which address its key is for; run levcontacts auth login again", nil},
		{"key file that is a folder", "", func(t *testing.T, k *keyTest) {
			delete(k.ring.secrets, atHome)
			k.file(t, ".config/levcontacts/keys/default/x", "", 0o600)
		}, "/keys/default: is a directory", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			k := newKeyTest(t)
			k.ring.secrets[atHome] = "key-ring"
			writeConfig(t, k.in, "[profiles.default]\n"+tt.config+"\n")
			if tt.set != nil {
				tt.set(t, k)
			}
			got, err := k.find(t)
			if err == nil || !strings.Contains(err.Error(), tt.want) || tt.is != nil && !errors.Is(err, tt.is) {
				t.Errorf("%v %v, want %s", got, err, tt.want)
			}
			if !got.Token.IsZero() || strings.Contains(err.Error(), "cret") || strings.Contains(err.Error(), testKey) {
				t.Errorf("key in %v", err)
			}
		})
	}
}

func TestNoKey(t *testing.T) {
	t.Parallel()
	k := newKeyTest(t)
	_, err := k.find(t)
	if !errors.Is(err, ErrNoKey) || errors.Is(err, ErrKeyringUnavailable) {
		t.Errorf("%v", err)
	}
	for _, word := range []string{"no API key for profile default at https://api.levcapital.com", "levcontacts auth login", "LEV_API_KEY", "--api-key-file", "--demo"} {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q is not in %v", word, err)
		}
	}
	k.ring.err = errors.New("no bus")
	if _, err = k.find(t); !errors.Is(err, ErrNoKey) || !errors.Is(err, ErrKeyringUnavailable) || !strings.Contains(err.Error(), `"no bus"`) {
		t.Errorf("%v", err)
	}
}

func TestKeyFilesThatOthersCanReadAreWarnedOf(t *testing.T) {
	t.Parallel()
	k := newKeyTest(t)
	k.ring.err = ErrKeyringUnavailable
	k.file(t, ".config/levcontacts/keys/default", kept(testKey), 0o644)
	got, err := k.find(t)
	if err != nil || len(got.Warnings) != 2 || !strings.Contains(got.Warnings[0], "mode 0644") || got.Warnings[1] != ErrKeyringUnavailable.Error() {
		t.Errorf("%+v %v", got, err)
	}
	k.in.Flags["api-key-file"] = k.file(t, "mine", testKey, 0o604)
	if got, err = k.find(t); err != nil || len(got.Warnings) != 1 || !strings.Contains(got.Warnings[0], "mode 0604") {
		t.Errorf("%+v %v", got, err)
	}
}

func TestStoreAndDelete(t *testing.T) {
	t.Parallel()
	k := newKeyTest(t)
	c, cfg := NewCredentials(k.o), load(t, k.in)
	if err := c.Store(t.Context(), cfg, Token{}); !errors.Is(err, ErrKeyEmpty) {
		t.Errorf("empty key: %v", err)
	}
	if _, err := c.StoreFile(cfg, Token{}); !errors.Is(err, ErrKeyEmpty) {
		t.Errorf("empty key: %v", err)
	}
	if err := c.Store(t.Context(), cfg, mustToken(t, testKey)); err != nil || k.ring.secrets[atHome] != testKey {
		t.Errorf("%v %v", err, k.ring.secrets)
	}
	path, err := c.StoreFile(cfg, mustToken(t, "key-stored"))
	if err != nil || path != k.o.Paths.KeyFile("default") || read(t, path) != kept("key-stored") {
		t.Errorf("%s %v", path, err)
	}
	for name, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700, k.o.Paths.Config: 0o700} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v %v", name, info, err)
		}
	}
	if got, err := c.Find(t.Context(), cfg); err != nil || got.Token.Reveal() != testKey {
		t.Errorf("%v %v", got, err)
	}
	from, err := c.Delete(t.Context(), cfg, SourceKeyring)
	if got, e := c.Find(t.Context(), cfg); err != nil || e != nil || !slices.Equal(from, []Source{SourceKeyring}) || got.Source != SourceStoredFile {
		t.Errorf("the keyring alone: %v %v; then %+v %v", from, err, got, e)
	}
	from, err = c.Delete(t.Context(), cfg, SourceKeyring, SourceStoredFile)
	if err != nil || !slices.Equal(from, []Source{SourceStoredFile}) {
		t.Errorf("both: %v %v", from, err)
	}
	if from, err = c.Delete(t.Context(), cfg, SourceKeyring, SourceStoredFile); err != nil || len(from) != 0 {
		t.Errorf("again: %v %v", from, err)
	}
	if _, err := c.Find(t.Context(), cfg); !errors.Is(err, ErrNoKey) {
		t.Errorf("after: %v", err)
	}
	if _, err := c.StoreFile(cfg, mustToken(t, testKey)); err != nil {
		t.Fatal(err)
	}
	k.ring.err = errors.New("gone")
	if from, err = c.Delete(t.Context(), cfg, SourceKeyring, SourceStoredFile); !errors.Is(err, ErrKeyringUnavailable) || !slices.Equal(from, []Source{SourceStoredFile}) {
		t.Errorf("without keyring: %v %v", from, err)
	}
}

func TestLockedKeyringIsWaitedForOnce(t *testing.T) {
	t.Parallel()
	k := newKeyTest(t)
	cfg := load(t, k.in)
	synctest.Test(t, func(t *testing.T) {
		k.ring.hang = make(chan struct{})
		c := NewCredentials(k.o)
		begin := time.Now()
		if _, err := c.Find(t.Context(), cfg); !errors.Is(err, ErrKeyringTimeout) || time.Since(begin) != keyringLimit {
			t.Errorf("%v after %s", err, time.Since(begin))
		}
		begin = time.Now()
		if _, err := c.Find(t.Context(), cfg); !errors.Is(err, ErrKeyringTimeout) || !errors.Is(err, ErrNoKey) || time.Since(begin) != 0 {
			t.Errorf("again: %v after %s", err, time.Since(begin))
		}
		close(k.ring.hang)
		synctest.Wait()
		if k.ring.calls != 1 {
			t.Errorf("%d calls", k.ring.calls)
		}
		if err := c.Store(t.Context(), cfg, mustToken(t, testKey)); err != nil {
			t.Errorf("store after unlocking: %v", err)
		}
		if got, err := c.Find(t.Context(), cfg); err != nil || got.Source != SourceKeyring {
			t.Errorf("after unlocking: %v %v", got, err)
		}
	})
}

func TestGivingUpIsNotAFailureOfTheKeyring(t *testing.T) {
	t.Parallel()
	k := newKeyTest(t)
	cfg := load(t, k.in)
	synctest.Test(t, func(t *testing.T) {
		k.ring.hang = make(chan struct{})
		c := NewCredentials(k.o)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := c.Find(ctx, cfg); !errors.Is(err, context.Canceled) || errors.Is(err, ErrNoKey) {
			t.Errorf("%v", err)
		}
		close(k.ring.hang)
		synctest.Wait()
		if _, err := c.Find(t.Context(), cfg); !errors.Is(err, ErrNoKey) || errors.Is(err, ErrKeyringTimeout) {
			t.Errorf("%v", err)
		}
	})
}

func TestProgramThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	k := newKeyTest(t)
	writeConfig(t, k.in, "[profiles.default]\napi_key_command = [\"pass\"]\n")
	cfg := load(t, k.in)
	synctest.Test(t, func(t *testing.T) {
		k.o.CommandLimit = 5 * time.Second
		k.o.Run = func(ctx context.Context, _ []string) ([]byte, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		begin := time.Now()
		_, err := NewCredentials(k.o).Find(t.Context(), cfg)
		if err == nil || err.Error() != "key from api_key_command (pass): no answer within 5s" || time.Since(begin) != 5*time.Second {
			t.Errorf("%v after %s", err, time.Since(begin))
		}
		synctest.Wait()
	})
}

func TestPanicOfKeyringIsAnError(t *testing.T) {
	t.Parallel()
	k := newKeyTest(t)
	k.ring.panics = true
	_, err := k.find(t)
	if !errors.Is(err, ErrKeyringUnavailable) || strings.Contains(err.Error(), testKey) {
		t.Errorf("%v", err)
	}
}
