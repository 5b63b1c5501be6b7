//go:build unix

package e2e

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/internal/term"
)

// wayOut is a way out of a form in which something was typed.
type wayOut struct {
	leave func(*person)
	code  int
	// gone says that there is no terminal left to be clean.
	gone bool
	// closed says that the person left the form, so that the next start only
	// tells of the draft.
	closed bool
}

func waysOut() map[string]wayOut {
	return map[string]wayOut{
		"ctrl+c": {leave: func(p *person) {
			p.press("ctrl+c")
			p.wait("An edit is open")
			p.press("y")
		}},
		"ctrl+c twice": {leave: func(p *person) {
			p.press("ctrl+c")
			p.wait("An edit is open")
			p.press("ctrl+c")
		}},
		"esc, kept, q": {closed: true, leave: func(p *person) {
			p.press("esc")
			p.wait("What you typed is not saved")
			p.press("l")
			p.wait("Kept as a draft")
			p.press("q")
		}},
		"esc, then SIGTERM at the question": {code: 130, leave: func(p *person) {
			p.press("esc")
			p.wait("What you typed is not saved")
			must(p.t, p.Signal(syscall.SIGTERM))
		}},
		"the preview, then SIGTERM": {code: 130, leave: func(p *person) {
			p.press("ctrl+s")
			p.wait("show JSON")
			must(p.t, p.Signal(syscall.SIGTERM))
		}},
		"SIGTERM":             {code: 130, leave: func(p *person) { must(p.t, p.Signal(syscall.SIGTERM)) }},
		"SIGINT":              {code: 130, leave: func(p *person) { must(p.t, p.Signal(syscall.SIGINT)) }},
		"SIGHUP":              {code: 130, leave: func(p *person) { must(p.t, p.Signal(syscall.SIGHUP)) }},
		"the terminal closed": {code: 130, gone: true, leave: func(p *person) { must(p.t, p.Hangup()) }},
		"kill -9 after a second": {code: 128 + 9, gone: true, leave: func(p *person) {
			// The promise is about this second; a machine that is slow to draw is
			// slow to write.
			time.Sleep(time.Second + 4*p.slowness())
			must(p.t, p.Kill())
		}},
		"a refused save, then ctrl+c": {leave: func(p *person) {
			p.r.fails("422@patch,422@create")
			p.confirmSave()
			p.wait("The contact was not accepted")
			p.press("ctrl+c")
			p.wait("An edit is open")
			p.press("y")
		}},
		"a refused save, then kill -9 at once": {code: 128 + 9, gone: true, leave: func(p *person) {
			p.r.fails("422@patch,422@create")
			p.confirmSave()
			p.wait("The contact was not accepted")
			must(p.t, p.Kill())
		}},
		"no network, then ctrl+c": {leave: func(p *person) {
			p.r.Door.Shut()
			p.confirmSave()
			p.wait("Not sent")
			p.press("ctrl+c")
			p.wait("Quit?") // whether it is on its way or not sent
			p.press("y")
			p.exits(0)
			p.r.Door.Open()
		}},
		"SIGTERM while a save is under way": {code: 130, leave: func(p *person) {
			p.r.fails("slow=20s@get,slow=20s@create")
			p.confirmSave()
			p.wait("saving")
			must(p.t, p.Signal(syscall.SIGTERM))
		}},
		"kill -9 while a save is under way": {code: 128 + 9, gone: true, leave: func(p *person) {
			p.r.fails("slow=20s@get,slow=20s@create")
			p.confirmSave()
			p.wait("saving")
			// What was typed is kept before anything is sent.
			p.r.eventually("the save to come", func() bool { return len(p.r.requests("get"))+len(p.r.requests("create")) > 0 })
			must(p.t, p.Kill())
		}},
	}
}

// Whatever way a person leaves a form, what was typed is there at the next
// start, and can be saved.
func TestEveryWayOutOfAChangedForm(t *testing.T) {
	t.Parallel()
	for name, way := range waysOut() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, rigOptions{})
			p := r.open()
			p.typeChange()
			p.leaveBy(way)
			again := r.open()
			again.findDraft(way, "Edit Sarah Chen", "Senior Vice President IV", "New Rochelle")
			again.confirmSave()
			again.wait("saved: title and city of Sarah Chen")
			r.wantSent("patch", map[string]any{"title": "Senior Vice President IV", "city": "New Rochelle"})
			again.quit()
			last := r.open()
			last.press("D")
			last.wait("No drafts")
			last.press("esc")
			last.gone("No drafts")
			last.quit()
		})
	}
}

