package browse

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/contacts"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/detail"
	"github.com/levcontacts/levcontacts/ui/widget/menu"
	"github.com/levcontacts/levcontacts/ui/widget/text"
)

// wideMenu has room for a few names.
const wideMenu = 76

// mailMost is how long the address of a mail may be: browsers and mail programs
// take at least this many characters.
const mailMost = 1900

// copyAction offers what can be copied of the marked contacts together, or of the
// selected one.
func (m *Model) copyAction(c model.Contact) {
	if len(m.marks) > 0 {
		m.openCopyMarked(c)
		return
	}
	m.openCopyMenu(c)
}

func (m *Model) openAction(c model.Contact) {
	if len(m.marks) > 0 {
		m.openMailMarked(c)
		return
	}
	m.openOpenMenu(c)
}

// aloneMsg opens a menu for the selected contact although others are marked.
type aloneMsg struct {
	contacts.Part
	open func(*Model, model.Contact)
	of   model.Contact
}

func (msg aloneMsg) handle(m *Model) tea.Cmd {
	msg.open(m, msg.of)
	return nil
}

// mailboxes are the addresses of contacts that can be written to, each once, in
// their order, and the names of the contacts without one.
func mailboxes(all []model.Contact) (with []model.Contact, without []string) {
	met := map[string]bool{}
	for _, c := range all {
		address := c.Get(model.FieldEmail).String()
		if detail.Link(address, model.FormatEmail) == "" {
			without = append(without, text.Name(c))
			continue
		}
		if key := strings.ToLower(address); !met[key] {
			met[key] = true
			with = append(with, c)
		}
	}
	return with, without
}

// withoutWords name the contacts that have no address, "" for none.
func withoutWords(names []string) string {
	const most = 5
	if len(names) == 0 {
		return ""
	}
	shown := strings.Join(names[:min(most, len(names))], ", ")
	if n := len(names) - most; n > 0 {
		shown += " and " + text.Number(n) + " more"
	}
	return "without an e-mail address: " + shown
}

// sayWithout names the contacts that have no address, where a menu has no room.
func (m *Model) sayWithout(names []string) {
	if words := withoutWords(names); words != "" {
		m.say(screen.Note, text.Capital(words))
	}
}

// mailbox is a contact as a mail program takes it: Name <address>.
func mailbox(c model.Contact) string {
	name, address := text.Name(c), c.Get(model.FieldEmail).String()
	if name == "" {
		return address
	}
	if strings.ContainsAny(name, `()<>[]:;@\,."`) {
		name = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `"`
	}
	return name + " <" + address + ">"
}

// openCopyMarked offers what can be copied of the marked contacts together.
func (m *Model) openCopyMarked(selected model.Contact) {
	all := m.Marked()
	with, without := mailboxes(all)
	each := func(of []model.Contact, sep string, part func(model.Contact) string) string {
		var out []string
		for _, c := range of {
			out = append(out, part(c))
		}
		return strings.Join(text.NonEmpty(out), sep)
	}
	address := func(c model.Contact) string { return c.Get(model.FieldEmail).String() }
	phones := each(all, "; ", func(c model.Contact) string {
		var numbers []string
		list, _ := c.Phones()
		for _, p := range list {
			numbers = append(numbers, text.OneLine(plain.Clean(p.Display())))
		}
		if len(numbers) == 0 {
			return ""
		}
		return text.Join(": ", text.Name(c), strings.Join(numbers, ", "))
	})
	var items []menu.Item
	add := func(key, name, shown, copied string) {
		it := menu.Item{ID: key, Key: key, Text: name, Detail: plain.FirstWords(shown, 60), Msg: copyMsg{text: copied,
			what: name + " of " + text.Plural(len(all), "contact"), file: key == "t" || key == "v"}}
		if copied == "" {
			it.Off = "none of them has one"
		}
		items = append(items, it)
	}
	boxes := each(with, ", ", mailbox)
	add("y", "mail addresses with names", boxes, boxes)
	addresses := each(with, ", ", address)
	add("e", "mail addresses alone", addresses, addresses)
	names := each(all, "; ", text.Name)
	add("n", "names", names, names)
	add("p", "phone numbers", phones, phones)
	add("t", "table", "the columns on the screen, for a spreadsheet", m.table(all))
	add("v", "vCards", "for an address book", lines(each(all, "", model.VCard)))
	items = append(items, menu.Item{ID: "one", Key: "o", Text: "only " + text.Name(selected) + "…",
		Msg: aloneMsg{open: (*Model).openCopyMenu, of: selected}})
	m.openMenu(menu.Open(menu.Options{Title: "Copy from " + text.Plural(len(all), "marked contact"), Items: items,
		Foot: withoutWords(without), Width: wideMenu}))
	m.sayWithout(without)
}

