package ui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"levcontacts/internal/plain"
	"levcontacts/model"
	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/theme"
	"levcontacts/work"
)

// spinnerAfter is how long something may take before the status line moves.
const spinnerAfter = 300 * time.Millisecond

// doing is what is going on, said in several ways, the fullest first. A way
// that does not fit gives way to the next; none is cut.
type doing struct {
	role  theme.Role
	forms []string
}

// within is the fullest way that fits into w cells. With good the shortest one
// does not count, unless it is the only one.
func (d doing) within(w int, good bool) (string, bool) {
	forms := d.forms
	if good && len(forms) > 1 {
		forms = forms[:len(forms)-1]
	}
	for _, f := range forms {
		if plain.Width(f) <= w {
			return f, true
		}
	}
	return "", len(d.forms) == 0 && w >= -2
}

// doing is what is going on: saving, loading, waiting for the rate limit, offline.
func (m *Model) doing() doing {
	now := m.o.Now()
	loading, since := m.underWay()
	switch {
	case m.edit.saving.Busy():
		return m.savingWords(now.Sub(m.edit.saving.Since()))
	case !m.shelf.retryAt.IsZero() && m.shelf.offline:
		return m.offlineWords(lasting(m.shelf.retryAt.Sub(now)))
	case !m.shelf.retryAt.IsZero():
		return slowDown(lasting(m.shelf.retryAt.Sub(now)), "")
	case loading && m.gauge.Until.After(now) && m.gauge.Frozen:
		return slowDown(lasting(m.gauge.Until.Sub(now)), m.escStops())
	case loading && m.gauge.Until.After(now):
		return rateLimit(lasting(m.gauge.Until.Sub(now)), m.escStops())
	case loading && m.trouble != "":
		return m.tryingWords(now.Sub(since))
	case m.bulk.ticket.Busy() && m.bulk.run.Total > 0:
		return m.runWords()
	case m.goingEnd:
		return doing{theme.Accent, shorter("loading to the end"+m.restWords()+m.escStops(), "loading"+m.restWords()+m.escStops(), "loading"+m.escStops(), "loading")}
	case loading && now.Sub(since) >= spinnerAfter:
		frames := []rune(m.theme.Glyphs.Spinner)
		frame := frames[int(now.Sub(since)/(120*time.Millisecond))%len(frames)]
		words := string(frame) + " loading"
		if now.Sub(since) < secondsAfter {
			return doing{theme.Dim, []string{words}}
		}
		return doing{theme.Dim, shorter(words+taken(now.Sub(since))+m.escStops(), words+taken(now.Sub(since)), words)}
	}
	return doing{}
}

// secondsAfter is how long something may take before its seconds are counted.
const secondsAfter = time.Second

// taken is how long something has taken, "" at its beginning.
func taken(d time.Duration) string {
	if d < secondsAfter {
		return ""
	}
	return fmt.Sprintf(" · %d s", int(d/time.Second))
}

// savingWords are about the save that the person waits for.
func (m *Model) savingWords(d time.Duration) doing {
	wait := m.gauge.SaveUntil.Sub(m.o.Now())
	switch {
	case m.edit.saving.Ending():
		return doing{theme.Attention, []string{"stopping" + m.theme.Glyphs.Ellipsis}}
	case wait > 0 && m.gauge.SaveFrozen:
		return slowDown(lasting(wait), m.escStops())
	case wait > 0:
		return rateLimit(lasting(wait), m.escStops())
	case m.trouble != "":
		return m.tryingWords(d)
	case d < secondsAfter:
		return doing{}
	}
	return doing{theme.Dim, shorter("still saving"+taken(d)+m.escStops(), "saving"+taken(d)+m.escStops(), "saving"+taken(d))}
}

// tryingWords say that a try has failed and that another is made.
func (m *Model) tryingWords(d time.Duration) doing {
	again, stops := "trying again", m.escStops()
	if d >= secondsAfter {
		again = fmt.Sprintf("trying again for %d s", int(d/time.Second))
	}
	long, short := m.troubleWords()
	return doing{theme.Attention, shorter(long+", "+again+stops, short+", "+again+stops, again+stops, again)}
}

// troubleWords are what went wrong with the last try, and the same in fewer words.
func (m *Model) troubleWords() (long, short string) {
	switch m.trouble {
	case model.KindNetwork.String():
		return "the service cannot be reached", "no connection"
	case model.KindUnavailable.String():
		return "the service has trouble", "it has trouble"
	case model.KindRateLimited.String():
		return "the service asked to slow down", "asked to slow down"
	default:
		return "the last try failed", "it failed"
	}
}

