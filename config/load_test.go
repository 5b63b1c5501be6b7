package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// sample gives a value of a setting that differs for each level: as TOML, as
// the text of a flag, and as it is resolved.
func sample(s Setting, level int) (inFile, text string, resolved any) {
	text = fmt.Sprintf("value-%d", level)
	switch s.Kind {
	case KindBool:
		on := level%2 == 1
		return fmt.Sprint(on), fmt.Sprint(on), on
	case KindInt:
		return fmt.Sprint(10 + level), fmt.Sprint(10 + level), 10 + level
	case KindEnum:
		text = s.Choices[level%len(s.Choices)]
	case KindURL:
		text = fmt.Sprintf("https://host%d.example/v2", level)
	case KindDuration, KindAge:
		d := time.Duration(2+level) * time.Second
		return `"` + d.String() + `"`, d.String(), d
	case KindPath:
		text = fmt.Sprintf("/files/%d", level)
	case KindCommand:
		list := []string{"program", text}
		return tomlStrings(list), "", list
	case KindColumns:
		list := testColumns()[:1+level]
		return tomlStrings(list), "", list
	case KindRateLimit:
		r := RateLimit{Account: 100 + level, Endpoint: 10 + level}
		return r.String(), "", r
	case KindColors:
		c := Colors{"danger": fmt.Sprintf("%d bold", level)}
		return c.String(), "", c
	}
	return tomlString(text), text, text
}

func TestEverySettingHasItsOrderOfPrecedence(t *testing.T) {
	t.Parallel()
	for _, s := range Settings() {
		if s.field == nil || s.Name == "profile" || s.Name == "config" {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			in := testInput(t)
			env := map[string]string{}
			in.Env = lookup(env)
			file := []string{"", "", "[profiles.acme]", ""}
			write := func() { writeConfig(t, in, `profile = "acme"`+"\n"+strings.Join(file, "\n")) }
			check := func(want any, origin string) {
				t.Helper()
				write()
				got, from := s.field(load(t, in)).get()
				if want != nil && !reflect.DeepEqual(got, want) {
					t.Errorf("%s: %v, want %v", origin, got, want)
				}
				if from.String() != origin {
					t.Errorf("origin %q, want %q", from, origin)
				}
			}
			check(nil, "default")
			if s.atTop() {
				inFile, _, want := sample(s, 0)
				file[0] = s.Name + " = " + inFile
				check(want, "config.toml:2")
			}
			if s.inProfile() {
				inFile, _, want := sample(s, 1)
				file[3] = s.Name + " = " + inFile
				check(want, "config.toml:5 profile acme")
			}
			if s.Env != "" {
				_, text, want := sample(s, 2)
				if s.Kind == KindBool {
					file[3] = s.Name + " = false"
					text, want = "0", true // NO_COLOR counts whatever it says
				}
				env[s.Env] = text
				check(want, "environment "+s.Env)
			}
			if s.Flag != "" {
				_, text, want := sample(s, 4)
				in.Flags[s.Flag] = text
				check(want, "flag --"+s.Flag)
			}
		})
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	in := testInput(t)
	c := load(t, in)
	if c.FileExists || c.ConfigFile.Value != filepath.Join(in.Home, ".config/levcontacts/config.toml") {
		t.Errorf("file %v %v", c.FileExists, c.ConfigFile)
	}
	got := []any{c.Profile.Value, c.BaseURL.Value, c.APIKeyFile.Value, c.ActiveAccount.Value, c.OriginApp.Value, c.RateLimit.Value,
		c.ReadOnly.Value, c.PageSize.Value, c.Cache.Value, c.Index.Value, c.MaxAge.Value, c.Timeout.Value, c.CAFile.Value, c.LogFile.Value,
		c.Theme.Value, c.NoColor.Value, len(c.Columns.Value), len(c.Views), len(c.Keys), len(c.APIKeyCommand.Value)}
	want := []any{"default", "https://api.levcapital.com/api/external/v2", "", "", "", RateLimit{},
		false, 0, true, "auto", 10 * time.Minute, 30 * time.Second, "", "", "auto", false, 0, 0, 0, 0}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if !slices.Equal(c.Profiles, []string{"default"}) {
		t.Errorf("profiles %v", c.Profiles)
	}
}

