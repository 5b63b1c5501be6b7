package ui

import (
	"testing"

	"github.com/levcontacts/levcontacts/ui/screen"
)

// The terminal is told how far something is whose end is known.
func TestTheTerminalsOwnProgress(t *testing.T) {
	t.Parallel()
	if bar := progressBar(screen.Activity{}, screen.Activity{Rank: screen.RankLoading}); bar != nil {
		t.Errorf("a bar of nothing: %+v", bar)
	}
	if bar := progressBar(screen.Activity{}, screen.Activity{Done: 321, All: 1284}); bar == nil || bar.Value != 25 {
		t.Errorf("%+v", bar)
	}
	f := newFake(300)
	s := start(t, f, 120, 40)
	if s.a.View().ProgressBar != nil {
		t.Error("a bar although nothing goes on")
	}
}
