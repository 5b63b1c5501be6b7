package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPaths(t *testing.T) {
	t.Parallel()
	home := Input{Home: "/home/me", Env: lookup(map[string]string{"XDG_STATE_HOME": "", "XDG_CACHE_HOME": "relative/is/ignored"})}
	p, err := home.Paths()
	if err != nil {
		t.Fatal(err)
	}
	xdg := Input{Env: lookup(map[string]string{"XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/s", "XDG_CACHE_HOME": "/k"})}
	x, err := xdg.Paths()
	if err != nil {
		t.Fatal(err)
	}
	for got, want := range map[string]string{
		p.ConfigFile():     "/home/me/.config/levcontacts/config.toml",
		p.StateDir("acme"): "/home/me/.local/state/levcontacts/acme",
		p.CacheDir("acme"): "/home/me/.cache/levcontacts/acme",
		p.KeyFile("acme"):  "/home/me/.config/levcontacts/keys/acme",
		x.ConfigFile():     "/c/levcontacts/config.toml",
		x.StateDir("b"):    "/s/levcontacts/b",
		x.CacheDir("b"):    "/k/levcontacts/b",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if _, err := (Input{}).Paths(); err != ErrNoHome {
		t.Errorf("without anything: %v", err)
	}
}

func TestProfileNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"default", "acme", "Acme-2", "a.b_c", "7", strings.Repeat("x", 64), "com", "console"} {
		if why := profileNameFault(name); why != "" {
			t.Errorf("%s %s", name, why)
		}
	}
	for _, name := range []string{"", ".", "..", "../x", "a/b", `a\b`, "a b", "-a", "a-", ".a", "a.", "é", "a\x00", "con", "NUL.txt", "lpt1", "COM9", strings.Repeat("x", 65)} {
		if profileNameFault(name) == "" {
			t.Errorf("%q passed", name)
		}
	}
}

func TestMakePrivateDir(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a", "b")
	if err := MakePrivateDir(dir); err != nil {
		t.Fatal(err)
	}
	mode := func(path string) os.FileMode {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode().Perm()
	}
	if mode(dir) != 0o700 || mode(filepath.Dir(dir)) != 0o700 {
		t.Errorf("%o %o", mode(dir), mode(filepath.Dir(dir)))
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if got := PermissionWarning(dir); !strings.Contains(got, "can be opened by other people of this machine (mode 0755): run chmod 700 "+dir) {
		t.Errorf("warning %q", got)
	}
	if err := MakePrivateDir(dir); err != nil || mode(dir) != 0o700 || PermissionWarning(dir) != "" {
		t.Errorf("%v %o %q", err, mode(dir), PermissionWarning(dir))
	}
	file := filepath.Join(dir, "it's here")
	if err := os.WriteFile(file, nil, 0o640); err != nil {
		t.Fatal(err)
	}
	if got, want := PermissionWarning(file), `(mode 0640): run chmod 600 '`+dir+`/it'\''s here'`; !strings.HasSuffix(got, want) {
		t.Errorf("%s, want %s", got, want)
	}
	if err := MakePrivateDir(filepath.Join(file, "below")); err == nil || !strings.Contains(err.Error(), "below") {
		t.Errorf("below a file: %v", err)
	}
	if got := PermissionWarning(filepath.Join(dir, "missing")); got != "" {
		t.Errorf("missing: %q", got)
	}
}
