//go:build unix

package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/internal/term"
)

// What a colleague changed meanwhile is kept where it is another field, and
// asked about where it is the same one.
func TestAColleagueChangesTheContactToo(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOptions{})
	p := r.open()
	p.typeChange() // title and city
	r.Service.Update(sarah, map[string]any{"department": "Workouts"})
	p.confirmSave()
	p.wait("saved: title and city of Sarah Chen", "Workouts")
	r.wantSent("patch", map[string]any{"title": "Senior Vice President IV", "city": "New Rochelle"})

	p.press("e")
	p.wait("Edit Sarah Chen")
	p.toField("Title", "tab")
	p.send(" V")
	r.Service.Update(sarah, map[string]any{"title": "Chair", "zip": "10005"})
	p.confirmSave()
	p.wait("1 conflict left", "original  Senior Vice President IV", "theirs    Chair", "mine      Senior Vice President IV V")
	p.press("enter")
	p.press("m")
	p.wait("all decided")
	if n := len(r.requests("patch")); n != 1 {
		t.Fatalf("%d changes were sent before all was decided", n)
	}
	p.press("enter")
	p.wait("Chair", "→  Senior Vice President IV V", "show JSON")
	p.press("enter")
	p.wait("saved: title of Sarah Chen")
	r.wantSent("patch", map[string]any{"title": "Senior Vice President IV", "city": "New Rochelle"}, map[string]any{"title": "Senior Vice President IV V"})
	if held, _ := r.Service.Contact(sarah); held["zip"] != "10005" || held["department"] != "Workouts" {
		t.Errorf("the colleague's changes are gone: %v", held)
	}
	p.quit()
}

func TestUndoIsShownFirst(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOptions{})
	p := r.open()
	p.typeChange()
	p.confirmSave()
	p.wait("saved: title and city of Sarah Chen")
	p.press("u")
	p.wait("2 changes", "→  Senior Vice President", "→  New York")
	p.press("enter")
	p.wait("undone and saved: title and city of Sarah Chen")
	p.gone("New Rochelle")
	r.wantSent("patch", map[string]any{"title": "Senior Vice President IV", "city": "New Rochelle"},
		map[string]any{"title": "Senior Vice President", "city": "New York"})
	p.quit()
}

// Edits that found no service are marked, and offered when it is back; nothing
// is sent unasked.
func TestEditsMadeOffline(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOptions{})
	p := r.open()
	p.typeChange()
	r.Door.Shut()
	p.confirmSave()
	p.wait("OFFLINE", "1 edit NOT SENT")
	p.press("esc")
	p.wait("What you typed is not saved")
	p.press("l")
	p.wait("enter details", "1 edit NOT SENT")
	r.Door.Open()
	p.press("r")
	p.gone("OFFLINE")
	p.wait("1 edit NOT SENT", "1 edit not sent · D")
	if n := len(r.requests("patch")); n != 0 {
		t.Errorf("%d changes were sent unasked", n)
	}
	p.press("D")
	p.wait("Drafts", "not sent")
	p.press("enter")
	p.wait("Edit Sarah Chen", "New Rochelle")
	p.confirmSave()
	p.wait("saved: title and city of Sarah Chen")
	p.gone("NOT SENT")
	p.quit()
}

// The mouse works where it is wanted.
func TestTheMouse(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOptions{})
	p := r.open()
	click := func(x, y int) { p.send(fmt.Sprintf("\x1b[<0;%d;%dM\x1b[<0;%d;%dm", x, y, x, y)) }
	rows := strings.Split(p.Screen(), "\n")
	click(20, 8)
	name := strings.TrimLeft(rows[7], " ★○▌✎")
	name = name[:strings.Index(name, "  ")]
	p.until("the row that was clicked", func(s string) bool { return strings.HasPrefix(listRow(s, name), "▌") })
	at, _ := placeOn(p.Screen())
	p.send(strings.Repeat("\x1b[<65;20;8M", 3))
	p.until("rows below", func(s string) bool {
		now, ok := placeOn(s)
		return ok && (now.At > at.At || !strings.Contains(s, "Sarah Chen"))
	})
	p.send(strings.Repeat("\x1b[<64;20;8M", 30))
	p.wait("Sarah Chen")
	p.quit()
}

