package browse

import (
	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
	"github.com/levcontacts/levcontacts/work"
)

// SetTheme changes colors and signs.
func (m *Model) SetTheme(t theme.Theme) { m.theme = t }

// SetReadOnly says why writes are off, "" when they are on.
func (m *Model) SetReadOnly(reason string) {
	m.readOnly = reason
	m.showNotes()
}

// SetChanged says which contacts someone else has changed, unseen so far.
func (m *Model) SetChanged(ids map[int64]bool) { m.changed = ids }

// SetDrafts says which contacts have a draft, and what the details say of it.
func (m *Model) SetDrafts(notes map[int64]string) { m.drafts = notes }

// SetCovered says whether something else takes the keys: then nothing is
// offered that needs one.
func (m *Model) SetCovered(on bool) { m.covered = on }

// Find gives a contact that is loaded.
func (m *Model) Find(id int64) (model.Contact, bool) { return m.contacts.Find(id) }

// Snapshot is all loaded contacts, to be read on another goroutine.
func (m *Model) Snapshot() model.Snapshot { return m.contacts.Snapshot() }

// Quota is the rate limit as the lists last saw it.
func (m *Model) Quota() work.Quota { return m.contacts.Quota() }

// Offline reports whether the service cannot be reached.
func (m *Model) Offline() bool { return m.contacts.Offline() }

// LastError is why the list on the screen stopped, nil when it did not.
func (m *Model) LastError() *model.Error { return m.contacts.Err() }

// Wake is when the picture changes by itself next; the program calls Tick then.
func (m *Model) Wake() screen.Wake { return m.contacts.Wake() }

// Tick moves the clock of the status line.
func (m *Model) Tick() (tea.Cmd, []screen.Event) { return m.done(m.take(m.contacts.Tick())) }

// Refresh asks the service again.
func (m *Model) Refresh() (tea.Cmd, []screen.Event) {
	return m.done(m.take(m.contacts.Refresh(m.selected)))
}

// Resume goes on with lists that an error stopped: after a sign-in, or because
// a save shows that the service can be reached.
func (m *Model) Resume() (tea.Cmd, []screen.Event) { return m.done(m.take(m.contacts.Resume())) }

// Unreachable takes note that a save found the service out of reach.
func (m *Model) Unreachable(err *model.Error) (tea.Cmd, []screen.Event) {
	return m.done(m.take(m.contacts.Unreachable(err)))
}
