package main

import "testing"

// Floors of what a search finds in 1,284 contacts. The table of the tool has the
// same figures for the engine before and for fzf.
const (
	leastHolds   = 0.99 // of the direct hits, those that hold what was typed
	leastInThree = 0.98 // of the queries, those with a person sought among the first three
	leastMistake = 0.95 // the same with one letter wrong
	leastFirst   = 0.94
)

func TestSearchFindsPeople(t *testing.T) {
	t.Parallel()
	snap, list, err := people(1284)
	if err != nil {
		t.Fatal(err)
	}
	qs := queries(list, 42)
	if len(qs) < 400 {
		t.Fatalf("only %d queries", len(qs))
	}
	table := measure(engine{"levcontacts", newEngine(snap), 1}, qs, list)
	for _, kind := range append(kinds(), all) {
		f := table[kind]
		inThree, first, least := share(f.three, f.n), share(f.first, f.n), leastInThree
		switch kind {
		case kindMistake:
			least = leastMistake
		case kindPlace, kindInitial:
			least = leastMistake // a word of both stands in many names
		}
		if holds := f.precision / float64(max(1, f.withHits)); holds < leastHolds && f.withHits > 0 {
			t.Errorf("%s: %.3f of the direct hits hold what was typed, want %.2f", kind, holds, leastHolds)
		}
		if inThree < least || first < leastFirst {
			t.Errorf("%s: %.3f first, %.3f among the first three, want %.2f and %.2f", kind, first, inThree, leastFirst, least)
		}
	}
}

func share(n, of int) float64 { return float64(n) / float64(of) }

func TestBaselineIsWhatItWas(t *testing.T) {
	t.Parallel()
	snap, list, err := people(200)
	if err != nil {
		t.Fatal(err)
	}
	qs := queries(list, 4)
	for _, e := range []engine{{"before", direct(newBaseline(snap).search), 1}, {"fzf", direct(newFzf(snap).search), 1}} {
		table := measure(e, qs, list)
		if f := table[kindFull]; share(f.ten, f.n) < 0.9 {
			t.Errorf("%s finds %d of %d people by their names: it is wired wrongly", e.name, f.ten, f.n)
		}
		if f := table[all]; f.precision/float64(f.withHits) > 0.95 {
			t.Errorf("%s finds only what holds the words: it is no baseline", e.name)
		}
	}
}
