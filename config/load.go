package config

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"time"
)

// DefaultProfile is the profile that is there without being written down.
const DefaultProfile = "default"

// Input is everything that a configuration is made from.
type Input struct {
	// Flags holds the flags that were given, by name without dashes. Names
	// that are no setting are passed over.
	Flags map[string]string
	// Env looks up an environment variable, as os.LookupEnv does; nil is an
	// empty environment.
	Env func(name string) (string, bool)
	// Home is the home folder; empty when it is not known.
	Home string
	// Actions are those that keys can be bound to. Nil passes over the [keys]
	// table, for commands that no key drives.
	Actions []Action
	// Columns are those that a list can have; with none, any name passes.
	Columns []string
	// Fields are the names that a command of the user's own may have in braces;
	// with none, any name passes.
	Fields []string
	// NewProfile accepts the name of a profile that the file does not have,
	// because the program is about to add it.
	NewProfile bool
}

// ProcessInput is the input of the running process, without flags. It is the
// one place that looks at the process's environment, as it is now.
func ProcessInput() Input {
	home, err := os.UserHomeDir()
	if err != nil {
		home = "" // reported by Paths, if the XDG variables do not do without it
	}
	env := map[string]string{}
	for _, pair := range os.Environ() {
		name, value, _ := strings.Cut(pair, "=")
		env[name] = value
	}
	return Input{Home: home, Env: func(name string) (string, bool) {
		value, ok := env[name]
		return value, ok
	}}
}

func (in Input) env(name string) string {
	if in.Env == nil {
		return ""
	}
	value, _ := in.Env(name)
	return value
}

// ConfigFile is the path of the configuration file, whether or not it exists
// or is in order: what --config says, else the one in the configuration
// folder. The error is [Problems] for a path that cannot be one, or
// [ErrNoHome].
func (in Input) ConfigFile() (string, error) {
	if text, given := in.Flags["config"]; given {
		s, _ := settingNamed("config")
		path, why := s.parsePath(text, roots{home: in.Home})
		if why != nil {
			return "", Problems{{Key: "--config", Value: quoted(text), Message: why.message, Allowed: why.allowed}}
		}
		return path.(string), nil
	}
	paths, err := in.Paths()
	return paths.ConfigFile(), err
}

// Config is the resolved configuration of a run.
type Config struct {
	Paths Paths
	// Profiles are the names that can be switched to, in the order of the
	// file, the active one among them.
	Profiles []string
	// FileExists reports whether there is a configuration file.
	FileExists bool

	ConfigFile    Value[string] // path, whether or not the file exists
	Profile       Value[string]
	BaseURL       Value[string]   // absolute, without a slash at its end
	APIKeyCommand Value[[]string] // program and arguments; empty when unset
	APIKeyFile    Value[string]   // path, or - for standard input; empty when unset
	ActiveAccount Value[string]   // empty when unset
	OriginApp     Value[string]   // empty: the client's own name
	RateLimit     Value[RateLimit]
	ReadOnly      Value[bool]
	PageSize      Value[int] // 0 is automatic, otherwise 1 to 200
	Cache         Value[bool]
	Index         Value[string]        // auto or off
	RefreshEvery  Value[time.Duration] // 0 for never
	MaxAge        Value[time.Duration]
	Timeout       Value[time.Duration]
	CAFile        Value[string] // empty when unset
	LogFile       Value[string] // empty when unset
	Theme         Value[string] // auto, dark, light, high-contrast, ansi16 or ascii; never auto where the locale is not UTF-8
	Colors        Value[Colors]
	NoColor       Value[bool]
	Plain         Value[bool]
	Spinner       Value[bool]
	Columns       Value[[]string] // empty: chosen by width
	// Views are those of the active profile, then those of the top level
	// whose names the profile does not use itself.
	Views []View
	// Keys are the bindings that the file changes.
	Keys []Binding
	// Commands are the user's own.
	Commands []OwnCommand
	// KeysByAction holds the keys of these actions, and of those that lose a
	// default key to them: the user's binding wins.
	KeysByAction map[string][]string
}

