package search

import (
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/levcontacts/levcontacts/model"
)

// person is what tells one person from another, in forms that compare with ==.
type person struct {
	email, domain string
	profile       string // of LinkedIn, as profileOf makes it
	first, last   string // letters and digits only
	words         string // the words of the whole name, as written
	sorted        string // the same in alphabetical order
	city          string
	phones        []string
}

// personFields are what personOf reads.
func personFields() fieldSet {
	return setOf(model.FieldFirstName, model.FieldLastName, model.FieldEmail, model.FieldLinkedIn, model.FieldCity)
}

// personOf reads a row that holds personFields, and the phones of its contact.
func personOf(r *row, p model.Packed) person {
	phones, _ := p.Extra(phonesField)
	return makePerson(string(r.folded(model.FieldFirstName)), string(r.folded(model.FieldLastName)),
		string(r.folded(model.FieldEmail)), r.raw[model.FieldLinkedIn], string(r.folded(model.FieldCity)), phones)
}

// personOfContact reads a contact that is not in the book.
func personOfContact(c model.Contact) person {
	text := func(f model.FieldID) string { return c.Get(f).String() }
	phones, _ := c.Extra(phonesField)
	return makePerson(Fold(text(model.FieldFirstName)), Fold(text(model.FieldLastName)), Fold(text(model.FieldEmail)),
		text(model.FieldLinkedIn), Fold(text(model.FieldCity)), phones)
}

func makePerson(first, last, email, address, city, phones string) person {
	out := person{
		email: strings.TrimSpace(email), profile: personPage(address), city: strings.TrimSpace(city),
		first: strings.Join(nameWords(first), ""), last: strings.Join(nameWords(last), ""), phones: phonesOf(phones),
	}
	if _, domain, ok := strings.Cut(out.email, "@"); ok && !model.PublicDomain(domain) {
		out.domain = domain
	}
	words := nameWords(first + " " + last)
	out.words = strings.Join(words, " ")
	slices.Sort(words)
	out.sorted = strings.Join(words, " ")
	return out
}

// nameWords are the words of a folded name; an apostrophe is part of a word.
func nameWords(folded string) []string {
	return strings.FieldsFunc(strings.ReplaceAll(folded, "'", ""), func(r rune) bool {
		return !wordRune(r)
	})
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// phonesOf makes comparable numbers of the JSON of phones: the last ten
// digits, which leaves out the ways of writing a country, or all of a shorter
// number with at least seven. The members that are not numbers to dial (id,
// type, country, extension) do not count.
func phonesOf(raw string) []string {
	if raw == "" {
		return nil
	}
	var out []string
	eachMember(raw, func(name, leaf string) {
		if name != "" && name != "raw" && name != "e164" {
			return
		}
		number, _, _ := strings.Cut(strings.ToLower(leaf), "x") // "x 12" and "ext. 12" are behind the number
		digits := digitsOf(number)
		if len(digits) < 7 {
			return
		}
		digits = digits[max(0, len(digits)-10):]
		if !slices.Contains(out, digits) {
			out = append(out, digits)
		}
	})
	slices.Sort(out)
	return out
}

// digitsOf is the digits of some text.
func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// profileOf is what a LinkedIn address names, such as "in/sarah-chen-cre",
// whatever stands around it; of another address the host and the path.
func profileOf(address string) string {
	s := strings.TrimSpace(address)
	if _, after, ok := strings.Cut(s, "://"); ok {
		s = after
	}
	if i := strings.IndexAny(s, "?#"); i >= 0 {
		s = s[:i]
	}
	if strings.Contains(s, "%") {
		if plain, err := url.PathUnescape(s); err == nil {
			s = plain
		}
	}
	s = strings.TrimRight(Fold(s), "/")
	host, path, _ := strings.Cut(s, "/")
	if host == "linkedin.com" || strings.HasSuffix(host, ".linkedin.com") {
		return strings.Trim(path, "/")
	}
	return strings.TrimPrefix(s, "www.")
}

// personPage is profileOf an address that leads to a page and not to a whole
// site, else "".
func personPage(address string) string {
	profile := profileOf(address)
	if !strings.Contains(profile, "/") {
		return ""
	}
	return profile
}
