package search

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"levcontacts/model"
)

// Parser reads queries. The zero Parser is ready.
type Parser struct {
	Extras []string       // JSON names of undocumented fields in the book, beside those of later documents
	Zone   *time.Location // in which dates are read, UTC when nil
}

// Parse reads a query with the zero Parser.
func Parse(input string) (Query, error) { return Parser{}.Parse(input) }

// Parse reads a query. Terms are separated by blanks and must all hold:
//
//	chen              the letters c h e n in this order in one of the search fields
//	"new york"        these words, together
//	^sar              a value, or a last name, that begins with sar
//	/svp|evp/         an RE2 expression
//	email:chen        in one field; the other forms follow the colon too
//	email:""          nothing in the field
//	!analyst          not that text
//	type:lender       primary:yes  connected:no  state:ny  zip:100  id:78
//	updated:2026-02   >2026-01-01  <=2025  2025-06..2025-09
//	phones:555        a field that the page does not document, by its JSON name
//
// An unfinished quote or expression goes to the end of the input, and a field
// without anything after its colon asks for nothing. The error is a
// *SyntaxError.
func (p Parser) Parse(input string) (Query, error) {
	s := scanner{parser: p, input: input}
	var q Query
	for s.skipBlanks() {
		t, ok, err := s.term()
		if err != nil {
			return Query{}, err
		}
		if ok {
			q.terms = append(q.terms, t)
		}
	}
	q.hints = s.hints
	q.finish()
	return q, nil
}

// scanner walks the input.
type scanner struct {
	parser Parser
	input  string
	pos    int
	hints  []Hint
}

func (s *scanner) rest() string { return s.input[s.pos:] }

// skipBlanks goes to the next term and says whether there is one.
func (s *scanner) skipBlanks() bool {
	s.pos = len(s.input) - len(strings.TrimLeftFunc(s.rest(), unicode.IsSpace))
	return s.pos < len(s.input)
}

// eat goes over one byte if it is next.
func (s *scanner) eat(c byte) bool {
	if s.pos < len(s.input) && s.input[s.pos] == c {
		s.pos++
		return true
	}
	return false
}

// word goes over everything to the next blank.
func (s *scanner) word() string {
	rest := s.rest()
	if i := strings.IndexFunc(rest, unicode.IsSpace); i >= 0 {
		rest = rest[:i]
	}
	s.pos += len(rest)
	return rest
}

// quoted goes over text and its closing quote; closed is false at the end of
// the input.
func (s *scanner) quoted() (text string, closed bool) {
	text, _, closed = strings.Cut(s.rest(), `"`)
	s.pos += len(text)
	s.eat('"')
	return text, closed
}

// pattern goes over an expression to the slash that ends it: one that no
// backslash escapes and that a blank or the end of the input follows.
func (s *scanner) pattern() string {
	rest := s.rest()
	for i := 0; i < len(rest); i++ {
		switch rest[i] {
		case '\\':
			i++
		case '/':
			next, _ := utf8.DecodeRuneInString(rest[i+1:])
			if i+1 == len(rest) || unicode.IsSpace(next) {
				s.pos += i + 1
				return rest[:i]
			}
		}
	}
	s.pos = len(s.input)
	return rest
}

// fieldWord reads "word:" if that is what comes next and does not go over it.
func (s *scanner) fieldWord() (string, bool) {
	word, after, ok := strings.Cut(s.rest(), ":")
	if !ok || word == "" || strings.HasPrefix(after, "//") || '0' <= word[0] && word[0] <= '9' {
		return "", false
	}
	for _, c := range word {
		if c != '_' && c != '-' && !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			return "", false
		}
	}
	return word, true
}

// term reads one term; ok is false when it asks for nothing.
func (s *scanner) term() (t term, ok bool, err error) {
	start := s.pos
	t.not = s.eat('!')
	field := false
	if word, is := s.fieldWord(); is {
		field = s.field(&t, word)
	}
	if !field {
		t.targets = plainTargets()
	} else if s.eat('!') {
		t.not = !t.not
	}
	ok, err = s.body(&t, field)
	if err != nil {
		var wrong *SyntaxError
		if errors.As(err, &wrong) {
			return t, false, wrong
		}
		return t, false, &SyntaxError{start, s.pos, fmt.Sprintf("%s: %v", s.input[start:s.pos], err)}
	}
	return t, ok, nil
}

