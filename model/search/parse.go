package search

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/levcontacts/levcontacts/model"
)

// Parser reads queries. The zero Parser is ready.
type Parser struct {
	Extras []string         // JSON names of undocumented fields in the book, beside those of later documents
	Zone   *time.Location   // in which dates are read, UTC when nil
	Now    func() time.Time // from which ages are counted, time.Now when nil
	// Notes are the texts of the held notes on a contact; nil when none are held.
	// It is called while a query is matched and must be safe for concurrent use.
	Notes func(contact int64) []string
}

// Parse reads a query with the zero Parser.
func Parse(input string) (Query, error) { return Parser{}.Parse(input) }

// Parse reads a query. Terms are separated by blanks and must all hold:
//
//	chen              a word that begins so, or holds it, in any text of the contact
//	chen | khan       one or the other
//	"new york"        these words, together
//	^sar              a value, or a last name, that begins with sar
//	~yukm             the letters y u k m in this order, whatever is between them
//	/svp|evp/         an RE2 expression
//	email:chen        in one field; the other forms follow the colon too
//	email:""          nothing in the field, as no:email; has:phone is the opposite
//	!analyst          not that text
//	state=NY,CA       one of these values and nothing else, as in a filter
//	type:lender       primary:yes  connected:no  state:ny  zip:100  id:78
//	updated:2026-02   >2026-01-01  <=2025  2025-06..2025-09  today  last-month
//	updated:<30d      not older than 30 days (h d w m y); >1y is older than a year
//	phones:555        a field that the page does not document, by its JSON name
//	note:thursday     in the notes that are held
//
// What people paste is understood: an address of the form Name <name@company>, a
// name as "Chen, Sarah", mailto: and tel:, a web address, a phone number however
// it is written. Short forms of names, states and titles (equals.go) are found
// for each other.
//
// An unfinished quote or expression goes to the end of the input, and a field
// without anything after its colon asks for nothing. The error is a
// *SyntaxError.
func (p Parser) Parse(input string) (Query, error) {
	s := scanner{parser: p, input: pastedAddress(input)}
	var q Query
	either, begin := false, 0
	for s.skipBlanks() {
		if s.eat('|') {
			either = len(q.terms) > 0
			continue
		}
		start := s.pos
		t, ok, err := s.term()
		switch {
		case err != nil:
			return Query{}, err
		case !ok:
			continue
		case either:
			last := &q.terms[len(q.terms)-1]
			*last = term{kind: kindAny, text: s.input[begin:s.pos], any: [][]term{{*last}, {t}}}
		default:
			q.terms = append(q.terms, t)
			begin = start
		}
		either = false
	}
	q.terms = joinEquals(q.terms)
	q.hints = s.hints
	q.finish()
	return q, nil
}

// term reads one term; ok is false when it asks for nothing.
func (s *scanner) term() (t term, ok bool, err error) {
	start := s.pos
	t.not = s.eat('!')
	if f, is := s.valuesField(); is {
		ok, err = s.values(&t, f)
	} else if ok, is = s.presence(&t); !is {
		ok, err = s.fieldOrText(&t)
	}
	if err != nil {
		var wrong *SyntaxError
		if errors.As(err, &wrong) {
			return t, false, wrong
		}
		return t, false, &SyntaxError{start, s.pos, fmt.Sprintf("%s: %v", s.input[start:s.pos], err)}
	}
	return t, ok, nil
}

func (s *scanner) fieldOrText(t *term) (bool, error) {
	field := false
	if word, is := s.fieldWord(":"); is && !pastedScheme(word) {
		field = s.field(t, word)
	}
	if field && s.eat('!') {
		t.not = !t.not
	}
	return s.body(t, field)
}

// valuesField is the field of "state=" when that comes next and can be filtered
// by.
func (s *scanner) valuesField() (model.FieldID, bool) {
	word, ok := s.fieldWord("=")
	if !ok {
		return 0, false
	}
	f, known := fieldByWord(strings.ToLower(word))
	return f, known && slices.Contains(model.FacetFields(), f)
}

// values reads the list behind "state=". One that is still being typed asks for
// nothing.
func (s *scanner) values(t *term, f model.FieldID) (bool, error) {
	s.pos += strings.IndexByte(s.rest(), '=') + 1
	t.kind = kindValues
	values, rest, err := parseValues(s.rest())
	if errors.Is(err, errUnfinished) {
		s.pos = len(s.input)
		return false, nil
	}
	s.pos = len(s.input) - len(rest)
	for i := range values {
		if err == nil {
			values[i], err = canonical(f, values[i])
		}
	}
	t.filter = Filter{}.With(f, values...)
	return !t.filter.Empty(), err
}

// presence reads has:word and no:word.
func (s *scanner) presence(t *term) (ok, is bool) {
	word, colon := s.fieldWord(":")
	if word = strings.ToLower(word); !colon || word != "has" && word != "no" {
		return false, false
	}
	s.pos += len(word) + 1
	start := s.pos
	name := strings.ToLower(s.word())
	t.not = t.not != (word == "has")
	t.kind = kindEmpty
	if f, known := fieldByWord(name); known {
		t.targets = []model.FieldID{f}
		if f.Format() == model.FormatBool && f != nameTarget {
			t.kind, t.yes, t.not = kindBool, true, !t.not
		}
		return true, true
	}
	if extra, known := extraByWord(name, s.parser.Extras); known {
		s.takeExtra(t, extra)
		return true, true
	}
	if name != "" {
		s.unknown(start, name, "")
	}
	return false, true
}

