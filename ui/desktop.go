package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"levcontacts/internal/plain"
	"levcontacts/model"
	"levcontacts/ui/widget/detail"
	"levcontacts/ui/widget/menu"
)

// openCopyMenu offers what can be copied of the selected contact.
func (m *Model) openCopyMenu() {
	c, ok := m.detail.Contact()
	if !ok {
		return
	}
	var items []menu.Item
	if row, has := m.detail.Row(); has && m.focus == paneDetail {
		items = append(items, menu.Item{ID: "field", Key: "y", Text: "this field", Detail: plain.Clean(m.detail.Text(row))})
	}
	add := func(id, key, text, value string) {
		it := menu.Item{ID: id, Key: key, Text: text, Detail: plain.Clean(strings.ReplaceAll(value, "\n", ", "))}
		if value == "" {
			it.Off = "empty"
		}
		items = append(items, it)
	}
	add("email", "e", "e-mail", c.Get(model.FieldEmail).String())
	add("name", "n", "name", c.Name())
	add("address", "a", "address", addressOf(c))
	add("json", "j", "JSON", "as the service gave it")
	add("vcard", "v", "vCard", "for an address book")
	m.openMenu(menu.New(menuCopy, "Copy from "+nameOf(c), items, false))
}

// addressOf is the postal address in lines.
func addressOf(c model.Contact) string {
	town := strings.TrimSpace(c.Get(model.FieldState).String() + " " + c.Get(model.FieldZip).String())
	city := joinNonEmpty(", ", c.Get(model.FieldCity).String(), town)
	return joinNonEmpty("\n", c.Get(model.FieldAddress).String(), city)
}

func (m *Model) onCopyMenu(it menu.Item) tea.Cmd {
	c, ok := m.detail.Contact()
	if !ok {
		return nil
	}
	switch it.ID {
	case "field":
		if row, has := m.detail.Row(); has {
			name := plain.Clean(row.Extra)
			if row.Extra == "" {
				name = inText(row.Field.Def().Label)
			}
			return m.copyText(m.detail.Text(row), name)
		}
	case "email":
		return m.copyText(c.Get(model.FieldEmail).String(), "the e-mail address")
	case "name":
		return m.copyText(c.Name(), "the name")
	case "address":
		return m.copyText(addressOf(c), "the address")
	case "json":
		raw, err := c.MarshalJSON()
		if err != nil {
			m.sayError("copy", err)
			return nil
		}
		return m.copyText(string(raw), "the JSON")
	case "vcard":
		return m.copyText(model.VCard(c), "the vCard")
	}
	return nil
}

// copyText puts text on both clipboards there may be: the terminal's own,
// which also works over SSH, and the machine's.
func (m *Model) copyText(text, what string) tea.Cmd {
	if text == "" {
		m.say(toastNote, what+" is empty; nothing was copied")
		return nil
	}
	d := m.o.Desktop
	shown := plain.FirstWords(text, 60)
	return tea.Batch(tea.SetClipboard(text), func() tea.Msg {
		if err := d.Copy(text); err != nil {
			return doneMsg{"copied " + what + " through the terminal: " + shown, nil}
		}
		return doneMsg{"copied " + what + ": " + shown, nil}
	})
}

// openOpenMenu offers what can be opened, or opens it when there is one thing.
func (m *Model) openOpenMenu() {
	c, ok := m.detail.Contact()
	if !ok {
		return
	}
	web := detail.Link(c.Get(model.FieldLinkedIn).String(), model.FormatURL)
	mail := detail.Link(c.Get(model.FieldEmail).String(), model.FormatEmail)
	items := []menu.Item{{ID: web, Key: "o", Text: "open LinkedIn", Detail: plain.Clean(web)}, {ID: mail, Key: "m", Text: "write a mail", Detail: plain.Clean(c.Get(model.FieldEmail).String())}}
	for i := range items {
		if items[i].ID == "" {
			items[i].Off = "there is no address that can be opened safely"
		}
	}
	m.openMenu(menu.New(menuOpen, "Open for "+nameOf(c), items, false))
}

func (m *Model) openTarget(target string) tea.Cmd {
	d := m.o.Desktop
	return do("opening "+plain.Clean(target), func() error { return d.Open(target) })
}

// copyError copies the details of the error on the screen.
func (m *Model) copyError() tea.Cmd {
	e := m.toast.err
	if e == nil {
		if c := m.activeChain(); c != nil {
			e = c.err
		}
	}
	if e == nil {
		m.say(toastNote, "there is no error to copy")
		return nil
	}
	text := joinNonEmpty("\n", e.Headline(), e.Error(), e.Method+" "+e.URL, m.o.Backend.Report())
	return m.copyText(text, "the details")
}

func (m *Model) onDone(msg doneMsg) {
	if msg.err != nil {
		m.sayError(msg.text, msg.err)
		return
	}
	m.say(toastGood, msg.text)
}
