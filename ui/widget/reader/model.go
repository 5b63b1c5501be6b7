package reader

import (
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"levcontacts/internal/plain"
	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/theme"
)

// Intent says what the last message meant.
type Intent uint8

// The intents.
const (
	None Intent = iota
	Closed
	Copy
	Picked
)

// Model is the viewer of the old root model; it goes with it.
type Model struct {
	ID        string
	Title     string
	Foot      string
	lines     []Line
	shown     []int
	offset    int
	cursor    int
	h         int
	searching bool
	input     textinput.Model
}

// New opens a viewer, with the cursor on the first line that means something.
func New(id, title string, lines []Line) Model {
	m := Model{ID: id, Title: title, lines: lines, input: textinput.New()}
	m.input.Prompt = ""
	m.input.SetVirtualCursor(false)
	m.filter()
	m.cursor = max(0, slices.IndexFunc(lines, func(l Line) bool { return l.ID != "" }))
	return m
}

// Searching says that letters are text here.
func (m Model) Searching() bool { return m.searching }

// Picks says that some line means something.
func (m Model) Picks() bool {
	for _, l := range m.lines {
		if l.ID != "" {
			return true
		}
	}
	return false
}

// Current is the line under the cursor.
func (m Model) Current() Line {
	if m.cursor >= len(m.shown) {
		return Line{}
	}
	return m.lines[m.shown[m.cursor]]
}

// Text is everything that is shown, for the clipboard.
func (m Model) Text() string {
	var b strings.Builder
	for _, i := range m.shown {
		fmt.Fprintln(&b, strings.TrimSpace(m.lines[i].Left+"  "+m.lines[i].Text))
	}
	return b.String()
}

func (m *Model) filter() {
	words := strings.Fields(strings.ToLower(m.input.Value()))
	m.shown = m.shown[:0:0]
	heading := -1 // of the part that i is in, until it is shown
next:
	for i, l := range m.lines {
		if len(words) > 0 && l.Heading {
			heading = i
			continue
		}
		hay := strings.ToLower(l.Left + " " + l.Text)
		for _, w := range words {
			if !strings.Contains(hay, w) {
				continue next
			}
		}
		if heading >= 0 {
			m.shown = append(m.shown, heading)
			heading = -1
		}
		m.shown = append(m.shown, i)
	}
	m.cursor, m.offset = 0, 0
}

// Update takes a key or a paste.
func (m Model) Update(msg tea.Msg, keys keymap.Map) (Model, tea.Cmd, Intent) {
	key, isKey := msg.(tea.KeyPressMsg)
	if m.searching {
		return m.search(msg, key, isKey)
	}
	if !isKey {
		return m, nil, None
	}
	if key.String() == "enter" && m.Current().ID != "" {
		return m, nil, Picked
	}
	action, ok := keys.Find(key.String(), keymap.Viewer)
	if !ok {
		return m, nil, None
	}
	switch action.Name {
	case keymap.MenuClose, keymap.Help:
		return m, nil, Closed
	case keymap.ViewerCopy:
		return m, nil, Copy
	case keymap.ViewerSearch:
		m.searching = true
		m.input.Focus()
		return m, nil, None
	case keymap.MoveUp:
		m.move(-1)
	case keymap.MoveDown:
		m.move(1)
	case keymap.MoveHalfUp:
		m.move(-m.h / 2)
	case keymap.MoveHalfDown:
		m.move(m.h / 2)
	case keymap.MovePageUp:
		m.move(-m.h)
	case keymap.MovePageDown:
		m.move(m.h)
	case keymap.MoveTop:
		m.move(-len(m.shown))
	case keymap.MoveBottom:
		m.move(len(m.shown))
	}
	return m, nil, None
}

