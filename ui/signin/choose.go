package signin

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"
	"github.com/charmbracelet/x/ansi"

	"levcontacts/internal/plain"
	"levcontacts/ui/widget/keymap"
)

// choice is one line of a chooser.
type choice[T comparable] struct {
	value T
	text  string
	hint  string // what it means, shown while the cursor is on it
}

// chooser is a list of choices in a huh.Select.
type chooser[T comparable] struct {
	choices []choice[T]
	held    T
	field   *huh.Select[T]
	w       int
	tail    string
}

func newChooser[T comparable](lk *look, keys keymap.Map, choices []choice[T]) *chooser[T] {
	c := &chooser[T]{choices: choices, held: choices[0].value, field: huh.NewSelect[T]()}
	c.field.Value(&c.held)
	c.field.WithTheme(lk).WithKeyMap(huhKeys(keys))
	c.field.Focus()
	c.setWidth(80, "")
	return c
}

// setWidth cuts the choices so that each is one line, ending in tail when
// something was cut.
func (c *chooser[T]) setWidth(w int, tail string) {
	if c.w == w && c.tail == tail {
		return
	}
	c.w, c.tail = w, tail
	var options []huh.Option[T]
	for _, ch := range c.choices {
		options = append(options, huh.NewOption(plain.Cut(ch.text, max(1, w-2), tail), ch.value))
	}
	c.field.Options(options...)
	c.field.WithWidth(max(3, w))
	c.field.Height(len(options))
}

// update gives a key to the field. What is chosen is what the cursor is on:
// huh does not take it over when it goes to the last choice at once.
func (c *chooser[T]) update(msg tea.KeyPressMsg) {
	c.field.Update(msg)
	if v, ok := c.field.Hovered(); ok {
		c.held = v
	}
}

// lines are the choices as huh draws them, and which one has the cursor.
func (c *chooser[T]) lines(w int, tail string) (rows []string, at int) {
	c.setWidth(w, tail)
	for i, l := range strings.Split(c.field.View(), "\n") {
		rows = append(rows, ansi.Truncate(strings.TrimRight(l, " "), w, ""))
		if i < len(c.choices) && c.choices[i].value == c.held {
			at = i
		}
	}
	return rows, at
}

// question is a yes or no in a huh.Confirm; no as long as nobody says yes.
type question struct {
	yes   bool
	field *huh.Confirm
}

func newQuestion(lk *look, keys keymap.Map) *question {
	q := &question{field: huh.NewConfirm().Affirmative("yes").Negative("no")}
	q.field.Value(&q.yes)
	q.field.WithTheme(lk).WithKeyMap(huhKeys(keys))
	q.field.Focus()
	return q
}

func startChoices() []choice[Choice] {
	return []choice[Choice]{
		{Demo, "Look around with sample data", "Made-up contacts on this machine: no key, no network, nothing left behind."},
		{Connected, "Connect an account", "With an API key or a session token of Lev. It is tried first, and kept only where you say."},
		{Quit, "Quit", "Nothing was changed on this machine."},
	}
}

// placeChoices leaves the keyring out where there is none; the page says why.
func placeChoices(keyring bool) []choice[Where] {
	out := []choice[Where]{
		{Keyring, "In the system keyring", "Locked by your system and opened with your login. The next start opens your contacts at once."},
		{File, "In a file that only you can read", "As plain text on this disk. You are asked once more before it is written."},
		{ThisRun, "Nowhere, only for this run", "The key is not written anywhere. The next start asks for it again."},
	}
	if !keyring {
		return out[1:]
	}
	return out
}
