package config

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// checkText checks a file's text and gives its problems, one line each,
// without the file's name.
func checkText(text string) []string {
	_, problems := inspect("", []byte(text), Input{Actions: testActions(), Columns: testColumns(), Home: "/home/me"})
	var lines []string
	for _, p := range problems.sorted() {
		lines = append(lines, fmt.Sprintf("%d:%d %s", p.Line, p.Column, p.Error()))
	}
	return lines
}

const tenMistakes = `# Ten mistakes.
profile = "nobody"
theme = "drak"
page_size = 500
colums = ["name"]
cache = "yes"
columns = [
  "name",
  "emial", # twice an e-mail
]
timeout = 30

[keys]
"contact.edit" = ["gg"]
contact.delete = ["D"]

[profiles.acme]
base_url = "http://lev.example/api"
`

func TestTenMistakesAreTenProblemsWithTheirLines(t *testing.T) {
	t.Parallel()
	in := testInput(t)
	file := writeConfig(t, in, tenMistakes)
	got := loadProblems(t, in)
	want := []string{
		`2:1: profile = "nobody": there is no such profile; allowed: acme, default`,
		`3:9: theme = "drak": is not known, did you mean dark?; allowed: auto, dark, light, high-contrast, red-green-safe, blue-yellow-safe, ansi16, ascii`,
		`4:13: page_size = 500: is out of range; allowed: 0 (automatic) or 1 to 200`,
		`5:1: colums = ["name"]: no setting has this name, did you mean columns?; allowed: profile, read_only, page_size, cache, index, refresh_every, max_age, timeout, ca_file, log_file, theme, colors, no_color, plain, spinner, columns, views, keys, commands, profiles`,
		`6:9: cache = "yes": must be true or false without quotes, not text; allowed: true or false`,
		`9:3: columns = "emial": no column has this name, did you mean email?; allowed: name, contact_type, title, email, city, state, updated_at`,
		`11:11: timeout = 30: must be text in quotes, not a whole number; allowed: "1s" to "10m"`,
		`14:19: keys.contact.edit = "gg": is not a key; allowed: ` + allowedKeys,
		`15:9: keys.contact.delete: no action has this name`,
		`18:12: profiles.acme.base_url = "http://lev.example/api": would send the key in the clear; allowed: https, or http for localhost, 127.0.0.0/8 and ::1`,
	}
	if len(got) != 10 {
		t.Errorf("%d problems", len(got))
	}
	lines := strings.Split(got.Error(), "\n")
	if lines[0] != "the configuration has 10 problems:" {
		t.Errorf("first line %q", lines[0])
	}
	for i, line := range lines[1:] {
		if line != file+":"+want[i] {
			t.Errorf("got  %s\nwant %s", line, want[i])
		}
	}
	for _, p := range got {
		if p.File != file || p.Line == 0 || p.Column == 0 || p.Key == "" || p.Message == "" {
			t.Errorf("incomplete: %+v", p)
		}
	}
}

// fileCase is a file's text and how its problems begin.
type fileCase struct {
	name, text string
	want       []string
}

