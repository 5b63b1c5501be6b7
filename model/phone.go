package model

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/levcontacts/levcontacts/model/numbers"
)

// The phone types of the published API documentation of July 2026, in the order
// in which they are offered.
const (
	PhoneOffice = "office"
	PhoneMobile = "mobile"
	PhoneFax    = "fax"
)

// PhoneTypes lists the phone types, the usual one first.
func PhoneTypes() []string { return []string{PhoneOffice, PhoneMobile, PhoneFax} }

// homeCountry is the country of a number that names none, as the service takes it.
const homeCountry = "US"

// Phone is one phone number of a contact. A part is "" where the service holds
// null, as it does in records from before it had phones.
type Phone struct {
	ID        string // set by the service
	Type      string // one of PhoneTypes
	Raw       string // as entered
	Country   string // two letters, for a number without a plus
	E164      string // worked out by the service
	Extension string
}

// ParsePhones reads the value of FieldPhones. ok is false for JSON of another
// shape, which can be shown and not edited. Absent and null hold no phones.
func ParsePhones(v Value) (phones []Phone, ok bool) {
	if v.Kind() == Absent || v.Kind() == Null {
		return nil, true
	}
	var list []map[string]json.RawMessage
	if v.Kind() != Raw || json.Unmarshal([]byte(v.String()), &list) != nil {
		return nil, false
	}
	for _, item := range list {
		if item == nil {
			return nil, false
		}
		var p Phone
		for name, part := range map[string]*string{"id": &p.ID, "type": &p.Type, "raw": &p.Raw,
			"country": &p.Country, "e164": &p.E164, "extension": &p.Extension} {
			value, err := ParseValue(item[name])
			if err != nil || value.Kind() == Raw || value.Kind() == Bool {
				return nil, false
			}
			*part = value.String()
		}
		phones = append(phones, p)
	}
	return phones, true
}

// Phones are the phone numbers of a contact. ok is that of ParsePhones.
func (c Contact) Phones() (phones []Phone, ok bool) { return ParsePhones(c.Get(FieldPhones)) }

// PhonesValue is a list of phones in the form that the service takes: without
// what it works out itself, and without phones that hold no number.
func PhonesValue(phones []Phone) Value {
	var b bytes.Buffer
	b.WriteByte('[')
	for _, p := range phones {
		if p.number() == "" {
			continue
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		begin := "{"
		for _, part := range [...][2]string{{"type", p.Type}, {"raw", p.number()}, {"country", p.Country}, {"extension", p.Extension}} {
			text, err := marshalText(part[1])
			if part[1] == "" || err != nil {
				continue
			}
			b.WriteString(begin + `"` + part[0] + `":`)
			b.Write(text)
			begin = ","
		}
		b.WriteByte('}')
	}
	b.WriteByte(']')
	return rawValue(b.String())
}

// number is the number as entered, or as the service writes it where that was lost.
func (p Phone) number() string { return cmp.Or(strings.TrimSpace(p.Raw), p.E164) }

// ParsePhone reads one line as a person types it: "office: (212) 555-0193 ext 4",
// with the country of a number without a plus behind the type, "office/GB: 020
// 7946 0958". The type may be left out, or the country alone may stand there.
func ParsePhone(line string) Phone {
	var p Phone
	line = strings.TrimSpace(line)
	if head, rest, ok := strings.Cut(line, ":"); ok {
		kind, country, both := strings.Cut(strings.ToLower(strings.TrimSpace(head)), "/")
		if len(kind) == 2 && !both {
			kind, country = "", kind
		}
		if letters(kind) && letters(country) && (country == "" || len(country) == 2) {
			p.Type, p.Country, line = kind, strings.ToUpper(country), strings.TrimSpace(rest)
		}
	}
	if p.Type == "tel" || p.Type == "phone" {
		p.Type = ""
	}
	p.Raw, p.Extension = splitExtension(line)
	return p
}

func letters(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < 'a' || r > 'z' })
}

