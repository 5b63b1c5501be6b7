package signin

import (
	"charm.land/bubbles/v2/key"
	"charm.land/huh/v2"
	"charm.land/lipgloss/v2"

	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/theme"
)

// look is the theme of huh's fields. huh takes a field's theme once and for
// all, so the fields hold a look and the look changes.
type look struct {
	styles *huh.Styles
}

// Theme implements huh.Theme. The theme table knows the background already.
func (l *look) Theme(bool) *huh.Styles { return l.styles }

// huhStyles leaves text inputs without styles: where the cursor stands is read
// from what huh draws, and this package draws it.
func huhStyles(t theme.Theme) *huh.Styles {
	var s huh.Styles
	f := &s.Focused
	f.SelectSelector = style(t, theme.Accent).SetString(t.Glyphs.Cursor + " ")
	f.SelectedOption = style(t, theme.Strong)
	f.FocusedButton = style(t, theme.Accent).SetString(t.Glyphs.Mark).PaddingRight(3)
	f.BlurredButton = style(t, theme.Dim).SetString(t.Glyphs.NotConnected).PaddingRight(3)
	return &s
}

func style(t theme.Theme, r theme.Role) lipgloss.Style {
	spec := t.Spec(r)
	st := lipgloss.NewStyle().Bold(spec.Bold).Faint(spec.Faint).Underline(spec.Underline).Reverse(spec.Invert)
	if spec.FG != "" {
		st = st.Foreground(lipgloss.Color(spec.FG))
	}
	if spec.BG != "" {
		st = st.Background(lipgloss.Color(spec.BG))
	}
	return st
}

// huhKeys are the keys that huh's fields may have, from the table of keys.
// Going on and going back belong to the pages.
func huhKeys(keys keymap.Map) *huh.KeyMap {
	of := func(n keymap.Name) key.Binding { return key.NewBinding(key.WithKeys(keys.Get(n).Keys...)) }
	return &huh.KeyMap{
		Select: huh.SelectKeyMap{
			Up: of(keymap.MoveUp), Down: of(keymap.MoveDown),
			GotoTop: of(keymap.MoveTop), GotoBottom: of(keymap.MoveBottom),
		},
		Confirm: huh.ConfirmKeyMap{
			Toggle: key.NewBinding(key.WithKeys("left", "right", "up", "down", "tab", "h", "j", "k", "l", "space")),
		},
	}
}
