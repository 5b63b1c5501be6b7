package browse

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/contacts"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/detail"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
)

// speedometer measures how fast the user moves down the list, so that pages are
// asked for early enough.
type speedometer struct {
	since time.Time
	rows  int
	rate  int // rows a second
}

// speedWindow is over how long movement is measured.
const speedWindow = 500 * time.Millisecond

func (s *speedometer) moved(by int, now time.Time) {
	if now.Sub(s.since) > speedWindow {
		if now.Sub(s.since) > 2*speedWindow {
			s.rate = 0
		}
		s.since, s.rows = now, 0
	}
	s.rows += max(0, by)
	s.rate = max(s.rate*3/4, int(time.Duration(s.rows)*time.Second/speedWindow))
}

// selectAt makes the contact at a position the selected one.
func (m *Model) selectAt(pos int) {
	rows := m.contacts.Rows()
	if pos < 0 || pos >= rows.Len() || m.editing {
		return
	}
	p := rows.At(pos)
	m.selected, m.anchored = p.ID(), p.ID()
	m.detail.Show(contacts.Unpack(p), m.o.Now())
}

// setRule puts the rule of the list between those that match and similar ones.
func (m *Model) setRule() {
	rows := m.contacts.Rows()
	at := -1
	if rows.Len() > rows.Direct() {
		at = rows.Direct()
	}
	m.list.SetRule(at)
}

// onSimilar reports whether the cursor is on a similar contact.
func (m *Model) onSimilar() bool { return m.list.Cursor() >= m.contacts.Rows().Direct() }

// reselect finds the selected contact again after the rows have changed and
// keeps it on its line of the screen. Where it is gone its neighbor is taken.
func (m *Model) reselect() {
	rows := m.contacts.Rows()
	n := rows.Len()
	if n == 0 {
		if m.editing {
			return
		}
		m.selected = 0
		m.detail.Clear()
		m.list.MoveTo(0, 0)
		return
	}
	if m.opening.top && !m.editing {
		m.list.MoveTo(0, n)
		m.selectAt(0)
		return
	}
	if pos, ok := rows.Find(m.selected); ok && m.selected != 0 {
		if m.selected == m.anchored {
			m.list.Anchor(pos, n)
		} else {
			m.list.MoveTo(pos, n) // it was on no line that it could keep
		}
		m.anchored = m.selected
		m.refreshDetail()
		return
	}
	m.list.Anchor(m.list.Cursor(), n)
	m.selectAt(m.list.Cursor())
}

// refreshDetail shows the selected contact as it is held now.
func (m *Model) refreshDetail() {
	if c, ok := m.contacts.Find(m.selected); ok && !m.editing {
		m.detail.Show(c, m.o.Now())
	}
}

func (m *Model) hasSelected() bool {
	_, ok := m.Selected()
	return ok
}

// Selected is the contact under the cursor, and whether there is one.
func (m *Model) Selected() (model.Contact, bool) {
	if m.selected == 0 {
		return model.Contact{}, false
	}
	return m.detail.Contact()
}

// moveBy moves the cursor of the list and asks for more rows when needed.
func (m *Model) moveBy(by int) tea.Cmd {
	n, from := m.contacts.Rows().Len(), m.list.Cursor()
	m.list.MoveTo(from+by, n)
	m.speed.moved(m.list.Cursor()-from, m.o.Now())
	m.land = landing{} // the user goes where the user wants to be
	if m.list.Cursor() != from {
		m.search.chosen = true
		m.selectAt(m.list.Cursor())
	}
	return m.more()
}

// move carries out a movement of the focused pane.
func (m *Model) move(name keymap.Name) tea.Cmd {
	if m.focus == paneDetail {
		m.detail.Move(map[keymap.Name]int{
			keymap.MoveUp: -1, keymap.MoveDown: 1, keymap.MoveHalfUp: -5, keymap.MoveHalfDown: 5,
			keymap.MovePageUp: -10, keymap.MovePageDown: 10, keymap.MoveTop: -1000, keymap.MoveBottom: 1000,
		}[name])
		return nil
	}
	page := max(1, m.list.Height()-1)
	half := max(1, page/2)
	switch name {
	case keymap.MoveTop:
		m.contacts.StayHere()
		return m.moveBy(-m.contacts.Rows().Len())
	case keymap.MoveBottom:
		cmd := m.moveBy(m.contacts.Rows().Len())
		m.contacts.ToEnd()
		return tea.Batch(cmd, m.more())
	}
	return m.moveBy(map[keymap.Name]int{
		keymap.MoveUp: -1, keymap.MoveDown: 1, keymap.MoveHalfUp: -half, keymap.MoveHalfDown: half,
		keymap.MovePageUp: -page, keymap.MovePageDown: page,
	}[name])
}

func (m *Model) focusOn(p pane) {
	m.focus = p
	m.relayout()
}

// openDetail goes to the details. A search that is being typed is kept.
func (m *Model) openDetail() {
	if m.hasSelected() {
		m.keepSearch()
		m.focusOn(paneDetail)
	}
}

func (m *Model) otherPane() {
	if m.focus == paneList {
		m.openDetail()
		return
	}
	m.focusOn(paneList)
}

// fixedWords say why a row of the details cannot be edited.
func fixedWords(row detail.Row) string {
	switch {
	case row.Extra != "":
	case row.Field == model.FacetCompany:
		return "the e-mail address tells the company; it cannot be edited here"
	case row.OfNotes():
		return "no note is under the cursor"
	}
	return "the service sets this field; it cannot be edited here"
}

// Field is the field under the cursor of the details. Where it cannot be
// edited, reason says why.
func (m *Model) Field() (f model.FieldID, ok bool, reason string) {
	row, has := m.detail.Row()
	switch {
	case !has || !m.hasSelected():
		return 0, false, "no contact is selected"
	case row.Extra != "" || !row.Field.Def().Update:
		return 0, false, fixedWords(row)
	}
	return row.Field, true, ""
}

// FocusField shows a contact in the details with the cursor on a field. Call
// SetEditing in the same breath when the field is edited there: the contact may
// be in none of the rows, or not loaded yet.
func (m *Model) FocusField(c model.Contact, f model.FieldID) {
	m.editing = false
	m.selected = c.ID()
	rows := m.contacts.Rows()
	if pos, shown := rows.Find(m.selected); shown {
		m.list.Anchor(pos, rows.Len())
		m.anchored = m.selected
	}
	m.keepSearch()
	m.focusOn(paneDetail)
	m.detail.Show(c, m.o.Now())
	m.detail.MoveToField(f)
}

// SetEditing says that a field of the selected contact is edited in place: the
// details keep that contact until the edit ends.
func (m *Model) SetEditing(on bool) {
	ended := m.editing && !on
	m.editing = on
	if ended {
		m.reselect()
		if m.backToList {
			m.focusOn(paneList)
		}
		m.backToList = false
	}
}

// GoTo selects a contact and fetches it first when it is not in the rows.
func (m *Model) GoTo(id int64) (tea.Cmd, []screen.Event) {
	if _, shown := m.contacts.Rows().Find(id); shown {
		m.selected = id
		m.reselect()
		return m.done(nil)
	}
	return m.done(m.contacts.Fetch(id))
}

// Put takes a contact as the service answered it. One that was created here
// stays in view although it is not connected.
func (m *Model) Put(c model.Contact, created bool) (tea.Cmd, []screen.Event) {
	return m.done(m.take(m.contacts.Put(c, created)))
}
