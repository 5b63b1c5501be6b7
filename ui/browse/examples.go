package browse

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/ui/contacts"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/menu"
)

// exampleMsg puts an example into the search bar.
type exampleMsg struct {
	contacts.Part
	query string
}

func (msg exampleMsg) handle(m *Model) tea.Cmd {
	m.search.input.SetValue(msg.query)
	m.search.open = true
	return m.searchTyped()
}

// examplesWidth is the width of the menu of examples.
const examplesWidth = 90

// openExamples shows what can be typed, by means of the selected contact.
func (m *Model) openExamples() {
	var of model.Packed
	if rows := m.contacts.Rows(); m.selected != 0 {
		of, _ = m.contacts.Packed(m.selected)
	} else if rows.Len() > 0 {
		of = rows.At(0)
	} else if s := m.contacts.Snapshot(); s.Len() > 0 {
		of = s.At(0)
	}
	items := []menu.Item{{Text: "looks at " + search.LooksAt, Heading: true}}
	for _, e := range search.Examples(of) {
		items = append(items, menu.Item{Text: plain.Clean(e.Query), Detail: e.Finds, Msg: exampleMsg{query: e.Query}})
	}
	items = append(items, menu.Item{Heading: true}, menu.Item{Text: "Fields", Heading: true})
	for _, line := range plain.Wrap(strings.Join(search.FieldWords(), ", "), examplesWidth-4) {
		items = append(items, menu.Item{Text: "  " + line, Heading: true})
	}
	m.openMenu(menu.Open(menu.Options{
		Title: "What can be typed", Foot: "enter searches for the example", Items: items, CloseLabel: "back",
		Width: examplesWidth,
	}))
}

// toggleSimilar shows similar contacts or hides them.
func (m *Model) toggleSimilar() tea.Cmd {
	if m.query().Empty() {
		m.say(screen.Note, "Similar contacts are shown below those that a search finds")
		return nil
	}
	return m.take(m.contacts.ToggleSimilar())
}
