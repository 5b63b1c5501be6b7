package ui

import (
	"errors"
	"strings"
	"testing"
)

// Marked contacts are edited as a table: what was changed in the file is shown
// and sent as a bulk edit.
func TestTableInTheEditor(t *testing.T) {
	t.Parallel()
	f := newFake(30)
	s := start(t, f, 120, 40)
	s.keys("ctrl+g")
	s.want("nothing is marked; space marks a contact")

	// Nothing changed: nothing is sent, and the file is gone.
	s.keys("space", "space", "ctrl+g")
	s.want("Nothing was changed in the table, so nothing is sent")
	if len(f.tables) != 0 {
		t.Errorf("there are files: %v", f.tables)
	}

	// A broken line is named, and the file is kept until it can be read.
	f.typed = func(text string) string {
		lines := strings.Split(strings.TrimSpace(text), "\n")
		lines[len(lines)-1] += " | more"
		return strings.Join(lines, "\n")
	}
	s.keys("ctrl+g")
	s.want("1 line of the table cannot be read", "line 5: ", "/home/jo/table.txt")
	f.typed = func(text string) string {
		return strings.Replace(strings.TrimSuffix(text, " | more"), "lender", "sponsor", 1)
	}
	s.keys("enter")
	s.want("Change 1 contact", "The table is in /home/jo/table.txt", "sponsor")

	// Leaving keeps it, sending removes it.
	s.keys("esc")
	s.want("The changes are not sent")
	s.keys("l")
	s.want("Nothing was sent; the table is in /home/jo/table.txt")
	if len(f.tables) != 1 {
		t.Errorf("the file is gone: %v", f.tables)
	}
	f.typed = func(text string) string { return strings.Replace(text, "lender", "sponsor", 1) }
	s.keys("ctrl+g", "enter")
	s.want("Bulk edit done")
	if len(f.tables) != 0 {
		t.Errorf("the file is still there: %v", f.tables)
	}

	// An editor that fails leaves the file, and nothing is sent.
	f.Refuse = map[string]error{"edit": errors.New("editor vi: exit status 1")}
	s.keys("ctrl+x", "space", "ctrl+g")
	s.want("Editor vi: exit status 1. Nothing was sent; the table is in /home/jo/table.txt")
}
