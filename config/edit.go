package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// The reasons for which the configuration file is left as it is.
var (
	ErrProfileExists = errors.New("there is a profile of this name already")
	ErrFileExists    = errors.New("the configuration file exists already and is left as it is")
	ErrNotEditable   = errors.New("the configuration file is written in a way that the program does not change")
)

// Init writes the documented example to path, for this person alone (0600).
// It answers with [ErrFileExists] when anything is there.
func Init(path string, in Input) error {
	if err := makeParent(path); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%w: %s", ErrFileExists, path)
	}
	if err != nil {
		return fmt.Errorf("create %s: %s", path, reason(err))
	}
	_, err = f.WriteString(Example(in))
	return errors.Join(err, f.Close())
}

// AddProfile appends a profile to the file at path, creating the file where
// there is none and leaving every other byte of it alone. Values are given by
// the names of settings, as they would be for a flag; only those that may
// stand in a profile and are not arrays or tables can be given. The error is
// [ErrProfileExists] when the name is taken, in any spelling of upper and
// lower case, and [Problems] when a name or value is at fault.
func AddProfile(path, name string, values map[string]string) error {
	pairs, problems := profilePairs(name, values)
	if len(problems) > 0 {
		return problems
	}
	return edit(path, []string{"profiles", name}, pairs, func(d *document) error { return nameFree(d, name) }, nil)
}

// nameFree refuses a name that a profile has, in any spelling of upper and
// lower case: profiles are folders.
func nameFree(d *document, name string) error {
	profiles := d.root.get("profiles")
	if profiles == nil || profiles.val.kind != isTable {
		return nil
	}
	for _, it := range profiles.val.table.items {
		if strings.EqualFold(it.key, name) {
			return fmt.Errorf("%w: %s", ErrProfileExists, it.key)
		}
	}
	return nil
}

// ExtendProfile adds values to a profile, and the profile where there is none.
// What the profile says already is never changed: the error is
// [ErrProfileExists] when it says something else. keep is called when nothing
// is in the way any more and before the file is written; its error leaves the
// file alone. The rest is as for [AddProfile].
func ExtendProfile(path, name string, values map[string]string, keep func() error) error {
	pairs, problems := profilePairs(name, values)
	if len(problems) > 0 {
		return problems
	}
	return edit(path, []string{"profiles", name}, pairs, func(d *document) error {
		profile := d.find([]string{"profiles", name})
		if profile == nil {
			return nameFree(d, name)
		}
		for _, p := range pairs {
			if it := profile.get(p.key); it != nil && it.val.canonical() != p.text {
				return fmt.Errorf("%w: %s, with %s = %s", ErrProfileExists, name, p.key, d.raw(it.val.at))
			}
		}
		return nil
	}, keep)
}

func profilePairs(name string, values map[string]string) ([]pair, Problems) {
	var pairs []pair
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
		// The tilde stays a tilde, for the file may be shared between machines.
		v, why := s.fromText(text, roots{home: "~", dir: "."})
		if written, ok := v.(string); ok && s.Kind == KindPath && !filepath.IsAbs(written) && !strings.HasPrefix(written, "~") {
			why = &fault{"is relative", "an absolute path, or one that begins with ~/"}
		}
		if why != nil {
			bad(s.Name, s.shown(text), *why)
			continue
		}
		pairs = append(pairs, pair{s.Name, tomlValue(v)})
	}
	if seen < len(values) {
		bad("profile", quoted(name), fault{"values are given that a profile does not have", ""})
	}
	return pairs, problems
}

// SaveView writes a view into a profile of the file at path, or at its top
// level when profile is empty. A view of that name is replaced, value by
// value; comments and everything else stay as they are, byte for byte.
func SaveView(path, profile string, v View) error {
	if viewNameFault(v.Name) {
		return Problems{{Key: "views", Value: quoted(v.Name), Message: "is not a name for a view", Allowed: allowedViewName}}
	}
	where := []string{"views", v.Name}
	if profile != "" {
		where = append([]string{"profiles", profile}, where...)
	}
	return edit(path, where, []pair{{"filter", tomlString(v.Filter)}, {"sort", tomlString(v.Sort)}, {"columns", tomlStrings(v.Columns)}}, nil, nil)
}

