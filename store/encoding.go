package store

import (
	"encoding/json"
	"fmt"

	"github.com/levcontacts/levcontacts/model"
)

// The state is stored for years, so what it holds is JSON with the API's own
// field names, not the packed form, which may change.

// packedJSON is a contact as JSON, "" for none. Absent, null and empty stay apart.
func packedJSON(p model.Packed) (string, error) {
	if p == "" {
		return "", nil
	}
	c, err := p.Unpack()
	if err != nil {
		return "", err
	}
	return contactJSON(c)
}

func parsePacked(s string) (model.Packed, error) {
	c, err := parseContact(s)
	if s == "" || err != nil {
		return "", err
	}
	return c.Pack(), nil
}

func contactJSON(c model.Contact) (string, error) {
	if c.Equal(model.Contact{}) {
		return "", nil
	}
	b, err := c.MarshalJSON() // called directly: json.Marshal would escape < and > in the server's own JSON
	return string(b), err
}

func parseContact(s string) (c model.Contact, err error) {
	if s == "" {
		return c, nil
	}
	if err := c.UnmarshalJSON([]byte(s)); err != nil {
		return c, fmt.Errorf("contact: %w", err)
	}
	return c, nil
}

// changeJSON is one change. The values are JSON texts, byte for byte; one that
// was absent is left out.
type changeJSON struct {
	Field  string  `json:"field"`
	Before *string `json:"before,omitempty"`
	After  *string `json:"after,omitempty"`
}

func changesJSON(changes []model.Change) (string, error) {
	list := make([]changeJSON, len(changes))
	for i, c := range changes {
		before, err := valueJSON(c.Before)
		if err != nil {
			return "", err
		}
		after, err := valueJSON(c.After)
		if err != nil {
			return "", err
		}
		list[i] = changeJSON{c.Field.Name(), before, after}
	}
	b, err := json.Marshal(list)
	return string(b), err
}

func valueJSON(v model.Value) (*string, error) {
	if v.Kind() == model.Absent {
		return nil, nil
	}
	b, err := v.MarshalJSON()
	s := string(b)
	return &s, err
}

func parseChanges(s string) ([]model.Change, error) {
	var list []changeJSON
	if err := json.Unmarshal([]byte(s), &list); err != nil {
		return nil, fmt.Errorf("changes: %w", err)
	}
	var out []model.Change
	for _, c := range list {
		f, ok := model.FieldByName(c.Field)
		if !ok {
			return nil, fmt.Errorf("changes: no field is named %q", c.Field)
		}
		before, err := parseValue(c.Before)
		if err != nil {
			return nil, fmt.Errorf("changes: %s: %w", c.Field, err)
		}
		after, err := parseValue(c.After)
		if err != nil {
			return nil, fmt.Errorf("changes: %s: %w", c.Field, err)
		}
		out = append(out, model.Change{Field: f.ID, Before: before, After: after})
	}
	return out, nil
}

func parseValue(s *string) (model.Value, error) {
	if s == nil {
		return model.Value{}, nil
	}
	return model.ParseValue([]byte(*s))
}

func draftJSON(d model.Draft) (string, error) {
	byName := make(map[string]string, len(d))
	for f, text := range d {
		byName[f.Name()] = text
	}
	return extraJSON(byName)
}

func parseDraft(s string) (model.Draft, error) {
	byName, err := parseExtra(s)
	if err != nil {
		return nil, err
	}
	out := make(model.Draft, len(byName))
	for name, text := range byName {
		f, ok := model.EntryByName(name)
		if !ok {
			return nil, fmt.Errorf("values: no field is named %q", name)
		}
		out[f.ID] = text
	}
	return out, nil
}

// extraJSON keeps text by name; nil and empty are one.
func extraJSON(m map[string]string) (string, error) {
	if len(m) == 0 {
		return "{}", nil
	}
	b, err := json.Marshal(m)
	return string(b), err
}

func parseExtra(s string) (map[string]string, error) {
	var m map[string]string
	if err := json.Unmarshal([]byte(s), &m); err != nil {
		return nil, fmt.Errorf("values: %w", err)
	}
	if len(m) == 0 {
		return nil, nil
	}
	return m, nil
}
