package ui

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"levcontacts/model"
	"levcontacts/work"
)

// onPassEnded drops the contacts that a full pass did not meet.
func (m *Model) onPassEnded(msg passEndedMsg) tea.Cmd {
	gone := map[int64]bool{}
	for _, id := range msg.gone {
		gone[id] = true
	}
	full := m.shelf.full()
	if !msg.known && full != nil && full.pass == work.PassFull {
		for slot := range m.shelf.book.Len() {
			p := m.shelf.book.At(slot)
			if p.Connected() && !full.seen.has(slot) && !m.shelf.hidden[p.ID()] {
				gone[p.ID()] = true
			}
		}
	}
	if msg.err != nil {
		m.say(toastNote, "the local copy was not updated: "+msg.err.Error())
	}
	forget := m.forget(gone)
	info := &m.shelf.info
	info.PassedAt, info.Resume = m.o.Now(), ""
	info.Mismatch = m.held() - m.shelf.total()
	info.Newest = 0
	if full != nil && full.pass == work.PassResume && !m.shelf.asOf.IsZero() && !info.NoSort {
		// The rows of the earlier run are as old as its beginning.
		info.Newest = m.shelf.asOf.Add(-clockMargin).Unix()
		return tea.Batch(forget, m.beginRecent())
	}
	m.shelf.asOf = time.Time{}
	return forget
}

// clockMargin is how far apart this machine's clock and the service's may be.
const clockMargin = time.Minute

// changedSince is the moment from which changes are asked for: the newest one
// held, or the beginning of this run when that was earlier, because a contact
// may have changed behind the place that a pass had reached.
func (m *Model) changedSince() int64 {
	if m.shelf.info.Newest != 0 {
		return m.shelf.info.Newest
	}
	var at int64
	for i := range m.shelf.book.Len() {
		if s, ok := m.shelf.book.At(i).Seconds(model.FieldUpdated); ok {
			at = max(at, s)
		}
	}
	return min(at, m.began.Add(-clockMargin).Unix())
}

// forget takes contacts out of the list with a word about it. Where the one
// under the cursor goes, its neighbour is selected.
func (m *Model) forget(gone map[int64]bool) tea.Cmd {
	if len(gone) == 0 {
		return nil
	}
	m.view.drop(&m.shelf, gone)
	if len(gone) == 1 {
		m.say(toastNote, "1 contact is no longer in the service's list")
	} else {
		m.say(toastNote, fmt.Sprintf("%s contacts are no longer in the service's list", number(len(gone))))
	}
	m.reselect()
	return m.recompute()
}

// refresh asks again: for what changed when all is held, from the start
// otherwise. Rows stay where they are meanwhile.
func (m *Model) refresh() tea.Cmd {
	m.shelf.retryAt, m.shelf.pause = time.Time{}, 0
	for _, c := range m.shelf.chains {
		if c != nil {
			c.ticket.Stop()
			c.err = nil
		}
	}
	cmds := []tea.Cmd{m.refetchKept()}
	switch {
	case m.view.sorted(&m.shelf):
		s := m.shelf.chains[chainSorted]
		m.shelf.chains[chainSorted] = ptr(newChain(model.SortedList(model.ConnectedOnly, s.next.Sort(), 0, m.pageLimit()), work.PassRows))
		cmds = append(cmds, m.fetch(chainSorted, work.Screen))
	case m.shelf.complete() && !m.shelf.info.NoSort:
		m.shelf.info.Newest = m.changedSince()
		cmds = append(cmds, m.beginRecent())
	default:
		cmds = append(cmds, m.beginPass(work.Screen))
	}
	return tea.Batch(cmds...)
}
