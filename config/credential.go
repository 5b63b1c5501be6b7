package config

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/levcontacts/levcontacts/internal/redact"
)

// ErrNoKey means that no source has a key for the profile.
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
	// Warnings are about how the key is stored, a sentence each.
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
// that the user once agreed to. Of the last two only a key that was stored for
// the origin of this very base URL is taken. A source that is set up and fails
// is an error and not a reason to take another key; only a keyring that cannot
// be used is passed over. Without a key the error wraps [ErrNoKey]. Standard
// input and a program are waited for, so call it outside the user interface.
func (c *Credentials) Find(ctx context.Context, cfg *Config) (Credential, error) {
	for _, p := range c.probes(cfg) {
		if !p.set {
			continue
		}
		found := Credential{Source: p.source, Detail: p.detail, Warnings: p.warnings()}
		text, err := withLimit(ctx, p.limit, func() ([]byte, error) { return p.read(ctx) })
		if err == nil {
			found.Token, err = NewToken(string(text))
		}
		if err != nil {
			return Credential{}, p.failed(err)
		}
		return found, nil
	}
	return c.findStored(ctx, cfg)
}

// probe is a source that the user sets up, as far as it can be known without
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
	case errors.Is(err, limitExceeded{}), errors.Is(err, context.DeadlineExceeded):
		err = fmt.Errorf("no answer within %s", p.limit)
	case errors.Is(err, ErrKeyEmpty), errors.Is(err, ErrKeyForm):
	default:
		err = withoutPath{err}
	}
	if p.detail == "" {
		return fmt.Errorf("key from %s: %w", p.source, err)
	}
	return fmt.Errorf("key from %s (%s): %w", p.source, p.detail, err)
}

// withoutPath is an error of the file system whose path has been named already.
type withoutPath struct{ error }

func (u withoutPath) Error() string { return reason(u.error) }
func (u withoutPath) Unwrap() error { return u.error }

// probes lists the sources that the user sets up, in their order.
func (c *Credentials) probes(cfg *Config) []probe {
	file, argv := cfg.APIKeyFile, cfg.APIKeyCommand.Value
	byFlag := file.Value != "" && file.Origin.Kind == OriginFlag
	key := Input{Env: c.options.Env}.env(string(SourceEnv))
	readFile := func(context.Context) ([]byte, error) { return readKeyFile(file.Value) }
	// Standard input and the files may be pipes that someone else fills.
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
		words[i] = shellWord(redact.Shapes(word))
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
	return io.ReadAll(io.LimitReader(r, 2*maxToken))
}
