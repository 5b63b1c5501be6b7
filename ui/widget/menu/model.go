package menu

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
	Chosen
	Closed
)

// Model is the menu of the old root model; it goes with it.
type Model struct {
	ID     string // what the menu is for, for the caller
	Title  string
	Foot   string // one line under the choices
	items  []Item
	shown  []int
	cursor int
	offset int
	head   int // lines above the choices in the last View
	inputY int // and above the input
	typed  bool
	input  textinput.Model
}

// New opens a menu. With typed, letters search the choices; otherwise they are
// the items' keys.
func New(id, title string, items []Item, typed bool) Model {
	m := Model{ID: id, Title: title, items: items, typed: typed}
	if typed {
		m.input = textinput.New()
		m.input.Prompt = ""
		m.input.SetVirtualCursor(false)
		m.input.Focus()
	}
	m.filter()
	return m
}

// WithItems replaces the choices, keeping the cursor on its item.
func (m Model) WithItems(items []Item) Model {
	on := m.Current()
	m.items = items
	m.filter()
	if on.Heading {
		return m
	}
	return m.Select(on.ID)
}

// Current is the item under the cursor; the zero Item when there is none.
func (m Model) Current() Item {
	if m.cursor >= len(m.shown) {
		return Item{}
	}
	return m.items[m.shown[m.cursor]]
}

// Select puts the cursor on an item.
func (m Model) Select(id string) Model {
	for i, at := range m.shown {
		if m.items[at].ID == id {
			m.cursor = i
		}
	}
	return m
}

func (m *Model) filter() {
	words := strings.Fields(strings.ToLower(m.input.Value()))
	m.shown = nil
	for i, it := range m.items {
		if it.Heading && len(words) > 0 {
			continue
		}
		hay := strings.ToLower(it.Text + " " + it.Detail + " " + it.ID)
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(hay, w) }) {
			m.shown = append(m.shown, i)
		}
	}
	m.cursor = 0
	m.skip(1)
}

// skip moves the cursor off a heading.
func (m *Model) skip(dir int) {
	for m.cursor >= 0 && m.cursor < len(m.shown) && m.items[m.shown[m.cursor]].Heading {
		m.cursor += dir
	}
	if m.cursor < 0 || m.cursor >= len(m.shown) {
		m.cursor = max(0, min(m.cursor, len(m.shown)-1))
		if dir < 0 && len(m.shown) > 0 && m.items[m.shown[m.cursor]].Heading {
			m.skip(1)
		}
	}
}

func (m *Model) move(by int) {
	m.cursor = max(0, min(m.cursor+by, len(m.shown)-1))
	if by < 0 {
		m.skip(-1)
		return
	}
	m.skip(1)
}

// Update takes a key or a paste.
func (m Model) Update(msg tea.Msg, keys keymap.Map) (Model, tea.Cmd, Intent) {
	if key, ok := msg.(tea.KeyPressMsg); ok {
		if intent, done := m.key(key, keys); done {
			return m, nil, intent
		}
	}
	if !m.typed {
		return m, nil, None
	}
	before := m.input.Value()
	var cmd tea.Cmd
	m.input, cmd = m.input.Update(msg)
	if m.input.Value() != before {
		m.filter()
	}
	return m, cmd, None
}

func (m *Model) key(msg tea.KeyPressMsg, keys keymap.Map) (Intent, bool) {
	s := msg.String()
	if m.typed && msg.Text != "" {
		return None, false // a letter is text here, whatever else it means
	}
	for i, it := range m.items {
		if !m.typed && it.Key != "" && it.Key == s && it.Off == "" {
			m.cursor = max(0, slices.Index(m.shown, i))
			return Chosen, true
		}
	}
	action, ok := keys.Find(s, keymap.Menu)
	if !ok {
		return None, false
	}
	switch action.Name {
	case keymap.MoveUp:
		m.move(-1)
	case keymap.MoveDown:
		m.move(1)
	case keymap.MovePageUp, keymap.MoveHalfUp:
		m.move(-10)
	case keymap.MovePageDown, keymap.MoveHalfDown:
		m.move(10)
	case keymap.MoveTop:
		m.move(-len(m.items))
	case keymap.MoveBottom:
		m.move(len(m.items))
	case keymap.MenuPick:
		if cur := m.Current(); len(m.shown) == 0 || cur.Heading || cur.Off != "" {
			return None, true
		}
		return Chosen, true
	case keymap.MenuClose:
		return Closed, true
	default:
		return None, false
	}
	return None, true
}