func formCases() []fileCase {
	return []fileCase{
		{"nothing", "", nil},
		{"byte order mark", "\xef\xbb\xbftheme = \"dark\"\n", nil},
		{"syntax", "theme = \n\ncache = 1\n", []string{
			"1:9 not valid TOML: unexpected character U+000A at start of value",
			"3:9 cache = 1: must be true or false without quotes, not a whole number; allowed: true or false"}},
		{"curly quotes", "theme = “dark”\n", []string{"1:9 not valid TOML: unexpected character U+00E2 'â' at start of value; use straight quotes, not curly ones"}},
		{"profiles in the singular", "[profile.default]\ntheme = \"dark\"\n", []string{"1:2 profile: must be text in quotes, not a table; did you mean [profiles.NAME]?"}},
		{"array without end", "columns = [\"name\",\ncache = 1\nindex = 2\n", []string{
			"2:1 not valid TOML: unexpected character U+0063 'c' at start of value, in what begins on line 1",
			"3:9 index = 2: must be text in quotes, not a whole number; allowed: auto, off"}},
		{"broken header hides what is below it", "[profiles.a b]\nthing = 1\n[profiles.c]\nthing = 1\n", []string{
			"1:13 not valid TOML: expected ']' to close table name",
			"4:1 profiles.c.thing = 1: no setting has this name; allowed: "}},
		{"set twice", "cache = true\n# again\ncache = false\n", []string{"3:1 cache: is already set on line 1"}},
		{"table twice", "[profiles.a]\n[keys]\n[profiles.a]\n", []string{"3:11 profiles.a: is already set on line 1"}},
		{"value as a table", "profiles.a = 1\n[profiles.a.views.x]\n", []string{
			"1:14 profiles.a = 1: must be a table of settings, not a whole number; allowed: [profiles.NAME] with settings below it",
			"2:11 profiles.a: is already set on line 1"}},
		{"what only the decoder knows", "[profiles]\na.theme = \"dark\"\n[profiles.a]\n", []string{"3:"}},
		{"impossible date", "theme = 2024-13-40\n", []string{"1:"}},
		{"date", "theme = 2024-12-01\n", []string{"1:9 theme = 2024-12-01: must be text in quotes, not a date or time"}},
		{"too large a number", "page_size = 99999999999999999999\n", []string{"1:"}},
		{"decimal", "page_size = 1.5\n", []string{"1:13 page_size = 1.5: must be a whole number without quotes, not a decimal number"}},
	}
}

