package config

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/levcontacts/levcontacts/internal/weburl"
)

// storedAs is the name of a stored key: that of its profile and of the origin that
// it may be sent to. A profile can be pointed to another address, by hand and
// while the keyring is locked; the old key must not follow it there.
func storedAs(cfg *Config) string { return cfg.Profile.Value + "@" + weburl.Origin(cfg.BaseURL.Value) }

func keyringDetail(cfg *Config) string {
	return "service " + keyringService + ", user " + storedAs(cfg)
}

// findStored asks the places that the program itself keeps keys in.
func (c *Credentials) findStored(ctx context.Context, cfg *Config) (Credential, error) {
	secret, ringErr := c.ring.get(ctx, storedAs(cfg))
	if errors.Is(ringErr, context.Canceled) || errors.Is(ringErr, context.DeadlineExceeded) {
		return Credential{}, ringErr
	}
	if ringErr == nil {
		token, err := NewToken(secret)
		if err != nil {
			return Credential{}, fmt.Errorf("key from the system keyring for profile %s: %w", cfg.Profile.Value, err)
		}
		return Credential{Token: token, Source: SourceKeyring, Detail: keyringDetail(cfg)}, nil
	}
	path := c.options.Paths.KeyFile(cfg.Profile.Value)
	token, err := readStored(path, cfg)
	var elsewhere otherOriginKey
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Credential{}, noKey(cfg, ringErr)
	case errors.As(err, &elsewhere):
		return Credential{}, noKey(cfg, ringErr, fmt.Errorf("key file %s %w", path, elsewhere))
	case err != nil:
		return Credential{}, fmt.Errorf("key file %s: %w", path, withoutPath{err})
	}
	found := Credential{Token: token, Source: SourceStoredFile, Detail: path, Warnings: fileWarnings(path)}
	if !errors.Is(ringErr, ErrKeyringNotFound) {
		found.Warnings = append(found.Warnings, ringErr.Error())
	}
	return found, nil
}

// noKey describes where a key could have been, and why the keyring and the key file
// had none if that is more than that they have none.
func noKey(cfg *Config, why ...error) error {
	err := fmt.Errorf("%w for profile %s at %s: run levcontacts auth login, set LEV_API_KEY, or give --api-key-file; --demo needs none",
		ErrNoKey, cfg.Profile.Value, weburl.Origin(cfg.BaseURL.Value))
	for _, reason := range why {
		if !errors.Is(reason, ErrKeyringNotFound) {
			err = fmt.Errorf("%w (%w)", err, reason)
		}
	}
	return err
}

// otherOriginKey is a key file for another address than the one asked for, which
// counts as none.
type otherOriginKey struct{ origin string }

func (k otherOriginKey) Error() string { return "holds the key for " + k.origin }

// errNoOrigin is a key file without an address.
var errNoOrigin = errors.New("does not say which address its key is for; run levcontacts auth login again")

// readStored reads a key file: the origin that the key may be sent to, and the
// key, a line each.
func readStored(path string, cfg *Config) (Token, error) {
	text, err := readKeyFile(path)
	if err != nil {
		return Token{}, err
	}
	if len(text) == 0 {
		return Token{}, ErrKeyEmpty
	}
	first, key, _ := strings.Cut(string(text), "\n")
	switch origin := weburl.Origin(strings.TrimSpace(first)); origin {
	case "":
		return Token{}, errNoOrigin
	case weburl.Origin(cfg.BaseURL.Value):
		return NewToken(key)
	default:
		return Token{}, otherOriginKey{origin}
	}
}

// Store keeps a key in the system keyring, for the profile and the origin of
// the base URL of a configuration. When that cannot be done, the error wraps
// [ErrKeyringUnavailable] or [ErrKeyringTimeout]; then ask the user before
// calling [Credentials.StoreFile].
func (c *Credentials) Store(ctx context.Context, cfg *Config, key Token) error {
	if key.IsZero() {
		return ErrKeyEmpty
	}
	return c.ring.set(ctx, storedAs(cfg), key.Reveal())
}

// StoreFile keeps a key in a file of the configuration folder, readable by
// the user alone (0600), together with the origin of the base URL that it is
// for, and gives the file's path. The key is on the disk in plain text after
// that, so call it only when the user said yes to exactly this.
func (c *Credentials) StoreFile(cfg *Config, key Token) (string, error) {
	if key.IsZero() {
		return "", ErrKeyEmpty
	}
	path := c.options.Paths.KeyFile(cfg.Profile.Value)
	if err := MakePrivateDir(c.options.Paths.Config); err != nil {
		return "", err
	}
	if err := MakePrivateDir(filepath.Dir(path)); err != nil {
		return "", err
	}
	return path, writeFile(path, []byte(weburl.Origin(cfg.BaseURL.Value)+"\n"+key.Reveal()+"\n"))
}

// Delete forgets the key that the program kept for a profile in these places,
// [SourceKeyring] and [SourceStoredFile], and says where there was one. In the
// keyring it is that for the origin of the base URL; the file goes whatever
// address it is for, for plain text is not to be left behind. Sources that the
// person set up are left alone. The file is removed even when the keyring
// cannot be used.
func (c *Credentials) Delete(ctx context.Context, cfg *Config, places ...Source) (from []Source, err error) {
	if slices.Contains(places, SourceKeyring) {
		switch e := c.ring.remove(ctx, storedAs(cfg)); {
		case e == nil:
			from = append(from, SourceKeyring)
		case !errors.Is(e, ErrKeyringNotFound):
			err = e
		}
	}
	if slices.Contains(places, SourceStoredFile) {
		switch e := os.Remove(c.options.Paths.KeyFile(cfg.Profile.Value)); {
		case e == nil:
			from = append(from, SourceStoredFile)
		case !errors.Is(e, fs.ErrNotExist):
			err = errors.Join(err, e)
		}
	}
	return from, err
}
