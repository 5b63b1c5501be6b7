package signin

import (
	"fmt"
	"io"
)

// Key is an API key or session token as it was typed. No formatting, encoding
// or log shows it; the zero value is no key.
type Key struct {
	// A function, for packages that print or compare by reflection read the
	// text out of a field.
	reveal func() string
}

// NewKey takes the text of a key as it is.
func NewKey(text string) Key {
	if text == "" {
		return Key{}
	}
	return Key{func() string { return text }}
}

// Reveal gives the key itself, "" for none.
func (k Key) Reveal() string {
	if k.reveal == nil {
		return ""
	}
	return k.reveal()
}

// String describes only whether there is a key.
func (k Key) String() string {
	if k.reveal == nil {
		return "(no key)"
	}
	return "(a key)"
}

// GoString is String.
func (k Key) GoString() string { return k.String() }

// Format writes String, whatever the verb.
func (k Key) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, k.String()) }

// MarshalText gives String.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

var _ fmt.Formatter = Key{}
