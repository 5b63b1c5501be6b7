//go:build unix

package firstrun

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/api/sandbox"
)

// atOnce is more than a start may take on a machine whose keyring does not
// answer: the keyring has three seconds, and a call to the bus that nobody cuts
// short lasts for ever.
const atOnce = 30 * time.Second

// A keyring that does not answer is waited for, not long, and then named.
func TestFirstStartWithADeafKeyring(t *testing.T) {
	t.Parallel()
	key := keyFor(t, "key")
	m, s := newMachine(t, key), newService(t, "Aldergate", sandbox.Key{Token: key})
	m.deafBus()
	p := m.start()
	within(t, atOnce, func() { p.wait("Welcome to levcontacts") })
	p.toPlaces(s, key)
	p.shows("it did not respond, and may be locked")
	p.hides("In the system keyring")
	p.press("enter")
	p.wait("plain file?")
	p.press("y")
	p.wait("Connected")
	m.secrets.agree(t, m.keyFile("default"), key)
	p.press("enter")
	p.seesContacts(s)
	p.quit()

	p = m.start()
	within(t, atOnce, func() { p.seesContacts(s) })
	p.never("Welcome")
	p.quit()
	m.command("", "auth", "status").is(t, 0, "key file", "the system keyring did not respond")
}

func within(t *testing.T, limit time.Duration, what func()) {
	t.Helper()
	begin := time.Now()
	what()
	if took := time.Since(begin); took > limit {
		t.Errorf("it took %s, more than %s", took, limit)
	}
}

// With a real Secret Service the key goes into the keyring and nowhere else,
// and comes out of it until the person logs out.
func TestFirstStartWithASecretService(t *testing.T) {
	t.Parallel()
	key := keyFor(t, "key")
	m := newMachine(t, key)
	bus := m.secretService(unlocked)
	s := newService(t, "Aldergate", sandbox.Key{Token: key})

	p := m.start()
	p.toPlaces(s, key)
	p.shows("In the system keyring")
	p.hides("cannot be used")
	p.press("enter")
	p.wait("Connected", "stored in the system keyring")
	p.press("enter")
	p.seesContacts(s)
	p.quit()
	m.hasNoFile(m.keyFile("default"))
	m.savedIs("[profiles.default]\nbase_url = \"" + s.url + "\"\n")

	p = m.start()
	p.seesContacts(s)
	p.never("Welcome")
	p.quit()
	m.command("", "auth", "status").is(t, 0, "system keyring", masked(key), "Aldergate")
	bus.end()

	// In the next session the keyring is locked and nobody can be asked for
	// its password: the key is not found, and it is said why.
	bus = m.secretService(locked)
	p = m.start()
	within(t, atOnce, func() { p.wait("Welcome to levcontacts", "No key was found for profile default", "it is locked") })
	p.quit()
	m.command("", "auth", "status").is(t, 4, "no API key for profile default", "it is locked")
	bus.end()

	bus = m.secretService(unlocked)
	p = m.start()
	p.seesContacts(s)
	p.quit()
	m.command("", "auth", "logout").is(t, 0, "gone from the system keyring")
	m.command("", "auth", "status").is(t, 4, "no API key for profile default")
	bus.end()
	s.receivedOnly(t, key)
}

// A locked keyring asks for its password in a window. As long as nobody types
// it the program goes on without, after a while.
func TestFirstStartWithALockedKeyring(t *testing.T) {
	t.Parallel()
	key := keyFor(t, "key")
	m := newMachine(t, key)
	s := newService(t, "Aldergate", sandbox.Key{Token: key})
	bus := m.secretService(unlocked)
	m.command(key, "auth", "login", "--with-token", "--base-url", s.url).is(t, 0, "kept in the system keyring")
	bus.end()
	m.secretService(asking)
	p := m.start()
	within(t, atOnce, func() { p.wait("Welcome to levcontacts") })
	p.toPlaces(s, key)
	p.shows("it did not respond, and may be locked or")
	p.press("enter")
	p.wait("plain file?")
	p.press("n")
	p.wait("Where should the key be stored?")
	m.hasNoFile(m.keyFile("default"))
	p.press("enter")
	p.wait("plain file?")
	p.press("y")
	p.wait("Connected")
	m.secrets.agree(t, m.keyFile("default"), key)
	p.press("enter")
	p.seesContacts(s)
	p.quit()
	p = m.start()
	within(t, atOnce, func() { p.seesContacts(s) })
	p.quit()
}

// serviceState is how the keyring of a session is.
type serviceState string

const (
	unlocked serviceState = "unlocked"
	locked   serviceState = "locked" // and there is no way to ask for the password
	asking   serviceState = "asking" // for its password in a window that nobody answers
)

