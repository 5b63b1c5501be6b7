package weburl

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	t.Parallel()
	good := map[string]string{
		"https://api.levcapital.com/api/external/v2": "https://api.levcapital.com/api/external/v2",
		"https://api.lev.com/api/external/v2///":     "https://api.lev.com/api/external/v2",
		"HTTPS://API.Lev.COM/Api":                    "https://api.lev.com/Api",
		"https://lev.example":                        "https://lev.example",
		"https://lev.example/":                       "https://lev.example",
		"http://127.0.0.1:8080/api/external/v2":      "http://127.0.0.1:8080/api/external/v2",
		"http://127.9.9.9/":                          "http://127.9.9.9",
		"http://[::1]:9/x":                           "http://[::1]:9/x",
		"http://LocalHost:65535":                     "http://localhost:65535",
		"https://10.0.0.1:8443/api":                  "https://10.0.0.1:8443/api",
	}
	for text, want := range good {
		if got, err := Parse(text); err != nil || got.String() != want {
			t.Errorf("%s: %v %v, want %s", text, got, err, want)
		}
	}
	bad := map[string]string{
		"":                               "not an absolute address",
		"api.lev.com/api":                "not an absolute address",
		"/api":                           "not an absolute address",
		"localhost:8080/api":             "not an absolute address",
		"https:lev.example":              "names no host",
		"https://":                       "names no host",
		"https://:8080":                  "names no host",
		"ftp://lev.example":              "scheme that is not known",
		"file:///etc/passwd":             "not an absolute address",
		"https://lev.example:0":          "port",
		"https://lev.example:":           "port",
		"https://lev.example:65536":      "port",
		"https://lev.example:http":       "not an address",
		"https://me@lev.example":         "user name",
		"https://me:pw@lev.example":      "user name",
		"https://lev.example?":           "query",
		"https://lev.example/?a=b":       "query",
		"https://lev.example/#":          "fragment",
		"https://lev.example/#a":         "fragment",
		"https://lev.example/a b":        "blanks",
		" https://lev.example":           "blanks",
		`https://lev.example\x`:          "not an address",
		"https://lev.example/\x00":       "not an address",
		"http://lev.example":             "in the clear",
		"http://localhost.lev.example":   "in the clear",
		"http://128.0.0.1":               "in the clear",
		"http://0.0.0.0":                 "in the clear",
		"http://[::ffff:127.0.0.1]":      "in the clear",
		"http://[::1%25lo]":              "in the clear",
		"http://127.1":                   "in the clear",
		"http://127.0.0.1.nip.io":        "in the clear",
		"http://127.0.0.1@lev.example/x": "user name",
	}
	for text, want := range bad {
		if got, err := Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v %v, want %q", text, got, err, want)
		}
	}
}

func TestOrigin(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://api.levcapital.com/v2":   "https://api.levcapital.com",
		"HTTPS://API.Lev.com:443/x/y":     "https://api.lev.com",
		"https://api.lev.com:8443":        "https://api.lev.com:8443",
		"https://api.lev.com:80":          "https://api.lev.com:80",
		"http://127.0.0.1:80/v2":          "http://127.0.0.1",
		"http://localhost:443":            "http://localhost:443",
		"http://[::1]:8080/v2":            "http://[::1]:8080",
		"http://[::1]:80":                 "http://[::1]",
		"https://who:secret@api.lev.com/": "https://api.lev.com",
		"":                                "",
		"x":                               "",
		"api.lev.com":                     "",
		"//api.lev.com/x":                 "",
		"https:///x":                      "",
		"https://:443":                    "",
		"lev_sk_abc":                      "",
		"mailto:a@b.c":                    "",
		"https://a b":                     "",
	} {
		if got := Origin(address); got != want {
			t.Errorf("%q has the origin %q, want %q", address, got, want)
		}
	}
}

func TestOrigins(t *testing.T) {
	t.Parallel()
	same := [][2]string{{"https://a.com/x", "https://A.com:443/y"}, {"http://127.0.0.1:80", "http://127.0.0.1/z"}}
	other := [][2]string{{"https://a.com", "http://a.com"}, {"https://a.com", "https://b.com"}, {"https://a.com", "https://a.com:8443"}, {"", ""}, {"x", "x"}}
	for _, p := range same {
		if !SameOrigin(p[0], p[1]) {
			t.Errorf("%s and %s are told apart", p[0], p[1])
		}
	}
	for _, p := range other {
		if SameOrigin(p[0], p[1]) {
			t.Errorf("a key for %q is sent to %q", p[0], p[1])
		}
	}
}
