package config

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"
)

// lateKeyring answers the first Set when it is unlocked.
type lateKeyring struct {
	ring   Keyring
	locked chan struct{}
	mu     sync.Mutex
	sets   int
}

func (l *lateKeyring) Get(service, user string) (string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ring.Get(service, user)
}

func (l *lateKeyring) Set(service, user, secret string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sets++; l.sets == 1 {
		l.mu.Unlock()
		<-l.locked
		l.mu.Lock()
	}
	return l.ring.Set(service, user, secret)
}

func (l *lateKeyring) Delete(service, user string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ring.Delete(service, user)
}

// Whoever was told that a key is not kept must not find it in the keyring when
// that is unlocked after all, unless it was stored again meanwhile.
func TestKeyStoredTooLateIsTakenOut(t *testing.T) {
	t.Parallel()
	for _, again := range []bool{false, true} {
		k := newKeyTest(t)
		cfg := load(t, k.in)
		synctest.Test(t, func(t *testing.T) {
			late := &lateKeyring{ring: k.ring, locked: make(chan struct{})}
			k.o.Keyring = late
			c := NewCredentials(k.o)
			if err := c.Store(t.Context(), cfg, mustToken(t, testKey)); !errors.Is(err, ErrKeyringTimeout) {
				t.Errorf("locked: %v", err)
			}
			if again {
				if err := c.Store(t.Context(), cfg, mustToken(t, testKey)); err != nil {
					t.Errorf("again: %v", err)
				}
			}
			close(late.locked)
			synctest.Wait()
			if _, err := c.ring.ring.Get(keyringService, storedAs(cfg)); again != (err == nil) {
				t.Errorf("stored again %v: %v", again, err)
			}
			if _, err := c.Find(t.Context(), cfg); again != (err == nil) {
				t.Errorf("stored again %v: %v", again, err)
			}
		})
	}
}
