package config

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// ErrNoKey says that no source has a key for the profile.
var ErrNoKey = errors.New("no API key")

const (
	keyringLimit = 3 * time.Second
	// commandLimit leaves time to type the password of a password store.
	commandLimit = time.Minute
)

// A Source is a place that a key can come from.
type Source string

// The sources, in the order in which they are asked.
const (
	SourceStdin      Source = "standard input"
	SourceFlagFile   Source = "--api-key-file"
	SourceEnv        Source = "LEV_API_KEY"
	SourceCommand    Source = "api_key_command"
	SourceFile       Source = "api_key_file"
	SourceKeyring    Source = "system keyring"
	SourceStoredFile Source = "key file"
)

// Credential is a key and where it came from. It can be printed and logged
// without showing the key.
type Credential struct {
	Token  Token
	Source Source
	// Detail names the file, program or keyring entry.
	Detail string
	// Warnings are about how the key is kept, a sentence each.
	Warnings []string
}

// CredentialOptions is what [NewCredentials] works with.
type CredentialOptions struct {
	Paths   Paths
	Env     func(name string) (string, bool) // as in Input
	Stdin   io.Reader                        // read for --api-key-file -
	Keyring Keyring
	Run     Runner
	// KeyringLimit and CommandLimit bound one call of the keyring (3 s when
	// zero) and one run of an api_key_command (1 min when zero).
	KeyringLimit, CommandLimit time.Duration
}

// Credentials finds, keeps and forgets API keys. It may be used by several
// goroutines at once.
type Credentials struct {
	options CredentialOptions
	ring    *limitedKeyring
	stdin   func() ([]byte, error)
}

// NewCredentials prepares the look-up of keys; it asks nothing yet.
func NewCredentials(o CredentialOptions) *Credentials {
	if o.KeyringLimit == 0 {
		o.KeyringLimit = keyringLimit
	}
	if o.CommandLimit == 0 {
		o.CommandLimit = commandLimit
	}
	c := &Credentials{options: o, ring: &limitedKeyring{ring: o.Keyring, limit: o.KeyringLimit}}
	c.stdin = sync.OnceValues(func() ([]byte, error) { return readKey(o.Stdin) })
	return c
}

// Find gives the key of a resolved configuration's profile from the first
// source that is set up: --api-key-file, LEV_API_KEY, the profile's
// api_key_command, its api_key_file, the system keyring, and the key file
// that the person once agreed to. A source that is set up and fails is an
// error and not a reason to take another key; only a keyring that cannot be
// used is passed over. Without a key the error wraps [ErrNoKey]. Standard
// input and a program are waited for, so call it outside the user interface.
func (c *Credentials) Find(ctx context.Context, cfg *Config) (Credential, error) {
	for _, p := range c.probes(cfg) {
		if !p.set {
			continue
		}
		found := Credential{Source: p.source, Detail: p.detail, Warnings: p.warnings()}
		text, err := bounded(ctx, p.limit, func() ([]byte, error) { return p.read(ctx) })
		if err == nil {
			found.Token, err = NewToken(string(text))
		}
		if err != nil {
			return Credential{}, p.failed(err)
		}
		return found, nil
	}
	return c.findKept(ctx, cfg.Profile.Value)
}

// findKept asks the places that the program itself keeps keys in.
func (c *Credentials) findKept(ctx context.Context, profile string) (Credential, error) {
	secret, ringErr := c.ring.get(ctx, profile)
	if errors.Is(ringErr, context.Canceled) || errors.Is(ringErr, context.DeadlineExceeded) {
		return Credential{}, ringErr
	}
	if ringErr == nil {
		token, err := NewToken(secret)
		if err != nil {
			return Credential{}, fmt.Errorf("key from the system keyring for profile %s: %w", profile, err)
		}
		return Credential{Token: token, Source: SourceKeyring, Detail: keyringDetail(profile)}, nil
	}
	path := c.options.Paths.KeyFile(profile)
	data, err := readKeyFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Credential{}, noKey(profile, ringErr)
	case err != nil:
		return Credential{}, fmt.Errorf("key file %s: %s", path, reason(err))
	}
	token, err := NewToken(string(data))
	if err != nil {
		return Credential{}, fmt.Errorf("key file %s: %w", path, err)
	}
	found := Credential{Token: token, Source: SourceStoredFile, Detail: path, Warnings: fileWarnings(path)}
	if !errors.Is(ringErr, ErrKeyringNotFound) {
		found.Warnings = append(found.Warnings, ringErr.Error())
	}
	return found, nil
}

// noKey says where a key could have been, and why the keyring had none if
// that is more than that it has none.
func noKey(profile string, ringErr error) error {
	err := fmt.Errorf("%w for profile %s: run levcontacts auth login, set LEV_API_KEY, or give --api-key-file; --demo needs none", ErrNoKey, profile)
	if !errors.Is(ringErr, ErrKeyringNotFound) {
		return fmt.Errorf("%w (%w)", err, ringErr)
	}
	return err
}

func keyringDetail(profile string) string {
	return "service " + keyringService + ", user " + profile
}

