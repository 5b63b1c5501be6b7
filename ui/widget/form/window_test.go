package form

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
)

// TestCursorStandsOnItsCharacter walks through texts of wide, combined and plain
// characters in inputs of every width: the terminal's cursor must be on the cell
// where the character that the next key would change is drawn.
func TestCursorStandsOnItsCharacter(t *testing.T) {
	t.Parallel()
	texts := []string{"Sarah", "日本語", "日本語abc日本語",
		"https://linkedin.com/in/sarah-chen-cre-and-a-long-path-behind-it-all", "aé日b語c" + strings.Repeat("長い", 20),
		"ｶﾅ kana"}
	for _, s := range texts {
		for _, w := range []int{1, 2, 3, 4, 5, 8, 13, 30, 80} {
			e := inlineOf(model.FieldTitle, val(s))
			e.Lines(w, w)
			runes := []rune(s)
			walk := make([]string, 0, 2*len(runes))
			for range runes {
				walk = append(walk, "left")
			}
			for range runes {
				walk = append(walk, "right")
			}
			pos := len(runes)
			for _, k := range walk {
				e, _ = press(e, k)
				if k == "left" {
					pos--
				} else {
					pos++
				}
				checkCursorCell(t, e, runes, pos, w)
			}
		}
	}
}

func checkCursorCell(t *testing.T, e *Form, runes []rune, pos, w int) {
	t.Helper()
	line := ansi.Strip(e.Lines(w, w)[0])
	if plain.Width(line) != w {
		t.Fatalf("%q at %d in %d cells: line %q has %d", string(runes), pos, w, line, plain.Width(line))
	}
	c := e.Cursor()
	if c == nil || c.X < 0 || c.X >= w || c.Y != 0 {
		t.Fatalf("%q at %d in %d cells: cursor %v", string(runes), pos, w, c)
	}
	want := " "
	if pos < len(runes) {
		want = string(runes[pos])
	}
	if plain.Width(want) > w || w < 4 && plain.Width(want) > 1 {
		return // there is no room to show it
	}
	if got := plain.Slice(line, c.X, c.X+plain.Width(want)); got != want {
		t.Fatalf("%q at %d in %d cells: cursor is on %q instead of %q in %q", string(runes), pos, w, got, want, line)
	}
}

func TestFormCursorIsInThePane(t *testing.T) {
	t.Parallel()
	f := focused(editing(sarah().With(model.FieldLastName, val("日本語")), nil), model.FieldLastName)
	c := f.Cursor()
	if c == nil || c.X != 15+6 || !strings.Contains(ansi.Strip(f.View()[c.Y]), "Last name") {
		t.Fatalf("cursor is at %v in\n%s", c, picture(f.View(), nil))
	}
	f, _ = press(f, "left")
	if c = f.Cursor(); c.X != 15+4 {
		t.Errorf("one wide character back the cursor is at %d", c.X)
	}
	if c = focused(f, model.FieldType).Cursor(); c != nil {
		t.Errorf("a choice has a cursor at %v", c)
	}
	if c = frozen(focused(f, model.FieldLastName), true).Cursor(); c != nil {
		t.Errorf("a frozen form has a cursor at %v", c)
	}
}
