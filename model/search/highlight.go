package search

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"levcontacts/model"
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
// a term's every place where its letters stand together, else the one place
// that fits best. It is meant for the rows on the screen. Undocumented fields
// are matched and not marked.
func Match(q Query, p model.Packed) (Highlights, bool) {
	r := newRow(q.need)
	if _, ok := q.matches(r, p); !ok {
		return nil, false
	}
	out := make(Highlights)
	for i := range q.terms {
		t := &q.terms[i]
		if t.not || t.extra != "" {
			continue
		}
		switch t.kind {
		case kindFuzzy, kindSubstring, kindPrefix:
			t.markText(r, out)
		case kindRegexp:
			t.markExpression(r, out)
		}
	}
	for f, spans := range out {
		out[f] = joined(spans)
	}
	return out, true
}

// place is where in the raw values a folded rune comes from.
type place struct {
	field model.FieldID
	Span
}

// letters is a folded value with the place of each of its runes.
type letters struct {
	runes  []rune
	places []place
}

// lettersOf folds a field, or the joined name.
func lettersOf(r *row, target model.FieldID) letters {
	var l letters
	if target != nameTarget {
		l.add(target, r.raw[target])
		return l
	}
	l.add(model.FieldFirstName, r.raw[model.FieldFirstName])
	if len(l.runes) > 0 && r.raw[model.FieldLastName] != "" {
		l.runes = append(l.runes, ' ')
		l.places = append(l.places, place{field: model.FieldFirstName}) // the empty span marks nothing
	}
	l.add(model.FieldLastName, r.raw[model.FieldLastName])
	return l
}

func (l *letters) add(f model.FieldID, raw string) {
	var buf []byte
	for i := 0; i < len(raw); {
		_, size := utf8.DecodeRuneInString(raw[i:])
		buf = appendFold(buf[:0], raw[i:i+size])
		for _, folded := range string(buf) {
			l.runes = append(l.runes, folded)
			l.places = append(l.places, place{f, Span{i, i + size}})
		}
		if len(buf) == 0 { // a mark goes with the letter before it
			for j := len(l.places) - 1; j >= 0 && l.places[j].field == f && l.places[j].End == i; j-- {
				l.places[j].End = i + size
			}
		}
		i += size
	}
}

// mark adds the places of some runes.
func (l letters) mark(from, to int, out Highlights) {
	for _, at := range l.places[from:to] {
		if at.Start < at.End {
			out[at.field] = append(out[at.field], at.Span)
		}
	}
}

// markText marks a fuzzy, exact or prefix term.
func (t *term) markText(r *row, out Highlights) {
	bestScore, together := 0, false
	var best letters
	var bestAt []int
	for _, f := range t.targets {
		if fitText(t.kind, r.folded(f), t.folded) == 0 {
			continue
		}
		l := lettersOf(r, f)
		for from := 0; ; {
			i := indexRunes(l.runes[from:], t.runes)
			if i < 0 || t.kind == kindPrefix && from+i > 0 {
				break
			}
			together = true
			l.mark(from+i, from+i+len(t.runes), out)
			from += i + len(t.runes)
		}
		if together || t.kind != kindFuzzy {
			continue
		}
		if score, at := bestPlace(l.runes, t.runes); score+bonus(f, 0) > bestScore {
			bestScore, best, bestAt = score+bonus(f, 0), l, at
		}
	}
	if together {
		return
	}
	for _, i := range bestAt {
		best.mark(i, i+1, out)
	}
}

// markExpression marks what a regular expression found.
func (t *term) markExpression(r *row, out Highlights) {
	for _, f := range t.targets {
		if !t.fitsExpression(r, f) {
			continue
		}
		raw := r.text(f)
		if found := t.raw.FindAllStringIndex(raw, -1); found != nil {
			for _, at := range found {
				for _, part := range splitName(r, f, Span{at[0], at[1]}) {
					if part.Start < part.End {
						out[part.field] = append(out[part.field], part.Span)
					}
				}
			}
			continue
		}
		l := lettersOf(r, f)
		folded := string(l.runes)
		for _, at := range t.plain.FindAllStringIndex(folded, -1) {
			from := utf8.RuneCountInString(folded[:at[0]])
			l.mark(from, from+utf8.RuneCountInString(folded[at[0]:at[1]]), out)
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

func indexRunes(in, want []rune) int {
	for i := 0; i+len(want) <= len(in); i++ {
		if slices.Equal(in[i:i+len(want)], want) {
			return i
		}
	}
	return -1
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
