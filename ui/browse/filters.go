package browse

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/ui/contacts"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/facets"
	"github.com/levcontacts/levcontacts/ui/widget/request"
)

// values is the screen of all values to filter by.
type values struct {
	shown   *facets.Facets // nil when it is closed
	request request.Slot
}

// What is chosen on that screen.
type (
	clearMsg       struct{ contacts.Part }
	filtersDoneMsg struct{ contacts.Part }
	valueMsg       struct { // a value on or off
		contacts.Part
		field model.FieldID
		value string
	}
)

// countedMsg has the values of all fields and how many contacts have each.
type countedMsg struct {
	contacts.Part
	seq    uint64
	facets map[model.FieldID][]search.Facet
	err    error
}

type counter = func(context.Context, ...model.FieldID) (map[model.FieldID][]search.Facet, error)

func countValues(ctx context.Context, count counter, seq uint64) tea.Cmd {
	return func() tea.Msg {
		found, err := count(ctx, model.FacetFields()...)
		return countedMsg{seq: seq, facets: found, err: err}
	}
}

// openFilters shows the values of all fields to filter by.
func (m *Model) openFilters() tea.Cmd {
	m.values.shown = facets.Open(facets.Options{
		Title: "Filter by", Foot: m.filtersFoot(), Clear: clearMsg{}, OnClose: filtersDoneMsg{},
	})
	m.emit(screen.Open{Overlay: m.values.shown})
	return m.count()
}

// filtersFoot says what is counted.
func (m *Model) filtersFoot() string {
	words := "counted"
	if !m.query().Empty() {
		words += " for / " + plain.Clean(strings.TrimSpace(m.search.input.Value()))
	}
	if words += m.searched(); words == "counted" {
		return "space toggles, several may be chosen · type to find a value · tab next field"
	}
	return words + " · space toggles · type to find a value"
}

func (filtersDoneMsg) handle(m *Model) tea.Cmd {
	m.values.shown = nil
	return nil
}

func (clearMsg) handle(m *Model) tea.Cmd { return tea.Batch(m.filterBy(search.Filter{}), m.count()) }

func (msg valueMsg) handle(m *Model) tea.Cmd {
	next := m.contacts.FilterBy().Toggle(msg.field, msg.value)
	return tea.Batch(m.filterBy(next), m.count())
}

func (m *Model) filterBy(f search.Filter) tea.Cmd {
	m.viewChanged, m.land = true, landing{gone: true}
	return m.take(m.contacts.Filter(f))
}

func (m *Model) count() tea.Cmd {
	ctx, seq := m.values.request.Begin(m.o.Context, m.o.Now())
	return countValues(ctx, m.contacts.Counter(), seq)
}

// recountValues counts again when rows have come while the values are shown.
func (m *Model) recountValues() tea.Cmd {
	if m.values.shown == nil {
		return nil
	}
	return m.count()
}

// handle shows the values that are there.
func (msg countedMsg) handle(m *Model) tea.Cmd {
	if !m.values.request.Take(msg.seq) || msg.err != nil || m.values.shown == nil {
		return nil
	}
	var groups []facets.Group
	for _, f := range model.FacetFields() {
		g := facets.Group{Title: f.Def().Label}
		asks := f == model.FieldConnected
		for _, v := range msg.facets[f] {
			asks = asks && v.Value != search.No
			g.Values = append(g.Values, m.facetValue(f, v.Value, v.Count))
		}
		if asks {
			v := m.facetValue(f, search.No, 0)
			v.Note = "asks the service"
			g.Values = append(g.Values, v)
		}
		groups = append(groups, g)
	}
	m.values.shown.SetGroups(groups)
	m.values.shown.SetFoot(m.filtersFoot())
	return nil
}

func (m *Model) facetValue(f model.FieldID, value string, n int) facets.Value {
	words := plain.Clean(search.ValueLabel(f, value))
	if words == "" {
		words = "(empty)"
	}
	return facets.Value{
		Text: words, Count: n, Checked: m.contacts.FilterBy().Has(f, value), Msg: valueMsg{field: f, value: value},
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
