package signin

import (
	"encoding/base64"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/internal/redact"
)

func token(payload string) string {
	enc := base64.RawURLEncoding.EncodeToString
	return enc([]byte(`{"alg":"HS256"}`)) + "." + enc([]byte(payload)) + ".c2ln"
}

func TestReadKey(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	const key = goodKey
	tests := []struct {
		name, text, key, left, finding string
		kind                           keyKind
		refused                        bool
	}{
		{"as it is", key, key, "", "", kindAPIKey, false},
		{"blanks around", "  " + key + "\t\n", key, "", "", kindAPIKey, false},
		{"quotes", `"` + key + `"`, key, "quotes", "", kindAPIKey, false},
		{"typographic quotes", "“" + key + "”", key, "quotes", "", kindAPIKey, false},
		{"bearer", "bearer  " + key, key, "the word Bearer", "", kindAPIKey, false},
		{"header", "Authorization: Bearer " + key, key, "the name before it,the word Bearer", "", kindAPIKey, false},
		{"shell", `export LEV_API_KEY="` + key + `";`, key, "punctuation,the name before it,quotes", "", kindAPIKey,
			false},
		{"quoted header", `'Bearer ` + key + `',`, key, "quotes,punctuation,the word Bearer", "", kindAPIKey, false},
		{"cut off", "lev_sk_4f9a", "lev_sk_4f9a", "", "cut off", kindAPIKey, false},
		{"session", token(`{"exp":1800000001}`), token(`{"exp":1800000001}`), "", "", kindSession, false},
		{"expired", token(`{"exp":1799996400}`), token(`{"exp":1799996400}`), "", "expired 1 hour ago", kindSession,
			false},
		{"session without an end", token(`{}`), token(`{}`), "", "", kindSession, false},
		{"session with an odd end", token(`{"exp":"soon"}`), token(`{"exp":"soon"}`), "", "", kindSession, false},
		{"session with a far end", token(`{"exp":1e300}`), token(`{"exp":1e300}`), "", "", kindSession, false},
		{"session of no JSON", token(`x`), token(`x`), "", "", kindSession, false},
		{"bearer session", "Bearer " + token(`{}`), token(`{}`), "the word Bearer", "", kindSession, false},
		{"an address", "www.example.com", "www.example.com", "", "does not look like a key", kindOther, false},
		{"a password", "hunter2hunter2", "hunter2hunter2", "", "does not look like a key", kindOther, false},
		{"nothing", " ", "", "", "Paste a key first", kindOther, true},
		{"only quotes", `""`, "", "quotes", "Paste a key first", kindOther, true},
		{"blank inside", "lev_sk_4f9a 2c81d7e", "lev_sk_4f9a 2c81d7e", "", "space in it", kindAPIKey, true},
		{"shortened", "lev_sk_…6aa1", "lev_sk_…6aa1", "", "shortened form", kindAPIKey, true},
		{"shortened with dots", "lev_sk_4f...6aa1", "lev_sk_4f...6aa1", "", "shortened form", kindAPIKey, true},
		{"asterisks", "lev_sk_********6aa1", "lev_sk_********6aa1", "", "shortened form", kindAPIKey, true},
		{"other letters", "lev_sk_schlüssel", "lev_sk_schlüssel", "", "invalid characters", kindAPIKey, true},
		{"too long", strings.Repeat("a", maxKeyBytes+1), strings.Repeat("a", maxKeyBytes+1), "", "longer than any key",
			kindOther, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := readKey(tt.text, now)
			if r.key != tt.key || strings.Join(r.removed, ",") != tt.left || r.kind != tt.kind ||
				r.finding.refused != tt.refused {
				t.Errorf("read %q without %v as %d, refused %v", r.key, r.removed, r.kind, r.finding.refused)
			}
			if !strings.Contains(r.finding.text, tt.finding) || tt.finding == "" && r.finding.text != "" {
				t.Errorf("finding %q, want %q", r.finding.text, tt.finding)
			}
		})
	}
}

