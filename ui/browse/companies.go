package browse

import (
	tea "charm.land/bubbletea/v2"

	"levcontacts/model"
	"levcontacts/ui/contacts"
	"levcontacts/ui/screen"
	"levcontacts/ui/widget/text"
	"levcontacts/work"
)

// companies is what is known of companies.
type companies struct {
	names work.CompanyNames
	asked bool // they are known, or were asked for in this run
}

type companiesMsg struct {
	contacts.Part
	companies work.Companies
	err       error
}

// askCompanies fetches the names of the companies in the background, once.
func (m *Model) askCompanies() tea.Cmd {
	if m.companies.asked {
		return nil
	}
	m.companies.asked = true
	ctx, b := m.o.Context, m.o.Backend
	return func() tea.Msg {
		all, err := b.Companies(ctx, companiesFresh, work.Index)
		return companiesMsg{companies: all, err: err}
	}
}

// handle takes the names. Without them the e-mail domains stand for companies.
func (msg companiesMsg) handle(m *Model) tea.Cmd {
	if msg.err == nil {
		m.setCompanies(msg.companies)
	}
	return nil
}

func (m *Model) setCompanies(all work.Companies) {
	m.companies.names = all.Names()
	m.detail.SetCompanies(m.companies.names, m.o.Now())
}

// SetCompanies takes the companies that another part of the program has read.
func (m *Model) SetCompanies(all work.Companies) {
	if !all.FetchedAt.IsZero() {
		m.companies.asked = true
		m.setCompanies(all)
	}
}

// colleagues shows everybody of the contact's company.
func (m *Model) colleagues() tea.Cmd {
	c, ok := m.Selected()
	if !ok {
		return nil
	}
	domain := model.CompanyDomain(c.Get(model.FieldEmail).String())
	if domain == "" {
		m.say(screen.Note, "the company of "+text.Name(c)+" is not known: it is told by the e-mail address")
		return nil
	}
	m.search.before = m.selected
	m.search.input.SetValue(`company:"` + domain + `"`)
	cmd := m.searchTyped()
	m.keepSearch()
	m.focusOn(paneList)
	return cmd
}
