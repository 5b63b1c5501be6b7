package config

import (
	"slices"
	"strings"
	"testing"
)

func TestOwnCommands(t *testing.T) {
	t.Parallel()
	in := testInput(t)
	in.Actions, in.Fields = testActions(), []string{"name", "email"}
	taken := ""
	for _, a := range in.Actions {
		if slices.Contains(a.Scopes, "list") && len(a.Keys) > 0 {
			taken = a.Name
			writeConfig(t, in, `[commands.mutt]
key = "`+a.Keys[0]+`"
scope = "list"
run = ["mutt", "{name} <{email}>", "{{literal"]
show = true
`)
			break
		}
	}
	c := load(t, in)
	if len(c.Commands) != 1 {
		t.Fatalf("%+v", c.Commands)
	}
	got := c.Commands[0]
	if got.Name != "mutt" || !got.Ask || !got.Show || got.Reads || !slices.Equal(got.Scopes, []string{"list"}) ||
		len(got.Run) != 3 {
		t.Errorf("%+v", got)
	}
	if keys := c.KeysByAction[taken]; slices.Contains(keys, got.Key) {
		t.Errorf("%s keeps %v although a command has its key", taken, keys)
	}
}

func TestBadOwnCommands(t *testing.T) {
	t.Parallel()
	in := Input{Actions: testActions(), Fields: []string{"name", "email"}}
	for text, want := range map[string]string{
		"commands = 1":                                                                 "must be a table of commands",
		"[commands.a]\nrun = [\"x\"]":                                                  "has no key",
		"[commands.a]\nkey = \"f5\"":                                                   "has no run",
		"[commands.a]\nkey = \"nokey\"":                                                "is not a key",
		"[commands.a]\nkey = [\"f5\", \"f6\"]":                                         "a command has one key",
		"[commands.a]\nkey=\"f5\"\nrun = \"ls -l\"":                                    "must be an array of a program and its arguments",
		"[commands.a]\nkey=\"f5\"\nrun = [\"ls\", \"{emial}\"]":                        "no field has this name, did you mean email?",
		"[commands.a]\nkey=\"f5\"\nrun = [\"{name}\"]":                                 "the program is not made from a contact",
		"[commands.a]\nkey=\"f5\"\nrun = [\"x\"]\nscope = \"form\"":                    "is no place of a command",
		"[commands.a]\nkey=\"f5\"\nrun = [\"x\"]\nask = \"no\"":                        "must be true or false without quotes",
		"[commands.a]\nkey=\"f5\"\nrun = [\"x\"]\nread = true":                         "a command has no such part, did you mean reads?",
		"[commands.a]\nkey=\"f5\"\nrun=[\"x\"]\n[commands.b]\nkey=\"f5\"\nrun=[\"y\"]": "is also the key of commands.a",
		"[commands.\"a\\u0007\"]\nkey=\"f5\"\nrun=[\"x\"]":                             "is not a name for a command",
	} {
		_, problems := inspect("c.toml", []byte(text), in)
		if len(problems) != 1 || !strings.Contains(problems.Error(), want) {
			t.Errorf("%q: %v, want %q", text, problems, want)
		}
	}
}
