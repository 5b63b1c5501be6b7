package browse

import (
	"context"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/ui/contacts"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/menu"
	"github.com/levcontacts/levcontacts/ui/widget/prompt"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/work"
)

// What the menu of views means, and the responses of the backend.
type (
	viewsMsg struct {
		contacts.Part
		views []work.View
		err   error
	}
	viewMsg struct { // shows a view
		contacts.Part
		view work.View
	}
	nameViewMsg struct{ contacts.Part } // asks for the name of a new view
	saveViewMsg struct {
		contacts.Part
		name string
	}
	pickViewMsg struct { // asks which view to rename or delete
		contacts.Part
		views  []work.View
		rename bool
	}
	renameViewMsg struct { // asks for the new name
		contacts.Part
		view work.View
	}
	renamedViewMsg struct {
		contacts.Part
		view work.View
		name string
	}
	deleteViewMsg struct {
		contacts.Part
		name string
	}
	viewSavedMsg struct {
		contacts.Part
		done string // what was done, as in "Saved view"
		name string
		err  error
	}
	lastViewMsg struct {
		contacts.Part
		view work.View
		err  error
	}
	rememberedMsg struct {
		contacts.Part
		err error
	}
)

func readViews(ctx context.Context, b Backend) tea.Cmd {
	return func() tea.Msg {
		v, err := b.Views(ctx)
		return viewsMsg{views: v, err: err}
	}
}

func saveView(ctx context.Context, b Backend, v work.View) tea.Cmd {
	return func() tea.Msg { return viewSavedMsg{done: "Saved", name: v.Name, err: b.SaveView(ctx, v)} }
}

func deleteView(ctx context.Context, b Backend, name string) tea.Cmd {
	return func() tea.Msg { return viewSavedMsg{done: "Deleted", name: name, err: b.RemoveView(ctx, name)} }
}

// renameView saves the view under its new name before the old one goes.
func renameView(ctx context.Context, b Backend, v work.View, name string) tea.Cmd {
	return func() tea.Msg {
		before := v.Name
		v.Name = name
		err := b.SaveView(ctx, v)
		if err == nil {
			err = b.RemoveView(ctx, before)
		}
		return viewSavedMsg{done: "Renamed", name: before + " to " + name, err: err}
	}
}

func readLastView(ctx context.Context, b Backend) tea.Cmd {
	return func() tea.Msg {
		v, err := b.LastView(ctx)
		return lastViewMsg{view: v, err: err}
	}
}

func rememberView(ctx context.Context, b Backend, v work.View) tea.Cmd {
	return func() tea.Msg { return rememberedMsg{err: b.RememberView(ctx, v)} }
}

// handle opens the menu of the named views.
func (msg viewsMsg) handle(m *Model) tea.Cmd {
	if msg.err != nil {
		m.say(screen.Failure, "views cannot be read: "+msg.err.Error())
		return nil
	}
	items := []menu.Item{{Text: "All contacts", Msg: viewMsg{}}}
	items = append(items, viewItems(msg.views, func(v work.View) tea.Msg { return viewMsg{view: v} })...)
	items = append(items, menu.Item{Text: "Save current view" + m.theme.Glyphs.Ellipsis, Msg: nameViewMsg{}})
	if len(msg.views) > 0 {
		items = append(items, menu.Item{Text: "Rename a view" + m.theme.Glyphs.Ellipsis,
			Msg: pickViewMsg{views: msg.views, rename: true}},
			menu.Item{Text: "Delete a view" + m.theme.Glyphs.Ellipsis, Msg: pickViewMsg{views: msg.views}})
	}
	m.emit(screen.Open{Overlay: menu.Open(menu.Options{Title: "Views", Items: items}), When: screen.IfFree})
	return nil
}

func viewItems(views []work.View, means func(work.View) tea.Msg) (items []menu.Item) {
	for _, v := range views {
		about := plain.Clean(text.Join(" · ", v.Search, v.Filter, v.Sort.Param()))
		items = append(items, menu.Item{ID: v.Name, Text: plain.Clean(v.Name), Detail: about, Msg: means(v)})
	}
	return items
}

func (msg pickViewMsg) handle(m *Model) tea.Cmd {
	title, means := "Delete which view?", func(v work.View) tea.Msg { return deleteViewMsg{name: v.Name} }
	if msg.rename {
		title, means = "Rename which view?", func(v work.View) tea.Msg { return renameViewMsg{view: v} }
	}
	m.emit(screen.Open{Overlay: menu.Open(menu.Options{Title: title, Items: viewItems(msg.views, means)})})
	return nil
}