// Every field of a Config that holds a setting is filled by exactly one row
// of the table, and every default is one that the table itself allows.
func TestTableOfSettingsIsWhole(t *testing.T) {
	t.Parallel()
	seen, names := map[setter]string{}, map[string]bool{}
	c := &Config{}
	for _, s := range Settings() {
		if names[s.Name] || s.Doc == "" {
			t.Errorf("%s: listed twice, or without documentation", s.Name)
		}
		names[s.Name] = true
		if s.Default != "" {
			if v, why := s.fromText(s.Default, roots{}); why != nil {
				t.Errorf("%s: default %q: %v %v", s.Name, s.Default, v, why)
			}
		}
		if s.field == nil {
			continue
		}
		f := s.field(c)
		if other := seen[f]; other != "" {
			t.Errorf("%s and %s share a field", s.Name, other)
		}
		seen[f] = s.Name
	}
	v := reflect.ValueOf(c).Elem()
	for i := range v.NumField() {
		if f, ok := v.Field(i).Addr().Interface().(setter); ok && seen[f] == "" {
			t.Errorf("nothing fills Config.%s", v.Type().Field(i).Name)
		}
	}
}

func TestWhichProfile(t *testing.T) {
	t.Parallel()
	const two = "[profiles.acme]\n[profiles.beta]\n"
	tests := []struct {
		name, file, flag, env string
		fresh                 bool
		want, origin, problem string
	}{
		{name: "no file", want: "default", origin: "default"},
		{name: "flag over environment", file: two, flag: "beta", env: "acme", want: "beta", origin: "flag --profile"},
		{name: "environment over file", file: "profile = \"acme\"\n" + two, env: "beta", want: "beta", origin: "environment LEV_PROFILE"},
		{name: "chosen in the file", file: "profile = \"beta\"\n" + two, want: "beta", origin: "config.toml:1"},
		{name: "the only one", file: "\n[profiles.acme]\n", want: "acme", origin: "config.toml:2"},
		{name: "the one called default", file: two + "[profiles.default]\n", want: "default", origin: "default"},
		{name: "default needs no entry", file: two, flag: "default", want: "default", origin: "flag --profile"},
		{name: "several", file: two, problem: `config.toml:1:11: profile: several profiles and none chosen: write profile = "acme" at the top of the file, or give --profile; allowed: acme, beta, default`},
		{name: "unknown by flag", file: two, flag: "acne", problem: `--profile = "acne": there is no such profile, did you mean acme?; allowed: acme, beta, default`},
		{name: "unknown by environment", env: "x", problem: `LEV_PROFILE = "x": there is no such profile; allowed: default`},
		{name: "unknown in the file", file: "profile = \"gamma\"\n" + two, problem: `config.toml:1:1: profile = "gamma": there is no such profile; allowed: acme, beta, default`},
		{name: "about to be added", file: two, flag: "gamma", fresh: true, want: "gamma", origin: "flag --profile"},
		{name: "not a name", flag: "a/x", problem: `--profile = "a/x": holds a character that cannot be in the name of a folder; allowed: ` + allowedProfileName},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := testInput(t)
			in.NewProfile = tt.fresh
			in.Env = lookup(map[string]string{"LEV_PROFILE": tt.env})
			if tt.flag != "" {
				in.Flags["profile"] = tt.flag
			}
			if tt.file != "" {
				writeConfig(t, in, tt.file)
			}
			if tt.problem != "" {
				if got := loadProblems(t, in); len(got) != 1 || !strings.HasSuffix(got[0].Error(), tt.problem) {
					t.Errorf("got  %v\nwant %s", got, tt.problem)
				}
				return
			}
			c := load(t, in)
			if c.Profile.Value != tt.want || c.Profile.Origin.String() != tt.origin || !slices.Contains(c.Profiles, tt.want) {
				t.Errorf("%s from %s of %v, want %s from %s", c.Profile.Value, c.Profile.Origin, c.Profiles, tt.want, tt.origin)
			}
		})
	}
}

