package model

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// vCardUID begins the identifier of a contact in a vCard, so that an address
// book that reads the contact again changes it and makes no second one.
const vCardUID = "urn:lev:contact:"

// VCard is the contact as a vCard 4.0 for an address book. Fields without a
// place in a vCard are left out, and so are carriage returns, which a vCard
// cannot hold.
func VCard(c Contact) string {
	w := cardWriter{c: c}
	w.line("BEGIN", "VCARD")
	w.line("VERSION", "4.0")
	if c.ID() != 0 {
		w.line("UID", vCardUID+strconv.FormatInt(c.ID(), 10))
	}
	w.line("FN", escaped(c.Name()))
	w.parts("N", FieldLastName, FieldFirstName, none, none, none)
	for _, f := range Fields() {
		switch text := strings.TrimSpace(c.Get(f.ID).String()); {
		case f.VCard == "" || text == "":
		case f.Format == FormatPhones:
			w.phones()
		case f.Format == FormatURL:
			w.line(f.VCard, address.Replace(text))
		default:
			w.line(f.VCard, escaped(text))
		}
	}
	w.parts("ADR", none, FieldAddress2, FieldAddress, FieldCity, FieldState, FieldZip, none)
	w.types()
	if t, err := time.Parse(time.RFC3339, c.Get(FieldUpdated).String()); err == nil {
		w.line("REV", t.UTC().Format("20060102T150405Z"))
	}
	w.line("END", "VCARD")
	return w.b.String()
}

// none stands for a part that no field fills.
const none = FieldKey

type cardWriter struct {
	c Contact
	b strings.Builder
}

// maxCardLine is how many bytes a line of a vCard should have at most.
const maxCardLine = 75

// line writes one property, folded.
func (w *cardWriter) line(name, value string) {
	rest, room := name+":"+strings.ReplaceAll(value, "\r", ""), maxCardLine
	for len(rest) > room {
		cut := room
		for cut > 1 && !utf8.RuneStart(rest[cut]) {
			cut--
		}
		w.b.WriteString(rest[:cut] + "\r\n ")
		rest, room = rest[cut:], maxCardLine-1
	}
	w.b.WriteString(rest + "\r\n")
}

// parts writes a property of several parts, but for one whose parts are all
// empty.
func (w *cardWriter) parts(name string, fields ...FieldID) {
	parts, some := make([]string, len(fields)), name == "N"
	for i, f := range fields {
		if f != none {
			parts[i] = escaped(w.c.Get(f).String())
		}
		some = some || parts[i] != ""
	}
	if some {
		w.line(name, strings.Join(parts, ";"))
	}
}

// cardTypes are the phone types in the words of a vCard.
var cardTypes = map[string]string{PhoneOffice: ";TYPE=work", PhoneMobile: ";TYPE=cell", PhoneFax: ";TYPE=fax"}

func (w *cardWriter) phones() {
	phones, _ := w.c.Phones()
	for _, p := range phones {
		if number := p.Plain(); number != "" {
			w.line("TEL"+cardTypes[p.Type], escaped(number))
		}
	}
}

func (w *cardWriter) types() {
	types, _ := parseTypes(w.c.Get(FieldTypes))
	if len(types) == 0 && !w.c.Get(FieldType).Empty() {
		types = []string{w.c.Get(FieldType).String()}
	}
	for i, t := range types {
		types[i] = escaped(t)
	}
	if len(types) > 0 {
		w.line("CATEGORIES", strings.Join(types, ","))
	}
}

// escaped is a text or a part of one. The signs that separate parts are guarded,
// or a semicolon in a street would move the city.
func escaped(text string) string { return guards.Replace(text) }

var (
	guards  = strings.NewReplacer("\\", `\\`, "\n", `\n`, ",", `\,`, ";", `\;`)
	address = strings.NewReplacer("\\", `\\`, "\n", `\n`)
)

// VCardContact is one contact of a file of vCards.
type VCardContact struct {
	Draft Draft
	ID    int64    // of the contact that the vCard was made of, 0 for another program's
	Line  int      // of the file, where the vCard begins
	Left  []string // the properties that no field can hold, with their values
}

// ParseVCards reads the contacts of a file of vCards, version 2.1 to 4.0. Its
// error names the line that is none of a vCard.
func ParseVCards(text string) (out []VCardContact, err error) {
	var card *cardReader
	for _, l := range unfolded(text) {
		p, ok := parseProperty(l.text)
		begins := p.name == "BEGIN" && strings.EqualFold(strings.TrimSpace(p.value), "VCARD")
		switch {
		case !ok:
			return nil, fmt.Errorf("line %d: %q is no line of a vCard", l.line, l.text)
		case begins && card != nil:
			return nil, noEnd(card)
		case begins:
			card = &cardReader{out: VCardContact{Draft: Draft{}, Line: l.line}}
		case card == nil:
			return nil, fmt.Errorf("line %d: text stands between two vCards", l.line)
		case p.name == "END":
			out = append(out, card.contact())
			card = nil
		default:
			card.take(p)
		}
	}
	if card != nil {
		return nil, noEnd(card)
	}
	return out, nil
}

func noEnd(card *cardReader) error {
	return fmt.Errorf("the vCard of line %d has no end", card.out.Line)
}

// cardReader collects one contact.
type cardReader struct {
	out    VCardContact
	full   string // FN
	phones []Phone
	best   map[FieldID]int // how well what is held suits the field
}

