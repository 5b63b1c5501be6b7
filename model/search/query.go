package search

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"levcontacts/model"
)

// Query is what a person has typed, ready to be matched. It is immutable and
// may be used from any goroutine. The zero Query matches every contact.
type Query struct {
	terms  []term
	hints  []Hint
	need   fieldSet // fields that the terms read as text
	ranked bool     // a term says how well a contact fits, not only whether
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
// keep the order of the book, and a list may sort them as it likes.
func (q Query) Ranked() bool { return q.ranked }

// Hints is what to say beside the input, in the order of the input.
func (q Query) Hints() []Hint { return q.hints }

// kind says how a term is compared.
type kind uint8

const (
	kindFuzzy     kind = iota // the letters in order, gaps allowed
	kindSubstring             // the text somewhere in the value
	kindPrefix                // the value begins with the text
	kindRegexp
	kindEmpty  // nothing in the field
	kindBool   // yes or no
	kindBounds // a number or a moment
)

// term is one condition of a query.
type term struct {
	not     bool
	kind    kind
	sieve   bool            // a code that a contact has or has not, no matter how well it fits
	targets []model.FieldID // empty for an undocumented field
	extra   string          // the JSON name of an undocumented field
	text    string          // as typed, for comparing terms
	folded  []byte
	runes   []rune // folded
	digits  string // of an undocumented field's text that looks like a phone number
	yes     bool
	bounds  bounds
	raw     *regexp.Regexp // over the value as it is
	plain   *regexp.Regexp // over the folded value
}

// cost orders the terms so that the cheap ones throw rows out first.
func (t *term) cost() int {
	switch {
	case t.extra != "":
		return 3
	case t.kind == kindRegexp:
		return 2
	case t.kind == kindBool || t.kind == kindBounds:
		return 0
	default:
		return 1
	}
}

// ranks says that the term tells a better match from a worse one.
func (t *term) ranks() bool { return !t.not && !t.sieve && t.extra == "" && t.kind <= kindPrefix }

// finish orders the terms and notes what they need.
func (q *Query) finish() {
	slices.SortStableFunc(q.terms, func(a, b term) int { return a.cost() - b.cost() })
	for i := range q.terms {
		t := &q.terms[i]
		q.ranked = q.ranked || t.ranks()
		if t.kind == kindBool || t.kind == kindBounds {
			continue
		}
		for _, f := range t.targets {
			q.need |= needOf(f)
		}
	}
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
	if o.not != t.not || o.kind != t.kind || o.extra != t.extra || !slices.Equal(o.targets, t.targets) {
		return false
	}
	wide, narrow := string(o.folded), string(t.folded)
	if o.not { // an exclusion of more text excludes fewer contacts
		wide, narrow = narrow, wide
	}
	switch o.kind {
	case kindFuzzy:
		return subsequence([]byte(narrow), []byte(wide))
	case kindSubstring:
		return strings.Contains(narrow, wide)
	case kindPrefix:
		return strings.HasPrefix(narrow, wide)
	case kindBool:
		return o.yes == t.yes
	case kindBounds:
		inner, outer := t.bounds, o.bounds
		if o.not {
			inner, outer = outer, inner
		}
		return outer.from <= inner.from && inner.to <= outer.to
	default:
		return o.text == t.text
	}
}
