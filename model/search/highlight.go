package search

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/levcontacts/levcontacts/model"
)

// Span is a half-open range of bytes of a field's raw text. It begins and ends
// between runes, and marks belong to the letter before them.
type Span struct{ Start, End int }

// Highlights are the matched parts of the documented fields, in order and
// apart from each other. First and last name stand for themselves: where the
// two are drawn as "First Last", the spans of the last name move by the length
// of the first and its blank.
type Highlights map[model.FieldID][]Span

// Match says whether a contact matches, and which parts of its values to mark:
// every place of a word, the places of its known equals where it has none, and
// for a contact that is only similar the words that are like it. It is meant for
// the rows on the screen. Undocumented fields are matched and not marked.
func Match(q Query, p model.Packed) (Highlights, bool) {
	r := newRow(q.need)
	if _, ok := q.matches(r, p); !ok {
		return nil, false
	}
	return q.highlights(r, p, false), true
}

// MatchSimilar is Match for a contact that Similar has found.
func MatchSimilar(q Query, p model.Packed) (Highlights, bool) {
	r := newRow(q.need)
	if _, _, ok := q.try(r, p, true); !ok {
		return nil, false
	}
	return q.highlights(r, p, true), true
}

func (q *Query) highlights(r *row, p model.Packed, near bool) Highlights {
	out := make(Highlights)
	m := marker{r, p, near, out}
	for i := range q.terms {
		m.term(&q.terms[i])
	}
	for f, spans := range out {
		out[f] = joined(spans)
	}
	return out
}

// place is where in the raw values a folded byte comes from.
type place struct {
	field model.FieldID
	Span
}

// letters is a folded value with the place of each of its bytes.
type letters struct {
	folded []byte
	places []place
}

// lettersOf folds a field, or the joined name.
func lettersOf(r *row, target model.FieldID) letters {
	var l letters
	switch {
	case target == model.FieldLinkedIn:
		skip := profileAt(r.raw[target])
		l.add(target, r.raw[target][skip:], skip)
	case target == model.FacetCompany:
		address := r.raw[model.FieldEmail]
		skip := strings.LastIndexByte(address, '@') + 1
		l.add(model.FieldEmail, address[skip:], skip)
	case int(target) < model.NumFields:
		l.add(target, r.raw[target], 0)
	case target == nameTarget:
		l.add(model.FieldFirstName, r.raw[model.FieldFirstName], 0)
		if len(l.folded) > 0 && r.raw[model.FieldLastName] != "" {
			l.folded = append(l.folded, ' ')
			l.places = append(l.places, place{field: model.FieldFirstName}) // the empty span marks nothing
		}
		l.add(model.FieldLastName, r.raw[model.FieldLastName], 0)
	}
	return l
}

func (l *letters) add(f model.FieldID, raw string, skip int) {
	for i := 0; i < len(raw); {
		_, size := utf8.DecodeRuneInString(raw[i:])
		before := len(l.folded)
		l.folded = appendFold(l.folded, raw[i:i+size])
		for range len(l.folded) - before {
			l.places = append(l.places, place{f, Span{skip + i, skip + i + size}})
		}
		if len(l.folded) == before { // a mark goes with the letter before it
			for j := len(l.places) - 1; j >= 0 && l.places[j].field == f && l.places[j].End == skip+i; j-- {
				l.places[j].End = skip + i + size
			}
		}
		i += size
	}
}

// mark adds the places of some bytes.
func (l letters) mark(from, to int, out Highlights) {
	for _, at := range l.places[from:to] {
		if at.Start < at.End {
			out[at.field] = append(out[at.field], at.Span)
		}
	}
}

// marker marks what terms have found in a row.
type marker struct {
	r    *row
	p    model.Packed
	near bool
	out  Highlights
}

func (m marker) term(t *term) {
	if t.not || t.extra != "" {
		return
	}
	switch t.kind {
	case kindAny:
		for _, list := range t.any {
			for i := range list {
				if list[i].find(m.r, m.p, m.near).worth > 0 {
					m.term(&list[i])
				}
			}
		}
	case kindWord:
		m.word(t)
	case kindSubstring, kindPrefix, kindScattered:
		m.text(t)
	case kindRegexp:
		m.expression(t)
	}
}

// targets are the fields in which a term is marked.
func (m marker) targets(t *term) []model.FieldID {
	if t.targets != nil {
		return t.targets
	}
	out := []model.FieldID{nameTarget}
	if t.kind == kindPrefix {
		out = append(out, model.FieldLastName)
	}
	for _, s := range m.r.segs {
		if s.field != model.FieldFirstName && s.field != model.FieldLastName && s.field != extraTarget {
			out = append(out, s.field)
		}
	}
	return out
}

