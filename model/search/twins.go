package search

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/levcontacts/levcontacts/model"
)

// Reason is why two contacts may be the same person.
type Reason uint8

// The reasons, the strongest first. The last two only support one about the
// name.
const (
	SameEmail Reason = iota
	SameLinkedIn
	SamePhone
	SameName
	SwappedName
	NearName
	SameDomain
	SameCity
)

// String is the reason in words.
func (r Reason) String() string {
	return [...]string{"same e-mail", "same LinkedIn", "same phone", "same name", "first and last name swapped",
		"similar name", "same e-mail domain", "same city"}[r]
}

// weight is what a reason adds to a score.
func (r Reason) weight() int {
	return [...]int{90, 90, 45, 50, 45, 30, 15, 10}[r]
}

const (
	// otherPerson is what is taken off a shared phone when the names are
	// plainly different: colleagues behind one switchboard.
	otherPerson = 25
	// minTwin is the score from which a contact is worth showing while another is
	// typed, minPair that from which a pair is worth listing.
	minTwin = 20
	minPair = 45
)

// compare finds the reasons and adds them up.
func (a *person) compare(b *person) (reasons []Reason, score int) {
	add := func(r Reason) { reasons, score = append(reasons, r), score+r.weight() }
	if a.email != "" && a.email == b.email {
		add(SameEmail)
	}
	if a.profile != "" && a.profile == b.profile {
		add(SameLinkedIn)
	}
	phone := slices.ContainsFunc(a.phones, func(n string) bool { return slices.Contains(b.phones, n) })
	if phone {
		add(SamePhone)
	}
	name := true
	switch {
	case a.words != "" && a.words == b.words:
		add(SameName)
	case a.sorted != "" && a.sorted == b.sorted:
		add(SwappedName)
	case a.near(b):
		add(NearName)
	default:
		name = false
		if phone && a.full() && b.full() {
			score -= otherPerson
		}
	}
	if name {
		if a.domain != "" && a.domain == b.domain && a.email != b.email {
			add(SameDomain)
		}
		if a.city != "" && a.city == b.city {
			add(SameCity)
		}
	}
	return reasons, score
}

// full says that both names are known.
func (a *person) full() bool { return a.first != "" && a.last != "" }

// near says that one of the names is the same and the other close to it.
func (a *person) near(b *person) bool {
	if !a.full() || !b.full() {
		return false
	}
	return a.last == b.last && nearGiven(a.first, b.first) || a.first == b.first && nearText(a.last, b.last)
}

// nearGiven also takes an initial, a beginning or a known short form for the
// first name.
func nearGiven(a, b string) bool {
	if sameGiven(a, b) {
		return true
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	letters := utf8.RuneCountInString(a)
	return (letters == 1 || letters >= 3) && strings.HasPrefix(b, a) || nearText(a, b)
}

// nearText allows one slip in four letters and two in eight.
func nearText(a, b string) bool {
	ra, rb := []rune(a), []rune(b)
	slips := min(len(ra), len(rb)) / 4
	return a == b || slips > 0 && distance(ra, rb, min(slips, 2)) <= min(slips, 2)
}

// Twin is a contact in the book that may be the one being typed.
type Twin struct {
	Slot    int
	ID      int64
	Reasons []Reason // the strongest first
	Score   int      // the likelier, the higher; 90 and more is near certain
}

// Twins finds at most limit likely twins of a contact in the book, the
// likeliest first: same e-mail address, LinkedIn profile or telephone number,
// the same name, the two names swapped, or one of them spelled a little
// differently, shortened or an initial. A contact with the candidate's own id
// is not its twin. The error is the context's; it is looked at every 256
// rows.
func Twins(ctx context.Context, snap model.Snapshot, candidate model.Contact, limit int) ([]Twin, error) {
	me := personOfContact(candidate)
	gate := newGate(&me)
	r := newRow(personFields())
	var out []Twin
	_, err := eachSlot(ctx, snap, nil, func(slot int32, p model.Packed) {
		r.load(p)
		if !gate.open(r, p) {
			return
		}
		other := personOf(r, p)
		if reasons, score := me.compare(&other); score >= minTwin && p.ID() != candidate.ID() {
			out = append(out, Twin{int(slot), p.ID(), reasons, score})
		}
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(out, func(a, b Twin) int { return cmp.Compare(b.Score, a.Score) })
	return out[:min(len(out), max(limit, 0))], nil
}

// gate throws out, at little cost, the rows that have nothing in common with a
// person.
type gate struct {
	email       []byte
	profile     []byte // the last part of the path
	phones      []string
	first, last []byte
	whole       []byte
	names       []byte // of the row
}

func newGate(me *person) *gate {
	return &gate{
		email: []byte(me.email), profile: []byte(me.profile[strings.LastIndexByte(me.profile, '/')+1:]), phones: me.phones,
		first: []byte(me.first), last: []byte(me.last), whole: []byte(me.first + me.last),
	}
}

func (g *gate) open(r *row, p model.Packed) bool {
	if len(g.email) > 0 && bytes.Contains(r.folded(model.FieldEmail), g.email) {
		return true
	}
	if address := r.folded(model.FieldLinkedIn); len(g.profile) > 0 && (bytes.Contains(address, g.profile) || bytes.IndexByte(address, '%') >= 0) {
		return true
	}
	for _, n := range g.phones {
		if inOrder(string(p), n) {
			return true
		}
	}
	if len(g.whole) == 0 {
		return false
	}
	g.names = appendLetters(g.names[:0], r.folded(model.FieldFirstName))
	split := len(g.names)
	g.names = appendLetters(g.names, r.folded(model.FieldLastName))
	for _, name := range [][]byte{g.names[:split], g.names[split:]} {
		if len(name) > 0 && (bytes.Equal(name, g.first) || bytes.Equal(name, g.last)) {
			return true
		}
	}
	return bytes.Equal(g.names, g.whole)
}

// inOrder says that the digits of a number stand in packed bytes in this
// order, whatever is between them.
func inOrder(s, digits string) bool {
	for i := range len(digits) {
		at := strings.IndexByte(s, digits[i])
		if at < 0 {
			return false
		}
		s = s[at+1:]
	}
	return true
}

// appendLetters appends the letters and digits of folded text.
func appendLetters(dst, folded []byte) []byte {
	for i := 0; i < len(folded); {
		r, size := utf8.DecodeRune(folded[i:])
		if wordRune(r) {
			dst = append(dst, folded[i:i+size]...)
		}
		i += size
	}
	return dst
}
