package keymap

import (
	"unicode"

	tea "charm.land/bubbletea/v2"
)

// Usual is a key press as every terminal tells it. Terminals with a key
// protocol tell ctrl+[ from esc, and others do not; it is the same key to the
// person.
func Usual(msg tea.KeyPressMsg) tea.KeyPressMsg {
	if baseOf(msg) == 0 {
		msg.BaseCode = 0 // the library would name the key by it: q for the a of a French keyboard
	}
	if msg.Mod != tea.ModCtrl {
		return msg
	}
	switch msg.Code {
	case '[':
		return tea.KeyPressMsg{Code: tea.KeyEscape}
	case 'm':
		return tea.KeyPressMsg{Code: tea.KeyEnter}
	case 'i':
		return tea.KeyPressMsg{Code: tea.KeyTab}
	}
	if base := baseOf(msg); base != 0 {
		return tea.KeyPressMsg{Code: base, Mod: msg.Mod}
	}
	return msg
}

// OnLatin is the press of the key that a person with another layout meant: the
// key in the same place of a Latin keyboard. ok is false for a key that is
// Latin already. It must not be used where text is typed.
func OnLatin(msg tea.KeyPressMsg) (latin tea.KeyPressMsg, ok bool) {
	if msg.Mod&^tea.ModShift != 0 {
		return msg, false
	}
	r := msg.Code
	if msg.Text != "" {
		r = []rune(msg.Text)[0]
	}
	upper := unicode.IsUpper(r) || msg.Mod&tea.ModShift != 0
	base := baseOf(msg)
	if base == 0 {
		base = latinOf(unicode.ToLower(r))
	}
	if base == 0 {
		return msg, false
	}
	if upper {
		base = unicode.ToUpper(base)
	}
	return tea.KeyPressMsg{Code: base, Text: string(base)}, true
}

// baseOf is the Latin key that the terminal names for a key that is not Latin,
// 0 for none.
func baseOf(msg tea.KeyPressMsg) rune {
	if msg.Code <= unicode.MaxASCII || !unicode.IsLetter(msg.Code) || msg.BaseCode > unicode.MaxASCII {
		return 0
	}
	return msg.BaseCode
}

// layouts are keyboards whose letters are not Latin, each as what its keys send
// and what the same keys send on a Latin one.
var layouts = [...][2]string{
	{"йцукенгшщзхъфывапролджэячсмитьбюё", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"}, // Russian
	{"іїєґ", "s]'`"}, // Ukrainian, where it differs
	{"ςερτυθιοπασδφγηξκλζχψωβνμ", "wertyuiopasdfghjklzxcvbnm"},     // Greek
	{"קראטוןםפשדגכעיחלךףזסבהנמצתץ", "ertyuiopasdfghjkl;zxcvbnm,."}, // Hebrew
}

// latinOf is the Latin key in the place of a lower-case letter, 0 for none.
func latinOf(r rune) rune {
	for _, l := range layouts {
		to := []rune(l[1])
		for i, from := range []rune(l[0]) {
			if from == r {
				return to[i]
			}
		}
	}
	return 0
}
