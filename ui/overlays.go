package ui

import (
	"slices"

	"levcontacts/ui/screen"
)

// overlays are what lies over the screen, the last one on top.
type overlays struct {
	open  []screen.Overlay
	later []screen.Overlay // wait until nothing takes the keys
}

// top is the overlay that takes the keys, nil for none.
func (o *overlays) top() screen.Overlay {
	if n := len(o.open); n > 0 {
		return o.open[n-1]
	}
	return nil
}

// push opens an overlay, now or as soon as nothing takes the keys.
func (o *overlays) push(e screen.Open, covered bool) {
	switch {
	case e.When == screen.Now || !covered:
		o.open = append(o.open, e.Overlay)
	case e.When == screen.WhenFree:
		o.later = append(o.later, e.Overlay)
	}
}

// free opens the next overlay that waits, when nothing takes the keys.
func (o *overlays) free(covered bool) {
	if len(o.later) > 0 && !covered {
		o.open, o.later = append(o.open, o.later[0]), o.later[1:]
	}
}

// close removes an overlay, wherever it is.
func (o *overlays) close(gone screen.Overlay) {
	is := func(other screen.Overlay) bool { return other == gone }
	o.open, o.later = slices.DeleteFunc(o.open, is), slices.DeleteFunc(o.later, is)
}
