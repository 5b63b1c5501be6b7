package form

import (
	"charm.land/bubbles/v2/key"
	"charm.land/huh/v2"
	"charm.land/lipgloss/v2"

	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// look is the theme of huh's fields. huh takes a field's theme once and for
// all, so the fields hold a look and the look changes.
type look struct {
	styles *huh.Styles
}

func newLook(t theme.Theme) *look { return &look{huhStyles(t)} }

// Theme implements huh.Theme. The theme table knows the background already.
func (l *look) Theme(bool) *huh.Styles { return l.styles }

// huhStyles leaves text inputs without styles: they are drawn by this package,
// which reads the place of the cursor from what huh draws.
func huhStyles(t theme.Theme) *huh.Styles {
	var s huh.Styles
	style := func(r theme.Role) lipgloss.Style {
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
	f := &s.Focused
	f.PrevIndicator = style(theme.Accent).SetString("< ")
	f.NextIndicator = style(theme.Accent).SetString(" >")
	f.SelectedOption = style(theme.Input)
	f.FocusedButton = style(theme.Accent).SetString(t.Glyphs.Mark).PaddingRight(3)
	f.BlurredButton = style(theme.Dim).SetString(t.Glyphs.NotConnected).PaddingRight(3)
	return &s
}

// huhKeys are the keys that huh's fields may have. Moving between fields,
// saving and leaving belong to the frame around them.
func huhKeys() *huh.KeyMap {
	bind := func(keys ...string) key.Binding { return key.NewBinding(key.WithKeys(keys...)) }
	return &huh.KeyMap{
		Select: huh.SelectKeyMap{Left: bind("left", "h"), Right: bind("right", "l", "space")},
		Text:   huh.TextKeyMap{NewLine: bind("enter")},
		Confirm: huh.ConfirmKeyMap{
			Toggle: bind("left", "right", "h", "l", "space"),
			Accept: bind("y", "Y"),
			Reject: bind("n", "N"),
		},
	}
}