// session is a desktop session with a message bus and GNOME Keyring on it.
type session struct {
	t   *testing.T
	cmd *exec.Cmd
	in  io.Closer
}

// secretService starts a session and has the programs started from now on
// belong to it. The keyring is in the person's home folder, so it is the same
// in every session. Without the programs for it the test is skipped.
func (m *machine) secretService(state serviceState) *session {
	m.t.Helper()
	for _, name := range []string{"dbus-run-session", "dbus-send", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(name); err != nil {
			m.t.Skipf("%s is not installed, so there is no real Secret Service to test with; Debian has it in gnome-keyring and dbus-daemon", name)
		}
	}
	if state == asking {
		m.deafPrompter()
	}
	run, err := os.MkdirTemp(m.aside, "run")
	must(m.t, err)
	cmd := exec.CommandContext(m.t.Context(), "dbus-run-session", "--", "/bin/sh", "-c", `
		case $0 in
		unlocked) printf correct-horse | gnome-keyring-daemon --foreground --unlock --components=secrets & ;;
		*) gnome-keyring-daemon --foreground --start --components=secrets & ;;
		esac
		until dbus-send --session --dest=org.freedesktop.DBus --print-reply / org.freedesktop.DBus.GetNameOwner string:org.freedesktop.secrets
		do sleep 0.02; done >/dev/null 2>&1
		echo "$DBUS_SESSION_BUS_ADDRESS"
		read -r end
		kill $!`, string(state))
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + m.home, "XDG_RUNTIME_DIR=" + run, "XDG_DATA_HOME=" + m.file(".local", "share")}
	cmd.WaitDelay = time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	in, err := cmd.StdinPipe()
	must(m.t, err)
	out, err := cmd.StdoutPipe()
	must(m.t, err)
	must(m.t, cmd.Start())
	s := &session{t: m.t, cmd: cmd, in: in}
	m.t.Cleanup(s.end)
	address, err := bufio.NewReader(out).ReadString('\n')
	must(m.t, err)
	m.setEnv("DBUS_SESSION_BUS_ADDRESS", strings.TrimSpace(address))
	return s
}

// end logs out. It may be called again.
func (s *session) end() {
	if s.cmd == nil {
		return
	}
	_ = s.in.Close()
	_ = s.cmd.Wait() // the shell ends with what kill found; nothing hangs on it
	s.cmd = nil
}

// deafPrompter puts a program that never shows a window in the place of the one
// that asks for passwords.
func (m *machine) deafPrompter() {
	m.t.Helper()
	pid, script := filepath.Join(m.aside, "prompter.pid"), filepath.Join(m.aside, "prompter")
	must(m.t, os.WriteFile(script, []byte("echo $$ >"+pid+"\nexec sleep 60\n"), 0o600))
	dir := m.file(".local", "share", "dbus-1", "services")
	must(m.t, os.MkdirAll(dir, 0o700))
	const name = "org.gnome.keyring.SystemPrompter"
	must(m.t, os.WriteFile(filepath.Join(dir, name+".service"), []byte("[D-BUS Service]\nName="+name+"\nExec=/bin/sh "+script+"\n"), 0o600))
	m.t.Cleanup(func() {
		text, err := os.ReadFile(pid)
		if err != nil {
			m.t.Errorf("the keyring has not asked for its password: %v", err)
			return
		}
		if n, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil {
			_ = syscall.Kill(n, syscall.SIGKILL) // ended with its session, perhaps
		}
	})
}

// masked is how a key may be shown.
func masked(key string) string { return "lev_sk_…" + key[len(key)-4:] }

// Where the profile was used before, the screen opens while the keyring is
// still asked. Without a key it gives way to the first-run screen, and a key
// that is set up and cannot be had ends the program and is told of.
func TestSlowKeyOfAUsedProfile(t *testing.T) {
	t.Parallel()
	key := keyFor(t, "key")
	m := newMachine(t, key)
	s := newService(t, "Aldergate", sandbox.Key{Token: key})
	m.addProfile("default", s, key)
	p := m.start()
	p.seesContacts(s)
	p.quit()
	m.command("", "auth", "logout").is(t, 0)

	m.deafBus()
	p = m.start()
	p.wait("Loading contacts")
	within(t, atOnce, func() { p.wait("Welcome to levcontacts") })
	p.quit()
	p.never("no local copy")

	for wait, code := range map[string]string{"0": "3", "0.5": "4"} {
		m.writeConfig("[profiles.default]\nbase_url = \"" + s.url + "\"\napi_key_command = [\"/bin/sh\", \"-c\", \"/bin/sleep " + wait + "; exit " + code + "\"]\n")
		p = m.start()
		p.exits(4)
		p.shows("api_key_command", "exit status "+code)
	}
}
