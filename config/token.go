package config

import (
	"errors"
	"fmt"
	"strings"

	"github.com/levcontacts/levcontacts/internal/redact"
)

// maxToken bounds an API key or session token, in bytes. It must fit in
// one header line.
const maxToken = 16 << 10

// The reasons to refuse a key. Their texts do not repeat it.
var (
	ErrKeyEmpty = errors.New("the key is empty")
	ErrKeyForm  = errors.New("this is not a key")
)

// Token is an API key or session token. The zero value is no token.
type Token = redact.Secret

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
	return redact.NewSecret(text), nil
}
