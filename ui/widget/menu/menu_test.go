package menu

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

func choices() []Item {
	return []Item{{Text: "Group", Heading: true}, {ID: "a", Text: "Alpha", Key: "1", Msg: "a"},
		{ID: "b", Text: "Beta", Key: "2", Off: "not now", Msg: "b"}, {ID: "c", Text: "Gamma", Key: "3", Msg: "c"}}
}

func key(s string) tea.KeyPressMsg {
	switch s {
	case "enter":
		return tea.KeyPressMsg{Code: tea.KeyEnter}
	case "down":
		return tea.KeyPressMsg{Code: tea.KeyDown}
	case "up":
		return tea.KeyPressMsg{Code: tea.KeyUp}
	case "esc":
		return tea.KeyPressMsg{Code: tea.KeyEscape}
	}
	return tea.KeyPressMsg{Code: rune(s[0]), Text: s}
}

func feed(m *Menu, keys ...string) (last screen.Result) {
	for _, k := range keys {
		msg := key(k)
		if k == "space" {
			msg = tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}
		}
		if rest, ok := strings.CutPrefix(k, "ctrl+"); ok {
			msg = tea.KeyPressMsg{Code: rune(rest[0]), Mod: tea.ModCtrl}
		}
		last = m.Update(msg, keymap.New(keymap.Shared(), nil))
	}
	return last
}

func shown(m *Menu, w, h int) string {
	return ansi.Strip(strings.Join(m.View(w, h, theme.Pick("dark", true)).Lines, "\n"))
}

func TestAMenu(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		typed bool
		keys  []string
		want  tea.Msg // chosen
		open  bool
		on    string
	}{
		{"first item, not the heading", false, []string{"enter"}, "a", false, "a"},
		{"letter of an item", false, []string{"3"}, "c", false, "c"},
		{"letter of one that is off", false, []string{"2"}, nil, true, "a"},
		{"enter on one that is off", false, []string{"down", "enter"}, nil, true, "b"},
		{"up from the first stays", false, []string{"up", "enter"}, "a", false, "a"},
		{"q closes", false, []string{"q"}, "left", false, "a"},
		{"typing searches", true, []string{"g", "a", "m", "enter"}, "c", false, "c"},
		{"q is text while typing", true, []string{"q"}, nil, true, ""},
		{"nothing matches", true, []string{"z", "enter"}, nil, true, ""},
		{"esc closes while typing", true, []string{"g", "esc"}, "left", false, "c"},
		{"ctrl+u empties what is typed", true, []string{"g", "a", "m", "ctrl+u", "enter"}, "a", false, "a"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := Open(Options{Items: choices(), Typed: c.typed, OnClose: "left"})
			r := feed(m, c.keys...)
			if r.Closed == c.open || m.Current().ID != c.on || c.want == nil && len(r.Chosen) > 0 ||
				c.want != nil && (len(r.Chosen) != 1 || r.Chosen[0] != c.want) {
				t.Errorf("%+v on %q, want %v on %q", r, m.Current().ID, c.want, c.on)
			}
		})
	}
}

func TestAMenuOfTogglesStaysOpen(t *testing.T) {
	t.Parallel()
	m := Open(Options{Items: choices(), Typed: true, Stays: true})
	for _, k := range []string{"enter", "space"} {
		if r := feed(m, k); r.Closed || len(r.Chosen) != 1 || r.Chosen[0] != "a" {
			t.Errorf("%s: %+v", k, r)
		}
	}
	feed(m, "down", "down")
	m.SetItems(append([]Item{{ID: "new", Text: "New"}}, choices()...))
	if m.Current().ID != "c" {
		t.Errorf("the cursor went from c to %q", m.Current().ID)
	}
	m.Select("b")
	if s := shown(m, 40, 20); m.Current().ID != "b" || !strings.Contains(s, "not now") {
		t.Errorf("on %q, no reason in\n%s", m.Current().ID, s)
	}
	m.SetItems([]Item{{Heading: true, Text: "counting"}})
	m.SetItems([]Item{{ID: "", Text: "nothing"}, {ID: "b", Text: "b"}})
	if m.Current().Text != "nothing" {
		t.Errorf("after a heading the cursor is on %q, want the first choice", m.Current().Text)
	}
}

func TestAMenuIsClicked(t *testing.T) {
	t.Parallel()
	m := Open(Options{Title: "T", Items: choices()})
	shown(m, 40, 20)
	for line, want := range map[int]tea.Msg{0: nil, 1: nil, 2: nil, 3: "a", 4: nil, 5: "c", 9: nil} {
		r := m.Click(5, line)
		if want == nil && len(r.Chosen) > 0 || want != nil && (len(r.Chosen) != 1 || r.Chosen[0] != want || !r.Closed) {
			t.Errorf("line %d: %+v, want %v", line, r, want)
		}
	}
}

func TestMenuLinesFit(t *testing.T) {
	t.Parallel()
	for w := 8; w < 80; w += 5 {
		m := Open(Options{Title: "A long title that does not fit everywhere", Items: choices(), Typed: true,
			Foot: "a foot line that is longer than some of the widths that are tried here"})
		feed(m, "a", "l", "p")
		m.Update(tea.PasteMsg{Content: strings.Repeat("long ", 50)}, keymap.New(keymap.Shared(), nil))
		f := m.View(w, 20, theme.Pick("dark", true))
		for _, l := range f.Lines {
			if n := plain.Width(l); n != w {
				t.Fatalf("width %d: a line of %d cells %q", w, n, ansi.Strip(l))
			}
		}
		if f.Cursor == nil || f.Cursor.X >= w {
			t.Errorf("width %d: cursor %v", w, f.Cursor)
		}
	}
}

// However small the screen is, the choice under the cursor is on it.
func TestTheChoiceStaysOnTheScreen(t *testing.T) {
	t.Parallel()
	var many []Item
	for _, c := range "abcdefghijkl" {
		many = append(many, Item{ID: string(c), Text: "item " + string(c)})
	}
	for _, typed := range []bool{false, true} {
		for h := 2; h < 20; h++ {
			m := Open(Options{Title: "Title", Foot: "foot", Items: many, Typed: typed})
			for range many {
				s := shown(m, 30, h)
				if strings.Count(s, "\n")+1 > h || !strings.Contains(s, m.Current().Text) {
					t.Fatalf("height %d, at %s:\n%s", h, m.Current().Text, s)
				}
				if all := strings.Count(s, "item ") == len(many); h > 3 && all == strings.Contains(s, " of 12") {
					t.Errorf("height %d: that there is more is said wrongly:\n%s", h, s)
				}
				m.Scroll(1)
			}
		}
	}
}
