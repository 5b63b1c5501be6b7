package api

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// echoes are ways in which a server can send the key back.
func echoes(token string) map[string]http.HandlerFunc {
	upper := strings.ToUpper(token)
	long := strings.Repeat(token+" ", maxProblem/len(token)+1)
	return map[string]http.HandlerFunc{
		"message":     says(400, problemJSON(400, "bad_request", "You sent Bearer "+token)),
		"type":        says(400, problemJSON(400, token, "no")),
		"other case":  says(400, problemJSON(400, "x", upper)),
		"request id":  says(400, `{"request_id":"`+token+`","error":{"message":"no"}}`),
		"header id":   says(400, `{"error":{"message":"no"}}`, "X-Request-Id", token),
		"good id":     says(200, `{"request_id":"`+token+`","data":[]}`),
		"details":     says(422, `{"error":{"message":"no","details":{"email":"`+token+`","errors":{"`+token+`":"x"}}}}`),
		"scope":       says(429, `{"error":{"message":"no","limit_type":"`+token+`","retry_after_seconds":100}}`),
		"upgrade url": says(402, `{"error":{"message":"no","upgrade_url":"https://lev.com/?k=`+url.QueryEscape(token)+`"}}`),
		"html":        says(401, "<html>"+token),
		"long html":   says(401, long),
		"long good":   says(200, long),
		"bad JSON":    says(200, `{"`+token),
		"data":        says(200, `{"data":[{"id":"`+token+`"}]}`),
		"type header": says(200, "x", "Content-Type", "text/"+token),
		"encoding":    says(200, "x", "Content-Encoding", token),
		"location":    says(302, "", "Location", "https://"+token+".example/"+token),
		"status line": func(w http.ResponseWriter, _ *http.Request) {
			if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
				_, _ = fmt.Fprintf(conn, "HTTP/1.1 abc %s\r\n\r\n", token)
				_ = conn.Close()
			}
		},
		"header line": func(w http.ResponseWriter, _ *http.Request) {
			if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
				_, _ = fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\n%s\r\n\r\n", token)
				_ = conn.Close()
			}
		},
		"X15 zero width":   says(400, problemJSON(400, "x", "you sent "+token[:9]+"\u200b"+token[9:])),
		"X15 escape":       says(400, problemJSON(400, "x", "you sent "+token[:9]+"\x1b[0m"+token[9:])),
		"X15 base64":       says(400, problemJSON(400, "x", base64.StdEncoding.EncodeToString([]byte("user:"+token)))),
		"X15 base64 URL":   says(400, problemJSON(400, "x", base64.RawURLEncoding.EncodeToString([]byte(token)))),
		"X15 hexadecimal":  says(400, problemJSON(400, "x", hex.EncodeToString([]byte(token)))),
		"X15 id":           says(200, `{"request_id":"`+token[:9]+`\u200b`+token[9:]+`","data":[]}`),
		"X15 id of one":    says(200, `{"request_id":"`+token+`","data":{"id":78}}`),
		"X15 id of base64": says(200, `{"request_id":"`+base64.StdEncoding.EncodeToString([]byte(token))+`","data":{"id":78}}`),
		"both 404":         says(404, problemJSON(404, token, token)),
		"cursor": func(w http.ResponseWriter, r *http.Request) {
			says(200, `{"data":[{"id":1}],"pagination":{"has_more":true,"next_cursor":"`+token+`"}}`)(w, r)
		},
	}
}

