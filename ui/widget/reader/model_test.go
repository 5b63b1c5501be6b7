package reader

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/theme"
)

func lines(n int, ids bool) []Line {
	out := []Line{{Heading: true, Text: "Head"}}
	for i := range n {
		l := Line{Left: fmt.Sprint("k", i), Text: fmt.Sprint("text ", i)}
		if ids {
			l.ID = fmt.Sprint(i)
		}
		out = append(out, l)
	}
	return out
}

func feed(m Model, keys ...tea.KeyPressMsg) (Model, Intent) {
	var intent Intent
	for _, k := range keys {
		m, _, intent = m.Update(k, keymap.New(keymap.Shared(), nil))
	}
	return m, intent
}

func char(r rune) tea.KeyPressMsg { return tea.KeyPressMsg{Code: r, Text: string(r)} }

func draw(m *Model, w, h int) string {
	return ansi.Strip(strings.Join(m.View(w, h, theme.Pick("dark", true)), "\n"))
}

func TestScrollsAndSaysHowMuchIsLeft(t *testing.T) {
	t.Parallel()
	m := New("x", "T", lines(100, false))
	if s := draw(&m, 40, 12); !strings.Contains(s, "92 more below") {
		t.Errorf("not said:\n%s", s)
	}
	m, _ = feed(m, char('G'))
	if s := draw(&m, 40, 12); !strings.Contains(s, "text 99") || strings.Contains(s, "more below") {
		t.Errorf("not at the end:\n%s", s)
	}
	if _, intent := feed(m, tea.KeyPressMsg{Code: tea.KeyEscape}); intent != Closed {
		t.Error("esc does not close")
	}
}

func TestSearchKeepsTheHeadingOfWhatItFinds(t *testing.T) {
	t.Parallel()
	m := New("x", "T", append(lines(3, false), Line{Heading: true, Text: "Other"}, Line{Left: "k9", Text: "text 9"}))
	m, _ = feed(m, char('/'), char('9'))
	if s := draw(&m, 40, 12); !strings.Contains(s, "Other") || !strings.Contains(s, "text 9") || strings.Contains(s, "Head") {
		t.Errorf("the heading of text 9 alone should be there:\n%s", s)
	}
	m, _ = feed(m, char('x'))
	if s := draw(&m, 40, 12); strings.Contains(s, "Other") {
		t.Errorf("a heading without lines is shown:\n%s", s)
	}
}

func TestSearchHere(t *testing.T) {
	t.Parallel()
	m := New("x", "T", lines(100, false))
	m, _ = feed(m, char('/'), char('4'), char('2'))
	if s := draw(&m, 40, 12); !strings.Contains(s, "text 42") || strings.Contains(s, "text 41") {
		t.Errorf("search does not filter:\n%s", s)
	}
	m, intent := feed(m, tea.KeyPressMsg{Code: tea.KeyEscape})
	if intent != None || m.Searching() || !strings.Contains(draw(&m, 40, 12), "text 0") {
		t.Error("esc does not end the search alone")
	}
}

func TestPicks(t *testing.T) {
	t.Parallel()
	m := New("x", "T", lines(5, true))
	m, _ = feed(m, char('j'))
	_, intent := feed(m, tea.KeyPressMsg{Code: tea.KeyEnter})
	if intent != Picked || m.Current().ID != "1" {
		t.Errorf("intent %d on %q", intent, m.Current().ID)
	}
	if _, intent := feed(m, char('y')); intent != Copy {
		t.Error("y does not copy")
	}
	if !strings.Contains(m.Text(), "k3  text 3") {
		t.Errorf("text is %q", m.Text())
	}
}

func TestLinesFit(t *testing.T) {
	t.Parallel()
	for w := 5; w < 90; w += 7 {
		m := New("x", "Title", lines(30, true))
		rows := m.View(w, 10, theme.Pick("dark", true))
		if len(rows) != 10 {
			t.Fatalf("width %d: %d lines", w, len(rows))
		}
		for _, l := range rows {
			if n := ansi.StringWidth(l); n != w {
				t.Fatalf("width %d: a line of %d cells %q", w, n, ansi.Strip(l))
			}
		}
	}
}

// A viewer in which something can be done begins there.
func TestBeginsWhereSomethingCanBeDone(t *testing.T) {
	t.Parallel()
	v := New("entry", "One write", []Line{{Text: "what"}, {Text: "when"}, {Text: "undo", ID: "undo 1"}, {Text: "go", ID: "show 1"}})
	if v.Current().ID != "undo 1" {
		t.Errorf("begins at %q", v.Current().Text)
	}
	if New("help", "Help", []Line{{Text: "a"}, {Text: "b"}}).Current().Text != "a" {
		t.Error("text does not begin at its beginning")
	}
}

// What stands under the text is not cut within a word.
func TestFootInWholeWords(t *testing.T) {
	t.Parallel()
	m := New("x", "Title", lines(30, false))
	m.Foot = "enter opens one   / search   esc close"
	for w, want := range map[int]string{80: "23 more below   enter opens one   / search   esc close", 44: "23 more below   enter opens one   / search", 38: "23 more below   enter opens one", 20: "23 more below", 10: ""} {
		rows := strings.Split(draw(&m, w, 11), "\n")
		if got := strings.TrimSpace(rows[len(rows)-1]); got != want {
			t.Errorf("width %d: %q, want %q", w, got, want)
		}
	}
}
