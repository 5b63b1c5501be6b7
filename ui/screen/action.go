package screen

import (
	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/ui/widget/keymap"
)

// Bound is an action of a screen with what it does.
type Bound[M any] struct {
	keymap.Action
	Do func(M) (tea.Cmd, []Event)
}

// Metadata is a table of actions without what they do: for the footer, the
// help, the README and the configuration.
func Metadata[M any](table []Bound[M]) []keymap.Action {
	out := make([]keymap.Action, len(table))
	for i, b := range table {
		out[i] = b.Action
	}
	return out
}

// Lookup finds the action with a name.
func Lookup[M any](table []Bound[M], n keymap.Name) (Bound[M], bool) {
	for _, b := range table {
		if b.Name == n {
			return b, true
		}
	}
	return Bound[M]{}, false
}
