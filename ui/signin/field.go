package signin

import (
	"strings"
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"
	"github.com/charmbracelet/x/ansi"

	"levcontacts/internal/plain"
	"levcontacts/ui/widget/theme"
)

// fieldID names a field of the page on which an account is connected.
type fieldID uint8

const (
	fieldKey fieldID = iota
	fieldURL
	fieldAccount
	numFields int = iota
)

// The most characters that a field takes; the key's is more than the longest
// key, so that a longer one is noticed.
const (
	mostKey  = longestKey + 1
	mostText = 2048
)

// field is one line of text in a huh.Input.
type field struct {
	label   string
	first   string // the text before anything was typed
	held    string // bound to the input
	input   *huh.Input
	hidden  bool // shown as asterisks
	focused bool
	checked bool // left once, or sent: from now on it is checked as it is typed
	joined  bool // a paste had line breaks, which were taken out
	strayed bool // a key was pasted here, and not taken
	w       int
}

func newFields(lk *look, baseURL string) [numFields]*field {
	var out [numFields]*field
	for i := range out {
		f := &field{label: [numFields]string{"Key", "Service", "Account"}[i]}
		f.input = huh.NewInput().Prompt("").CharLimit(mostText)
		switch fieldID(i) {
		case fieldKey:
			f.hidden = true
			f.input.EchoMode(huh.EchoModePassword).CharLimit(mostKey)
		case fieldURL:
			f.first = plain.Clean(baseURL)
		}
		f.held = f.first
		f.input.Value(&f.held)
		f.input.WithTheme(lk).WithKeyMap(&huh.KeyMap{})
		out[i] = f
	}
	out[fieldKey].focus()
	return out
}

func (f *field) focus() {
	f.focused = true
	f.input.Focus() // its command makes a cursor blink, and ours does not
}

func (f *field) blur() {
	f.focused = false
	f.input.Blur()
}

// set puts a text into the field; the cursor goes to its end.
func (f *field) set(text string) {
	f.held = ""
	f.input.Value(&f.held) // first, so that the cursor goes to the end
	f.held = text
	f.input.Value(&f.held)
	f.joined, f.strayed = false, false
	f.checked = f.checked && text != ""
}

// give passes a key or a paste on, and says whether the text changed.
func (f *field) give(msg tea.Msg) bool {
	before := f.held
	f.input.Update(msg) // what it asks for is to blink and to go on, both not its business here
	if f.held == "" {
		f.joined, f.checked = false, false
	}
	changed := f.held != before
	if changed {
		f.strayed = false
	}
	return changed
}

// paste takes a paste; one that is the whole of what belongs here replaces what
// was there. The key's has its line breaks taken out: long tokens are broken
// over lines by what they are copied from.
func (f *field) paste(s string, whole func(string) bool) bool {
	text, breaks := onOneLine(s, f.hidden)
	before := f.held
	if whole(text) {
		f.set("")
	}
	f.give(tea.PasteMsg{Content: text})
	f.joined = f.hidden && (f.joined || breaks)
	return f.held != before
}

// onOneLine is a paste without line breaks and without what could drive a
// terminal or turn text around.
func onOneLine(s string, join bool) (text string, breaks bool) {
	s = strings.TrimSpace(ansi.Strip(strings.ToValidUTF8(s, "")))
	lines := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("\n\r\v\f\u0085\u2028\u2029", r) })
	for i, l := range lines {
		lines[i] = strings.TrimSpace(l)
	}
	glue := " "
	if join {
		glue = ""
	}
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case r == utf8.RuneError || unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, strings.Join(lines, glue))
	return text, len(lines) > 1
}

// setWidth gives the input its cells.
func (f *field) setWidth(w int) {
	if w = max(1, w); w != f.w {
		f.w = w
		f.input.WithWidth(w)
		f.input.Update(nil) // scrolls to where its cursor is
	}
}

// cursorMark begins the cell that bubbles draws as the cursor. Text inputs have
// no other style here, and no text in them can hold an escape character.
const cursorMark = "\x1b[7m"

// draw is the field in exactly w cells and the cell of the cursor. Neither huh
// nor bubbles tells where the cursor is, so it is read from what they draw.
func (f *field) draw(w int, t theme.Theme) (string, int) {
	full := plain.Clean(f.held)
	if f.hidden {
		full = strings.Repeat("*", utf8.RuneCountInString(f.held))
	}
	switch {
	case !f.focused && full == "":
		return t.Paint(theme.Dim, plain.Fit(t.Glyphs.Empty, w, "")), 0
	case !f.focused:
		return plain.Fit(full, w, t.Glyphs.Ellipsis), 0
	}
	f.setWidth(w)
	drawn, _, _ := strings.Cut(f.input.View(), "\n")
	before, _, _ := strings.Cut(drawn, cursorMark)
	shown := strings.TrimRight(plain.Clean(drawn), " ")
	x := min(plain.Width(plain.Clean(before)), max(0, w-1))
	if sign := t.Glyphs.Ellipsis; w > 8 && !f.hidden {
		if !strings.HasPrefix(full, shown) && x > 0 {
			shown = sign + ansi.Cut(shown, 1, w)
		}
		if !strings.HasSuffix(full, strings.TrimPrefix(shown, sign)) && plain.Width(shown) >= w-1 {
			shown = plain.Fit(ansi.Cut(shown, 0, w-1), w-1, "") + sign
		}
	}
	return t.Paint(theme.Input, plain.Fit(shown, w, "")), x
}
