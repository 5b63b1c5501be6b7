package api

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The most that is kept of a server's words in an error, in characters.
const (
	maxWord  = 200
	maxText  = 2000
	maxQuote = 120
)

const (
	masked    = "…"
	keyPrefix = "lev_sk_" // API keys begin so (published API documentation)
)

// masker takes secrets out of texts: the key of the request, anything that
// looks like an API key, and passwords in addresses. A server may send back
// whatever it was sent, so every text from outside that becomes part of an
// error or a log goes through it.
type masker struct{ token string }

func (m masker) text(s string) string {
	if len(m.token) >= 4 { // a shorter one is no secret, and is part of ordinary words
		s = replaceFold(s, m.token)
		if escaped := url.QueryEscape(m.token); escaped != m.token {
			s = replaceFold(s, escaped)
		}
	}
	return maskPasswords(maskKeys(s))
}

// quote is the first words of an answer, on one line and without secrets. A
// key that stands across the end of what is looked at goes with that end.
func (m masker) quote(body []byte) string {
	whole := len(body) < maxProblem
	s := m.text(string(body[:min(len(body), maxProblem)]))
	if !whole {
		s = s[:max(0, len(s)-len(m.token))]
	}
	return clip(oneLine(s), maxQuote)
}

// replaceFold replaces secret in s, in whatever case its letters are.
func replaceFold(s, secret string) string {
	lower, find := asciiLower(s), asciiLower(secret)
	var b strings.Builder
	for {
		i := strings.Index(lower, find)
		if i < 0 {
			break
		}
		b.WriteString(s[:i] + masked)
		s, lower = s[i+len(find):], lower[i+len(find):]
	}
	if b.Len() == 0 {
		return s
	}
	return b.String() + s
}

// asciiLower keeps the length, which strings.ToLower does not.
func asciiLower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

func maskKeys(s string) string {
	var b strings.Builder
	for lower := asciiLower(s); ; {
		i := strings.Index(lower, keyPrefix)
		if i < 0 {
			return b.String() + s
		}
		i += len(keyPrefix)
		end := i
		for end < len(s) && (s[end] == '_' || s[end] == '-' || isAlnum(s[end])) {
			end++
		}
		b.WriteString(s[:i])
		if end > i {
			b.WriteString(masked)
		}
		s, lower = s[end:], lower[end:]
	}
}

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

func maskPasswords(s string) string {
	var b strings.Builder
	for {
		i := strings.Index(s, "://")
		if i < 0 {
			return b.String() + s
		}
		i += len("://")
		b.WriteString(s[:i])
		s = s[i:]
		if end := strings.IndexAny(s, "@/?# \t\n\""); end >= 0 && s[end] == '@' {
			b.WriteString(masked)
			s = s[end:]
		}
	}
}

// clip shortens a text to n characters.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	count := 0
	for i := range s {
		if count == n {
			return s[:i] + "…"
		}
		count++
	}
	return s
}

// oneLine is a text from outside on one line, without anything that could drive
// a terminal.
func oneLine(text string) string {
	s := strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
	return strings.Join(strings.Fields(s), " ")
}
