package ui

import (
	"errors"
	"testing"
)

func TestMarkedContactsAreExported(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	s := start(t, f, 120, 40)
	s.keys("W")
	s.want("nothing is marked; space marks a contact")
	s.keys("space", "j", "j", "space", "W")
	s.want("2 contacts written to /home/jo/a.csv and a.json")
	if len(f.exported) != 2 || f.exported[0].ID() != f.contacts[0].ID() {
		t.Errorf("%d contacts were written", len(f.exported))
	}
	f.refuse["export"] = errors.New("the disk is full")
	s.keys("W")
	s.want("could not be written: the disk is full")
}
