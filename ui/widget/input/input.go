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

	"levcontacts/internal/plain"
	"levcontacts/ui/widget/text"
	"levcontacts/ui/widget/theme"
)

// Limit is how many characters an input takes when nothing else is said.
const Limit = 10_000

// Model is a text being typed. Make one with New.
type Model struct {
	in     textinput.Model
	hidden bool
	cut    bool
	window text.Window
	past   []state // what ctrl+_ goes back to, the newest last
}

// state is what an input held at some time. A run of typed characters is one
// step back.
type state struct {
	text  string
	at    int
	typed bool // the text after it was typed, character by character
}

// maxPast is how many steps an input can go back.
const maxPast = 100

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
	if k, isKey := msg.(tea.KeyPressMsg); isKey && (k.String() == "ctrl+_" || k.String() == "ctrl+/") {
		m.undo()
		return nil
	}
	before := state{m.in.Value(), m.in.Position(), false}
	defer func() { m.remember(before, msg) }()
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

// remember keeps what the input held before a change.
func (m *Model) remember(before state, msg tea.Msg) {
	if m.in.Value() == before.text {
		return
	}
	k, isKey := msg.(tea.KeyPressMsg)
	before.typed = isKey && k.Text != ""
	if n := len(m.past); n > 0 && before.typed && m.past[n-1].typed {
		return
	}
	m.past = append(m.past, before)
	m.past = m.past[max(0, len(m.past)-maxPast):]
}

// undo takes the last change back.
func (m *Model) undo() {
	n := len(m.past)
	if n == 0 {
		return
	}
	last := m.past[n-1]
	m.past = m.past[:n-1]
	m.SetValue(last.text)
	m.in.SetCursor(last.at)
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
