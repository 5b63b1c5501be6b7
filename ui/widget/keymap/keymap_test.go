package keymap

import (
	"slices"
	"testing"
)

func TestNoKeyMeansTwoThings(t *testing.T) {
	t.Parallel()
	seen := map[Scope]map[string]Name{}
	names := map[Name]bool{}
	for _, a := range Table() {
		if names[a.Name] {
			t.Errorf("%s is in the table twice", a.Name)
		}
		names[a.Name] = true
		if a.Help == "" || len(a.Keys) == 0 || len(a.Scopes) == 0 {
			t.Errorf("%s lacks help, keys or scopes", a.Name)
		}
		for _, s := range a.Scopes {
			if seen[s] == nil {
				seen[s] = map[string]Name{}
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

func TestInnermostScopeWins(t *testing.T) {
	t.Parallel()
	m := New(nil)
	if a, _ := m.Find("esc", SearchBar, List); a.Name != SearchClear {
		t.Errorf("esc while searching is %s", a.Name)
	}
	if a, _ := m.Find("ctrl+c", Form, Global); a.Name != ForceQuit {
		t.Errorf("ctrl+c in a form is %s", a.Name)
	}
	if _, ok := m.Find("Q", List, Global); ok {
		t.Error("Q means something")
	}
}

func TestRemap(t *testing.T) {
	t.Parallel()
	m := New(map[string][]string{"contact.edit": {"i"}, "no.such": {"z"}})
	if !m.Is("i", List, ContactEdit) || m.Is("e", List, ContactEdit) {
		t.Error("contact.edit did not move to i")
	}
	if m.Key(ContactEdit) != "i" || m.Get(MovePageDown).KeysText() != "pgdn ctrl+f" {
		t.Error("short forms are wrong")
	}
	if !slices.ContainsFunc(m.In(Form), func(a Action) bool { return a.Name == FormSave }) {
		t.Error("form.save is not in the form scope")
	}
}
