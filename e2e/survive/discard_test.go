//go:build unix

package survive

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/levcontacts/levcontacts/model"
)

// What the screen has while an edit is open: a form, or a field in place.
const (
	leaveAsked = "What you typed is not saved"
	formOpen   = "ctrl+s save"
	fieldOpen  = "enter save   esc leave"
	stops      = "enter stops one"
	noDrafts   = "No drafts"
)

// throwAway is the person who wants to be rid of an edit, wherever it is: on the
// screen, on its way, in the list of drafts or in a question.
func (d *discarded) throwAway(ctx context.Context, p *person) error {
	for end := time.Now().Add(patience); time.Now().Before(end); {
		s := p.Screen()
		switch {
		case strings.Contains(s, inList) && (strings.Contains(s, formOpen) || strings.Contains(s, fieldOpen)):
			time.Sleep(20 * time.Millisecond) // a frame that is not drawn whole yet
		case strings.Contains(s, nothingResent):
			if err := d.answer(p, s); err != nil {
				return err
			}
		case strings.Contains(s, "Is this the contact?"):
			if err := p.do().press("esc").gone("Is this the contact?").err; err != nil {
				return err
			}
		case strings.Contains(s, "show JSON"):
			if err := p.do().press("esc").gone("show JSON").err; err != nil {
				return err
			}
		case strings.Contains(s, fieldOpen):
			if err := d.leaveField(p); err != nil {
				return err
			}
		case strings.Contains(s, leaveAsked):
			if err := d.leaveForm(p); err != nil {
				return err
			}
		case strings.Contains(s, formOpen):
			if err := p.Press("esc"); err != nil {
				return err
			}
			if _, err := p.either(leaveAsked, inList); err != nil {
				return err
			}
		case strings.Contains(s, stops):
			if err := d.stop(p); err != nil {
				return err
			}
		case strings.Contains(s, "esc shows"):
			if err := d.show(p); err != nil {
				return err
			}
		case strings.Contains(s, "saving") || !strings.Contains(s, inList):
			time.Sleep(20 * time.Millisecond)
		case strings.Contains(s, "b opens it"):
			if err := p.Press("b"); err != nil {
				return err
			}
			if _, err := p.either(formOpen, fieldOpen); err != nil {
				return err
			}
		default:
			done, err := d.fromList(ctx, p)
			if done || err != nil {
				return err
			}
		}
	}
	return errors.New("it never ends:\n" + p.Screen())
}

// gone notes when the edit was first thrown away.
func (d *discarded) gone(how string) error {
	if d.when.IsZero() {
		d.when = time.Now()
		d.tally.add(fmt.Sprintf("%s by %s", d.moment, how))
	}
	return nil
}

// answer forgets a change that did not arrive, or decides later. A contact that
// was made cannot be thrown away.
func (d *discarded) answer(p *person, s string) error {
	switch {
	case !strings.Contains(s, didNotArrive):
		d.tally.add("it was created")
		return p.do().press("enter").gone(nothingResent).err
	case d.random.IntN(2) == 0:
		return p.do().press("l").gone(nothingResent).err
	}
	return p.do().press("f").gone(nothingResent).then(func() error { return d.gone("forgetting it") }).err
}

// leaveField takes back what was typed, or leaves a draft.
func (d *discarded) leaveField(p *person) error {
	if d.random.IntN(2) == 0 {
		return p.do().press("esc").gone(fieldOpen).err
	}
	// The enter before may only be read now: then the key meets the list, and takes nothing back.
	var open bool
	err := p.do().press("ctrl+r").until("the old value", func(s string) bool {
		open = strings.Contains(s, fieldOpen)
		return !open || !strings.Contains(fieldLine(s, model.FieldTitle), d.text)
	}).err
	if err != nil || !open {
		return err
	}
	return p.do().press("esc").gone(fieldOpen).then(func() error { return d.gone("taking it back") }).err
}

// leaveForm discards what was typed, or leaves a draft.
func (d *discarded) leaveForm(p *person) error {
	key := []string{"d", "l"}[d.random.IntN(2)]
	return p.do().press(key).gone(leaveAsked).then(func() error {
		if key == "l" {
			return nil
		}
		return d.gone("leaving it")
	}).err
}

// show opens the saves that are on their way. The answer may be faster.
func (d *discarded) show(p *person) error {
	return p.do().press("esc").until("the saves", func(s string) bool {
		return strings.Contains(s, stops) || !strings.Contains(s, "esc shows")
	}).err
}

// stop stops a save that is on its way.
func (d *discarded) stop(p *person) error {
	d.tally.add("stopped")
	return p.do().press("enter").gone(stops, "esc shows").err
}

// fromList throws away a draft, and says whether nothing is left.
func (d *discarded) fromList(ctx context.Context, p *person) (done bool, err error) {
	drafts, open, err := d.left(ctx)
	switch {
	case err != nil:
		return false, err
	case drafts == 0 && open == 0 && strings.Contains(p.Screen(), "saving"): // it began meanwhile
		return false, nil
	case drafts == 0 && open == 0:
		if d.when.IsZero() {
			d.when = time.Now()
			d.tally.add("saved before it was thrown away")
		}
		return true, nil
	case drafts == 0: // what became of it is being looked up
		time.Sleep(20 * time.Millisecond)
		return false, nil
	}
	if err := p.Press("D"); err != nil {
		return false, err
	}
	// A question may be faster.
	said, err := p.either("Drafts", nothingResent)
	if err != nil || said != "Drafts" {
		return false, err
	}
	// What is looked up may end the draft meanwhile.
	said, err = noDrafts, nil
	if s := p.Screen(); !strings.Contains(s, noDrafts) && !strings.Contains(s, "being saved") {
		if err = p.Press("d"); err == nil {
			said, err = p.either("Discard this draft?", noDrafts)
		}
	}
	switch {
	case err != nil:
		return false, err
	case said == noDrafts:
		return false, p.do().press("esc").wait(inList).err
	}
	return false, p.do().press("y").wait(noDrafts).press("esc").wait(inList).then(func() error {
		return d.gone("discarding its draft")
	}).err
}

// left counts the drafts and the writes whose end is not known.
func (d *discarded) left(ctx context.Context) (drafts, open int, err error) {
	st, err := d.rig.state(ctx, d.rig.stateDir())
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = st.Close() }()
	all, err := st.Drafts(ctx)
	if err != nil {
		return 0, 0, err
	}
	entries, err := unsettled(ctx, st)
	return len(all), len(entries), err
}

// nothingLeft is an error when something of the edit is still on the disk.
func (d *discarded) nothingLeft(ctx context.Context) error {
	drafts, open, err := d.left(ctx)
	if err == nil && drafts+open > 0 {
		err = fmt.Errorf("%d drafts and %d writes without an outcome are left", drafts, open)
	}
	return err
}
