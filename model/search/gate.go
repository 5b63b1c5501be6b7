package search

import (
	"bytes"
	"slices"
	"strings"

	"github.com/levcontacts/levcontacts/model"
)

// sieve is what closed knows of a term: some of this stands in every contact that it
// fits.
type sieve struct {
	text   []byte    // as it is, nil for a word
	word   word      // or broken
	given  []byteSet // equals of given names
	others []word    // equals elsewhere
	digits string
}

// byteSet is a text with the letters that it has.
type byteSet struct {
	text []byte
	mask uint32
}

// closed says, at a tenth of the cost of opening a contact, that some word of the
// query stands nowhere in it. It looks at the packed bytes, folded; contacts with
// letters that need more than the table of Latin letters are never thrown out.
func (q *Query) closed(r *row, p model.Packed) bool {
	if len(q.gates) == 0 {
		return false
	}
	texts, extras := p.AppendTexts(r.low[:0], r.last)
	r.low = texts
	if bytes.IndexByte(texts[extras:], '\\') >= 0 {
		return false
	}
	if !lowerASCIIBytes(texts) {
		var ok bool
		if texts, ok = foldLatin(texts); !ok {
			return false
		}
	}
	for i := range q.gates {
		if !q.gates[i].mayOpen(texts, p) {
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
		g := sieve{word: t.word}
		if t.kind == kindSubstring {
			q.gates = append(q.gates, sieve{text: t.folded})
			continue
		}
		if t.digits != "" {
			g.digits = lastTen(t.digits)
		}
		for _, e := range t.equals {
			same := func(w word) bool { return bytes.Equal(w.letters, e.word.letters) }
			switch {
			case e.target == model.FieldFirstName:
				g.given = append(g.given, byteSet{e.word.letters, maskOf(e.word.letters)})
			case !slices.ContainsFunc(g.others, same):
				g.others = append(g.others, e.word)
			}
		}
		q.gates = append(q.gates, g)
	}
}

// reads says that the term looks at a field.
func (t *term) reads(f model.FieldID) bool { return t.targets == nil || slices.Contains(t.targets, f) }

// mayOpen says that the term may fit a contact with these folded texts.
func (g *sieve) mayOpen(texts []byte, p model.Packed) bool {
	if g.text != nil {
		return bytes.Contains(texts, g.text)
	}
	if g.word.in(texts) || g.digits != "" && inOrder(string(p), g.digits) {
		return true
	}
	return len(g.given) > 0 && g.mayBeGiven(p) || slices.ContainsFunc(g.others, func(w word) bool { return w.in(texts) })
}

// mayBeGiven says that an equal may stand in the given name.
func (g *sieve) mayBeGiven(p model.Packed) bool {
	var room [64]byte
	name := appendFold(room[:0], p.Get(model.FieldFirstName).String())
	name = slices.DeleteFunc(name, soft)
	letters := maskOf(name)
	return slices.ContainsFunc(g.given, func(e byteSet) bool {
		return e.mask&^letters == 0 && bytes.Contains(name, e.text)
	})
}

// in says that the word stands in a text.
func (w *word) in(text []byte) (ok bool) {
	w.each(text, func(int, int) bool {
		ok = true
		return false
	})
	return ok
}
