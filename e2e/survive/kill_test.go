//go:build unix

// Package survive holds tests of the real program in a real terminal that
//
//   - is killed at any moment between the first key in a form and the end of
//     the save,
//   - shares a profile with another one,
//   - loses its key between two tries of a save,
//   - loses its service, its copy, its disk or its life while it fetches the book.
//
// Every file is read afterwards, and every request compared with what was on
// the screen.
package survive

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/internal/term"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

const (
	// LEVCONTACTS_KILL_ROUNDS is how many lives are ended, and
	// LEVCONTACTS_KILL_SEED the seed of the first; the next has one more.
	roundsVariable = "LEVCONTACTS_KILL_ROUNDS"
	seedVariable   = "LEVCONTACTS_KILL_SEED"
	usualRounds    = 12
)

// A program is killed at a random moment between the first key in a form and
// the end of the save, over a slow service that loses answers. What was typed
// more than a second before is not lost, no contact is made twice, nothing is
// sent that was not shown, and the next start finds out about every write.
func TestKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	manyRounds(t, oneLife)
}

// manyRounds plays rounds that differ by their seed.
func manyRounds(t *testing.T, round func(ctx context.Context, home string, seed uint64, c *tally) error) {
	t.Helper()
	rounds, seed := numberFrom(t, roundsVariable, usualRounds), numberFrom(t, seedVariable, int(time.Now().UnixNano()%1_000_000))
	seeds := make(chan uint64)
	var workers sync.WaitGroup
	var tally tally
	// Most of a round is waiting for a typist and for a service.
	for range 6 * runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for seed := range seeds {
				if err := round(t.Context(), t.TempDir(), seed, &tally); err != nil {
					t.Errorf("%s=1 %s=%d: %v", roundsVariable, seedVariable, seed, err)
				}
			}
		})
	}
	for i := range rounds {
		seeds <- uint64(seed + i)
	}
	close(seeds)
	workers.Wait()
	t.Logf("%d rounds, first seed %d: %s", rounds, seed, tally.String())
}

func numberFrom(t *testing.T, variable string, usual int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		t.Fatalf("%s=%s is not a number", variable, text)
	}
	return n
}

// tally counts what the lives have met, to show that they meet everything.
type tally struct {
	mu    sync.Mutex
	count map[string]int
}

func (c *tally) add(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.count == nil {
		c.count = map[string]int{}
	}
	c.count[what]++
}

func (c *tally) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []string
	for _, what := range slices.Sorted(maps.Keys(c.count)) {
		out = append(out, fmt.Sprintf("%s %d", what, c.count[what]))
	}
	return strings.Join(out, ", ")
}

// life is one program, from its start to SIGKILL, and the one after it.
type life struct {
	seed   uint64
	random *rand.Rand
	rig    *rig
	tally  *tally
	kind   work.DraftKind
	typing typing
	shown  []map[string]any // what was on the screen when a save was confirmed
	killAt int              // number of the step in which the program is killed
	killIn time.Duration    // after the beginning of that step
	asked  int              // how often the next start asked whether the contact was created

	// mayStayOpen says that nobody can know yet what became of a create.
	mayStayOpen bool
	// forgotten says that the person gave up a change that did not arrive, when
	// so many were sent before.
	forgotten  bool
	sentBefore int

	mu     sync.Mutex
	killed time.Time
}

// oneLife plays a round. The error says what promise was broken.
func oneLife(ctx context.Context, home string, seed uint64, c *tally) error {
	l := &life{seed: seed, random: rand.New(rand.NewPCG(seed, 7)), tally: c}
	latency := time.Duration(l.random.IntN(80)) * time.Millisecond
	r, err := newRig(ctx, home, sandbox.Options{Contacts: 60, Seed: seed + 1, Latency: latency}, nil)
	if err != nil {
		return err
	}
	defer r.Door.Shut()
	l.rig = r
	l.kind = []work.DraftKind{work.DraftEdit, work.DraftEdit, work.DraftField, work.DraftCreate, work.DraftCreate}[l.random.IntN(5)]
	if err := r.fails("lost-answer@patch:1/3,lost-answer@create:1/3,reset@patch:1/8,reset@create:1/8"); err != nil {
		return err
	}
	if err := l.first(ctx); err != nil {
		return fmt.Errorf("%s, before it was killed: %w", l.kind, err)
	}
	kept, err := l.kept(ctx)
	if err != nil {
		return fmt.Errorf("%s, on the disk: %w", l.kind, err)
	}
	if err := r.fails(""); err != nil {
		return err
	}
	if err := l.second(ctx, kept); err != nil {
		return fmt.Errorf("%s, at the next start: %w", l.kind, err)
	}
	if err := l.judge(ctx, kept); err != nil {
		return fmt.Errorf("%s, in the end: %w", l.kind, err)
	}
	return r.leaked()
}

