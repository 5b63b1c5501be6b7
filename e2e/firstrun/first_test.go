//go:build unix

package firstrun

import (
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/levcontacts/levcontacts/api/sandbox"
)

// connect goes from the first page of the first-run screen to the fields and
// writes the address of a service over the usual one.
func (p *person) connect(s *service) {
	p.t.Helper()
	p.wait("Welcome to levcontacts", "Look around with sample data")
	p.press("j", "enter")
	p.wait("Connect an account", "step 1 of 3")
	p.press("tab")
	p.paste(s.url)
	p.wait(s.url)
	p.press("shift+tab")
}

// tryKey pastes a key over what is in the field and has it tried.
func (p *person) tryKey(key string) {
	p.t.Helper()
	p.paste(key)
	p.wait(strings.Repeat("*", len(key)), "API key of")
	p.press("enter")
}

// toPlaces has a good key tried and goes on to where it is to be kept.
func (p *person) toPlaces(s *service, key string) {
	p.t.Helper()
	p.connect(s)
	p.tryKey(key)
	p.wait("The key works", s.name)
	p.press("enter")
	p.wait("Where should the key be stored?", "only for this run")
}

// seesContacts waits for the contacts of an account.
func (p *person) seesContacts(s *service) {
	p.t.Helper()
	p.wait(s.row(1), s.loaded())
}

// From an empty home folder, on a machine without a keyring: a wrong key, then
// the right one, kept in a file after a plain yes.
func TestFirstStart(t *testing.T) {
	t.Parallel()
	wrong, key := keyFor(t, "wrong"), keyFor(t, "right")
	m, s := newMachine(t, wrong, key), newService(t, "Aldergate", sandbox.Key{Token: key})

	p := m.start()
	p.connect(s)
	p.tryKey(wrong)
	p.wait("The service does not accept this key", "401", "request")
	p.shows("Key      "+strings.Repeat("*", len(wrong)), s.url, "step 1 of 3")
	p.inspect()
	if files := m.files(); len(files) > 0 {
		t.Errorf("before a key was accepted there are %q", files)
	}

	p.tryKey(key)
	p.wait("The key works")
	p.shows("Aldergate", "Jordan Avery", "read and change contacts", "contacts:read, contacts:write", s.url)
	p.press("enter")
	p.wait("Where should the key be stored?", "The system keyring cannot be used", "In a file that only you can read")
	p.hides("In the system keyring")

	p.press("enter")
	p.wait("Store the key in a plain file?", "mode 0600")
	p.press("enter") // no, as long as nobody says yes
	p.wait("Where should the key be stored?")
	if files := m.files(); len(files) > 0 {
		t.Errorf("after no there are %q", files)
	}
	p.press("enter")
	p.wait("Store the key in a plain file?")
	p.press("y")
	p.wait("Connected", "stored in", "Aldergate")
	m.secrets.agree(t, m.keyFile("default"), key)
	m.savedIs("[profiles.default]\nbase_url = \"" + s.url + "\"\n")
	p.press("enter")
	p.seesContacts(s)
	p.quit()

	p = m.start()
	p.seesContacts(s)
	p.never("Welcome")
	p.quit()
	m.holds(m.file(logName), `"endpoint":"list"`)
	s.receivedOnly(t, wrong, key)
}

// A key that is kept nowhere is asked for again.
func TestFirstStartForThisRunOnly(t *testing.T) {
	t.Parallel()
	key := keyFor(t, "key")
	m, s := newMachine(t, key), newService(t, "Aldergate", sandbox.Key{Token: key})
	p := m.start()
	p.toPlaces(s, key)
	p.press("j", "enter")
	p.seesContacts(s)
	p.quit()
	m.hasNoFile(m.keyFile("default"))
	m.hasNoFile(m.configFile())
	m.hasNoFile(m.savedFile())

	p = m.start()
	p.wait("Welcome to levcontacts")
	p.quit()
}

func TestFirstStartWithSampleData(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	p := m.start()
	p.wait("Welcome to levcontacts")
	p.press("enter")
	p.wait("DEMO", "1,284")
	p.quit()
	if files := m.files(); len(files) > 0 {
		t.Errorf("sample data leaves %q behind", files)
	}
}

// Whoever leaves the first-run screen, wherever, has changed nothing.
func TestLeavingTheFirstStart(t *testing.T) {
	t.Parallel()
	key := keyFor(t, "key")
	s := newService(t, "Aldergate", sandbox.Key{Token: key})
	tests := map[string]func(*person){
		"at once":   func(p *person) { p.wait("Welcome"); p.press("q") },
		"by choice": func(p *person) { p.wait("Welcome"); p.press("G", "enter") },
		"after esc": func(p *person) {
			p.connect(s)
			p.press("esc")
			p.wait("Welcome")
			p.press("esc") // quits nothing
			p.press("j")   // may be taken together with it
			p.press("G")
			p.wait("▌ Quit")
			p.press("ctrl+c")
		},
		"with a key typed":   func(p *person) { p.connect(s); p.paste(key); p.wait("API key of"); p.press("ctrl+c") },
		"with a key tried":   func(p *person) { p.toPlaces(s, key); p.press("ctrl+c") },
		"at the question":    func(p *person) { p.toPlaces(s, key); p.press("enter"); p.wait("plain file?"); p.press("ctrl+c") },
		"with nothing typed": func(p *person) { p.connect(s); p.press("enter"); p.wait("Paste a key first"); p.press("ctrl+c") },
	}
	for name, leave := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t, key)
			p := m.start()
			leave(p)
			p.exits(0)
			if files := m.files(); len(files) > 0 {
				t.Errorf("there are %q", files)
			}
		})
	}
}

