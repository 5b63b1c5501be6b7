//go:build unix

package term

import (
	"strings"
	"testing"
)

func TestPress(t *testing.T) {
	t.Parallel()
	term := shell(t, `stty raw -echo; printf 'ready '; cat -v`)
	must(t, term.WaitFor("ready"))
	must(t, term.Press("enter", "tab", "shift+tab", "space", "backspace", "delete", "up", "down", "left", "right",
		"pgup", "pgdown", "home", "end", "ctrl+s", "alt+x", "f5", "G", "/", "é"))
	want := "^M\t^[[Z ^?^[[3~^[[A^[[B^[[D^[[C^[[5~^[[6~^[[H^[[F^S^[x^[[15~G/M-CM-)"
	must(t, term.WaitFunc("all keys", func(screen string) bool {
		return strings.Contains(flat(screen), flat(want))
	}))
}

// flat removes what the terminal makes of blanks, tabs and the ends of rows.
func flat(s string) string { return strings.NewReplacer(" ", "", "\t", "", "\n", "").Replace(s) }

func TestPressFollowsTheCursorKeyMode(t *testing.T) {
	t.Parallel()
	term := shell(t, `stty raw -echo; printf '\033[?1hready '; cat -v`)
	must(t, term.WaitFor("ready"))
	must(t, term.Press("up"))
	must(t, term.WaitFor("^[OA"))
}

func TestPressUnknownKey(t *testing.T) {
	t.Parallel()
	term := shell(t, `stty raw -echo; printf ready; cat -v`)
	must(t, term.WaitFor("ready"))
	for _, name := range []string{"return", "ctrl+1", "ctrl+", "f13", "f0", "", "ctrl+left"} {
		err := term.Press("a", name)
		if err == nil || !strings.Contains(err.Error(), `"`+name+`"`) {
			t.Errorf("key %q: %v", name, err)
		}
	}
	must(t, term.Press("z"))
	must(t, term.WaitFor("readyz"))
}

func TestEscapeIsNotTakenTogetherWithTheNextKey(t *testing.T) {
	t.Parallel()
	term := tui(t, Options{})
	must(t, term.Press("esc", "j", "esc", "esc", "k"))
	must(t, term.WaitFor("keys 5: esc j esc esc k."))
}

func TestSendKeepsTheOrderOfKeys(t *testing.T) {
	t.Parallel()
	term := tui(t, Options{})
	for _, key := range []string{"1", "2", "3"} {
		must(t, term.Press("up"))
		must(t, term.Send(key))
	}
	must(t, term.WaitFor("keys 6: up 1 up 2 up 3."))
}

func TestPaste(t *testing.T) {
	t.Parallel()
	term := tui(t, Options{})
	must(t, term.Paste("one q\ntwo"))
	must(t, term.WaitFor(`pasted "one q\ntwo"`, "keys 0"))

	plain := shell(t, "printf ready; read x; echo; echo got $x")
	must(t, plain.WaitFor("ready"))
	must(t, plain.Paste("text\n"))
	must(t, plain.WaitFor("got text"))
}

func TestInputIsNeverWaitedFor(t *testing.T) {
	t.Parallel()
	// The program asks much more often than it reads the answers; its output
	// must be shown anyway.
	term := shell(t, `stty raw -echo; i=0; while [ $i -lt 3000 ]; do printf '\033[c'; i=$((i+1)); done; printf done; sleep 1000`)
	must(t, term.Send(strings.Repeat("typed ahead ", 10000)))
	must(t, term.WaitFor("done"))
}
