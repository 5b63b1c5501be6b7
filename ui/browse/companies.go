package browse

import (
	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/work"
)

// setCompanies takes the names of the companies. Those that nobody has read yet
// are told by the e-mail domains: reading all of them takes many requests.
func (m *Model) setCompanies(all work.Companies) {
	m.companies = all.Names()
	m.detail.SetCompanies(m.companies, m.o.Now())
}

// SetCompanies takes the companies that another part of the program has read.
func (m *Model) SetCompanies(all work.Companies) {
	if !all.FetchedAt.IsZero() {
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
