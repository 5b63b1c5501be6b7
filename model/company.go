package model

import (
	"encoding/json"
	"errors"
	"strings"
)

// Company is the employer of contacts, from the published API documentation of
// July 2026. Parts may be "".
type Company struct {
	ID      int64
	Name    string
	Website string
	City    string
	State   string
	JSON    string // the company as the service sent it
}

// ErrNoCompany is returned for JSON that holds no company.
var ErrNoCompany = errors.New("not a company")

// The company types that the service wants of a new company.
const (
	CompanyLender  = "lender"
	CompanySponsor = "sponsor"
)

// UnmarshalJSON reads one company. The error is ErrNoCompany for one without an
// integer id.
func (c *Company) UnmarshalJSON(raw []byte) error {
	var parts struct {
		ID      Value `json:"id"`
		Name    Value `json:"name"`
		Website Value `json:"website"`
		City    Value `json:"city"`
		State   Value `json:"state"`
	}
	if err := json.Unmarshal(raw, &parts); err != nil {
		return ErrNoCompany
	}
	id, ok := parts.ID.Int()
	if !ok || id <= 0 {
		return ErrNoCompany
	}
	*c = Company{ID: id, Name: parts.Name.String(), Website: parts.Website.String(), City: parts.City.String(),
		State: parts.State.String(), JSON: string(raw)}
	return nil
}

// MarshalJSON writes the company as it came.
func (c Company) MarshalJSON() ([]byte, error) {
	if c.JSON != "" {
		return []byte(c.JSON), nil
	}
	name, err := marshalText(c.Name)
	return []byte(`{"id":` + IntValue(c.ID).String() + `,"name":` + string(name) + `}`), err
}

// Domain is the e-mail domain that the website of the company suggests, "" for none.
func (c Company) Domain() string {
	s := strings.ToLower(strings.TrimSpace(c.Website))
	if _, after, ok := strings.Cut(s, "://"); ok {
		s = after
	}
	if i := strings.IndexAny(s, "/?#:"); i >= 0 {
		s = s[:i]
	}
	return strings.TrimPrefix(s, "www.")
}

// CompanyDomain is the company as the domain of an e-mail address tells it, "" for
// an address of a public mail provider and for what is no address.
func CompanyDomain(email string) string {
	_, domain, ok := strings.Cut(strings.TrimSpace(email), "@")
	domain = strings.ToLower(domain)
	if !ok || strings.ContainsAny(domain, "@ ") || PublicDomain(domain) {
		return ""
	}
	return domain
}

// PublicDomain says that an e-mail domain tells nothing about the company.
func PublicDomain(domain string) bool {
	switch domain {
	case "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "ymail.com",
		"icloud.com", "me.com", "mac.com", "aol.com", "proton.me", "protonmail.com", "gmx.com", "gmx.de", "comcast.net",
		"verizon.net", "att.net", "sbcglobal.net", "zoho.com", "fastmail.com":
		return true
	}
	return false
}

// Values is a contact, packed or not.
type Values interface {
	Get(FieldID) Value
	Extra(name string) (json string, ok bool)
}

// CompanyOf is the company of a contact: as the service says, or else as its
// e-mail domain does, and then derived is true. "" is not known.
func CompanyOf(c Values) (name string, derived bool) {
	for _, member := range [...]string{"company_name", "company"} {
		raw, _ := c.Extra(member)
		switch v := storedValue(raw); v.Kind() {
		case Text:
			if !v.Empty() {
				return v.String(), false
			}
		case Raw:
			var company struct{ Name string }
			if json.Unmarshal([]byte(raw), &company) == nil && company.Name != "" {
				return company.Name, false
			}
		}
	}
	domain := CompanyDomain(c.Get(FieldEmail).String())
	return domain, domain != ""
}
