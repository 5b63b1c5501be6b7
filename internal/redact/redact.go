// Package redact takes secrets out of text that is shown, logged or kept.
package redact

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"github.com/levcontacts/levcontacts/internal/plain"
)

// Mark stands where a secret was.
const Mark = "[redacted]"

// shortestPrefix is how many characters of a secret's beginning count as the
// secret: fewer are in its masked form, and cut-off copies appear in messages.
const shortestPrefix = 12

// shortestEncoded is the length from which a secret is also looked for in
// base64 and hexadecimal; a shorter one would be found in any text.
const shortestEncoded = 6

// shapes matches what has the form of a key, whoever's it is.
var shapes = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`((?i:bearer)(?:\s|%20|\+)+)[^\s"',;]+` +
		`|lev_sk_[A-Za-z0-9_.\-]+` +
		`|eyJ[A-Za-z0-9_\-]{8,}(?:\.[A-Za-z0-9_\-]*)*` +
		`|(://)[^\s"'/@]+(@)`)
})

// Shapes replaces what has the shape of a key, known or not: Lev API keys, JSON
// web tokens, whatever follows "Bearer", and the user name and password of an
// address.
func Shapes(s string) string { return shapes().ReplaceAllString(s, "${1}${2}"+Mark+"${3}") }

// spelling is one way in which a secret can be written.
type spelling struct {
	text  string
	least int // characters of its beginning that give it away
}

// A Redactor takes secrets out of text that is stored or shown, such as
// logs and reports. It may be used by several goroutines at once.
type Redactor struct {
	mu        sync.RWMutex
	spellings []spelling
}

// New makes a redactor for these secrets.
func New(secrets ...string) *Redactor {
	r := &Redactor{}
	for _, secret := range secrets {
		r.Add(secret)
	}
	return r
}

// Add makes another secret known, such as the key of a new sign-in.
func (r *Redactor) Add(secret string) {
	if secret == "" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, sp := range spellings(secret) {
		if !slices.Contains(r.spellings, sp) {
			r.spellings = append(r.spellings, sp)
		}
	}
}

// Redact replaces every secret in s: as it is, escaped for an address, JSON
// or Go, in base64 or hexadecimal, and cut off after twelve characters or
// more. Text after "Bearer" and everything of the shape of a key goes too.
// Characters that no screen shows do not hide a secret: a line that has one
// between them comes back without such characters.
func (r *Redactor) Redact(s string) string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if !strings.ContainsFunc(s, func(c rune) bool { return c != '\n' && !unicode.IsPrint(c) }) {
		return r.replace(s)
	}
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = r.replace(line)
		clean := plain.Clean(line)
		if found := r.replace(clean); found != clean {
			lines[i] = found
		}
	}
	return strings.Join(lines, "\n")
}

func (r *Redactor) replace(s string) string {
	for _, sp := range r.spellings {
		s = sp.replace(s)
	}
	return Shapes(s)
}

// spellings lists the ways to write a secret, each once, longer ones first so
// that an escaped form is not taken for a cut-off plain one.
func spellings(s string) []spelling {
	head := min(len(s), shortestPrefix)
	all := []spelling{{s, head}}
	add := func(text string, least int) {
		sp := spelling{text, min(least, len(text))}
		if text != "" && !slices.ContainsFunc(all, func(o spelling) bool { return o.text == text }) {
			all = append(all, sp)
		}
	}
	for _, escape := range []func(string) string{url.QueryEscape, url.PathEscape} {
		add(escape(s), len(escape(s[:head])))
		add(lowerEscapes(escape(s)), len(escape(s[:head])))
	}
	if quoted, err := json.Marshal(s); err == nil {
		add(strings.Trim(string(quoted), `"`), head)
	}
	add(strings.Trim(strconv.Quote(s), `"`), head)
	if len(s) < shortestEncoded {
		return all
	}
	add(hex.EncodeToString([]byte(s)), 2*head)
	add(strings.ToUpper(hex.EncodeToString([]byte(s))), 2*head)
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for shift := range 3 {
			text := embedded(enc, s, shift)
			add(text, len(embedded(enc, s[:head], shift)))
		}
	}
	slices.SortStableFunc(all, func(a, b spelling) int { return len(b.text) - len(a.text) })
	return all
}

// embedded gives the characters of a base64 text that depend on nothing but
// the secret, when the secret begins shift bytes behind a group of three, as
// it does in the encoding of a longer text.
func embedded(enc *base64.Encoding, s string, shift int) string {
	text := enc.EncodeToString([]byte(strings.Repeat("\x00", shift) + s))
	first := (shift*8 + 5) / 6
	last := (shift + len(s)) * 8 / 6
	if first >= last {
		return ""
	}
	return text[first:last]
}

// lowerEscapes writes the hexadecimal digits of %XX in small letters.
func lowerEscapes(s string) string {
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:i+3], strings.ToLower(string(b[i+1:i+3])))
		}
	}
	return string(b)
}

// replace takes this spelling, or a beginning of it that is long enough, out
// of a text.
func (sp spelling) replace(s string) string {
	if sp.least == 0 || !strings.Contains(s, sp.text[:sp.least]) {
		return s
	}
	var b strings.Builder
	for {
		i := strings.Index(s, sp.text[:sp.least])
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		end := i + sp.least
		for end < len(s) && end-i < len(sp.text) && s[end] == sp.text[end-i] {
			end++
		}
		b.WriteString(s[:i])
		b.WriteString(Mark)
		s = s[end:]
	}
}
