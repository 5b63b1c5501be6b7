package ui

import (
	tea "charm.land/bubbletea/v2"

	"levcontacts/internal/plain"
	"levcontacts/ui/keymap"
	"levcontacts/ui/theme"
)

// confirmation is a question whose default answer is no.
type confirmation struct {
	id    string
	title string
	lines []string
	yes   func() tea.Cmd
	no    func() tea.Cmd
}

func (m *Model) confirmMsg(msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil
	}
	c := m.confirm
	switch {
	case m.keys.Is(key.String(), keymap.Confirm, keymap.ConfirmYes):
		m.confirm = nil
		return c.yes()
	case m.keys.Is(key.String(), keymap.Confirm, keymap.ConfirmNo):
		m.confirm = nil
		if c.no != nil {
			return c.no()
		}
	}
	return nil
}

func (c *confirmation) view(w int, th theme.Theme, keys keymap.Map) []string {
	out := []string{plain.Blank(w), "  " + th.Paint(theme.Strong, plain.Fit(c.title, w-2, th.Glyphs.Ellipsis)), plain.Blank(w)}
	for _, l := range c.lines {
		for _, part := range plain.Wrap(l, w-4) {
			out = append(out, plain.Fit("  "+part, w, th.Glyphs.Ellipsis))
		}
	}
	answer := "  " + th.Paint(theme.Key, keys.Key(keymap.ConfirmYes)) + " yes    " + th.Paint(theme.Key, keys.Key(keymap.ConfirmNo)) + " no (also esc, enter)"
	return append(out, plain.Blank(w), fitStyled(answer, w), plain.Blank(w))
}