// SetDefaultProfile writes which profile is used when none is asked for.
func SetDefaultProfile(path, name string) error {
	if why := profileNameFault(name); why != "" {
		return Problems{{Key: "profile", Value: quoted(name), Message: why, Allowed: allowedProfileName}}
	}
	return edit(path, nil, []pair{{"profile", tomlString(name)}}, nil, nil)
}

// pair is a key and the TOML text of its value.
type pair struct{ key, text string }

// empty tells that leaving the key out says the same.
func (p pair) empty() bool { return p.text == `""` || p.text == "[]" }

// edit sets keys of one table of a file, after may, which may refuse, has
// seen the file. The result is read again before it is written: it must say
// what the old file said, the new values, and nothing else. last is called
// right before, and may refuse as well.
func edit(path string, where []string, pairs []pair, may func(*document) error, last func() error) error {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target // so that a link into a folder of dotfiles stays a link
	}
	old, err := readLimited(path, maxFile+1)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read %s: %s", path, reason(err))
	}
	doc, problems := parseDocument(path, old)
	if len(problems) > 0 {
		return problems
	}
	if may != nil {
		if err := may(doc); err != nil {
			return err
		}
	}
	changed := doc.with(where, pairs)
	if !saysOnly(old, changed, where, pairs) {
		return fmt.Errorf("%w: %s; add this by hand:\n%s", ErrNotEditable, path, fragment(where, pairs, "\n"))
	}
	if err := makeParent(path); err != nil {
		return err
	}
	if last != nil {
		if err := last(); err != nil {
			return err
		}
	}
	return writeFile(path, changed)
}

// saysOnly compares what two files say, apart from the values that were set.
func saysOnly(old, changed []byte, where []string, pairs []pair) bool {
	var before, after, set map[string]any
	if _, problems := parseDocument("", changed); len(problems) > 0 {
		return false
	}
	mark := []byte("\xef\xbb\xbf")
	if toml.Unmarshal(bytes.TrimPrefix(old, mark), &before) != nil ||
		toml.Unmarshal(bytes.TrimPrefix(changed, mark), &after) != nil ||
		toml.Unmarshal([]byte(fragment(nil, pairs, "\n")), &set) != nil {
		return false
	}
	if before == nil {
		before = map[string]any{}
	}
	was, is := before, after
	for _, name := range where {
		next, ok := was[name].(map[string]any)
		if !ok {
			next = map[string]any{}
			was[name] = next
		}
		was = next
		if is, ok = is[name].(map[string]any); !ok {
			return false
		}
	}
	for _, p := range pairs {
		if _, there := is[p.key]; there || !p.empty() {
			was[p.key] = set[p.key]
		}
	}
	return reflect.DeepEqual(before, after)
}

// fragment writes a table with its keys; what is empty is left out.
func fragment(where []string, pairs []pair, eol string) string {
	var b strings.Builder
	if len(where) > 0 {
		b.WriteString("[" + dotted(where...) + "]" + eol)
	}
	for _, p := range pairs {
		if len(where) == 0 || !p.empty() {
			b.WriteString(p.key + " = " + p.text + eol)
		}
	}
	return b.String()
}

// makeParent creates the folder of a file. Only the program's own folder is
// closed to others; one that a person chose is theirs.
func makeParent(path string) error {
	dir := filepath.Dir(path)
	if filepath.Base(dir) == folder {
		return MakePrivateDir(dir)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("create folder %s: %s", dir, reason(err))
	}
	return nil
}

// writeFile replaces a file in one step, for this person alone (0600): after
// a crash there is the old one or the new one.
func writeFile(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return fmt.Errorf("write %s: %s", path, reason(err))
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), path) // CreateTemp made it 0600
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %s", path, reason(err)), os.Remove(f.Name()))
	}
	return nil
}
