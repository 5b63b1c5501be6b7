package model

import (
	"net/mail"
	"net/url"
	"strings"
	"unicode/utf8"
)

// Severity says whether a finding stops a save.
type Severity uint8

// Fine is no finding. A Warning is said and may be ignored: the API would take
// the value. Refused is what the API documents as wrong.
const (
	Fine Severity = iota
	Warning
	Refused
)

// Finding is what is odd about a typed value, in words for the line under the
// field; the zero Finding is none.
type Finding struct {
	Severity Severity
	Text     string
}

// Check looks at typed text when the person leaves the field. The documents
// refuse only a missing or unknown contact_type; everything else is a warning.
func (f Field) Check(typed string) Finding {
	s := strings.TrimSpace(typed)
	if f.Format == FormatType {
		switch s {
		case "", TypeLender, TypeSponsor:
			return Finding{}
		}
		return Finding{Refused, "type is lender_contact or sponsor"}
	}
	if s == "" {
		return Finding{}
	}
	switch f.Format {
	case FormatPhones:
		return checkPhones(s)
	case FormatTypes:
		for _, t := range typedTypes(s) {
			if t != TypeLender && t != TypeSponsor {
				return Finding{Refused, "the types are lender_contact and sponsor"}
			}
		}
		return Finding{}
	case FormatBool:
		if _, ok := parseBool(s); !ok {
			return Finding{Refused, "yes or no"}
		}
		return Finding{}
	}
	if f.Max > 0 && utf8.RuneCountInString(s) > f.Max {
		return Finding{Warning, "unusually long; the service may refuse it"}
	}
	switch f.Format {
	case FormatEmail:
		return checkEmail(s)
	case FormatURL:
		return checkURL(s)
	case FormatState:
		if !isState(s) {
			return Finding{Warning, "not a two-letter US state"}
		}
	case FormatZip:
		if !isZip(s) {
			return Finding{Warning, "not a US ZIP code (10004 or 10004-1234)"}
		}
	}
	return Finding{}
}

// CheckCreate is Check for a contact that does not exist yet: the page of
// March 2026 requires contact_type.
func (f Field) CheckCreate(typed string) Finding {
	if f.Format == FormatType && strings.TrimSpace(typed) == "" {
		return Finding{Refused, "type is required"}
	}
	return f.Check(typed)
}

// checkPhones finds the first odd phone of a list or of edits of one.
func checkPhones(typed string) Finding {
	phones := ParsePhoneLines(typed)
	if edits, ok := ParsePhoneEdits(typed); ok {
		phones = nil
		for _, e := range edits {
			if e.Verb != EditRemove {
				phones = append(phones, e.Phone)
			}
		}
	}
	for _, p := range phones {
		if finding := p.Check(); finding.Severity != Fine {
			finding.Text = p.String() + ": " + finding.Text
			return finding
		}
	}
	return Finding{}
}

func checkEmail(s string) Finding {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s {
		return Finding{Warning, "does not look like an e-mail address"}
	}
	if _, domain, _ := strings.Cut(s, "@"); !strings.Contains(domain, ".") {
		return Finding{Warning, "the part after @ has no dot"}
	}
	return Finding{}
}

func checkURL(s string) Finding {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return Finding{Warning, "not a full address; it should begin with https://"}
	}
	return Finding{}
}

// isZip says that s is five digits, or five and four behind a hyphen.
func isZip(s string) bool {
	for i, r := range s {
		if i == 5 && r == '-' {
			continue
		}
		if r < '0' || r > '9' {
			return false
		}
	}
	return len(s) == 5 || len(s) == 10 && s[5] == '-'
}

func isState(s string) bool {
	s = strings.ToUpper(s)
	const states = " AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY PR GU VI AS MP "
	return len(s) == 2 && strings.Contains(states, " "+s+" ")
}
