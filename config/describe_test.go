package config

import (
	"strings"
	"testing"
)

func TestDescribe(t *testing.T) {
	t.Parallel()
	k := newKeyTest(t)
	k.ring.secrets[atHome] = testKey
	k.file(t, ".config/levcontacts/keys/default", kept(testKey), 0o600)
	describe := func() string {
		k.cfg = load(t, k.in)
		var states []string
		for _, r := range NewCredentials(k.o).Describe(t.Context(), k.cfg) {
			if r.InUse != (r.State == "in use") || strings.Contains(r.Detail+r.State, testKey) {
				t.Errorf("%+v", r)
			}
			states = append(states, string(r.Source)+": "+r.State)
		}
		return strings.Join(states, "\n")
	}
	rest := "\nsystem keyring: not reached\nkey file: not reached"
	check := func(want string) {
		t.Helper()
		if got := describe(); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
	const unset = "standard input: not set\n--api-key-file: not set\nLEV_API_KEY: not set\napi_key_command: not set\napi_key_file: not set"
	check(unset + "\nsystem keyring: in use\nkey file: not reached")
	k.ring.err = ErrKeyringUnavailable
	check(unset + "\nsystem keyring: the system keyring is not available\nkey file: in use")
	k.file(t, ".config/levcontacts/keys/default", "https://old.example\n"+testKey+"\n", 0o600)
	check(unset + "\nsystem keyring: the system keyring is not available\nkey file: holds the key for https://old.example")
	k.file(t, ".config/levcontacts/keys/default", testKey, 0o600)
	check(unset + "\nsystem keyring: the system keyring is not available\nkey file: does not say which address its key is for; run levcontacts auth login again")
	k.ring.err = nil
	check(unset + "\nsystem keyring: in use\nkey file: not reached")
	explicit := k.ring.calls
	writeConfig(t, k.in, "[profiles.default]\napi_key_command = [\"pass\", \""+testKey+"\"]\n") // and it is not run
	check("standard input: not set\n--api-key-file: not set\nLEV_API_KEY: not set\napi_key_command: in use\napi_key_file: not set" + rest)
	writeConfig(t, k.in, "[profiles.default]\napi_key_file = \"/no/such\"\n")
	check("standard input: not set\n--api-key-file: not set\nLEV_API_KEY: not set\napi_key_command: not set\napi_key_file: cannot be read: no such file or directory" + rest)
	k.o.Env = lookup(map[string]string{"LEV_API_KEY": testKey})
	check("standard input: not set\n--api-key-file: not set\nLEV_API_KEY: in use\napi_key_command: not set\napi_key_file: not reached" + rest)
	if k.ring.calls != explicit {
		t.Error("the keyring was asked for nothing")
	}
}
