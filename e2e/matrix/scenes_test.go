//go:build unix

package matrix

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/levcontacts/levcontacts/e2e/rig"
)

// scene is a request of the program, and what the person does around it.
type scene struct {
	name     string
	endpoint string
	lists    bool // the request is for a list
	// open prepares a program for many cells; nil where every cell starts one.
	open func(ctx context.Context, w *world) error
	// cell is one fault: it is armed, met and lifted, and all is well again.
	cell func(ctx context.Context, w *world, f fault, n int) error
}

func scenes() []scene {
	return []scene{
		{name: "first page", endpoint: "list", lists: true, cell: firstPage},
		{name: "restart", endpoint: "list", lists: true, cell: restart},
		{name: "GET /me", endpoint: "me", cell: account},
		{name: "later page", endpoint: "list", lists: true, cell: laterPage, open: openOnly},
		{name: "refresh", endpoint: "list", lists: true, cell: refresh, open: openAll},
		{name: "look before a save", endpoint: "get", cell: look, open: openAll},
		{name: "PATCH", endpoint: "patch", cell: change, open: openAll},
		{name: "POST", endpoint: "create", cell: create, open: openAll},
	}
}

func openOnly(ctx context.Context, w *world) error {
	return errors.Join(w.open(ctx), w.WaitFor(" loaded", sarahName))
}

// openAll starts the program with all contacts loaded.
func openAll(ctx context.Context, w *world) error {
	if err := openOnly(ctx, w); err != nil {
		return err
	}
	return errors.Join(w.Press("G"), w.WaitFunc("all contacts", whole), w.Press("g"), w.WaitFor(sarahName))
}

// startWith starts the program with a fault armed, and waits until it says
// something: a row, or what is wrong.
func startWith(ctx context.Context, w *world, f fault, endpoint string) error {
	if err := errors.Join(w.begin(f, endpoint), w.open(ctx)); err != nil {
		return err
	}
	return w.WaitFunc("rows, or what is wrong", func(s string) bool {
		return place(s).Loaded > 0 || trouble.MatchString(s) || f.hangs && strings.Contains(s, "Loading contacts")
	})
}

// firstPage is a start without a copy.
func firstPage(ctx context.Context, w *world, f fault, _ int) error {
	if err := w.forget("state", "cache"); err != nil {
		return err
	}
	if err := startWith(ctx, w, f, "list"); err != nil {
		return err
	}
	if err := w.settled(f); err != nil {
		return err
	}
	if err := w.end(); err != nil {
		return err
	}
	if err := w.back(f, "the first contact", func(s string) bool {
		return place(s).Loaded > 0 && (f.believed || strings.Contains(s, sarahName)) && !strings.Contains(s, "OFFLINE")
	}); err != nil {
		return err
	}
	return w.leave()
}

// settled answers a prompt for a key with esc and looks whether the program
// answers keys.
func (w *world) settled(f fault) error {
	if strings.Contains(w.Screen(), "Sign in again: ") {
		if f.spec == "revoke" {
			return nil
		}
		if err := w.signIn(f); err != nil {
			return err
		}
	}
	return w.usable()
}

// restart is a start with the copy of an earlier run.
func restart(ctx context.Context, w *world, f fault, n int) error {
	if err := errors.Join(w.forget("state", "cache"), openAll(ctx, w)); err != nil {
		return err
	}
	if err := w.leave(); err != nil {
		return err
	}
	title := fmt.Sprintf("Restart %d", n)
	w.Service.Update(sarah, map[string]any{"title": title})
	open := w.gate.shut()
	defer open()
	if err := startWith(ctx, w, f, "list"); err != nil {
		return err
	}
	if err := w.WaitFor("Chen"); err != nil {
		return fmt.Errorf("the copy is not shown: %w", err)
	}
	open()
	if err := w.settled(f); err != nil {
		return err
	}
	if err := w.end(); err != nil {
		return err
	}
	if err := w.back(f, "the new title "+title, func(s string) bool {
		return strings.Contains(s, title) && whole(s)
	}); err != nil {
		return err
	}
	return w.leave()
}

// account is a start at which the account is not to be had.
func account(ctx context.Context, w *world, f fault, _ int) error {
	if err := w.forget("state", "cache"); err != nil {
		return err
	}
	if err := startWith(ctx, w, f, "me"); err != nil {
		return err
	}
	if f.spec != "revoke" {
		if err := w.WaitFor(" loaded", sarahName); err != nil {
			return fmt.Errorf("the list does not come: %w", err)
		}
	}
	if err := w.settled(f); err != nil {
		return err
	}
	if err := w.end(); err != nil {
		return err
	}
	if err := w.back(f, "the account", func(s string) bool {
		first, _, _ := strings.Cut(s, "\n")
		// A service that says it has no such request is not asked again.
		none := slices.Contains([]string{"404", "405", "410", "501"}, f.spec)
		return (none || strings.Contains(first, "Meridian Partners")) && strings.Contains(s, sarahName)
	}); err != nil {
		return err
	}
	return w.leave()
}

