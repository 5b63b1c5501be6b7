package config

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/levcontacts/levcontacts/internal/look"
	"github.com/levcontacts/levcontacts/internal/redact"
)

// fileValue is a checked setting of the file and where it stands.
type fileValue struct {
	value any
	doc   *document
	at    span
}

func (v fileValue) origin(profile string) Origin { return v.doc.origin(v.at, profile) }

// fileProfile is a [profiles.NAME] table.
type fileProfile struct {
	name   string
	at     fileValue // without a value
	values map[string]fileValue
	views  []View
}

// fileConfig is what a configuration file says, checked.
type fileConfig struct {
	doc      *document
	top      map[string]fileValue
	views    []View
	bindings []userBinding
	commands []OwnCommand
	profiles []fileProfile
}

// A View is a named choice of what the list shows.
type View struct {
	Name string
	// Filter is written as it would be typed in the search.
	Filter string
	// Sort is the name of a column, with - before it for descending; empty
	// is the order of the service.
	Sort string
	// Columns from left to right; empty leaves them as they are.
	Columns []string
	// Origin is where the view is defined.
	Origin Origin
}

// checker goes over a document and collects everything that is wrong.
type checker struct {
	doc      *document
	at       roots
	actions  []Action
	columns  []string
	fields   []string
	problems Problems
}

// inspect reads and checks a whole file, all profiles alike. What stands on a
// line that is not valid TOML is not judged a second time.
func inspect(path string, data []byte, in Input) (*fileConfig, Problems) {
	doc, problems := parseDocument(path, data)
	f, more := checkDocument(doc, in)
	for _, p := range more {
		if !slices.ContainsFunc(problems, func(o Problem) bool { return o.Line == p.Line && o.Key == "" }) {
			problems = append(problems, p)
		}
	}
	return f, problems
}

func checkDocument(doc *document, in Input) (*fileConfig, Problems) {
	c := &checker{doc: doc, actions: in.Actions, columns: in.Columns, fields: in.Fields,
		at: roots{home: in.Home, dir: filepath.Dir(doc.file)}}
	f := &fileConfig{doc: doc, top: map[string]fileValue{}}
	for _, it := range doc.root.items {
		switch it.key {
		case "profiles":
			c.profiles(it, f)
		case "keys":
			f.bindings = c.bindings(it)
		case "commands":
			f.commands = c.commands(it)
		case "views":
			f.views = c.views(it, "views", "")
		default:
			c.entry(it, "", f.top)
		}
	}
	c.commandKeys(f)
	return f, c.problems
}

func (c *checker) add(at span, key, value, message, allowed string) {
	line, column := c.doc.position(at.from)
	c.problems = append(c.problems, Problem{File: c.doc.file, Line: line, Column: column,
		Key: redact.Shapes(key), Value: value, Message: message, Allowed: allowed})
}

func (c *checker) wrongType(v value, path, want, allowed string) {
	c.add(v.at, path, c.shown(v, path), fmt.Sprintf("must be %s, not %s", want, v.kind), allowed)
}

// shown is a value of the file as it can be repeated in a message.
func (c *checker) shown(v value, path string) string {
	switch {
	case namesSecret(path):
		return "(hidden)"
	case v.kind == isText:
		return quoted(v.text)
	case v.kind == isTables || v.kind == isTable && !v.table.inline:
		return ""
	}
	raw := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if !unicode.IsPrint(r) {
			return '\ufffd'
		}
		return r
	}, c.doc.raw(v.at))
	return shorten(redact.Shapes(raw))
}

