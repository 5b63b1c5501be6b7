package browse

import (
	"context"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"levcontacts/internal/plain"
	"levcontacts/model"
	"levcontacts/model/search"
	"levcontacts/ui/widget/menu"
	"levcontacts/ui/widget/request"
	"levcontacts/ui/widget/text"
)

// values is the menu of the values of one field, to filter by.
type values struct {
	field   model.FieldID
	menu    *menu.Menu // nil when it is closed
	request request.Slot
}

// What the items of the menus of filters mean.
type (
	filterMenuMsg struct{ own } // back to the fields
	clearMsg      struct{ own }
	fieldMsg      struct { // the values of a field
		own
		field model.FieldID
	}
	valueMsg struct { // a value on or off
		own
		value string
	}
)

// countedMsg has the values of a field and how many contacts have each.
type countedMsg struct {
	own
	seq    uint64
	facets map[model.FieldID][]search.Facet
	err    error
}

func countValues(ctx context.Context, snap model.Snapshot, f search.Filter, field model.FieldID, seq uint64) tea.Cmd {
	return func() tea.Msg {
		facets, err := search.Facets(ctx, snap, f, field)
		return countedMsg{seq: seq, facets: facets, err: err}
	}
}

// openFilterMenu lists the fields to filter by, with what is chosen.
func (m *Model) openFilterMenu() {
	var items []menu.Item
	for i, f := range search.FilterFields() {
		var chosen []string
		for _, v := range m.contacts.FilterBy().Values(f) {
			chosen = append(chosen, plain.Clean(search.ValueLabel(f, v)))
		}
		items = append(items, menu.Item{
			ID: f.Name(), Text: f.Def().Label, Key: fmt.Sprint(i + 1), Detail: strings.Join(chosen, ", "),
			Checked: len(chosen) > 0, Msg: fieldMsg{field: f},
		})
	}
	items = append(items, menu.Item{ID: "clear", Text: "Clear filters", Key: "0", Msg: clearMsg{}})
	foot := ""
	if !m.contacts.Complete() {
		foot = "only what is loaded is filtered: " + m.loadedWords()
	}
	m.openMenu(menu.Open(menu.Options{Title: "Filter by", Foot: foot, Items: items}))
}

func (filterMenuMsg) handle(m *Model) tea.Cmd {
	m.values.menu = nil
	m.openFilterMenu()
	return nil
}

func (clearMsg) handle(m *Model) tea.Cmd { return m.filterBy(search.Filter{}) }

func (msg fieldMsg) handle(m *Model) tea.Cmd {
	counting := []menu.Item{{Text: "counting" + m.theme.Glyphs.Ellipsis, Heading: true}}
	m.values.field = msg.field
	m.values.menu = menu.Open(menu.Options{
		Title: msg.field.Def().Label, Items: counting, Typed: true, Stays: true, CloseLabel: "back", OnClose: filterMenuMsg{},
	})
	m.openMenu(m.values.menu)
	return m.count()
}

func (msg valueMsg) handle(m *Model) tea.Cmd {
	next := m.contacts.FilterBy().Toggle(m.values.field, msg.value)
	return tea.Batch(m.filterBy(next), m.count())
}

func (m *Model) filterBy(f search.Filter) tea.Cmd {
	m.viewChanged, m.land = true, landing{gone: true}
	return m.take(m.contacts.Filter(f))
}

func (m *Model) count() tea.Cmd {
	ctx, seq := m.values.request.Begin(m.o.Context, m.o.Now())
	return countValues(ctx, m.contacts.Snapshot(), m.contacts.FilterBy(), m.values.field, seq)
}

// recountValues counts again when rows have come while the values are shown.
func (m *Model) recountValues() tea.Cmd {
	if m.values.menu == nil {
		return nil
	}
	return m.count()
}

// handle fills the open menu with the values that are there.
func (msg countedMsg) handle(m *Model) tea.Cmd {
	if !m.values.request.Take(msg.seq) || msg.err != nil || m.values.menu == nil {
		return nil
	}
	var items []menu.Item
	asks := m.values.field == model.FieldConnected
	for _, f := range msg.facets[m.values.field] {
		asks = asks && f.Value != search.No
		items = append(items, m.valueItem(f.Value, text.Number(f.Count)))
	}
	if asks {
		items = append(items, m.valueItem(search.No, "asks the service for them"))
	}
	foot := "enter toggles, several may be chosen · esc back"
	if !m.contacts.Complete() {
		foot = "enter toggles · esc back · counted" + m.searched()
	}
	m.values.menu.SetItems(items)
	m.values.menu.SetFoot(foot)
	return nil
}

func (m *Model) valueItem(value, detail string) menu.Item {
	f := m.values.field
	words := plain.Clean(search.ValueLabel(f, value))
	if words == "" {
		words = "(empty)"
	}
	return menu.Item{
		ID: value, Text: words, Detail: detail, Checked: m.contacts.FilterBy().Has(f, value), Msg: valueMsg{value: value},
	}
}

// filterWords are the filter in words: "only lender", "no state".
func (m *Model) filterWords() string {
	words := plain.Clean(m.contacts.FilterBy().Describe())
	if words == "" || strings.HasPrefix(words, "no ") {
		return words
	}
	return "only " + words
}
