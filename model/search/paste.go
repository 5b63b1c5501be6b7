package search

import (
	"strings"

	"github.com/levcontacts/levcontacts/model"
)

// pastedAddress takes the quotes from an address as mail programs copy it,
// "Chen, Sarah" <schen@company.com>: there they do not mean "exactly this".
func pastedAddress(input string) string {
	if at := strings.IndexByte(input, '<'); at >= 0 && strings.Contains(input[at:], "@") {
		return strings.ReplaceAll(input, `"`, " ")
	}
	return input
}

// pastedScheme says that the word before a colon belongs to an address.
func pastedScheme(word string) bool {
	word = strings.ToLower(word)
	return word == "mailto" || word == "tel" || word == "http" || word == "https"
}

// pasted reads the text of a plain term as what it was copied from: a mail or
// web address, a name in a list.
func (t *term) pasted() {
	s := strings.Trim(t.text, "<>()[]{},;")
	if scheme, rest, ok := strings.Cut(s, ":"); ok && pastedScheme(scheme) && rest != "" {
		s, _, _ = strings.Cut(strings.TrimLeft(rest, "/"), "?")
	} else if !ok || !strings.Contains(s, "@") {
		s = strings.TrimRight(s, ".:!?")
	}
	if strings.Contains(s, "linkedin.com") {
		profile, _ := strings.CutPrefix(profileOf(s), "in/")
		t.kind, t.targets, s = kindPrefix, []model.FieldID{model.FieldLinkedIn}, strings.TrimPrefix(profile, "linkedin.com")
	} else if len(s) < len(t.text) && strings.Contains(t.text, "://") {
		host, _, _ := strings.Cut(s, "/")
		s = strings.TrimPrefix(host, "www.")
	}
	t.text = s
}

// phone reads a phone number that is written with blanks. The words of it may
// a short one may also be meant one by one, as a house number and a ZIP code.
func (s *scanner) phone(t *term) bool {
	words := strings.Fields(s.rest())
	words = words[:min(len(words), 6)]
	n := numberOver(words)
	if n == 0 {
		return false
	}
	var typed []string
	var apart []term
	for range n {
		s.skipBlanks()
		w := term{text: s.word()}
		typed = append(typed, w.text)
		w.pasted()
		w.prepare(model.FormatText)
		apart = append(apart, w)
	}
	t.kind, t.text = kindAny, strings.Join(typed, " ")
	digits := national(digitsOf(t.text))
	t.any = [][]term{{{kind: kindWord, text: t.text, digits: digits}}}
	if len(digits) < 10 {
		t.any = append(t.any, apart)
	}
	s.skipExtension()
	return true
}

// skipExtension goes over "x12", "ext. 12" and the like behind a phone number.
func (s *scanner) skipExtension() {
	at := s.pos
	if !s.skipBlanks() {
		return
	}
	word := s.word()
	if !isExtension(word) {
		s.pos = at
		return
	}
	if number := s.pos; digitsOf(word) == "" && s.skipBlanks() && strings.Trim(s.word(), "0123456789") != "" {
		s.pos = number
	}
}
