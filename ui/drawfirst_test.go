package ui

import (
	"context"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
)

// What was typed is on the screen before the search for it begins, and a search
// that the next letter has overtaken does not keep its command waiting.
func TestTypedTextIsDrawnBeforeItIsSearched(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 120, 40, func(o *Options) { o.DrawFirst = time.Hour })
	s.keys("/")
	_, cmd := s.m.Update(tea.KeyPressMsg{Code: 'c', Text: "c"})
	s.want("/ c", "Priya Raman")
	if s.m.view.shaped {
		t.Error("the search did not wait")
	}
	ended := make(chan tea.Msg, 1)
	go func() { ended <- cmd() }()
	s.m.Update(tea.KeyPressMsg{Code: 'h', Text: "h"})
	s.want("/ ch")
	msg, ok := (<-ended).(computedMsg)
	if !ok {
		t.Fatalf("the search for the first letter ended with %v", msg)
	}
	if s.m.Update(msg); s.m.view.shaped {
		t.Error("the overtaken search is shown")
	}
}

func TestDrawFirst(t *testing.T) {
	t.Parallel()
	cmd := func() tea.Msg { return "done" }
	if got := drawFirst(t.Context(), 0, cmd)(); got != "done" {
		t.Errorf("without a wait: %v", got)
	}
	if got := drawFirst(t.Context(), time.Microsecond, cmd)(); got != "done" {
		t.Errorf("after a wait: %v", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := drawFirst(ctx, time.Hour, cmd)(); got != "done" {
		t.Errorf("no longer wanted: %v", got)
	}
}
