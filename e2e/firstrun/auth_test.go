//go:build unix

package firstrun

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/levcontacts/levcontacts/api/sandbox"
)

// The key comes in on standard input, is tried, and is kept where the person
// agrees to; what is said of it is its prefix and its last four characters.
func TestLoginWithToken(t *testing.T) {
	t.Parallel()
	wrong, key := keyFor(t, "wrong"), keyFor(t, "right")
	m := newMachine(t, wrong, key)
	s := newService(t, "Aldergate", sandbox.Key{Token: key})
	login := []string{"auth", "login", "--with-token", "--base-url", s.url}

	m.command(wrong+"\n", login...).is(t, 4, "does not accept the key", "401", "request")
	m.command(wrong+"\n", append(login, "--insecure-storage")...).is(t, 4, "does not accept the key")
	m.command(key+"\n", login...).is(t, 4, "the system keyring is not available", "--insecure-storage")
	m.command("\n", login...).is(t, 2, "the key is empty")
	m.command(key+" x\n", login...).is(t, 2, "this is not a key")
	m.command("", "auth", "login").is(t, 2, "--with-token")
	m.hasNoFile(m.keyFile("default"))

	m.command(key+"\n", append(login, "--insecure-storage")...).is(t, 0, masked(key), "is good and kept in "+m.keyFile("default"), "signed in to Aldergate")
	m.secrets.agree(t, m.keyFile("default"), key)
	m.savedIs("[profiles.default]\nbase_url = \"" + s.url + "\"\n")
	p := m.start()
	p.seesContacts(s)
	p.quit()
	s.receivedOnly(t, wrong, key)
}

// The key is typed unseen, and kept in a file after a plain yes only.
func TestLoginOnATerminal(t *testing.T) {
	t.Parallel()
	key := keyFor(t, "key")
	m := newMachine(t, key)
	s := newService(t, "Aldergate", sandbox.Key{Token: key})
	login := func(answer string, code int) {
		t.Helper()
		p := m.start("auth", "login", "--base-url", s.url)
		p.wait("Sign in to "+s.url, "Paste the API key (it is not shown):")
		p.inspect()
		must(t, p.Send(key+"\r"))
		p.wait("Keep it there? [y/N]")
		m.hasNoFile(m.keyFile("default"))
		must(t, p.Send(answer+"\r"))
		p.exits(code)
	}
	login("", 4)
	login("nein", 4)
	if files := m.files(); len(files) > 0 {
		t.Errorf("after no there are %q", files)
	}
	login("y", 0)
	m.secrets.agree(t, m.keyFile("default"), key)
}

// Every question ends with ctrl+c and with a signal, and leaves the terminal as
// it was.
func TestLeavingALogin(t *testing.T) {
	t.Parallel()
	key := keyFor(t, "key")
	s := newService(t, "Aldergate", sandbox.Key{Token: key})
	question := func(p *person) {
		must(t, p.Send(key+"\r"))
		p.wait("Keep it there? [y/N]")
	}
	for name, leave := range map[string]func(*person){
		"ctrl+c at the key":        func(p *person) { p.press("ctrl+c") },
		"ctrl+c over a key":        func(p *person) { must(t, p.Send(key)); p.press("ctrl+c") },
		"ctrl+d at the key":        func(p *person) { p.press("ctrl+d") },
		"a signal at the key":      func(p *person) { must(t, p.Signal(syscall.SIGTERM)) },
		"ctrl+c at the question":   func(p *person) { question(p); p.press("ctrl+c") },
		"a signal at the question": func(p *person) { question(p); must(t, p.Signal(syscall.SIGTERM)) },
		"with --with-token":        nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t, key)
			args := []string{"auth", "login", "--base-url", s.url}
			if leave == nil { // a terminal is no pipe: it is asked as without the flag
				args, leave = append(args, "--with-token"), func(p *person) { p.press("ctrl+c") }
			}
			p := m.start(args...)
			p.wait("Paste the API key (it is not shown):")
			leave(p)
			p.exits(130)
			p.shows("interrupted")
			if files := m.files(); len(files) > 0 {
				t.Errorf("there are %q", files)
			}
		})
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	key, other := keyFor(t, "key"), keyFor(t, "other")
	m := newMachine(t, key, other)
	s := newService(t, "Aldergate", sandbox.Key{Token: key}, sandbox.Key{Token: other, ReadOnly: true, Role: "analyst"})
	m.command("", "auth", "status").is(t, 4, "no API key for profile default")
	m.command(key, "auth", "login", "--with-token", "--insecure-storage", "--base-url", s.url).is(t, 0)
	m.secrets.agree(t, m.keyFile("default"), key)
	m.command("", "auth", "status").is(t, 0, masked(key), "key file ("+m.keyFile("default")+")", "Aldergate", "Jordan Avery (admin)", "contacts:read, contacts:write")

	var standing struct{ Profile, Key, Source, Account, Role string }
	r := m.command("", "auth", "status", "--json")
	must(t, json.Unmarshal([]byte(r.out), &standing))
	if standing.Profile != "default" || standing.Key != masked(key) || standing.Account != "Aldergate" || standing.Role != "admin" {
		t.Errorf("got %+v", standing)
	}

	// A key from standard input, and one from the environment, go first.
	m.command(other, "auth", "status", "--api-key-file", "-").is(t, 0, masked(other), "standard input", "analyst", "off: the key may only read")
	plain := m.secrets.keys
	m.secrets.keys = []string{key} // the other is in the environment, where the person put it
	m.setEnv("LEV_API_KEY", other)
	r = m.command("", "auth", "status")
	m.secrets.keys = plain
	r.is(t, 0, masked(other), "LEV_API_KEY")
	m.setEnv("LEV_API_KEY", "")
	for _, args := range [][]string{{"config", "show"}, {"config", "show", "--json"}, {"doctor"}, {"doctor", "--json"}} {
		m.command("", args...).is(t, 0, masked(key))
	}
}