// field resolves the word before a colon and goes over both; an unknown one is
// left to be read as text, with a hint.
func (s *scanner) field(t *term, word string) bool {
	name := strings.ToLower(word)
	if f, ok := fieldByWord(name); ok {
		t.targets = []model.FieldID{f}
	} else if extra, ok := extraByWord(name, s.parser.Extras); ok {
		t.extra = extra
	} else {
		text := fmt.Sprintf("no field %q, taken as text", word)
		if near := nearest(name, allWords()); near != "" {
			text = fmt.Sprintf("no field %q, taken as text; did you mean %s:", word, near)
		}
		s.hints = append(s.hints, Hint{s.pos, s.pos + len(word), text})
		return false
	}
	s.pos += len(word) + 1
	return true
}

// body reads what is looked for.
func (s *scanner) body(t *term, field bool) (bool, error) {
	format := model.FormatText
	if field && t.extra == "" && t.targets[0] != nameTarget {
		format = t.targets[0].Def().Format
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
		if slices.Equal(t.targets, []model.FieldID{nameTarget}) || !field {
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
	default:
		t.kind, t.text = plainKind(t, format), s.word()
	}
	t.folded = []byte(Fold(t.text))
	t.runes = []rune(string(t.folded))
	if t.extra != "" && t.kind != kindPrefix {
		t.digits = dialled(t.text)
	}
	return len(t.folded) > 0, nil
}

// plainKind is how a bare word is compared: letters with gaps in prose, but
// not in addresses, codes and numbers, nor when the word excludes.
func plainKind(t *term, format model.Format) kind {
	switch {
	case t.extra != "" || format == model.FormatURL:
		return kindSubstring
	case t.sieve:
		return kindPrefix
	case t.not:
		return kindSubstring
	default:
		return kindFuzzy
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
		zone := s.parser.Zone
		if zone == nil {
			zone = time.UTC
		}
		t.kind = kindBounds
		t.bounds, err = parseBounds(text, func(s string) (bounds, error) { return readPeriod(s, zone) })
	default:
		t.kind = kindBounds
		t.bounds, err = parseBounds(text, readInt)
	}
	if errors.Is(err, errUnfinished) {
		return false, nil
	}
	return err == nil, err
}

// expression reads a regular expression after its slash.
func (s *scanner) expression(t *term) (bool, error) {
	start := s.pos
	t.kind = kindRegexp
	t.text = s.pattern()
	if t.text == "" {
		return false, nil
	}
	var err error
	if t.raw, err = regexp.Compile("(?i)" + t.text); err != nil {
		return false, badExpression(t.text, start, err)
	}
	t.plain = t.raw
	if bare := unaccented(t.text); bare != t.text {
		if re, err := regexp.Compile("(?i)" + bare); err == nil {
			t.plain = re
		}
	}
	return true, nil
}

// badExpression points at the part of the expression that is wrong.
func badExpression(pattern string, start int, err error) *SyntaxError {
	out := &SyntaxError{start, start + len(pattern), fmt.Sprintf("regexp /%s/: %v", pattern, err)}
	if wrong, ok := errors.AsType[*syntax.Error](err); ok {
		out.Text = fmt.Sprintf("regexp /%s/: %s", pattern, wrong.Code)
		part := strings.TrimPrefix(wrong.Expr, "(?i)")
		if i := strings.Index(pattern, part); i >= 0 && part != "" {
			out.Start, out.End = start+i, start+i+len(part)
		}
	}
	return out
}

// unaccented folds the letters of an expression that are not ASCII, and leaves
// ASCII alone because its case has a meaning there (\s and \S).
func unaccented(pattern string) string {
	var b []byte
	for _, r := range pattern {
		if r < utf8.RuneSelf {
			b = append(b, byte(r))
		} else {
			b = appendFoldRune(b, string(r))
		}
	}
	return string(b)
}
