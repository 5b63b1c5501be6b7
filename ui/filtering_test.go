package ui

import (
	"testing"

	"levcontacts/work"
)

// The values to filter by say of how many contacts they were counted, and are
// counted again when more have come.
func TestFacetsSayWhatWasCounted(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(600), 120, 40)
	s.keys("f", "1")
	s.want("▌  lender", " 167 │", "counted in 250 of 600")
	s.run(s.m.fetch(chainFull, work.Screen))
	s.want("▌  lender", " 300 │", "counted in 450 of 600")
	s.run(s.m.fetch(chainFull, work.Screen))
	s.want(" 400 │", "several may be chosen")
	s.wantNot("counted in")
}

func TestASearchSaysWhatIsFiltered(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 120, 40)
	s.keys("f", "1", "enter", "esc", "esc", "/")
	s.typed("chen")
	s.want(" of 60, only lender", "/ chen")
}
