package work

import (
	"time"

	"github.com/levcontacts/levcontacts/model"
)

// Companies are the companies that are held.
type Companies struct {
	Items     []model.Company // those used lately first, then by name
	Recent    int             // how many of them were used lately
	FetchedAt time.Time       // zero when they are not known
	Lacking   bool            // this service has no companies
	More      bool            // there are more than are held
}

// CompanyNames are the names of companies by the domain of their website.
type CompanyNames map[string]string

// Names are the names by domain. Of two companies with one website the first
// counts.
func (c Companies) Names() CompanyNames {
	names := CompanyNames{}
	for _, company := range c.Items {
		domain := company.Domain()
		if _, taken := names[domain]; !taken && domain != "" && company.Name != "" {
			names[domain] = company.Name
		}
	}
	return names
}

// Of is the company of a contact: as the service says, or by the e-mail domain.
// A domain that is the website of a company gives its name; derived says that
// the service itself did not tell.
func (n CompanyNames) Of(contact model.Values) (name string, derived bool) {
	name, derived = model.CompanyOf(contact)
	if known := n[name]; derived && known != "" {
		return known, true
	}
	return name, derived
}

// NewCompany asks for a new company.
type NewCompany struct {
	Name string
	Type string // model.CompanyLender or model.CompanySponsor
}

// CompanySaved is what became of a NewCompany.
type CompanySaved struct {
	Company   model.Company
	Nothing   bool // there was one of this name; nothing was sent
	RequestID string
}

// The names in Entry.Extra of a new company. The values are JSON texts.
const (
	extraCompanyName = "name"
	extraCompanyType = "company_type"
)

// Extra is what the journal holds of the write.
func (c NewCompany) Extra() map[string]string {
	return quotedTexts(map[string]string{extraCompanyName: c.Name, extraCompanyType: c.Type})
}

// NewCompany is the new company that the entry holds; ok is false for an entry of
// another kind.
func (e Entry) NewCompany() (c NewCompany, ok bool) {
	return NewCompany{Name: e.extraText(extraCompanyName), Type: e.extraText(extraCompanyType)}, e.Kind == KindCompanyCreate
}
