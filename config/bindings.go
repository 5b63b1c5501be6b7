package config

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// An Action is something that a key can be bound to. The program hands its
// table of actions in, since this package does not know them.
type Action struct {
	// Name is what the action is called in the file, such as "contact.edit".
	Name string
	// Scopes are where its keys are listened to; within a scope a key can
	// belong to one action only.
	Scopes []string
	// Keys are those it has by default, spelled as in a Binding.
	Keys []string
	// Typing reports that it is listened to while text is typed, so that a
	// plain character cannot be its key.
	Typing bool
}

// A Binding replaces the keys of an action.
type Binding struct {
	Action string
	// Keys are spelled as the terminal library reports them ("ctrl+s",
	// "pgdown", "space", "G"). None means that the action has no key.
	Keys   []string
	Origin Origin
}

const allowedKeys = `a character, or enter, tab, backspace, esc, space, up, down, left, right, home, end, pgup, pgdown, insert, delete, f1 to f24, with ctrl+, alt+, shift+, super+, meta+, hyper+ before it`

// boundKey is one key of a binding in the file, and its place.
type boundKey struct {
	key string
	at  span
}

// userBinding is an action's binding as found in the file.
type userBinding struct {
	action string
	at     span
	keys   []boundKey
}

// bindings checks the [keys] table. Actions have dots in their names, so both
// "contact.edit" = … and contact.edit = … are understood. Without a table of
// actions there is nothing to bind, and nothing is judged.
func (c *checker) bindings(it *item) []userBinding {
	if c.actions == nil {
		return nil
	}
	if it.val.kind != isTable {
		c.wrongType(it.val, "keys", "a table of actions and their keys", `[keys] with lines such as "contact.edit" = ["e"]`)
		return nil
	}
	var found []userBinding
	c.flatten(it.val.table, "", &found)
	c.conflicts(found)
	return found
}

// maxActionName bounds how deep dotted names are followed.
const maxActionName = 80

func (c *checker) flatten(t *table, prefix string, found *[]userBinding) {
	for _, it := range t.items {
		name := prefix + it.key
		if it.val.kind == isTable && len(name) <= maxActionName {
			c.flatten(it.val.table, name+".", found)
			continue
		}
		if !slices.ContainsFunc(c.actions, func(a Action) bool { return a.Name == name }) {
			c.add(it.keyAt, "keys."+name, "", "no action has this name"+didYouMean(name, c.actionNames()), "")
			continue
		}
		if slices.ContainsFunc(*found, func(b userBinding) bool { return b.action == name }) {
			c.add(it.keyAt, "keys."+name, "", "the action is bound twice", "")
			continue
		}
		if keys, ok := c.keyList(it.val, "keys."+name); ok {
			c.typed(name, keys)
			*found = append(*found, userBinding{action: name, at: it.keyAt, keys: keys})
		}
	}
}

func (c *checker) actionNames() []string {
	var names []string
	for _, a := range c.actions {
		names = append(names, a.Name)
	}
	return names
}

// keyList reads one key or a list of keys. A wrong key does not hide that the
// others are right.
func (c *checker) keyList(v value, path string) ([]boundKey, bool) {
	list := v.list
	switch v.kind {
	case isText:
		list = []value{v}
	case isList:
	default:
		c.wrongType(v, path, "a list of keys", `an array such as ["e", "ctrl+e"]`)
		return nil, false
	}
	keys := []boundKey{}
	for _, one := range list {
		if one.kind != isText {
			c.wrongType(one, path, "a key", allowedKeys)
			continue
		}
		key, why := normalizeKey(one.text)
		switch {
		case why != nil:
			c.add(one.at, path, quoted(one.text), why.message, why.allowed)
		case slices.ContainsFunc(keys, func(b boundKey) bool { return b.key == key }):
			c.add(one.at, path, quoted(one.text), "the key is listed twice", "")
		default:
			keys = append(keys, boundKey{key, one.at})
		}
	}
	return keys, true
}

// typed refuses plain characters for actions that would take them away from
// the text that is being typed.
func (c *checker) typed(name string, keys []boundKey) {
	if !c.action(name).Typing {
		return
	}
	for _, key := range keys {
		if key.key == "space" || utf8.RuneCountInString(key.key) == 1 {
			c.add(key.at, "keys."+name, quoted(key.key), "could no longer be typed as text", "a named key, or one with ctrl+, alt+ or super+ before it")
		}
	}
}

// conflicts looks for keys that the file gives to two actions of one scope. Two
// actions that share several scopes are one problem. A key that an action has
// by default is no conflict: see [Config.KeysByAction].
func (c *checker) conflicts(user []userBinding) {
	type place struct{ scope, key string }
	type setter struct {
		action string
		line   int
	}
	held := map[place]setter{}
	for _, b := range user {
		for _, key := range b.keys {
			var reported []string
			for _, scope := range c.action(b.action).Scopes {
				other, taken := held[place{scope, key.key}]
				if !taken {
					held[place{scope, key.key}] = setter{b.action, c.doc.line(key.at.from)}
					continue
				}
				if slices.Contains(reported, other.action) {
					continue
				}
				reported = append(reported, other.action)
				c.add(key.at, "keys."+b.action, quoted(key.key),
					fmt.Sprintf("is also the key of %s, on line %d; give that action another key or []", other.action, other.line), "")
			}
		}
	}
}

