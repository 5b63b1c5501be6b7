package redact

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// Secret is a text that cannot be printed by accident: every formatting verb,
// encoding and log shows its masked form. The zero value is no secret.
type Secret struct {
	// A function, because packages that print or compare by reflection can read
	// the text out of a field.
	reveal func() string
}

// NewSecret keeps the text as it is; "" gives the zero Secret.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{reveal: func() string { return text }}
}

// Reveal gives the key itself, for the Authorization header and the keyring, "" for none.
func (t Secret) Reveal() string {
	if t.reveal == nil {
		return ""
	}
	return t.reveal()
}

// IsZero reports whether there is no secret.
func (t Secret) IsZero() bool { return t.reveal == nil }

// String gives the masked form: the prefix that says what kind of key it is,
// and the last four characters of a key long enough to keep its secret.
func (t Secret) String() string {
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
func (t Secret) GoString() string { return "redact.Secret(" + t.String() + ")" }

// Format writes the masked form, whatever the verb.
func (t Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, t.String()) }

// MarshalText gives the masked form.
func (t Secret) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// LogValue gives the masked form.
func (t Secret) LogValue() slog.Value { return slog.StringValue(t.String()) }

var (
	_ fmt.Formatter  = Secret{}
	_ fmt.GoStringer = Secret{}
	_ slog.LogValuer = Secret{}
)
