package ui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"levcontacts/model"
)

// Whatever the size and however long the message, the screen is exactly as large
// as the terminal, and says the message.
func TestMessagesFitEverySize(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string][]string{"list": nil, "details": {"enter"}, "field": {"enter", "enter"}, "form": {"e"}, "menu": {"s"}, "help": {"?"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, newFake(60), 120, 40)
			s.keys(keys...)
			everySizeAndMessage(t, s)
		})
	}
}

func everySizeAndMessage(t *testing.T, s *stage) {
	t.Helper()
	for lines, text := range []string{"", "no", strings.Repeat("a refusal in some more words ", 4), strings.Repeat("a refusal in many words ", 20)} {
		s.m.dismiss()
		if text != "" {
			s.m.sayError("list contacts", &model.Error{Kind: model.KindForbidden, Status: 403, Message: text, RequestID: "req-1"})
		}
		for _, w := range []int{20, 80, 100} {
			for h := 1; h <= 46; h++ {
				s.send(sizeMsg(w, h))
				got := strings.Split(s.m.View().Content, "\n")
				if len(got) != h {
					t.Fatalf("%d lines at %dx%d with message %d", len(got), w, h, lines)
				}
				for _, line := range got {
					if ansi.StringWidth(line) != w {
						t.Fatalf("a line of %d cells at %dx%d with message %d: %q", ansi.StringWidth(line), w, h, lines, line)
					}
				}
			}
		}
	}
}
