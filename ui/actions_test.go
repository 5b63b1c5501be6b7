package ui

import (
	"slices"
	"testing"

	"github.com/levcontacts/levcontacts/ui/widget/keymap"
)

// The table of actions is one: no name is in it twice, and no key means two
// things in one scope.
func TestNoKeyMeansTwoThings(t *testing.T) {
	t.Parallel()
	seen := map[keymap.Scope]map[string]keymap.Name{}
	names := map[keymap.Name]bool{}
	for _, a := range Actions() {
		if names[a.Name] {
			t.Errorf("%s is in the table twice", a.Name)
		}
		names[a.Name] = true
		if a.Help == "" || len(a.Keys) == 0 || len(a.Scopes) == 0 {
			t.Errorf("%s lacks help, keys or scopes", a.Name)
		}
		for _, s := range a.Scopes {
			if seen[s] == nil {
				seen[s] = map[string]keymap.Name{}
			}
			for _, k := range a.Keys {
				if other, ok := seen[s][k]; ok {
					t.Errorf("%q in %s is both %s and %s", k, s, other, a.Name)
				}
				seen[s][k] = a.Name
			}
		}
	}
}

// Every key of the list and of the details does something that can be seen, or
// says why it cannot, on a service of March 2026 as well. The contact is in the
// middle of the list, so that there is room to move.
func TestNoKeyIsDead(t *testing.T) {
	t.Parallel()
	// What these do is not on the screen, or there is nothing to go back from and
	// no message to dismiss.
	unseen := []keymap.Name{keymap.Suspend, keymap.Repaint, keymap.Back, keymap.Dismiss}
	for _, scope := range []keymap.Scope{keymap.List, keymap.Detail} {
		for _, a := range Actions() {
			if !slices.Contains(a.Scopes, scope) && !slices.Contains(a.Scopes, keymap.Global) || slices.Contains(unseen,
				a.Name) {
				continue
			}
			for _, size := range [][2]int{{120, 40}, {80, 24}} {
				s := start(t, newFake(120), size[0], size[1])
				s.keys("j", "j", "j", "pgdown")
				if scope == keymap.Detail {
					s.keys("enter", "j", "j", "j")
				}
				before, quits := s.screen(), len(s.f.copied)+len(s.f.opened)
				s.keys(a.Keys[0])
				if s.screen() == before && len(s.f.copied)+len(s.f.opened) == quits && a.Name != keymap.Quit &&
					a.Name != keymap.ForceQuit {
					t.Errorf("%s, the key %q of %s at %dx%d does nothing that can be seen", scope, a.Keys[0], a.Name, size[0], size[1])
				}
			}
		}
	}
}

// The help tells more about a key that is pressed in it, and stays.
func TestDetailsOfAKey(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 120, 40)
	s.keys("?", "E")
	s.want("Key E", "[keys] mark.edit", "marked contacts, permission to change contacts", "nothing is marked")
	s.keys("esc", "enter")
	s.want("Key enter", "[keys] detail.open", "[keys] field.edit")
	s.keys("esc", "Q")
	s.want("Key Q", "no screen uses this key")
	s.keys("esc")
	s.want("Help", "press a key for its details")
	s.keys("esc")
	s.wantNot("press a key for its details")
}
