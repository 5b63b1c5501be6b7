package ui

import (
	"errors"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
)

func withCommands(all ...Command) func(*Options) {
	for i := range all {
		if all[i].Scopes == nil {
			all[i].Scopes = []keymap.Scope{keymap.List, keymap.Detail}
		}
	}
	return func(o *Options) { o.Commands = all }
}

func TestACommandOfMyOwn(t *testing.T) {
	t.Parallel()
	f := newFake(20)
	f.output = "two meetings\n\x1b[2J next week"
	s := start(t, f, 120, 40, withCommands(
		Command{Name: "calendar", Key: "f5", Run: []string{"cal", "{name} <{email}>", "{{raw}", "{state}"}, Show: true,
			Reads: true},
		Command{Name: "file", Key: "f6", Run: []string{"crm", "{id}"}, Ask: true},
	))
	s.send(tea.KeyPressMsg{Code: tea.KeyF5})
	s.want("Output of calendar", "two meetings", "next week")
	if want := []string{"cal", "Sarah Chen <chen0@meridiancapital.com>", "{raw}", "NY"}; !slices.Equal(f.ran[0], want) {
		t.Errorf("ran %q", f.ran[0])
	}
	if !slices.Contains(f.env, "LEV_CONTACT_EMAIL=chen0@meridiancapital.com") {
		t.Errorf("environment %q", f.env)
	}
	s.keys("esc", "?")
	s.keys("/")
	s.typed("your command")
	s.want("f5", "Your command: calendar", "Your command: file")
	s.keys("esc", "esc")

	s.send(tea.KeyPressMsg{Code: tea.KeyF6})
	s.want("Run file for Sarah Chen?", "crm 78")
	s.keys("n")
	if len(f.ran) != 1 {
		t.Errorf("ran %q although the answer was no", f.ran)
	}
	s.send(tea.KeyPressMsg{Code: tea.KeyF6})
	f.runErr = errors.New("it ended with exit status 1 and said: no such customer")
	s.keys("y")
	s.want("Your command file failed", "no such customer")
	if len(f.ran) != 2 {
		t.Errorf("ran %q", f.ran)
	}
}

func TestCommandsOfMyOwnInReadOnlyAndWithOddValues(t *testing.T) {
	t.Parallel()
	f := newFake(3)
	f.account.ReadOnly = "started with --read-only"
	f.Contacts[0] = f.Contacts[0].With(model.FieldCity, model.TextValue("--delete-all"))
	s := start(t, f, 120, 40, withCommands(
		Command{Name: "look", Key: "f5", Run: []string{"look", "{city}"}, Reads: true},
		Command{Name: "file", Key: "f6", Run: []string{"crm", "{id}"}},
	))
	s.send(tea.KeyPressMsg{Code: tea.KeyF6})
	s.want("read-only: started with --read-only")
	s.send(tea.KeyPressMsg{Code: tea.KeyF5})
	s.want("look was not run", "begins with -")
	if len(f.ran) != 0 {
		t.Errorf("ran %q", f.ran)
	}
	s.keys("j")
	s.send(tea.KeyPressMsg{Code: tea.KeyF5})
	s.want("Your command look is done")
	if len(f.ran) != 1 || strings.Join(f.ran[0], " ") != "look New York" {
		t.Errorf("ran %q", f.ran)
	}
}
