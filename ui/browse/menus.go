package browse

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/contacts"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/detail"
	"github.com/levcontacts/levcontacts/ui/widget/list"
	"github.com/levcontacts/levcontacts/ui/widget/menu"
	"github.com/levcontacts/levcontacts/ui/widget/text"
)

// openMenu opens what the user has just asked for.
func (m *Model) openMenu(mm *menu.Menu) { m.emit(screen.Open{Overlay: mm}) }

// sortMsg chooses an order.
type sortMsg struct {
	contacts.Part
	sort model.Sort
}

func (msg sortMsg) handle(m *Model) tea.Cmd { return m.sortBy(msg.sort) }

// sortBy sorts and shows the first row: who sorts wants to see what comes first.
func (m *Model) sortBy(s model.Sort) tea.Cmd {
	m.list.SetSort(s.Field)
	m.viewChanged, m.land = true, landing{top: true}
	return m.take(m.contacts.Sort(s))
}

// bestMatchMsg puts the best match of a search first again.
type bestMatchMsg struct{ contacts.Part }

func (bestMatchMsg) handle(m *Model) tea.Cmd {
	m.land = landing{top: true}
	return m.take(m.contacts.SortByMatch())
}

// openSortMenu offers every field; choosing the current one turns it around.
func (m *Model) openSortMenu() {
	by, ranked := m.contacts.SortBy(), m.contacts.Ranked()
	var items []menu.Item
	if m.query().Ranked() {
		items = append(items, menu.Item{ID: "match", Text: "Best match", Detail: "as long as the search is there", Key: "b",
			Checked: ranked, Msg: bestMatchMsg{}})
	}
	items = append(items, menu.Item{ID: "none", Text: "Default order", Checked: by.IsZero() && !ranked, Key: "0",
		Msg: sortMsg{}})
	keys := "123456789"
	for i, id := range model.SortFields() {
		f := id.Def()
		it := menu.Item{ID: f.Name, Text: f.Label, Msg: sortMsg{sort: m.nextSort(f.ID)}}
		if i < len(keys) {
			it.Key = keys[i : i+1]
		}
		if by.Field == f.ID && !by.IsZero() && !ranked {
			it.Checked = true
			it.Detail = "ascending; again for descending"
			if by.Desc {
				it.Detail = "descending; again for ascending"
			}
		}
		items = append(items, it)
	}
	foot := "everything is loaded: sorted here, without a request"
	if !m.contacts.AllHeld() {
		foot = "sorted by the service; rows may shift while others edit"
	}
	mm := menu.Open(menu.Options{Title: "Sort by", Foot: foot, Items: items})
	if !by.IsZero() {
		mm.Select(by.Field.Name())
	}
	m.openMenu(mm)
}

// nextSort is what choosing a field means: the field, or the other direction.
// Moments begin with the newest.
func (m *Model) nextSort(f model.FieldID) model.Sort {
	if by := m.contacts.SortBy(); by.Field == f && !by.IsZero() && !m.contacts.Ranked() {
		return model.Sort{Field: f, Desc: !by.Desc}
	}
	return model.Sort{Field: f, Desc: f.Def().Format == model.FormatTime}
}

// columnMsg shows a column or takes it away.
type columnMsg struct {
	contacts.Part
	name string
}

// columnsMsg ends the choice of columns.
type columnsMsg struct{ contacts.Part }

// openColumnMenu toggles columns.
func (m *Model) openColumnMenu() {
	m.columns = menu.Open(menu.Options{
		Title: "Columns", Foot: "those higher up have room first · < > move one up or down", Items: m.columnItems(),
		Typed: true, Stays: true, OnClose: columnsMsg{},
		Move: func(id string, by int) tea.Msg { return moveColumnMsg{name: id, by: by} },
	})
	m.openMenu(m.columns)
}

func (columnsMsg) handle(m *Model) tea.Cmd {
	m.columns, m.viewChanged = nil, true
	return nil
}

func (msg columnMsg) handle(m *Model) tea.Cmd {
	names := slices.Clone(m.list.Columns())
	switch at := slices.Index(names, msg.name); {
	case at < 0:
		names = append(names, msg.name)
	case len(names) > 1:
		names = slices.Delete(names, at, at+1)
	}
	return m.setColumns(names)
}

