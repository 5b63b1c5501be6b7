//go:build unix

package kill

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"levcontacts/api/sandbox"
	"levcontacts/internal/term"
)

const (
	defaultRounds = 30
	together      = 8 // rounds at a time; most of a round is waiting
	contacts      = 60
)

// TestKilledInTheMiddle kills the program at a random moment between the first
// key in a form and the end of the save. LEVCONTACTS_KILL_ROUNDS says how
// often, LEVCONTACTS_KILL_SEED runs the round of one seed again.
func TestKilledInTheMiddle(t *testing.T) {
	t.Parallel()
	rounds, first := setting(t, "LEVCONTACTS_KILL_ROUNDS", defaultRounds), 1
	if seed := setting(t, "LEVCONTACTS_KILL_SEED", 0); seed != 0 {
		rounds, first = 1, seed
	}
	seeds := make(chan int)
	outcomes := make(chan string, rounds)
	var group sync.WaitGroup
	for range together {
		group.Go(func() {
			for seed := range seeds {
				r := round{seed: uint64(seed), home: t.TempDir()}
				began := time.Now()
				if err := r.play(t.Context()); err != nil {
					t.Errorf("LEVCONTACTS_KILL_SEED=%d, %s: %v", seed, r.story(), err)
				}
				t.Logf("seed %d: %s, %s", seed, r.story(), time.Since(began).Round(time.Millisecond))
				outcomes <- cmp.Or(r.outcome, "the list")
			}
		})
	}
	for seed := first; seed < first+rounds; seed++ {
		seeds <- seed
	}
	close(seeds)
	group.Wait()
	close(outcomes)
	counted := map[string]int{}
	for o := range outcomes {
		counted[o]++
	}
	t.Logf("what the next start found: %v", counted)
}

func setting(t *testing.T, name string, otherwise int) int {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s is %q, want a number from 1", name, text)
	}
	return n
}

// entry is one thing to type.
type entry struct{ label, name, value string }

// seenValue is how much of a field was on the screen at a time.
type seenValue struct {
	at    time.Time
	value string
}

// round is one life and death of the program, and its next start.
type round struct {
	seed    uint64
	home    string
	rng     *rand.Rand
	rig     *rig
	create  bool
	fields  []entry
	stage   string // what the person did last before the moment is chosen
	delay   time.Duration
	killed  time.Time
	seen    map[string][]seenValue // by the name of the field
	shown   []map[string]any       // bodies that were on the screen before they were sent
	looked  bool                   // for what was typed, after the kill
	outcome string
}

// stages are where the moment is counted from, and how much later it may be.
func stages() map[string]time.Duration {
	return map[string]time.Duration{"typing": 3 * time.Second, "preview": 150 * time.Millisecond, "sending": 120 * time.Millisecond, "waiting": time.Second}
}

func (r *round) story() string {
	kind := "edit"
	if r.create {
		kind = "create"
	}
	return fmt.Sprintf("%s killed %s into %s, then %s", kind, r.delay.Round(time.Millisecond), r.stage, cmp.Or(r.outcome, "the list"))
}

// play is the whole round.
func (r *round) play(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	r.rng, r.seen = rand.New(rand.NewPCG(r.seed, 4)), map[string][]seenValue{}
	r.create = r.rng.IntN(2) == 0
	r.stage = []string{"typing", "typing", "preview", "sending", "sending", "waiting"}[r.rng.IntN(6)]
	r.delay = time.Duration(r.rng.Float64() * float64(stages()[r.stage]))
	tag := fmt.Sprintf("%d", r.seed)
	r.fields = []entry{{"Title", "title", "Director of " + tag}, {"City", "city", "Killtown " + tag}}
	if r.create {
		r.fields = []entry{{"First name", "first_name", "Ada" + tag}, {"Last name", "last_name", "Killed" + tag}, {"Email", "email", "ada" + tag + "@kill.example"}}
	}
	faults, err := sandbox.ParseFaults("lost-answer@patch:1/4,lost-answer@create:1/4")
	if err != nil {
		return err
	}
	r.rig, err = newRig(ctx, r.home, sandbox.Options{Contacts: contacts, Seed: r.seed, Latency: 30 * time.Millisecond, Faults: faults}, nil)
	if err != nil {
		return err
	}
	defer r.rig.door.shut()
	if err := r.firstLife(ctx); err != nil {
		return fmt.Errorf("before the kill: %w", err)
	}
	if err := r.secondLife(ctx); err != nil {
		return fmt.Errorf("after the kill: %w", err)
	}
	return errors.Join(r.checkWrites(), r.checkJournal(ctx))
}

