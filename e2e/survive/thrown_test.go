//go:build unix

package survive

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/internal/term"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// An edit is thrown away at a random moment: before, during and after its save,
// or at the start after the program was killed or ended in the middle of it, over
// a service that answers late or never. Nothing of it is sent afterwards, nothing
// is asked about it, and no draft of it is left.
func TestThrownAwayAtAnyMoment(t *testing.T) {
	t.Parallel()
	manyRounds(t, thrownAway)
}

// moment is when an edit is thrown away.
type moment int

const (
	beforeSave moment = iota
	duringSave
	afterSave
	afterKill // at the next start
	afterQuit // at the next start
	numMoments
)

func (m moment) String() string {
	return [...]string{"before the save", "during the save", "after the save", "after a kill", "after an end"}[m]
}

// lostAndLate are the ways in which the service answers a write.
func lostAndLate() []string {
	return []string{
		"lost-answer", "lost-answer@W:1/2,slow=1500ms", "reset@W:1/2", "slow=2500ms", "503@W:1/2", "502",
		"lost-answer@W:1,503", "slow=20s",
	}
}

// arrivals counts the writes that reach the service, carried out or not.
type arrivals struct {
	mu sync.Mutex
	at []time.Time
}

func (a *arrivals) around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.Method != http.MethodGet {
			a.mu.Lock()
			a.at = append(a.at, time.Now())
			a.mu.Unlock()
		}
		next.ServeHTTP(w, q)
	})
}

// after are the writes that came after a moment.
func (a *arrivals) after(moment time.Time) (n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, at := range a.at {
		if at.After(moment) {
			n++
		}
	}
	return n
}

// onTheWire is how long a request may be between the program and the service
// that was sent before. No pause between two attempts is as short.
const onTheWire = 200 * time.Millisecond

// discarded is an edit that is thrown away.
type discarded struct {
	*life
	arrivals arrivals
	moment   moment
	when     time.Time // thrown away
	text     string    // typed into the field
}

func thrownAway(ctx context.Context, home string, seed uint64, c *tally) error {
	d := &discarded{life: &life{seed: seed, random: rand.New(rand.NewPCG(seed, 11)), tally: c}}
	d.kind = []work.DraftKind{work.DraftEdit, work.DraftField, work.DraftCreate}[d.random.IntN(3)]
	d.moment = moment(d.random.IntN(int(numMoments)))
	r, err := newRig(ctx, home, sandbox.Options{Contacts: 60, Seed: seed + 1,
		Latency: time.Duration(d.random.IntN(120)) * time.Millisecond},
		d.arrivals.around)
	if err != nil {
		return err
	}
	defer r.Door.Shut()
	d.rig = r
	spec := lostAndLate()[d.random.IntN(len(lostAndLate()))]
	if spec == "slow=20s" && d.moment == afterSave { // nobody waits for that
		d.moment = duringSave
	}
	if err := r.fails(onWrites(spec)); err != nil {
		return err
	}
	if err := d.play(ctx); err != nil {
		return fmt.Errorf("%s, %s, %s: %w", d.kind, d.moment, spec, err)
	}
	return r.leaked()
}

// onWrites is a fault for both writes.
func onWrites(spec string) string {
	var out []string
	for _, endpoint := range []string{"patch", "create"} {
		for rule := range strings.SplitSeq(spec, ",") {
			what, when, named := strings.Cut(rule, "@W")
			if !named {
				when = ""
			}
			out = append(out, what+"@"+endpoint+when)
		}
	}
	return strings.Join(out, ",")
}