func TestEveryWayOutOfANewContact(t *testing.T) {
	t.Parallel()
	ways := waysOut()
	for _, name := range []string{"ctrl+c", "esc, kept, q", "SIGTERM", "the terminal closed", "kill -9 after a second", "a refused save, then ctrl+c"} {
		way := ways[name]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, rigOptions{})
			p := r.open()
			p.typeNew()
			p.leaveBy(way)
			again := r.open()
			again.findDraft(way, "New contact", "Nadia", "Petrosyan")
			again.confirmSave()
			again.wait("Created Nadia Petrosyan")
			r.wantSent("create", map[string]any{"first_name": "Nadia", "last_name": "Petrosyan", "contact_type": "lender_contact"})
			again.quit()
		})
	}
}

func TestEveryWayOutOfAFieldInPlace(t *testing.T) {
	t.Parallel()
	ways := waysOut()
	ways["esc, then q"] = wayOut{closed: true, leave: func(p *person) {
		p.press("esc")
		p.wait("Kept as a draft")
		p.press("q")
	}}
	for _, name := range []string{"ctrl+c", "SIGTERM", "the terminal closed", "kill -9 after a second", "esc, then q"} {
		way := ways[name]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, rigOptions{})
			p := r.open()
			p.press("enter")
			p.wait("edit field")
			p.toField("Department", "down")
			p.press("enter")
			p.wait("enter save   esc leave")
			p.send(" East")
			p.wait("Originations East")
			p.leaveBy(way)
			again := r.open()
			again.findDraft(way, "Originations East", "enter save   esc leave")
			again.press("enter")
			again.wait("saved: department of Sarah Chen")
			r.wantSent("patch", map[string]any{"department": "Originations East"})
			again.quit()
		})
	}
}

// leaveBy leaves by one of the ways and looks whether that went well.
func (p *person) leaveBy(way wayOut) {
	p.t.Helper()
	way.leave(p)
	code, err := p.Wait()
	must(p.t, err)
	if code != way.code {
		p.t.Errorf("exit code %d, want %d; the screen is\n%s", code, way.code, p.Screen())
	}
	if err := p.Modes().Err(); err != nil && !way.gone {
		p.t.Error(err)
	}
	p.r.fails("")
}

// findDraft looks for what was typed after a new start: it is on the screen at
// once where the form was open to the end, otherwise in the list of drafts.
func (p *person) findDraft(way wayOut, texts ...string) {
	p.t.Helper()
	if way.closed {
		p.wait("1 draft not saved yet")
		p.press("D")
		p.wait("Drafts")
		p.press("enter")
	}
	p.wait(texts...)
}

// slowness is how long the program takes at the moment to draw a whole screen.
func (p *person) slowness() time.Duration {
	p.t.Helper()
	began := time.Now()
	for _, rows := range []int{39, 40} {
		must(p.t, p.Resize(120, rows))
		p.until("a frame of the new size", func(s string) bool {
			all := strings.Split(s, "\n")
			return len(all) == rows && all[rows-1] != ""
		})
	}
	return time.Since(began)
}

// A person who types without a pause loses no more than the last second of what
// was on the screen.
func TestAFastTypistIsKept(t *testing.T) {
	t.Parallel()
	for name, each := range map[string]time.Duration{"fast": 30 * time.Millisecond, "slow": 200 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, rigOptions{})
			p := r.open()
			p.press("e")
			p.wait("Edit Sarah Chen")
			p.toField("City", "tab")
			key := time.NewTicker(each)
			defer key.Stop()
			typed, slowest := "", time.Duration(0)
			var seen []time.Time // when each letter was on the screen
			for began := time.Now(); len(seen) < 5 || time.Since(began) < 2300*time.Millisecond; {
				<-key.C
				pressed := time.Now()
				typed += string(rune('a' + len(typed)%26))
				p.send(typed[len(typed)-1:])
				p.wait("New York" + typed)
				seen = append(seen, time.Now())
				slowest = max(slowest, time.Since(pressed))
			}
			must(t, p.Kill())
			end, old := time.Now(), 0
			for old < len(seen) && end.Sub(seen[old]) > 1100*time.Millisecond+4*slowest {
				old++
			}
			t.Logf("%d of %d letters were a second old", old, len(typed))
			p.leaveBy(wayOut{leave: func(*person) {}, code: 128 + 9, gone: true})
			again := r.start(term.Options{})
			again.wait("Edit Sarah Chen", "New York"+typed[:old])
			again.press("ctrl+c")
			again.wait("An edit is open")
			again.press("y")
			again.exits(0)
		})
	}
}