// firstLife types, saves and is killed somewhere on the way.
func (r *round) firstLife(ctx context.Context) error {
	p, err := r.rig.start(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	p.waitAll(contacts)
	if r.create {
		p.press("n")
		p.wait("New contact")
	} else {
		p.press("e")
		p.wait("Edit " + sarahName)
	}
	dead := make(chan error, 1)
	armed := false
	arm := func(stage string) {
		if r.stage == stage && p.err == nil {
			armed = true
			time.AfterFunc(r.delay, func() {
				r.killed = time.Now()
				dead <- p.Kill()
			})
		}
	}
	arm("typing")
	r.typeAll(p)
	if r.stage != "typing" {
		p.press("ctrl+s")
		arm("preview")
		r.confirm(p, func() { arm("sending"); arm("waiting") })
	}
	if !armed {
		return errors.Join(errors.New("the moment never came"), p.err)
	}
	if err := errors.Join(<-dead, p.unexpected()); err != nil {
		return err
	}
	_, err = p.Wait()
	return err
}

// unexpected is what went wrong before the kill and not because of it.
func (p *person) unexpected() error {
	if errors.Is(p.err, term.ErrEnded) {
		return nil
	}
	return p.err
}

// typeAll types every value as a person does, who sees each character, and
// notes what was to be seen when.
func (r *round) typeAll(p *person) {
	if r.create {
		p.toField("Type")
		p.press("right")
	}
	for _, f := range r.fields {
		p.toField(f.label)
		if !r.create {
			p.press("ctrl+e") // empties the field
		}
		for n := range f.value {
			typed := strings.TrimSpace(f.value[:n+1]) // a blank at the end is not to be seen
			if !p.send(f.value[n : n+1]) {
				return
			}
			p.until(f.label+" "+typed, func(s string) bool { return strings.Contains(rowOf(s, f.label), typed) })
			if p.err == nil {
				r.seen[f.name] = append(r.seen[f.name], seenValue{time.Now(), typed})
				time.Sleep(time.Duration(r.rng.IntN(40)) * time.Millisecond) // a typist
			}
		}
	}
}

// rowOf is the row of a field in the form.
func rowOf(screen, label string) string {
	for line := range strings.Lines(screen) {
		line = strings.TrimPrefix(strings.TrimSpace(line), "▌ ")
		if strings.HasPrefix(line, label+" ") {
			return line
		}
	}
	return ""
}

// confirm looks at what will be sent, the exact body, and sends it.
func (r *round) confirm(p *person, sent func()) {
	p.wait("show JSON")
	p.press("j")
	p.until("the body", func(s string) bool { return bodyOn(s) != nil })
	if p.err != nil {
		return
	}
	r.shown = append(r.shown, bodyOn(p.Screen()))
	if p.press("enter") {
		sent()
	}
}

// bodyOn is the JSON of the preview, nil when it is not on the screen.
func bodyOn(screen string) (body map[string]any) {
	_, after, found := strings.Cut(screen, "\n  {\n")
	inside, _, ended := strings.Cut(after, "\n  }")
	if !found || !ended || json.Unmarshal([]byte("{"+inside+"}"), &body) != nil {
		return nil
	}
	return body
}
