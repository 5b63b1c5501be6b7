package menu

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/theme"
)

func items() []Item {
	return []Item{{Text: "Group", Heading: true}, {ID: "a", Text: "Alpha", Key: "1"}, {ID: "b", Text: "Beta", Key: "2", Off: "not now"}, {ID: "c", Text: "Gamma", Key: "3"}}
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

func TestChoosing(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		typed bool
		keys  []string
		want  Intent
		id    string
	}{
		{"first item, not the heading", false, []string{"enter"}, Chosen, "a"},
		{"letter of an item", false, []string{"3"}, Chosen, "c"},
		{"letter of one that is off", false, []string{"2"}, None, "a"},
		{"enter on one that is off", false, []string{"down", "enter"}, None, "b"},
		{"up from the first stays", false, []string{"up", "enter"}, Chosen, "a"},
		{"q closes", false, []string{"q"}, Closed, "a"},
		{"typing searches", true, []string{"g", "a", "m", "enter"}, Chosen, "c"},
		{"q is text while typing", true, []string{"q"}, None, ""},
		{"nothing matches", true, []string{"z", "enter"}, None, ""},
		{"esc closes while typing", true, []string{"g", "esc"}, Closed, "c"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := New("x", "Title", items(), c.typed)
			var got Intent
			for _, k := range c.keys {
				m, _, got = m.Update(key(k), keymap.New(keymap.Shared(), nil))
			}
			if got != c.want || m.Current().ID != c.id {
				t.Errorf("intent %d on %q, want %d on %q", got, m.Current().ID, c.want, c.id)
			}
		})
	}
}

func TestLinesFit(t *testing.T) {
	t.Parallel()
	for w := 8; w < 80; w += 5 {
		m := New("x", "A long title that does not fit everywhere", items(), true)
		m.Foot = "a foot line that is longer than some of the widths that are tried here"
		for _, l := range m.View(w, 20, theme.Pick("dark", true)) {
			if n := ansi.StringWidth(l); n != w {
				t.Fatalf("width %d: a line of %d cells %q", w, n, ansi.Strip(l))
			}
		}
	}
}

func TestOffSaysWhy(t *testing.T) {
	t.Parallel()
	m := New("x", "T", items(), false)
	if s := ansi.Strip(strings.Join(m.View(40, 20, theme.Pick("dark", true)), "\n")); !strings.Contains(s, "not now") {
		t.Errorf("no reason in\n%s", s)
	}
}

func TestNewChoicesKeepTheCursor(t *testing.T) {
	t.Parallel()
	choices := []Item{{ID: "a", Text: "a"}, {ID: "", Text: "nothing"}, {ID: "b", Text: "b"}}
	waiting := New("m", "M", []Item{{Text: "counting", Heading: true}}, true)
	if got := waiting.WithItems(choices).Current(); got.ID != "a" {
		t.Errorf("after a heading the cursor is on %q, want the first choice", got.Text)
	}
	chosen := waiting.WithItems(choices).Select("b")
	if got := chosen.WithItems(append([]Item{{ID: "c", Text: "c"}}, choices...)).Current(); got.ID != "b" {
		t.Errorf("the cursor went from b to %q", got.Text)
	}
}

func TestAnEmptyValueCanBeChosen(t *testing.T) {
	t.Parallel()
	m := New("m", "M", []Item{{ID: "", Text: "nothing"}, {ID: "b", Text: "b"}}, false)
	if _, _, got := m.Update(key("enter"), keymap.New(keymap.Shared(), nil)); got != Chosen {
		t.Errorf("intent %d, want it chosen", got)
	}
}

// However small the screen is, the choice under the cursor is on it.
func TestTheChoiceIsShownAtEveryHeight(t *testing.T) {
	t.Parallel()
	for _, typed := range []bool{false, true} {
		for h := 1; h < 20; h++ {
			m := New("m", "Title", nil, typed)
			var many []Item
			for _, c := range "abcdefghijkl" {
				many = append(many, Item{ID: string(c), Text: "item " + string(c)})
			}
			m = m.WithItems(many)
			m.Foot = "foot"
			for range many {
				lines := m.View(30, h, theme.Pick("dark", true))
				shown := ansi.Strip(strings.Join(lines, "\n"))
				if len(lines) > h || !strings.Contains(shown, m.Current().Text) {
					t.Fatalf("height %d, at %s: %d lines\n%s", h, m.Current().Text, len(lines), shown)
				}
				if all := strings.Count(shown, "item ") == len(many); h > 2 && all == strings.Contains(shown, " of 12") {
					t.Errorf("height %d: that there is more is said wrongly:\n%s", h, shown)
				}
				m.move(1)
			}
		}
	}
}
