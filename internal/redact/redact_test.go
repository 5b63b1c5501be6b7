package redact

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
)

const testKey = "lev_sk_test_4f9d1c2b7a6e5d40a1b2c3d4"

// X15: a key that was pasted with invisible characters inside is found, too.
func TestRedactSeesThroughInvisibleCharacters(t *testing.T) {
	t.Parallel()
	const secret = "hunter2-hunter2-hunter2"
	r := New(secret)
	for _, between := range []string{"\u200b", "\x1b[31m", "\x00", "\u202e", "\ufeff", "\u00ad"} {
		text := "first\u200bline\nkey " + secret[:5] + between + secret[5:] + " end"
		if got := r.Redact(text); got != "first\u200bline\nkey "+Mark+" end" {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func TestRedact(t *testing.T) {
	t.Parallel()
	const odd = `p<7>/+=&%"q\s'0123456789`
	for _, secret := range []string{testKey, odd, "hunter2", "abc"} {
		r := New(secret)
		inJSON, err := json.Marshal(map[string]string{"k": secret})
		if err != nil {
			t.Fatal(err)
		}
		texts := []string{
			secret,
			"before " + secret + " after",
			secret + secret,
			"Authorization: Bearer " + secret,
			"https://x.example/?key=" + url.QueryEscape(secret) + "&b=c",
			"https://x.example/" + url.PathEscape(secret) + "/x",
			"https://x.example/?key=" + strings.ToLower(url.QueryEscape(secret)),
			string(inJSON),
			fmt.Sprintf("%q", secret),
		}
		if len(secret) >= shortestEncoded {
			for _, around := range []string{"", "a", "ab", "user:"} {
				plain := []byte(around + secret + around)
				texts = append(texts, base64.StdEncoding.EncodeToString(plain), base64.URLEncoding.EncodeToString(plain), base64.RawStdEncoding.EncodeToString(plain))
			}
			texts = append(texts, hex.EncodeToString([]byte(secret)), fmt.Sprintf("%X", secret))
		}
		if len(secret) > shortestPrefix {
			texts = append(texts, "cut "+secret[:shortestPrefix]+"… off", "cut "+secret[:shortestPrefix+3], hex.EncodeToString([]byte(secret[:shortestPrefix])))
		}
		for _, text := range texts {
			got := r.Redact(text)
			if !strings.Contains(got, Mark) {
				t.Errorf("%q is left as it is", text)
			}
			for _, form := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret), hex.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString([]byte(secret))} {
				if strings.Contains(strings.ToLower(got), strings.ToLower(form)) {
					t.Errorf("%q in %q", form, got)
				}
			}
		}
	}
}

// What is left of an encoded secret is what belongs to its neighbours.
func TestRedactLeavesNoRestOfBase64(t *testing.T) {
	t.Parallel()
	r := New(testKey)
	for _, around := range []string{"", "a", "ab", "user:"} {
		text := base64.StdEncoding.EncodeToString([]byte(around + testKey + around))
		rest := strings.ReplaceAll(r.Redact(text), Mark, "")
		if most := 2*base64.StdEncoding.EncodedLen(len(around)) + 4; len(rest) > most {
			t.Errorf("%q leaves %q of %s", around, rest, text)
		}
	}
}

func TestRedactLeavesTheRest(t *testing.T) {
	t.Parallel()
	r := New(testKey, "")
	for text, want := range map[string]string{
		"":                                     "",
		"GET /contacts 200":                    "GET /contacts 200",
		"a " + testKey + " b":                  "a " + Mark + " b",
		"a " + testKey[:12] + "! b":            "a " + Mark + "! b",
		"lev_sk_…wxyz from the keyring":        "lev_sk_…wxyz from the keyring",
		"key lev_sk_someone-elses.key, here":   "key " + Mark + ", here",
		"t=eyJhbGciOiJub25lIn0.e30.c2ln&x=1":   "t=" + Mark + "&x=1",
		"Authorization: Bearer abc.def":        "Authorization: Bearer " + Mark,
		"authorization: bearer%20abc":          "authorization: bearer%20" + Mark,
		`{"h":"Bearer abc","x":1}`:             `{"h":"Bearer ` + Mark + `","x":1}`,
		"proxy http://me:pw@proxy.example:80/": "proxy http://" + Mark + "@proxy.example:80/",
		"mail me@host.example":                 "mail me@host.example",
	} {
		if got := r.Redact(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestRedactorLearnsWhileInUse(t *testing.T) {
	t.Parallel()
	r := New()
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			secret := fmt.Sprintf("secret-number-%d", i)
			r.Add(secret)
			if got := r.Redact("x " + secret); strings.Contains(got, secret) {
				t.Errorf("%s", got)
			}
		})
	}
	group.Wait()
	before := len(r.spellings)
	r.Add("secret-number-1")
	if len(r.spellings) != before {
		t.Error("a secret is held twice")
	}
}