// Load resolves a configuration: a flag wins over the environment, that over
// the profile in the file, that over the top level of the file, that over the
// default. A missing file is no problem unless it was asked for. When
// anything is wrong, Load returns nil and all [Problems].
func Load(in Input) (*Config, error) {
	paths, err := in.Paths()
	if err != nil {
		return nil, Problems{{Message: err.Error()}}
	}
	l := &loader{in: in, overrides: map[string]override{}, config: &Config{Paths: paths}}
	l.readOverrides()
	l.readFile()
	l.chooseProfile()
	l.resolve()
	if len(l.problems) > 0 {
		return nil, l.problems.sorted()
	}
	return l.config, nil
}

type override struct {
	value  any
	origin Origin
}

type loader struct {
	in        Input
	overrides map[string]override
	file      *fileConfig
	profiles  []fileProfile // those of the configuration file, then those the program saved
	chosen    fileValue     // the default profile, as the file says or a command saved; zero for none
	config    *Config
	problems  Problems
}

// readOverrides reads flags and environment.
func (l *loader) readOverrides() {
	for _, s := range Settings() {
		if s.field == nil {
			continue
		}
		if text, given := l.in.Flags[s.Flag]; given && s.Flag != "" {
			l.override(s, text, "--"+s.Flag, OriginFlag)
			continue
		}
		if text := l.in.env(s.Env); s.Env != "" && text != "" {
			if s.Kind == KindBool { // NO_COLOR counts by being there, whatever it says
				text = "true"
			}
			l.override(s, text, s.Env, OriginEnvironment)
		}
	}
}

func (l *loader) override(s Setting, text, name string, kind OriginKind) {
	v, why := s.fromText(text, roots{home: l.in.Home})
	if why != nil {
		l.problems = append(l.problems, Problem{Key: name, Value: s.shown(text), Message: why.message, Allowed: why.allowed})
		return
	}
	l.overrides[s.Name] = override{v, Origin{Kind: kind, Name: name}}
}

// readFile reads and checks the configuration file, if there is one, and what
// the program saved itself.
func (l *loader) readFile() {
	path, explicit := l.config.Paths.ConfigFile(), false
	if o, ok := l.overrides["config"]; ok {
		path, explicit = o.value.(string), true
	}
	l.config.ConfigFile.Value = path
	l.file, l.config.FileExists = l.read(path, explicit)
	saved, _ := l.read(l.config.Paths.SavedFile(), false)
	l.profiles = slices.Clone(l.file.profiles)
	for _, p := range saved.profiles {
		l.mergeSaved(p)
	}
	l.chosen = l.file.top["profile"]
	if v, ok := saved.top["profile"]; ok {
		l.chosen = v
	}
}

// read reads one file; without it, it is empty.
func (l *loader) read(path string, explicit bool) (f *fileConfig, exists bool) {
	empty := &fileConfig{doc: newDocument(path, nil), top: map[string]fileValue{}}
	data, err := readLimited(path, maxFile+1)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !explicit:
		return empty, false
	case err != nil:
		l.problems = append(l.problems, Problem{File: path, Message: "cannot be read: " + reason(err)})
		return empty, false
	}
	f, problems := inspect(path, data, l.in)
	l.problems = append(l.problems, problems...)
	return f, true
}

// mergeSaved adds a saved profile. What the configuration file says of it wins, but
// for views, which the user saved on the screen.
func (l *loader) mergeSaved(saved fileProfile) {
	p := profileNamed(l.profiles, saved.name)
	if p == nil {
		l.profiles = append(l.profiles, saved)
		return
	}
	values := maps.Clone(saved.values)
	maps.Copy(values, p.values)
	p.values, p.views = values, mergeViews(p.views, saved.views)
}

// mergeViews puts new views in the place of those of the same name, and behind
// the others.
func mergeViews(views, more []View) []View {
	out := slices.Clone(views)
	for _, v := range more {
		if i := slices.IndexFunc(out, func(o View) bool { return o.Name == v.Name }); i >= 0 {
			out[i] = v
		} else {
			out = append(out, v)
		}
	}
	return out
}

func profileNamed(profiles []fileProfile, name string) *fileProfile {
	for i := range profiles {
		if profiles[i].name == name {
			return &profiles[i]
		}
	}
	return nil
}

// readLimited reads at most limit bytes of a file.
func readLimited(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limit))
}