func (m Model) search(msg tea.Msg, key tea.KeyPressMsg, isKey bool) (Model, tea.Cmd, Intent) {
	if isKey {
		switch key.String() {
		case "esc":
			m.searching = false
			m.input.Reset()
			m.input.Blur()
			m.filter()
			return m, nil, None
		case "enter":
			m.searching = false
			m.input.Blur()
			return m, nil, None
		}
	}
	before := m.input.Value()
	var cmd tea.Cmd
	m.input, cmd = m.input.Update(msg)
	if m.input.Value() != before {
		m.filter()
	}
	return m, cmd, None
}

// Scroll moves by lines, as the wheel of a mouse does.
func (m Model) Scroll(by int) Model {
	m.move(by)
	return m
}

// move moves the cursor where lines can be picked and scrolls otherwise.
func (m *Model) move(by int) {
	last := max(0, len(m.shown)-1)
	if !m.Picks() {
		m.offset = max(0, min(m.offset+by, max(0, len(m.shown)-m.h)))
		return
	}
	m.cursor = max(0, min(m.cursor+by, last))
	for m.cursor > 0 && m.cursor < last && m.Current().Heading {
		m.cursor += max(-1, min(1, by))
	}
}

// Cursor is where the text cursor stands within the view while searching.
func (m Model) Cursor() (x, y int, ok bool) {
	return 3 + plain.Width(string([]rune(m.input.Value())[:m.input.Position()])), 1, m.searching
}

// View draws the viewer as exactly h lines of exactly w cells.
func (m *Model) View(w, h int, th theme.Theme) []string {
	title := m.Title
	lines := []string{" " + th.Paint(theme.Strong, plain.Fit(title, w-1, th.Glyphs.Ellipsis))}
	if m.searching || m.input.Value() != "" {
		lines = append(lines, " "+th.Paint(theme.Accent, "/ ")+th.Paint(theme.Input, plain.Fit(plain.Clean(m.input.Value()), w-3, "")))
	} else {
		lines = append(lines, plain.Blank(w))
	}
	m.h = max(1, h-len(lines)-1)
	picks := m.Picks()
	if picks {
		if m.cursor < m.offset {
			m.offset = m.cursor
		}
		if m.cursor >= m.offset+m.h {
			m.offset = m.cursor - m.h + 1
		}
	}
	m.offset = max(0, min(m.offset, len(m.shown)-m.h))
	left := m.leftWidth(w, th)
	for i := m.offset; i < len(m.shown) && i < m.offset+m.h; i++ {
		lines = append(lines, m.line(m.lines[m.shown[i]], picks && i == m.cursor, left, w, th))
	}
	for len(lines) < h-1 {
		lines = append(lines, plain.Blank(w))
	}
	foot := m.Foot
	if rest := len(m.shown) - m.offset - m.h; rest > 0 {
		foot = fmt.Sprintf("%d more below   %s", rest, foot)
	}
	lines = append(lines, th.Paint(theme.Dim, plain.Fit(" "+fitting(foot, w-2), w, "")))
	return lines[:min(len(lines), max(1, h))]
}

func (m Model) leftWidth(w int, th theme.Theme) int {
	widest := 0
	for _, l := range m.lines {
		widest = max(widest, plain.Width(th.Signs(l.Left)))
	}
	if widest == 0 {
		return 0
	}
	return min(widest+2, w/2)
}

func (m Model) line(l Line, here bool, left, w int, th theme.Theme) string {
	sign := " "
	if here {
		sign = th.Glyphs.Cursor
	}
	if l.Heading {
		return th.Paint(theme.Heading, plain.Fit(sign+l.Text, w, th.Glyphs.Ellipsis))
	}
	a := plain.Fit(th.Signs(l.Left), left, th.Glyphs.Ellipsis)
	b := plain.Fit(th.Signs(l.Text), w-left-2, th.Glyphs.Ellipsis)
	if here {
		return th.Paint(theme.Selected, sign+" "+a+b)
	}
	return sign + " " + th.Paint(theme.Key, a) + th.Paint(l.Role, b)
}
