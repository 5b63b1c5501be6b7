package search

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/levcontacts/levcontacts/model"
)

// Query is what a person has typed, ready to be matched. It is immutable and
// may be used from any goroutine. The zero Query matches every contact.
type Query struct {
	terms  []term
	hints  []Hint
	need   fieldSet // texts that the terms read
	ranked bool     // a term says how well a contact fits, not only whether
	shares int      // of all terms that rank
	gates  []sieve  // of the terms that closed looks at
	phrase word     // the words as typed one behind the other, empty when there is more than words
}

// Hint is advice about a part of the input that was taken differently from
// what it looks like. Start and End are bytes of the input.
type Hint struct {
	Start, End int
	Text       string
}

// SyntaxError says what cannot be understood and where. Start and End are
// bytes of the input.
type SyntaxError struct {
	Start, End int
	Text       string
}

// Error names the wrong part and counts its place from 1.
func (e *SyntaxError) Error() string { return fmt.Sprintf("%s (at %d)", e.Text, e.Start+1) }

// Empty says that the query asks for nothing and so matches everything.
func (q Query) Empty() bool { return len(q.terms) == 0 }

// Ranked says that Search orders the hits by how well they fit. Without it (only
// exclusions, types, states, codes, numbers, dates, regular expressions) the hits
// keep the order of the book.
func (q Query) Ranked() bool { return q.ranked }

// AsksNotes says that a term looks into the notes that are held.
func (q Query) AsksNotes() bool { return asksNotes(q.terms) }

func asksNotes(terms []term) bool {
	return slices.ContainsFunc(terms, func(t term) bool {
		return t.extra == notesField || slices.ContainsFunc(t.any, asksNotes)
	})
}

// Hints is what to say beside the input, in the order of the input.
func (q Query) Hints() []Hint { return q.hints }

// kind says how a term is compared.
type kind uint8

const (
	kindWord      kind = iota // begins a word, or stands inside one
	kindScattered             // the letters in order, gaps allowed
	kindSubstring             // the text somewhere in the value
	kindPrefix                // the value begins with the text
	kindRegexp
	kindEmpty  // nothing in the field
	kindBool   // yes or no
	kindBounds // a number or a moment
	kindValues // one of some values, as a filter compares them
	kindAny    // one of some other lists of terms
)

// term is one condition of a query.
type term struct {
	not     bool
	kind    kind
	sieve   bool            // a code that a contact has or has not, no matter how well it fits
	targets []model.FieldID // nil for every text of a contact, and for an undocumented field
	extra   string          // the JSON name of an undocumented field, or notesField
	notes   func(int64) []string
	text    string // as typed, for comparing terms
	folded  []byte
	word    word
	near    sound
	equals  []equal
	digits  string // of text that looks like a phone number or a part of one
	yes     bool
	bounds  bounds
	filter  Filter
	raw     *regexp.Regexp // over the value as it is
	plain   *regexp.Regexp // over the folded value
	any     [][]term
	share   int
}

// cost orders the terms so that the cheap ones throw rows out first.
func (t *term) cost() int {
	switch {
	case t.extra != "":
		return 4
	case t.kind == kindRegexp:
		return 3
	case t.kind == kindBool || t.kind == kindBounds:
		return 0
	case t.kind == kindAny || t.kind == kindWord && t.digits != "":
		return 2
	default:
		return 1
	}
}

// ranks says that the term tells a better match from a worse one.
func (t *term) ranks() bool {
	switch {
	case t.not || t.sieve || t.extra != "":
		return false
	case t.kind == kindAny:
		return slices.ContainsFunc(t.any, func(list []term) bool {
			return slices.ContainsFunc(list, func(u term) bool { return u.ranks() })
		})
	default:
		return t.kind <= kindPrefix
	}
}

// plainWord says that the term is a word that is looked for everywhere.
func (t *term) plainWord() bool {
	return t.kind == kindWord && !t.not && t.targets == nil && t.extra == ""
}

// finish orders the terms and notes what they need.
func (q *Query) finish() {
	var words []string
	onlyWords := true
	for i := range q.terms {
		t := &q.terms[i]
		t.share = share(i)
		t.shareOut()
		if t.ranks() {
			q.ranked = true
			q.shares += t.share
		}
		words = append(words, t.text)
		onlyWords = onlyWords && (t.plainWord() || t.kind == kindAny && t.text != "")
		q.need |= t.needs()
	}
	if onlyWords && len(words) > 0 {
		q.phrase = newWord(Fold(strings.Join(words, "")))
	}
	slices.SortStableFunc(q.terms, func(a, b term) int { return a.cost() - b.cost() })
	q.setGates()
}

// shareOut gives the terms of alternatives the share of the whole.
func (t *term) shareOut() {
	for _, list := range t.any {
		for i := range list {
			list[i].share = t.share
			list[i].shareOut()
		}
	}
}

// needs is the texts that the term reads.
func (t *term) needs() (need fieldSet) {
	switch {
	case t.kind == kindBool || t.kind == kindBounds || t.kind == kindValues || t.extra != "":
		return 0
	case t.kind == kindAny:
		for _, list := range t.any {
			for i := range list {
				need |= list[i].needs()
			}
		}
		return need
	}
	if t.targets == nil {
		return plainFields()
	}
	for _, f := range t.targets {
		need |= needOf(f)
	}
	return need
}

// Extends says that every contact that matches next also matches old, so that
// the hits of old are all that a search for next has to look at. It holds for
// the usual case, a query that is being typed; when in doubt it says no. The
// book must be the same for both.
func Extends(old, next Query) bool {
	for i := range old.terms {
		implied := slices.ContainsFunc(next.terms, func(t term) bool { return old.terms[i].impliedBy(&t) })
		if !implied {
			return false
		}
	}
	return true
}

// impliedBy says that whatever matches t also matches o.
func (o *term) impliedBy(t *term) bool {
	if o.extra == notesField { // notes come and go without a change of the contacts
		return false
	}
	if o.not != t.not || o.kind != t.kind || o.extra != t.extra || !slices.Equal(o.targets, t.targets) {
		return false
	}
	if o.not { // an exclusion of more text excludes fewer contacts
		o, t = t, o
	}
	wide, narrow := string(o.folded), string(t.folded)
	switch o.kind {
	case kindWord:
		return o.widerWord(t)
	case kindScattered:
		return subsequence([]byte(narrow), []byte(wide))
	case kindSubstring:
		return strings.Contains(narrow, wide) && strings.HasPrefix(t.digits, o.digits) && (o.digits != "") == (t.digits != "")
	case kindPrefix:
		return strings.HasPrefix(narrow, wide)
	case kindBool:
		return o.yes == t.yes
	case kindBounds:
		return o.bounds.from <= t.bounds.from && t.bounds.to <= o.bounds.to
	case kindValues:
		return o.filter.Equal(t.filter)
	case kindAny:
		return o.text != "" && o.text == t.text
	default:
		return o.text == t.text
	}
}

// widerWord says that a word that is being typed finds all that it will find
// when it is longer: t may not have equals or phone digits of its own.
func (o *term) widerWord(t *term) bool {
	longer := bytes.HasPrefix(t.word.letters, o.word.letters) && bytes.HasPrefix(t.word.literal, o.word.literal)
	if !longer || (o.word.literal == nil) != (t.word.literal == nil) {
		return false
	}
	if t.digits != "" && (o.digits == "" || !strings.HasPrefix(t.digits, o.digits)) {
		return false
	}
	for _, e := range t.equals {
		if !slices.ContainsFunc(o.equals, e.same) {
			return false
		}
	}
	return true
}
