//go:build unix

package term

import (
	"errors"
	"reflect"
	"syscall"
	"testing"
)

func TestModesOfARunningProgram(t *testing.T) {
	t.Parallel()
	term := tui(t, Options{})
	got := term.Modes()
	want := Modes{AltScreen: true, CursorHidden: true, BracketedPaste: true, Mouse: true, Focus: true,
		KeyboardLevels: 1, OtherKeys: true, Line: true}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("modes are %+v, want %+v", got, want)
	}
}

func TestModesAreCleanAfterwards(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		end  func(*Terminal) error
		code int
	}{
		"quit":    {func(term *Terminal) error { return term.Press("q") }, 0},
		"panic":   {func(term *Terminal) error { return term.Press("p") }, 1},
		"sigterm": {func(term *Terminal) error { return term.Signal(syscall.SIGTERM) }, 0},
		"sigint":  {func(term *Terminal) error { return term.Signal(syscall.SIGINT) }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			term := tui(t, Options{})
			must(t, c.end(term))
			wantExit(t, term, c.code)
			if err := term.Modes().Err(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestModesShowWhatAKilledProgramLeft(t *testing.T) {
	t.Parallel()
	term := tui(t, Options{})
	must(t, term.Kill())
	wantExit(t, term, 128+9)
	wantInError(t, term.Modes().Err(), "the alternate screen", "a hidden cursor", "bracketed paste", "mouse reports",
		"focus reports", "the Kitty keyboard protocol", "modifyOtherKeys", "changed line settings")
}

func TestEveryModeIsNamed(t *testing.T) {
	t.Parallel()
	for sequence, want := range map[string]string{
		`\033[?2004h`:                            "bracketed paste",
		`\033[?1006h`:                            "mouse reports",
		`\033[?25l`:                              "a hidden cursor",
		`\033[?7l`:                               "mode ?7",
		`\033[?2027h`:                            "mode ?2027",
		`\033[4h`:                                "mode 4",
		`\033[5 q`:                               "a changed cursor shape",
		`\033]11;#102030\033\\`:                  "changed colours",
		`\033]12;#102030\033\\`:                  "changed colours",
		`\033[?2026h`:                            "an unfinished synchronized frame",
		`\033[>1u`:                               "the Kitty keyboard protocol",
		`\033[?1049h\033[>1u\033[?1049l`:         "the Kitty keyboard protocol",
		`\033[>4;2m`:                             "modifyOtherKeys",
		`\033[?1049h`:                            "the alternate screen",
		`\033[?1004h`:                            "focus reports",
		`\033[?1h\033[?66h`:                      "mode ?1, mode ?66",
		`\033[?7l\033[?7h\033[>1u\033[<u`:        "",
		`\033]11;#102030\033\\\033]111\a`:        "",
		`\033]11;?\033\\`:                        "",
		`\033[5 q\033[0 q`:                       "",
		`\033[?1049h\033[5 q\033[?1049l`:         "a changed cursor shape",
		`\033[?1049h\033[6 q\033[?1049l\033[0 q`: "",
		`\033[?25l\033[?1049h\033[?25h`:          "the alternate screen",
		`\033[?1049h\033[?25l\033[?1049l`:        "a hidden cursor",
		`\033[?1049h\033[>1u\033[<u\033[<u`:      "the alternate screen",
	} {
		t.Run(sequence, func(t *testing.T) {
			t.Parallel()
			term := run(t, Options{Path: "printf", Args: []string{sequence}})
			wantExit(t, term, 0)
			err := term.Modes().Err()
			if want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil || err.Error() != "the terminal is left with "+want {
				t.Errorf("got %v, want %s", err, want)
			}
		})
	}
}

func TestLineSettings(t *testing.T) {
	t.Parallel()
	left := shell(t, "stty -echo")
	wantExit(t, left, 0)
	if !left.Modes().Line {
		t.Error("an echo left off is not noticed")
	}
	restored := shell(t, "old=$(stty -g); stty raw -echo; stty $old")
	wantExit(t, restored, 0)
	if restored.Modes().Line {
		t.Error("restored settings count as changed")
	}
}

func TestTitleAndClipboard(t *testing.T) {
	t.Parallel()
	term := tui(t, Options{})
	must(t, term.Press("t", "y", "y"))
	must(t, term.await("title and clipboard", func() bool {
		return term.seen.title != "" && len(term.seen.clipboard) == 2
	}))
	if got, want := term.Title(), "a title; with a semicolon"; got != want {
		t.Errorf("title %q, want %q", got, want)
	}
	if got, want := term.Clipboard(), []string{"copied", "copied"}; !reflect.DeepEqual(got, want) {
		t.Errorf("clipboard %q, want %q", got, want)
	}
}

func TestClipboardIgnoresQueriesAndRubbish(t *testing.T) {
	t.Parallel()
	term := shell(t, `printf '\033]52;c;?\033\\\033]52;c;!!\033\\\033]52\033\\\033]52;p;aGk=\033\\'`)
	wantExit(t, term, 0)
	if got, want := term.Clipboard(), []string{"hi"}; !reflect.DeepEqual(got, want) {
		t.Errorf("clipboard %q, want %q", got, want)
	}
}

func TestModesErrIsNotASentinel(t *testing.T) {
	t.Parallel()
	if err := (Modes{}).Err(); err != nil || errors.Is(Modes{Line: true}.Err(), ErrEnded) {
		t.Errorf("the zero value is %v", err)
	}
}
