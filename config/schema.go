package config

import (
	"encoding/json"
	"fmt"
	"strings"
)

// object is a JSON object of the schema.
type object = map[string]any

// Schema is a JSON schema (draft 7, which editors of TOML understand) of the
// configuration file, with the texts of the table of settings.
func Schema(in Input) ([]byte, error) {
	top, profile := object{}, object{}
	for _, s := range Settings() {
		if s.atTop() {
			top[s.Name] = s.schema(in)
		}
		if s.inProfile() {
			profile[s.Name] = s.schema(in)
		}
	}
	top["profiles"] = object{
		"type":                 "object",
		"description":          "Accounts, each with its own address, key, drafts and cache of the contacts.",
		"propertyNames":        object{"pattern": "^[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$"},
		"additionalProperties": closed(profile),
	}
	root := closed(top)
	root["$schema"] = "http://json-schema.org/draft-07/schema#"
	root["title"] = "levcontacts configuration"
	text, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the schema: %w", err)
	}
	return append(text, '\n'), nil
}

// closed is an object that has these properties and no others.
func closed(properties object) object {
	return object{"type": "object", "properties": properties, "additionalProperties": false}
}

// schema describes one setting.
func (s Setting) schema(in Input) object {
	o := s.shape(in)
	o["description"] = s.Doc
	if s.Default != "" {
		o["default"] = s.Default
		if v, why := s.fromText(s.Default, roots{}); why == nil && s.Kind != KindDuration && s.Kind != KindAge {
			o["default"] = v
		}
	}
	return o
}

func (s Setting) shape(in Input) object {
	text := object{"type": "string"}
	switch s.Kind {
	case KindBool:
		return object{"type": "boolean"}
	case KindInt:
		return object{"type": "integer", "minimum": 0, "maximum": s.Max}
	case KindEnum:
		return object{"type": "string", "enum": s.Choices}
	case KindURL:
		return object{"type": "string", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://[^?#@\\s]+$"}
	case KindDuration, KindAge:
		return object{"type": "string", "pattern": `^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$`}
	case KindCommand:
		return object{"type": "array", "items": text, "minItems": 1}
	case KindColumns:
		return columnsSchema(in)
	case KindRateLimit:
		limit := object{"type": "integer", "minimum": 1, "maximum": maxRequests}
		return closed(object{"account": limit, "endpoint": limit})
	case KindColors:
		properties := object{}
		for _, name := range s.Choices {
			properties[name] = text
		}
		return closed(properties)
	case KindViews:
		sort := object{"type": "string"}
		if len(in.Columns) > 0 {
			sort["pattern"] = "^(-?(" + strings.Join(in.Columns, "|") + "))?$"
		}
		view := closed(object{"filter": object{"type": "string", "maxLength": maxFilter}, "sort": sort, "columns": columnsSchema(in)})
		return object{"type": "object", "additionalProperties": view}
	case KindKeys:
		return keysSchema(in.Actions)
	case KindOwnCommands:
		yes := object{"type": "boolean"}
		command := closed(object{"key": text, "scope": object{"type": "string", "enum": []string{"list", "details"}},
			"run": object{"type": "array", "items": text, "minItems": 1}, "ask": yes, "show": yes, "reads": yes})
		return object{"type": "object", "additionalProperties": command}
	default:
		return object{"type": "string", "minLength": 1}
	}
}

func columnsSchema(in Input) object {
	item := object{"type": "string"}
	if len(in.Columns) > 0 {
		item["enum"] = in.Columns
	}
	return object{"type": "array", "items": item, "uniqueItems": true}
}

// keysSchema allows an action's name in quotes, and as a dotted key.
func keysSchema(actions []Action) object {
	properties := object{}
	for _, a := range actions {
		key := object{"type": "string"}
		keys := object{
			"description": fmt.Sprintf("Keys of %s (%s).", a.Name, strings.Join(a.Scopes, ", ")),
			"default":     a.Keys,
			"oneOf":       []object{key, {"type": "array", "items": key, "uniqueItems": true}},
		}
		properties[a.Name] = keys
		at := properties
		parts := strings.Split(a.Name, ".")
		for _, part := range parts[:len(parts)-1] {
			at = nested(at, part)
		}
		at[parts[len(parts)-1]] = keys
	}
	return closed(properties)
}

// nested finds or makes the properties of an inner table.
func nested(properties object, name string) object {
	if inner, ok := properties[name].(object); ok {
		if deeper, ok := inner["properties"].(object); ok {
			return deeper
		}
	}
	deeper := object{}
	properties[name] = closed(deeper)
	return deeper
}
