package ui

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"levcontacts/internal/plain"
	"levcontacts/ui/keymap"
	"levcontacts/ui/theme"
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

// doing is what is going on: loading, waiting for the rate limit, offline.
func (m *Model) doing() doing {
	now := m.o.Now()
	loading, since := m.underWay()
	switch {
	case !m.shelf.retryAt.IsZero() && m.shelf.offline:
		return m.offlineWords(lasting(m.shelf.retryAt.Sub(now)))
	case !m.shelf.retryAt.IsZero():
		return slowDown(lasting(m.shelf.retryAt.Sub(now)), "")
	case loading && m.gauge.Until.After(now) && m.gauge.Frozen:
		return slowDown(lasting(m.gauge.Until.Sub(now)), m.escStops())
	case loading && m.gauge.Until.After(now):
		wait := lasting(m.gauge.Until.Sub(now))
		return doing{theme.Dim, shorter("waiting for the rate limit · "+wait+m.escStops(), "rate limit · "+wait+m.escStops(), "rate limit · "+wait, "wait "+wait)}
	case m.bulk.ticket.Busy() && m.bulk.run.Total > 0:
		return m.runWords()
	case m.goingEnd:
		return doing{theme.Accent, shorter("loading to the end"+m.restWords()+m.escStops(), "loading"+m.restWords()+m.escStops(), "loading"+m.escStops(), "loading")}
	case loading && now.Sub(since) >= spinnerAfter:
		frames := []rune(m.theme.Glyphs.Spinner)
		frame := frames[int(now.Sub(since)/(120*time.Millisecond))%len(frames)]
		return doing{theme.Dim, []string{string(frame) + " loading"}}
	}
	return doing{}
}

func (m *Model) offlineWords(wait string) doing {
	forms := shorter("offline, trying again in "+wait, "offline · "+wait)
	if m.scope() == keymap.List || m.scope() == keymap.Detail {
		forms = shorter(append([]string{forms[0] + " · " + m.keys.Key(keymap.Refresh) + " now"}, forms...)...)
	}
	return doing{theme.Attention, forms}
}

func slowDown(wait, esc string) doing {
	return doing{theme.Attention, shorter("the service is asking us to slow down · "+wait+esc, "asked to slow down · "+wait+esc, "asked to slow down · "+wait, "wait "+wait)}
}

// shorter are the forms without those that say the same as the one before.
func shorter(forms ...string) []string { return slices.Compact(forms) }

func (m *Model) escStops() string { return " · esc stops" }

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
	if m.ticking {
		return nil
	}
	now := m.o.Now()
	loading, since := m.underWay()
	var wait time.Duration
	switch {
	case loading && now.Sub(since) < spinnerAfter:
		wait = spinnerAfter
	case loading && !m.gauge.Until.After(now):
		wait = 120 * time.Millisecond
	case loading || !m.shelf.retryAt.IsZero() || m.bulk.ticket.Busy():
		wait = time.Second
	case m.o.Index && m.shelf.full() != nil && !m.shelf.full().done && m.shelf.full().err == nil:
		wait = max(time.Second, idleBefore-now.Sub(m.touched))
	default:
		return nil
	}
	m.ticking = true
	return m.o.After(wait, tickMsg{})
}

func (m *Model) onTick() tea.Cmd {
	m.ticking = false
	m.gauge = m.o.Backend.Gauge()
	return m.needMore()
}
