package edit

import (
	"fmt"
	"strings"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
	"github.com/levcontacts/levcontacts/work"
)

// spinnerAfter is how long a save may take before the status line moves,
// secondsAfter how long before its seconds are counted.
const (
	spinnerAfter = 300 * time.Millisecond
	secondsAfter = time.Second
)

// Activity is the save that the user waits for. gauge is the rate limit as it
// is now, trouble the kind of failure of the last attempt, "" for none.
func (m *Model) Activity(gauge work.Quota, trouble string) screen.Activity {
	if m.state != saving || m.kind == work.DraftBulk || m.turn != nil {
		return screen.Activity{}
	}
	esc := ""
	if !m.background {
		esc = " · " + m.o.Keys.Key(keymap.FormLeave) + " stops"
	}
	now := m.o.Now()
	took, wait := now.Sub(m.request.Since()), text.Duration(gauge.SaveUntil.Sub(now))
	activity := func(role theme.Role, forms ...string) screen.Activity {
		return screen.Activity{Rank: screen.RankSaving, Role: role, Forms: text.Distinct(forms...)}
	}
	switch {
	case m.request.Ending():
		return activity(theme.Attention, "stopping"+m.o.Theme.Glyphs.Ellipsis)
	case gauge.SaveUntil.After(now) && gauge.SaveFrozen:
		return activity(theme.Attention, "the service is asking us to slow down · "+wait+esc,
			"asked to slow down · "+wait+esc, "asked to slow down · "+wait, "wait "+wait)
	case gauge.SaveUntil.After(now):
		return activity(theme.Dim, "waiting for the rate limit · "+wait+esc, "rate limit · "+wait+esc,
			"rate limit · "+wait, "wait "+wait)
	case trouble != "":
		again := "retrying"
		if took >= secondsAfter {
			again = fmt.Sprintf("retrying (%d s)", int(took/time.Second))
		}
		long, short := troubleWords(trouble)
		return activity(theme.Attention, long+" · "+again+esc, short+" · "+again+esc, again+esc, again)
	case took < secondsAfter:
		return screen.Activity{}
	}
	since := fmt.Sprintf(" · %d s", int(took/time.Second))
	if m.background {
		return activity(theme.Dim, strings.TrimPrefix(since, " · "))
	}
	return activity(theme.Dim, "still saving"+since+esc, "saving"+since+esc, "saving"+since)
}

// troubleWords are what went wrong with the last attempt, and the same in fewer
// words.
func troubleWords(kind string) (long, short string) {
	switch kind {
	case model.KindNetwork.String():
		return "can't reach Lev", "no connection"
	case model.KindUnavailable.String():
		return "the service has trouble", "it has trouble"
	case model.KindRateLimited.String():
		return "the service asked to slow down", "asked to slow down"
	default:
		return "the last attempt failed", "it failed"
	}
}

// Since is when the save on its way began, zero when there is none.
func (m *Model) Since() time.Time {
	if m.state != saving || m.turn != nil {
		return time.Time{}
	}
	return m.request.Since()
}

// Wake is when the activity changes by itself next.
func (m *Model) Wake() screen.Wake {
	now := m.o.Now()
	switch {
	case m.state != saving || m.turn != nil:
		return time.Time{}
	case now.Sub(m.request.Since()) < spinnerAfter:
		return now.Add(spinnerAfter)
	}
	return now.Add(time.Second / 2)
}