func TestReadURL(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text, want, finding string
		refused             bool
	}{
		{baseURL, baseURL, "", false},
		{" <" + baseURL + "/> ", baseURL, "", false},
		{"https://lev.example:8443/api/external/v2", "https://lev.example:8443/api/external/v2", "", false},
		{"http://localhost:8080/v2", "http://localhost:8080/v2", "", false},
		{"http://127.9.9.9/v2", "http://127.9.9.9/v2", "", false},
		{"http://[::1]:80/v2", "http://[::1]:80/v2", "", false},
		{"https://api.lev.com", "https://api.lev.com", "usually ends in /api/external/v2", false},
		{"https://api.lev.com/", "https://api.lev.com", "usually ends in /api/external/v2", false},
		{"", "", "is empty", true},
		{"https://api lev.com/v2", "", "holds blanks", true},
		{"api.lev.com/api/external/v2", "", "begin it with https://", true},
		{"https:/api.lev.com", "", "names no host", true},
		{"ftp://api.lev.com/v2", "", "use https, or http for this machine", true},
		{"https:///v2", "", "names no host", true},
		{"https://lev.example:/v2", "", "port", true},
		{"https://lev.example:0/v2", "", "port", true},
		{"https://lev.example:99999/v2", "", "port", true},
		{"https://dana:pw@lev.example/v2", "", "user name or password", true},
		{"https://lev.example/v2?key=1", "", "holds a query", true},
		{"https://lev.example/v2#top", "", "holds a fragment", true},
		{`https://lev.example\v2`, "", "not an address", true},
		{"https://%zz/v2", "", "not an address", true},
		{"http://lev.example/v2", "", "would send the key in the clear", true},
		{"http://localhost.lev.example/v2", "", "would send the key in the clear", true},
		{"http://[::ffff:127.0.0.1]/v2", "", "would send the key in the clear", true},
		{"http://127.0.0.1.nip.io/v2", "", "would send the key in the clear", true},
	}
	for _, tt := range tests {
		got, f := readURL(tt.text)
		if got != tt.want || f.refused != tt.refused || !strings.Contains(f.text, tt.finding) || tt.finding == "" &&
			f.text != "" {
			t.Errorf("readURL(%q) = %q, %+v; want %q, %q", tt.text, got, f, tt.want, tt.finding)
		}
	}
}

func TestReadSlug(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{" meridian-partners ": "meridian-partners", "": "", "a b": "!",
		"a\nb": "!", "é": "!", strings.Repeat("a", maxSlug+1): "!"} {
		if got, f := readSlug(text); got != want && (want != "!" || !f.refused || got != "") {
			t.Errorf("readSlug(%q) = %q, %+v", text, got, f)
		}
	}
}

func TestHide(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, key, want string }{
		{"nothing here", goodKey, "nothing here"},
		{"bad key " + goodKey + ", " + goodKey + "!", goodKey, "bad key [redacted], [redacted]!"},
		{"bad key " + goodKey[:15] + "…", goodKey, "bad key [redacted]…"},
		{"prefix " + goodKey[:9], goodKey, "prefix [redacted]"},
		{"the key", "key", "the key"},
		{"12345678", "12345678", "[redacted]"},
		{"", goodKey, ""},
	}
	for _, tt := range tests {
		if got := hide(tt.text, tt.key); got != tt.want {
			t.Errorf("hide(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestKeyIsNotPrinted(t *testing.T) {
	t.Parallel()
	k := redact.NewSecret(goodKey)
	text, err := k.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "key", k, "attempt", Attempt{Key: k})
	for _, s := range []string{k.String(), k.GoString(), string(text), log.String(),
		fmt.Sprintf("%v %+v %#v %s %q %x", k, k, k, k, k, k), fmt.Sprint([]redact.Secret{k}, struct{ k redact.Secret }{k})} {
		if strings.Contains(s, goodKey[:12]) || s == "" {
			t.Errorf("printed %q", s)
		}
	}
	if k.Reveal() != goodKey || (redact.Secret{}).Reveal() != "" || (redact.Secret{}).String() != "(none)" ||
		redact.NewSecret("").String() != "(none)" {
		t.Error("the key is not what it was made of")
	}
}
