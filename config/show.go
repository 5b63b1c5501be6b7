package config

import (
	"fmt"

	"github.com/levcontacts/levcontacts/internal/redact"
)

// A Row is one line of the listing of all settings.
type Row struct {
	Name   string `json:"name"`
	Value  string `json:"value"` // empty when unset; a key is masked
	Origin string `json:"origin"`
}

// Rows lists every setting with its value and where that came from, in the
// order of the table of settings. The key is shown masked; the zero
// Credential stands for having none.
func (c *Config) Rows(key Credential) []Row {
	var rows []Row
	for _, s := range Settings() {
		switch {
		case s.Kind == KindSecret:
			rows = append(rows, keyRow(s, key))
		case s.Kind == KindViews:
			for _, v := range c.Views {
				rows = append(rows, Row{dotted("views", v.Name), v.text(), v.Origin.String()})
			}
		case s.Kind == KindKeys:
			for _, b := range c.Keys {
				rows = append(rows, Row{dotted("keys", b.Action), tomlStrings(b.Keys), b.Origin.String()})
			}
		case s.Kind == KindOwnCommands:
			for _, o := range c.Commands {
				rows = append(rows, Row{dotted("commands", o.Name), o.text(), o.Origin.String()})
			}
		default:
			value, origin := s.field(c).get()
			rows = append(rows, Row{s.Name, shownValue(value), origin.String()})
		}
	}
	return rows
}

func keyRow(s Setting, key Credential) Row {
	row := Row{Name: s.Name, Origin: "no source has one"}
	if key.Token.IsZero() {
		return row
	}
	row.Value, row.Origin = key.Token.String(), string(key.Source)
	switch key.Source {
	case SourceEnv:
		row.Origin = Origin{Kind: OriginEnvironment, Name: string(key.Source)}.String()
	case SourceFlagFile:
		row.Origin = Origin{Kind: OriginFlag, Name: string(key.Source)}.String()
	}
	if key.Detail != "" {
		row.Origin += " (" + key.Detail + ")"
	}
	return row
}

// shownValue writes a resolved value for the user: text as it is, lists as in
// the file, nothing for what is unset.
func shownValue(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []string:
		if len(v) == 0 {
			return ""
		}
		return redact.Shapes(tomlStrings(v))
	default:
		return fmt.Sprint(v)
	}
}

// text writes a view as an inline table.
func (v View) text() string {
	text := "{filter = " + tomlString(v.Filter)
	if v.Sort != "" {
		text += ", sort = " + tomlString(v.Sort)
	}
	if len(v.Columns) > 0 {
		text += ", columns = " + tomlStrings(v.Columns)
	}
	return text + "}"
}