func (m marker) word(t *term) {
	found := false
	for _, f := range m.targets(t) {
		if !t.word.in(m.r.folded(f)) {
			continue // without finding out where each letter comes from
		}
		l := lettersOf(m.r, f)
		t.word.each(l.folded, func(start, end int) bool {
			found = true
			l.mark(start, end, m.out)
			return true
		})
	}
	if found {
		return
	}
	for _, e := range t.equals {
		target := e.target
		if !e.in(m.r) {
			continue
		}
		found = true
		l := lettersOf(m.r, target)
		e.word.each(l.folded, func(start, end int) bool {
			if wordStart(l.folded, start) && wordEnd(l.folded, end) {
				l.mark(start, end, m.out)
			}
			return true
		})
	}
	if found || !m.near {
		return
	}
	best := t.nearest(m.r).slips
	for _, f := range m.targets(t) {
		l := lettersOf(m.r, f)
		eachWord(l.folded, 0, func(start, end int) {
			if slips, _ := t.near.compare(l.folded[start:end]); slips <= t.near.limit && slips == best {
				l.mark(start, end, m.out)
			}
		})
	}
}

// text marks quoted, beginning and scattered text.
func (m marker) text(t *term) {
	for _, f := range m.targets(t) {
		l := lettersOf(m.r, f)
		switch t.kind {
		case kindPrefix:
			if end := t.word.from(l.folded, 0); end > 0 {
				l.mark(0, end, m.out)
			}
		case kindSubstring:
			for from := 0; len(t.folded) > 0; {
				i := bytes.Index(l.folded[from:], t.folded)
				if i < 0 {
					break
				}
				l.mark(from+i, from+i+len(t.folded), m.out)
				from += i + len(t.folded)
			}
		case kindScattered:
			if m.scattered(t, l) {
				return
			}
		}
	}
}

// scattered marks letters in order in one text: the beginnings of words where
// they are enough, else the first letters that will do.
func (m marker) scattered(t *term, l letters) bool {
	if !subsequence(l.folded, t.folded) {
		return false
	}
	if i := bytes.Index(l.folded, t.folded); i >= 0 {
		l.mark(i, i+len(t.folded), m.out)
		return true
	}
	for _, starts := range []bool{true, false} {
		var at []int
		for i := 0; i < len(l.folded) && len(at) < len(t.folded); i++ {
			if l.folded[i] == t.folded[len(at)] && (!starts || wordStart(l.folded, i)) {
				at = append(at, i)
			}
		}
		if len(at) == len(t.folded) {
			for _, i := range at {
				l.mark(i, i+1, m.out)
			}
			break
		}
	}
	return true
}

// expression marks what a regular expression found.
func (m marker) expression(t *term) {
	for _, f := range m.targets(t) {
		if !t.fitsExpression(m.r, f, m.r.folded(f)) {
			continue
		}
		if found := t.raw.FindAllStringIndex(m.r.text(f), -1); found != nil {
			for _, at := range found {
				for _, part := range splitName(m.r, f, Span{at[0], at[1]}) {
					if part.Start < part.End {
						m.out[part.field] = append(m.out[part.field], part.Span)
					}
				}
			}
			continue
		}
		l := lettersOf(m.r, f)
		for _, at := range t.plain.FindAllIndex(l.folded, -1) {
			l.mark(at[0], at[1], m.out)
		}
	}
}

// splitName gives the parts of a span of the joined name to the two names.
func splitName(r *row, f model.FieldID, s Span) []place {
	if f != nameTarget {
		return []place{{f, s}}
	}
	first := len(r.raw[model.FieldFirstName])
	second := first
	if first > 0 {
		second++
	}
	last := len(r.raw[model.FieldLastName])
	return []place{
		{model.FieldFirstName, Span{min(s.Start, first), min(s.End, first)}},
		{model.FieldLastName, Span{min(max(s.Start-second, 0), last), min(max(s.End-second, 0), last)}},
	}
}

// joined puts spans in order and joins those that touch.
func joined(spans []Span) []Span {
	slices.SortFunc(spans, func(a, b Span) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End)) })
	out := spans[:0]
	for _, s := range spans {
		if n := len(out); n > 0 && s.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, s.End)
			continue
		}
		out = append(out, s)
	}
	return out
}
