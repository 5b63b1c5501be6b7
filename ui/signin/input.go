package signin

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"
	"unicode"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/internal/redact"
	"github.com/levcontacts/levcontacts/internal/weburl"
)

// finding is what a look at a text came to. One that is refused is not sent.
type finding struct {
	text    string // "" when there is nothing to say
	refused bool
}

// keyKind is what a key looks like. The published API documentation names both
// kinds: keys that begin with lev_sk_, and JSON web tokens.
type keyKind uint8

const (
	kindOther keyKind = iota
	kindAPIKey
	kindSession
)

const (
	apiKeyPrefix = "lev_sk_"
	// minSecret is how much must follow the prefix of an API key; less is
	// a copy that was cut off.
	minSecret = 8
	// maxKeyBytes must fit in one header line.
	maxKeyBytes = 16 << 10
	maxSlug     = 200
)

// reading is what the text in the key field comes to.
type reading struct {
	key     string   // as it is sent
	removed []string // what stood around it, in words
	kind    keyKind
	finding finding
}

// readKey takes a key out of what people copy along with it.
func readKey(text string, now time.Time) reading {
	r := reading{key: strings.TrimSpace(text)}
	r.unwrap()
	r.kind = kindOf(r.key)
	if why := unsendable(r.key); why != "" {
		r.finding = finding{why, true}
		return r
	}
	r.finding.text = doubt(r.key, r.kind, now)
	return r
}

// unwrap removes quotes, the word Bearer and names before the key.
func (r *reading) unwrap() {
	const quotes = "\"'`“”‘’«»"
	for before := ""; before != r.key; {
		before = r.key
		if s := strings.Trim(r.key, quotes); s != r.key {
			r.drop("quotes", s)
		}
		if s := strings.TrimRight(r.key, ",;"); s != r.key {
			r.drop("punctuation", s)
		}
		for _, p := range []struct{ prefix, what string }{
			{"bearer ", "the word Bearer"}, {"authorization:", "the name before it"},
			{"export ", "the name before it"}, {"lev_api_key=", "the name before it"},
		} {
			if len(r.key) >= len(p.prefix) && strings.EqualFold(r.key[:len(p.prefix)], p.prefix) {
				r.drop(p.what, r.key[len(p.prefix):])
			}
		}
	}
}

func (r *reading) drop(what, rest string) {
	r.key = strings.TrimSpace(rest)
	for _, w := range r.removed {
		if w == what {
			return
		}
	}
	r.removed = append(r.removed, what)
}

func kindOf(key string) keyKind {
	if strings.HasPrefix(key, apiKeyPrefix) {
		return kindAPIKey
	}
	parts := strings.Split(key, ".")
	if len(parts) != 3 {
		return kindOther
	}
	for i, p := range parts {
		b, err := base64.RawURLEncoding.DecodeString(p)
		if err != nil || len(b) == 0 || i == 0 && b[0] != '{' {
			return kindOther
		}
	}
	return kindSession
}

// unsendable says why a text can be no key, "" when it can.
func unsendable(key string) string {
	switch {
	case key == "":
		return "Paste a key first."
	case len(key) > maxKeyBytes:
		return "This is longer than any key. Copy the key alone."
	case strings.ContainsAny(key, "…•") || strings.Contains(key, "...") || strings.Contains(key, "**"):
		return "This is the shortened form in which keys are listed. Copy the whole key."
	case strings.ContainsFunc(key, unicode.IsSpace):
		return "The key has a space in it. Copy the key alone."
	case strings.ContainsFunc(key, func(r rune) bool { return r < 0x21 || r > 0x7e }):
		return "The key has invalid characters. Copy it again."
	}
	return ""
}

// doubt says why a key may be refused, "" when it looks right.
func doubt(key string, kind keyKind, now time.Time) string {
	switch {
	case kind == kindAPIKey && len(key) < len(apiKeyPrefix)+minSecret:
		return "This key looks cut off. Press enter to try it anyway."
	case kind == kindSession:
		if end := expiry(key); !end.IsZero() && end.Before(now) {
			return "This session token expired " + plain.Ago(end, now) + ". Sign in again and copy a new one."
		}
	case kind == kindOther:
		return "This does not look like a key: API keys begin with lev_sk_, session tokens are three parts with dots between. Press enter to try it anyway."
	}
	return ""
}

// expiry is when a JSON web token ends by its own word, zero when it does not
// say so.
func expiry(token string) time.Time {
	body, _ := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1]) // it decodes, or this were no token
	var claims struct {
		Exp float64 `json:"exp"`
	}
	if json.Unmarshal(body, &claims) != nil || claims.Exp <= 0 || claims.Exp > 1<<40 {
		return time.Time{}
	}
	return time.Unix(int64(claims.Exp), 0)
}

// readURL takes the address of the service.
func readURL(text string) (string, finding) {
	text = strings.Trim(strings.TrimSpace(text), "\"'`<>")
	if text == "" {
		return "", finding{"The address is empty.", true}
	}
	u, err := weburl.Parse(text)
	if e, bad := errors.AsType[*weburl.Error](err); bad {
		why := "The address " + e.Message
		if e.Allowed != "" {
			why += "; use " + e.Allowed
		}
		return "", finding{why + ".", true}
	}
	if u.Path == "" {
		return u.String(), finding{text: "The address usually ends in /api/external/v2. Press enter to try it anyway."}
	}
	return u.String(), finding{}
}

// readSlug takes the short name of an account, which goes into a header.
func readSlug(text string) (string, finding) {
	text = strings.TrimSpace(text)
	switch {
	case len(text) > maxSlug:
		return "", finding{"This is too long for the short name of an account.", true}
	case strings.ContainsFunc(text, func(r rune) bool { return r < 0x21 || r > 0x7e }):
		return "", finding{"The short name of an account has no blanks or special characters.", true}
	}
	return text, finding{}
}

// minHidden is how long a text must be to be looked for in what comes from
// outside. Anything shorter is part of ordinary words.
const minHidden = 8

// hide takes a key, and a beginning of it, out of text.
func hide(text, key string) string {
	if len(key) < minHidden {
		return text
	}
	return redact.New(key).Redact(text)
}
