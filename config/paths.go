package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// folder is the name of the program's own folders.
const folder = "levcontacts"

const allowedProfileName = `1 to 64 of a-z, A-Z, 0-9, ".", "-" and "_", beginning and ending with a letter or digit`

// ErrNoHome means that neither HOME nor the XDG variables tell where files go.
var ErrNoHome = errors.New("the home folder is not known: set HOME, or XDG_CONFIG_HOME, XDG_STATE_HOME and XDG_CACHE_HOME")

// Paths are the folders of the program, as the XDG base directories give
// them. Nothing is created by looking at them.
type Paths struct {
	Config string // holds config.toml and, after consent, keys
	State  string // holds a folder for each profile
	Cache  string // holds a folder for each profile
}

// Paths resolves the folders. A variable that is empty or not an absolute
// path is passed over, as the XDG specification asks.
func (in Input) Paths() (Paths, error) {
	config, configErr := in.base("XDG_CONFIG_HOME", "APPDATA", ".config")
	state, stateErr := in.base("XDG_STATE_HOME", "LOCALAPPDATA", ".local", "state")
	cache, cacheErr := in.base("XDG_CACHE_HOME", "LOCALAPPDATA", ".cache")
	if err := errors.Join(configErr, stateErr, cacheErr); err != nil {
		return Paths{}, ErrNoHome
	}
	if runtime.GOOS == "windows" && state == cache {
		state, cache = filepath.Join(state, "State"), filepath.Join(cache, "Cache")
	}
	return Paths{Config: config, State: state, Cache: cache}, nil
}

func (in Input) base(variable, windows string, below ...string) (string, error) {
	if dir := in.env(variable); filepath.IsAbs(dir) {
		return filepath.Join(dir, folder), nil
	}
	if runtime.GOOS == "windows" {
		if dir := in.env(windows); filepath.IsAbs(dir) {
			return filepath.Join(dir, folder), nil
		}
	}
	if in.Home == "" {
		return "", ErrNoHome
	}
	return filepath.Join(append(append([]string{in.Home}, below...), folder)...), nil
}

// ConfigFile is where the configuration file is looked for without --config.
func (p Paths) ConfigFile() string { return filepath.Join(p.Config, "config.toml") }

// SavedFile is where the program keeps what it writes for itself: profiles and
// views that were added on the screen or by a command, and the default profile.
func (p Paths) SavedFile() string { return filepath.Join(p.Config, "saved.toml") }

// StateDir is the folder of a profile's drafts, journal and learned facts.
// The name must be that of a resolved profile.
func (p Paths) StateDir(profile string) string { return filepath.Join(p.State, profile) }

// CacheDir is the folder of a profile's copy of the contacts.
func (p Paths) CacheDir(profile string) string { return filepath.Join(p.Cache, profile) }

// KeyFile is the file that holds a profile's API key on machines without a
// keyring, if the user agreed to that.
func (p Paths) KeyFile(profile string) string { return filepath.Join(p.Config, "keys", profile) }

// profileNameFault returns why a name is not that of a profile, or "". Profiles
// are folders, on every system.
func profileNameFault(name string) string {
	if name == "" || len(name) > 64 {
		return "is empty or too long"
	}
	for i := range len(name) {
		c := name[i]
		alphanumeric := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if alphanumeric {
			continue
		}
		if c != '.' && c != '-' && c != '_' {
			return "holds a character that cannot be in the name of a folder"
		}
		if i == 0 || i == len(name)-1 {
			return "must begin and end with a letter or digit"
		}
	}
	stem, _, _ := strings.Cut(strings.ToLower(name), ".")
	device := len(stem) == 4 && (stem[:3] == "com" || stem[:3] == "lpt") && stem[3] >= '0' && stem[3] <= '9'
	if device || stem == "con" || stem == "prn" || stem == "aux" || stem == "nul" {
		return "is the name of a device on Windows"
	}
	return ""
}

// MakePrivateDir creates a folder of the program, and those above it where
// they are missing, for the user alone (0700). A folder that others could
// look into is closed to them.
func MakePrivateDir(path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return fmt.Errorf("create folder %s: %w", path, err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("look at folder %s: %w", path, err)
	}
	if openToOthers(info) {
		if err := os.Chmod(path, 0o700); err != nil {
			return fmt.Errorf("close folder %s to others: %w", path, err)
		}
	}
	return nil
}

// PermissionWarning describes in one sentence, with what to do, that a file or
// folder can be read or changed by other people of this machine. It is empty
// when that is not so, when there is no such file, and on Windows.
func PermissionWarning(path string) string {
	info, err := os.Stat(path)
	if err != nil || !openToOthers(info) {
		return ""
	}
	mode := "600"
	if info.IsDir() {
		mode = "700"
	}
	return fmt.Sprintf("%s can be opened by other people of this machine (mode %04o): run chmod %s %s", path, info.Mode().Perm(), mode, shellWord(path))
}

func openToOthers(info fs.FileInfo) bool {
	return runtime.GOOS != "windows" && (info.Mode().IsRegular() || info.IsDir()) && info.Mode().Perm()&0o077 != 0
}

// shellWord quotes a path for a command line that can be copied.
func shellWord(s string) string {
	if s != "" && strings.IndexFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("/._-+@%,:", r)
	}) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
