package changes

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/reader"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
	"github.com/levcontacts/levcontacts/work"
)

// OwnerNews owns what is said of the changes of others.
const OwnerNews = "changes.news"

// News says how many contacts others have changed that the person has not
// looked at.
type News struct{ Text string } // "" when the person looks at them

// newsLines is how many changed fields the screen lists.
const newsLines = 2000

// news is what others have changed.
type news struct {
	all    []work.Changed // newest first
	unseen map[int64]bool // contacts with changes that were not looked at
	told   int64          // number of the newest that was said
}

func (n *news) count() {
	n.unseen = map[int64]bool{}
	for _, c := range n.all {
		if !c.Seen {
			n.unseen[c.ContactID] = true
		}
	}
}

type newsMsg struct {
	own
	all   []work.Changed
	known bool
	show  bool
	err   error
}

// ReadNews reads what the last refresh has found.
func (m *Model) ReadNews() tea.Cmd { return readNews(m.o.Context, m.o.Backend, false) }

func readNews(ctx context.Context, b Backend, show bool) tea.Cmd {
	return func() tea.Msg {
		all, known, err := b.Changes(ctx)
		return newsMsg{all: all, known: known, show: show, err: err}
	}
}

// Unseen are the contacts that others have changed, until somebody has looked at
// them.
func (m *Model) Unseen() map[int64]bool { return m.news.unseen }

// LookedAt notes that the person looks at a contact.
func (m *Model) LookedAt(id int64) tea.Cmd {
	if !m.news.unseen[id] {
		return nil
	}
	return m.see(id)
}

// see notes that the changes of a contact were looked at, 0 for all.
func (m *Model) see(id int64) tea.Cmd {
	newest := int64(0)
	for i := range m.news.all {
		c := &m.news.all[i]
		if !c.Seen && (id == 0 || c.ContactID == id) {
			c.Seen = true
			newest = max(newest, c.N)
		}
	}
	if newest == 0 {
		return nil
	}
	m.news.count()
	ctx, b := m.o.Context, m.o.Backend
	return do("note what was looked at", "", func() error { return b.SeeChanges(ctx, id, newest) })
}

func (m *Model) showNews() (tea.Cmd, []screen.Event) {
	return readNews(m.o.Context, m.o.Backend, true), nil
}

func (m *Model) onNews(msg newsMsg) (tea.Cmd, []screen.Event) {
	if msg.err != nil {
		if !msg.show {
			return nil, nil // the list says what is wrong with the local copy
		}
		return nil, []screen.Event{unreadable("What changed", msg.err)}
	}
	m.news.all = msg.all
	m.news.count()
	if msg.show {
		lines := m.newsLines(msg.known)
		r := reader.Open(reader.Options{Title: "Changed by others, newest first", Lines: lines,
			Foot: "enter the contact   / search   esc close"})
		return m.see(0), []screen.Event{News{}, screen.Retract{Owner: OwnerNews},
			screen.Open{Overlay: r, When: screen.IfFree}}
	}
	unseen := m.news.unseen
	if len(unseen) == 0 || msg.all[0].N <= m.news.told {
		return nil, nil
	}
	m.news.told = msg.all[0].N
	oldest := m.o.Now()
	for _, c := range msg.all {
		if !c.Seen && c.At.Before(oldest) {
			oldest = c.At
		}
	}
	return nil, []screen.Event{News{text.Number(len(unseen)) + " changed " + since(oldest, m.o.Now()) + " · " +
		m.o.Keys.Key(keymap.News) + " shows what"}}
}

// since is from when on something happened: "since yesterday".
func since(t, now time.Time) string {
	t = t.In(now.Location())
	day := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) }
	switch days := int(day(now).Sub(day(t)) / (24 * time.Hour)); {
	case days <= 0:
		return "since " + t.Format("15:04")
	case days == 1:
		return "since yesterday"
	case days < 7:
		return "since " + t.Format("Monday")
	}
	return "since " + t.Format("2 Jan 2006")
}

// newsLines are who changed, which field, and from what to what, a field a line.
func (m *Model) newsLines(known bool) []reader.Line {
	var lines []reader.Line
	for _, c := range m.news.all {
		if len(lines) >= newsLines {
			break
		}
		line := reader.Line{Left: c.At.In(m.o.Now().Location()).Format("2 Jan 15:04"), Msg: goMsg{id: c.ContactID}}
		sign := "  "
		if !c.Seen {
			sign, line.Role = "◆ ", theme.Accent
		}
		who := sign + plain.Clean(c.Name) + ": "
		if c.New {
			line.Text = who + "new"
			lines = append(lines, line)
		}
		for _, field := range c.Changes {
			line.Text = who + text.Label(field.Field.Def().Label) + " " + values(field)
			lines = append(lines, line)
		}
	}
	switch {
	case !known:
		lines = []reader.Line{{Text: "Not known: there is no local copy to compare with"}}
	case len(lines) == 0:
		lines = []reader.Line{{Text: "Nobody else has changed a contact within the last week"}}
	}
	return lines
}
