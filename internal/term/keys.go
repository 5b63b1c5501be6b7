//go:build unix

package term

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/vt"
)

// Send types text as it is, without a wait between its characters. An escape
// belongs into [Terminal.Press], which keeps it apart from what follows.
func (t *Terminal) Send(text string) error {
	if err := t.running("type " + fmt.Sprintf("%q", text)); err != nil {
		return err
	}
	t.emu.SendText(text) // writes to the reply pipe only, which needs no lock
	return nil
}

// Press presses keys by name: enter, esc, tab, shift+tab, space, backspace,
// delete, insert, up, down, left, right, pgup, pgdown, home, end, f1 to f12, any
// single character, and ctrl+ or alt+ with a letter. Nothing is pressed when one of
// the names is unknown.
//
// A program that is slow to act on esc may still take the next key together
// with it: when esc has an effect on the screen, wait for that first.
func (t *Terminal) Press(keys ...string) error {
	events := make([]vt.KeyPressEvent, len(keys))
	for i, name := range keys {
		event, ok := keyEvent(name)
		if !ok {
			return fmt.Errorf("press %q: there is no key of that name", name)
		}
		events[i] = event
	}
	if err := t.running("press " + strings.Join(keys, " ")); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, event := range events {
		t.emu.SendKey(event)
	}
	return nil
}

// Paste pastes text, in brackets when the program asked for them.
func (t *Terminal) Paste(text string) error {
	if err := t.running("paste"); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.emu.Paste(text)
	return nil
}

// running is an error when the program has ended.
func (t *Terminal) running(what string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended {
		return fmt.Errorf("%s: %w", what, ErrEnded)
	}
	return nil
}

func keyEvent(name string) (vt.KeyPressEvent, bool) {
	if letter, ok := strings.CutPrefix(name, "ctrl+"); ok && isLetter(letter) {
		return vt.KeyPressEvent{Code: rune(letter[0]), Mod: vt.ModCtrl}, true
	}
	if letter, ok := strings.CutPrefix(name, "alt+"); ok && isLetter(letter) {
		return vt.KeyPressEvent{Code: rune(letter[0]), Mod: vt.ModAlt}, true
	}
	if utf8.RuneCountInString(name) == 1 {
		r, _ := utf8.DecodeRuneInString(name)
		return vt.KeyPressEvent{Code: r}, true
	}
	var f int
	if n, err := fmt.Sscanf(name, "f%d", &f); n == 1 && err == nil && f >= 1 && f <= 12 {
		return vt.KeyPressEvent{Code: vt.KeyF1 + rune(f-1)}, true
	}
	event, ok := map[string]vt.KeyPressEvent{
		"enter":     {Code: vt.KeyEnter},
		"esc":       {Code: vt.KeyEscape},
		"tab":       {Code: vt.KeyTab},
		"shift+tab": {Code: vt.KeyTab, Mod: vt.ModShift},
		"space":     {Code: ' '},
		"backspace": {Code: vt.KeyBackspace},
		"delete":    {Code: vt.KeyDelete},
		"insert":    {Code: vt.KeyInsert},
		"up":        {Code: vt.KeyUp},
		"down":      {Code: vt.KeyDown},
		"left":      {Code: vt.KeyLeft},
		"right":     {Code: vt.KeyRight},
		"pgup":      {Code: vt.KeyPgUp},
		"pgdown":    {Code: vt.KeyPgDown},
		"home":      {Code: vt.KeyHome},
		"end":       {Code: vt.KeyEnd},
	}[name]
	return event, ok
}

func isLetter(s string) bool { return len(s) == 1 && s[0] >= 'a' && s[0] <= 'z' }
