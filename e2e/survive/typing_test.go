//go:build unix

package survive

import (
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/levcontacts/levcontacts/model"
)

// secondLost is how much of the newest typing a crash may cost. A machine that
// is slow to show a key is as slow to write it.
const secondLost = time.Second

// typing is everything that was typed into a form, state after state.
type typing struct {
	mu     sync.Mutex
	states []typed
}

// typed is what the form held after a key. seen is when it was on the screen,
// zero while it was not: a program that is slow to read its terminal has lost
// nothing yet.
type typed struct {
	values  model.Draft
	pressed time.Time
	seen    time.Time
}

// key adds a state that differs from the last in one field.
func (t *typing) key(field model.FieldID, text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	values := model.Draft{}
	if n := len(t.states); n > 0 {
		values = maps.Clone(t.states[n-1].values)
	}
	values[field] = text
	t.states = append(t.states, typed{values: values, pressed: time.Now()})
}

// saw says that all typed so far is on the screen.
func (t *typing) saw(now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range t.states {
		if t.states[i].seen.IsZero() {
			t.states[i].seen = now
		}
	}
}

func (t *typing) last() model.Draft {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.states) == 0 {
		return nil
	}
	return maps.Clone(t.states[len(t.states)-1].values)
}

// slowness is the longest that a key took, until the end, to be on the screen.
func (t *typing) slowness(end time.Time) (longest time.Duration) {
	for _, s := range t.states {
		shown := s.seen
		if shown.IsZero() {
			shown = end
		}
		longest = max(longest, shown.Sub(s.pressed))
	}
	return longest
}

// mustBeKept says that something was on the screen long enough before the end
// not to be lost.
func (t *typing) mustBeKept(end time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.newestKept(end) >= 0
}

// newestKept is the newest state that the end may not cost, -1 for none.
func (t *typing) newestKept(end time.Time) int {
	newest, limit := -1, end.Add(-secondLost-t.slowness(end))
	for i, s := range t.states {
		if !s.seen.IsZero() && s.seen.Before(limit) {
			newest = i
		}
	}
	return newest
}

// allows is an error when a draft holds anything but a state of the form that
// the end may have left of it.
func (t *typing) allows(draft model.Draft, end time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	from := max(0, t.newestKept(end))
	for i, s := range t.states {
		if maps.Equal(s.values, draft) {
			if i < from {
				return fmt.Errorf("the draft is %v, and %v was on the screen more than a second before the end", sentAs(draft), sentAs(t.states[from].values))
			}
			return nil
		}
	}
	return fmt.Errorf("the draft is %v, which the form never held; the last was %v", sentAs(draft), sentAs(t.states[max(0, len(t.states)-1)].values))
}
