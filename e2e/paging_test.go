//go:build unix

package e2e

import (
	"strings"
	"testing"
	"time"

	"levcontacts/api/sandbox"
)

// A person who holds a key never arrives at rows that are not loaded yet.
func TestHoldingAKeyNeverWaitsForRows(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOptions{
		service: sandbox.Options{Contacts: 10_000, Latency: 200 * time.Millisecond},
		config:  "page_size = 50\nindex = \"off\"\n",
	})
	p := r.open()
	// A wait for a page would show as a cursor at the end of what is loaded; the
	// lag allowed for is that of a busy machine.
	const keys, lag = 100, 45
	second := time.NewTicker(time.Second / 30)
	defer second.Stop()
	for sent := 1; sent <= keys; sent++ {
		<-second.C
		p.press("j")
		at, ok := placeOn(p.Screen())
		if !ok || at.at < sent-lag {
			t.Fatalf("after %d keys the cursor is at row %d:\n%s", sent, at.at, p.Screen())
		}
		if at.at == at.rows {
			t.Fatalf("after %d keys the cursor stands at the end of the %d rows loaded", sent, at.loaded)
		}
	}
	p.waitPlace("the cursor on row 101", func(at place) bool { return at.at == keys+1 })
	p.quit()
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
				return at.loaded == c.contacts && at.total == c.contacts && at.at == c.contacts
			})
			p.press("g")
			p.waitPlace("the first contact", func(at place) bool { return at.at == 1 })
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
	before := len(r.service.Requests())
	p.press("j", "j", "j", "k")
	p.waitPlace("row 3", func(at place) bool { return at.at == 3 })
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
	p.waitPlace("row 3 again", func(at place) bool { return at.at == 3 })
	p.press("s")
	p.wait("Sort by")
	p.press("esc")
	p.gone("Sort by")
	p.press("space", "y")
	p.wait("1 marked")
	p.press("esc")
	if after := r.service.Requests(); len(after) != before {
		t.Errorf("%d requests were made: %v", len(after)-before, after[before:])
	}
	p.press("q")
	p.exits(0)
}

func lastRow(screen string) string { return screen[strings.LastIndex(screen, "\n")+1:] }
