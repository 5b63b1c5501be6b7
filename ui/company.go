package ui

import (
	"encoding/json"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"levcontacts/model"
	"levcontacts/work"
)

// companyField is what the published API documentation wants of a new contact
// although it is no field of a contact: no answer shows it.
const companyField = "company_id"

// wantsCompany says that a create was refused for want of a company.
func wantsCompany(e *editing, err *model.Error) bool {
	_, named := err.Fields[companyField]
	return named && e.kind == work.DraftCreate
}

// askCompany asks for the company of the new contact, and creates it then.
func (m *Model) askCompany(typed, note string) {
	m.ask("The service wants a company for a new contact", false, m.withCompany)
	m.prompt.note = note
	if note == "" {
		m.prompt.note = "its number (" + companyField + "); enter creates the contact with it"
	}
	m.prompt.input.SetValue(typed)
}

func (m *Model) withCompany(typed string) tea.Cmd {
	id, err := strconv.ParseInt(strings.TrimSpace(typed), 10, 64)
	if err != nil || id <= 0 {
		m.askCompany(typed, "the number of a company is digits only, such as 1204")
		return nil
	}
	m.edit.extra = map[string]json.RawMessage{companyField: json.RawMessage(strconv.FormatInt(id, 10))}
	return m.save()
}
