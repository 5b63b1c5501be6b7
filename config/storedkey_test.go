package config

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
)

// at is the configuration of the test with another base URL.
func (k *keyTest) at(t *testing.T, address string) *Config {
	t.Helper()
	writeConfig(t, k.in, "[profiles.default]\nbase_url = \""+address+"\"\n")
	return load(t, k.in)
}

// A profile is pointed to another address while the keyring is locked, and its
// new key is in a file. When the keyring opens, the key in it is still that of
// the old address, and must not be sent to the new one.
func TestStoredKeyStaysWithItsAddress(t *testing.T) {
	t.Parallel()
	k := newKeyTest(t)
	c := NewCredentials(k.o)
	old := k.at(t, "https://old.example/v2")
	if err := c.Store(t.Context(), old, mustToken(t, "key-old")); err != nil {
		t.Fatal(err)
	}
	k.ring.err = ErrKeyringUnavailable
	changed := k.at(t, "https://new.example:443/v3")
	if _, err := c.StoreFile(changed, mustToken(t, "key-new")); err != nil {
		t.Fatal(err)
	}
	k.ring.err = nil
	for cfg, want := range map[*Config]string{
		changed: "key-new", old: "key-old",
		k.at(t, "https://new.example/another/path"): "key-new",
		k.at(t, "https://old.example:8443/v2"):      "",
		k.at(t, "http://localhost/v2"):              "",
	} {
		found, err := c.Find(t.Context(), cfg)
		if found.Token.Reveal() != want || (err == nil) != (want != "") || err != nil && !errors.Is(err, ErrNoKey) {
			t.Errorf("at %s: %q %v, want %q", cfg.BaseURL.Value, found.Token.Reveal(), err, want)
		}
	}
	_, err := c.Find(t.Context(), k.at(t, "http://localhost/v2"))
	for _, text := range []string{"for profile default at http://localhost:", "holds the key for https://new.example"} {
		if err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("%q is not in %v", text, err)
		}
	}
}

// Signing out takes the key of the address, and leaves no plain text behind
// whatever address that was for.
func TestDeleteIsForAnAddress(t *testing.T) {
	t.Parallel()
	k := newKeyTest(t)
	c := NewCredentials(k.o)
	old, changed := k.at(t, "https://old.example"), k.at(t, "https://new.example")
	for _, cfg := range []*Config{old, changed} {
		if err := c.Store(t.Context(), cfg, mustToken(t, testKey)); err != nil {
			t.Fatal(err)
		}
	}
	path, err := c.StoreFile(old, mustToken(t, testKey))
	if err != nil {
		t.Fatal(err)
	}
	from, err := c.Delete(t.Context(), changed, SourceKeyring, SourceStoredFile)
	if err != nil || !slices.Equal(from, []Source{SourceKeyring, SourceStoredFile}) {
		t.Errorf("%v %v", from, err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the key file is there: %v", err)
	}
	if _, err := c.Find(t.Context(), changed); !errors.Is(err, ErrNoKey) {
		t.Errorf("%v", err)
	}
	if got, err := c.Find(t.Context(), old); err != nil || got.Source != SourceKeyring {
		t.Errorf("the other address: %+v %v", got, err)
	}
}
