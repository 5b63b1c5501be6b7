package input

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

func press(m *Model, keys ...tea.KeyPressMsg) {
	for _, k := range keys {
		m.Update(k)
	}
}

func char(r rune) tea.KeyPressMsg { return tea.KeyPressMsg{Code: r, Text: string(r)} }

func ctrl(r rune) tea.KeyPressMsg { return tea.KeyPressMsg{Code: r, Mod: tea.ModCtrl} }

func draw(m *Model, w int) string { return ansi.Strip(m.View(w, theme.Pick("dark", true))) }

func TestTheTextAroundTheCursorIsShown(t *testing.T) {
	t.Parallel()
	m := New(0, false)
	m.Update(tea.PasteMsg{Content: "abcdefghijklmnopqrstuvwxyz"})
	if got := draw(m, 10); got != "…stuvwxyz " || m.Cursor(3, 1).X != 12 {
		t.Errorf("at the end: %q, cursor at %d", got, m.Cursor(3, 1).X)
	}
	press(m, tea.KeyPressMsg{Code: tea.KeyHome})
	draw(m, 10)
	press(m, char('X'), char('Y'))
	if got := draw(m, 10); !strings.HasPrefix(got, "XYabc") || m.Cursor(0, 0).X != 2 {
		t.Errorf("at the start: %q, cursor at %d", got, m.Cursor(0, 0).X)
	}
	if got := draw(m, 40); got != "XYabcdefghijklmnopqrstuvwxyz            " {
		t.Errorf("with room: %q", got)
	}
}

// B7: what a key takes away comes back.
func TestUndo(t *testing.T) {
	t.Parallel()
	undo, paste := ctrl('_'), tea.PasteMsg{Content: "dallas "}
	for name, c := range map[string]struct {
		msgs []tea.Msg
		want string
	}{
		"nothing to take back": {[]tea.Msg{undo}, ""},
		"B7 ctrl+u":            {[]tea.Msg{paste, ctrl('u'), undo}, "dallas "},
		"B7 ctrl+k":            {[]tea.Msg{paste, ctrl('a'), ctrl('k'), undo}, "dallas "},
		"B7 ctrl+w":            {[]tea.Msg{paste, char('x'), ctrl('w'), undo}, "dallas x"},
		"a paste":              {[]tea.Msg{char('x'), paste, undo}, "x"},
		"a typed word":         {[]tea.Msg{paste, char('x'), char('y'), undo}, "dallas "},
		"two steps":            {[]tea.Msg{paste, char('x'), ctrl('u'), undo, undo}, "dallas "},
		"typing goes on":       {[]tea.Msg{paste, ctrl('u'), undo, char('x')}, "dallas x"},
		"ctrl+/ too":           {[]tea.Msg{paste, ctrl('u'), ctrl('/')}, "dallas "},
	} {
		m := New(0, false)
		for _, msg := range c.msgs {
			m.Update(msg)
		}
		if m.Value() != c.want {
			t.Errorf("%s: %q, want %q", name, m.Value(), c.want)
		}
	}
}

func TestPastesAreOneLine(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"a\r\nb\tc\n":            "a b c",
		"\x1b[31mred\x1b[0m\x07": "red",
		"a\u202eb\u200dc":        "ab\u200dc",
	} {
		m := New(0, false)
		m.Update(tea.ClipboardMsg{Content: in})
		if m.Value() != want || m.Cut() {
			t.Errorf("%q became %q, cut %t", in, m.Value(), m.Cut())
		}
	}
	hidden := New(0, true)
	hidden.Update(tea.PasteMsg{Content: "  abc\n  def\u2028gh\n"})
	if hidden.Value() != "abcdefgh" {
		t.Errorf("a key of several lines is %q", hidden.Value())
	}
	if New(0, false).Update(ctrl('v')) == nil {
		t.Error("ctrl+v does not ask for the clipboard")
	}
}

// A paste of any length costs no more than the limit.
func TestALongPasteIsCut(t *testing.T) {
	t.Parallel()
	m := New(1000, false)
	m.Update(tea.PasteMsg{Content: strings.Repeat("é日", 500_000)})
	if n := len([]rune(m.Value())); n != 1000 || !m.Cut() {
		t.Errorf("%d characters, cut %t", n, m.Cut())
	}
	if w := plain.Width(m.View(30, theme.Pick("dark", true))); w != 30 {
		t.Errorf("%d cells", w)
	}
	press(m, ctrl('u'), char('a'))
	if m.Cut() || m.Value() != "a" {
		t.Errorf("after emptying: cut %t, %q", m.Cut(), m.Value())
	}
}

func TestAHiddenTextIsNotShown(t *testing.T) {
	t.Parallel()
	m := New(0, true)
	m.SetValue("sécret")
	if got := draw(m, 8); got != "******  " || m.Cursor(0, 0).X != 6 {
		t.Errorf("%q, cursor at %d", got, m.Cursor(0, 0).X)
	}
}

func TestOneLine(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in, joined, spaced string
		breaks             bool
	}{
		{"abc\n", "abc", "abc", false},
		{"abc\r\n  def\r\n", "abcdef", "abc   def", true},
		{"a\tb", "a b", "a b", false},
		{"\x1b[31mabc\x1b[0m\x07\u202e\xff", "abc", "abc", false},
		{"", "", "", false},
	}
	for _, tt := range tests {
		joined, breaks := text.JoinLines(tt.in)
		spaced := text.OneLine(tt.in)
		if joined != tt.joined || spaced != tt.spaced || breaks != tt.breaks {
			t.Errorf("OneLine(%q) = %q, %q, %v", tt.in, joined, spaced, breaks)
		}
	}
}