func (c *checker) profiles(it *item, f *fileConfig) {
	if it.val.kind != isTable {
		c.wrongType(it.val, "profiles", "a table of profiles", "[profiles.NAME]")
		return
	}
	for _, p := range it.val.table.items {
		path := dotted("profiles", p.key)
		if why := profileNameFault(p.key); why != "" {
			c.add(p.keyAt, redact.Shapes(path), "", "the name of a profile "+why, allowedProfileName)
		}
		for _, other := range f.profiles {
			if other.name != p.key && strings.EqualFold(other.name, p.key) {
				c.add(p.keyAt, path, "", fmt.Sprintf("differs from profile %s only in upper and lower case, and both would use the same folders", other.name), "")
			}
		}
		profile := fileProfile{name: p.key, at: fileValue{doc: c.doc, at: p.keyAt}, values: map[string]fileValue{}}
		var entries []*item
		if p.val.kind == isTable {
			entries = p.val.table.items
		} else {
			c.wrongType(p.val, path, "a table of settings", "[profiles.NAME] with settings below it")
		}
		for _, entry := range entries {
			if entry.key == "views" {
				profile.views = c.views(entry, path+".views", p.key)
				continue
			}
			c.entry(entry, p.key, profile.values)
		}
		f.profiles = append(f.profiles, profile)
	}
}

// entry checks one setting at the top level (profile is empty) or in a profile.
func (c *checker) entry(it *item, profile string, into map[string]fileValue) {
	path, inProfile := dotted(it.key), profile != ""
	if inProfile {
		path = dotted("profiles", profile, it.key)
	}
	s, known := settingNamed(it.key)
	switch {
	case namesSecret(it.key):
		c.add(it.keyAt, path, "(hidden)", "an API key does not belong in this file: run levcontacts auth login, or use api_key_command or api_key_file; if this key was shared with the file, revoke it", "")
		return
	case !known:
		c.unknown(it, path, inProfile)
		return
	case it.key == "profile" && it.val.kind == isTable:
		c.add(it.keyAt, path, "", "must be text in quotes, not a table; did you mean [profiles.NAME]?", "")
		return
	case s.Place == PlaceNowhere:
		c.add(it.keyAt, path, "", "is not a setting of this file", "--"+s.Flag+" on the command line")
		return
	case inProfile && !s.inProfile():
		c.add(it.keyAt, path, "", "belongs at the top level of the file, above the first [table]", "")
		return
	case !inProfile && !s.atTop():
		c.add(it.keyAt, path, "", "belongs in a profile, below [profiles.NAME]", "")
		return
	}
	if v, ok := c.setting(s, it.val, path); ok {
		into[s.Name] = fileValue{v, c.doc, it.keyAt}
	}
}

func (c *checker) unknown(it *item, path string, inProfile bool) {
	var names []string
	for _, s := range Settings() {
		if inProfile && s.inProfile() || !inProfile && s.atTop() {
			names = append(names, s.Name)
		}
	}
	if !inProfile {
		names = append(names, "profiles")
	}
	c.add(it.keyAt, path, c.shown(it.val, path), "no setting has this name"+didYouMean(it.key, names), strings.Join(names, ", "))
}

// setting checks a value by the table.
func (c *checker) setting(s Setting, v value, path string) (any, bool) {
	var result any
	var why *fault
	switch s.Kind {
	case KindBool:
		if v.kind != isBool {
			c.wrongType(v, path, "true or false without quotes", s.allowed())
			return nil, false
		}
		return v.on, true
	case KindInt:
		if v.kind != isInteger {
			c.wrongType(v, path, "a whole number without quotes", s.allowed())
			return nil, false
		}
		result, why = s.checkInt(v.number, v.fits)
	case KindCommand:
		return c.command(v, path, s)
	case KindColumns:
		return c.columnList(v, path)
	case KindRateLimit:
		return c.rateLimit(v, path, s)
	case KindColors:
		return c.colors(v, path, s)
	default:
		if v.kind != isText {
			c.wrongType(v, path, "text in quotes", s.allowed())
			return nil, false
		}
		result, why = s.fromText(v.text, c.at)
	}
	if why != nil {
		value := c.shown(v, path)
		if v.kind == isText {
			value = s.shown(v.text)
		}
		c.add(v.at, path, value, why.message, why.allowed)
	}
	return result, why == nil
}

