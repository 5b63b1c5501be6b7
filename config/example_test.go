package config

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// uncommented takes the # from every line that is a setting.
func uncommented(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if len(line) > 1 && line[0] == '#' && line[1] != ' ' && line[1] != '\n' {
			line = line[1:]
		}
		b.WriteString(line)
	}
	return b.String()
}

func TestExampleIsValid(t *testing.T) {
	t.Parallel()
	in := Input{Actions: testActions(), Columns: testColumns(), Home: "/home/me"}
	example := Example(in)
	for name, text := range map[string]string{"as it is": example, "all settings": uncommented(example)} {
		if got := checkText(text); len(got) > 0 {
			t.Errorf("%s: %s\n%s", name, strings.Join(got, "\n"), text)
		}
	}
	f, _ := inspect("", []byte(uncommented(example)), in)
	for _, s := range Settings() {
		_, top := f.top[s.Name]
		_, profile := profileNamed(f.profiles, DefaultProfile).values[s.Name]
		switch {
		case s.Kind == KindViews && len(f.views) != 1, s.Kind == KindKeys && len(f.bindings) != len(in.Actions):
			t.Errorf("%s: %d views, %d bindings", s.Name, len(f.views), len(f.bindings))
		case s.Kind == KindOwnCommands && len(f.commands) != 1:
			t.Errorf("%s: %d", s.Name, len(f.commands))
		case s.field == nil, s.Kind == KindViews, s.Kind == KindKeys:
		case s.atTop() && !top || s.Place == PlaceProfile && !profile:
			t.Errorf("%s is not in the example", s.Name)
		}
	}
	for i, line := range strings.Split(example, "\n") {
		if strings.HasPrefix(line, "# ") && len(line) > lineWidth {
			t.Errorf("line %d is long: %s", i+1, line)
		}
	}
	if got := checkText(uncommented(Example(Input{}))); len(got) > 0 && !strings.Contains(strings.Join(got, ""), "no column has this name") {
		t.Errorf("without actions and columns: %v", got)
	}
}

func TestExampleFileLoads(t *testing.T) {
	t.Parallel()
	in := testInput(t)
	writeConfig(t, in, Example(in))
	c := load(t, in)
	for _, s := range Settings() {
		if s.field == nil || s.Name == "config" {
			continue
		}
		if _, origin := s.field(c).get(); origin.Kind != OriginDefault {
			t.Errorf("%s is set by the example as it is: %s", s.Name, origin)
		}
	}
}

func TestSchema(t *testing.T) {
	t.Parallel()
	text, err := Schema(Input{Actions: testActions(), Columns: testColumns()})
	if err != nil {
		t.Fatal(err)
	}
	var schema map[string]any
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	at := func(path string) any {
		t.Helper()
		var v any = schema
		for _, step := range strings.Fields(path) {
			o, ok := v.(map[string]any)
			if !ok || o[step] == nil {
				t.Errorf("no %s in %s", step, path)
				return nil
			}
			v = o[step]
		}
		return v
	}
	for _, s := range Settings() {
		for _, place := range []struct {
			is   bool
			path string
		}{{s.atTop(), "properties "}, {s.inProfile(), "properties profiles additionalProperties properties "}} {
			properties := at(strings.TrimSpace(place.path)).(map[string]any)
			if _, there := properties[s.Name]; there != place.is {
				t.Errorf("%s%s: %v", place.path, s.Name, there)
			}
			if place.is && at(place.path+s.Name+" description") != s.Doc {
				t.Errorf("%s is not described", s.Name)
			}
		}
	}
	for path, want := range map[string]any{
		"properties page_size maximum":                                  200.0,
		"properties page_size default":                                  0.0,
		"properties cache default":                                      true,
		"properties timeout default":                                    "30s",
		"properties theme type":                                         "string",
		"additionalProperties":                                          false,
		"properties theme enum":                                         []any{"auto", "dark", "light", "high-contrast", "red-green-safe", "blue-yellow-safe", "ansi16", "ascii"},
		"properties columns items enum":                                 []any{"name", "contact_type", "title", "email", "city", "state", "updated_at"},
		"properties profiles additionalProperties additionalProperties": false,
		"properties profiles additionalProperties properties rate_limit properties type": nil,
		"properties keys properties contact.edit default":                                []any{"e"},
		"properties keys properties contact properties edit default":                     []any{"e"},
		"properties keys properties contact properties new default":                      []any{"n"},
		"properties keys properties quit default":                                        []any{"q", "ctrl+c"},
		"properties views additionalProperties properties sort pattern":                  "^(-?(name|contact_type|title|email|city|state|updated_at))?$",
	} {
		if want == nil {
			continue
		}
		if got := at(path); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
}
