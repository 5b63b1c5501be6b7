package form

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"levcontacts/internal/plain"
	"levcontacts/model"
	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/theme"
)

func text(s string) model.Value { return model.TextValue(s) }

// sarah is the contact of the published page.
func sarah() model.Contact {
	return model.NewContact(78, map[model.FieldID]model.Value{
		model.FieldType:       text(model.TypeLender),
		model.FieldFirstName:  text("Sarah"),
		model.FieldLastName:   text("Chen"),
		model.FieldTitle:      text("Senior Vice President"),
		model.FieldDepartment: text("Originations"),
		model.FieldEmail:      text("schen@meridiancapital.com"),
		model.FieldLinkedIn:   text("https://linkedin.com/in/sarah-chen-cre"),
		model.FieldAddress:    text("1 Battery Park Plaza"),
		model.FieldCity:       text("New York"),
		model.FieldState:      text("NY"),
		model.FieldZip:        text("10004"),
		model.FieldPrimary:    model.BoolValue(true),
	})
}

func dark() theme.Theme { return theme.Pick("dark", true) }

func editing(c model.Contact, d model.Draft) Form {
	return New(Options{Title: c.Name(), Base: c, Draft: d, Theme: dark(), Keys: keymap.New(nil)}).SetSize(60, 34)
}

func creating(d model.Draft) Form {
	return New(Options{Title: "New contact", Mode: Create, Draft: d, Theme: dark(), Keys: keymap.New(nil)}).SetSize(60, 34)
}

func bulkEditing(d model.Draft) Form {
	return New(Options{Title: "Edit 12 contacts", Mode: Bulk, Draft: d, Theme: dark(), Keys: keymap.New(nil)}).SetSize(60, 34)
}

func inlineOf(f model.FieldID, v model.Value) Inline {
	return NewInline(InlineOptions{Field: f, Base: v, Theme: dark(), Keys: keymap.New(nil)})
}

// keyPress is the message of a key as Bubble Tea names it.
func keyPress(name string) tea.KeyPressMsg {
	named := map[string]tea.KeyPressMsg{
		"tab": {Code: tea.KeyTab}, "shift+tab": {Code: tea.KeyTab, Mod: tea.ModShift}, "enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape},
		"up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown}, "left": {Code: tea.KeyLeft}, "right": {Code: tea.KeyRight},
		"home": {Code: tea.KeyHome}, "end": {Code: tea.KeyEnd}, "backspace": {Code: tea.KeyBackspace}, "delete": {Code: tea.KeyDelete},
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

// updater is any of the components.
type updater[T any] interface {
	Update(tea.Msg) (T, tea.Cmd, Intent)
}

// press gives keys and says what the last one asked.
func press[T updater[T]](c T, keys ...string) (T, Intent) {
	intent := None
	for _, k := range keys {
		c, _, intent = c.Update(keyPress(k))
	}
	return c, intent
}

// typing gives text key by key.
func typing[T updater[T]](c T, s string) T {
	for _, r := range s {
		c, _, _ = c.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	return c
}

func paste[T updater[T]](c T, s string) (T, Intent) {
	c, _, intent := c.Update(tea.PasteMsg{Content: s})
	return c, intent
}

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
		if got := ansi.StringWidth(bare); got != w {
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
		"", " ", "Dana\x1b[31m Reyes", "\x1b]52;c;aGk=\x07x", "\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\", "\x1bP0;1|17/ab\x1b\\dcs",
		"a\u009b31mb", "left\u202eright", "two\nlines\rand\ttabs", "zero\u200bwidth\ufeff", "日本語の名前は長いです", "👩\u200d👩\u200d👧 family ❤\ufe0f 👍🏽",
		"é e\u0301 o" + strings.Repeat("\u0301", 30), string([]byte{'b', 0xff, 0xfe, 'd'}), "del\x7f bell\a null\x00", "\ue000private", "\u2028sep\u2029",
		"🇩🇪🇫🇷🇩", "กำลังทดสอบ नमस्ते", strings.Repeat("x", 400), strings.Repeat("語", 150), "https://linkedin.com/in/" + strings.Repeat("very-long-", 30),
		"\ufffd\ufffd", "\u200b", "=HYPERLINK(\"x\")", "|─│\\", "\"quoted\" \\u0041",
	}
}