// noteTrouble looks into the log of requests whether the last try of what the
// person waits for has failed.
func (m *Model) noteTrouble() {
	m.trouble = ""
	loading, since := m.underWay()
	saving := m.edit.saving.Busy()
	if saving {
		since = m.edit.saving.Since()
	}
	if !loading && !saving {
		return
	}
	for _, x := range slices.Backward(m.o.Backend.Exchanges()) {
		if x.At.Before(since) {
			return
		}
		if list := strings.Contains(x.Path, "limit="); list != saving {
			m.trouble = x.Problem
			return
		}
	}
}

func (m *Model) offlineWords(wait string) doing {
	forms := shorter("offline, trying again in "+wait, "offline · "+wait)
	if m.scope() == keymap.List || m.scope() == keymap.Detail {
		forms = shorter(append([]string{forms[0] + " · " + m.keys.Key(keymap.Refresh) + " now"}, forms...)...)
	}
	return doing{theme.Attention, forms}
}

func rateLimit(wait, esc string) doing {
	return doing{theme.Dim, shorter("waiting for the rate limit · "+wait+esc, "rate limit · "+wait+esc, "rate limit · "+wait, "wait "+wait)}
}

func slowDown(wait, esc string) doing {
	return doing{theme.Attention, shorter("the service is asking us to slow down · "+wait+esc, "asked to slow down · "+wait+esc, "asked to slow down · "+wait, "wait "+wait)}
}

// shorter are the forms without those that say the same as the one before.
func shorter(forms ...string) []string { return slices.Compact(forms) }

// escStops says so where esc means it.
func (m *Model) escStops() string {
	switch m.scope() {
	case keymap.Form, keymap.Field:
		if m.edit.saving.Busy() {
			return " · esc stops"
		}
	case keymap.List:
		if m.stoppable() {
			return " · esc stops"
		}
	}
	return ""
}

// restWords is how long the rest takes at this account's limits.
func (m *Model) restWords() string {
	left := m.shelf.total() - m.held()
	if left <= 0 {
		return ""
	}
	d := m.o.Backend.Estimate((left+m.pageLimit()-1)/m.pageLimit(), work.Screen)
	if d < 2*time.Second {
		return ""
	}
	return ", about " + lasting(d)
}

// underWay says that rows are being asked for, and since when.
func (m *Model) underWay() (bool, time.Time) {
	for _, c := range m.shelf.chains {
		if c != nil && c.ticket.Busy() {
			return true, c.ticket.Since()
		}
	}
	if m.shelf.contact.Busy() {
		return true, m.shelf.contact.Since()
	}
	return false, time.Time{}
}

// keepTicking runs the clock of the status line while it shows seconds, and
// waits for the person to be idle; otherwise nothing repaints.
func (m *Model) keepTicking() tea.Cmd {
	now := m.o.Now()
	loading, since := m.underWay()
	saving := m.edit.saving.Busy()
	var wait time.Duration
	switch {
	case loading && now.Sub(since) < spinnerAfter, saving && now.Sub(m.edit.saving.Since()) < spinnerAfter:
		wait = spinnerAfter
	case loading && !m.gauge.Until.After(now):
		wait = 120 * time.Millisecond
	case saving:
		wait = time.Second / 2
	case loading || !m.shelf.retryAt.IsZero() || m.bulk.ticket.Busy() || m.signing.Busy():
		wait = time.Second
	case m.o.Index && m.shelf.full() != nil && !m.shelf.full().done && m.shelf.full().err == nil:
		wait = max(time.Second, idleBefore-now.Sub(m.touched))
	default:
		return nil
	}
	due := now.Add(wait)
	if !m.tickAt.IsZero() && !due.Before(m.tickAt) {
		return nil
	}
	m.tickSeq++
	m.tickAt = due
	return m.o.After(wait, tickMsg{m.tickSeq})
}

func (m *Model) onTick(msg tickMsg) tea.Cmd {
	if msg.seq != m.tickSeq {
		return nil // a nearer one was asked for meanwhile
	}
	m.tickAt = time.Time{}
	m.gauge = m.o.Backend.Gauge()
	m.noteTrouble()
	return m.needMore()
}