// Text that is pasted is text, whatever is in it.
func TestPastedText(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOptions{})
	p := r.open()
	must(t, p.Paste("q\nq\n")) // not keys
	p.press("e")
	p.wait("Edit Sarah Chen")
	p.toField("Department", "tab")
	p.press("ctrl+x")
	must(t, p.Paste("Debt\x1b[31m &\r\nEquity\x07"))
	p.wait("1 change")
	p.confirmSave()
	p.wait("saved: department of Sarah Chen")
	got := fmt.Sprint(sent(t, r.requests("patch")[0])["department"])
	if strings.ContainsAny(got, "\x1b\x07\r\n") || !strings.HasPrefix(got, "Debt") || !strings.HasSuffix(got, "Equity") {
		t.Errorf("sent %q", got)
	}
	p.press("/")
	p.wait("enter keep")
	must(t, p.Paste("james\nrodriguez"))
	p.wait("/ james rodriguez", "James Rodriguez")
	p.press("esc")
	p.wait("enter details")
	p.quit()
}

// The copy shows contacts without a service, with their age.
func TestReadingOffline(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOptions{})
	p := r.open()
	p.press("G")
	p.waitAll()
	p.quit()
	r.Door.Shut()
	again := r.start(term.Options{})
	again.waitAll()
	again.wait("OFFLINE", "loaded · as of ", "Sarah Chen")
	again.press("/")
	again.wait("enter keep")
	again.send("rodriguez")
	again.wait("James Rodriguez", "of 300")
	again.press("esc")
	again.wait("enter details")
	r.Door.Open()
	again.press("r")
	again.gone("OFFLINE", "loaded · as of ")
	again.quit()
}

// Two programs work on one profile: neither takes the other's open edit for a
// leftover, and the edit of the one that was killed is there for the next.
func TestTwoProgramsOnOneProfile(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOptions{})
	one := r.open()
	one.typeChange()
	r.fails("422@patch")
	one.confirmSave() // so that what was typed is on the disk
	one.wait("The contact was not accepted")
	r.fails("")
	two := r.open()
	two.press("j")
	two.waitPlace("row 2", func(at place) bool { return at.At == 2 })
	if s := two.Screen(); strings.Contains(s, "draft") || strings.Contains(s, "New Rochelle") {
		t.Errorf("the other program's open edit is a leftover here:\n%s", s)
	}
	two.press("e")
	two.wait("Edit James Rodriguez")
	two.toField("ZIP", "tab")
	two.press("ctrl+x")
	two.send("10001")
	two.confirmSave()
	two.wait("saved: ZIP of James Rodriguez")
	two.quit()
	one.confirmSave()
	one.wait("saved: title and city of Sarah Chen")
	r.wantSent("patch", map[string]any{"zip": "10001"}, map[string]any{"title": "Senior Vice President IV", "city": "New Rochelle"})
	one.quit()
}

// A person who may not write is told so at once, in every way to begin.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		service sandbox.Options
		args    []string
	}{
		"--read-only":       {args: []string{"--read-only"}},
		"the key":           {service: sandbox.Options{Keys: []sandbox.Key{{ReadOnly: true}}}},
		"without the scope": {service: sandbox.Options{Keys: []sandbox.Key{{Scopes: []string{"contacts:read"}}}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for i := range c.service.Keys {
				c.service.Keys[i].Token = secretFor(t)
			}
			r := newRig(t, rigOptions{service: c.service})
			p := r.start(term.Options{Args: c.args})
			p.waitLoaded()
			p.wait("READ-ONLY")
			for _, key := range []string{"e", "n", "N", "u", "E"} {
				p.press(key)
				p.wait("read-only: ")
				p.press("x")
				p.gone("read-only: ")
			}
			p.press("enter")
			p.gone("enter details")
			p.press("enter")
			p.wait("read-only: ")
			p.press("esc")
			p.wait("enter details")
			p.quit()
			for _, e := range r.Service.Requests() {
				if e.Method != "GET" {
					t.Errorf("sent %s %s", e.Method, e.Path)
				}
			}
		})
	}
}
