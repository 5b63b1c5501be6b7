package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const commented = `# My configuration.  	trailing blanks stay  
theme   =   "dark"	# at night
# before the keys
[keys] # mine
	"contact.edit" = [
		"E", # capital
	]

# work
[profiles.acme] # the account
base_url = "https://lev.example/api" # staging
  # indented comment
  [profiles.acme.views.hot] # people to call
  filter = 'type:lender' # literal string
  # end of acme
# end of file`

// changes applies an edit to a file and gives what it changed: lines that
// went (-) and came (+).
func changes(t *testing.T, text string, edit func(path string) error) []string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := edit(path); err != nil {
		t.Fatal(err)
	}
	after := read(t, path)
	if got := checkText(after); len(got) > 0 {
		t.Errorf("the result has problems: %v\n%s", got, after)
	}
	a, b := strings.SplitAfter(text, "\n"), strings.SplitAfter(after, "\n")
	var diff []string
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(a) > 0 && len(b) > 0 && a[0] == b[0]:
			a, b = a[1:], b[1:]
		case len(a) > 0 && !slices.Contains(b, a[0]):
			diff, a = append(diff, "-"+a[0]), a[1:]
		case len(b) > 0:
			diff, b = append(diff, "+"+b[0]), b[1:]
		default:
			diff, a = append(diff, "-"+a[0]), a[1:]
		}
	}
	return diff
}

