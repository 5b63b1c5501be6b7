package signin

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/ui/widget/input"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
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
	maxKey  = maxKeyBytes + 1
	maxText = 2048
)

// field is one line of text on a page.
type field struct {
	label        string
	first        string // the text before anything was typed
	input        *input.Model
	hidden       bool // shown as asterisks
	checked      bool // left once, or sent: from now on it is checked as it is typed
	joined       bool // a paste had line breaks, which were taken out
	misplacedKey bool // a key was pasted here, and not taken
}

func newFields(baseURL string) [numFields]*field {
	url := plain.Clean(baseURL)
	out := [numFields]*field{
		{label: "Key", hidden: true, input: input.New(maxKey, true)},
		{label: "Service", first: url, input: input.New(maxText, false)},
		{label: "Account", input: input.New(maxText, false)},
	}
	out[fieldURL].input.SetValue(url)
	return out
}

func (f *field) text() string { return f.input.Value() }

// set puts a text into the field; the cursor goes to the end.
func (f *field) set(text string) {
	f.input.SetValue(text)
	f.joined, f.misplacedKey = false, false
	f.checked = f.checked && text != ""
}

// forward passes a key or a paste on, and reports whether the text changed.
func (f *field) forward(msg tea.Msg) bool {
	before := f.text()
	f.input.Update(msg)
	if f.text() == "" {
		f.joined, f.checked = false, false
	}
	f.misplacedKey = f.misplacedKey && f.text() == before
	return f.text() != before
}

// paste takes a paste; one that is the whole of what belongs here replaces what
// was there.
func (f *field) paste(s string, whole func(string) bool) bool {
	line, broken := text.OneLine(s), false
	if f.hidden {
		line, broken = text.JoinLines(s)
	}
	line = strings.TrimSpace(line)
	before := f.text()
	if whole(line) {
		f.set("")
	}
	f.forward(tea.PasteMsg{Content: line})
	f.joined = f.hidden && (f.joined || broken)
	return f.text() != before
}

// draw is the field in exactly w cells.
func (f *field) draw(w int, focused bool, t theme.Theme) string {
	full := plain.Clean(f.text())
	if f.hidden {
		full = strings.Repeat("*", len([]rune(f.text())))
	}
	switch {
	case focused:
		return f.input.View(w, t)
	case full == "":
		return t.Paint(theme.Dim, plain.Fit(t.Glyphs.Empty, w, ""))
	}
	return plain.Fit(full, w, t.Glyphs.Ellipsis)
}
