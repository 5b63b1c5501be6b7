//go:build unix

package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/internal/term"
)

// eachSize runs a test in a large and in a small terminal.
func eachSize(t *testing.T, run func(t *testing.T, size term.Options)) {
	for name, size := range map[string]term.Options{"120x40": {Cols: 120, Rows: 40}, "80x24": {Cols: 80, Rows: 24}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, size)
		})
	}
}

func (r *rig) openAt(size term.Options) *person {
	r.t.Helper()
	p := r.start(size)
	p.waitLoaded()
	return p
}

// A note whose response is lost is found at the next start and written once.
func TestANoteWhoseResponseIsLostIsFoundOnce(t *testing.T) {
	t.Parallel()
	eachSize(t, func(t *testing.T, size term.Options) {
		r := newRig(t, rigOptions{service: sandbox.Options{Dialect: sandbox.DialectLater}})
		p := r.openAt(size)
		r.fails("lost-answer@notes") // the list too: it may be asked for only now
		p.press("A")
		p.wait("New note on Sarah Chen", "ctrl+s saves")
		p.send("Call back")
		p.press("enter")
		p.send("on Thursday")
		p.press("ctrl+s")
		p.wait("it may or may not have been saved")
		r.fails("")
		p.Close()

		p = r.openAt(size)
		p.wait("The note on Sarah Chen did arrive")
		p.gone("New note on")
		if texts := r.Service.Notes(sarah); len(texts) != 1 || texts[0] != "Call back\non Thursday" {
			t.Errorf("the service has the notes %q", texts)
		}
		p.press("D")
		p.wait("No drafts")
		p.press("esc")
		p.quit()
	})
}

// A note is written, changed, deleted and brought back from the keyboard.
func TestNotesFromTheKeyboard(t *testing.T) {
	t.Parallel()
	eachSize(t, func(t *testing.T, size term.Options) {
		r := newRig(t, rigOptions{service: sandbox.Options{Dialect: sandbox.DialectLater}})
		p := r.openAt(size)
		p.press("enter")
		p.wait("edit field")
		p.press("A")
		p.wait("New note on")
		p.send("first")
		p.press("ctrl+s")
		p.wait("Added a note to Sarah Chen")
		p.toField("Jordan Avery", "down")
		p.press("enter")
		p.wait("Note on Sarah Chen")
		p.send(" and more")
		p.press("ctrl+s")
		p.wait("Changed the note on Sarah Chen", "first and more")
		p.press("backspace")
		p.wait("Delete this note on Sarah Chen for good?")
		p.press("y")
		p.wait("Deleted the note on Sarah Chen")
		r.eventually("the note is gone", func() bool { return len(r.Service.Notes(sarah)) == 0 })
		p.press("u")
		p.wait("The note is written again")
		p.press("y")
		p.wait("Undone: note on Sarah Chen")
		p.press("esc", "/")
		p.send("note:more")
		p.wait("notes of 1 contact held")
		p.press("enter")
		p.wait("1 of 1")
		if texts := r.Service.Notes(sarah); len(texts) != 1 || texts[0] != "first and more" {
			t.Errorf("the service has the notes %q", texts)
		}
		p.quit()
	})
}

// A note is written in the user's own editor.
func TestANoteFromAnEditor(t *testing.T) {
	t.Parallel()
	script := filepath.Join(t.TempDir(), "editor")
	must(t, os.WriteFile(script, []byte("#!/bin/sh\necho ' from an editor' >> \"$1\"\n"), 0o700))
	r := newRig(t, rigOptions{service: sandbox.Options{Dialect: sandbox.DialectLater}, env: []string{"VISUAL=" + script}})
	p := r.openAt(term.Options{Cols: 120, Rows: 40})
	p.press("A")
	p.wait("New note on")
	p.send("typed")
	p.press("ctrl+o")
	p.wait("typed from an editor")
	p.press("ctrl+s")
	p.wait("Added a note to Sarah Chen")
	r.eventually("the note", func() bool { return strings.Join(r.Service.Notes(sarah), "") == "typed from an editor" })
	p.quit()
}

// A contact is created with a company chosen by its name.
func TestACompanyChosenByName(t *testing.T) {
	t.Parallel()
	eachSize(t, func(t *testing.T, size term.Options) {
		r := newRig(t, rigOptions{service: sandbox.Options{Dialect: sandbox.DialectLater}})
		p := r.openAt(size)
		p.press("n")
		p.wait("New contact", "ctrl+g company")
		p.press("right")
		p.gone("< choose >")
		p.toField("Last name", "tab")
		p.send("Petrosyan")
		p.press("ctrl+g")
		p.wait("Company of the new contact", "Aguilar Capital Partners")
		p.send("tryon")
		p.press("enter")
		p.wait("Company: Tryon Securities (company_id 1013)")
		p.press("ctrl+s")
		p.wait("Tryon Securities (company_id 1013) is sent with it")
		p.press("enter")
		p.wait("Created Petrosyan")
		made := r.requests("create")
		body := sent(t, made[len(made)-1])
		if body["company_id"] != float64(1013) {
			t.Errorf("sent %v", body)
		}
		p.quit()
	})
}

// A service of March 2026 is asked for notes and companies once, and the keys say
// why they do nothing.
func TestNotesOfMarchAreAskedForOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOptions{service: sandbox.Options{Dialect: sandbox.DialectMarch, Contacts: 40}})
	missing := func() (n int) {
		for _, e := range r.Service.Requests() {
			if e.Status == http.StatusNotFound && (strings.HasSuffix(e.Path, "/notes") || strings.Contains(e.Path,
				"/companies")) {
				n++
			}
		}
		return n
	}
	for range 2 {
		p := r.openAt(term.Options{Cols: 120, Rows: 40})
		p.wait("this service has no notes")
		p.press("j", "j", "enter")
		p.wait("edit field")
		p.press("A")
		p.wait("this service has no notes")
		p.press("backspace", "esc", "n")
		p.wait("New contact")
		p.press("ctrl+g")
		p.wait("this service has no companies")
		p.press("esc", "esc", "w") // from the picker too, where it was open before that was known
		p.wait(`company:"`)
		p.press("esc")
		p.gone(`company:"`)
		p.quit()
	}
	if n := missing(); n != 2 {
		t.Errorf("%d requests to endpoints that do not exist, want one each", n)
	}
}