// reason is an error of the file system without the path, which the message
// around it names already.
func reason(err error) string {
	var perr *fs.PathError
	if errors.As(err, &perr) {
		return perr.Err.Error()
	}
	return err.Error()
}

// chooseProfile finds the active profile and checks that it is there.
func (l *loader) chooseProfile() {
	known := l.knownProfiles()
	name, origin := DefaultProfile, Origin{}
	if o, ok := l.overrides["profile"]; ok {
		name, origin = o.value.(string), o.origin
	} else if l.chosen.doc != nil {
		name, origin = l.chosen.value.(string), l.chosen.origin("")
	} else if profileNamed(l.profiles, DefaultProfile) == nil && !l.in.NewProfile && !l.profileAsked() {
		switch len(l.profiles) {
		case 0:
		case 1:
			name, origin = l.profiles[0].name, l.profiles[0].at.origin("")
		default:
			first := l.profiles[0]
			line, column := first.at.doc.position(first.at.at.from)
			l.problems = append(l.problems, Problem{File: first.at.doc.file, Line: line, Column: column, Key: "profile",
				Message: "several profiles and none chosen: write profile = " + tomlString(first.name) + " at the top of the file, or give --profile",
				Allowed: strings.Join(known, ", ")})
		}
	}
	if !slices.Contains(known, name) {
		if !l.in.NewProfile {
			l.unknownProfile(name, origin, known)
		}
		known = append(known, name)
	}
	l.config.Profile = Value[string]{name, origin}
	l.config.Profiles = known
}

// profileAsked reports whether any place names a profile, be it wrongly, which
// is then a problem of its own.
func (l *loader) profileAsked() bool {
	_, given := l.in.Flags["profile"]
	return given || l.in.env("LEV_PROFILE") != "" || l.file.doc.root.get("profile") != nil
}

// knownProfiles are those of the file, and the default one, which needs no
// entry there.
func (l *loader) knownProfiles() []string {
	var names []string
	for _, p := range l.profiles {
		names = append(names, p.name)
	}
	if !slices.Contains(names, DefaultProfile) {
		names = append(names, DefaultProfile)
	}
	return names
}

func (l *loader) unknownProfile(name string, origin Origin, known []string) {
	p := Problem{Key: origin.Name, Value: quoted(name), Allowed: strings.Join(known, ", "),
		Message: "there is no such profile" + didYouMean(name, known)}
	if origin.Kind == OriginFile {
		p.File, p.Key = origin.File, "profile"
		p.Line, p.Column = l.chosen.doc.position(l.chosen.at.from)
	}
	l.problems = append(l.problems, p)
}

// resolve fills the configuration by the table of settings.
func (l *loader) resolve() {
	profile := profileNamed(l.profiles, l.config.Profile.Value)
	if profile == nil {
		profile = &fileProfile{}
	}
	for _, s := range Settings() {
		if s.field == nil || s.Name == "profile" {
			continue
		}
		field := s.field(l.config)
		if o, ok := l.overrides[s.Name]; ok {
			field.set(o.value, o.origin)
		} else if v, ok := profile.values[s.Name]; ok {
			field.set(v.value, v.origin(profile.name))
		} else if v, ok := l.file.top[s.Name]; ok {
			field.set(v.value, v.origin(""))
		} else if s.Default != "" {
			if v, why := s.fromText(s.Default, roots{}); why == nil {
				field.set(v, Origin{})
			}
		}
	}
	l.applyLocale()
	l.config.Views = slices.Clone(profile.views)
	for _, v := range l.file.views {
		if !slices.ContainsFunc(profile.views, func(own View) bool { return own.Name == v.Name }) {
			l.config.Views = append(l.config.Views, v)
		}
	}
	for _, b := range l.file.bindings {
		keys := make([]string, len(b.keys))
		for i, k := range b.keys {
			keys[i] = k.key
		}
		l.config.Keys = append(l.config.Keys, Binding{Action: b.action, Keys: keys, Origin: l.file.doc.origin(b.at, "")})
	}
	l.config.Commands = l.file.commands
	actions, bound := bindCommands(l.file.commands)
	l.config.KeysByAction = keysByAction(append(actions, l.in.Actions...), append(bound, l.config.Keys...))
}
