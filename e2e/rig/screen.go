//go:build unix

package rig

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/levcontacts/levcontacts/internal/term"
)

// Place is what the status line says: the cursor, the rows shown, and how many
// of all contacts are loaded.
type Place struct{ At, Rows, Loaded, Total int }

var statusLine = regexp.MustCompile(`(?m)^ ([\d,]+) of ([\d,]+) · ([\d,]+) of ([\d,]+) loaded`)

// PlaceOn reads the status line. It is not there while something is searched.
func PlaceOn(screen string) (Place, bool) {
	m := statusLine.FindStringSubmatch(screen)
	if m == nil {
		return Place{}, false
	}
	var n [4]int
	for i := range n {
		n[i], _ = strconv.Atoi(strings.ReplaceAll(m[i+1], ",", ""))
	}
	return Place{n[0], n[1], n[2], n[3]}, true
}

// FieldUnderCursor is the label behind the last sign of a cursor in a form or in
// the details.
func FieldUnderCursor(screen string) (label string) {
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

// cursorLine is where the cursor of the form or of the details is: its line, and
// its label. What is typed there does not count, it may arrive late; the later rows
// of a list have no label and are told apart by all that they hold.
func cursorLine(screen string) (found string) {
	label := FieldUnderCursor(screen)
	for i, line := range strings.Split(screen, "\n") {
		if strings.Contains(line, "▌ ") {
			found = strconv.Itoa(i) + label
			if label == "" {
				found += line
			}
		}
	}
	return found
}

// ToField moves with a key until the cursor of the form or of the details is on
// a field.
func ToField(t *term.Terminal, label, key string) error {
	for range 60 {
		screen := t.Screen()
		if FieldUnderCursor(screen) == label {
			return nil
		}
		if err := t.Press(key); err != nil {
			return err
		}
		now := cursorLine(screen) // of a list only the first row has a label
		err := t.WaitFunc("the cursor to move on from "+now, func(screen string) bool { return cursorLine(screen) != now })
		if err != nil {
			return err
		}
	}
	return fmt.Errorf("there is no field %s to move to:\n%s", label, t.Screen())
}
