package config

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/zalando/go-keyring"
)

// keyringService is the name under which keys are filed in the keyring; the
// user is the profile and the origin of its address, see storedAs.
const keyringService = "levcontacts"

// What can go wrong with the system keyring. The text around
// [ErrKeyringUnavailable] says why in words.
var (
	ErrKeyringNotFound    = errors.New("the keyring holds no key for this profile and address")
	ErrKeyringUnavailable = errors.New("the system keyring is not available")
	ErrKeyringTimeout     = errors.New("the system keyring did not respond; it may be locked or asking for its password in another window")
)

// Keyring is the system's store of secrets. Get returns an error that
// wraps [ErrKeyringNotFound] when there is no such secret, and so does
// Delete; any other error means that the keyring cannot be used.
type Keyring interface {
	Get(service, user string) (string, error)
	Set(service, user, secret string) error
	Delete(service, user string) error
}

// SystemKeyring is the keyring of this system: the Secret Service, the macOS
// keychain or the Windows credential manager.
func SystemKeyring() Keyring { return systemKeyring{} }

type systemKeyring struct{}

func (systemKeyring) Get(service, user string) (string, error) {
	secret, err := keyring.Get(service, user)
	return secret, keyringError(err)
}

func (systemKeyring) Set(service, user, secret string) error {
	return keyringError(keyring.Set(service, user, secret))
}

func (systemKeyring) Delete(service, user string) error {
	return keyringError(keyring.Delete(service, user))
}

// keyringError turns the library's errors, which come from many systems,
// into a kind and a reason that the user can act on.
func keyringError(err error) error {
	var noProgram *exec.Error
	var netError *net.OpError
	text := ""
	if err != nil {
		text = err.Error()
	}
	because := func(why string) error { return fmt.Errorf("%w: %s", ErrKeyringUnavailable, why) }
	switch {
	case err == nil:
		return nil
	case errors.Is(err, keyring.ErrNotFound):
		return ErrKeyringNotFound
	case errors.Is(err, keyring.ErrUnsupportedPlatform):
		return because("this system has none that the program knows")
	case errors.Is(err, keyring.ErrSetDataTooBig):
		return because("the key is longer than it can hold")
	case errors.As(err, &noProgram):
		return because("there is no desktop session (D-Bus) here")
	case errors.As(err, &netError), strings.Contains(text, "DBUS_SESSION_BUS_ADDRESS"):
		return because("the desktop session (D-Bus) does not respond")
	case strings.Contains(text, "org.freedesktop.secrets"), strings.Contains(text, "ServiceUnknown"):
		return because("no keyring service is running, such as GNOME Keyring, KWallet or KeePassXC")
	case strings.Contains(text, "unlock"), strings.Contains(text, "dismissed"), strings.Contains(text, "IsLocked"):
		return because("it is locked, or was never set up")
	default:
		return because(quoted(text))
	}
}

// limitedKeyring bounds the time of every call, for a locked keyring can wait
// for a user who is not there, and remembers that a keyring does not work,
// so that this is paid for once in a run.
type limitedKeyring struct {
	ring  Keyring
	limit time.Duration

	mu     sync.Mutex
	failed error
	sets   int // how often a key was to be stored
}

func (k *limitedKeyring) get(ctx context.Context, user string) (string, error) {
	k.mu.Lock()
	failed := k.failed
	k.mu.Unlock()
	if failed != nil {
		return "", failed
	}
	secret, err := withLimit(ctx, k.limit, func() (string, error) { return k.ring.Get(keyringService, user) })
	return secret, k.classify(err)
}

// set calls the keyring even where reading failed before: the user may have
// unlocked the keyring since. A key that is stored after its caller was told
// that it is not, as when a keyring is unlocked late, is taken out again.
func (k *limitedKeyring) set(ctx context.Context, user, secret string) error {
	k.mu.Lock()
	k.sets++
	mine := k.sets
	k.mu.Unlock()
	var stored, left bool // with k.mu
	_, err := withLimit(ctx, k.limit, func() (struct{}, error) {
		err := k.ring.Set(keyringService, user, secret)
		k.mu.Lock()
		stored = err == nil
		late := stored && left && k.sets == mine
		k.mu.Unlock()
		if late {
			err = k.ring.Delete(keyringService, user)
		}
		return struct{}{}, err
	})
	k.mu.Lock()
	if left = !stored; stored {
		err = nil // just in time
	}
	k.mu.Unlock()
	return k.classify(err)
}

func (k *limitedKeyring) remove(ctx context.Context, user string) error {
	_, err := withLimit(ctx, k.limit, func() (struct{}, error) {
		return struct{}{}, k.ring.Delete(keyringService, user)
	})
	return k.classify(err)
}

// classify sorts an error into not found, timed out, unavailable or, untouched,
// the caller's own cancellation.
func (k *limitedKeyring) classify(err error) error {
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case err == nil, errors.Is(err, ErrKeyringNotFound):
		k.remember(nil)
		return err
	case errors.Is(err, limitExceeded{}):
		err = ErrKeyringTimeout
	case !errors.Is(err, ErrKeyringUnavailable):
		err = fmt.Errorf("%w: %s", ErrKeyringUnavailable, quoted(err.Error()))
	}
	k.remember(err)
	return err
}

func (k *limitedKeyring) remember(err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.failed = err
}

// limitExceeded is the error of a call that did not come back within its limit.
type limitExceeded struct{}

func (limitExceeded) Error() string { return "no answer in time" }

// withLimit runs a call that knows no context. When it takes longer than limit,
// or ctx ends, the call is abandoned and its result is dropped. A panic
// in it becomes an error: libraries that talk to the desktop are no reason to
// lose the terminal.
func withLimit[T any](ctx context.Context, limit time.Duration, call func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	results := make(chan result, 1)
	go func() {
		var a result
		defer func() {
			if recover() != nil {
				a.err = errors.New("it failed unexpectedly")
			}
			results <- a
		}()
		a.value, a.err = call()
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	var none T
	select {
	case a := <-results:
		return a.value, a.err
	case <-timer.C:
		return none, limitExceeded{}
	case <-ctx.Done():
		return none, ctx.Err()
	}
}
