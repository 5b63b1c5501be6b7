package ui

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/uitest"
	"github.com/levcontacts/levcontacts/work"
)

// pendingCmd is a command that was asked for: it is carried out at some moment, and what it
// gives arrives at some later one.
type pendingCmd struct {
	cmd  tea.Cmd
	done bool
	msg  tea.Msg
	then []tea.Cmd // the rest of a sequence
}

// step lets one job make progress.
func (s *stage) step() {
	i := s.loose.IntN(len(s.jobs))
	j := s.jobs[i]
	if !j.done {
		s.jobs[i] = pendingCmd{done: true, msg: j.cmd(), then: j.then}
		return
	}
	s.jobs = slices.Delete(s.jobs, i, i+1)
	s.deliver(j.msg)
	if len(j.then) > 0 {
		s.jobs = append(s.jobs, pendingCmd{cmd: j.then[0], then: j.then[1:]})
	}
}

// settle lets everything happen that was asked for.
func (s *stage) settle() {
	for range 5 {
		for len(s.jobs) > 0 {
			s.now = s.now.Add(time.Millisecond)
			s.step()
		}
		s.passes(2 * time.Second)
	}
}

const (
	// LEVCONTACTS_ORDER_ROUNDS is how many orders are tried, and
	// LEVCONTACTS_ORDER_SEED the first.
	orderRounds = "LEVCONTACTS_ORDER_ROUNDS"
	orderSeed   = "LEVCONTACTS_ORDER_SEED"
)

func number(t *testing.T, variable string, usual int) int {
	text := os.Getenv(variable)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s=%s is not a number", variable, text)
	}
	return n
}

// Keys are pressed at random while the answers of the backend are on their way and
// arrive in any order. Then the program ends when it is told to, what was typed is on
// the disk, and what was discarded is not.
func TestAnyOrderOfAnswers(t *testing.T) {
	t.Parallel()
	first := number(t, orderSeed, 1)
	for seed := first; seed < first+number(t, orderRounds, 150); seed++ {
		o := &order{stage: shuffled(t, uint64(seed))}
		if broken := o.play(); broken != "" {
			t.Errorf("%s=1 %s=%d: %s\nkeys %s\n%s", orderRounds, orderSeed, seed, broken, strings.Join(o.pressed, " "),
				o.screen())
		}
	}
}

// shuffled is a stage whose commands take their time, with what an earlier run left.
func shuffled(t *testing.T, seed uint64) *stage {
	random := rand.New(rand.NewPCG(seed, 5))
	f := newFake(20)
	f.account.Demo = false
	f.ended, f.Noted = map[string]time.Time{}, map[int64][]model.Note{}
	sarah := uitest.Person(0)
	kinds := []work.DraftKind{work.DraftField, work.DraftEdit, work.DraftCreate}
	for i := range random.IntN(3) {
		d := work.Draft{ID: fmt.Sprint("early-", i), Kind: kinds[random.IntN(3)], Field: model.FieldTitle,
			Values: model.Draft{model.FieldTitle: "Partner"}, Open: random.IntN(2) == 0}
		if d.Kind != work.DraftCreate {
			d.ContactID, d.Base = sarah.ID(), sarah
		}
		f.drafts[d.ID] = d
	}
	if random.IntN(3) == 0 {
		f.unknown = []work.Entry{{ID: "e", Kind: work.KindUpdate, ContactID: sarah.ID(), DraftID: "early-0", Name: sarah.Name(),
			Result: work.Unknown, Changes: []model.Change{{Field: model.FieldTitle, After: model.TextValue("Partner")}}}}
		f.finding = []work.Finding{work.FoundMissing, work.FoundSaved, work.FoundConflict, work.FoundGone}[random.IntN(4)]
	}
	s := bare(t, f, 120, 40, func(o *Options) { o.Account.Demo = false })
	f.now = func() time.Time { return s.now }
	s.loose = random
	s.run(s.a.Init())
	return s
}

type order struct {
	*stage
	pressed []string
}

// play returns what is wrong, "" for nothing.
func (o *order) play() string {
	keys := []string{"j", "k", "enter", "esc", "e", "t", "n", "ctrl+s", "ctrl+r", "ctrl+x", "tab", "y", "d", "l", "D", "u", "H", "space", "/",
		"backspace", "r", "b", "x", "A", "s", "f", "?", "down"}
	for range 60 {
		o.now = o.now.Add(time.Duration(o.loose.IntN(20)+1) * time.Millisecond)
		switch n := o.loose.IntN(10); {
		case n < 4 && len(o.jobs) > 0:
			o.step()
		case n == 9:
			o.passes(time.Duration(o.loose.IntN(2500)) * time.Millisecond)
		default:
			k := keys[o.loose.IntN(len(keys))]
			o.pressed = append(o.pressed, k)
			o.keys(k)
		}
	}
	if o.quits {
		return "it ended by itself"
	}
	var typed []string
	for _, e := range o.a.edits.all {
		if e.Dirty() && !e.Sending() {
			typed = append(typed, e.ID())
		}
	}
	o.keys("ctrl+c")
	o.settle()
	if !o.quits {
		o.keys("ctrl+c")
		o.settle()
	}
	if !o.quits {
		return "ctrl+c twice does not end it"
	}
	for _, id := range typed {
		if _, kept := o.f.drafts[id]; !kept && o.f.ended[id].IsZero() {
			return fmt.Sprintf("%s is not on the disk, only %v", id, slices.Collect(maps.Keys(o.f.drafts)))
		}
	}
	for _, e := range o.a.edits.all {
		if d, ok := e.Draft(); ok && slices.Contains(typed, d.ID) && !e.Sending() && !maps.Equal(d.Values, o.f.drafts[d.ID].Values) {
			return fmt.Sprintf("%s shows %v, on the disk is %v", d.ID, d.Values, o.f.drafts[d.ID].Values)
		}
	}
	known := o.a.changes.Drafts()
	for id := range o.f.drafts {
		if !slices.ContainsFunc(known, func(d work.Draft) bool { return d.ID == id }) {
			return id + " is on the disk, and not in the list of drafts"
		}
	}
	for _, d := range known {
		if _, kept := o.f.drafts[d.ID]; !kept {
			return d.ID + " is in the list of drafts, and not on the disk"
		}
	}
	return ""
}