func valueCases() []fileCase {
	return []fileCase{
		{"array of tables", "[[profiles]]\n[[keys]]\n[[views]]\n[[theme]]\n", []string{
			"1:3 profiles: must be a table of profiles, not an array of tables",
			"2:3 keys: must be a table of actions and their keys, not an array of tables",
			"3:3 views: must be a table of views, not an array of tables",
			"4:3 theme: must be text in quotes, not an array of tables"}},
		{"wrong place", "base_url = \"https://a.example\"\nconfig = \"x\"\n[profiles.a]\nkeys = {}\nprofile = \"b\"\n", []string{
			"1:1 base_url: belongs in a profile, below [profiles.NAME]",
			"2:1 config: is not a setting of this file; allowed: --config on the command line",
			"4:1 profiles.a.keys: belongs at the top level of the file, above the first [table]",
			"5:1 profiles.a.profile: belongs at the top level"}},
		{"names of profiles", "[profiles.\"a/b\"]\n[profiles.Acme]\n[profiles.acme]\n[profiles.con]\n[profiles.\".x\"]\n", []string{
			`1:11 profiles."a/b": the name of a profile holds a character that cannot be in the name of a folder`,
			"3:11 profiles.acme: differs from profile Acme only in upper and lower case",
			"4:11 profiles.con: the name of a profile is the name of a device on Windows",
			`5:11 profiles.".x": the name of a profile must begin and end with a letter or digit`}},
		{"command", "[profiles.a]\napi_key_command = []\n[profiles.b]\napi_key_command = \"pass lev\"\n[profiles.c]\napi_key_command = [\" \", 1]\n", []string{
			"2:19 profiles.a.api_key_command = []: names no program",
			`4:19 profiles.b.api_key_command = "pass lev": must be an array of a program and its arguments, not text`,
			`6:20 profiles.c.api_key_command = " ": is not the name of a program or an argument`,
			"6:25 profiles.c.api_key_command = 1: must be text in quotes, not a whole number"}},
		{"limits", "[profiles.a]\nrate_limit = {account = 0, endpont = 3, endpoint = \"many\"}\n[profiles.b]\nrate_limit = 5\n[profiles.c.rate_limit]\naccount = 30\n", []string{
			"2:25 profiles.a.rate_limit.account = 0: is out of range",
			"2:28 profiles.a.rate_limit.endpont = 3: no limit has this name, did you mean endpoint?",
			`2:52 profiles.a.rate_limit.endpoint = "many": must be a whole number without quotes, not text`,
			"4:14 profiles.b.rate_limit = 5: must be a table of limits, not a whole number"}},
		{"columns", "columns = \"name\"\n[profiles.a]\ncolumns = [\"name\", 3, \"name\", \"\"]\n", []string{
			`1:11 columns = "name": must be an array of column names, not text`,
			"3:20 profiles.a.columns = 3: must be the name of a column, not a whole number",
			`3:23 profiles.a.columns = "name": the column is listed twice`,
			`3:31 profiles.a.columns = "": no column has this name`}},
		{"colors", "colors = 3\n[profiles.a.colors]\ndangr = \"red\"\nmatch = 3\nrule = \"purple\"\ntext = \"red on black\"\n", []string{
			"1:10 colors = 3: must be a table of looks",
			"3:1 profiles.a.colors.dangr = \"red\": nothing that is drawn has this name, did you mean danger?",
			"4:9 profiles.a.colors.match = 3: must be text in quotes",
			`5:8 profiles.a.colors.rule = "purple": "purple" is no color and no emphasis`}},
		{"views", "views.plain = 3\nviews.\" \" = {}\n[views.v]\nfiltr = \"x\"\nfilter = 1\nsort = \"-nam\"\ncolumns = 2\n[profiles.a.views.w]\nsort = \"-name\"\nfilter = \"a\\u0000\"\n", []string{
			"1:15 views.plain = 3: must be a table, not a whole number",
			`2:7 views." ": is not a name for a view`,
			`4:1 views.v.filtr = "x": a view has no such part, did you mean filter?; allowed: filter, sort, columns`,
			"5:10 views.v.filter = 1: must be text in quotes, not a whole number",
			`6:8 views.v.sort = "-nam": no column has this name, did you mean name?; allowed: a column, with - before it for descending: name, `,
			"7:11 views.v.columns = 2: must be an array of column names",
			`10:10 profiles.a.views.w.filter = "a\x00": is too long or holds control characters`}},
		{"paths", "log_file = \"-\"\nca_file = \"\"\n[profiles.a]\nca_file = \"a\\u0000\"\n", []string{
			`1:12 log_file = "-": standard input can be asked for with --api-key-file only`,
			`2:11 ca_file = "": is empty`,
			`4:11 profiles.a.ca_file = "a\x00": holds a zero byte`}},
		{"header values", "[profiles.a]\norigin_app = \"a\\nb\"\nactive_account = \" a\"\n[profiles.b]\norigin_app = \"" + strings.Repeat("x", 201) + "\"\n", []string{
			`2:14 profiles.a.origin_app = "a\nb": holds characters that cannot be sent in a header`,
			`3:18 profiles.a.active_account = " a": is empty or has blanks around it`,
			`5:14 profiles.b.origin_app = "` + strings.Repeat("x", 60) + `…": is longer than 200 characters`}},
		{"times", "timeout = \"soon\"\n[profiles.a]\ntimeout = \"1h\"\n", []string{
			`1:11 timeout = "soon": is not a time with its unit; allowed: "1s" to "10m"`,
			`3:11 profiles.a.timeout = "1h": is out of range`}},
	}
}

func TestProblemsOfFile(t *testing.T) {
	t.Parallel()
	for _, tt := range append(formCases(), valueCases()...) {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := checkText(tt.text)
			if len(got) != len(tt.want) {
				t.Fatalf("got %d problems:\n%s", len(got), strings.Join(got, "\n"))
			}
			for i := range got {
				if !strings.HasPrefix(got[i], tt.want[i]) {
					t.Errorf("got  %s\nwant %s", got[i], tt.want[i])
				}
			}
		})
	}
}

