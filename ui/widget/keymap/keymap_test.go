package keymap

import (
	"slices"
	"testing"
)

// Actions of screens, for the tests.
var (
	search = [...]Action{
		{Name: SearchClear, Scopes: []Scope{SearchBar}, Keys: []string{"esc"}},
		{Name: Back, Scopes: []Scope{List}, Keys: []string{"esc"}},
		{Name: ForceQuit, Scopes: []Scope{Global}, Keys: []string{"ctrl+c"}},
	}
	contact = [...]Action{{Name: ContactEdit, Scopes: []Scope{List}, Keys: []string{"e"}}}
)

func TestInnermostScopeWins(t *testing.T) {
	t.Parallel()
	m := New(slices.Concat(Shared(), search[:], contact[:]), nil)
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
	m := New(slices.Concat(Shared(), contact[:]), map[string][]string{"contact.edit": {"i"}, "no.such": {"z"}})
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
