package text

import tea "charm.land/bubbletea/v2"

// History is what a line of typed text held before its last changes. A run of
// typed characters is one change.
type History struct{ past []step }

type step struct {
	text  string
	typed bool // it was changed by typing a character
}

// maxSteps is how many changes can be taken back.
const maxSteps = 100

// IsUndo reports whether a message is the key that takes the last change back.
func IsUndo(msg tea.Msg) bool {
	k, ok := msg.(tea.KeyPressMsg)
	return ok && (k.String() == "ctrl+_" || k.String() == "ctrl+/")
}

// Changed notes the text before a message changed it.
func (h *History) Changed(before string, by tea.Msg) {
	k, isKey := by.(tea.KeyPressMsg)
	typed := isKey && k.Text != ""
	if n := len(h.past); n > 0 && typed && h.past[n-1].typed {
		return
	}
	h.past = append(h.past, step{before, typed})
	h.past = h.past[max(0, len(h.past)-maxSteps):]
}

// Back is the text before the last change that was not taken back yet; ok is
// false when there is none.
func (h *History) Back() (before string, ok bool) {
	n := len(h.past)
	if n == 0 {
		return "", false
	}
	before = h.past[n-1].text
	h.past = h.past[:n-1]
	return before, true
}
