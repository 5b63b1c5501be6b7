package main

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/levcontacts/levcontacts/api"
	"github.com/levcontacts/levcontacts/cli"
	"github.com/levcontacts/levcontacts/config"
	"github.com/levcontacts/levcontacts/internal/redact"
)

// keySource finds the key that requests are sent with, in the background, because
// a keyring can be slow: requests wait for the key, the screen does not.
type keySource struct {
	ready    chan struct{}
	redactor *redact.Redactor

	mu    sync.Mutex
	found config.Credential
	err   error
}

func newKeySource(ctx context.Context, s *cli.Start, r *redact.Redactor) *keySource {
	k := &keySource{ready: make(chan struct{}), redactor: r}
	go func() {
		defer close(k.ready)
		found, err := s.Key(ctx)
		k.mu.Lock()
		defer k.mu.Unlock()
		if k.err = err; err == nil {
			k.found = found
			r.Add(found.Token.Reveal())
		}
	}()
	return k
}

// token is the key to send, "" when there is none.
func (k *keySource) token() string {
	<-k.ready
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.found.Token.Reveal()
}

// wait gives the key, or why there is none.
func (k *keySource) wait(ctx context.Context) (config.Token, error) {
	select {
	case <-k.ready:
	case <-ctx.Done():
		return config.Token{}, ctx.Err()
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.found.Token, k.err
}

// credential is the key with where it came from, the zero one when there is none.
func (k *keySource) credential() config.Credential {
	<-k.ready
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.found
}

func (k *keySource) use(t config.Token) {
	<-k.ready
	k.redactor.Add(t.Reveal())
	k.mu.Lock()
	defer k.mu.Unlock()
	k.found.Token, k.err = t, nil
}

// keys signs in over the running program.
type keys struct{ w *wiring }

// Try asks the service about a key, without using it for anything else.
func (k *keys) Try(ctx context.Context, key string) (api.Me, error) {
	token, err := config.NewToken(key)
	if err != nil {
		return api.Me{}, err
	}
	k.w.redactor.Add(token.Reveal())
	return k.w.start.Ask(ctx, token)
}

// Use makes a key the one that is sent from now on.
func (k *keys) Use(key string) {
	if token, err := config.NewToken(key); err == nil {
		k.w.key.use(token)
	}
}

// Keep stores a key where the profile keeps its key. A key that the user
// sets up elsewhere is not replaced: a message says what the next start needs. A
// key for this run only stays that.
func (k *keys) Keep(ctx context.Context, key string) error {
	token, err := config.NewToken(key)
	if err != nil {
		return err
	}
	s := k.w.start
	found := k.w.key.credential()
	if next := nextStart(found); next != "" {
		k.w.problem("signed in until the program ends; the next start " + next)
		return nil
	}
	switch found.Source {
	case cli.SourceFirstScreen:
		return nil
	case config.SourceStoredFile:
		_, err := s.Credentials.StoreFile(s.Config, token)
		return err
	}
	err = s.KeepKey(func() error { return s.Credentials.Store(ctx, s.Config, token) }, func() error {
		_, err := s.Credentials.Delete(context.WithoutCancel(ctx), s.Config, config.SourceKeyring)
		return err
	})
	if errors.Is(err, config.ErrKeyringUnavailable) || errors.Is(err, config.ErrKeyringTimeout) {
		return fmt.Errorf("the key is used until the program ends; it is not stored, because %w (levcontacts auth login can store it in a file)", err)
	}
	return err
}

// nextStart describes where the next start takes a key from that the user sets
// up, and what to do about it; "" for one that the program keeps itself.
func nextStart(found config.Credential) string {
	switch found.Source {
	case config.SourceStdin:
		return "reads a key from standard input again: give it the new one"
	case config.SourceEnv:
		return "takes the key from LEV_API_KEY again: set that to the new one"
	case config.SourceFlagFile, config.SourceFile:
		return "reads the key from " + found.Detail + " again: write the new one into that file"
	case config.SourceCommand:
		return "gets the key from api_key_command (" + found.Detail + ") again: put the new one where that finds it"
	}
	return ""
}

// fingerprint separates the keys of different accounts without revealing one
// away. Session tokens are renewed all the time, so for them it is whose they
// are that counts.
func fingerprint(key config.Token) string {
	text := key.Reveal()
	if parts := strings.Split(text, "."); len(parts) == 3 {
		var claims struct {
			Issuer  string `json:"iss"`
			Subject string `json:"sub"`
		}
		payload, err := base64.RawURLEncoding.DecodeString(parts[1])
		if err == nil && json.Unmarshal(payload, &claims) == nil && claims.Subject != "" {
			text = claims.Issuer + " " + claims.Subject
		}
	}
	sum := sha256.Sum256([]byte("levcontacts account of\n" + text))
	return hex.EncodeToString(sum[:8])
}
