package ui

import (
	"testing"

	"levcontacts/ui/widget/keymap"
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
