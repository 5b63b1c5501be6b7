package signin

import (
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

const (
	maxTextWidth   = 78 // cells of text in a line; longer ones are hard to read
	labelW         = 9
	minRoomyHeight = 12 // lines from which on the header and the status line stay
)

// View draws the screen.
func (m *First) View() tea.View {
	status := m.status()
	head, foot := m.h >= minRoomyHeight, m.h >= 2
	room := m.h
	if head {
		room--
	}
	if foot {
		room--
	}
	showStatus := room >= 2 && (head || status != "")
	if showStatus {
		room--
	}
	b := m.body()
	rows, cx, cy := b.fit(room)
	out := make([]string, 0, m.h)
	if head {
		out = append(out, m.header())
		cy++
	}
	out = append(out, rows...)
	if showStatus {
		out = append(out, text.Fit(" "+status, m.w))
	}
	if foot {
		out = append(out, m.footer())
	}
	v := tea.NewView(strings.Join(out, "\n"))
	v.AltScreen = true
	v.WindowTitle = "levcontacts"
	if cx >= 0 && cx < m.w {
		v.Cursor = tea.NewCursor(cx, cy)
		v.Cursor.Shape, v.Cursor.Blink = tea.CursorBar, false
	}
	return v
}

func (m *First) header() string {
	about := "first start"
	if m.o.Profile != "" {
		about = "profile " + plain.Clean(m.o.Profile)
	}
	left := " " + m.theme.Paint(theme.Strong, "levcontacts") + "   " + m.theme.Paint(theme.Dim, about)
	right := map[page]string{pageKey: "step 1 of 3", pageFound: "step 2 of 3", pagePlace: "step 3 of 3",
		pageFile: "step 3 of 3"}[m.page]
	if m.page == pageStart {
		right = plain.Clean(m.o.Version)
	}
	gap := m.w - plain.Width(left) - plain.Width(right) - 1
	if right == "" || gap < 2 {
		return text.Fit(left, m.w)
	}
	return left + plain.Blank(gap) + m.theme.Paint(theme.Dim, right) + " "
}

// status describes what is waited for, once that takes long enough to be seen.
func (m *First) status() string {
	busy, since := m.busy()
	took := m.o.Now().Sub(since)
	if !busy || took < spinnerAfter {
		return ""
	}
	frames := []rune(m.theme.Glyphs.Spinner)
	words := string(frames[int(took/(120*time.Millisecond))%len(frames)])
	dots := m.theme.Glyphs.Ellipsis
	switch {
	case m.checking.Busy():
		words += " checking the key" + dots
	case m.storing.Ending():
		words += " stopping" + dots
	case m.storing.Busy():
		words += " storing the key" + dots
	default:
		words += " asking the system keyring" + dots
	}
	if took >= 2*time.Second {
		words += " " + m.theme.Glyphs.Dot + " " + seconds(took)
	}
	return m.theme.Paint(theme.Dim, words)
}

func seconds(d time.Duration) string { return strconv.Itoa(int(d/time.Second)) + " s" }

// hint is a key and what it does here.
type hint struct{ key, label string }

func (m *First) hints() []hint {
	k := m.o.Keys.Key
	move, leave := hint{"↑↓", "move"}, hint{"ctrl+c", "quit"}
	choose, back := hint{k(keymap.MenuPick), "choose"}, hint{k(keymap.PromptClose), "back"}
	switch {
	case m.page == pageStart && m.o.Back != "":
		return []hint{choose, move, back, {k(keymap.Quit), "quit"}}
	case m.page == pageStart:
		return []hint{choose, move, {k(keymap.Quit), "quit"}}
	case m.page == pageKey && m.checking.Busy(), m.storing.Busy():
		return []hint{{k(keymap.PromptClose), "stop"}, leave}
	case m.page == pageKey:
		return []hint{{k(keymap.PromptDone), "check the key"}, back, {k(keymap.FormNext), "next field"}, leave}
	case m.page == pageFound:
		return []hint{{k(keymap.PromptDone), "continue"}, back, leave}
	case m.page == pagePlace && m.place == nil:
		return []hint{back, leave}
	case m.page == pagePlace:
		return []hint{choose, back, move, leave}
	case m.page == pageFile:
		return []hint{{k(keymap.ConfirmYes), "yes"}, {k(keymap.ConfirmNo), "no"}, back, leave}
	default:
		return []hint{{k(keymap.PromptDone), "open your contacts"}, leave}
	}
}

// footer shows the keys that work here, the first of them for sure.
func (m *First) footer() string {
	s := ""
	for _, h := range m.hints() {
		key := h.key
		if m.theme.Name == "ascii" {
			key = strings.NewReplacer("↑↓", "j/k").Replace(key)
		}
		item := m.theme.Paint(theme.Key, key) + " " + m.theme.Paint(theme.Dim, h.label)
		if s != "" {
			item = "   " + item
		}
		if plain.Width(s)+plain.Width(item)+1 > m.w && s != "" {
			continue
		}
		s += item
	}
	return text.Fit(" "+s, m.w)
}
