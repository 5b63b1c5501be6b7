//go:build unix

package kill

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// stillFor is how long the screen does not change when nothing goes on.
const stillFor = 250 * time.Millisecond

// secondLife answers what the program asks and saves what it has kept, until
// there is nothing left to do.
func (r *round) secondLife(ctx context.Context) error {
	r.rig.service.SetFaults(nil)
	p, err := r.rig.start(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	p.until("contacts or a form", func(s string) bool {
		_, list := placeOn(s)
		return list || r.formOn(s)
	})
	for range 20 {
		p.do(func() error { return p.WaitQuiet(stillFor) })
		if p.err != nil {
			break
		}
		done, err := r.step(ctx, p)
		if err = errors.Join(err, p.err); err != nil {
			return fmt.Errorf("%w; the screen is\n%s", err, p.Screen())
		}
		if done {
			p.quit()
			return p.err
		}
	}
	return errors.Join(p.err, fmt.Errorf("it has no end; the screen is\n%s", p.Screen()))
}

// step does what a person does on this screen. done says that it is the list
// and nothing is left.
func (r *round) step(ctx context.Context, p *person) (done bool, err error) {
	screen := p.Screen()
	switch {
	case strings.Contains(screen, "Is one of these the contact you created as"), strings.Contains(screen, "Is this the contact?"):
		r.found("asked")
		if !strings.Contains(screen, r.fields[len(r.fields)-1].value) {
			return false, errors.New("none of the candidates is the contact")
		}
		p.press("enter")
		p.until("the question to go", func(s string) bool {
			return !strings.Contains(s, "the contact you created as") && !strings.Contains(s, "Is this the contact?")
		})
		return false, nil
	case r.formOn(screen):
		r.found("form")
		err := r.lookFor(screen)
		r.saveForm(p)
		return false, err
	}
	open, err := r.unresolved(ctx)
	if err != nil {
		return false, err
	}
	if open > 0 {
		r.found("finding out")
		p.until("an end of finding out", func(s string) bool { return !strings.Contains(s, "finding out about") })
		return false, nil
	}
	p.press("D")
	p.wait("Drafts")
	if strings.Contains(p.Screen(), "no drafts") {
		p.press("esc")
		p.until("the list", func(s string) bool { return !strings.Contains(s, "no drafts") && strings.Contains(s, "enter details") })
		return true, r.lookFor("")
	}
	r.found("draft")
	p.press("enter")
	p.until("the draft", r.formOn)
	return false, nil
}

func (r *round) found(what string) {
	if !strings.Contains(r.outcome, what) {
		r.outcome = strings.TrimSpace(r.outcome + " " + what)
	}
}

// formOn says that a form is on the screen.
func (r *round) formOn(screen string) bool {
	title := "Edit " + sarahName
	if r.create {
		title = "New contact"
	}
	return strings.Contains(screen, title) && rowOf(screen, r.fields[0].label) != ""
}

// lookFor looks whether all that was on the screen a second before the kill is
// in the form or at the service. It does so once, before more is typed.
func (r *round) lookFor(form string) error {
	if r.looked {
		return nil
	}
	r.looked = true
	for _, f := range r.fields {
		old := ""
		for _, s := range r.seen[f.name] {
			if r.killed.Sub(s.at) > time.Second {
				old = s.value
			}
		}
		if old != "" && !strings.Contains(rowOf(form, f.label), old) && !strings.HasPrefix(r.served(f.name), old) {
			return fmt.Errorf("%s %q was typed more than a second before the kill and is lost", f.label, old)
		}
	}
	return nil
}

// served is the value that the service holds.
func (r *round) served(name string) string {
	held, _ := r.rig.service.Contact(sarah)
	if r.create {
		held = nil
		for _, e := range r.rig.requests("create") {
			if e.Applied {
				_ = json.Unmarshal(e.Body, &held) // a body that was applied is JSON
			}
		}
	}
	text, _ := held[name].(string)
	return text
}

// saveForm types what is missing and saves to the end.
func (r *round) saveForm(p *person) {
	for _, f := range r.fields {
		if strings.Contains(rowOf(p.Screen(), f.label), f.value) {
			continue
		}
		p.toField(f.label)
		p.press("ctrl+e")
		p.send(f.value)
		p.until(f.label+" "+f.value, func(s string) bool { return strings.Contains(rowOf(s, f.label), f.value) })
	}
	p.press("ctrl+s")
	p.until("the preview or a refusal", func(s string) bool { return strings.Contains(s, "show JSON") || strings.Contains(s, "is required") })
	if strings.Contains(p.Screen(), "is required") {
		p.toField("Type")
		p.press("right", "ctrl+s")
	}
	r.confirm(p, func() {})
	p.until("the end of the save", func(s string) bool { return bodyOn(s) == nil && !strings.Contains(s, "saving") })
}

// checkWrites compares what was sent with what was shown and typed.
func (r *round) checkWrites() error {
	var errs []error
	created := 0
	for _, e := range r.rig.requests("patch", "create") {
		if e.Applied && e.Endpoint == "create" {
			created++
		}
		var body map[string]any
		if err := json.Unmarshal(e.Body, &body); err != nil {
			return err
		}
		if !r.wasShown(body) {
			errs = append(errs, fmt.Errorf("%s %s was sent, and only %v shown", e.Method, e.Body, r.shown))
		}
		if err := r.wantFields(e.Endpoint, body); err != nil {
			errs = append(errs, err)
		}
	}
	if r.create && created > 1 {
		errs = append(errs, fmt.Errorf("the contact was created %d times", created))
	}
	for _, f := range r.fields {
		if len(r.shown) > 0 && strings.Contains(r.outcome, "form") && r.served(f.name) != f.value {
			errs = append(errs, fmt.Errorf("in the end the service holds %s %q, want %q", f.label, r.served(f.name), f.value))
		}
	}
	return errors.Join(errs...)
}

func (r *round) wasShown(body map[string]any) bool {
	for _, shown := range r.shown {
		if reflect.DeepEqual(shown, body) {
			return true
		}
	}
	return false
}

// wantFields says that a body has the values that were typed and no others.
func (r *round) wantFields(endpoint string, body map[string]any) error {
	want := map[string]any{}
	for _, f := range r.fields {
		want[f.name] = f.value
	}
	if endpoint == "create" {
		want["contact_type"] = body["contact_type"]
	}
	if !reflect.DeepEqual(body, want) {
		return fmt.Errorf("%s sent %v, want %v", endpoint, body, want)
	}
	return nil
}

// checkJournal wants to see every write ended.
func (r *round) checkJournal(ctx context.Context) error {
	open, err := r.unresolved(ctx)
	if err == nil && open > 0 {
		err = fmt.Errorf("%d writes are not resolved in the end", open)
	}
	return err
}

// unresolved counts the writes of which the journal does not know the end.
func (r *round) unresolved(ctx context.Context) (n int, err error) {
	out, err := r.rig.run(ctx, "history", "--json")
	if err != nil {
		return 0, err
	}
	var all []struct{ Result string }
	if err := json.Unmarshal(out, &all); err != nil {
		return 0, fmt.Errorf("the history %q: %w", out, err)
	}
	for _, e := range all {
		if e.Result != "done" && e.Result != "failed" {
			n++
		}
	}
	return n, nil
}