// splitExtension cuts "ext 4" and the like from the end of a number.
func splitExtension(s string) (number, extension string) {
	digits := strings.TrimRight(s, "0123456789")
	extension = s[len(digits):]
	rest := strings.ToLower(strings.TrimRight(digits, " "))
	for _, word := range [...]string{"extension", "ext.", "ext", "x", "#", ";ext="} {
		head, ok := strings.CutSuffix(rest, word)
		if ok && extension != "" && digitsOf(head) != "" {
			return strings.TrimRight(s[:len(head)], " ,;"), extension
		}
	}
	return s, ""
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// String is the phone as ParsePhone reads it.
func (p Phone) String() string {
	head := p.Type
	if p.Country != "" && p.Country != homeCountry && !strings.HasPrefix(p.number(), "+") {
		head = strings.TrimPrefix(head+"/"+p.Country, "/")
	}
	number := strings.Join(strings.Fields(p.number()), " ")
	if head != "" || strings.Contains(number, ":") {
		number = head + ": " + number
	}
	if p.Extension != "" {
		number += " ext " + p.Extension
	}
	return number
}

// Plain is the phone without its type, as another program can read it: as entered
// with its extension, in E.164 where only that says the country.
func (p Phone) Plain() string {
	number := p.number()
	if e164 := p.International(); e164 != "" && p.Country != "" && p.Country != homeCountry {
		number = e164
	}
	if number == "" {
		return ""
	}
	return withExtension(number, p.Extension)
}

// International is the number in E.164, as the service says or as it would: ""
// for what is no number.
func (p Phone) International() string {
	if p.E164 != "" {
		return p.E164
	}
	number, _ := splitExtension(p.number())
	country := cmp.Or(strings.ToUpper(p.Country), homeCountry)
	if digits := digitsOf(number); country == homeCountry && len(digits) == 10 && digits[0] > '1' &&
		strings.Trim(number, "0123456789 -.()/") == "" {
		return "+1" + digits // nearly all numbers; the plans of the world take far longer
	}
	parsed, ok := numbers.Parse(number, country)
	if !ok || !parsed.Possible() {
		return ""
	}
	return parsed.E164()
}

// Label is the type in words, "Phone" for a phone that names none.
func (p Phone) Label() string {
	switch p.Type {
	case "":
		return "Phone"
	case PhoneFax:
		return "Fax"
	}
	return strings.ToUpper(p.Type[:1]) + p.Type[1:]
}

// Display is the number as people write it: "(212) 555-0193 ext 4", with the
// country where it is not of North America; what is no number as it was entered.
func (p Phone) Display() string {
	number, extension := splitExtension(p.number())
	e164 := p.International()
	if area, exchange, line, ok := american(e164); ok {
		number = "(" + area + ") " + exchange + "-" + line
	} else if parsed, ok := numbers.Parse(e164, ""); ok {
		number = parsed.International()
	}
	return withExtension(number, cmp.Or(p.Extension, extension))
}

// Becomes is the number as the service will hold it, in groups: "+1 212 555
// 0193"; "" for what is no number.
func (p Phone) Becomes() string {
	e164 := p.International()
	if area, exchange, line, ok := american(e164); ok {
		return withExtension("+1 "+area+" "+exchange+" "+line, p.Extension)
	}
	parsed, ok := numbers.Parse(e164, "")
	if !ok {
		return ""
	}
	return withExtension(parsed.International(), p.Extension)
}

func american(e164 string) (area, exchange, line string, ok bool) {
	digits, ok := strings.CutPrefix(e164, "+1")
	if !ok || len(digits) != 10 {
		return "", "", "", false
	}
	return digits[:3], digits[3:6], digits[6:], true
}

func withExtension(number, extension string) string {
	if extension == "" {
		return number
	}
	return number + " ext " + extension
}

// Link is what a machine dials: "tel:+12125550193;ext=4", "" for what is no number.
func (p Phone) Link() string {
	e164 := p.International()
	if e164 == "" {
		return ""
	}
	if p.Extension != "" {
		return "tel:" + e164 + ";ext=" + digitsOf(p.Extension)
	}
	return "tel:" + e164
}

// Check says what is odd about a phone. Only the service refuses a number.
func (p Phone) Check() Finding {
	switch {
	case p.Type != "" && !slices.Contains(PhoneTypes(), p.Type):
		return Finding{Refused, "a phone is office, mobile or fax"}
	case p.number() == "":
		return Finding{Warning, "no number"}
	case p.Country != "" && len(p.Country) != 2:
		return Finding{Warning, "a country has two letters, e.g. US"}
	}
	e164 := p.International()
	if e164 == "" {
		return Finding{Warning, "not a phone number; the service may refuse it"}
	}
	if parsed, ok := numbers.Parse(e164, ""); !ok || !parsed.Valid() {
		return Finding{Warning, "no such number is in use there; the service may refuse it"}
	}
	return Finding{}
}

// phoneKey is what makes two phones the same to a person.
type phoneKey struct{ kind, number, extension string }

func (p Phone) key() phoneKey {
	number, extension := splitExtension(p.number())
	return phoneKey{cmp.Or(p.Type, PhoneMobile), cmp.Or(p.International(), strings.ToLower(number)), cmp.Or(p.Extension, extension)}
}

// SameNumber says that two phones ring at the same place, whatever their types.
func (p Phone) SameNumber(q Phone) bool {
	a, b := p.key(), q.key()
	return a.number == b.number && a.extension == b.extension
}

func samePhones(a, b Value) bool {
	x, okX := ParsePhones(a)
	y, okY := ParsePhones(b)
	if !okX || !okY {
		return sameValue(a, b)
	}
	return slices.EqualFunc(x, y, func(p, q Phone) bool { return p.key() == q.key() })
}
