package prompt

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

func esc() tea.KeyPressMsg { return tea.KeyPressMsg{Code: tea.KeyEscape} }

func enter() tea.KeyPressMsg { return tea.KeyPressMsg{Code: tea.KeyEnter} }

func typed(p *Prompt, text string, keys ...tea.KeyPressMsg) (last screen.Result) {
	for _, r := range text {
		last = p.Update(tea.KeyPressMsg{Code: r, Text: string(r)}, keymap.New(keymap.Shared(), nil))
	}
	for _, k := range keys {
		last = p.Update(k, keymap.New(keymap.Shared(), nil))
	}
	return last
}

func draw(p *Prompt, w, h int) string {
	return ansi.Strip(strings.Join(p.View(w, h, theme.Pick("dark", true)).Lines, "\n"))
}

func submit(s string) tea.Msg { return "got " + s }

func TestAsking(t *testing.T) {
	t.Parallel()
	p := Open(Options{Title: "Name", Done: "save", Submit: submit, OnClose: "left"})
	if s := draw(p, 60, 12); !strings.Contains(s, "enter save   esc cancel") ||
		p.Label(keymap.Action{Name: keymap.PromptDone, Label: "go on"}) != "save" {
		t.Errorf("what enter does is not said:\n%s", s)
	}
	if r := typed(p, "west", enter()); !r.Closed || len(r.Chosen) != 1 || r.Chosen[0] != "got west" {
		t.Errorf("enter: %+v", r)
	}
	if r := typed(p, "", esc()); !r.Closed || r.Chosen[0] != "left" {
		t.Errorf("esc: %+v", r)
	}
}

func TestAWrongTextStays(t *testing.T) {
	t.Parallel()
	check := func(s string) string {
		if strings.Contains(s, " ") {
			return "no blanks"
		}
		return ""
	}
	p := Open(Options{Title: "Name", Text: "we", Check: check, Submit: submit})
	if r := typed(p, " st", enter()); r.Closed || len(r.Chosen) > 0 ||
		!strings.Contains(draw(p, 60, 12), "no blanks") ||
		!strings.Contains(draw(p, 60, 12), "> we st") {
		t.Errorf("%+v\n%s", r, draw(p, 60, 12))
	}
	typed(p, "", tea.KeyPressMsg{Code: 'w', Mod: tea.ModCtrl})
	if strings.Contains(draw(p, 60, 12), "no blanks") {
		t.Error("what was wrong is said after it was changed")
	}
}

func TestWaiting(t *testing.T) {
	t.Parallel()
	p := Open(Options{Title: "Key", Hidden: true, Stays: true, Submit: submit, OnStop: "stop"})
	if r := typed(p, "secret", enter()); r.Closed || r.Chosen[0] != "got secret" {
		t.Errorf("enter: %+v", r)
	}
	p.Wait("checking the key… 3 s")
	if s := draw(p, 60, 12); !strings.Contains(s, "checking the key… 3 s") || !strings.Contains(s, "esc stops") ||
		strings.Contains(s, "secret") {
		t.Errorf("waiting:\n%s", s)
	}
	if r := typed(p, "x", enter()); len(r.Chosen) > 0 {
		t.Errorf("a key is heard while waiting: %+v", r)
	}
	if r := typed(p, "", esc()); r.Closed || r.Chosen[0] != "stop" ||
		p.Label(keymap.Action{Name: keymap.PromptDone, Label: "go on"}) != "" {
		t.Errorf("esc while waiting: %+v", r)
	}
	p.Again("the key was refused", "401 · request req-1-2", true)
	if s := draw(p, 60, 14); !strings.Contains(s, "refused") || !strings.Contains(s, "401 · request req-1-2") ||
		strings.Contains(s, "*") {
		t.Errorf("again:\n%s", s)
	}
}

func TestALongPaste(t *testing.T) {
	t.Parallel()
	p := Open(Options{Title: "Name of the view", Submit: submit})
	p.Update(tea.PasteMsg{Content: strings.Repeat("日本", 500_000)}, keymap.New(keymap.Shared(), nil))
	if s := draw(p, 50, 12); !strings.Contains(s, "too long") {
		t.Errorf("a paste is cut without a word:\n%s", s)
	}
	if r := typed(p, "", enter()); len([]rune(r.Chosen[0].(string))) != 10_004 {
		t.Errorf("%d characters", len([]rune(r.Chosen[0].(string))))
	}
}

// However little room there is, the text is there.
func TestThePromptFits(t *testing.T) {
	t.Parallel()
	for h := 1; h < 12; h++ {
		for w := 10; w < 70; w += 9 {
			p := Open(Options{Title: "Sign in again", Note: "the key was refused by the service",
				Trace: "401 · request req-1", Submit: submit})
			typed(p, "abc")
			f := p.View(w, h, theme.Pick("dark", true))
			if len(f.Lines) > h || !strings.Contains(ansi.Strip(f.Lines[f.Cursor.Y]), "> abc") || f.Cursor.X != 7 {
				t.Errorf("%dx%d: cursor %v in\n%s", w, h, f.Cursor, ansi.Strip(strings.Join(f.Lines, "\n")))
			}
			for _, l := range f.Lines {
				if n := plain.Width(l); n != w {
					t.Errorf("width %d: %d cells in %q", w, n, ansi.Strip(l))
				}
			}
		}
	}
}
