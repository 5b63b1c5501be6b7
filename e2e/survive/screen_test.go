//go:build unix

package survive

import (
	"regexp"
	"strconv"
	"strings"

	"levcontacts/model"
)

// place is what the status line says: the cursor, the rows shown, and how many
// of all contacts are loaded.
type place struct{ at, rows, loaded, total int }

// placeOn reads the status line. It is not there while something is searched.
func placeOn(screen string) (place, bool) {
	m := regexp.MustCompile(`(?m)^ ([\d,]+) of ([\d,]+) · ([\d,]+) of ([\d,]+) loaded`).FindStringSubmatch(screen)
	if m == nil {
		return place{}, false
	}
	var n [4]int
	for i := range n {
		n[i], _ = strconv.Atoi(strings.ReplaceAll(m[i+1], ",", ""))
	}
	return place{n[0], n[1], n[2], n[3]}, true
}

// aged says that the screen tells how old the rows are.
func aged(screen string) bool {
	return regexp.MustCompile(`(?m)^ .* loaded.* · from `).MatchString(screen)
}

// current says that all that is shown was checked.
func current(screen string) bool {
	at, ok := placeOn(screen)
	return ok && at.loaded == at.total && !aged(screen) && !strings.Contains(screen, "OFFLINE")
}

// fieldUnderCursor is the label behind the last sign of a cursor.
func fieldUnderCursor(screen string) (label string) {
	for line := range strings.Lines(screen) {
		_, right, beside := strings.Cut(line, "│")
		if !beside {
			right = line
		}
		if rest, ok := strings.CutPrefix(right, "▌ "); ok {
			label, _, _ = strings.Cut(rest, "  ")
		}
	}
	return strings.TrimSpace(label)
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
