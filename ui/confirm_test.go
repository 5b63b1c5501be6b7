package ui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"levcontacts/model"
)

// A question and its answers are on the screen however small that is, and so is
// what is typed into a prompt.
func TestQuestionsOnSmallScreens(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	f.refuse["page"] = &model.Error{Kind: model.KindUnauthorized, Status: 401, Message: "Authentication required", RequestID: "e1f2a3b4-c5d6-7890-4567-901234567890"}
	signIn := start(t, f, 120, 40)
	signIn.want("Sign in again", "401 · request e1f2a3b4-c5d6-7890-4567-901234567890")
	signIn.typed("key")
	quit := start(t, newFake(60), 120, 40)
	quit.keys("e", "tab")
	quit.typed("x")
	quit.keys("ctrl+c")
	for h := 5; h <= 40; h++ {
		for _, w := range []int{20, 30, 40, 60, 80, 120} {
			quit.send(tea.WindowSizeMsg{Width: w, Height: h})
			quit.want("An edit is", "y yes")
			signIn.send(tea.WindowSizeMsg{Width: w, Height: h})
			signIn.want("> ***")
			cursor := signIn.m.View().Cursor
			rows := strings.Split(signIn.screen(), "\n")
			if cursor == nil || cursor.Y >= len(rows) || !strings.Contains(rows[cursor.Y], "> ***") {
				t.Fatalf("%dx%d: the cursor is not where the key is typed:\n%s", w, h, signIn.screen())
			}
		}
	}
}

// With sample data nothing is kept, so nothing else is said.
func TestQuitSaysWhatBecomesOfAnEdit(t *testing.T) {
	t.Parallel()
	for demo, want := range map[bool]string{true: "nothing of it is kept", false: "again at the next start"} {
		f := newFake(60)
		f.account.Demo = demo
		s := start(t, f, 80, 24)
		s.keys("e")
		s.keys("tab")
		s.typed("X")
		s.keys("ctrl+c")
		s.want("An edit is open. Quit?", want)
	}
}
