package keymap

import (
	"testing"

	tea "charm.land/bubbletea/v2"
)

func TestUsual(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   tea.KeyPressMsg
		want string
	}{
		{tea.KeyPressMsg{Code: '[', Mod: tea.ModCtrl}, "esc"},
		{tea.KeyPressMsg{Code: 'm', Mod: tea.ModCtrl}, "enter"},
		{tea.KeyPressMsg{Code: 'i', Mod: tea.ModCtrl}, "tab"},
		{tea.KeyPressMsg{Code: 's', Mod: tea.ModCtrl}, "ctrl+s"},
		{tea.KeyPressMsg{Code: 'ы', Mod: tea.ModCtrl, BaseCode: 's'}, "ctrl+s"},
		{tea.KeyPressMsg{Code: 'a', Mod: tea.ModCtrl, BaseCode: 'q'}, "ctrl+a"}, // another Latin layout
		{tea.KeyPressMsg{Code: 'i', Mod: tea.ModAlt}, "alt+i"},
		{tea.KeyPressMsg{Code: '[', Text: "["}, "["},
	} {
		if got := Usual(c.in).String(); got != c.want {
			t.Errorf("%v: %s, want %s", c.in, got, c.want)
		}
	}
}

func TestOnLatin(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   tea.KeyPressMsg
		want string
	}{
		{tea.KeyPressMsg{Code: 'о', Text: "о"}, "j"},
		{tea.KeyPressMsg{Code: 'П', Text: "П"}, "G"},
		{tea.KeyPressMsg{Code: 'п', Text: "П", Mod: tea.ModShift}, "G"},
		{tea.KeyPressMsg{Code: 'ξ', Text: "ξ"}, "j"},
		{tea.KeyPressMsg{Code: 'ח', Text: "ח"}, "j"},
		{tea.KeyPressMsg{Code: 'ю', Text: "ю", BaseCode: '.'}, "."},
		{tea.KeyPressMsg{Code: 'j', Text: "j"}, ""},
		{tea.KeyPressMsg{Code: 'é', Text: "é"}, ""},
		{tea.KeyPressMsg{Code: '日', Text: "日"}, ""},
		{tea.KeyPressMsg{Code: 'о', Mod: tea.ModAlt}, ""},
	} {
		got, ok := OnLatin(c.in)
		if ok != (c.want != "") || ok && got.String() != c.want {
			t.Errorf("%v: %s %v, want %q", c.in, got, ok, c.want)
		}
	}
	for _, l := range layouts {
		if len([]rune(l[0])) != len([]rune(l[1])) {
			t.Errorf("%d keys and %d Latin ones: %s", len([]rune(l[0])), len([]rune(l[1])), l[0])
		}
	}
}