func (msg deleteViewMsg) handle(m *Model) tea.Cmd {
	return deleteView(m.o.Context, m.o.Backend, msg.name)
}

func (msg renameViewMsg) handle(m *Model) tea.Cmd {
	m.askViewName("New name of "+plain.Clean(msg.view.Name),
		func(name string) tea.Msg { return renamedViewMsg{view: msg.view, name: name} })
	return nil
}

func (msg renamedViewMsg) handle(m *Model) tea.Cmd {
	if msg.name == msg.view.Name {
		return nil
	}
	return renameView(m.o.Context, m.o.Backend, msg.view, msg.name)
}

func (msg viewMsg) handle(m *Model) tea.Cmd { return m.showView(msg.view) }

func (nameViewMsg) handle(m *Model) tea.Cmd {
	m.askViewName("Name of the view", func(name string) tea.Msg { return saveViewMsg{name: name} })
	return nil
}

func (m *Model) askViewName(title string, submit func(name string) tea.Msg) {
	m.emit(screen.Open{Overlay: prompt.Open(prompt.Options{
		Title: title,
		Check: func(name string) string {
			if strings.TrimSpace(name) == "" {
				return "a view needs a name"
			}
			return ""
		},
		Submit: func(name string) tea.Msg { return submit(strings.TrimSpace(name)) },
	})})
}

func (msg saveViewMsg) handle(m *Model) tea.Cmd {
	v := m.currentView()
	v.Name = msg.name
	return saveView(m.o.Context, m.o.Backend, v)
}

func (msg viewSavedMsg) handle(m *Model) tea.Cmd {
	if msg.err != nil {
		m.say(screen.Failure, fmt.Sprintf("The view %q could not be changed: %s", msg.name, msg.err.Error()))
		return nil
	}
	m.say(screen.Good, fmt.Sprintf("%s view %q", msg.done, msg.name))
	return nil
}

// handle shows what was shown last, unless the user has chosen already.
func (msg lastViewMsg) handle(m *Model) tea.Cmd {
	v := msg.view
	chosen := !m.contacts.SortBy().IsZero() || !m.contacts.FilterBy().Empty()
	if msg.err != nil || chosen || v.Filter == "" && v.Sort.IsZero() && len(v.Columns) == 0 {
		return nil
	}
	m.remembered = &v
	return m.showRemembered()
}

// showRemembered shows the last view once the local copy has been read: only
// then is it known whether a sort needs the service.
func (m *Model) showRemembered() tea.Cmd {
	v := m.remembered
	if v == nil || m.contacts.Reading() {
		return nil
	}
	m.remembered = nil
	v.Search = m.search.input.Value()
	return m.showView(*v)
}

// shownView is a view that could be read.
type shownView struct {
	query  search.Query
	filter search.Filter
	sort   model.Sort
}

// readView takes the parts of a view that are drawn and reads the others.
func (m *Model) readView(v work.View) (shownView, bool) {
	f, err := search.ParseFilter(v.Filter)
	if err != nil {
		m.say(screen.Failure, "the view's filter cannot be read: "+err.Error())
		return shownView{}, false
	}
	m.list.SetSort(v.Sort.Field)
	m.search.input.SetValue(v.Search)
	if len(v.Columns) > 0 {
		m.list.SetColumns(v.Columns)
	}
	q, err := m.parser().Parse(v.Search)
	if err != nil {
		q = m.query()
	}
	m.search.err = err
	return shownView{q, f, v.Sort}, true
}

func (m *Model) showView(v work.View) tea.Cmd {
	shown, ok := m.readView(v)
	if !ok {
		return nil
	}
	m.viewChanged, m.land = true, landing{top: shown.sort != m.contacts.SortBy(), gone: true}
	return m.take(m.contacts.Show(shown.query, shown.filter, shown.sort))
}

// currentView is what is shown now, as a view.
func (m *Model) currentView() work.View {
	return work.View{
		Search: m.search.input.Value(), Filter: m.contacts.FilterBy().String(),
		Sort: m.contacts.SortBy(), Columns: m.list.Columns(),
	}
}

// storeView stores what is shown after it has changed, for the next start.
func (m *Model) storeView() tea.Cmd {
	if !m.viewChanged {
		return nil
	}
	m.viewChanged = false
	v := m.currentView()
	v.Search = "" // a search is for now; the next start shows everything
	return rememberView(m.o.Context, m.o.Backend, v)
}

func (msg rememberedMsg) handle(m *Model) tea.Cmd {
	if msg.err != nil {
		m.say(screen.Note, "a choice could not be remembered: "+msg.err.Error())
	}
	return nil
}