// set keeps the text that suits a field best, the first of equals.
func (r *cardReader) set(f FieldID, text string, suits int, p property) {
	text = strings.TrimSpace(text)
	if text == "" {
		return
	}
	if p.has("pref") {
		suits++
	}
	if r.best == nil {
		r.best = map[FieldID]int{}
	}
	if old, ok := r.out.Draft[f]; ok && old != text {
		if suits <= r.best[f] {
			text, suits = old, r.best[f]
			old = strings.TrimSpace(p.text())
		}
		r.left(p.name, old)
	}
	r.out.Draft[f], r.best[f] = text, suits
}

func (r *cardReader) left(name, value string) {
	if value = strings.TrimSpace(value); value != "" {
		r.out.Left = append(r.out.Left, name+": "+value)
	}
}

func (r *cardReader) contact() VCardContact {
	d := r.out.Draft
	if d[FieldFirstName] == "" && d[FieldLastName] == "" && r.full != "" && r.full != d[FieldEmail] {
		first, last, two := cutLast(r.full, " ")
		if !two {
			first, last = "", r.full
		}
		for f, text := range map[FieldID]string{FieldFirstName: first, FieldLastName: last} {
			if text != "" {
				d[f] = text
			}
		}
	}
	if len(r.phones) > 0 {
		d[FieldPhones] = FormatPhoneLines(r.phones)
	}
	return r.out
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return strings.TrimSpace(s[:i]), strings.TrimSpace(s[i+len(sep):]), true
	}
	return s, "", false
}

func (r *cardReader) take(p property) {
	part := func(i int) string { return strings.TrimSpace(p.part(i)) }
	switch p.name {
	case "N":
		r.set(FieldLastName, part(0), 1, p)
		r.set(FieldFirstName, strings.TrimSpace(part(1)+" "+part(2)), 1, p)
	case "FN":
		r.full = cmp.Or(r.full, strings.TrimSpace(p.text()))
	case "TITLE":
		r.set(FieldTitle, p.text(), 1, p)
	case "ROLE":
		r.set(FieldDepartment, p.text(), 2, p)
	case "ORG":
		r.left("ORG", part(0))
		r.set(FieldDepartment, part(1), 1, p)
	case "EMAIL":
		r.set(FieldEmail, p.text(), 1, p)
	case "TEL":
		r.tel(p)
	case "ADR":
		r.address(p, part)
	case "URL", "X-SOCIALPROFILE", "IMPP":
		if strings.Contains(strings.ToLower(p.text()), "linkedin.com/") {
			r.set(FieldLinkedIn, p.text(), 1, p)
		} else if p.name == "URL" {
			r.left("URL", p.text())
		}
	case "PHOTO":
		if text := strings.ToLower(p.text()); strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://") {
			r.set(FieldPhoto, p.text(), 1, p)
		}
	case "CATEGORIES":
		r.categories(p)
	case "UID":
		if id, ok := strings.CutPrefix(p.text(), vCardUID); ok {
			r.out.ID, _ = strconv.ParseInt(id, 10, 64)
		}
	case "NOTE", "BDAY", "NICKNAME":
		r.left(p.name, p.text())
	}
}

func (r *cardReader) address(p property, part func(int) string) {
	suits := 1
	if p.has("work") {
		suits = 2
	}
	street, extended := part(2), part(1)
	if street == "" {
		street, extended = extended, ""
	}
	fields := []FieldID{FieldAddress, FieldAddress2, FieldCity, FieldState, FieldZip}
	if old := r.best[FieldAddress]; old > 0 && suits > old {
		var replaced []string // the parts of two addresses do not mix
		for _, f := range fields {
			if text := r.out.Draft[f]; text != "" {
				replaced = append(replaced, text)
			}
			delete(r.out.Draft, f)
		}
		r.left("ADR", strings.Join(replaced, ", "))
	} else if old > 0 {
		r.left("ADR", strings.Join([]string{street, part(3), part(4), part(5)}, ", "))
		return
	}
	for i, text := range []string{street, extended, part(3), part(4), part(5)} {
		r.set(fields[i], text, suits, p)
	}
	if r.best == nil {
		r.best = map[FieldID]int{}
	}
	r.best[FieldAddress] = suits
}

func (r *cardReader) tel(p property) {
	phone := ParsePhone(strings.TrimPrefix(strings.TrimSpace(p.text()), "tel:"))
	phone.Type = ""
	switch {
	case p.has("fax"):
		phone.Type = PhoneFax
	case p.has("cell"), p.has("mobile"), p.has("iphone"):
		phone.Type = PhoneMobile
	case p.has("work"), p.has("main"):
		phone.Type = PhoneOffice
	}
	if phone.number() != "" {
		r.phones = append(r.phones, phone)
	}
}

// categories reads the contact type, which this program writes there.
func (r *cardReader) categories(p property) {
	var types []string
	for i := range p.list() {
		switch word := strings.ToLower(strings.TrimSpace(p.list()[i])); word {
		case TypeSponsor, TypeLender:
			types = append(types, word)
		case "lender":
			types = append(types, TypeLender)
		}
	}
	if len(types) > 0 {
		r.out.Draft[FieldType] = types[0]
	}
	if len(types) > 1 {
		r.out.Draft[FieldTypes] = strings.Join(types, ", ")
	}
}