// moveColumnMsg gives a column its room before or after the one beside it.
type moveColumnMsg struct {
	contacts.Part
	name string
	by   int
}

func (msg moveColumnMsg) handle(m *Model) tea.Cmd {
	names := slices.Clone(m.list.Columns())
	at := slices.Index(names, msg.name)
	if to := at + msg.by; at >= 0 && to >= 0 && to < len(names) {
		names[at], names[to] = names[to], names[at]
	}
	return m.setColumns(names)
}

func (m *Model) setColumns(names []string) tea.Cmd {
	m.list.SetColumns(names)
	if m.columns != nil {
		m.columns.SetItems(m.columnItems())
	}
	return nil
}

func (m *Model) columnItems() []menu.Item {
	chosen, shown := m.list.Columns(), m.list.Shown()
	names := slices.Clone(chosen)
	for _, n := range list.AllColumns() {
		if !slices.Contains(chosen, n) {
			names = append(names, n)
		}
	}
	items := make([]menu.Item, len(names))
	for i, n := range names {
		label := "Name"
		if f, ok := model.FieldByName(n); ok {
			label = f.Label
		}
		items[i] = menu.Item{ID: n, Text: label, Checked: i < len(chosen), Msg: columnMsg{name: n}}
		if f, _ := model.FieldByName(n); f.Later && i >= len(chosen) {
			items[i].Off = m.lacking(f.ID)
		}
		if items[i].Checked && !slices.Contains(shown, n) {
			items[i].Detail = "no room at this width"
		}
	}
	return items
}

// lacking says that the service does not have a field that came after March
// 2026, "" while no contact shows that.
func (m *Model) lacking(f model.FieldID) string {
	all := m.contacts.Snapshot()
	if !f.Def().Later || all.Len() == 0 || all.At(0).HasLater() {
		return ""
	}
	return "this service has no " + text.Label(f.Def().Label)
}

// lackingSearched says of a search that it names a field that the service does not
// have.
func (m *Model) lackingSearched() string {
	typed := strings.ToLower(m.search.input.Value())
	for _, f := range model.Fields() {
		for _, word := range append(strings.Fields(f.Words), f.Name) {
			if f.Later && (strings.Contains(typed, word+":") || strings.Contains(typed, "has:"+word)) {
				return m.lacking(f.ID)
			}
		}
	}
	return ""
}

// copyMsg puts a part of a contact on the clipboard, on one line and without
// control characters unless it is a file of its own: where it is pasted may be a
// shell.
type copyMsg struct {
	contacts.Part
	text, what string
	file       bool
}

func (msg copyMsg) handle(m *Model) tea.Cmd {
	if msg.text == "" {
		m.say(screen.Note, msg.what+" is empty; nothing was copied")
		return nil
	}
	if !msg.file {
		if safe := plain.Pasteable(msg.text); safe != msg.text {
			msg.text, msg.what = strings.TrimSpace(safe), msg.what+" without line breaks and control characters"
		}
	}
	m.emit(Copy{Text: msg.text, What: msg.what})
	return nil
}