func TestViewsOfProfileComeFirstAndHideThoseOfTheTop(t *testing.T) {
	t.Parallel()
	in := testInput(t)
	writeConfig(t, in, `
[views.hot]
filter = "top"
[views."Boston lenders"]
filter = "type:lender city:Boston"
sort = "-updated_at"
columns = ["name", "email"]
[profiles.default.views.hot]
filter = "own"
`)
	c := load(t, in)
	want := []View{
		{Name: "hot", Filter: "own", Origin: Origin{Kind: OriginProfile, File: c.ConfigFile.Value, Line: 8, Profile: "default"}},
		{Name: "Boston lenders", Filter: "type:lender city:Boston", Sort: "-updated_at", Columns: []string{"name", "email"},
			Origin: Origin{Kind: OriginFile, File: c.ConfigFile.Value, Line: 4}},
	}
	if !reflect.DeepEqual(c.Views, want) {
		t.Errorf("got  %+v\nwant %+v", c.Views, want)
	}
}

func TestPathsInSettings(t *testing.T) {
	t.Parallel()
	in := testInput(t)
	file := writeConfig(t, in, "ca_file = \"certs/ca.pem\"\nlog_file = \"~/lev.log\"\n[profiles.default]\napi_key_file = \"/etc/key\"\n")
	c := load(t, in)
	for got, want := range map[string]string{
		c.CAFile.Value:     filepath.Join(filepath.Dir(file), "certs/ca.pem"),
		c.LogFile.Value:    filepath.Join(in.Home, "lev.log"),
		c.APIKeyFile.Value: "/etc/key",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	in.Flags["log-file"], in.Flags["api-key-file"] = "here.log", "-"
	c = load(t, in)
	if c.LogFile.Value != "here.log" || c.APIKeyFile.Value != "-" {
		t.Errorf("flags: %s %s", c.LogFile.Value, c.APIKeyFile.Value)
	}
}

func TestConfigFlag(t *testing.T) {
	t.Parallel()
	in := testInput(t)
	other := filepath.Join(in.Home, "other.toml")
	in.Flags["config"] = other
	if got := loadProblems(t, in).Error(); got != other+": cannot be read: no such file or directory" {
		t.Errorf("missing file: %s", got)
	}
	if got, err := in.ConfigFile(); err != nil || got != other {
		t.Errorf("%s %v", got, err)
	}
	if err := os.WriteFile(other, []byte(`theme = "light"`), 0o600); err != nil {
		t.Fatal(err)
	}
	c := load(t, in)
	if c.Theme.Value != "light" || c.Theme.Origin.String() != "other.toml:1" || c.ConfigFile.Value != other ||
		c.ConfigFile.Origin.String() != "flag --config" || !c.FileExists {
		t.Errorf("%+v %+v", c.Theme, c.ConfigFile)
	}
	in.Flags["config"] = in.Home
	if got := loadProblems(t, in).Error(); !strings.Contains(got, "cannot be read: is a directory") {
		t.Errorf("folder: %s", got)
	}
	in.Flags["config"] = ""
	if _, err := in.ConfigFile(); err == nil || err.Error() != `--config = "": is empty; allowed: the path of a file` {
		t.Errorf("empty: %v", err)
	}
	if got, err := (Input{Home: "/home/me"}).ConfigFile(); err != nil || got != "/home/me/.config/levcontacts/config.toml" {
		t.Errorf("%s %v", got, err)
	}
	if _, err := (Input{}).ConfigFile(); !errors.Is(err, ErrNoHome) {
		t.Errorf("without home: %v", err)
	}
}

func TestNoHome(t *testing.T) {
	t.Parallel()
	_, err := Load(Input{})
	var problems Problems
	if !errors.As(err, &problems) || problems[0].Message != ErrNoHome.Error() {
		t.Errorf("%v", err)
	}
}

func TestProcessInputLooksAtTheEnvironment(t *testing.T) {
	t.Setenv("HOME", "/home/somebody")
	t.Setenv("LEV_PROFILE", "acme")
	in := ProcessInput()
	if in.Home != "/home/somebody" || in.env("LEV_PROFILE") != "acme" {
		t.Errorf("%q %q", in.Home, in.env("LEV_PROFILE"))
	}
	t.Setenv("HOME", "")
	if in := ProcessInput(); in.Home != "" {
		t.Errorf("home %q", in.Home)
	}
}

func TestRows(t *testing.T) {
	t.Parallel()
	in := testInput(t)
	writeConfig(t, in, `
columns = ["name", "email"]
[keys]
"contact.edit" = ["E"]
[views."a b"]
sort = "-name"
columns = ["name"]
[profiles.default]
rate_limit = {account = 30, endpoint = 10}
timeout = "1m30s"
api_key_command = ["pass", "lev"]
`)
	in.Flags["base-url"] = "http://127.0.0.1:8080/api/external/v2/"
	c := load(t, in)
	token, err := NewToken("lev_sk_0123456789abcdefghij")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]Row{}
	for _, r := range c.Rows(Credential{Token: token, Source: SourceCommand, Detail: "pass lev"}) {
		rows[r.Name] = r
		if strings.Contains(r.Value, "0123456789") {
			t.Errorf("the key is shown: %v", r)
		}
	}
	for name, want := range map[string]Row{
		"base_url":            {Value: "http://127.0.0.1:8080/api/external/v2", Origin: "flag --base-url"},
		"api_key":             {Value: "lev_sk_…ghij", Origin: "api_key_command (pass lev)"},
		"api_key_command":     {Value: `["pass", "lev"]`, Origin: "config.toml:11 profile default"},
		"columns":             {Value: `["name", "email"]`, Origin: "config.toml:2"},
		`keys."contact.edit"`: {Value: `["E"]`, Origin: "config.toml:4"},
		`views."a b"`:         {Value: `{filter = "", sort = "-name", columns = ["name"]}`, Origin: "config.toml:5"},
		"rate_limit":          {Value: "{account = 30, endpoint = 10}", Origin: "config.toml:9 profile default"},
		"timeout":             {Value: "1m30s", Origin: "config.toml:10 profile default"},
		"theme":               {Value: "auto", Origin: "default"},
		"ca_file":             {Origin: "default"},
		"cache":               {Value: "true", Origin: "default"},
	} {
		want.Name = name
		if rows[name] != want {
			t.Errorf("got  %+v\nwant %+v", rows[name], want)
		}
	}
	for origin, credential := range map[string]Credential{
		"environment LEV_API_KEY":    {Token: token, Source: SourceEnv},
		"flag --api-key-file (/k)":   {Token: token, Source: SourceFlagFile, Detail: "/k"},
		"standard input":             {Token: token, Source: SourceStdin},
		"system keyring (user acme)": {Token: token, Source: SourceKeyring, Detail: "user acme"},
	} {
		if got := c.Rows(credential); !slices.Contains(got, Row{Name: "api_key", Value: "lev_sk_…ghij", Origin: origin}) {
			t.Errorf("%s: %v", origin, got)
		}
	}
	if got := c.Rows(Credential{}); !slices.Contains(got, Row{Name: "api_key", Origin: "no source has one"}) {
		t.Errorf("without a key: %v", got)
	}
}
