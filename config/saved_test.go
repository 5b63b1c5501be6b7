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
[keys] # mine
	"contact.edit" = [
		"E", # capital
	]

# work
[profiles.acme] # the account
base_url = "https://lev.example/api" # staging
  [profiles.acme.views.hot] # people to call
  filter = 'type:lender' # literal string
# end of file`

// saving is an input with a configuration file of this text, and its paths.
func saving(t *testing.T, text string) (Input, Paths) {
	t.Helper()
	in := testInput(t)
	writeConfig(t, in, text)
	paths, err := in.Paths()
	if err != nil {
		t.Fatal(err)
	}
	return in, paths
}

// What is saved is there at the next start, whatever else was saved before, and
// the file of the user stays as it is, byte for byte.
func TestSaved(t *testing.T) {
	t.Parallel()
	in, paths := saving(t, commented)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(AddProfile(in, "beta", map[string]string{"base_url": "https://B.example/", "read_only": "true", "page_size": "50",
		"ca_file": "/ca.pem", "timeout": "1m"}))
	must(AddProfile(in, "a.b", nil))
	must(ExtendProfile(in, "acme", map[string]string{"active_account": "a", "base_url": "https://lev.example/api"}, nil))
	must(ExtendProfile(in, "beta", map[string]string{"active_account": "b"}, func() error { return nil }))
	must(SaveView(paths, "acme", View{Name: "a b", Filter: `say "hi"`, Columns: []string{"name"}}))
	must(SaveView(paths, "acme", View{Name: "hot", Filter: "x", Sort: "-name"}))
	must(SetDefaultProfile(paths, "acme"))
	if got := read(t, paths.ConfigFile()); got != commented {
		t.Errorf("the configuration file was changed: %q", got)
	}

	c := load(t, in)
	if c.Profile.Value != "acme" || c.BaseURL.Value != "https://lev.example/api" || c.ActiveAccount.Value != "a" || c.Theme.Value != "dark" {
		t.Errorf("%+v", c)
	}
	if got := c.Profile.Origin.String(); !strings.HasPrefix(got, "saved.toml:") {
		t.Errorf("the profile comes from %s", got)
	}
	if want := []string{"acme", "beta", "a.b", "default"}; !slices.Equal(c.Profiles, want) {
		t.Errorf("profiles %v, want %v", c.Profiles, want)
	}
	var views []string
	for _, v := range c.Views {
		views = append(views, v.Name+" "+v.text())
	}
	want := []string{`hot {filter = "x", sort = "-name"}`, `a b {filter = "say \"hi\"", columns = ["name"]}`}
	if !slices.Equal(views, want) {
		t.Errorf("views %q, want %q", views, want)
	}
	in.Flags["profile"] = "beta"
	c = load(t, in)
	if c.BaseURL.Value != "https://b.example" || !c.ReadOnly.Value || c.PageSize.Value != 50 || c.CAFile.Value != "/ca.pem" ||
		c.Timeout.Value.String() != "1m0s" || c.ActiveAccount.Value != "b" {
		t.Errorf("%+v", c)
	}
}

// What the user writes by hand wins over what was saved, but for the choice of
// the profile and for views: those are saved by a wish of the moment.
func TestWhoWins(t *testing.T) {
	t.Parallel()
	in, paths := saving(t, "")
	if err := AddProfile(in, "acme", map[string]string{"base_url": "https://a.example", "active_account": "a"}); err != nil {
		t.Fatal(err)
	}
	if err := SaveView(paths, "acme", View{Name: "v", Sort: "name"}); err != nil {
		t.Fatal(err)
	}
	writeConfig(t, in, `profile = "acme"
[profiles.acme]
base_url = "https://b.example"
views.v.sort = "email"
[profiles.other]
`)
	c := load(t, in)
	if c.BaseURL.Value != "https://b.example" || c.ActiveAccount.Value != "a" || len(c.Views) != 1 || c.Views[0].Sort != "name" {
		t.Errorf("%+v", c)
	}
	if err := SetDefaultProfile(paths, "other"); err != nil {
		t.Fatal(err)
	}
	if c := load(t, in); c.Profile.Value != "other" {
		t.Errorf("profile %s", c.Profile.Value)
	}
}

