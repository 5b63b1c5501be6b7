package ui

import (
	"context"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"levcontacts/internal/plain"
	"levcontacts/model"
	"levcontacts/model/search"
	"levcontacts/ui/widget/menu"
	"levcontacts/work"
)

// wantsApart says that a filter asks for contacts that are not connected,
// which the service lists only on request.
func wantsApart(f search.Filter) bool { return f.Has(model.FieldConnected, search.No) }

func onlyApart(f search.Filter) bool {
	return wantsApart(f) && !f.Has(model.FieldConnected, search.Yes)
}

// openFilterMenu lists the fields to filter by, with what is chosen.
func (m *Model) openFilterMenu() tea.Cmd {
	var items []menu.Item
	for i, f := range search.FilterFields() {
		var chosen []string
		for _, v := range m.view.filter.Values(f) {
			chosen = append(chosen, plain.Clean(search.ValueLabel(f, v)))
		}
		it := menu.Item{ID: f.Name(), Text: f.Def().Label, Detail: strings.Join(chosen, ", "), Checked: len(chosen) > 0}
		it.Key = fmt.Sprint(i + 1)
		items = append(items, it)
	}
	items = append(items, menu.Item{ID: "clear", Text: "show everything", Key: "0"})
	mm := menu.New(menuFilter, "Filter by", items, false)
	if !m.shelf.complete() {
		mm.Foot = "only what is loaded is filtered: " + m.loadedWords()
	}
	m.openMenu(mm)
	return nil
}

// onFilterMenu opens the values of a field, or chooses one of them.
func (m *Model) onFilterMenu(id string, it menu.Item) tea.Cmd {
	if id == menuFilter {
		if it.ID == "clear" {
			m.menu = nil
			return m.setFilter(search.Filter{})
		}
		f, ok := model.FieldByName(it.ID)
		if !ok {
			return nil
		}
		m.facet = f.ID
		m.openMenu(menu.New(menuFacet, f.Label, []menu.Item{{Text: "counting" + m.theme.Glyphs.Ellipsis, Heading: true}}, true))
		return m.countFacets()
	}
	next := m.view.filter.Toggle(m.facet, it.ID)
	return tea.Batch(m.setFilter(next), m.countFacets())
}

func (m *Model) countFacets() tea.Cmd {
	ctx, seq := m.facets.Begin(m.ctx, m.o.Now())
	return countFacets(ctx, m.shelf.book.Snapshot(), m.view.filter, m.facet, seq)
}

// recountFacets counts again when rows have come while the values are shown.
func (m *Model) recountFacets() tea.Cmd {
	if m.menu == nil || m.menu.ID != menuFacet {
		return nil
	}
	return m.countFacets()
}

func countFacets(ctx context.Context, snap model.Snapshot, f search.Filter, field model.FieldID, seq uint64) tea.Cmd {
	return func() tea.Msg {
		facets, err := search.Facets(ctx, snap, f, field)
		return facetsMsg{seq, facets, err}
	}
}

// onFacets fills the open menu with the values that are there and how many
// contacts have each.
func (m *Model) onFacets(msg facetsMsg) {
	if !m.facets.Take(msg.seq) || msg.err != nil || m.menu == nil || m.menu.ID != menuFacet {
		return
	}
	var items []menu.Item
	seen := map[string]bool{}
	for _, f := range msg.facets[m.facet] {
		seen[f.Value] = true
		items = append(items, m.facetItem(f.Value, f.Count))
	}
	if m.facet == model.FieldConnected && !seen[search.No] {
		items = append(items, m.facetItem(search.No, -1))
	}
	next := m.menu.WithItems(items)
	next.Foot = "enter toggles, several may be chosen · esc back"
	if !m.shelf.complete() {
		next.Foot = "enter toggles · esc back · counted" + m.searchScope()
	}
	m.menu = &next
}

func (m *Model) facetItem(value string, count int) menu.Item {
	it := menu.Item{ID: value, Text: plain.Clean(search.ValueLabel(m.facet, value)), Checked: m.view.filter.Has(m.facet, value)}
	if it.Text == "" {
		it.Text = "(empty)"
	}
	if count >= 0 {
		it.Detail = number(count)
	} else {
		it.Detail = "asks the service for them"
	}
	return it
}

type viewsMsg struct {
	views []work.View
	err   error
}

// openViewMenu lists the named views.
func (m *Model) openViewMenu() tea.Cmd {
	ctx, b := m.ctx, m.o.Backend
	return func() tea.Msg {
		v, err := b.Views(ctx)
		return viewsMsg{v, err}
	}
}

