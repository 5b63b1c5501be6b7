package ui

import (
	"slices"

	"github.com/levcontacts/levcontacts/ui/screen"
)

// overlays are what lies over the screen, the last one on top.
type overlays struct {
	open  []screen.Overlay
	later []screen.Open // wait until nothing takes the keys
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
	case e.When == screen.WhenFree:
		o.later = append(o.later, e)
	case e.When == screen.Now || !covered:
		o.open = append(o.open, e.Overlay)
	}
}

// free opens the next overlay that waits for what is free now.
func (o *overlays) free(covers func(over string) bool) {
	for i, e := range o.later {
		if !covers(e.Over) {
			o.open, o.later = append(o.open, e.Overlay), slices.Delete(o.later, i, i+1)
			return
		}
	}
}

// close removes an overlay, wherever it is.
func (o *overlays) close(gone screen.Overlay) {
	o.open = slices.DeleteFunc(o.open, func(other screen.Overlay) bool { return other == gone })
	o.later = slices.DeleteFunc(o.later, func(e screen.Open) bool { return e.Overlay == gone })
}

// ended removes what an edit has not asked yet.
func (o *overlays) ended(edit string) {
	o.later = slices.DeleteFunc(o.later, func(e screen.Open) bool { return e.Over == edit })
}