// table is contacts in the columns of the list, with tabs between them.
func (m *Model) table(all []model.Contact) string {
	columns := m.list.Columns()
	var lines []string
	row := func(cell func(name string) string) {
		cells := make([]string, len(columns))
		for i, name := range columns {
			cells[i] = plain.Guarded(strings.ReplaceAll(text.OneLine(plain.Clean(cell(name))), "\t", " "))
		}
		lines = append(lines, strings.Join(cells, "\t"))
	}
	row(func(name string) string {
		if f, ok := model.FieldByName(name); ok {
			return f.Label
		}
		return "Name"
	})
	for _, c := range all {
		row(func(name string) string {
			f, ok := model.FieldByName(name)
			if !ok {
				return c.Name()
			}
			return f.Show(c.Get(f.ID))
		})
	}
	return strings.Join(lines, "\n") + "\n"
}

// mailMsg opens one part of a mail to many.
type mailMsg struct {
	contacts.Part
	part int
}

func (msg mailMsg) handle(m *Model) tea.Cmd {
	m.mail.opened[msg.part] = true
	m.emit(OpenTarget{m.mail.parts[msg.part].target})
	m.mail.menu.SetItems(m.mail.items())
	return nil
}

// mailing is a mail to the marked contacts, in as many parts as it takes.
type mailing struct {
	menu     *menu.Menu
	parts    []mailPart
	opened   []bool
	selected model.Contact
}

type mailPart struct {
	target string // mailto: with everybody in BCC
	n      int
}

// mailParts are mails to contacts that nobody of them sees the others of.
func mailParts(with []model.Contact) []mailPart {
	const begin = "mailto:?bcc="
	var parts []mailPart
	for _, c := range with {
		address := c.Get(model.FieldEmail).String()
		last := len(parts) - 1
		if last < 0 || len(parts[last].target)+1+len(address) > mailMost {
			parts = append(parts, mailPart{begin + address, 1})
			continue
		}
		parts[last].target += "," + address
		parts[last].n++
	}
	return parts
}

func (l *mailing) items() []menu.Item {
	var items []menu.Item
	for i, p := range l.parts {
		it := menu.Item{ID: fmt.Sprint("mail ", i), Text: "write one mail to all " + text.Number(p.n) + " in BCC", Key: "m",
			Checked: l.opened[i], Msg: mailMsg{part: i}}
		if len(l.parts) > 1 {
			it.Text = fmt.Sprintf("mail %d of %d, to %s in BCC", i+1, len(l.parts), text.Number(p.n))
			it.Key = ""
			if i < 9 {
				it.Key = fmt.Sprint(i + 1)
			}
		}
		items = append(items, it)
	}
	if len(items) == 0 {
		items = append(items, menu.Item{ID: "mail", Text: "write one mail to all in BCC",
			Off: "none of them has an e-mail address"})
	}
	return append(items, menu.Item{ID: "one", Key: "o", Text: "only " + text.Name(l.selected) + "…",
		Msg: aloneMsg{open: (*Model).openOpenMenu, of: l.selected}})
}

// openMailMarked offers a mail to the marked contacts. It stays open where the
// mail takes several parts.
func (m *Model) openMailMarked(selected model.Contact) {
	with, without := mailboxes(m.Marked())
	l := &mailing{parts: mailParts(with), selected: selected}
	l.opened = make([]bool, len(l.parts))
	foot := withoutWords(without)
	if len(l.parts) > 1 {
		foot = text.Join(" · ", "in parts, because mail programs take no longer address", foot)
	}
	l.menu = menu.Open(menu.Options{Title: "Open for " + text.Plural(len(m.marks), "marked contact"), Items: l.items(),
		Foot: foot, Stays: len(l.parts) > 1, Width: wideMenu})
	m.mail = l
	m.sayWithout(without)
	m.openMenu(l.menu)
}
