package config

import (
	"strings"
	"testing"
)

func TestBaseURL(t *testing.T) {
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
		if got, why := parseBaseURL(text); why != nil || got != want {
			t.Errorf("%s: %v %v, want %s", text, got, why, want)
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
		if got, why := parseBaseURL(text); why == nil || !strings.Contains(why.message, want) || why.allowed == "" {
			t.Errorf("%s: %v %v, want %q", text, got, why, want)
		}
	}
}

func TestProblemsOfFlagsAndEnvironmentNameThem(t *testing.T) {
	t.Parallel()
	in := testInput(t)
	in.Flags["read-only"] = "perhaps"
	in.Flags["log-file"] = "~/x"
	in.Flags["output"] = "json" // no setting: somebody else's flag
	in.Env = lookup(map[string]string{"LEV_BASE_URL": "http://lev.example/api", "XDG_CONFIG_HOME": "/nonexistent", "XDG_STATE_HOME": "/s", "XDG_CACHE_HOME": "/c"})
	in.Home = ""
	got := loadProblems(t, in).Error()
	want := `the configuration has 3 problems:
LEV_BASE_URL = "http://lev.example/api": would send the key in the clear; allowed: https, or http for localhost, 127.0.0.0/8 and ::1
--read-only = "perhaps": is neither true nor false; allowed: true or false
--log-file = "~/x": begins at the home folder, and HOME is not set; allowed: the path of a file`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestValueHiddenByAStrongerOneIsNotJudged(t *testing.T) {
	t.Parallel()
	in := testInput(t)
	in.Flags["base-url"] = "https://lev.example"
	in.Env = lookup(map[string]string{"LEV_BASE_URL": "rubbish", "LEV_ACTIVE_ACCOUNT": ""})
	if c := load(t, in); c.BaseURL.Value != "https://lev.example" || c.ActiveAccount.Value != "" {
		t.Errorf("%+v", c.BaseURL)
	}
}

func TestRateLimitText(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]RateLimit{
		"": {}, "{account = 30}": {Account: 30}, "{endpoint = 10}": {Endpoint: 10}, "{account = 30, endpoint = 10}": {Account: 30, Endpoint: 10},
	} {
		if r.String() != want {
			t.Errorf("%q, want %q", r, want)
		}
	}
}
