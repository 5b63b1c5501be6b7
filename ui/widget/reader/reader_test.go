package reader

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

func text(n int, pick bool) []Line {
	out := []Line{{Heading: true, Text: "Head"}}
	for i := range n {
		l := Line{Left: fmt.Sprint("k", i), Text: fmt.Sprint("text ", i)}
		if pick {
			l.Msg = i
		}
		out = append(out, l)
	}
	return out
}

func press(r *Reader, keys ...tea.KeyPressMsg) (last screen.Result) {
	for _, k := range keys {
		last = r.Update(k, keymap.New(keymap.Shared(), nil))
	}
	return last
}

func show(r *Reader, w, h int) string {
	return ansi.Strip(strings.Join(r.View(w, h, theme.Pick("dark", true)).Lines, "\n"))
}

func wantText(t *testing.T, s string, yes, no []string) {
	t.Helper()
	for _, w := range yes {
		if !strings.Contains(s, w) {
			t.Errorf("no %q in\n%s", w, s)
		}
	}
	for _, w := range no {
		if strings.Contains(s, w) {
			t.Errorf("%q in\n%s", w, s)
		}
	}
}

func esc() tea.KeyPressMsg { return tea.KeyPressMsg{Code: tea.KeyEscape} }

func enter() tea.KeyPressMsg { return tea.KeyPressMsg{Code: tea.KeyEnter} }

func TestAReaderScrolls(t *testing.T) {
	t.Parallel()
	r := Open(Options{Title: "T", Lines: text(100, false), OnClose: "left"})
	wantText(t, show(r, 40, 12), []string{"92 more below"}, nil)
	press(r, char('G'))
	wantText(t, show(r, 40, 12), []string{"text 99"}, []string{"more below"})
	if res := press(r, esc()); !res.Closed || len(res.Chosen) != 1 || res.Chosen[0] != "left" {
		t.Errorf("esc: %+v", res)
	}
}

func TestAReaderIsSearched(t *testing.T) {
	t.Parallel()
	r := Open(Options{Lines: append(text(3, false), Line{Heading: true, Text: "Other"},
		Line{Left: "k9", Text: "text 9"})})
	press(r, char('/'), char('9'))
	wantText(t, show(r, 40, 12), []string{"Other", "text 9"}, []string{"Head"})
	press(r, char('x'))
	wantText(t, show(r, 40, 12), nil, []string{"Other"})
	if f := r.View(40, 12, theme.Pick("dark", true)); f.Cursor == nil || f.Cursor.X != 5 || f.Cursor.Y != 1 {
		t.Errorf("cursor %v", f.Cursor)
	}
	if res := press(r, esc()); res.Closed {
		t.Error("esc does not end the search alone")
	}
	wantText(t, show(r, 40, 12), []string{"text 0"}, nil)
}

func TestLinesThatMeanSomething(t *testing.T) {
	t.Parallel()
	r := Open(Options{Lines: text(5, true)})
	if res := press(r, char('j'), enter()); !res.Closed || len(res.Chosen) != 1 || res.Chosen[0] != 1 {
		t.Errorf("enter: %+v", res)
	}
	if res := press(r, char('y')); res.Closed || !strings.Contains(res.Copy, "k3  text 3") {
		t.Errorf("y: %+v", res)
	}
	r = Open(Options{Stays: true, Copy: "report",
		Lines: []Line{{Text: "what"}, {Text: "undo", Msg: "undo"}, {}, {Text: "draft", Discard: "away"}}})
	if res := press(r, enter()); res.Closed || res.Chosen[0] != "undo" {
		t.Errorf("begins elsewhere or closes: %+v", res)
	}
	if res := press(r, char('d')); len(res.Chosen) > 0 {
		t.Errorf("discards what cannot be: %+v", res)
	}
	if res := press(r, char('j'), char('d')); len(res.Chosen) != 1 || res.Chosen[0] != "away" {
		t.Errorf("the cursor rests on a blank line or d is not heard: %+v", res)
	}
	if res := press(r, char('y')); res.Copy != "report" {
		t.Errorf("y: %+v", res)
	}
	r.SetLines([]Line{{Text: "a"}, {Text: "b", Msg: "b"}})
	if res := press(r, enter()); len(res.Chosen) != 1 || res.Chosen[0] != "b" {
		t.Errorf("after new lines: %+v", res)
	}
}

func TestReaderLinesFit(t *testing.T) {
	t.Parallel()
	for w := 5; w < 90; w += 7 {
		rows := strings.Split(show(Open(Options{Title: "Title", Lines: text(30, true)}), w, 10), "\n")
		if len(rows) != 10 {
			t.Fatalf("width %d: %d lines", w, len(rows))
		}
		for _, l := range rows {
			if n := plain.Width(l); n != w {
				t.Fatalf("width %d: a line of %d cells %q", w, n, l)
			}
		}
	}
}

// What stands under the text is not cut within a word.
func TestTheFootIsInWholeWords(t *testing.T) {
	t.Parallel()
	r := Open(Options{Lines: text(30, false), Foot: "enter opens one   / search   esc close"})
	for w, want := range map[int]string{80: "23 more below   enter opens one   / search   esc close",
		44: "23 more below   enter opens one   / search", 38: "23 more below   enter opens one", 20: "23 more below",
		10: ""} {
		rows := strings.Split(show(r, w, 11), "\n")
		if got := strings.TrimSpace(rows[len(rows)-1]); got != want {
			t.Errorf("width %d: %q, want %q", w, got, want)
		}
	}
}

func char(r rune) tea.KeyPressMsg { return tea.KeyPressMsg{Code: r, Text: string(r)} }
