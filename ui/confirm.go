package ui

import (
	tea "charm.land/bubbletea/v2"

	"levcontacts/internal/plain"
	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/theme"
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

// view draws the question in at most h lines of w cells; where there is little
// room the question itself and its answers stay.
func (c *confirmation) view(w, h int, th theme.Theme, keys keymap.Map) []string {
	var text []string
	for _, l := range c.lines {
		for _, part := range plain.Wrap(l, w-4) {
			text = append(text, plain.Fit("  "+part, w, th.Glyphs.Ellipsis))
		}
	}
	title := "  " + th.Paint(theme.Strong, plain.Fit(c.title, w-2, th.Glyphs.Ellipsis))
	answer := fitStyled("  "+th.Paint(theme.Key, keys.Key(keymap.ConfirmYes))+" yes    "+th.Paint(theme.Key, keys.Key(keymap.ConfirmNo))+" no (also esc, enter)", w)
	if len(text)+6 > h {
		text = text[:max(0, min(len(text), h-2))]
		return append(append([]string{title}, text...), answer)
	}
	blank := plain.Blank(w)
	return append(append([]string{blank, title, blank}, text...), blank, answer, blank)
}
