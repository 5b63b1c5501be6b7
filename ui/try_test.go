package ui

import "testing"

func TestTry(t *testing.T) {
	s := start(t, newFake(1284), 120, 40)
	t.Log("\n" + s.screen())
	s.keys("j", "j", "enter", "j", "j", "enter")
	s.typed("x")
	t.Log("\n" + s.screen())
	s.keys("esc", "esc", "e")
	t.Log("\n" + s.screen())
}