// probe is a source that a person sets up, as far as it can be known without
// asking it.
type probe struct {
	source Source
	set    bool
	detail string
	path   string // of a file, for warnings
	limit  time.Duration
	read   func(context.Context) ([]byte, error)
}

func (p probe) warnings() []string { return fileWarnings(p.path) }

func (p probe) failed(err error) error {
	switch {
	case errors.Is(err, tooSlow{}), errors.Is(err, context.DeadlineExceeded):
		err = fmt.Errorf("no answer within %s", p.limit)
	case errors.Is(err, ErrKeyEmpty), errors.Is(err, ErrKeyForm):
	default:
		err = unpathed{err}
	}
	if p.detail == "" {
		return fmt.Errorf("key from %s: %w", p.source, err)
	}
	return fmt.Errorf("key from %s (%s): %w", p.source, p.detail, err)
}

// unpathed is an error of the file system whose path has been named already.
type unpathed struct{ error }

func (u unpathed) Error() string { return reason(u.error) }
func (u unpathed) Unwrap() error { return u.error }

// probes lists the sources that a person sets up, in their order.
func (c *Credentials) probes(cfg *Config) []probe {
	file, argv := cfg.APIKeyFile, cfg.APIKeyCommand.Value
	byFlag := file.Value != "" && file.Origin.Kind == OriginFlag
	key := Input{Env: c.options.Env}.env(string(SourceEnv))
	readFile := func(context.Context) ([]byte, error) { return readKeyFile(file.Value) }
	// Standard input and the files may be pipes that somebody else fills.
	limit := c.options.CommandLimit
	return []probe{
		{source: SourceStdin, set: byFlag && file.Value == "-", limit: limit,
			read: func(context.Context) ([]byte, error) { return c.stdin() }},
		{source: SourceFlagFile, set: byFlag && file.Value != "-", detail: file.Value, path: file.Value, limit: limit, read: readFile},
		{source: SourceEnv, set: key != "", limit: limit,
			read: func(context.Context) ([]byte, error) { return []byte(key), nil }},
		{source: SourceCommand, set: len(argv) > 0, detail: shownCommand(argv), limit: limit,
			read: func(ctx context.Context) ([]byte, error) {
				ctx, cancel := context.WithTimeout(ctx, limit)
				defer cancel()
				return c.options.Run(ctx, argv)
			}},
		{source: SourceFile, set: file.Value != "" && !byFlag, detail: file.Value, path: file.Value, limit: limit, read: readFile},
	}
}

// shownCommand is a program with its arguments, without what may be secret.
func shownCommand(argv []string) string {
	words := make([]string, len(argv))
	for i, word := range argv {
		words[i] = shellWord(maskSecrets(word))
	}
	return shorten(strings.Join(words, " "))
}

func fileWarnings(path string) []string {
	if warning := PermissionWarning(path); warning != "" {
		return []string{warning}
	}
	return nil
}

func readKeyFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readKey(f)
}

// readKey reads a key, and one byte more than the longest so that a longer
// one is noticed.
func readKey(r io.Reader) ([]byte, error) {
	if r == nil {
		return nil, ErrKeyEmpty
	}
	return io.ReadAll(io.LimitReader(r, 2*longestToken))
}

// Store keeps a key in the system keyring. When that cannot be done, the
// error wraps [ErrKeyringUnavailable] or [ErrKeyringTimeout]; then ask the
// person before calling [Credentials.StoreFile].
func (c *Credentials) Store(ctx context.Context, profile string, key Token) error {
	if key.IsZero() {
		return ErrKeyEmpty
	}
	return c.ring.set(ctx, profile, key.Reveal())
}

// StoreFile keeps a key in a file of the configuration folder, readable by
// this person alone (0600), and gives the file's path. The key is on the disk
// in plain text after that, so call it only when the person said yes to
// exactly this.
func (c *Credentials) StoreFile(profile string, key Token) (string, error) {
	if key.IsZero() {
		return "", ErrKeyEmpty
	}
	path := c.options.Paths.KeyFile(profile)
	if err := MakePrivateDir(c.options.Paths.Config); err != nil {
		return "", err
	}
	if err := MakePrivateDir(filepath.Dir(path)); err != nil {
		return "", err
	}
	return path, writeFile(path, []byte(key.Reveal()+"\n"))
}

// Delete forgets the key that the program kept for a profile, in the keyring
// and in the key file, and says where there was one. Sources that the person
// set up are left alone. The file is removed even when the keyring cannot be
// used.
func (c *Credentials) Delete(ctx context.Context, profile string) ([]Source, error) {
	var from []Source
	ringErr := c.ring.remove(ctx, profile)
	if ringErr == nil {
		from = append(from, SourceKeyring)
	}
	if errors.Is(ringErr, ErrKeyringNotFound) {
		ringErr = nil
	}
	fileErr := os.Remove(c.options.Paths.KeyFile(profile))
	if fileErr == nil {
		from = append(from, SourceStoredFile)
	}
	if errors.Is(fileErr, fs.ErrNotExist) {
		fileErr = nil
	}
	return from, errors.Join(ringErr, fileErr)
}
