package config

import (
	"testing"
)

func TestProblemsOfFlagsAndEnvironmentNameThem(t *testing.T) {
	t.Parallel()
	in := testInput(t)
	in.Flags["read-only"] = "perhaps"
	in.Flags["log-file"] = "~/x"
	in.Flags["output"] = "json" // no setting: someone else's flag
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
