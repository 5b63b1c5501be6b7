package search

import (
	"bytes"
	"unicode/utf8"

	"levcontacts/model"
)

// How well a term fits a value, without the cost of the full ranking: classes
// in steps of four, the weight of the field between them.
const (
	fitScattered = 4 * (iota + 1) // the letters in order
	fitFromWord                   // the same, from the beginning of a word
	fitInside                     // together, inside a word
	fitInitials                   // each letter begins a word
	fitWord                       // together, from the beginning of a word
	fitPrefix                     // the value begins with it
	fitWhole                      // the value is it
)

// matches says whether every term holds for the contact and how well the terms
// that rank fit it together. The row must have been made for the query.
func (q Query) matches(r *row, p model.Packed) (fit int, ok bool) {
	loaded := false
	for i := range q.terms {
		t := &q.terms[i]
		if !loaded && t.cost() > 0 {
			r.load(p)
			loaded = true
		}
		n := t.fit(r, p)
		if (n > 0) == t.not {
			return 0, false
		}
		if t.ranks() {
			fit += n
		}
	}
	return fit, true
}

// fit says how well one term fits, 0 for not at all; negation is not looked at.
func (t *term) fit(r *row, p model.Packed) int {
	if t.extra != "" {
		return oneIf(t.fitsExtra(p))
	}
	switch t.kind {
	case kindBool:
		return oneIf(t.yes == yesNo(p, t.targets[0]))
	case kindBounds:
		n, ok := number(p, t.targets[0])
		return oneIf(ok && t.bounds.holds(n))
	}
	if len(t.folded) > 0 && !subsequence(r.buf, t.folded) {
		return 0 // not even across the fields
	}
	best := 0
	for _, f := range t.targets {
		switch t.kind {
		case kindEmpty:
			best = oneIf(len(bytes.TrimSpace(r.folded(f))) == 0)
		case kindRegexp:
			best = oneIf(t.fitsExpression(r, f))
		default:
			if n := fitText(t.kind, r.folded(f), t.folded); n > 0 {
				best = max(best, n+weight(f))
			}
			continue
		}
		if best > 0 {
			break
		}
	}
	return best
}

func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}

// yesNo reads a boolean field as the screen shows it.
func yesNo(p model.Packed, f model.FieldID) bool {
	if f == model.FieldConnected {
		return p.Connected()
	}
	return p.Get(f).True()
}

// number reads a number, or a moment in seconds.
func number(p model.Packed, f model.FieldID) (int64, bool) {
	switch f {
	case model.FieldKey:
		return p.ID(), true
	case model.FieldCreated, model.FieldUpdated:
		return p.Seconds(f)
	default:
		return p.Get(f).Int()
	}
}

// fitText compares folded text.
func fitText(k kind, value, want []byte) int {
	if len(value) < len(want) {
		return 0
	}
	switch k {
	case kindPrefix:
		switch {
		case !bytes.HasPrefix(value, want):
			return 0
		case len(value) == len(want):
			return fitWhole
		default:
			return fitPrefix
		}
	case kindSubstring:
		return fitTogether(value, want)
	default:
		if !subsequence(value, want) {
			return 0
		}
		if n := fitTogether(value, want); n > 0 {
			return n
		}
		return fitApart(value, want)
	}
}

// subsequence says that the letters of want stand in value in this order.
func subsequence(value, want []byte) bool {
	for len(want) > 0 {
		size := 1
		var i int
		if want[0] < utf8.RuneSelf {
			i = bytes.IndexByte(value, want[0])
		} else {
			_, size = utf8.DecodeRune(want)
			i = bytes.Index(value, want[:size])
		}
		if i < 0 {
			return false
		}
		value, want = value[i+size:], want[size:]
	}
	return true
}

// fitTogether classes the best place at which want stands in one piece.
func fitTogether(value, want []byte) int {
	i := bytes.Index(value, want)
	switch {
	case i < 0:
		return 0
	case i == 0 && len(value) == len(want):
		return fitWhole
	case i == 0:
		return fitPrefix
	}
	for {
		if wordStart(value, i) {
			return fitWord
		}
		next := bytes.Index(value[i+1:], want)
		if next < 0 {
			return fitInside
		}
		i += 1 + next
	}
}

// fitApart classes letters that do not stand together.
func fitApart(value, want []byte) int {
	rest := want
	for i := 0; i < len(value) && len(rest) > 0; i++ {
		if value[i] == rest[0] && wordStart(value, i) {
			rest = rest[1:]
		}
	}
	if len(rest) == 0 {
		return fitInitials
	}
	if wordStart(value, bytes.IndexByte(value, want[0])) {
		return fitFromWord
	}
	return fitScattered
}

// wordStart says that a letter or digit at i begins a word.
func wordStart(value []byte, i int) bool {
	return i == 0 || !wordByte(value[i-1]) && wordByte(value[i])
}

func wordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c >= utf8.RuneSelf
}

// fitsExpression tries the value as it is and, where accents could make a
// difference, folded.
func (t *term) fitsExpression(r *row, f model.FieldID) bool {
	raw, folded := r.text(f), r.folded(f)
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