// Somebody who signs in as a person says for which account, and where the
// configuration names one already that is used.
func TestFirstStartWithASessionToken(t *testing.T) {
	t.Parallel()
	token := "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c2VyLTcxIn0." + strings.TrimPrefix(keyFor(t, "signature"), "lev_sk_")
	s := newService(t, "Aldergate", sandbox.Key{Token: token, Account: "aldergate"}, sandbox.Key{Token: token, Account: "brookmere"})
	t.Run("typed", func(t *testing.T) {
		t.Parallel()
		m := newMachine(t, token)
		p := m.start()
		p.connect(s)
		p.paste(token)
		p.wait("A session token of")
		p.press("enter")
		p.wait("It belongs to several accounts, and one must be named: aldergate", "name another account below")
		p.press("tab", "tab")
		must(t, p.Send("aldergate"))
		p.wait("Account  aldergate")
		p.press("enter")
		p.wait("The key works", "Aldergate")
		p.press("enter")
		p.wait("Where should the key be stored?")
		p.press("enter")
		p.wait("plain file?")
		p.press("y")
		p.wait("Connected")
		m.secrets.agree(t, m.keyFile("default"), token)
		m.savedIs("[profiles.default]\nbase_url = \"" + s.url + "\"\nactive_account = \"aldergate\"\n")
		p.press("enter")
		p.seesContacts(s)
		p.quit()
		p = m.start()
		p.seesContacts(s)
		p.quit()
	})
	t.Run("configured", func(t *testing.T) {
		t.Parallel()
		m := newMachine(t, token)
		m.writeConfig("[profiles.default]\nbase_url = \"" + s.url + "\"\nactive_account = \"aldergate\"\n")
		p := m.start()
		p.wait("Welcome")
		p.press("j", "enter")
		p.wait(s.url)
		p.paste(token)
		p.wait("A session token of")
		p.press("enter")
		p.wait("The key works", "Aldergate")
		p.press("enter")
		p.wait("Where should the key be stored?")
		p.press("j", "enter")
		p.seesContacts(s)
		p.quit()
	})
}

// The example of config init has a profile, in which the address is missing.
// It is saved beside the file, and the file stays as it is.
func TestFirstStartAfterConfigInit(t *testing.T) {
	t.Parallel()
	key := keyFor(t, "key")
	m, s := newMachine(t, key), newService(t, "Aldergate", sandbox.Key{Token: key})
	m.command("", "config", "init").is(t, 0)
	before, err := os.ReadFile(m.configFile())
	must(t, err)
	p := m.start()
	p.toPlaces(s, key)
	p.press("enter")
	p.wait("plain file?")
	p.press("y")
	p.wait("Connected")
	m.secrets.agree(t, m.keyFile("default"), key)
	p.press("enter")
	p.seesContacts(s)
	p.quit()
	after, err := os.ReadFile(m.configFile())
	must(t, err)
	if string(after) != string(before) {
		t.Errorf("config.toml has become\n%s", after)
	}
	m.savedIs("[profiles.default]\nbase_url = \"" + s.url + "\"\n")
	p = m.start()
	p.seesContacts(s)
	p.quit()
}

// A profile that says which address it is for is not bent to another; the key
// is kept nowhere then.
func TestFirstStartDoesNotBendAProfile(t *testing.T) {
	t.Parallel()
	key := keyFor(t, "key")
	m := newMachine(t, key)
	s, other := newService(t, "Aldergate", sandbox.Key{Token: key}), newService(t, "Brookmere")
	config := "[profiles.default]\nbase_url = \"" + other.url + "\"\n"
	m.writeConfig(config)
	p := m.start()
	p.toPlaces(s, key)
	p.press("enter")
	p.wait("plain file?")
	p.press("y")
	p.wait("could not be stored", "It is not stored")
	m.hasNoFile(m.keyFile("default"))
	m.hasNoFile(m.savedFile())
	p.press("j", "enter")
	p.seesContacts(s)
	p.quit()
	other.receivedOnly(t)
}

// The trace that the Go runtime writes when it is asked to die shows every
// goroutine, and no key.
func TestTraceHoldsNoKey(t *testing.T) {
	t.Parallel()
	key := keyFor(t, "key")
	m, s := newMachine(t, key), newService(t, "Aldergate", sandbox.Key{Token: key})
	m.setEnv("GOTRACEBACK", "system")
	p := m.start()
	p.toPlaces(s, key)
	must(t, p.Signal(syscall.SIGQUIT))
	p.dies()

	p = m.start()
	p.toPlaces(s, key)
	p.press("j", "enter")
	p.seesContacts(s)
	must(t, p.Signal(syscall.SIGQUIT))
	p.dies()
}

// dies waits for the trace of a program that the Go runtime ends.
func (p *person) dies() {
	p.t.Helper()
	code, err := p.Wait()
	must(p.t, err)
	if code != 2 || !strings.Contains(string(p.Raw()), "goroutine 1") {
		p.t.Errorf("exit code %d and no trace:\n%s", code, p.Screen())
	}
}
