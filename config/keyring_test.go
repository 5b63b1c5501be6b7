package config

import (
	"errors"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"
)

func TestErrorsOfTheKeyringAreExplained(t *testing.T) {
	t.Parallel()
	if err := keyringError(nil); err != nil {
		t.Errorf("%v", err)
	}
	if err := keyringError(fmt.Errorf("x: %w", keyring.ErrNotFound)); !errors.Is(err, ErrKeyringNotFound) {
		t.Errorf("%v", err)
	}
	tests := []struct {
		err  error
		want string
	}{
		{keyring.ErrUnsupportedPlatform, "this system has none that the program knows"},
		{keyring.ErrSetDataTooBig, "the key is longer than it can hold"},
		{&exec.Error{Name: "dbus-launch", Err: exec.ErrNotFound}, "there is no desktop session (D-Bus) here"},
		{&net.OpError{Op: "dial", Net: "unix", Err: errors.New("connection refused")}, "the desktop session (D-Bus) does not respond"},
		{errors.New("The name org.freedesktop.secrets was not provided by any .service files"), "no keyring service is running"},
		{errors.New("failed to unlock correct collection '/org/freedesktop/secrets/aliases/default'"), "it is locked, or was never set up"},
		{errors.New("prompt dismissed"), "it is locked, or was never set up"},
		{errors.New("exit status 36\x1b[2J"), `"exit status 36\x1b[2J"`},
	}
	for _, tt := range tests {
		err := keyringError(tt.err)
		if !errors.Is(err, ErrKeyringUnavailable) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v: %v, want %s", tt.err, err, tt.want)
		}
	}
}

// The library's own mock is one for the whole process, so this is the one
// test that does not run beside others.
func TestSystemKeyring(t *testing.T) {
	keyring.MockInit()
	ring := SystemKeyring()
	if _, err := ring.Get("levcontacts", "acme"); !errors.Is(err, ErrKeyringNotFound) {
		t.Errorf("%v", err)
	}
	if err := ring.Set("levcontacts", "acme", testKey); err != nil {
		t.Error(err)
	}
	if got, err := ring.Get("levcontacts", "acme"); err != nil || got != testKey {
		t.Errorf("%q %v", got, err)
	}
	if err := ring.Delete("levcontacts", "acme"); err != nil {
		t.Error(err)
	}
	if err := ring.Delete("levcontacts", "acme"); !errors.Is(err, ErrKeyringNotFound) {
		t.Errorf("%v", err)
	}
}
