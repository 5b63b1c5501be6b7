package config

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// testActions is a small table as the program would give it.
func testActions() []Action {
	both := []string{"list", "detail"}
	return []Action{
		{"contact.edit", both, []string{"e"}, false},
		{"contact.new", both, []string{"n"}, false},
		{"contact.copy", []string{"list"}, []string{"N"}, false},
		{"list.end", []string{"list"}, []string{"G", "end"}, false},
		{"field.edit", []string{"detail"}, []string{"enter"}, false},
		{"form.save", []string{"form"}, []string{"ctrl+s"}, true},
		{"quit", []string{"global"}, []string{"q", "ctrl+c"}, false},
		{"help", []string{"global"}, []string{"?"}, false},
	}
}

func testColumns() []string {
	return []string{"name", "contact_type", "title", "email", "city", "state", "updated_at"}
}

func lookup(env map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value, ok := env[name]
		return value, ok
	}
}

// testInput is an input whose folders are below a new temporary folder.
func testInput(t *testing.T) Input {
	t.Helper()
	home := t.TempDir()
	return Input{Home: home, Flags: map[string]string{}, Actions: testActions(), Columns: testColumns(), Env: lookup(nil)}
}

// writeConfig writes the configuration file that in looks for.
func writeConfig(t *testing.T, in Input, text string) string {
	t.Helper()
	paths, err := in.Paths()
	if err != nil {
		t.Fatal(err)
	}
	file := paths.ConfigFile()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// load loads a configuration that must be right.
func load(t *testing.T, in Input) *Config {
	t.Helper()
	c, err := Load(in)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// loadProblems loads a configuration that must be wrong.
func loadProblems(t *testing.T, in Input) Problems {
	t.Helper()
	c, err := Load(in)
	var problems Problems
	if !errors.As(err, &problems) || len(problems) == 0 {
		t.Fatalf("no problems but %v, %v", c, err)
	}
	if c != nil {
		t.Error("a configuration with problems was given out")
	}
	return problems
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