// keysByAction gives the keys of the actions that the file changes: those it
// names, and those that lose a default key to one of them.
func keysByAction(actions []Action, user []Binding) map[string][]string {
	out := map[string][]string{}
	for _, b := range user {
		out[b.Action] = b.Keys
	}
	for _, a := range actions {
		if _, bound := out[a.Name]; bound {
			continue
		}
		free := slices.DeleteFunc(slices.Clone(a.Keys), func(key string) bool {
			return slices.ContainsFunc(user, func(b Binding) bool {
				i := slices.IndexFunc(actions, func(o Action) bool { return o.Name == b.Action })
				return slices.Contains(b.Keys, key) && i >= 0 && slices.ContainsFunc(actions[i].Scopes,
					func(scope string) bool { return slices.Contains(a.Scopes, scope) })
			})
		})
		if len(free) < len(a.Keys) {
			out[a.Name] = free
		}
	}
	return out
}

func (c *checker) action(name string) Action {
	for _, a := range c.actions {
		if a.Name == name {
			return a
		}
	}
	return Action{}
}

// normalizeKey brings a key into the spelling that the terminal library
// reports, or says why no terminal could ever send it.
func normalizeKey(text string) (string, *fault) {
	if text == " " {
		return "space", nil
	}
	name, mods := text, map[string]bool{}
	for {
		i := strings.IndexByte(name, '+')
		if i <= 0 || i == len(name)-1 {
			break
		}
		mod := modifier(strings.ToLower(name[:i]))
		if mod == "" {
			return "", &fault{fmt.Sprintf("%s is no modifier", quoted(name[:i])), allowedKeys}
		}
		if mods[mod] {
			return "", &fault{mod + " is there twice", allowedKeys}
		}
		mods[mod], name = true, name[i+1:]
	}
	name, why := keyName(name, mods)
	if why != nil {
		return "", why
	}
	var b strings.Builder
	for _, mod := range modifiers {
		if mods[mod] {
			b.WriteString(mod + "+")
		}
	}
	key := b.String() + name
	// Most terminals send the same byte for both, so a binding on the first
	// would work for some people and take the second from the others.
	if same := map[string]string{"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+[": "esc"}[key]; same != "" {
		return "", &fault{"is the same key as " + same + " in most terminals", same + ", or another key"}
	}
	return key, nil
}

// modifiers are the modifiers in the order of the terminal library, and other
// names that users know them by.
var (
	modifiers     = [...]string{"ctrl", "alt", "shift", "meta", "hyper", "super"}
	modifierNames = map[string]string{"control": "ctrl", "option": "alt", "opt": "alt", "cmd": "super", "command": "super", "win": "super"}
	keyNames      = [...]string{"enter", "tab", "backspace", "esc", "space", "up", "down", "left", "right",
		"home", "end", "pgup", "pgdown", "insert", "delete"}
	otherKeyNames = map[string]string{"return": "enter", "escape": "esc", "del": "delete", "ins": "insert",
		"pgdn": "pgdown", "pagedown": "pgdown", "pageup": "pgup"}
)

func modifier(s string) string {
	s = cmp.Or(modifierNames[s], s)
	if slices.Contains(modifiers[:], s) {
		return s
	}
	return ""
}

// keyName checks the key itself; a capital letter becomes shift or the other
// way round, as terminals report it.
func keyName(name string, mods map[string]bool) (string, *fault) {
	r, size := utf8.DecodeRuneInString(name)
	if size < len(name) || size == 0 {
		if named := namedKey(strings.ToLower(name)); named != "" {
			return named, nil
		}
		return "", &fault{"is not a key" + didYouMean(name, keyNames[:]), allowedKeys}
	}
	if r == utf8.RuneError || !unicode.IsPrint(r) || unicode.IsMark(r) {
		return "", &fault{"is not a character that can be typed alone", allowedKeys}
	}
	if r == ' ' {
		return "space", nil
	}
	if !unicode.IsLetter(r) {
		if mods["shift"] && len(mods) == 1 {
			return "", &fault{"write the character that shift makes, not shift+" + name, allowedKeys}
		}
		return name, nil
	}
	switch {
	case len(mods) == 1 && mods["shift"]:
		delete(mods, "shift")
		return string(unicode.ToUpper(r)), nil
	case len(mods) == 0:
		return name, nil
	case unicode.IsUpper(r) && !mods["ctrl"]:
		mods["shift"] = true
	}
	return string(unicode.ToLower(r)), nil
}

func namedKey(name string) string {
	name = cmp.Or(otherKeyNames[name], name)
	n, err := strconv.Atoi(strings.TrimPrefix(name, "f"))
	if slices.Contains(keyNames[:], name) || err == nil && n >= 1 && n <= 24 && name == fmt.Sprintf("f%d", n) {
		return name
	}
	return ""
}