// unknown hints at the nearest name of a field that does not exist.
func (s *scanner) unknown(start int, word, taken string) {
	text := fmt.Sprintf("no field %q%s", word, taken)
	if near := nearestWord(strings.ToLower(word), allWords()); near != "" {
		text += "; did you mean " + near
		if taken != "" {
			text += ":"
		}
	}
	s.hints = append(s.hints, Hint{start, start + len(word), text})
}

// field resolves the word before a colon and goes over both; an unknown one is
// left to be read as text, with a hint.
func (s *scanner) field(t *term, word string) bool {
	name := strings.ToLower(word)
	if f, ok := fieldByWord(name); ok {
		t.targets = []model.FieldID{f}
	} else if extra, ok := extraByWord(name, s.parser.Extras); ok {
		s.takeExtra(t, extra)
	} else {
		s.unknown(s.pos, word, ", taken as text")
		return false
	}
	s.pos += len(word) + 1
	return true
}

// takeExtra makes a term look into a field by its name, or into the notes.
func (s *scanner) takeExtra(t *term, extra string) {
	t.extra = extra
	if extra != notesField {
		return
	}
	if t.notes = s.parser.Notes; t.notes == nil {
		t.notes = func(int64) []string { return nil }
		s.hints = append(s.hints, Hint{s.pos, s.pos + len(extra), "no notes are held here yet"})
	}
}

// body reads what is looked for.
func (s *scanner) body(t *term, field bool) (bool, error) {
	format := model.FormatText
	if field && t.extra == "" && t.targets[0] != nameTarget {
		format = t.targets[0].Format()
	}
	switch format {
	case model.FormatBool, model.FormatInt, model.FormatTime:
		return s.special(t, format)
	}
	t.sieve = format == model.FormatType || format == model.FormatState || format == model.FormatZip
	switch {
	case s.eat('/'):
		return s.expression(t)
	case s.eat('^'):
		t.kind = kindPrefix
		if s.eat('"') {
			t.text, _ = s.quoted()
		} else {
			t.text = s.word()
		}
		if slices.Equal(t.targets, []model.FieldID{nameTarget}) {
			t.targets = append(t.targets, model.FieldLastName)
		}
	case s.eat('"'):
		var closed bool
		t.kind = kindSubstring
		t.text, closed = s.quoted()
		if field && closed && t.text == "" {
			t.kind = kindEmpty
			return true, nil
		}
	case s.eat('~'):
		t.kind, t.text = kindScattered, s.word()
	case !field && !t.not && s.phone(t):
		return true, nil
	default:
		t.text = s.word()
		t.plainKind(field)
	}
	t.prepare(format)
	return len(t.folded) > 0 && (t.kind != kindWord || slices.ContainsFunc(t.word.letters, wordByte)), nil
}

// plainKind is how a bare word is compared.
func (t *term) plainKind(field bool) {
	switch {
	case t.extra != "":
		t.kind = kindSubstring
	case t.sieve:
		t.kind = kindPrefix
	case !field:
		t.pasted()
	}
}

// prepare makes the forms of the text that are compared.
func (t *term) prepare(format model.Format) {
	folded := Fold(t.text)
	if format == model.FormatType && strings.HasPrefix(model.TypeLender, folded) {
		folded, _, _ = strings.Cut(folded, "_") // rows hold the label
	}
	t.folded, t.word = []byte(folded), newWord(folded)
	switch {
	case t.extra != "" && t.kind != kindPrefix:
		t.digits = digitsIfDialled(t.text)
	case t.kind == kindWord:
		t.digits, t.near = dialled(t.text), newSound(t.word.letters)
		t.equals = equalsOf(t, folded)
	case t.sieve && t.kind == kindPrefix:
		t.equals = equalsOf(t, folded)
	}
}

// special reads the value of a yes-or-no, number or time field.
func (s *scanner) special(t *term, format model.Format) (bool, error) {
	text := s.word()
	if text == `""` && t.targets[0] != model.FieldKey {
		t.kind = kindEmpty
		return true, nil
	}
	text = strings.Trim(text, `"`)
	if text == "" {
		return false, nil
	}
	var err error
	switch format {
	case model.FormatBool:
		t.kind = kindBool
		switch low := strings.ToLower(text); {
		case strings.HasPrefix("yes", low) || strings.HasPrefix("true", low):
			t.yes = true
		case strings.HasPrefix("no", low) || strings.HasPrefix("false", low):
		default:
			err = errors.New("yes or no")
		}
	case model.FormatTime:
		t.kind = kindBounds
		t.bounds, err = s.parser.readTime(text)
	default:
		t.kind = kindBounds
		t.bounds, err = parseBounds(text, readInt)
	}
	if errors.Is(err, errUnfinished) {
		return false, nil
	}
	return err == nil, err
}