// openCopyMenu offers what can be copied of a contact.
func (m *Model) openCopyMenu(c model.Contact) {
	var items []menu.Item
	add := func(id, key, name, shown string, msg copyMsg) {
		it := menu.Item{ID: id, Key: key, Text: name, Detail: plain.Clean(shown), Msg: msg}
		if msg.text == "" {
			it.Off = "empty"
		}
		items = append(items, it)
	}
	if row, has := m.detail.Row(); has && m.focus == paneDetail && !row.Folded() {
		name := plain.Clean(row.Extra)
		if row.Extra == "" {
			name = text.Label(row.Field.Def().Label)
		}
		value := m.detail.Text(row)
		items = append(items, menu.Item{
			ID: "field", Key: "y", Text: "this field", Detail: plain.FirstWords(value, 60),
			Msg: copyMsg{text: value, what: name},
		})
	}
	for _, part := range []struct{ id, key, text, what string }{
		{"email", "e", c.Get(model.FieldEmail).String(), "e-mail"},
		{"name", "n", c.Name(), "name"},
		{"address", "a", addressOf(c), "address"},
	} {
		what := "the " + part.what
		if part.id == "email" {
			what += " address"
		}
		add(part.id, part.key, part.what, part.text, copyMsg{text: part.text, what: what})
	}
	phones, _ := c.Phones()
	for i, p := range phones {
		key := ""
		if i == 0 {
			key = "p"
		}
		what := "the " + strings.ToLower(p.Label()) + " number"
		add(fmt.Sprint("phone", i), key, strings.TrimPrefix(what, "the "), p.Display(),
			copyMsg{text: p.Display(), what: what})
		if e164 := p.International(); e164 != "" {
			add(fmt.Sprint("e164", i), strings.ToUpper(key), "the same for a machine", e164, copyMsg{text: e164, what: what})
		}
	}
	raw, err := c.MarshalJSON()
	if err != nil {
		m.say(screen.Failure, "The JSON cannot be copied: "+err.Error())
	}
	add("json", "j", "JSON", "as the service gave it", copyMsg{text: escapedControls(string(raw)), what: "the JSON",
		file: true})
	add("vcard", "v", "vCard", "for an address book", copyMsg{text: lines(model.VCard(c)), what: "the vCard", file: true})
	m.openMenu(menu.Open(menu.Options{Title: "Copy from " + text.Name(c), Items: items}))
}

// escapedControls is the same JSON with the control characters that JSON allows
// in a string written as escapes.
func escapedControls(raw string) string {
	var b strings.Builder
	for _, r := range raw {
		if unicode.IsControl(r) && r > ' ' {
			fmt.Fprintf(&b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// lines are the lines of a file without control characters.
func lines(file string) string {
	all := strings.Split(file, "\r\n")
	for i := range all {
		all[i] = plain.Pasteable(all[i])
	}
	return strings.Join(all, "\r\n")
}

// addressOf is the postal address.
func addressOf(c model.Contact) string {
	town := strings.TrimSpace(c.Get(model.FieldState).String() + " " + c.Get(model.FieldZip).String())
	return text.Join(", ", c.Get(model.FieldAddress).String(), c.Get(model.FieldAddress2).String(),
		c.Get(model.FieldCity).String(), town)
}

// targetMsg opens an address outside the terminal.
type targetMsg struct {
	contacts.Part
	target string
}

func (msg targetMsg) handle(m *Model) tea.Cmd {
	m.emit(OpenTarget{msg.target})
	return nil
}

// openOpenMenu offers what can be opened outside the terminal.
func (m *Model) openOpenMenu(c model.Contact) {
	web := detail.Link(c.Get(model.FieldLinkedIn).String(), model.FormatURL)
	address := c.Get(model.FieldEmail).String()
	mail := detail.Link(address, model.FormatEmail)
	items := []menu.Item{
		{ID: web, Key: "o", Text: "open LinkedIn", Detail: plain.Clean(web), Msg: targetMsg{target: web}},
		{ID: mail, Key: "m", Text: "write a mail", Detail: plain.Clean(address), Msg: targetMsg{target: mail}},
	}
	phones, _ := c.Phones()
	for i, p := range phones {
		it := menu.Item{ID: p.Link(), Text: "call " + strings.ToLower(p.Label()), Detail: plain.Clean(p.Display()),
			Msg: targetMsg{target: p.Link()}}
		if i == 0 {
			it.Key = "p"
		}
		items = append(items, it)
	}
	if photo := c.Get(model.FieldPhoto).String(); photo != "" {
		link := detail.Link(photo, model.FormatURL)
		items = append(items, menu.Item{ID: link, Text: "open the photo", Detail: plain.Clean(photo),
			Msg: targetMsg{target: link}})
	}
	for i := range items {
		if items[i].ID == "" {
			items[i].Off = "there is no address that can be opened safely"
		}
	}
	m.openMenu(menu.Open(menu.Options{Title: "Open for " + text.Name(c), Items: items}))
}