// Scroll moves the cursor by choices, as the wheel of a mouse does.
func (m Model) Scroll(by int) Model {
	m.move(by)
	return m
}

// Click chooses the item on a line of the last View.
func (m Model) Click(line int) (Model, Intent) {
	i := line - m.head + m.offset
	if i < 0 || i >= len(m.shown) || m.items[m.shown[i]].Heading || m.items[m.shown[i]].Off != "" {
		return m, None
	}
	m.cursor = i
	return m, Chosen
}

// Cursor is where the text cursor stands within the view, when letters are text.
func (m Model) Cursor() (x, y int, ok bool) {
	if !m.typed {
		return 0, 0, false
	}
	return 4 + plain.Width(string([]rune(m.input.Value())[:m.input.Position()])), m.inputY, true
}

// View draws the menu as lines of exactly w cells, at most h of them. Where
// there is little room the choices stay longest.
func (m *Model) View(w, h int, th theme.Theme) []string {
	var lines []string
	room := max(1, h)
	fits := func(n, least int) bool {
		if room-n < least {
			return false
		}
		room -= n
		return true
	}
	input := m.typed && fits(1, 1)
	title := fits(1, 1)
	gap := fits(1, 3)
	foot := m.Foot != "" && fits(2, 3)
	if title {
		lines = append(lines, m.titleLine(w, room, th))
	}
	m.inputY = len(lines)
	if input {
		lines = append(lines, "  "+th.Paint(theme.Accent, "> ")+th.Paint(theme.Input, plain.Fit(plain.Clean(m.input.Value()), w-4, "")))
	}
	if gap {
		lines = append(lines, plain.Blank(w))
	}
	m.head = len(lines)
	m.scroll(room)
	for i := m.offset; i < len(m.shown) && i < m.offset+room; i++ {
		lines = append(lines, m.line(m.items[m.shown[i]], i == m.cursor, w, th))
	}
	if len(m.shown) == 0 {
		lines = append(lines, th.Paint(theme.Dim, plain.Fit("   nothing matches", w, "")))
	}
	if foot {
		lines = append(lines, plain.Blank(w), th.Paint(theme.Dim, plain.Fit(" "+th.Signs(m.Foot), w, th.Glyphs.Ellipsis)))
	}
	return lines
}

func (m *Model) scroll(room int) {
	if m.cursor < m.offset {
		m.offset = m.cursor
	}
	if m.cursor >= m.offset+room {
		m.offset = m.cursor - room + 1
	}
	if m.offset == 1 && m.cursor == 1 && room > 1 {
		m.offset = 0
	}
	m.offset = max(0, min(m.offset, len(m.shown)-room))
}

// titleLine says also where the cursor is when not every choice is shown.
func (m *Model) titleLine(w, room int, th theme.Theme) string {
	where := ""
	if len(m.shown) > room {
		where = fmt.Sprintf(" %d of %d ", m.cursor+1, len(m.shown))
	}
	if plain.Width(where) > w/2 {
		where = ""
	}
	return " " + th.Paint(theme.Strong, plain.Fit(m.Title, w-1-plain.Width(where), th.Glyphs.Ellipsis)) + th.Paint(theme.Dim, where)
}

func (m Model) line(it Item, here bool, w int, th theme.Theme) string {
	if it.Heading {
		return th.Paint(theme.Heading, plain.Fit(" "+it.Text, w, th.Glyphs.Ellipsis))
	}
	sign, check := " ", "  "
	if here {
		sign = th.Glyphs.Cursor
	}
	if it.Checked {
		check = th.Glyphs.Mark + " "
	}
	key := plain.Fit(it.Key, 2, "")
	if !m.hasKeys() {
		key = ""
	}
	detail := it.Detail
	if it.Off != "" {
		detail = it.Off
	}
	detail = th.Signs(detail)
	left := " " + sign + key + check + it.Text
	dw := min(plain.Width(detail), max(0, w-plain.Width(left)-3))
	left = plain.Fit(left, w-dw-1, th.Glyphs.Ellipsis)
	detail = plain.Cut(detail, dw, th.Glyphs.Ellipsis)
	pad := plain.Blank(w - plain.Width(left) - plain.Width(detail))
	switch {
	case here:
		return th.Paint(theme.Selected, left+detail+pad)
	case it.Off != "":
		return th.Paint(theme.Dim, left+detail+pad)
	default:
		return left + th.Paint(theme.Dim, detail) + pad
	}
}

func (m Model) hasKeys() bool {
	return slices.ContainsFunc(m.items, func(it Item) bool { return it.Key != "" })
}
