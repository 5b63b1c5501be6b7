package text

import (
	"testing"

	tea "charm.land/bubbletea/v2"
)

func TestHistoryIsBounded(t *testing.T) {
	t.Parallel()
	var h History
	for range 10 * maxSteps {
		h.Changed("a", tea.PasteMsg{})
	}
	n := 0
	for _, ok := h.Back(); ok; _, ok = h.Back() {
		n++
	}
	if n != maxSteps {
		t.Errorf("%d steps are kept", n)
	}
}