// The key is printed by one command only, for a pipe.
func TestToken(t *testing.T) {
	t.Parallel()
	key := keyFor(t, "key")
	m := newMachine(t, key)
	s := newService(t, "Aldergate", sandbox.Key{Token: key})
	m.command("", "auth", "token").is(t, 4, "no API key")
	m.command(key, "auth", "login", "--with-token", "--insecure-storage", "--base-url", s.url).is(t, 0)
	m.secrets.agree(t, m.keyFile("default"), key)
	r := m.revealing("", "auth", "token")
	if r.code != 0 || r.out != key+"\n" || r.err != "" {
		t.Errorf("exit code %d, the key %v, and %q", r.code, r.out == key+"\n", r.err)
	}
	p := m.start("auth", "token")
	p.wait("the key would be shown on this terminal", "--show")
	p.exits(2)
}

// Logging out leaves neither key nor rows, of this profile alone.
func TestLogout(t *testing.T) {
	t.Parallel()
	key, other := keyFor(t, "key"), keyFor(t, "other")
	m := newMachine(t, key, other)
	s, o := newService(t, "Aldergate", sandbox.Key{Token: key}), newService(t, "Brookmere", sandbox.Key{Token: other})
	m.addProfile("default", s, key)
	m.addProfile("brook", o, other)
	for _, profile := range []string{"default", "brook"} {
		p := m.start("--profile", profile)
		p.seesContacts(map[string]*service{"default": s, "brook": o}[profile])
		p.quit()
	}
	m.holds(m.cacheDir("default"), s.name)
	m.holds(m.cacheDir("brook"), o.name)

	m.command("", "auth", "logout").is(t, 0, "the key of profile default is gone from the key file", "the local copy of its contacts is gone")
	m.hasNoFile(m.keyFile("default"))
	m.lacks(m.cacheDir("default"), s.name)
	m.holds(m.cacheDir("brook"), o.name)
	m.command("", "auth", "status").is(t, 4, "no API key for profile default")
	m.command("", "auth", "status", "--profile", "brook").is(t, 0, masked(other), "Brookmere")
	m.command("", "auth", "logout").is(t, 0, "no key was kept for profile default")

	p := m.start()
	p.wait("Welcome to levcontacts")
	p.quit()
	p = m.start("--profile", "brook")
	p.seesContacts(o)
	p.quit()
}

func TestSwitch(t *testing.T) {
	t.Parallel()
	key, other := keyFor(t, "key"), keyFor(t, "other")
	m := newMachine(t, key, other)
	s, o := newService(t, "Aldergate", sandbox.Key{Token: key}), newService(t, "Brookmere", sandbox.Key{Token: other})
	m.addProfile("alder", s, key)
	m.addProfile("brook", o, other)
	m.command("", "auth", "switch", "brook").is(t, 0, "profile brook is used from now on")
	m.command("", "auth", "status").is(t, 0, "Brookmere", masked(other))
	p := m.start()
	p.seesContacts(o)
	p.quit()
	m.command("", "auth", "switch", "alder").is(t, 0)
	p = m.start()
	p.seesContacts(s)
	p.quit()
	m.command("", "auth", "switch", "birch").is(t, 2, "there is no such profile", "alder", "brook")
	m.command("", "auth", "status").is(t, 0, "Aldergate")
	s.receivedOnly(t, key)
	o.receivedOnly(t, other)
}

// addProfile adds a profile and signs in, with the key in a file.
func (m *machine) addProfile(name string, s *service, key string) {
	m.t.Helper()
	m.command("", "config", "add", name, "--url", s.url).is(m.t, 0, "added profile "+name)
	m.command(key, "auth", "login", "--with-token", "--insecure-storage", "--profile", name).is(m.t, 0, masked(key))
	m.secrets.agree(m.t, m.keyFile(name), key)
}

// holds fails unless a text is in a file below a folder.
func (m *machine) holds(folder, text string) {
	m.t.Helper()
	if !m.found(folder, text) {
		m.t.Errorf("%q is in no file of %s", text, folder)
	}
}

// lacks fails when a text is in a file below a folder.
func (m *machine) lacks(folder, text string) {
	m.t.Helper()
	if m.found(folder, text) {
		m.t.Errorf("%q is in a file of %s", text, folder)
	}
}

func (m *machine) found(folder, text string) (found bool) {
	m.t.Helper()
	must(m.t, filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		found = found || bytes.Contains(bytes.ToLower(content), []byte(strings.ToLower(text)))
		return err
	}))
	return found
}
