package config

import (
	"reflect"
	"strings"
	"testing"
)

func TestKeysAreBroughtIntoTheSpellingOfTheTerminal(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"e": "e", "G": "G", "é": "é", "?": "?", "+": "+", "ctrl++": "ctrl++", " ": "space", "Space": "space",
		"ctrl+s": "ctrl+s", "Ctrl+S": "ctrl+s", "control+x": "ctrl+x", "shift+g": "G", "shift+tab": "shift+tab",
		"alt+G": "alt+shift+g", "shift+alt+g": "alt+shift+g", "alt+ctrl+x": "ctrl+alt+x", "cmd+k": "super+k", "option+b": "alt+b",
		"pgdn": "pgdown", "PageUp": "pgup", "Escape": "esc", "return": "enter", "del": "delete", "ins": "insert",
		"f1": "f1", "F24": "f24", "ctrl+space": "ctrl+space", "ctrl+alt+delete": "ctrl+alt+delete", "ctrl+ ": "ctrl+space",
	} {
		if got, why := normalizeKey(text); why != nil || got != want {
			t.Errorf("%q: %q %v, want %q", text, got, why, want)
		}
	}
	for text, want := range map[string]string{
		"": "is not a key", "gg": "is not a key", "entr": "did you mean enter?", "f25": "is not a key", "f01": "is not a key", "ctrl+": "is not a key",
		"crtl+s": "is no modifier", "ctrl+ctrl+s": "ctrl is there twice", "shift+1": "the character that shift makes",
		"\x01": "not a character", "\u0301": "not a character", "\xff": "not a character", "\u202e": "not a character",
		"ctrl+i": "same key as tab", "ctrl+M": "same key as enter", "ctrl+[": "same key as esc",
	} {
		if got, why := normalizeKey(text); why == nil || !strings.Contains(why.message, want) {
			t.Errorf("%q: %q %v, want %q", text, got, why, want)
		}
	}
}

func TestDefaultKeysOfTheTestTableNeedNoNormalizing(t *testing.T) {
	t.Parallel()
	for _, a := range testActions() {
		for _, key := range a.Keys {
			if got, why := normalizeKey(key); why != nil || got != key {
				t.Errorf("%s: %q %v", key, got, why)
			}
		}
	}
}

func TestBindings(t *testing.T) {
	t.Parallel()
	in := testInput(t)
	file := writeConfig(t, in, `[keys]
"contact.edit" = ["n", "ctrl+E"] # takes the key of the next one
contact.new = "+"
list.end = []
`)
	at := func(line int) Origin { return Origin{Kind: OriginFile, File: file, Line: line} }
	want := []Binding{
		{"contact.edit", []string{"n", "ctrl+e"}, at(2)},
		{"contact.new", []string{"+"}, at(3)},
		{"list.end", []string{}, at(4)},
	}
	c := load(t, in)
	if !reflect.DeepEqual(c.Keys, want) {
		t.Errorf("got  %v\nwant %v", c.Keys, want)
	}
	if keys := map[string][]string{"contact.edit": {"n", "ctrl+e"}, "contact.new": {"+"}, "list.end": {}}; !reflect.DeepEqual(c.KeysByAction, keys) {
		t.Errorf("got  %v\nwant %v", c.KeysByAction, keys)
	}
}

// A later version may give an action the key that the user has bound to another
// one: the user's binding wins, and the default loses that key and no other.
func TestBindingWinsOverDefault(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]map[string][]string{
		`"contact.edit" = ["n"]`:  {"contact.edit": {"n"}, "contact.new": {}},
		`"contact.edit" = "G"`:    {"contact.edit": {"G"}, "list.end": {"end"}},
		`"field.edit" = ["n"]`:    {"field.edit": {"n"}, "contact.new": {}},
		`help = ["?", "e"]`:       {"help": {"?", "e"}},
		`"contact.copy" = "tab"`:  {"contact.copy": {"tab"}},
		`"form.save" = "ctrl+c"`:  {"form.save": {"ctrl+c"}},
		`"list.end" = ["e", "n"]`: {"list.end": {"e", "n"}, "contact.edit": {}, "contact.new": {}},
	} {
		in := testInput(t)
		writeConfig(t, in, "[keys]\n"+text+"\n")
		if got := load(t, in).KeysByAction; !reflect.DeepEqual(got, want) {
			t.Errorf("%s gives %v, want %v", text, got, want)
		}
	}
}

// Commands are not driven by keys, so nothing in [keys] keeps one from working.
func TestKeysAreNoBusinessOfCommands(t *testing.T) {
	t.Parallel()
	in := testInput(t)
	writeConfig(t, in, "[keys]\nnonsense = 3\n\"contact.edit\" = [\"gg\"]\n")
	loadProblems(t, in)
	in.Actions = nil
	if c := load(t, in); len(c.Keys) > 0 {
		t.Errorf("%v", c.Keys)
	}
}

func TestProblemsOfBindings(t *testing.T) {
	t.Parallel()
	got := strings.Join(checkText(`[keys]
"contact.edit" = ["n", "gg", 4, "E", "shift+e"]
contact.new = ["x"]
list.end = "x"
"list.end" = "y"
list.edn = ["z"]
quit = 3
field.edit = "x" # meets contact.new in one of its two scopes
contact.copy = "tab"
help = ["?", "e"] # another scope: no conflict
form.save = ["s", "space", "ctrl+w", "f2"]
`), "\n")
	want := []string{
		`2:24 keys.contact.edit = "gg": is not a key; allowed: ` + allowedKeys,
		`2:30 keys.contact.edit = 4: must be a key, not a whole number; allowed: ` + allowedKeys,
		`2:38 keys.contact.edit = "shift+e": the key is listed twice`,
		`4:12 keys.list.end = "x": is also the key of contact.new, on line 3; give that action another key or []`,
		`5:1 keys.list.end: the action is bound twice`,
		`6:6 keys.list.edn: no action has this name, did you mean list.end?`,
		`7:8 keys.quit = 3: must be a list of keys, not a whole number; allowed: an array such as ["e", "ctrl+e"]`,
		`8:14 keys.field.edit = "x": is also the key of contact.new, on line 3; give that action another key or []`,
		`11:14 keys.form.save = "s": could no longer be typed as text; allowed: a named key, or one with ctrl+, alt+ or super+ before it`,
		`11:19 keys.form.save = "space": could no longer be typed as text; allowed: a named key, or one with ctrl+, alt+ or super+ before it`,
	}
	if got != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
	if got := checkText("keys = 3"); len(got) != 1 || !strings.HasPrefix(got[0], "1:8 keys = 3: must be a table of actions") {
		t.Errorf("%v", got)
	}
}
