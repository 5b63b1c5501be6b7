// Package menu is a list of choices over the screen: sort, filter, copy, the
// command palette. Some are typed into to find a choice.
package menu

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/input"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
)

// Item is one choice. Text is clean. An item with Off says why it cannot be
// chosen and is shown all the same.
type Item struct {
	ID      string // tells items with the same text apart and is found by typing; "" for Text alone
	Text    string
	Detail  string // dim, behind the text
	Key     string // a letter that chooses it at once, "" for none
	Checked bool
	Heading bool // a line between choices
	Off     string
	Always  bool    // there whatever is typed
	Msg     tea.Msg // what choosing it means
}

func (it Item) name() string { return it.ID + "\x00" + it.Text }

// Options are what a menu is opened with.
type Options struct {
	Title string
	Foot  string // one line under the choices
	Items []Item
	// Typed lets letters search the choices; otherwise they are their keys.
	Typed bool
	// Stays keeps the menu open after a choice, which toggles something. The
	// part that opened it answers with SetItems.
	Stays bool
	// Move makes the message that moves the item with an ID up or down in its
	// list, nil where the order cannot be changed.
	Move func(id string, by int) tea.Msg
	// CloseLabel is what the footer says of the key that closes, "" for close.
	CloseLabel string
	// Width is the width it would like to have, 0 for the usual one.
	Width int
	// OnClose is delivered when the menu is left without a choice.
	OnClose tea.Msg
}

// Menu is an open menu: a screen.Overlay.
type Menu struct {
	o      Options
	items  []Item
	shown  []int
	cursor int
	offset int
	head   int // lines above the choices in the last View
	input  *input.Model
}

var _ screen.Overlay = (*Menu)(nil)

// Open makes a menu with the cursor on its first choice.
func Open(o Options) *Menu {
	m := &Menu{o: o, items: o.Items}
	if o.Typed {
		m.input = input.New(0, false)
	}
	m.filter()
	return m
}

// SetItems replaces the choices, keeping the cursor on its item.
func (m *Menu) SetItems(items []Item) {
	on := m.Current()
	m.items = items
	m.filter()
	if !on.Heading {
		m.selectNamed(func(it Item) bool { return it.name() == on.name() })
	}
}

// Value is what was typed to find a choice.
func (m *Menu) Value() string {
	if m.input == nil {
		return ""
	}
	return m.input.Value()
}

// SetFoot replaces the line under the choices.
func (m *Menu) SetFoot(foot string) { m.o.Foot = foot }

// Select puts the cursor on the item with an ID.
func (m *Menu) Select(id string) { m.selectNamed(func(it Item) bool { return it.ID == id }) }

func (m *Menu) selectNamed(is func(Item) bool) {
	if i := slices.IndexFunc(m.shown, func(at int) bool { return is(m.items[at]) }); i >= 0 {
		m.cursor = i
	}
}

// Current is the item under the cursor; the zero Item when there is none.
func (m *Menu) Current() Item {
	if m.cursor >= len(m.shown) {
		return Item{}
	}
	return m.items[m.shown[m.cursor]]
}

func (m *Menu) filter() {
	var words []string
	if m.input != nil {
		words = strings.Fields(strings.ToLower(m.input.Value()))
	}
	m.shown = nil
	for i, it := range m.items {
		if it.Heading && len(words) > 0 {
			continue
		}
		hay := strings.ToLower(it.Text + " " + it.Detail + " " + it.ID)
		if it.Always || !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(hay, w) }) {
			m.shown = append(m.shown, i)
		}
	}
	m.cursor = 0
	m.skip(1)
}

// skip moves the cursor off a heading.
func (m *Menu) skip(dir int) {
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

// Scroll moves the cursor by choices.
func (m *Menu) Scroll(by int) {
	m.cursor = max(0, min(m.cursor+by, len(m.shown)-1))
	if by < 0 {
		m.skip(-1)
		return
	}
	m.skip(1)
}

// Update takes a key or a paste.
func (m *Menu) Update(msg tea.Msg, keys keymap.Map) screen.Result {
	if key, ok := msg.(tea.KeyPressMsg); ok {
		if r, taken := m.key(key, keys); taken {
			return r
		}
	}
	if m.input == nil {
		return screen.Result{}
	}
	before := m.input.Value()
	cmd := m.input.Update(msg)
	if m.input.Value() != before {
		m.filter()
	}
	return screen.Result{Cmd: cmd}
}

func (m *Menu) key(msg tea.KeyPressMsg, keys keymap.Map) (r screen.Result, taken bool) {
	s := msg.String()
	switch {
	case m.input == nil:
		for i, it := range m.items {
			if it.Key != "" && it.Key == s && it.Off == "" {
				m.cursor = max(0, slices.Index(m.shown, i))
				return m.choose(), true
			}
		}
	case m.o.Move != nil && (s == "<" || s == ">"):
		by := 1
		if s == "<" {
			by = -1
		}
		return screen.Result{Chosen: messages(m.o.Move(m.Current().ID, by))}, true
	case m.o.Stays && s == "space":
		return m.choose(), true // toggling a row of choices is what the blank is for
	case msg.Text != "", s == "ctrl+u" && m.input.Value() != "":
		return screen.Result{}, false // text, whatever else it means
	}
	action, ok := keys.Find(s, keymap.Menu)
	if !ok {
		return screen.Result{}, false
	}
	switch action.Name {
	case keymap.MoveUp:
		m.Scroll(-1)
	case keymap.MoveDown:
		m.Scroll(1)
	case keymap.MovePageUp, keymap.MoveHalfUp:
		m.Scroll(-10)
	case keymap.MovePageDown, keymap.MoveHalfDown:
		m.Scroll(10)
	case keymap.MoveTop:
		m.Scroll(-len(m.items))
	case keymap.MoveBottom:
		m.Scroll(len(m.items))
	case keymap.MenuPick:
		return m.choose(), true
	case keymap.MenuClose:
		return m.closed(), true
	default:
		return screen.Result{}, false
	}
	return screen.Result{}, true
}

func (m *Menu) choose() screen.Result {
	it := m.Current()
	if len(m.shown) == 0 || it.Heading || it.Off != "" {
		return screen.Result{}
	}
	return screen.Result{Chosen: messages(it.Msg), Closed: !m.o.Stays}
}

func (m *Menu) closed() screen.Result {
	return screen.Result{Chosen: messages(m.o.OnClose), Closed: true}
}

func messages(msg tea.Msg) []tea.Msg {
	if msg == nil {
		return nil
	}
	return []tea.Msg{msg}
}

// Click chooses the item on a line of the last View.
func (m *Menu) Click(_, line int) screen.Result {
	i := line - m.head + m.offset
	if line < m.head || i < 0 || i >= len(m.shown) || m.items[m.shown[i]].Heading {
		return screen.Result{}
	}
	m.cursor = i
	return m.choose()
}

// Typing reports that letters are text here.
func (m *Menu) Typing() bool { return m.input != nil }

// Scope is where the keys of a menu have their meaning.
func (m *Menu) Scope() keymap.Scope { return keymap.Menu }

// Label is what the footer says of an action.
func (m *Menu) Label(a keymap.Action) string {
	if a.Name == keymap.MenuClose && m.o.CloseLabel != "" {
		return m.o.CloseLabel
	}
	return a.Label
}
