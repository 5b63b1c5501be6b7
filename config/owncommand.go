package config

import (
	"fmt"
	"slices"
	"strings"
)

// An OwnCommand is a program that the user runs for a contact with a key.
type OwnCommand struct {
	Name string
	Key  string // spelled as in a Binding
	// Scopes are where the key is listened to, as in an Action.
	Scopes []string
	// Run is the program and its arguments. {email} and the like in an argument
	// stand for a field of the contact; {{ is a brace.
	Run    []string
	Ask    bool // ask before it runs
	Show   bool // show its output
	Reads  bool // it changes nothing, so read-only does not turn it off
	Origin Origin
}

// action is what the command is called among the actions.
func (o OwnCommand) action() string { return "command." + o.Name }

const (
	commandParts    = "key, scope, run, ask, show, reads"
	allowedScopes   = `"list", "details"; without it both`
	allowedTemplate = "a field in braces, such as {email}; {{ for a brace itself"
	allowedRun      = `an array such as ["git", "log", "--author", "{email}"]`
)

// commands checks the [commands] table.
func (c *checker) commands(it *item) []OwnCommand {
	if it.val.kind != isTable {
		c.wrongType(it.val, "commands", "a table of commands", "[commands.NAME]")
		return nil
	}
	var out []OwnCommand
	for _, entry := range it.val.table.items {
		at := dotted("commands", entry.key)
		if viewNameFault(entry.key) {
			c.add(entry.keyAt, at, "", "is not a name for a command", allowedViewName)
			continue
		}
		if entry.val.kind != isTable {
			c.wrongType(entry.val, at, "a table", commandParts)
			continue
		}
		before := len(c.problems)
		o := OwnCommand{Name: entry.key, Scopes: []string{"list", "detail"}, Ask: true, Origin: c.doc.origin(entry.keyAt, "")}
		for _, part := range entry.val.table.items {
			c.commandPart(part, at+"."+tomlKey(part.key), &o)
		}
		for name, missing := range map[string]bool{"key": o.Key == "", "run": len(o.Run) == 0} {
			if missing && len(c.problems) == before {
				c.add(entry.keyAt, at, "", "has no "+name, commandParts)
			}
		}
		if len(c.problems) == before {
			out = append(out, o)
		}
	}
	return out
}

func (c *checker) commandPart(it *item, path string, o *OwnCommand) {
	flags := map[string]*bool{"ask": &o.Ask, "show": &o.Show, "reads": &o.Reads}
	switch it.key {
	case "key":
		if keys, ok := c.keyList(it.val, path); ok && len(keys) == 1 {
			o.Key = keys[0].key
		} else if ok && len(keys) > 1 {
			c.add(it.val.at, path, c.shown(it.val, path), "a command has one key", allowedKeys)
		}
	case "scope":
		switch {
		case it.val.kind != isText:
			c.wrongType(it.val, path, "text in quotes", allowedScopes)
		case it.val.text == "list":
			o.Scopes = []string{"list"}
		case it.val.text == "details":
			o.Scopes = []string{"detail"}
		default:
			c.add(it.val.at, path, c.shown(it.val, path), "is no place of a command", allowedScopes)
		}
	case "run":
		if words, ok := c.command(it.val, path, Setting{Kind: KindCommand}); ok {
			o.Run = words.([]string)
			c.templates(it, path, o.Run)
		}
	case "ask", "show", "reads":
		if it.val.kind != isBool {
			c.wrongType(it.val, path, "true or false without quotes", "true or false")
			return
		}
		*flags[it.key] = it.val.on
	default:
		c.add(it.keyAt, path, c.shown(it.val, path), "a command has no such part"+
			didYouMean(it.key, strings.Split(commandParts, ", ")), commandParts)
	}
}

// templates refuses names in braces that no field has. The program itself is
// never made from a contact.
func (c *checker) templates(it *item, path string, run []string) {
	for i, word := range run {
		names := templateNames(word)
		if i == 0 && len(names) > 0 {
			c.add(it.val.at, path, quoted(word), "the program is not made from a contact", allowedRun)
		}
		for _, name := range names {
			if i > 0 && c.fields != nil && !slices.Contains(c.fields, name) {
				c.add(it.val.at, path, quoted("{"+name+"}"), "no field has this name"+didYouMean(name, c.fields), allowedTemplate)
			}
		}
	}
}

// templateNames are the names in braces of an argument.
func templateNames(word string) []string {
	var names []string
	for rest := strings.ReplaceAll(word, "{{", ""); ; {
		_, after, ok := strings.Cut(rest, "{")
		if !ok {
			return names
		}
		name, end, ok := strings.Cut(after, "}")
		if !ok {
			return append(names, after)
		}
		names, rest = append(names, name), end
	}
}

// commandKeys refuses a key that is another command's, or that [keys] gives to an
// action of the same place.
func (c *checker) commandKeys(f *fileConfig) {
	share := func(a, b []string) bool {
		return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
	}
	refuse := func(o OwnCommand, other string) {
		c.problems = append(c.problems, Problem{File: o.Origin.File, Line: o.Origin.Line,
			Key: dotted("commands", o.Name, "key"), Value: quoted(o.Key),
			Message: fmt.Sprintf("is also the key of %s", other), Allowed: "another key"})
	}
	for i, o := range f.commands {
		for _, other := range f.commands[:i] {
			if other.Key == o.Key && share(o.Scopes, other.Scopes) {
				refuse(o, "commands."+other.Name)
			}
		}
		for _, b := range f.bindings {
			taken := slices.ContainsFunc(b.keys, func(k boundKey) bool { return k.key == o.Key })
			if taken && share(o.Scopes, c.action(b.action).Scopes) {
				refuse(o, b.action)
			}
		}
	}
}

// bindCommands are commands as actions that are bound to their keys, so that an
// action that has such a key by default loses it.
func bindCommands(commands []OwnCommand) (actions []Action, bindings []Binding) {
	for _, o := range commands {
		actions = append(actions, Action{Name: o.action(), Scopes: o.Scopes})
		bindings = append(bindings, Binding{Action: o.action(), Keys: []string{o.Key}, Origin: o.Origin})
	}
	return actions, bindings
}

// text writes a command as an inline table.
func (o OwnCommand) text() string {
	return fmt.Sprintf("{key = %s, run = %s, ask = %t, show = %t, reads = %t}", tomlString(o.Key), tomlStrings(o.Run),
		o.Ask, o.Show, o.Reads)
}
