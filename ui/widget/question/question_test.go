package question

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

func TestAnswers(t *testing.T) {
	t.Parallel()
	keys := keymap.New(keymap.Shared(), nil)
	for key, want := range map[string]tea.Msg{"y": "yes", "n": "no", "x": nil} {
		r := Open(Options{Title: "Quit?", Yes: "yes", No: "no"},
			keys).Update(tea.KeyPressMsg{Code: rune(key[0]), Text: key}, keys)
		if r.Closed != (want != nil) || want != nil && r.Chosen[0] != want {
			t.Errorf("%s: %+v, want %v", key, r, want)
		}
	}
	for _, code := range []rune{tea.KeyEscape, tea.KeyEnter} {
		if r := Open(Options{Yes: "yes"}, keys).Update(tea.KeyPressMsg{Code: code}, keys); !r.Closed ||
			len(r.Chosen) > 0 {
			t.Errorf("%c does not mean no: %+v", code, r)
		}
	}
}

// However little room there is, the question and its answers are there.
func TestTheQuestionFits(t *testing.T) {
	t.Parallel()
	keys := keymap.New(keymap.Shared(), nil)
	for h := 2; h < 12; h++ {
		for w := 10; w < 60; w += 7 {
			q := Open(Options{Title: "Quit?",
				Lines: []string{"What you typed is kept as a draft and is here", "again at the next start."}}, keys)
			f := q.View(w, h, theme.Pick("dark", true))
			s := ansi.Strip(strings.Join(f.Lines, "\n"))
			if len(f.Lines) > h || !strings.Contains(s, "Quit?") || !strings.Contains(s, "y yes") {
				t.Errorf("%dx%d:\n%s", w, h, s)
			}
			for _, l := range f.Lines {
				if n := plain.Width(l); n != w {
					t.Errorf("width %d: %d cells in %q", w, n, ansi.Strip(l))
				}
			}
		}
	}
}
