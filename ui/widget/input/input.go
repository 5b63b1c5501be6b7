// Package input is one line of text that is typed: in menus, readers, prompts
// and the search bar. It draws the part around the cursor, takes pastes as one
// line and has a limit.
package input

import (
	"strings"
	"unicode/utf8"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// Limit is how many characters an input takes when nothing else is said.
const Limit = 10_000

// Model is a text being typed. Make one with New.
type Model struct {
	in     textinput.Model
	hidden bool
	cut    bool
	window text.Window
	past   text.History
}

// New makes an empty input that takes at most limit characters, 0 for Limit.
// A hidden input draws asterisks.
func New(limit int, hidden bool) *Model {
	if limit <= 0 {
		limit = Limit
	}
	m := &Model{in: textinput.New(), hidden: hidden}
	m.in.SetVirtualCursor(false)
	m.in.CharLimit = limit
	m.in.Focus()
	return m
}

// Value is the text.
func (m *Model) Value() string { return m.in.Value() }

// SetValue replaces the text; the cursor goes to its end.
func (m *Model) SetValue(s string) {
	m.in.Reset()
	m.cut = utf8.RuneCountInString(s) > m.in.CharLimit
	m.in.SetValue(s)
	m.in.CursorEnd()
}

// Cut reports whether the last paste was longer than the limit.
func (m *Model) Cut() bool { return m.cut }

// Update takes a key or a paste. The command that can come back asks the
// terminal for its clipboard; the response is a tea.ClipboardMsg, a paste.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	if text.IsUndo(msg) {
		if before, ok := m.past.Back(); ok {
			m.SetValue(before)
		}
		return nil
	}
	before := m.in.Value()
	defer func() {
		if m.in.Value() != before {
			m.past.Changed(before, msg)
		}
	}()
	switch msg := msg.(type) {
	case tea.PasteMsg:
		m.paste(msg.Content)
	case tea.ClipboardMsg:
		m.paste(msg.Content)
	case tea.KeyPressMsg:
		if key.Matches(msg, m.in.KeyMap.Paste) {
			return tea.ReadClipboard
		}
		m.cut = m.cut && utf8.RuneCountInString(m.in.Value()) >= m.in.CharLimit
		m.in, _ = m.in.Update(msg)
	}
	return nil
}

func (m *Model) paste(s string) {
	// Four bytes are the longest character: what is far behind the limit is
	// not looked at.
	room := m.in.CharLimit - utf8.RuneCountInString(m.in.Value())
	if most := 8 * m.in.CharLimit; len(s) > most {
		s = s[:most]
	}
	if m.hidden {
		s, _ = text.JoinLines(s)
	} else {
		s = text.OneLine(s)
	}
	m.cut = utf8.RuneCountInString(s) > room
	m.in, _ = m.in.Update(tea.PasteMsg{Content: s})
}

// View draws the part of the text around the cursor in exactly w cells.
func (m *Model) View(w int, th theme.Theme) string {
	before := string([]rune(m.in.Value())[:m.in.Position()])
	under, _ := ansi.FirstGraphemeCluster(m.in.Value()[len(before):], ansi.GraphemeWidth)
	v := &m.window
	v.Text = m.drawn(m.in.Value())
	v.Cell = min(plain.Width(m.drawn(before)), plain.Width(v.Text))
	v.Under = plain.Width(m.drawn(under))
	m.window = v.Fit(w)
	left, mid, right := m.window.Parts()
	if left {
		mid = th.Glyphs.Ellipsis + mid
	}
	if right {
		mid += th.Glyphs.Ellipsis
	}
	return th.Paint(theme.Input, plain.Fit(mid, w, ""))
}

func (m *Model) drawn(s string) string {
	if m.hidden {
		return strings.Repeat("*", utf8.RuneCountInString(s))
	}
	return plain.Clean(s)
}

// Cursor is the terminal's cursor after View drew the input at x and y.
func (m *Model) Cursor(x, y int) *tea.Cursor {
	c := tea.NewCursor(x+m.window.X(), y)
	c.Shape, c.Blink = tea.CursorBar, false
	return c
}
