package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
)

// The program never writes into the configuration file of the user. Profiles,
// named views and the default profile that are set from the screen or by a
// command are stored in a file of the program's own, which has the same form and
// is read with it: see [Paths.SavedFile].

// ErrProfileExists means that a profile of this name cannot be added or changed.
var ErrProfileExists = errors.New("there is a profile of this name already")

const savedHeading = "# Written by levcontacts. Your own settings belong in config.toml.\n\n"

// AddProfile saves a new profile. Values are given by the names of settings, as
// they would be for a flag. The error is [ErrProfileExists] when the
// configuration file or the saved file has the name, in any spelling of upper
// and lower case, and [Problems] when a name or value is at fault.
func AddProfile(in Input, name string, values map[string]string) error {
	return saveProfile(in, name, values, false, nil)
}

// ExtendProfile adds values to a profile, and the profile where there is none.
// What the profile says already is never changed: the error is
// [ErrProfileExists] when it says something else. keep is called when nothing
// is in the way any more and before the file is written; its error leaves the
// file alone. The rest is as for [AddProfile].
func ExtendProfile(in Input, name string, values map[string]string, beforeWrite func() error) error {
	return saveProfile(in, name, values, true, beforeWrite)
}

func saveProfile(in Input, name string, values map[string]string, extend bool, beforeWrite func() error) error {
	typed, problems := profileValues(name, values)
	if len(problems) > 0 {
		return problems
	}
	l, err := readFiles(in)
	if err != nil {
		return err
	}
	for _, p := range l.profiles {
		if strings.EqualFold(p.name, name) && (!extend || p.name != name) {
			return fmt.Errorf("%w: %s", ErrProfileExists, p.name)
		}
		for key, want := range typed {
			if has, ok := p.values[key]; ok && p.name == name && has.value != want {
				return fmt.Errorf("%w: %s, with %s = %s", ErrProfileExists, name, key, tomlValue(has.value))
			}
		}
	}
	return editSaved(l.config.Paths, func(root savedTree) {
		profile := root.below("profiles", name)
		for key, v := range typed {
			if d, ok := v.(time.Duration); ok {
				v = d.String()
			}
			profile[key] = v
		}
	}, beforeWrite)
}

// readFiles reads the configuration file and the saved one, and refuses to continue
// when either is no TOML.
func readFiles(in Input) (*loader, error) {
	paths, err := in.Paths()
	if err != nil {
		return nil, Problems{{Message: err.Error()}}
	}
	l := &loader{in: in, overrides: map[string]override{}, config: &Config{Paths: paths}}
	l.readOverrides()
	l.readFile()
	broken := slices.DeleteFunc(l.problems, func(p Problem) bool { return p.File == "" || p.Key != "" })
	if len(broken) > 0 {
		return nil, broken
	}
	return l, nil
}

// profileValues checks what is to be written into a profile.
func profileValues(name string, values map[string]string) (map[string]any, Problems) {
	typed := map[string]any{}
	var problems Problems
	bad := func(key, value string, why fault) {
		problems = append(problems, Problem{Key: key, Value: value, Message: why.message, Allowed: why.allowed})
	}
	if why := profileNameFault(name); why != "" {
		bad("profile", quoted(name), fault{why, allowedProfileName})
	}
	seen := 0
	for _, s := range Settings() {
		text, given := values[s.Name]
		if !given || !s.inProfile() {
			continue
		}
		seen++
		v, why := s.fromText(text, roots{dir: "/"})
		if s.Kind == KindPath && !filepath.IsAbs(text) && why == nil {
			why = &fault{"is relative", "an absolute path"}
		}
		if why != nil {
			bad(s.Name, s.shown(text), *why)
			continue
		}
		typed[s.Name] = v
	}
	if seen < len(values) {
		bad("profile", quoted(name), fault{"values are given that a profile does not have", ""})
	}
	return typed, problems
}

// SaveView saves a view of a profile. One of that name is replaced, also where
// it stands in the configuration file.
func SaveView(paths Paths, profile string, v View) error {
	if viewNameFault(v.Name) {
		return Problems{{Key: "views", Value: quoted(v.Name), Message: "is not a name for a view", Allowed: allowedViewName}}
	}
	if filterFault(v.Filter) {
		return Problems{{Key: "filter", Value: quoted(v.Filter), Message: badFilter, Allowed: allowedFilter}}
	}
	return editSaved(paths, func(root savedTree) {
		root.below("profiles", profile, "views")[v.Name] = tree{"filter": v.Filter, "sort": v.Sort, "columns": append([]string{}, v.Columns...)}
	}, nil)
}

// RemoveView removes a saved view of a profile. found is false when none of that
// name was saved: it may stand in the configuration file.
func RemoveView(paths Paths, profile, name string) (found bool, err error) {
	err = editSaved(paths, func(root savedTree) {
		views := root.below("profiles", profile, "views")
		_, found = views[name]
		delete(views, name)
	}, nil)
	return found, err
}

// SetDefaultProfile saves which profile is used when none is asked for. It wins
// over what the configuration file says.
func SetDefaultProfile(paths Paths, name string) error {
	if why := profileNameFault(name); why != "" {
		return Problems{{Key: "profile", Value: quoted(name), Message: why, Allowed: allowedProfileName}}
	}
	return editSaved(paths, func(root savedTree) { root["profile"] = name }, nil)
}

// tree is a TOML table.
type tree = map[string]any

// savedTree is the whole of a saved file.
type savedTree tree

// below finds an inner table, and makes it where it is missing.
func (t savedTree) below(names ...string) tree {
	at := tree(t)
	for _, name := range names {
		next, ok := at[name].(tree)
		if !ok {
			next = tree{}
			at[name] = next
		}
		at = next
	}
	return at
}

// editSaved changes the saved file in one step. keep, if any, is called right
// before and may refuse.
func editSaved(paths Paths, change func(root savedTree), beforeWrite func() error) error {
	path := paths.SavedFile()
	old, err := readLimited(path, maxFile+1)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read %s: %s", path, reason(err))
	}
	doc, problems := parseDocument(path, old)
	if len(problems) > 0 {
		return problems
	}
	root := tree{}
	if err := toml.Unmarshal(old, &root); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	change(savedTree(root))
	text, err := savedText(root, doc)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := MakePrivateDir(paths.Config); err != nil {
		return err
	}
	if beforeWrite != nil {
		if err := beforeWrite(); err != nil {
			return err
		}
	}
	return writeFile(path, text)
}

// savedText is a saved file. Profiles keep the order in which they were added.
func savedText(root tree, before *document) ([]byte, error) {
	profiles, _ := root["profiles"].(tree)
	delete(root, "profiles")
	var order []string
	if it := before.root.get("profiles"); it != nil && it.val.kind == isTable {
		for _, p := range it.val.table.items {
			order = append(order, p.key)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(profiles)) {
		if !slices.Contains(order, name) {
			order = append(order, name)
		}
	}
	text := []byte(savedHeading)
	add := func(part tree) error {
		raw, err := toml.Marshal(part)
		text = append(text, bytes.TrimPrefix(raw, []byte("[profiles]\n"))...)
		return err
	}
	err := add(root)
	for _, name := range order {
		err = errors.Join(err, add(tree{"profiles": tree{name: profiles[name]}}))
	}
	return text, err
}
