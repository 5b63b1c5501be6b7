package contacts

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/work"
)

// The pauses between attempts while the service cannot be reached.
const (
	firstPause = 2 * time.Second
	lastPause  = time.Minute
)

// onPageError reports why rows did not come, and goes on by itself where
// waiting helps.
func (m *Model) onPageError(name pagerName, p *pager, err *model.Error) tea.Cmd {
	if err.Kind == model.KindCanceled {
		return nil
	}
	if cmd, handled := m.onRefusedList(name, p, err); handled {
		return cmd
	}
	p.err = err
	m.toEnd, m.answers = false, false
	switch err.Kind {
	case model.KindNetwork, model.KindUnavailable:
		return m.tryAgain(err)
	case model.KindRateLimited:
		return m.retryIn(max(err.RetryAfter, time.Second))
	case model.KindUnauthorized:
		// The user may be typing by now: the program says how to sign in.
		m.emit(screen.SignIn{Err: err})
		return nil
	}
	if m.book.Len() > 0 {
		m.failed = true
		m.sayError("list contacts", err)
	}
	return nil
}

// Unreachable takes note that another request, such as a save, found the
// service out of reach, and tries again by itself.
func (m *Model) Unreachable(err *model.Error) (tea.Cmd, []screen.Event) {
	return m.done(m.tryAgain(err))
}

// tryAgain asks again after a pause that grows.
func (m *Model) tryAgain(err *model.Error) tea.Cmd {
	was := m.offline
	m.offline = err.Kind == model.KindNetwork
	switch {
	case m.offline:
		m.emit(Offline{err})
	case was:
		m.emit(BackOnline{}) // it answers, if only that it has trouble
	}
	m.pause = min(max(firstPause, 2*m.pause), lastPause)
	return m.retryIn(max(m.pause, err.RetryAfter))
}

func (m *Model) retryIn(d time.Duration) tea.Cmd {
	m.retryAt = m.o.Now().Add(d)
	return m.o.After(d, retryMsg{})
}

func (m *Model) onRetry() tea.Cmd {
	if m.retryAt.IsZero() || m.o.Now().Before(m.retryAt) {
		return nil // the user was faster
	}
	m.retryAt = time.Time{}
	for _, p := range m.pagers {
		if p != nil && p.err != nil {
			return m.resume()
		}
	}
	if m.offline {
		return m.refreshLists() // a save found the service out of reach
	}
	return nil
}

// Resume goes on with every list that an error stopped: after a sign-in, or
// because a save shows that the service can be reached.
func (m *Model) Resume() (tea.Cmd, []screen.Event) {
	if m.offline {
		m.offline, m.pause = false, 0
		m.emit(BackOnline{})
	}
	return m.done(m.resume())
}

func (m *Model) resume() tea.Cmd {
	var cmds []tea.Cmd
	m.retryAt = time.Time{}
	for name, p := range m.pagers {
		if p != nil && p.err != nil {
			p.err = nil
			cmds = append(cmds, m.fetch(pagerName(name), work.Screen))
		}
	}
	return tea.Batch(cmds...)
}

// onRefusedList goes another way where the service does not do what a list
// asks for: sort here, or make a full sync.
func (m *Model) onRefusedList(name pagerName, p *pager, err *model.Error) (tea.Cmd, bool) {
	if err.Kind != model.KindBadRequest && err.Kind != model.KindValidation {
		return nil, false
	}
	p.done = true
	switch name {
	case pagerSorted:
		m.order.local = true
		m.pagers[pagerSorted] = nil
		by := text.Label(m.order.sort.Field.Def().Label)
		m.say("", screen.Note, fmt.Sprintf("the service does not sort by %s; what is loaded is sorted here", by))
		return m.makeOrder(), true
	case pagerRecent:
		m.info.NoSort = true
		return m.beginFullSync(work.Index), true
	case pagerNotConnected:
		m.say("", screen.Failure, "the service does not list contacts that are not connected: "+err.Message)
		m.order.filter = m.order.filter.With(model.FieldConnected)
		m.emit(Changed{})
		return m.makeOrder(), true
	case pagerAll:
		if p.pass == work.FeedResume {
			return m.beginFullSync(work.Screen), true // the place of an earlier run is not known anymore
		}
	}
	p.done = false
	return nil, false
}

// Tick reads the clock of the status line: what is left of the rate limit, and
// whether the last attempt of what the user waits for has failed.
func (m *Model) Tick() (tea.Cmd, []screen.Event) {
	m.gauge = m.o.Backend.Quota()
	m.trouble = ""
	if loading, since := m.Busy(); loading {
		m.trouble = m.lastProblem(since)
	}
	m.emit(MoreWanted{})
	return m.done(m.refreshBySelf())
}

func (m *Model) lastProblem(since time.Time) string {
	log := m.o.Backend.Exchanges()
	for i := len(log) - 1; i >= 0 && !log[i].At.Before(since); i-- {
		if strings.Contains(log[i].Path, "limit=") { // a list, and no contact
			return log[i].Problem
		}
	}
	return ""
}
