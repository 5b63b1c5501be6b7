//go:build unix

package e2e

import (
	"os"
	"path/filepath"
	"testing"
)

// waitIsOver stands for the time until the service takes requests again: what the
// programs of this machine know of it is gone.
func (r *rig) waitIsOver() {
	r.t.Helper()
	found, err := filepath.Glob(filepath.Join(r.Home, "state", "levcontacts", "*", "budget"))
	must(r.t, err)
	if len(found) != 1 {
		r.t.Fatalf("the count of requests is in %q", found)
	}
	must(r.t, os.Remove(found[0]))
}

// A save waits half a minute for the limit. The person goes on meanwhile: scrolls,
// reads, edits another contact, and quits. Nothing is lost, nothing is sent twice,
// and what is saved after the next start goes in the order in which it was asked.
func TestASaveThatWaitsKeepsNobody(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOptions{})
	p := r.openAll()
	r.fails("429=30s@patch:1")
	p.press("t")
	p.wait("enter save   esc leave")
	p.send("First Title")
	p.press("enter")
	p.wait("slow down")

	p.press("j", "j", "j")
	p.waitPlace("the fourth contact", func(at place) bool { return at.At == 4 })
	p.press("H") // the journal has the save that waits
	p.wait("Changes, newest first", "First Title")
	p.press("esc")
	p.gone("Changes, newest first")
	p.press("t")
	p.wait("enter save   esc leave")
	p.send("Second Title")
	p.press("enter")
	p.wait("saving 2", "esc shows")
	p.press("esc")
	p.wait("enter stops one", "on its way", "waits for")
	p.press("esc")
	p.gone("enter stops one")
	if n := len(r.requests("patch")); n != 1 {
		t.Errorf("%d patches while the first one waits", n)
	}
	p.press("q")
	p.wait("2 saves on the way. Quit?")
	p.press("y")
	p.exits(0)

	r.waitIsOver()
	p = r.open()
	p.wait("Reopened the edit", "Second Title")
	p.press("esc")
	p.gone("enter save   esc leave")
	p.press("D")
	p.wait("Tomás Aguilar, Title", "Sarah Chen, Title")
	p.press("esc")
	if n := len(r.requests("patch")); n != 1 {
		t.Errorf("%d patches, unasked", n)
	}
	for _, of := range [][2]string{{"First Title", "Sarah Chen"}, {"Second Title", "Tomás Aguilar"}} {
		title, name := of[0], of[1]
		p.press("D")
		p.wait(name + ", Title")
		p.press("/")
		p.send(name)
		p.press("enter", "enter")
		p.wait(title)
		p.wait("enter save   esc leave")
		p.press("enter")
		p.wait("saved: title of " + name)
	}
	r.wantSent("patch", map[string]any{"title": "First Title"}, map[string]any{"title": "Second Title"})
	p.quit()
}
