package search

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"github.com/levcontacts/levcontacts/model"
)

// verdict is how a term or a query fits a contact.
type verdict struct {
	worth int  // 0 for not at all
	weak  bool // only by a known equal, or inside a word that is no name
	slips int  // letters that are different, 0 for a direct hit
	at    int  // where it stands in the row's name, from 1; 0 for elsewhere
}

// matches says whether every term holds for the contact and how well those that
// rank fit it together. The row must have been made for the query.
func (q *Query) matches(r *row, p model.Packed) (fit int, ok bool) {
	_, fit, ok = q.try(r, p, false)
	return fit, ok
}

// try is matches; with near, words of the query may be misspelled, and slips
// counts the letters.
func (q *Query) try(r *row, p model.Packed, near bool) (slips, fit int, ok bool) {
	loaded, weak, last := false, false, 0
	for i := range q.terms {
		t := &q.terms[i]
		if !loaded && t.cost() > 0 {
			if !near && q.closed(r, p) {
				return 0, 0, false
			}
			r.load(p)
			loaded = true
		}
		f := t.find(r, p, near)
		if (f.worth > 0) == t.not {
			return 0, 0, false
		}
		if t.ranks() {
			fit += f.worth * t.share
			weak = weak || f.weak
			if f.at <= last {
				f.at = len(r.buf) + 1 // out of order
			}
			last = f.at
		}
		slips += f.slips
	}
	if q.shares > 0 {
		fit = fit * fitScale / q.shares
	}
	if !weak && slips == 0 && q.ranked {
		fit += fitStrong + q.phraseBonus(r)
		if last <= len(r.buf) && len(q.terms) > 1 {
			fit += asTyped
		}
	}
	return slips, min(fit, maxFit-1), true
}

// phraseBonus rewards a name that is what was typed.
func (q *Query) phraseBonus(r *row) int {
	if len(q.phrase.letters) == 0 {
		return 0
	}
	name := r.folded(nameTarget)
	switch end := q.phrase.from(name, 0); {
	case end < 0:
		return 0
	case end == len(name):
		return phraseWhole
	case len(q.terms) > 1:
		return phraseBegins
	}
	return 0
}

// find says how well one term fits; negation is not looked at.
func (t *term) find(r *row, p model.Packed, near bool) verdict {
	if t.extra != "" {
		return verdict{worth: oneIf(t.fitsExtra(p))}
	}
	switch t.kind {
	case kindBool:
		return verdict{worth: oneIf(t.yes == yesNo(p, t.targets[0]))}
	case kindBounds:
		n, ok := number(p, t.targets[0])
		return verdict{worth: oneIf(ok && t.bounds.holds(n))}
	case kindValues:
		return verdict{worth: oneIf(t.filter.Match(p))}
	case kindAny:
		return t.findAny(r, p, near)
	case kindWord:
		return t.findWord(r, p, near)
	}
	best := 0
	t.eachText(r, func(at span, f model.FieldID) bool {
		best = max(best, t.fitText(r, at, f))
		return best == 0 || t.kind != kindEmpty
	})
	return verdict{worth: best}
}

// findAny is the best of the alternatives.
func (t *term) findAny(r *row, p model.Packed, near bool) (best verdict) {
	for i, list := range t.any {
		sum, ok := verdict{}, true
		for j := range list {
			f := list[j].find(r, p, near && i == 0) // equals of several words are not misspelled
			if (f.worth > 0) == list[j].not {
				ok = false
				break
			}
			sum.worth, sum.weak, sum.slips = sum.worth+f.worth, sum.weak || f.weak, sum.slips+f.slips
		}
		if !ok {
			continue
		}
		sum.worth = max(1, sum.worth/max(1, len(list)))
		if best.worth == 0 || sum.better(best) {
			best = sum
		}
	}
	return best
}

// better puts fewer slips first, then strong before weak, then worth.
func (f verdict) better(g verdict) bool {
	switch {
	case f.slips != g.slips:
		return f.slips < g.slips
	case f.weak != g.weak:
		return !f.weak
	default:
		return f.worth > g.worth
	}
}

// findWord looks for a word in all its places.
func (t *term) findWord(r *row, p model.Packed, near bool) verdict {
	best, names := verdict{weak: true}, r.at[nameTarget]
	t.eachText(r, func(in span, _ model.FieldID) bool {
		t.word.each(r.buf[in.start:in.end], func(start, end int) bool {
			start += in.start
			worth, strong := r.worth(&t.word, start, in.start+end)
			best.weak = best.weak && !strong
			if worth > best.worth {
				best.worth, best.at = worth, 0
				if start < names.end {
					best.at = start + 1 - names.start
				}
			}
			return best.worth < weights[model.ClassName].inside || start < names.end // nothing behind the names is worth more
		})
		return true
	})
	if t.digits != "" && t.targets == nil && best.worth < weights[classPhone].whole {
		if n := phoneWorth(p, t.digits); n > 0 {
			best.worth, best.weak = max(best.worth, n), false
		}
	}
	if best.weak && slices.ContainsFunc(t.equals, func(e equal) bool { return e.in(r) }) {
		return verdict{worth: known, weak: true}
	}
	if best.worth == 0 && near && !t.not && !t.sieve && t.digits == "" {
		return t.nearest(r)
	}
	return best
}