func (d *discarded) play(ctx context.Context) error {
	p, err := d.rig.start(ctx)
	if err != nil {
		return err
	}
	defer func() { p.close() }()
	if err := p.do().wait(" loaded",
		sarahName).then(func() error { return d.openForm(p) }).then(func() error { return d.fill(p) }).err; err != nil {
		return err
	}
	if d.moment != beforeSave {
		if err := d.save(p); err != nil {
			return err
		}
	}
	if d.moment == afterKill || d.moment == afterQuit {
		p.close()
		drafts, _, err := d.left(ctx)
		if err != nil {
			return err
		}
		if p, err = d.rig.start(ctx); err != nil {
			return err
		}
		if err := p.WaitFor(" loaded"); err != nil {
			return err
		}
		if drafts > 0 { // the edit is opened again
			if _, err := p.either(formOpen, fieldOpen); err != nil {
				return err
			}
		}
	}
	if err := d.throwAway(ctx, p); err != nil {
		return fmt.Errorf("to throw it away, %w", p.afterKeys(err))
	}
	// The pauses between the attempts of a write are about as long.
	time.Sleep(time.Duration(200+d.random.IntN(1000)) * time.Millisecond)
	if err := p.do().press("r").wait(" loaded").then(p.quit).err; err != nil {
		return fmt.Errorf("to end the program, %w", p.afterKeys(err))
	}
	return p.afterKeys(d.nextStart(ctx))
}

// nextStart knows nothing of what was thrown away.
func (d *discarded) nextStart(ctx context.Context) error {
	p, err := d.rig.start(ctx)
	if err != nil {
		return err
	}
	defer p.close()
	if err := p.WaitFor(" loaded", inList); err != nil {
		return fmt.Errorf("the next start: %w", err)
	}
	time.Sleep(300 * time.Millisecond)
	if s := p.Screen(); !strings.Contains(s, inList) || strings.Contains(s, "draft") || strings.Contains(s, "response") {
		return fmt.Errorf("the next start still has it:\n%s", s)
	}
	if err := p.quit(); err != nil {
		return fmt.Errorf("the end of the next start: %w", err)
	}
	if n := d.arrivals.after(d.when.Add(onTheWire)); n > 0 {
		return fmt.Errorf("%d writes were sent after it was thrown away", n)
	}
	return d.nothingLeft(ctx)
}

// fill types something worth throwing away.
func (d *discarded) fill(p *person) error {
	word, field := d.word(8), model.FieldTitle
	a := p.do()
	switch d.kind {
	case work.DraftCreate:
		a.press("space").wait("< lender >").to(model.FieldFirstName, "tab").send(d.word(8)).to(model.FieldEmail, "tab")
		word, field = word+"@example.com", model.FieldEmail
	case work.DraftEdit:
		a.to(field, "tab")
	}
	d.text = word
	return a.send(word).until("what was typed", func(s string) bool {
		return strings.Contains(fieldLine(s, field),
			word)
	}).err
}

// save begins to save, and waits for the moment.
func (d *discarded) save(p *person) error {
	a := p.do()
	if d.kind != work.DraftField {
		a.press("ctrl+s").wait("show JSON")
	}
	if a.press("enter"); a.err != nil {
		return a.err
	}
	if d.moment == afterSave {
		said, err := p.saveEnds("Is this the contact?", "Not sent", "may or may not have been saved", mayExist, "has trouble")
		d.tally.add("answered: " + said)
		return err
	}
	time.Sleep(time.Duration(d.random.IntN(1500)) * time.Millisecond)
	switch d.moment {
	case afterKill:
		if err := p.Kill(); err != nil {
			return err
		}
		_, err := p.Wait()
		return err
	case afterQuit:
		return d.leave(p)
	}
	return nil
}

// leave ends the program whatever is open.
func (d *discarded) leave(p *person) error {
	for {
		before := p.Screen()
		key := "ctrl+c"
		if strings.Contains(before, "Quit?") {
			key = "y"
		}
		err := p.do().press(key).until("an end", func(s string) bool { return s != before }).err
		if errors.Is(err, term.ErrEnded) {
			_, err = p.Wait()
			return err
		}
		if err != nil {
			return p.afterKeys(err)
		}
	}
}