const saveViewID = "\x00save"

func (m *Model) onViews(msg viewsMsg) {
	if msg.err != nil {
		m.say(toastError, "views cannot be read: "+msg.err.Error())
		return
	}
	if m.covered() {
		return
	}
	m.views = msg.views
	items := []menu.Item{{ID: "\x00all", Text: "all contacts"}}
	for _, v := range msg.views {
		items = append(items, menu.Item{ID: v.Name, Text: plain.Clean(v.Name), Detail: plain.Clean(joinNonEmpty(" · ", v.Search, v.Filter, v.Sort.Param()))})
	}
	items = append(items, menu.Item{ID: saveViewID, Text: "save what is shown now as a view" + m.theme.Glyphs.Ellipsis})
	m.openMenu(menu.New(menuViews, "Views", items, false))
}

func (m *Model) onViewMenu(it menu.Item) tea.Cmd {
	switch it.ID {
	case saveViewID:
		m.ask("Name of the view", false, m.saveView)
		return nil
	case "\x00all":
		return m.applyView(work.View{})
	}
	for _, v := range m.views {
		if v.Name == it.ID {
			return m.applyView(v)
		}
	}
	return nil
}

type lastViewMsg struct {
	view work.View
	err  error
}

func readLastView(ctx context.Context, b Memory) tea.Cmd {
	return func() tea.Msg {
		v, err := b.LastView(ctx)
		return lastViewMsg{v, err}
	}
}

// onLastView shows what was shown last, unless the person has chosen already.
func (m *Model) onLastView(msg lastViewMsg) tea.Cmd {
	if msg.err != nil || !m.view.sort.IsZero() || !m.view.filter.Empty() || msg.view.Filter == "" && msg.view.Sort.IsZero() && len(msg.view.Columns) == 0 {
		return nil
	}
	m.view.remembered = &msg.view
	return m.showRemembered()
}

// showRemembered applies the remembered view once the copy has been read: only
// then is it known whether a sort needs the service.
func (m *Model) showRemembered() tea.Cmd {
	v := m.view.remembered
	if v == nil || !m.shelf.opened || m.shelf.loading {
		return nil
	}
	m.view.remembered = nil
	v.Search = m.search.input.Value()
	return m.applyView(*v)
}

// currentView is what is shown now, as a view.
func (m *Model) currentView() work.View {
	return work.View{Search: m.search.input.Value(), Filter: m.view.filter.String(), Sort: m.view.sort, Columns: m.list.Columns()}
}

func (m *Model) saveView(name string) tea.Cmd {
	name = strings.TrimSpace(name)
	if name == "" {
		return nil
	}
	v := m.currentView()
	v.Name = name
	ctx, b := m.ctx, m.o.Backend
	return do("view "+name+" is saved", func() error { return b.SaveView(ctx, v) })
}

// restoreView takes the parts of a view that need no request.
func (m *Model) restoreView(v work.View) {
	f, err := search.ParseFilter(v.Filter)
	if err != nil {
		m.say(toastError, "the view's filter cannot be read: "+err.Error())
		return
	}
	m.view.filter, m.view.sort = f, v.Sort
	m.list.SetSort(v.Sort.Field)
	m.search.input.SetValue(v.Search)
	if q, err := search.Parse(v.Search); err == nil {
		m.search.query = q
	}
	if len(v.Columns) > 0 {
		m.list.SetColumns(v.Columns)
	}
}

func (m *Model) applyView(v work.View) tea.Cmd {
	m.restoreView(v)
	sorted := m.setSort(v.Sort)
	return tea.Batch(sorted, m.setFilter(m.view.filter))
}

// rememberView notes what is shown, for the next start.
func (m *Model) rememberView() { m.viewChanged = true }

// flushView writes what is shown after it has changed.
func (m *Model) flushView() tea.Cmd {
	if !m.viewChanged {
		return nil
	}
	m.viewChanged = false
	ctx, b, v := m.ctx, m.o.Backend, m.currentView()
	v.Search = "" // a search is for now; the next start shows everything
	return func() tea.Msg {
		return quietMsg{b.RememberView(ctx, v)}
	}
}

// quietMsg ends an action whose success needs no word.
type quietMsg struct{ err error }

func (m *Model) onQuiet(msg quietMsg) {
	if msg.err != nil {
		m.say(toastNote, "a choice could not be remembered: "+msg.err.Error())
	}
}
