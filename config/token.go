package config

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// maxToken bounds an API key or session token, in bytes. It must fit in
// one header line.
const maxToken = 16 << 10

// The reasons to refuse a key. Their texts do not repeat it.
var (
	ErrKeyEmpty = errors.New("the key is empty")
	ErrKeyForm  = errors.New("this is not a key")
)

// Token is an API key or session token that cannot be printed by accident:
// every formatting verb, encoding and log shows its masked form. The zero
// value is no token.
type Token struct {
	// A function, for what holds the text in a field can be read out of it
	// by packages that print or compare by reflection.
	reveal func() string
}

// NewToken takes a key as it was pasted or read: blanks and line ends around
// it go. The error is [ErrKeyEmpty], or [ErrKeyForm] and what is wrong
// when the text cannot be a key.
func NewToken(text string) (Token, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return Token{}, ErrKeyEmpty
	case len(text) > maxToken:
		return Token{}, fmt.Errorf("%w: it is longer than %d bytes", ErrKeyForm, maxToken)
	case strings.HasPrefix(strings.ToLower(text), "bearer "):
		return Token{}, fmt.Errorf("%w: leave out the word Bearer", ErrKeyForm)
	case strings.ContainsAny(text, "\r\n"):
		return Token{}, fmt.Errorf("%w: it has more than one line", ErrKeyForm)
	case strings.ContainsAny(text, " \t"):
		return Token{}, fmt.Errorf("%w: it has blanks in it", ErrKeyForm)
	}
	for i := range len(text) {
		if text[i] < 0x21 || text[i] > 0x7e {
			return Token{}, fmt.Errorf("%w: it holds characters that no key has", ErrKeyForm)
		}
	}
	return Token{reveal: func() string { return text }}, nil
}

// Reveal gives the key itself, for the Authorization header and the keyring.
func (t Token) Reveal() string {
	if t.reveal == nil {
		return ""
	}
	return t.reveal()
}

// IsZero reports whether there is no token.
func (t Token) IsZero() bool { return t.reveal == nil }

// String gives the masked form: the prefix that says what kind of key it is,
// and the last four characters of a key long enough to keep its secret.
func (t Token) String() string {
	s := t.Reveal()
	if s == "" {
		return "(none)"
	}
	prefix := ""
	for _, known := range []string{"lev_sk_", "eyJ"} {
		if strings.HasPrefix(s, known) {
			prefix = known
		}
	}
	if len(s)-len(prefix) < 16 {
		return prefix + "…"
	}
	return prefix + "…" + s[len(s)-4:]
}

// GoString gives the masked form.
func (t Token) GoString() string { return "config.Token(" + t.String() + ")" }

// Format writes the masked form, whatever the verb.
func (t Token) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, t.String()) }

// MarshalText gives the masked form.
func (t Token) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// LogValue gives the masked form.
func (t Token) LogValue() slog.Value { return slog.StringValue(t.String()) }

var (
	_ fmt.Formatter  = Token{}
	_ fmt.GoStringer = Token{}
	_ slog.LogValuer = Token{}
)
