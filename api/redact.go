package api

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/levcontacts/levcontacts/internal/redact"
)

// The most that is stored of a server's words in an error, in characters.
const (
	maxWord  = 200
	maxText  = 2000
	maxQuote = 120

	maxMasked = 4 << 10 // bytes of a response in which a quote is looked for
)

// otherKeys finds API keys in capital letters, too, as some headers come back.
var otherKeys = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)lev_sk_[a-z0-9_-]+`) })

// masker takes secrets out of texts: the key of the request in every form that
// it can take, anything that looks like a key, and passwords in addresses. A
// server may send back whatever it was sent, so every text from outside that
// becomes part of an error or a log goes through it.
type masker struct {
	token    string
	redactor *redact.Redactor
}

func newMasker(token string) masker {
	m := masker{token, redact.New()}
	if len(token) >= 4 { // a shorter one is no secret, and is part of ordinary words
		for _, form := range []string{token, strings.ToLower(token), strings.ToUpper(token)} {
			m.redactor.Add(form)
		}
	}
	return m
}

// masker is that of a token, made once while the token stays the same.
func (c *Client) masker(token string) masker {
	if m := c.lastMasker.Load(); m != nil && m.token == token {
		return *m
	}
	m := newMasker(token)
	c.lastMasker.Store(&m)
	return m
}

func (m masker) text(s string) string {
	return otherKeys().ReplaceAllString(m.redactor.Redact(s), redact.Mark)
}

// word is a short text from outside, such as a request id.
func (m masker) word(s string) string { return clip(m.text(s), maxWord) }

// quote is the first words of a response, on one line and without secrets. A
// key that stands across the end of what is looked at goes with that end.
func (m masker) quote(body []byte) string {
	longest := 4 * len(m.token) // an encoded key
	whole := len(body) < maxMasked+longest
	s := m.text(string(body[:min(len(body), maxMasked+longest)]))
	if !whole {
		s = s[:max(0, len(s)-longest)]
	}
	return clip(oneLine(s), maxQuote)
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