// eachText calls fn for the texts that the term looks at, the whole buffer at
// once for a word without a field.
func (t *term) eachText(r *row, fn func(at span, f model.FieldID) bool) {
	switch {
	case t.targets != nil:
		for _, f := range t.targets {
			if !fn(r.at[f], f) {
				return
			}
		}
	case t.kind == kindWord:
		fn(span{0, len(r.buf)}, 0)
	default:
		if !fn(r.at[nameTarget], nameTarget) {
			return
		}
		for i := range r.segs {
			s := &r.segs[i]
			inName := s.field == model.FieldFirstName || s.field == model.FieldLastName && t.kind != kindPrefix
			if !inName && !fn(s.span, s.field) {
				return
			}
		}
	}
}

// worth is what a word at a place of the buffer is worth. It is strong when it
// begins a word, or stands in a name and is not too short to say something there.
func (r *row) worth(w *word, start, end int) (points int, strong bool) {
	s := r.segmentAt(start)
	class := r.class[s.field]
	if s.field == model.FieldEmail && start >= r.domain {
		class = classCompany
	}
	switch begins := wordStart(r.buf, start); {
	case begins && wordEnd(r.buf, end) && s.field == model.FieldLastName:
		return weights[class].whole + lastName, true
	case begins && wordEnd(r.buf, end):
		return weights[class].whole, true
	case begins:
		return weights[class].begins, true
	case w.short:
		return shortInside, false
	default:
		return weights[class].inside, class == model.ClassName
	}
}

func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}

// yesNo reads a boolean field as the screen shows it.
func yesNo(p model.Packed, f model.FieldID) bool {
	switch f {
	case model.FieldConnected:
		return p.Connected()
	case model.FacetEmail:
		return !p.Get(model.FieldEmail).Empty()
	case model.FacetPhone:
		return hasPhone(p)
	default:
		return p.Get(f).True()
	}
}

// number reads a number, or a moment in seconds.
func number(p model.Packed, f model.FieldID) (int64, bool) {
	switch f.Format() {
	case model.FormatTime:
		return p.Seconds(f)
	default:
		if f == model.FieldKey {
			return p.ID(), true
		}
		return p.Get(f).Int()
	}
}

// fitText compares one text in the ways that are not about words.
func (t *term) fitText(r *row, at span, f model.FieldID) int {
	text := r.buf[at.start:at.end]
	switch t.kind {
	case kindEmpty:
		return oneIf(len(bytes.TrimSpace(text)) == 0)
	case kindRegexp:
		return oneIf(t.fitsExpression(r, f, text))
	case kindPrefix:
		if end := t.word.from(text, 0); len(t.word.letters) > 0 && end > 0 {
			worth, _ := r.worth(&t.word, at.start, at.start+end)
			return worth
		}
		return oneIf(slices.ContainsFunc(t.equals, func(e equal) bool { return e.in(r) }))
	case kindSubstring:
		best := 0
		for from := 0; ; from++ {
			i := bytes.Index(text[from:], t.folded)
			if i < 0 {
				return best
			}
			from += i
			worth, _ := r.worth(&t.word, at.start+from, at.start+from+len(t.folded))
			best = max(best, worth)
		}
	case kindScattered:
		if subsequence(text, t.folded) {
			return t.scattered(text)
		}
	}
	return 0
}

// scattered puts letters in one piece before initials, and those before others.
func (t *term) scattered(text []byte) int {
	if bytes.Contains(text, t.folded) {
		return 4 * scattered
	}
	rest := t.folded
	for i := 0; i < len(text) && len(rest) > 0; i++ {
		if text[i] == rest[0] && wordStart(text, i) {
			rest = rest[1:]
		}
	}
	switch {
	case len(rest) == 0:
		return 3 * scattered
	case wordStart(text, bytes.IndexByte(text, t.folded[0])):
		return 2 * scattered
	default:
		return scattered
	}
}

// fitsExpression tries the value as it is and, where accents could make a
// difference, folded.
func (t *term) fitsExpression(r *row, f model.FieldID, folded []byte) bool {
	raw := r.text(f)
	if raw == "" {
		return false
	}
	if t.raw.MatchString(raw) {
		return true
	}
	return (t.plain != t.raw || !ascii(raw)) && t.plain.Match(folded)
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
