package main

import (
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"

	"github.com/levcontacts/levcontacts/model/search"
)

// query is what somebody types, whom they mean, and what a hit has to hold.
type query struct {
	kind   string
	typed  string
	words  [][]string // each word with what is used for it
	sought func(*person) bool
}

// The kinds of queries, in the order of the table.
const (
	kindSurname  = "surname"
	kindFull     = "first and last"
	kindReversed = "reversed"
	kindInitial  = "initial and last"
	kindMail     = "e-mail part"
	kindCompany  = "company"
	kindPhone    = "phone, four spellings"
	kindNickname = "nickname"
	kindPlace    = "place and title"
	kindMistake  = "one mistake"
)

func kinds() []string {
	return []string{
		kindSurname, kindFull, kindReversed, kindInitial, kindMail, kindCompany, kindPhone, kindNickname, kindPlace,
		kindMistake,
	}
}

// queries makes n queries of each kind, the same ones every time.
func queries(list []person, n int) []query {
	r := rand.New(rand.NewPCG(2026, 11))
	var out []query
	for _, kind := range kinds() {
		for made := 0; made < n; {
			p := &list[r.IntN(len(list))]
			if q, ok := makeQuery(kind, p, made, r); ok {
				out = append(out, q)
				made++
			}
		}
	}
	return out
}

func makeQuery(kind string, p *person, i int, r *rand.Rand) (q query, ok bool) {
	q.kind = kind
	first, last := p.foldedFirst, p.foldedLast
	named := len(first) > 1 && len(last) > 1
	samePerson := func(o *person) bool { return o.foldedFirst == first && o.foldedLast == last }
	switch kind {
	case kindSurname:
		q.typed, q.sought = p.last, func(o *person) bool { return o.foldedLast == last }
		ok = len(last) > 1
	case kindFull:
		q.typed, q.sought, ok = p.first+" "+p.last, samePerson, named
	case kindReversed:
		q.typed, q.sought, ok = p.last+" "+p.first, samePerson, named
		if i%2 == 1 {
			q.typed = p.last + ", " + p.first
		}
	case kindInitial:
		q.typed, ok = string([]rune(p.first + " ")[0])+" "+p.last, named
		q.sought = func(o *person) bool { return o.foldedLast == last && strings.HasPrefix(o.foldedFirst, first[:1]) }
	case kindMail:
		q.typed, q.sought, ok = p.local, func(o *person) bool { return o.local == p.local }, p.local != ""
	case kindCompany:
		brand, _, _ := strings.Cut(p.domain, ".")
		q.typed, q.sought, ok = brand, func(o *person) bool { return o.domain == p.domain }, brand != ""
	case kindPhone:
		if len(p.phones) == 0 {
			return q, false
		}
		number := p.phones[0]
		q.typed, q.sought = spelled(number, i), func(o *person) bool { return slices.Contains(o.phones, number) }
		q.words = [][]string{{number}}
		return q, true
	case kindNickname:
		short, has := nicknames()[first]
		q.typed, ok = short+" "+p.last, named && has
		q.sought = func(o *person) bool { // "chris" is Christopher, and Christine
			called := strings.HasPrefix(o.foldedFirst, short) || slices.Contains(search.Equals(short), o.foldedFirst)
			return o.foldedLast == last && called
		}
	case kindPlace:
		city, title := p.city, firstWord(p.title)
		q.typed, ok = city+" "+title, len(city) > 2 && len(title) > 3
		q.sought = func(o *person) bool {
			return strings.Contains(o.foldedCity, search.Fold(city)) && strings.Contains(o.foldedTitle, search.Fold(title))
		}
		if same := search.Equals(city); len(same) > 0 { // New York
			q.words = [][]string{append(same, city), append(search.Equals(title), title)}
			return q, ok
		}
	case kindMistake:
		wrong, has := mistake(p.last, i, r)
		q.typed, q.sought, ok = p.first+" "+wrong, samePerson, named && has
		if i%2 == 1 {
			q.typed, q.sought = wrong, func(o *person) bool { return o.foldedLast == last }
		}
	}
	for _, w := range strings.Fields(strings.ReplaceAll(q.typed, ",", " ")) {
		q.words = append(q.words, append(search.Equals(w), w))
	}
	return q, ok
}

func firstWord(s string) string {
	word, _, _ := strings.Cut(s, " ")
	return strings.Trim(word, ",./&")
}

// spelled writes a number in one of four ways.
func spelled(n string, i int) string {
	a, b, c := n[:3], n[3:6], n[6:]
	return []string{n, "(" + a + ") " + b + "-" + c, a + "." + b + "." + c, "+1 " + a + " " + b + " " + c}[i%4]
}

// mistake swaps two letters, changes one, or doubles one, in turn.
func mistake(word string, i int, r *rand.Rand) (string, bool) {
	letters := []rune(strings.ToLower(word))
	if len(letters) < 4 || strings.ContainsFunc(word, func(c rune) bool { return !unicode.IsLetter(c) }) {
		return "", false
	}
	at := 1 + r.IntN(len(letters)-2)
	switch i / 2 % 3 {
	case 0:
		if letters[at] == letters[at+1] {
			return "", false
		}
		letters[at], letters[at+1] = letters[at+1], letters[at]
	case 1:
		c := 'a' + rune(r.IntN(26))
		if c == letters[at] {
			return "", false
		}
		letters[at] = c
	default:
		letters = append(letters[:at+1], letters[at:]...)
	}
	return string(letters), true
}

// nicknames is a short form for some of the given names of the sample data.
func nicknames() map[string]string {
	return map[string]string{
		"robert": "bob", "william": "bill", "elizabeth": "liz", "james": "jim", "michael": "mike", "richard": "rick",
		"thomas": "tom", "jennifer": "jen", "daniel": "dan", "matthew": "matt", "anthony": "tony", "patricia": "pat",
		"joseph": "joe", "christopher": "chris", "david": "dave", "steven": "steve", "stephen": "steve", "edward": "ted",
		"katherine": "kate", "margaret": "peggy", "susan": "sue", "samuel": "sam", "benjamin": "ben", "andrew": "drew",
		"rebecca": "becky", "timothy": "tim", "jonathan": "jon", "nicholas": "nick", "gregory": "greg", "kenneth": "ken",
		"alexander": "alex", "deborah": "debbie", "jessica": "jess", "charles": "chuck", "john": "jack", "barbara": "barb",
	}
}