func TestTheKeyIsInNoErrorAndNoExchange(t *testing.T) {
	t.Parallel()
	for _, token := range []string{testToken, "eyJhbGciOi.JIUzI1NiJ9+/=.sig_" + strings.Repeat("x", 3000)} {
		for name, handler := range echoes(token) {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				g := &fakeLimiter{}
				r := newRig(t, handler, func(o *Options) { o.Token, o.RateLimiter = func() string { return token }, g })
				page, err := r.List(t.Context(), firstPage(), work.Screen)
				if next, stop := firstPage().After(page, 1); stop == model.More {
					_, err = r.List(t.Context(), next, work.Screen)
				}
				_, id, gerr := r.Get(t.Context(), 78, work.Screen)
				_, receipt, werr := r.Update(t.Context(), 78, titlePatch(), "k")
				for _, said := range []string{everything(t, err), everything(t, werr), everything(t, gerr), id, page.RequestID, fmt.Sprintf("%+v", r.exchanges), fmt.Sprintf("%+v", receipt), fmt.Sprint(g.limited)} {
					for _, form := range []string{token, base64.RawStdEncoding.EncodeToString([]byte(token)), hex.EncodeToString([]byte(token))} {
						if i := strings.Index(strings.ToLower(said), strings.ToLower(form[8:20])); i >= 0 {
							t.Errorf("the key is in %q", said[max(0, i-100):min(len(said), i+100)])
						}
					}
				}
			})
		}
	}
}

// everything is all that an error holds.
func everything(t *testing.T, err error) string {
	t.Helper()
	e, ok := errors.AsType[*model.Error](err)
	if !ok {
		return fmt.Sprint(err)
	}
	b, jerr := json.Marshal(e)
	if jerr != nil {
		t.Fatal(jerr)
	}
	out := string(b) + err.Error()
	for cause := e.Cause; cause != nil; cause = errors.Unwrap(cause) {
		out += fmt.Sprintf(" %v %+v", cause, cause)
	}
	return out
}

func TestMasker(t *testing.T) {
	t.Parallel()
	m := newMasker("s3cret/token")
	for in, want := range map[string]string{
		"a s3cret/token b":                 "a [redacted] b",
		"S3CRET/TOKEN":                     "[redacted]",
		"k=s3cret%2Ftoken&x":               "k=[redacted]&x",
		"old lev_sk_abc-DEF_9, LEV_SK_zz.": "old [redacted], [redacted].",
		"keys begin with lev_sk_":          "keys begin with lev_sk_",
		"http://me:pw@proxy:1/ and ok":     "http://[redacted]@proxy:1/ and ok",
		"https://linkedin.com/in/@me":      "https://linkedin.com/in/@me",
		"é s3cret/token é":                 "é [redacted] é",
		"":                                 "",
	} {
		if got := m.text(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
	equal(t, "short token", newMasker("key").text("the key is wrong"), "the key is wrong")
	equal(t, "no token", newMasker("").text("x"), "x")
}

func TestClip(t *testing.T) {
	t.Parallel()
	equal(t, "short", clip("äöü", 3), "äöü")
	equal(t, "long", clip("äöüß", 3), "äöü…")
	equal(t, "bytes", clip("äöü", 5), "äöü")
}

func TestExchangeIsComplete(t *testing.T) {
	t.Parallel()
	r := newRig(t, answers(status(503), says(200, oneContact(78))))
	if _, _, err := r.Update(t.Context(), 78, titlePatch(), "k"); err != nil {
		t.Fatal(err)
	}
	equalLists(t, "exchanges", r.exchanges, []Exchange{
		{At: start(), Method: "PATCH", Path: "/api/external/v2/contacts/78", Endpoint: EndpointUpdate, Attempt: 1, Status: 503, RequestID: "req-err", Kind: model.KindUnavailable},
		{At: start(), Method: "PATCH", Path: "/api/external/v2/contacts/78", Endpoint: EndpointUpdate, Attempt: 2, Status: 200, RequestID: "req-78"},
	})
}

func TestLongTextsAreShortened(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ä", 5000)
	r := newRig(t, says(422, `{"request_id":"`+long+`","error":{"message":"`+long+`","type":"`+long+`","details":{"email":"`+long+`"}}}`))
	_, _, err := r.Update(t.Context(), 78, titlePatch(), "k")
	e := failed(t, err, model.KindValidation)
	equal(t, "message", len(e.Message), 2*maxText+len("…"))
	equal(t, "field", len(e.Fields["email"]), 2*maxText+len("…"))
	equal(t, "request id", len(e.RequestID), 2*maxWord+len("…"))
}