func TestEditsChangeNothingElse(t *testing.T) {
	t.Parallel()
	view := func(profile string, v View) func(string) error {
		return func(path string) error { return SaveView(path, profile, v) }
	}
	profile := func(name string, values map[string]string) func(string) error {
		return func(path string) error { return AddProfile(path, name, values) }
	}
	extended := func(name string, values map[string]string) func(string) error {
		return func(path string) error { return ExtendProfile(path, name, values, func() error { return nil }) }
	}
	preferred := func(path string) error { return SetDefaultProfile(path, "acme") }
	tests := []struct {
		name, text string
		edit       func(string) error
		want       []string
	}{
		{"profile", commented, profile("beta", map[string]string{"base_url": "https://B.example/", "read_only": "true", "page_size": "50", "ca_file": "~/ca.pem", "timeout": "1m"}),
			[]string{"-# end of file", "+# end of file\n", "+\n", "+[profiles.beta]\n", `+base_url = "https://b.example"` + "\n", "+read_only = true\n", "+page_size = 50\n", `+timeout = "1m0s"` + "\n", `+ca_file = "~/ca.pem"` + "\n"}},
		{"profile without values", "# x\n", profile("beta", nil), []string{"+\n", "+[profiles.beta]\n"}},
		{"profile in an empty file", "", profile("a.b", nil), []string{`+[profiles."a.b"]` + "\n"}},
		{"profile in a file with CRLF", "theme = \"dark\"\r\n", profile("beta", map[string]string{"theme": "light"}), []string{"+\r\n", "+[profiles.beta]\r\n", "+theme = \"light\"\r\n"}},
		{"extended profile", "[profiles.acme] # mine\ntheme = \"dark\"\n\n[keys]\n", extended("acme", map[string]string{"base_url": "https://b.example", "theme": "dark"}),
			[]string{`+base_url = "https://b.example"` + "\n"}},
		{"extended profile that is not there", "[profiles.acme]\n", extended("beta", map[string]string{"active_account": "b"}),
			[]string{"+\n", "+[profiles.beta]\n", `+active_account = "b"` + "\n"}},
		{"new view", commented, view("acme", View{Name: "a b", Filter: `say "hi"`, Columns: []string{"name"}}),
			[]string{"-# end of file", "+# end of file\n", "+\n", `+[profiles.acme.views."a b"]` + "\n", `+filter = "say \"hi\""` + "\n", `+columns = ["name"]` + "\n"}},
		{"new view of all profiles", "theme = \"dark\"\n", view("", View{Name: "v", Sort: "-name"}), []string{"+\n", "+[views.v]\n", "+sort = \"-name\"\n"}},
		{"empty view", "", view("acme", View{Name: "all"}), []string{"+[profiles.acme.views.all]\n"}},
		{"changed view", commented, view("acme", View{Name: "hot", Filter: "x", Sort: "name"}),
			[]string{"-  filter = 'type:lender' # literal string\n", "+  filter = \"x\" # literal string\n", "+  sort = \"name\"\n"}},
		{"emptied view", "[views.v]\nfilter = \"x\" # why\ncolumns = [\n  \"name\",\n] # end\n", view("", View{Name: "v"}),
			[]string{"-filter = \"x\" # why\n", "-columns = [\n", "-  \"name\",\n", "-] # end\n", "+filter = \"\" # why\n", "+columns = [] # end\n"}},
		{"what is the same keeps its form", "[views.v]\nfilter = 'x'\ncolumns = [ # mine\n  'name',\n]\n", view("", View{Name: "v", Filter: "x", Sort: "name", Columns: []string{"name"}}),
			[]string{"+sort = \"name\"\n"}},
		{"view with dotted keys", "[profiles.acme]\nviews.hot.filter = \"x\" # why\ntheme = \"dark\"\n", view("acme", View{Name: "hot", Filter: "x", Sort: "name"}),
			[]string{"+views.hot.sort = \"name\"\n"}},
		{"view with a header and nothing else", "[views.v] # hi\n[keys]\n", view("", View{Name: "v", Sort: "name"}), []string{"+sort = \"name\"\n"}},
		{"view as an inline table", "views.v = { filter = \"a\", sort = \"-name\" } # hi\n", view("", View{Name: "v", Filter: "b", Sort: "name"}),
			[]string{"-views.v = { filter = \"a\", sort = \"-name\" } # hi\n", "+views.v = { filter = \"b\", sort = \"name\" } # hi\n"}},
		{"default profile, new", commented, preferred, []string{"+profile = \"acme\"\n"}},
		{"default profile, changed", "\n  profile = 'x' # the old one\n[profiles.acme]\n[profiles.x]\n", preferred, []string{"-  profile = 'x' # the old one\n", "+  profile = \"acme\" # the old one\n"}},
		{"default profile, file of tables", "# top\n[profiles.acme]\n", preferred, []string{"+profile = \"acme\"\n", "+\n"}},
		{"default profile, last line without an end", "theme = \"dark\"", preferred, []string{"-theme = \"dark\"", "+theme = \"dark\"\n", "+profile = \"acme\"\n", "+"}},
		{"default profile, byte order mark", "\xef\xbb\xbf[profiles.acme]\n", preferred, []string{"-\xef\xbb\xbf[profiles.acme]\n", "+\xef\xbb\xbfprofile = \"acme\"\n", "+\n", "+[profiles.acme]\n"}},
		{"nothing to change", "profile = \"acme\"\n[profiles.acme]\n", preferred, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, want := strings.Join(changes(t, tt.text, tt.edit), ""), strings.Join(tt.want, "")
			if strings.TrimRight(got, "+") != strings.TrimRight(want, "+") {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestEditsThatCannotBeMadeLeaveTheFileAlone(t *testing.T) {
	t.Parallel()
	view := func(path string) error { return SaveView(path, "acme", View{Name: "hot", Filter: "x"}) }
	profile := func(path string) error { return AddProfile(path, "Acme", nil) }
	tests := []struct {
		name, text string
		edit       func(string) error
		is         error
		says       string
	}{
		{"profile is there", commented, profile, ErrProfileExists, "there is a profile of this name already: acme"},
		{"profile says something else", "[profiles.acme]\nbase_url = 'https://a.example'\n", func(path string) error {
			return ExtendProfile(path, "acme", map[string]string{"base_url": "https://b.example"}, func() error { return io.EOF })
		}, ErrProfileExists, "acme, with base_url = 'https://a.example'"},
		{"profile is refused at last", "[profiles.acme]\n", func(path string) error {
			return ExtendProfile(path, "acme", map[string]string{"base_url": "https://b.example"}, func() error { return io.EOF })
		}, io.EOF, "EOF"},
		{"profiles in one value", "profiles = {}\n", profile, ErrNotEditable, "add this by hand:\n[profiles.Acme]\n"},
		{"profiles of another kind", "profiles = 3\n", profile, ErrNotEditable, "add this by hand"},
		{"view in one value", "[profiles.acme]\nviews = {hot = {sort = \"name\"}}\n", view, ErrNotEditable, "[profiles.acme.views.hot]\nfilter = \"x\"\n"},
		{"comments in a value", "[profiles.acme.views.hot]\nfilter = \"x\"\ncolumns = [ # mine\n]\n",
			func(path string) error {
				return SaveView(path, "acme", View{Name: "hot", Columns: []string{"name"}})
			}, ErrNotEditable, "add this by hand"},
		{"broken file", "theme = \n", view, nil, "config.toml:1:9: not valid TOML"},
		{"bad name of a view", "", func(path string) error { return SaveView(path, "", View{Name: " x"}) }, nil, `views = " x": is not a name for a view`},
		{"bad name of a profile", "", func(path string) error { return SetDefaultProfile(path, "a/b") }, nil, `profile = "a/b": holds a character`},
		{"bad values", "", func(path string) error {
			return AddProfile(path, "a b", map[string]string{"base_url": "https://me:hunter2@x.example", "ca_file": "ca.pem", "api_key_file": "-", "theme": "x", "columns": "name", "nonsense": "1"})
		}, nil, `the configuration has 7 problems:
profile = "a b": holds a character that cannot be in the name of a folder; allowed: ` + allowedProfileName + `
base_url = "https://[redacted]@x.example": holds a user name or password; allowed: an address such as ` + DefaultBaseURL + `
api_key_file = "-": standard input can be asked for with --api-key-file only; allowed: the path of a file
ca_file = "ca.pem": is relative; allowed: an absolute path, or one that begins with ~/
theme = "x": is not known; allowed: auto, dark, light, high-contrast, ansi16, ascii
columns = "name": can be set in the configuration file only; allowed: an array of column names
profile = "a b": values are given that a profile does not have`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "config.toml")
			if err := os.WriteFile(path, []byte(tt.text), 0o600); err != nil {
				t.Fatal(err)
			}
			err := tt.edit(path)
			if err == nil || !strings.Contains(err.Error(), tt.says) || tt.is != nil && !errors.Is(err, tt.is) {
				t.Errorf("got  %v\nwant %s", err, tt.says)
			}
			if got := read(t, path); got != tt.text {
				t.Errorf("the file was changed: %q", got)
			}
		})
	}
}

func TestWrittenFilesArePrivateAndWholeOrNotThere(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	path := filepath.Join(home, folder, "config.toml")
	if err := AddProfile(path, "acme", map[string]string{"theme": "light"}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700} {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v %v", name, info.Mode(), err)
		}
	}
	link := filepath.Join(home, "link.toml")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	if err := SetDefaultProfile(link, "acme"); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link became a file: %v %v", info, err)
	}
	if got := read(t, path); got != "profile = \"acme\"\n\n[profiles.acme]\ntheme = \"light\"\n" {
		t.Errorf("%q", got)
	}
	blocked := filepath.Join(home, "blocked")
	if err := os.Mkdir(blocked, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := writeFile(blocked, []byte("x")); err == nil || !strings.Contains(err.Error(), blocked) {
		t.Errorf("a folder was replaced: %v", err)
	}
	left, err := os.ReadDir(home)
	if err != nil || len(left) != 3 {
		t.Errorf("left behind: %v %v", left, err)
	}
	if err := writeFile(filepath.Join(home, "no", "folder"), nil); err == nil {
		t.Error("written into a folder that is not there")
	}
	if err := AddProfile(filepath.Join(path, "below", "config.toml"), "x", nil); err == nil {
		t.Error("written below a file")
	}
}

func TestInit(t *testing.T) {
	t.Parallel()
	in := testInput(t)
	path := filepath.Join(in.Home, folder, "config.toml")
	if err := Init(path, in); err != nil {
		t.Fatal(err)
	}
	if got := read(t, path); got != Example(in) {
		t.Errorf("%s", got)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	if err := os.WriteFile(path, []byte("# mine\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Init(path, in); !errors.Is(err, ErrFileExists) || read(t, path) != "# mine\n" {
		t.Errorf("%v", err)
	}
	if err := Init(filepath.Join(path, "x"), in); err == nil {
		t.Error("created below a file")
	}
}

func TestManyEditsInARow(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(commented), 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		if err := SaveView(path, "acme", View{Name: fmt.Sprintf("view %d", i%5), Filter: fmt.Sprint(i), Sort: []string{"", "name"}[i%2]}); err != nil {
			t.Fatal(err)
		}
		if err := AddProfile(path, fmt.Sprintf("p%d", i), nil); err != nil {
			t.Fatal(err)
		}
		if err := SetDefaultProfile(path, fmt.Sprintf("p%d", i)); err != nil {
			t.Fatal(err)
		}
	}
	got := read(t, path)
	for line := range strings.Lines(commented) {
		if !strings.Contains(got, line) {
			t.Errorf("line lost: %q", line)
		}
	}
	if problems := checkText(got); len(problems) > 0 || strings.Count(got, "[profiles.acme.views.") != 6 || strings.Count(got, "profile = ") != 1 {
		t.Errorf("%v\n%s", problems, got)
	}
}
