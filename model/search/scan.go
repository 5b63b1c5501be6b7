package search

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode"
	"unicode/utf8"
)

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

// word goes over everything to the next blank or bar.
func (s *scanner) word() string {
	rest := s.rest()
	if i := strings.IndexFunc(rest, func(r rune) bool { return r == '|' || unicode.IsSpace(r) }); i >= 0 {
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

// fieldWord reads "word:", or another sign, if that is what comes next and does
// not go over it.
func (s *scanner) fieldWord(sign string) (string, bool) {
	word, after, ok := strings.Cut(s.rest(), sign)
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