func TestFileThatIsNotTOMLAtAllIsNotReadToItsEnd(t *testing.T) {
	t.Parallel()
	got := checkText(strings.Repeat("\x00\x01 rubbish\n", 5000))
	if len(got) != maxSyntaxProblems {
		t.Errorf("%d problems", len(got))
	}
	got = checkText(strings.Repeat("# long\n", maxFile/7+1))
	if len(got) != 1 || !strings.Contains(got[0], "the file is larger than 256 KiB") {
		t.Errorf("large file: %v", got)
	}
	if got := checkText("theme = " + strings.Repeat("[", 100_000)); len(got) == 0 {
		t.Error("deep nesting passed")
	}
	if got := checkText("theme" + strings.Repeat(".a", 100_000) + " = 1"); len(got) != 1 {
		t.Errorf("deep key: %d problems", len(got))
	}
}

func TestSecretsInTheWrongPlaceAreNotRepeated(t *testing.T) {
	t.Parallel()
	const secret = "lev_sk_SuperSecretValue42"
	jwt := "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLXBhcnQ"
	for _, text := range []string{
		"api_key = \"" + secret + "\"",
		"[profiles.a]\napi_key = \"hunter2-hunter2\"",
		"[profiles.a]\ntoken = \"hunter2-hunter2\"",
		"theme = \"" + secret + "\"",
		"theme = \"" + jwt + "\"",
		secret + " = 1",
		secret,
		"[profiles." + secret + "]\nx = 1",
		"[profiles.a]\nbase_url = \"https://me:hunter2-hunter2@lev.example\"",
		"[profiles.a]\napi_key_command = [\"echo\", \"" + secret + "\", 3]",
		"thing = { token = \"" + secret + "\" }",
		"keys.\"" + secret + "\" = \"x\"",
		"views.\"" + secret + "\" = 3",
		secret + " = 1\n" + secret + " = 1",
		"[" + secret + "]\na.b = 1\n[" + secret + ".a]",
	} {
		got := strings.Join(checkText(text), "\n")
		if got == "" {
			t.Errorf("no problem: %s", text)
		}
		for _, part := range []string{"SuperSecret", "hunter2-", "eyJzdWIi", "c2lnbmF0"} {
			if strings.Contains(got, part) {
				t.Errorf("%s is repeated: %s", part, got)
			}
		}
	}
}

func TestSecretsInFlagsAndEnvironmentAreNotRepeated(t *testing.T) {
	t.Parallel()
	in := testInput(t)
	in.Flags["base-url"] = "https://me:hunter2@lev.example/?q"
	in.Flags["profile"] = "lev_sk_SuperSecretValue42"
	in.Env = lookup(map[string]string{"LEV_ACTIVE_ACCOUNT": "lev_sk_SuperSecretValue42 "})
	got := loadProblems(t, in)
	want := []string{
		`--profile = "[redacted]": there is no such profile; allowed: default`,
		`--base-url = "https://[redacted]@lev.example/?q": holds a user name or password; allowed: an address such as ` + DefaultBaseURL,
		`LEV_ACTIVE_ACCOUNT = "[redacted] ": is empty or has blanks around it; allowed: printable ASCII text`,
	}
	for _, p := range got {
		if !slices.Contains(want, p.Error()) {
			t.Errorf("got %s", p.Error())
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d problems", len(got))
	}
}

func TestHostileTextIsMadeHarmless(t *testing.T) {
	t.Parallel()
	got := strings.Join(checkText("theme = 'a\u202eb'\n\"k\\u001b[31m\" = [1,\n\t2]\n"), "\n")
	for _, r := range got {
		if r < 0x20 && r != '\n' || r == 0x202e {
			t.Errorf("%q in %q", r, got)
		}
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{
		"base-url": "base_url", "BASE_URL": "base_url", "baseurl": "base_url", "pagesize": "page_size", "tehme": "theme", "zzz": "", "": "",
	} {
		if got := nearest(word, []string{"theme", "base_url", "page_size"}); got != want {
			t.Errorf("%s: %q, want %q", word, got, want)
		}
	}
}
