//go:build unix

package firstrun

import (
	"testing"

	"github.com/levcontacts/levcontacts/api/sandbox"
)

// typeDraft types into the last name of the selected contact and leaves that as
// a draft.
func (p *person) typeDraft(text string) {
	p.t.Helper()
	p.press("e")
	p.wait("Edit Ada01")
	p.press("tab", "tab")
	must(p.t, p.Send(text))
	p.wait(text, "1 change")
	p.press("esc")
	p.wait("What you typed is not saved")
	p.press("l")
	p.wait("Kept as a draft")
}

// switchTo chooses a profile from the list of them.
func (p *person) switchTo(key string, s *service) {
	p.t.Helper()
	p.press("P")
	p.wait("Profiles")
	p.press(key, "enter")
	p.seesContacts(s)
}

// Two profiles on two services whose contacts have the same ids: no row, no
// draft and no key of one is ever in the other, on the screen, on disk, or on
// the wire.
func TestTwoProfiles(t *testing.T) {
	t.Parallel()
	key, other := keyFor(t, "key"), keyFor(t, "other")
	m := newMachine(t, key, other)
	s, o := newService(t, "Aldergate", sandbox.Key{Token: key}), newService(t, "Brookmere", sandbox.Key{Token: other})
	m.addProfile("default", s, key)
	m.addProfile("brook", o, other)

	p := m.start()
	p.seesContacts(s)
	p.wait("default · Aldergate")
	p.typeDraft("Quillfeather")
	p.wait("✎")
	p.drewNo(o.name)

	p.switchTo("j", o)
	p.wait("brook · Brookmere")
	p.press("/")
	must(t, p.Send("alder"))
	p.wait("/ alder", "Nothing matches alder")
	p.press("esc")
	p.gone("/ alder")
	p.seesContacts(o)
	p.press("e")
	p.wait("Edit Ada01", "Last name    Brookmere")
	p.press("esc")
	p.gone("Edit Ada01")
	p.drewNo(s.name, "Quillfeather", "✎", "draft")
	p.typeDraft("Thistledown")

	p.switchTo("k", s)
	p.wait("default · Aldergate", "✎", "1 draft")
	p.press("e")
	p.wait("Edit Ada01", "Quillfeather")
	p.press("esc")
	p.wait("What you typed is not saved")
	p.press("l")
	p.wait("Kept as a draft")
	p.drewNo(o.name, "Thistledown")
	p.quit()

	p = m.start("--profile", "brook")
	p.seesContacts(o)
	p.press("e")
	p.wait("Edit Ada01", "Thistledown")
	p.press("ctrl+s")
	p.wait("BrookmereThistledown", "show JSON")
	p.press("enter")
	p.wait("✓ saved")
	p.drewNo(s.name, "Quillfeather")
	p.quit()

	if got, _ := o.Contact(firstID(o)); got["last_name"] != "BrookmereThistledown" {
		t.Errorf("%s has %v", o.name, got["last_name"])
	}
	if got, _ := s.Contact(firstID(s)); got["last_name"] != "Aldergate" {
		t.Errorf("%s has %v", s.name, got["last_name"])
	}
	for _, dir := range []string{m.cacheDir("default"), m.stateDir("default")} {
		m.lacks(dir, o.name)
		m.lacks(dir, "Thistledown")
	}
	for _, dir := range []string{m.cacheDir("brook"), m.stateDir("brook")} {
		m.lacks(dir, s.name)
		m.lacks(dir, "Quillfeather")
	}
	m.holds(m.cacheDir("default"), s.name)
	m.holds(m.cacheDir("brook"), o.name)
	m.holds(m.stateDir("default"), "Quillfeather")
	m.holds(m.stateDir("brook"), "Thistledown")
	s.receivedOnly(t, key)
	o.receivedOnly(t, other)
}

// The key of a profile is not sent to another address, whoever names it, and
// nothing of the profile is shown there.
func TestKeyStaysWithItsAddress(t *testing.T) {
	t.Parallel()
	key := keyFor(t, "key")
	m := newMachine(t, key)
	s, o := newService(t, "Aldergate", sandbox.Key{Token: key}), newService(t, "Brookmere", sandbox.Key{Token: key})
	m.addProfile("default", s, key)
	p := m.start()
	p.seesContacts(s)
	p.quit()
	for _, args := range [][]string{{"list"}, {"auth", "status"}, {"auth", "token"}} {
		if r := m.command("", append(args, "--base-url", o.url)...); r.code == 0 {
			t.Errorf("%v is done:\n%s", args, r.out)
		}
	}
	p = m.start("--base-url", o.url)
	p.exits(4)
	p.shows("belongs to", "is not sent to")
	m.setEnv("LEV_BASE_URL", o.url)
	m.command("", "list").is(t, 4, "is not sent to")
	o.receivedOnly(t)
}

// firstID is the id of the first contact, the same in every account.
func firstID(s *service) int64 {
	for id := int64(1); ; id++ {
		if _, ok := s.Contact(id); ok {
			return id
		}
	}
}

// Screen 11: a profile without a key says which it is, and leads back.
func TestTheWayBackFromAProfileWithoutAKey(t *testing.T) {
	t.Parallel()
	key := keyFor(t, "key")
	m := newMachine(t, key)
	s := newService(t, "Aldergate", sandbox.Key{Token: key})
	m.addProfile("default", s, key)
	m.command("", "config", "add", "west", "--url", s.url).is(t, 0, "added profile west")
	p := m.start()
	p.seesContacts(s)
	p.press("P")
	p.wait("Profiles")
	p.press("j", "enter")
	p.wait("Profile west has no key yet", "Go back to profile default")
	p.press("esc")
	p.seesContacts(s)
	p.wait("default · Aldergate")
}