// laterPage goes to the end of what is loaded with a fault in the way.
func laterPage(ctx context.Context, w *world, f fault, _ int) error {
	if err := w.fewRows(ctx); err != nil {
		return err
	}
	before := place(w.Screen())
	if err := errors.Join(w.begin(f, "list"), w.Press("G")); err != nil {
		return err
	}
	if err := w.WaitFunc("more rows, or what is wrong", func(s string) bool {
		return place(s).Loaded > before.Loaded || trouble.MatchString(s)
	}); err != nil {
		return err
	}
	if err := w.settled(f); err != nil {
		return err
	}
	if err := w.end(); err != nil {
		return err
	}
	good := func(s string) bool { return f.believed || place(s).Loaded >= contactsOf && whole(s) }
	for range 3 {
		if strings.Contains(w.Screen(), "Sign in again: ") {
			if err := w.signIn(f); err != nil {
				return err
			}
		}
		if w.soon(good) {
			return nil
		}
		w.keys++
		if err := w.Press("r"); err != nil {
			return err
		}
		for range 20 { // the person still wants the end
			if w.soon(good) {
				return nil
			}
			if strings.Contains(w.Screen(), "Sign in again: ") {
				break
			}
			if err := w.Press("G"); err != nil {
				return err
			}
		}
	}
	return fmt.Errorf("the list does not come back:\n%s", w.Screen())
}

// fewRows starts again without a copy when everything is loaded.
func (w *world) fewRows(ctx context.Context) error {
	if at := place(w.Screen()); at.Loaded < contactsOf/2 && at.Total == contactsOf {
		return nil
	}
	return errors.Join(w.leave(), w.forget("state", "cache"), openOnly(ctx, w))
}

// refresh asks for what is new.
func refresh(_ context.Context, w *world, f fault, n int) error {
	title := fmt.Sprintf("Refresh %d", n)
	w.Service.Update(sarah, map[string]any{"title": title})
	seen := func(s string) bool {
		return strings.Contains(s, title) || trouble.MatchString(s) || found.MatchString(s) || f.believed && w.gate.met()
	}
	if err := errors.Join(w.begin(f, "list"), w.Press("r")); err != nil {
		return err
	}
	if !w.soon(seen) && !w.gate.met() { // it joined a refresh that was under way
		if err := w.Press("r"); err != nil {
			return err
		}
	}
	if err := w.WaitFunc("the news, or what is wrong", seen); err != nil {
		return err
	}
	if err := w.settled(f); err != nil {
		return err
	}
	if err := w.end(); err != nil {
		return err
	}
	return w.back(f, "the new title "+title, func(s string) bool { return strings.Contains(s, title) && whole(s) })
}

// found finds the words about a refresh that believed what it was told.
var found = regexp.MustCompile(`Up to date|contacts? changed`)

// typed opens the form, types a title, and confirms the save.
func (w *world) typed(title string) error {
	steps := []func() error{
		func() error { return w.Press("g", "e") },
		func() error { return w.WaitFor("Edit Sarah", "ctrl+s save") },
		func() error { return rig.ToField(w.Terminal, "Title", "tab") },
		func() error { return w.Press("ctrl+x") },
		func() error { return w.Send(title) },
		func() error { return w.WaitFor(title, "1 change") },
		func() error { return w.Press("ctrl+s") },
		func() error { return w.WaitFor("show JSON") },
		func() error { return w.Press("enter") },
	}
	return inOrder(steps)
}

func inOrder(steps []func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func look(ctx context.Context, w *world, f fault, n int) error {
	return w.edit(f, "get", fmt.Sprintf("Looked %d", n))
}

func change(ctx context.Context, w *world, f fault, n int) error {
	return w.edit(f, "patch", fmt.Sprintf("Changed %d", n))
}

// edit changes a contact with a fault in the way.
func (w *world) edit(f fault, endpoint, title string) error {
	if err := w.back(f, sarahName, func(s string) bool { return strings.Contains(s, sarahName) }); err != nil {
		return err
	}
	if err := errors.Join(w.begin(f, endpoint), w.typed(title)); err != nil {
		return err
	}
	if err := w.answered(f, title); err != nil {
		return err
	}
	if err := w.end(); err != nil {
		return err
	}
	if err := w.finish(f); err != nil {
		return err
	}
	if held, _ := w.Service.Contact(sarah); held["title"] != title {
		return fmt.Errorf("the service holds %v:\n%s", held["title"], w.Screen())
	}
	return w.once("patch", title)
}
