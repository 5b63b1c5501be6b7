package search

import (
	"bytes"
	"slices"
	"strings"

	"levcontacts/model"
)

// closed says, at a tenth of the cost of opening a contact, that some word of the
// query stands nowhere in it. It looks at the packed bytes in lower case; contacts
// with letters outside ASCII, which need folding, are never thrown out.
func (q *Query) closed(r *row, p model.Packed) bool {
	if len(q.gates) == 0 {
		return false
	}
	fields, extras := p.Texts(r.last)
	r.low = append(append(append(r.low[:0], fields...), separator), extras...)
	if !lowerASCIIBytes(r.low) || bytes.IndexByte(r.low[len(fields):], '\\') >= 0 {
		return false
	}
	for _, i := range q.gates {
		if !q.terms[i].mayStandIn(r.low, p) {
			return true
		}
	}
	return false
}

// setGates finds the terms that closed can look at.
func (q *Query) setGates() {
	for i := range q.terms {
		t := &q.terms[i]
		text := t.kind == kindWord || t.kind == kindSubstring || t.kind == kindPrefix
		if !text || t.not || t.extra != "" || len(t.word.letters) < 2 {
			continue
		}
		if types := model.TypeLender + " " + model.TypeSponsor; t.reads(model.FieldType) && strings.Contains(types, string(t.folded)) {
			continue
		}
		q.gates = append(q.gates, i)
	}
}

// reads says that the term looks at a field.
func (t *term) reads(f model.FieldID) bool { return t.targets == nil || slices.Contains(t.targets, f) }

func (t *term) mayStandIn(low []byte, p model.Packed) bool {
	if t.kind == kindSubstring {
		return bytes.Contains(low, t.folded)
	}
	if t.word.in(low) || t.digits != "" && inOrder(string(p), lastTen(t.digits)) {
		return true
	}
	return slices.ContainsFunc(t.equals, func(e equal) bool { return e.word.in(low) })
}

// in says that the word stands in a text.
func (w *word) in(text []byte) (ok bool) {
	w.each(text, func(int, int) bool {
		ok = true
		return false
	})
	return ok
}
