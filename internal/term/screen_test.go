//go:build unix

package term

import (
	"image/color"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
)

func TestScreenKeepsBlankRows(t *testing.T) {
	t.Parallel()
	term := run(t, Options{Path: "printf", Args: []string{`\n  two  \n\n日本 four`}, Cols: 20, Rows: 6})
	wantExit(t, term, 0)
	if got, want := term.Screen(), "\n  two\n\n日本 four\n\n"; got != want {
		t.Errorf("the screen is %q, want %q", got, want)
	}
}

func TestFrame(t *testing.T) {
	t.Parallel()
	script := `printf '\033[1;3;4;9;38;2;1;2;3;48;5;200mA\033[0;2;7;31mB\033[0;8mC\033[m'
printf '日\033]8;id=1;https://example.com/x\033\\L\033]8;;\033\\\033[3 q\033]2;name\033\\'`
	term := run(t, Options{Path: "sh", Args: []string{"-c", script}, Cols: 10, Rows: 2, Background: color.Gray{Y: 250}})
	wantExit(t, term, 0)
	f := term.Frame()
	want := []Cell{
		{Content: "A", Width: 1, Foreground: color.RGBA{1, 2, 3, 255}, Background: ansi.IndexedColor(200),
			Bold: true, Italic: true, Underline: true, Strikethrough: true},
		{Content: "B", Width: 1, Foreground: ansi.Red, Faint: true, Reverse: true},
		{Content: "C", Width: 1, Conceal: true},
		{Content: "日", Width: 2},
		{},
		{Content: "L", Width: 1, Link: "https://example.com/x"},
		{Content: " ", Width: 1},
	}
	for x, cell := range want {
		if got := f.Row(0)[x]; got != cell {
			t.Errorf("cell %d is %+v, want %+v", x, got, cell)
		}
	}
	if len(f.Cells) != 20 || len(f.Row(1)) != 10 || f.Cols != 10 || f.Rows != 2 {
		t.Errorf("the frame is %dx%d with %d cells", f.Cols, f.Rows, len(f.Cells))
	}
	if want := (Cursor{X: 6, Y: 0, Visible: true, Shape: CursorUnderline}); f.Cursor != want {
		t.Errorf("the cursor is %+v, want %+v", f.Cursor, want)
	}
	if f.Title != "name" || f.Background != (color.Gray{Y: 250}) || f.Foreground != color.White {
		t.Errorf("title %q, background %v, foreground %v", f.Title, f.Background, f.Foreground)
	}
}

func TestProgramIsToldTheBackground(t *testing.T) {
	t.Parallel()
	must(t, tui(t, Options{}).WaitFor("background dark"))
	must(t, tui(t, Options{Background: color.White}).WaitFor("background light"))
}

// emulate shows reads without a program behind them.
func emulate(t *testing.T, reads ...string) *Terminal {
	t.Helper()
	o := Options{Cols: 20, Rows: 2}.withDefaults()
	term := &Terminal{timeout: o.Timeout, changed: make(chan struct{})}
	term.emu = term.newEmulator(o)
	chunks := make(chan chunk, len(reads))
	for _, data := range reads {
		chunks <- chunk{data: []byte(data), at: time.Now()}
	}
	close(chunks)
	term.show(chunks)
	return term
}

func TestCharactersSplitBetweenReads(t *testing.T) {
	t.Parallel()
	text := "a日│👨‍👩‍👧é|" // the é is one rune: the emulator does not join an accent to an ASCII letter
	want := emulate(t, text).Frame()
	for i := 1; i < len(text); i++ {
		got := emulate(t, text[:i], text[i:]).Frame()
		for x := range got.Cells {
			if got.Cells[x] != want.Cells[x] {
				t.Errorf("split after %d bytes: cell %d is %+v, want %+v", i, x, got.Cells[x], want.Cells[x])
			}
		}
	}
}

func TestSynchronizedFrameIsShownWhole(t *testing.T) {
	t.Parallel()
	whole := emulate(t, "\x1b[?2026hhalf", " and half", "\x1b[?2026l")
	if got := strings.TrimSpace(whole.Screen()); got != "half and half" || whole.inFrame {
		t.Errorf("the screen is %q", got)
	}
	if whole.frames != 1 {
		t.Errorf("%d frames seen, want 1", whole.frames)
	}
	open := emulate(t, "\x1b[?2026hhalf")
	if got := strings.TrimSpace(open.Screen()); got != "half" {
		t.Errorf("a frame that never ends shows %q", got)
	}
}

func TestSynchronizedFrameIsKeptBack(t *testing.T) {
	t.Parallel()
	term := shell(t, `stty -echo; printf '\033[?2026hhalf'; read x; printf ' whole\033[?2026l'; sleep 1000`)
	must(t, term.WaitFor("half")) // given up on after the limit
	must(t, term.Press("enter"))
	must(t, term.WaitFor("half whole"))
}
