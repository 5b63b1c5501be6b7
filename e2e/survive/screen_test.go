//go:build unix

package survive

import (
	"regexp"
	"strings"

	machine "github.com/levcontacts/levcontacts/e2e/rig"
	"github.com/levcontacts/levcontacts/model"
)

type place = machine.Place

func placeOn(screen string) (place, bool) { return machine.PlaceOn(screen) }

// aged says that the screen tells how old the rows are.
func aged(screen string) bool {
	return regexp.MustCompile(`(?m)^ .* loaded.* · as of `).MatchString(screen)
}

// current says that all that is shown was checked.
func current(screen string) bool {
	at, ok := placeOn(screen)
	return ok && at.Loaded == at.Total && !aged(screen) && !strings.Contains(screen, "OFFLINE")
}

// fieldLine is the line of the form, or of the details, that holds a field.
func fieldLine(screen string, field model.FieldID) string {
	for line := range strings.Lines(screen) {
		if _, right, beside := strings.Cut(line, "│"); beside {
			line = right
		}
		if strings.HasPrefix(strings.TrimLeft(line, "▌ "), field.Def().Label+" ") {
			return line
		}
	}
	return ""
}
