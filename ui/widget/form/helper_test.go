package form

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

func val(s string) model.Value { return model.TextValue(s) }

// sarah is the contact of the published page.
func sarah() model.Contact {
	return model.NewContact(78, map[model.FieldID]model.Value{
		model.FieldType:       val(model.TypeLender),
		model.FieldFirstName:  val("Sarah"),
		model.FieldLastName:   val("Chen"),
		model.FieldTitle:      val("Senior Vice President"),
		model.FieldDepartment: val("Originations"),
		model.FieldEmail:      val("schen@meridiancapital.com"),
		model.FieldLinkedIn:   val("https://linkedin.com/in/sarah-chen-cre"),
		model.FieldAddress:    val("1 Battery Park Plaza"),
		model.FieldCity:       val("New York"),
		model.FieldState:      val("NY"),
		model.FieldZip:        val("10004"),
		model.FieldPrimary:    model.BoolValue(true),
	})
}

func dark() theme.Theme { return theme.Pick("dark", true) }

func editing(c model.Contact, d model.Draft) *Form {
	return sized(New(Options{Title: c.Name(), Base: c, Draft: d, Theme: dark(), Keys: keymap.New(keymap.Shared(), nil)}), 60, 34)
}

func creating(d model.Draft) *Form {
	return sized(New(Options{Title: "New contact", Mode: Create, Draft: d, Theme: dark(), Keys: keymap.New(keymap.Shared(), nil)}),
		60, 34)
}

func bulkEditing(d model.Draft) *Form {
	return sized(New(Options{Title: "Edit 12 contacts", Mode: Bulk, Draft: d, Theme: dark(), Keys: keymap.New(keymap.Shared(), nil)}),
		60, 34)
}

func inlineOf(f model.FieldID, v model.Value) *Form { return inlineWith(f, v, nil) }

func inlineWith(f model.FieldID, v model.Value, d model.Draft) *Form {
	return New(Options{Mode: Single, Field: f, Base: model.NewContact(78, map[model.FieldID]model.Value{f: v}),
		Draft: d, Theme: dark(), Keys: keymap.New(keymap.Shared(), nil)})
}

// value is what is typed into the field with the cursor.
func value(f *Form) string { return f.rows[f.at].value() }

func focused(f *Form, id model.FieldID) *Form { f.Focus(id); return f }
func sized(f *Form, w, h int) *Form           { f.SetSize(w, h); return f }
func themed(f *Form, t theme.Theme) *Form     { f.SetTheme(t); return f }
func frozen(f *Form, on bool) *Form           { f.Freeze(on); return f }
func refusing(f *Form, e *model.Error) *Form  { f.Refuse(e); return f }
func noted(f *Form, lines []string) *Form     { f.SetNotes(lines); return f }

// sheet is a Preview or a ConflictView.
type sheet interface {
	Update(tea.Msg) Intent
	View(w, h int, t theme.Theme) []string
}

// view is what a sheet shows in a usual pane.
func view(s sheet) string { return screenText(s.View(60, 20, dark())) }

// keyPress is the message of a key as Bubble Tea names it.
func keyPress(name string) tea.KeyPressMsg {
	named := map[string]tea.KeyPressMsg{
		"tab": {Code: tea.KeyTab}, "shift+tab": {Code: tea.KeyTab, Mod: tea.ModShift}, "enter": {Code: tea.KeyEnter},
		"esc": {Code: tea.KeyEscape},
		"up":  {Code: tea.KeyUp}, "down": {Code: tea.KeyDown}, "left": {Code: tea.KeyLeft},
		"right": {Code: tea.KeyRight},
		"home":  {Code: tea.KeyHome}, "end": {Code: tea.KeyEnd}, "backspace": {Code: tea.KeyBackspace},
		"delete": {Code: tea.KeyDelete},
		"pgdown": {Code: tea.KeyPgDown}, "pgup": {Code: tea.KeyPgUp}, "space": {Code: tea.KeySpace, Text: " "},
	}
	if k, ok := named[name]; ok {
		return k
	}
	if c, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: []rune(c)[0], Mod: tea.ModCtrl}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

// give gives a message to any of the components.
func give(c any, msg tea.Msg) (intent Intent) {
	switch c := c.(type) {
	case *Form:
		_, intent = c.Update(msg)
	case sheet:
		intent = c.Update(msg)
	}
	return intent
}

// press gives keys and says what the last one asked.
func press[T any](c T, keys ...string) (T, Intent) {
	intent := None
	for _, k := range keys {
		intent = give(c, keyPress(k))
	}
	return c, intent
}

// typing gives text key by key.
func typing[T any](c T, s string) T {
	for _, r := range s {
		give(c, tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	return c
}

func paste[T any](c T, s string) (T, Intent) { return c, give(c, tea.PasteMsg{Content: s}) }

// picture is what a person sees, each line closed so that its width shows.
func picture(lines []string, c *tea.Cursor) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(ansi.Strip(l) + "|\n")
	}
	if c != nil {
		fmt.Fprintf(&b, "cursor %d,%d\n", c.X, c.Y)
	}
	return b.String()
}

// checkFrame fails unless there are h lines of w cells in which nothing but
// colours reaches the terminal.
func checkFrame(t *testing.T, name string, lines []string, w, h int) {
	t.Helper()
	if len(lines) != h {
		t.Fatalf("%s: %d lines instead of %d", name, len(lines), h)
	}
	for i, l := range lines {
		bare := withoutColours(l)
		if got := plain.Width(bare); got != w {
			t.Errorf("%s: line %d has %d cells instead of %d: %q", name, i, got, w, bare)
		}
		if plain.Clean(bare) != bare {
			t.Errorf("%s: line %d holds what must not reach a terminal: %q", name, i, bare)
		}
	}
}

// withoutColours takes SGR sequences away and nothing else.
func withoutColours(s string) string {
	parts := strings.Split(s, "\x1b[")
	for i, p := range parts[1:] {
		rest, ok := strings.CutPrefix(strings.TrimLeft(p, "0123456789;"), "m")
		if !ok {
			rest = "\x1b[" + p
		}
		parts[i+1] = rest
	}
	return strings.Join(parts, "")
}

func checkDraft(t *testing.T, got model.Draft, want model.Draft) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("draft is %q, want %q", got, want)
	}
}

// screenText is all lines without colours.
func screenText(lines []string) string { return ansi.Strip(strings.Join(lines, "\n")) }

// hostile are values that try to drive a terminal or to break a layout.
func hostile() []string {
	return []string{
		"", " ", "Dana\x1b[31m Reyes", "\x1b]52;c;aGk=\x07x", "\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\",
		"\x1bP0;1|17/ab\x1b\\dcs",
		"a\u009b31mb", "left\u202eright", "two\nlines\rand\ttabs", "zero\u200bwidth\ufeff", "日本語の名前は長いです",
		"👩\u200d👩\u200d👧 family ❤\ufe0f 👍🏽",
		"é e\u0301 o" + strings.Repeat("\u0301", 30), string([]byte{'b', 0xff, 0xfe, 'd'}),
		"del\x7f bell\a null\x00", "\ue000private", "\u2028sep\u2029",
		"🇩🇪🇫🇷🇩", "กำลังทดสอบ नमस्ते", strings.Repeat("x", 400), strings.Repeat("語", 150),
		"https://linkedin.com/in/" + strings.Repeat("very-long-", 30),
		"\ufffd\ufffd", "\u200b", "=HYPERLINK(\"x\")", "|─│\\", "\"quoted\" \\u0041",
	}
}