func (c *checker) command(v value, path string, s Setting) (any, bool) {
	if v.kind != isList {
		c.wrongType(v, path, "an array of a program and its arguments", s.allowed())
		return nil, false
	}
	words, ok := []string{}, true
	for i, one := range v.list {
		switch {
		case one.kind != isText:
			c.wrongType(one, path, "text in quotes", s.allowed())
			ok = false
		case strings.ContainsRune(one.text, 0) || i == 0 && strings.TrimSpace(one.text) == "":
			c.add(one.at, path, c.shown(one, path), "is not the name of a program or an argument", s.allowed())
			ok = false
		}
		words = append(words, one.text)
	}
	if len(v.list) == 0 {
		c.add(v.at, path, "[]", "names no program", s.allowed())
		return nil, false
	}
	return words, ok
}

func (c *checker) columnList(v value, path string) ([]string, bool) {
	if v.kind != isList {
		c.wrongType(v, path, "an array of column names", c.allowedColumns())
		return nil, false
	}
	names, ok := []string{}, true
	for _, one := range v.list {
		switch {
		case one.kind != isText:
			c.wrongType(one, path, "the name of a column", c.allowedColumns())
			ok = false
		case !c.isColumn(one.text):
			c.add(one.at, path, c.shown(one, path), "no column has this name"+didYouMean(one.text, c.columns), c.allowedColumns())
			ok = false
		case slices.Contains(names, one.text):
			c.add(one.at, path, c.shown(one, path), "the column is listed twice", "")
			ok = false
		}
		names = append(names, one.text)
	}
	return names, ok
}

func (c *checker) isColumn(name string) bool {
	return name != "" && (len(c.columns) == 0 || slices.Contains(c.columns, name))
}

func (c *checker) allowedColumns() string { return strings.Join(c.columns, ", ") }

// colors reads the looks of what is drawn.
func (c *checker) colors(v value, path string, s Setting) (any, bool) {
	if v.kind != isTable {
		c.wrongType(v, path, "a table of looks", s.Example)
		return nil, false
	}
	looks, ok := Colors{}, true
	for _, it := range v.table.items {
		at := path + "." + tomlKey(it.key)
		switch {
		case !slices.Contains(s.Choices, it.key):
			c.add(it.keyAt, at, c.shown(it.val, at), "nothing that is drawn has this name"+didYouMean(it.key, s.Choices),
				strings.Join(s.Choices, ", "))
		case it.val.kind != isText:
			c.wrongType(it.val, at, "text in quotes", s.allowed())
		default:
			if _, err := look.Parse(it.val.text); err != nil {
				c.add(it.val.at, at, c.shown(it.val, at), err.Error(), s.allowed())
				break
			}
			looks[it.key] = it.val.text
			continue
		}
		ok = false
	}
	return looks, ok
}

func (c *checker) rateLimit(v value, path string, s Setting) (any, bool) {
	if v.kind != isTable {
		c.wrongType(v, path, "a table of limits", s.allowed())
		return nil, false
	}
	limit, ok := RateLimit{}, true
	for _, it := range v.table.items {
		var into *int
		switch it.key {
		case "account":
			into = &limit.Account
		case "endpoint":
			into = &limit.Endpoint
		default:
			c.add(it.keyAt, path+"."+tomlKey(it.key), c.shown(it.val, path+"."+it.key),
				"no limit has this name"+didYouMean(it.key, []string{"account", "endpoint"}), s.allowed())
			ok = false
			continue
		}
		switch {
		case it.val.kind != isInteger:
			c.wrongType(it.val, path+"."+it.key, "a whole number without quotes", s.allowed())
			ok = false
		case !it.val.fits || it.val.number < 1 || it.val.number > maxRequests:
			c.add(it.val.at, path+"."+it.key, c.shown(it.val, path), "is out of range", s.allowed())
			ok = false
		default:
			*into = int(it.val.number)
		}
	}
	return limit, ok
}
