package ui

import (
	"slices"
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"levcontacts/internal/plain"
	"levcontacts/model"
	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/list"
	"levcontacts/ui/widget/menu"
)

// The menus, by what their choice is for.
const (
	menuSort     = "sort"
	menuFilter   = "filter"
	menuFacet    = "facet"
	menuViews    = "views"
	menuViewName = "view name"
	menuColumns  = "columns"
	menuCopy     = "copy"
	menuOpen     = "open"
	menuPalette  = "palette"
	menuProfiles = "profiles"
	menuTwins    = "candidates"
	menuLeave    = "leave"
	menuSame     = "same"
)

func (m *Model) openMenu(mm menu.Model) {
	m.menu = &mm
}

// onMenu carries out a choice. Menus that toggle stay open.
func (m *Model) onMenu(id string, it menu.Item) tea.Cmd {
	switch id {
	case menuFilter, menuFacet:
		return m.onFilterMenu(id, it)
	case menuColumns:
		return m.onColumnMenu(it)
	}
	m.menu = nil
	switch id {
	case menuSort:
		return m.onSortMenu(it)
	case menuViews:
		return m.onViewMenu(it)
	case menuCopy:
		return m.onCopyMenu(it)
	case menuOpen:
		return m.openTarget(it.ID)
	case menuPalette:
		return m.run(m.keys.Get(keymap.Name(it.ID)))
	case menuProfiles:
		return m.onProfileMenu(it)
	case menuTwins:
		return m.onCandidate(it)
	case menuSame:
		return m.onSameMenu(it)
	case menuLeave:
		return m.onLeaveMenu(it)
	}
	return nil
}

// onMenuClosed acts on a menu left without a choice.
func (m *Model) onMenuClosed(id string) tea.Cmd {
	switch id {
	case menuFacet:
		return m.openFilterMenu()
	case menuColumns:
		m.rememberView()
	}
	return nil
}

// openSortMenu offers every field; choosing the current one turns it around.
func (m *Model) openSortMenu() {
	items := []menu.Item{{ID: "", Text: "the service's own order", Checked: m.view.sort.IsZero(), Key: "0"}}
	items[0].ID = "none"
	keys := "123456789"
	for i, f := range sortFields() {
		it := menu.Item{ID: f.Name, Text: f.Label}
		if i < len(keys) {
			it.Key = keys[i : i+1]
		}
		if m.view.sort.Field == f.ID && !m.view.sort.IsZero() {
			it.Checked = true
			it.Detail = "ascending; again for descending"
			if m.view.sort.Desc {
				it.Detail = "descending; again for ascending"
			}
		}
		items = append(items, it)
	}
	mm := menu.New(menuSort, "Sort by", items, false)
	mm.Foot = "everything is loaded: sorted here, without a request"
	if !m.allHeld() {
		mm.Foot = "sorted by the service; rows may shift while others edit"
	}
	if !m.view.sort.IsZero() {
		mm = mm.Select(m.view.sort.Field.Name())
	}
	m.openMenu(mm)
}

// sortFields are the fields in the order in which people sort by them.
func sortFields() []model.Field {
	first := []model.FieldID{model.FieldLastName, model.FieldFirstName, model.FieldEmail, model.FieldTitle, model.FieldType, model.FieldCity,
		model.FieldState, model.FieldUpdated, model.FieldCreated}
	var out []model.Field
	used := map[model.FieldID]bool{model.FieldKey: true}
	for _, f := range first {
		out, used[f] = append(out, f.Def()), true
	}
	for _, f := range model.FieldTable() {
		if !used[f.ID] {
			out = append(out, f)
		}
	}
	return out
}

func (m *Model) onSortMenu(it menu.Item) tea.Cmd {
	f, ok := model.FieldByName(it.ID)
	if !ok {
		return m.setSort(model.Sort{})
	}
	return m.setSort(m.nextSort(f.ID))
}

// nextSort is what choosing a field means: the field, or the other direction.
// Moments begin with the newest.
func (m *Model) nextSort(f model.FieldID) model.Sort {
	if m.view.sort.Field == f && !m.view.sort.IsZero() {
		return model.Sort{Field: f, Desc: !m.view.sort.Desc}
	}
	return model.Sort{Field: f, Desc: f.Def().Format == model.FormatTime}
}

// openColumnMenu toggles columns; the order is the order of choosing.
func (m *Model) openColumnMenu() {
	mm := menu.New(menuColumns, "Columns", m.columnItems(), true)
	mm.Foot = "as many as the screen has room for, in this order"
	m.openMenu(mm)
}

func (m *Model) columnItems() []menu.Item {
	chosen := m.list.Columns()
	var items []menu.Item
	has := map[string]bool{}
	for _, n := range chosen {
		items = append(items, columnItem(n, true))
		has[n] = true
	}
	for _, n := range list.AllColumns() {
		if !has[n] {
			items = append(items, columnItem(n, false))
		}
	}
	return items
}

func columnItem(name string, on bool) menu.Item {
	label := "Name"
	if f, ok := model.FieldByName(name); ok {
		label = f.Label
	}
	return menu.Item{ID: name, Text: label, Checked: on}
}

func (m *Model) onColumnMenu(it menu.Item) tea.Cmd {
	names := append([]string{}, m.list.Columns()...)
	if it.Checked && len(names) > 1 {
		kept := names[:0]
		for _, n := range names {
			if n != it.ID {
				kept = append(kept, n)
			}
		}
		names = kept
	} else if !it.Checked {
		names = append(names, it.ID)
	}
	m.list.SetColumns(names)
	next := m.menu.WithItems(m.columnItems())
	m.menu = &next
	return nil
}

// openPalette lists every action with its key; one that is not possible now
// says why.
func (m *Model) openPalette() {
	scope := keymap.List
	if m.focus == paneDetail {
		scope = keymap.Detail
	}
	var items []menu.Item
	for _, a := range m.keys.In(scope) {
		if strings.HasPrefix(string(a.Name), "move.") || a.Name == keymap.Palette {
			continue
		}
		items = append(items, menu.Item{ID: string(a.Name), Text: capital(a.Help), Detail: a.KeysText(), Off: m.unable(a)})
	}
	m.openMenu(menu.New(menuPalette, "Commands", items, true))
}

func capital(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:n]) + s[n:]
}

// openProfiles lists the accounts that can be switched to. Of the others only
// the name is known before they are asked.
func (m *Model) openProfiles() {
	if m.account.Demo {
		m.say(toastNote, "this is sample data; start without --demo for your own accounts")
		return
	}
	var items []menu.Item
	profiles := m.o.Backend.Profiles()
	if !slices.Contains(profiles, m.account.Profile) {
		profiles = append([]string{m.account.Profile}, profiles...) // it lives in the environment only
	}
	for _, p := range profiles {
		it := menu.Item{ID: p, Text: plain.Clean(p)}
		if p == m.account.Profile {
			it.Checked = true
			it.Detail = joinNonEmpty(" · ", plain.Clean(m.account.Name), plain.Clean(m.account.BaseURL))
		}
		items = append(items, it)
	}
	items = append(items, menu.Item{ID: addProfile, Text: "add an account" + m.theme.Glyphs.Ellipsis})
	m.openMenu(menu.New(menuProfiles, "Profiles", items, false).Select(m.account.Profile))
}