func TestWhatCannotBeSavedChangesNothing(t *testing.T) {
	t.Parallel()
	profile := func(in Input, _ Paths) error { return AddProfile(in, "Acme", nil) }
	extend := func(url string) func(Input, Paths) error {
		return func(in Input, _ Paths) error {
			return ExtendProfile(in, "acme", map[string]string{"base_url": url}, func() error { return io.EOF })
		}
	}
	const other = "[profiles.acme]\nbase_url = 'https://a.example'\n"
	tests := []struct {
		name, config, saved string
		save                func(Input, Paths) error
		is                  error
		says                string
	}{
		{"profile is there", commented, "", profile, ErrProfileExists, "there is a profile of this name already: acme"},
		{"profile was saved", "", "[profiles.acme]\n", profile, ErrProfileExists, "there is a profile of this name already: acme"},
		{"profile says something else", other, "", extend("https://b.example"), ErrProfileExists, `acme, with base_url = "https://a.example"`},
		{"profile was saved with something else", "", other, extend("https://b.example"), ErrProfileExists, `acme, with base_url = "https://a.example"`},
		{"profile in another case", "[profiles.ACME]\n", "", extend("https://b.example"), ErrProfileExists, "ACME"},
		{"profile is refused at last", "[profiles.acme]\n", "", extend("https://b.example"), io.EOF, "EOF"},
		{"broken configuration file", "theme = \n", "", profile, nil, "config.toml:1:9: not valid TOML"},
		{"broken saved file", "", "theme = \n", profile, nil, "saved.toml:1:9: not valid TOML"},
		{"view in a broken saved file", "", "theme = \n",
			func(_ Input, p Paths) error { return SaveView(p, "acme", View{Name: "hot"}) }, nil, "saved.toml:1:9: not valid TOML"},
		{"bad name of a view", "", "",
			func(_ Input, p Paths) error { return SaveView(p, "acme", View{Name: " x"}) }, nil, `views = " x": is not a name for a view`},
		{"bad name of a profile", "", "",
			func(_ Input, p Paths) error { return SetDefaultProfile(p, "a/b") }, nil, `profile = "a/b": holds a character`},
		{"bad values", "", "", func(in Input, _ Paths) error {
			return AddProfile(in, "a b", map[string]string{"base_url": "https://me:hunter2@x.example", "ca_file": "ca.pem",
				"api_key_file": "-", "theme": "x", "columns": "name", "nonsense": "1"})
		}, nil, `the configuration has 7 problems:
profile = "a b": holds a character that cannot be in the name of a folder; allowed: ` + allowedProfileName + `
base_url = "https://[redacted]@x.example": holds a user name or password; allowed: an address such as ` + DefaultBaseURL + `
api_key_file = "-": standard input can be asked for with --api-key-file only; allowed: the path of a file
ca_file = "ca.pem": is relative; allowed: an absolute path
theme = "x": is not known; allowed: auto, dark, light, high-contrast, red-green-safe, blue-yellow-safe, ansi16, ascii
columns = "name": can be set in the configuration file only; allowed: an array of column names
profile = "a b": values are given that a profile does not have`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in, paths := saving(t, tt.config)
			if err := os.WriteFile(paths.SavedFile(), []byte(tt.saved), 0o600); err != nil {
				t.Fatal(err)
			}
			err := tt.save(in, paths)
			if err == nil || !strings.Contains(err.Error(), tt.says) || tt.is != nil && !errors.Is(err, tt.is) {
				t.Errorf("got  %v\nwant %s", err, tt.says)
			}
			if config, saved := read(t, paths.ConfigFile()), read(t, paths.SavedFile()); config != tt.config || saved != tt.saved {
				t.Errorf("a file was changed: %q %q", config, saved)
			}
		})
	}
}

// A mistake in a setting is no reason to refuse a new profile, and one in the
// saved file is named with its place.
func TestSavedFileIsCheckedLikeTheOther(t *testing.T) {
	t.Parallel()
	in, paths := saving(t, "theme = \"drak\"\n")
	if err := AddProfile(in, "acme", nil); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(paths.SavedFile(), []byte("[profiles.acme]\nbase_url = 3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := loadProblems(t, in).Error(); !strings.Contains(got, "saved.toml:2:12: profiles.acme.base_url = 3: must be text") {
		t.Errorf("%s", got)
	}
}

func TestWrittenFilesArePrivateAndWholeOrNotThere(t *testing.T) {
	t.Parallel()
	in := testInput(t)
	paths, err := in.Paths()
	if err != nil {
		t.Fatal(err)
	}
	if err := AddProfile(in, "acme", map[string]string{"theme": "light"}); err != nil {
		t.Fatal(err)
	}
	if got := read(t, paths.SavedFile()); got != savedHeading+"[profiles.acme]\ntheme = 'light'\n" {
		t.Errorf("%q", got)
	}
	for name, want := range map[string]os.FileMode{paths.SavedFile(): 0o600, paths.Config: 0o700} {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v %v", name, info.Mode(), err)
		}
	}
	home := t.TempDir()
	blocked := filepath.Join(home, "blocked")
	if err := os.Mkdir(blocked, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := writeFile(blocked, []byte("x")); err == nil || !strings.Contains(err.Error(), blocked) {
		t.Errorf("a folder was replaced: %v", err)
	}
	if left, err := os.ReadDir(home); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v %v", left, err)
	}
	if err := writeFile(filepath.Join(home, "no", "folder"), nil); err == nil {
		t.Error("written into a folder that is not there")
	}
	in.Env = lookup(map[string]string{"XDG_CONFIG_HOME": paths.SavedFile()})
	if err := AddProfile(in, "x", nil); err == nil {
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

func TestManySavesInARow(t *testing.T) {
	t.Parallel()
	in, paths := saving(t, commented)
	for i := range 20 {
		name := fmt.Sprintf("p%d", i)
		view := View{Name: fmt.Sprintf("view %d", i%5), Filter: fmt.Sprint(i), Sort: []string{"", "name"}[i%2]}
		if err := errors.Join(SaveView(paths, "acme", view), AddProfile(in, name, nil), SetDefaultProfile(paths, name)); err != nil {
			t.Fatal(err)
		}
	}
	c := load(t, in)
	if len(c.Profiles) != 22 || c.Profile.Value != "p19" {
		t.Errorf("%v %s", c.Profiles, c.Profile.Value)
	}
	in.Flags["profile"] = "acme"
	if c := load(t, in); len(c.Views) != 6 {
		t.Errorf("%v", c.Views)
	}
}
