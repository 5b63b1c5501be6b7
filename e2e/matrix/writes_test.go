//go:build unix

package matrix

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/levcontacts/levcontacts/e2e/rig"
)

// create makes a contact with a fault in the way.
func create(_ context.Context, w *world, f fault, n int) error {
	name := fmt.Sprintf("Nadia%d", n)
	if err := w.begin(f, "create"); err != nil {
		return err
	}
	if err := inOrder([]func() error{
		func() error { return w.Press("n") },
		func() error { return w.WaitFor("New contact", "choose") },
		func() error { return w.Press("space") },
		func() error { return w.WaitFor("< lender >") },
		func() error { return rig.ToField(w.Terminal, "First name", "tab") },
		func() error { return w.Send(name) },
		func() error { return w.WaitFor(name) },
		func() error { return w.Press("ctrl+s") },
		func() error { return w.WaitFor("show JSON") },
		func() error { return w.Press("enter") },
	}); err != nil {
		return err
	}
	if err := w.answered(f, name); err != nil {
		return err
	}
	if err := w.end(); err != nil {
		return err
	}
	if err := w.finish(f); err != nil {
		return err
	}
	return w.once("create", name)
}

// answered waits until the save has ended or says why not, with what was typed
// on the screen.
func (w *world) answered(f fault, text string) error {
	if err := w.WaitFunc("the end of the save, or what is wrong", func(s string) bool {
		return !strings.Contains(s, "show JSON") && (ended.MatchString(s) || trouble.MatchString(s) || f.hangs &&
			strings.Contains(s, "saving"))
	}); err != nil {
		return err
	}
	if f.hangs || f.spec == "slow=1s" { // it goes on behind the list
		return w.usable()
	}
	if strings.Contains(w.Screen(), "Sign in again: ") { // it waits behind the prompt
		return nil
	}
	if err := w.WaitFor(text); err != nil {
		return fmt.Errorf("what was typed is not there: %w", err)
	}
	return nil
}

// ended finds the words about a save that went well, or that the service did
// not take as it was.
var ended = regexp.MustCompile(`✓ saved: |✓ Created|had these values already|✓ That is the contact|! Saved, but`)

// situation is what the person sees on the screen of a save, and the key to go on.
type situation struct{ what, key string }

func situationOf(s string) situation {
	switch {
	case ended.MatchString(s) && strings.Contains(s, "q quit"):
		return situation{"ended", "x"}
	case strings.Contains(s, "Sign in again: "):
		return situation{"sign in", ""}
	case strings.Contains(s, "show JSON"):
		return situation{"preview", "enter"}
	case strings.Contains(s, "Is this the contact?"):
		return situation{"candidate", "enter"}
	case strings.Contains(s, "all decided"):
		return situation{"decided", "enter"}
	case strings.Contains(s, "conflict left"):
		return situation{"conflict", "m"}
	case strings.Contains(s, "nothing is sent"):
		return situation{"nothing to send", "esc"}
	case strings.Contains(s, "NOT SAVED") && strings.Contains(s, "q quit"):
		return situation{"not saved", "b"}
	case strings.Contains(s, "ctrl+s save") && !strings.Contains(s, "q quit"):
		return situation{"form", "ctrl+s"}
	}
	return situation{"on its way", ""}
}

// finish is the person who sees what is on the screen and goes on until the
// change is saved. A key is pressed once for what is seen: the screen may change
// in parts.
func (w *world) finish(f fault) error {
	for range 12 {
		now := situationOf(w.Screen())
		if now.what == "sign in" {
			if err := w.signIn(f); err != nil {
				return err
			}
			continue
		}
		if now.key != "" {
			w.keys++
			if err := w.Press(now.key); err != nil {
				return err
			}
		}
		if now.what == "ended" {
			return w.WaitFunc("the message to go", func(s string) bool { return !ended.MatchString(s) })
		}
		err := w.WaitFunc("an end of: "+now.what, func(s string) bool { return situationOf(s) != now })
		if err != nil {
			return err
		}
	}
	return fmt.Errorf("the save does not end:\n%s", w.Screen())
}

// once is an error when a write was not carried out exactly once.
func (w *world) once(endpoint, text string) error {
	n := 0
	for _, e := range w.Service.Requests() {
		var body map[string]any
		if e.Endpoint != endpoint || !e.Applied || e.Replayed || json.Unmarshal(e.Body, &body) != nil {
			continue
		}
		if body["title"] == text || body["first_name"] == text {
			n++
		}
	}
	if n != 1 {
		return fmt.Errorf("it was carried out %d times:\n%s", n, w.Screen())
	}
	return nil
}
