//go:build unix

package e2e

import (
	"iter"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/internal/term"
)

// A person who holds a key never arrives at rows that are not loaded yet.
func TestHoldingAKeyNeverWaitsForRows(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOptions{
		service: sandbox.Options{Contacts: 10_000, Latency: 200 * time.Millisecond},
		config:  "page_size = 50\nindex = \"off\"\n",
	})
	p := r.open()
	// A wait for a page would show as a cursor at the end of what is loaded.
	const keys, lag = 100, 15
	sent := 0
	for at := range p.hold("j", func(at place) bool { return at.At >= sent-lag }) {
		if sent++; at.At == at.Rows {
			t.Fatalf("after %d keys the cursor stands at the end of the %d rows loaded", sent, at.Loaded)
		}
		if sent == keys {
			break
		}
	}
	p.waitPlace("the cursor on row 101", func(at place) bool { return at.At == keys+1 })
	p.quit()
}

// hold presses a key as a keyboard does that repeats it, and gives what is on
// the screen after each. The next key waits until the screen follows, which is
// long on a machine that does much else.
func (p *person) hold(key string, follows func(place) bool) iter.Seq2[place, string] {
	return func(yield func(place, string) bool) {
		p.t.Helper()
		repeat := time.NewTicker(30 * time.Millisecond)
		defer repeat.Stop()
		for {
			<-repeat.C
			p.press(key)
			var at place
			var screen string
			p.until("the screen to follow the key "+key, func(s string) (shown bool) {
				at, shown = placeOn(s)
				screen = s
				return shown && follows(at)
			})
			if !yield(at, screen) {
				return
			}
		}
	}
}

// Whoever holds the key for the next screen gets through the whole list: every
// page is asked for once, and the screen follows.
func TestHoldingPageDownGoesToTheEnd(t *testing.T) {
	t.Parallel()
	const contacts, pages = 10_000, 50
	r := newRig(t, rigOptions{
		service: sandbox.Options{Contacts: contacts, Latency: 20 * time.Millisecond},
		config:  "page_size = 200\nindex = \"off\"\n",
	})
	p := r.start(term.Options{Cols: 120, Rows: 100})
	p.waitLoaded()
	last, moved, keys := place{At: 1}, time.Now(), 0
	// Keys that come while the cursor stands at the end of what is loaded have no
	// effect, so it cannot be said where a key must lead.
	for at, screen := range p.hold("pgdown", func(place) bool { return true }) {
		keys++
		if at.At < last.At || at.Loaded < last.Loaded || at.At > at.Loaded || strings.Count(screen, "\n▌ ") != 1 {
			t.Fatalf("after %d keys the cursor is at row %d of %d loaded, before at %d of %d:\n%s", keys, at.At, at.Loaded, last.At, last.Loaded, screen)
		}
		if at.At > last.At {
			moved = time.Now()
		}
		if last = at; at.At == contacts {
			break
		}
		if time.Since(moved) > patience {
			t.Fatalf("after %d keys the cursor stays at row %d:\n%s", keys, at.At, screen)
		}
	}
	p.quit()
	asked := map[string]bool{}
	for _, e := range r.requests("list") {
		if asked[e.Query] || e.Status != http.StatusOK {
			t.Errorf("%s was asked for again, or answered with %d", e.Query, e.Status)
		}
		asked[e.Query] = true
	}
	if len(asked) != pages {
		t.Errorf("%d pages were asked for, want %d", len(asked), pages)
	}
}

func TestGoingToTheEndAsksForEveryPageOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		contacts, pages int
		config          string
	}{
		"10000 by 200":   {10_000, 50, "page_size = 200\nindex = \"off\"\n"},
		"1001 by 100":    {1001, 11, "page_size = 100\nindex = \"off\"\n"},
		"1000 by 100":    {1000, 10, "page_size = 100\nindex = \"off\"\n"},
		"1000 automatic": {1000, 6, "index = \"off\"\n"}, // the first page is sized to the screen
		"99 by 200":      {99, 1, "page_size = 200\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, rigOptions{service: sandbox.Options{Contacts: c.contacts, Latency: 10 * time.Millisecond}, config: c.config})
			p := r.open()
			p.press("G")
			p.waitPlace("the last contact", func(at place) bool {
				return at.Loaded == c.contacts && at.Total == c.contacts && at.At == c.contacts
			})
			p.press("g")
			p.waitPlace("the first contact", func(at place) bool { return at.At == 1 })
			if got := len(r.requests("list")); got != c.pages {
				t.Errorf("%d list requests, want %d", got, c.pages)
			}
			p.quit()
		})
	}
}

func TestWhatIsLoadedNeedsNoRequest(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOptions{service: sandbox.Options{Contacts: 10_000}, config: "page_size = 200\nindex = \"off\"\n"})
	p := r.open()
	p.wait("Sarah Chen")
	before := len(r.Service.Requests())
	p.press("j", "j", "j", "k")
	p.waitPlace("row 3", func(at place) bool { return at.At == 3 })
	p.press("enter", "down", "down")
	p.wait("edit field")
	p.press("esc")
	p.wait("enter details")
	for _, size := range [][2]int{{80, 24}, {60, 20}, {120, 40}} {
		must(t, p.Resize(size[0], size[1]))
		p.until("a whole frame", func(screen string) bool {
			return strings.Contains(lastRow(screen), "move") && strings.Count(screen, "\n")+1 == size[1]
		})
	}
	p.press("?")
	p.wait("Help")
	p.press("esc")
	p.gone("Help")
	p.press("/")
	p.send("rosen")
	p.wait("in 200 of 10,000", "Michael Rosen")
	p.press("esc")
	p.waitPlace("row 3 again", func(at place) bool { return at.At == 3 })
	p.press("s")
	p.wait("Sort by")
	p.press("esc")
	p.gone("Sort by")
	p.press("space", "y")
	p.wait("1 marked", "Copy")
	p.press("esc")
	p.gone("Copy")
	for _, one := range r.Service.Requests()[before:] {
		if !strings.Contains(one.Path, "/notes") { // of the contact on which the cursor rests
			t.Errorf("a request was made: %v", one)
		}
	}
	p.quit()
}

func lastRow(screen string) string { return screen[strings.LastIndex(screen, "\n")+1:] }