// step is something that a person does. It may be cut short by the end of the
// program.
type step struct {
	name string
	do   func(*person) error
}

// first lives until the program is killed.
func (l *life) first(ctx context.Context) error {
	p, err := l.rig.start(ctx)
	if err != nil {
		return err
	}
	defer p.close()
	if err := p.WaitFor(" loaded", sarahName); err != nil {
		return err
	}
	if err := l.openForm(p); err != nil {
		return err
	}
	steps := append(l.typingSteps(), l.savingSteps()...)
	l.chooseMoment(steps)
	var killer *time.Timer
	for i, s := range steps {
		if i == l.killAt {
			killer = time.AfterFunc(l.killIn, func() { l.kill(p) })
		}
		if err := s.do(p); err != nil {
			if l.wasKilled() && errors.Is(err, term.ErrEnded) {
				break
			}
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	if killer != nil {
		killer.Stop()
	}
	l.kill(p)
	_, err = p.Wait()
	return err
}

func (l *life) kill(p *person) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.killed.IsZero() {
		l.killed = time.Now()
		_ = p.Kill() // the program does not end by itself
	}
}

func (l *life) wasKilled() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.killed.IsZero()
}

// chooseMoment picks the moment: half of them during the save.
func (l *life) chooseMoment(steps []step) {
	last := len(steps) - 1
	if l.random.IntN(2) == 0 {
		l.killAt, l.killIn = last, time.Duration(l.random.IntN(700))*time.Millisecond
		return
	}
	l.killAt, l.killIn = l.random.IntN(last), time.Duration(l.random.IntN(60))*time.Millisecond
}

// kept are the drafts and the journal as the killed program left them, read
// from a copy so that the next start finds them untouched.
func (l *life) kept(ctx context.Context) (kept, error) {
	var k kept
	dir := filepath.Join(l.rig.Home, "copy")
	if err := os.CopyFS(dir, os.DirFS(l.rig.stateDir())); err != nil {
		return k, err
	}
	st, err := l.rig.state(ctx, dir)
	if err != nil {
		return k, err
	}
	defer func() { _ = st.Close() }()
	if aside, _ := st.Quarantined(); aside != "" {
		return k, errors.New("the file was damaged: " + aside)
	}
	drafts, err := st.Drafts(ctx)
	if err != nil {
		return k, err
	}
	if len(drafts) > 1 {
		return k, fmt.Errorf("%d drafts of one form", len(drafts))
	}
	if k.unsure, err = st.Unresolved(ctx); err != nil {
		return k, err
	}
	for _, d := range drafts {
		k.draft = d.Values
	}
	switch {
	case len(k.unsure) > 1:
		return k, fmt.Errorf("%d writes of one save have no outcome", len(k.unsure))
	case len(k.unsure) == 1:
		l.tally.add("write without an answer")
	}
	if k.draft != nil {
		l.tally.add("draft kept")
		return k, l.typing.allows(k.draft, l.killed)
	}
	return k, l.mayHaveNoDraft()
}

type kept struct {
	draft  model.Draft // nil for none
	unsure []work.Entry
}

// mayHaveNoDraft is an error when what was typed is neither in a draft nor with
// the service.
func (l *life) mayHaveNoDraft() error {
	if !l.typing.mustBeKept(l.killed) {
		l.tally.add("killed in the first second")
		return nil
	}
	if len(l.shown) > 0 && len(l.rig.applied("patch"))+len(l.rig.applied("create")) > 0 {
		l.tally.add("saved before")
		return nil
	}
	return fmt.Errorf("what was typed is lost: %v", sentAs(l.typing.last()))
}

// second is the next start: the person finds what was typed, saves it or puts
// it off, and answers what is asked about the write that was cut off.
func (l *life) second(ctx context.Context, k kept) (err error) {
	p, err := l.rig.start(ctx)
	if err != nil {
		return err
	}
	defer p.close()
	defer func() { err = p.afterKeys(err) }()
	if err := p.WaitFor(" loaded"); err != nil {
		return err
	}
	if k.draft != nil {
		if err := l.findDraft(p, k.draft); err != nil {
			return err
		}
		if err := l.told(p, k.unsure); err != nil {
			return err
		}
		finish := l.putOff
		if l.saves() {
			finish = l.saveAgain
		}
		if err := finish(p, k.draft); err != nil {
			return err
		}
	}
	if err := l.settle(ctx, p); err != nil {
		return err
	}
	return p.quit()
}

// saves says what the person does with the draft at the next start: it depends
// on the seed alone.
func (l *life) saves() bool { return l.seed%3 != 0 }
