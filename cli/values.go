package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"levcontacts/model"
)

// values are what a command was given for a contact, by flags or as JSON.
type values struct {
	fields map[model.FieldID]*string // flags by field
	flags  *pflag.FlagSet
	clear  []string
	file   string
}

// addTo makes a flag for every field that can be written.
func (v *values) addTo(cmd *cobra.Command, create bool) {
	v.fields, v.flags = map[model.FieldID]*string{}, cmd.Flags()
	for _, f := range model.FieldTable() {
		if f.Flag == "" || create && !f.Create || !create && !f.Update {
			continue
		}
		help := f.Help
		if help == "" {
			help = strings.ToLower(f.Label)
		}
		if f.Format == model.FormatBool {
			help += ": yes or no"
		}
		v.fields[f.ID] = v.flags.String(f.Flag, "", help)
		switch f.Format {
		case model.FormatType:
			complete(cmd, f.Flag, cobra.FixedCompletions([]string{model.TypeLender, model.TypeSponsor}, cobra.ShellCompDirectiveNoFileComp))
		case model.FormatBool:
			complete(cmd, f.Flag, cobra.FixedCompletions([]string{"yes", "no"}, cobra.ShellCompDirectiveNoFileComp))
		}
	}
	v.flags.StringVar(&v.file, "json", "", "read fields from this `FILE`, a JSON object; - is standard input")
}

// given is what was asked for: documented fields as they would be typed,
// others as JSON, and the names that nobody but the service can set.
type given struct {
	draft    model.Draft
	extra    map[string]json.RawMessage
	readOnly []string
}

// read takes JSON first and flags over it.
func (v *values) read(a *App) (given, error) {
	out := given{draft: model.Draft{}, extra: map[string]json.RawMessage{}}
	if v.file != "" {
		raw, err := a.readFile(v.file)
		if err != nil {
			return out, err
		}
		if err := out.addJSON(raw); err != nil {
			return out, usagef("--json: %w", err)
		}
	}
	for _, f := range model.FieldTable() {
		text, ok := v.fields[f.ID]
		if !ok || !v.flags.Changed(f.Flag) {
			continue
		}
		typed, err := typedValue(f, *text)
		if err != nil {
			return out, usagef("--%s: %w", f.Flag, err)
		}
		out.draft[f.ID] = typed
	}
	for _, name := range v.clear {
		f, err := fieldNamed(name)
		if err != nil {
			return out, usagef("--clear: %w", err)
		}
		if f.Format == model.FormatBool || !f.Update {
			return out, usagef("--clear: %s cannot be emptied", f.Name)
		}
		if _, twice := out.draft[f.ID]; twice {
			return out, usagef("--clear: %s is given a value, too", f.Name)
		}
		out.draft[f.ID] = ""
	}
	return out, nil
}

// fieldNamed finds a field by its name in the API or by its flag.
func fieldNamed(name string) (model.Field, error) {
	for _, f := range model.FieldTable() {
		if f.Name == name || f.Flag != "" && f.Flag == name {
			return f, nil
		}
	}
	return model.Field{}, fmt.Errorf("there is no field %q", name)
}

// typedValue is the text of a flag as it would be typed into a form.
func typedValue(f model.Field, text string) (string, error) {
	text = strings.TrimSpace(text)
	switch f.Format {
	case model.FormatBool:
		switch strings.ToLower(text) {
		case "yes", "true":
			return "true", nil
		case "no", "false":
			return "false", nil
		}
		return "", errors.New("is yes or no")
	case model.FormatType:
		if text == "lender" {
			return model.TypeLender, nil
		}
	}
	return text, nil
}

// addJSON reads an object with the names of the API; null empties a field.
func (g *given) addJSON(raw []byte) error {
	var members map[string]json.RawMessage
	decoder := json.NewDecoder(bytes.NewReader(raw))
	if err := decoder.Decode(&members); err != nil {
		return fmt.Errorf("not a JSON object: %w", err)
	}
	if decoder.More() {
		return errors.New("more than one JSON object")
	}
	for name, value := range members {
		f, known := model.FieldByName(name)
		if !known {
			g.extra[name] = value
			continue
		}
		if !f.Create && !f.Update {
			g.readOnly = append(g.readOnly, name)
			continue
		}
		v, err := model.ParseValue(value)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		switch {
		case f.Format == model.FormatBool && v.Kind() != model.Bool && v.Kind() != model.Null:
			return fmt.Errorf("%s is true or false", name)
		case f.Format != model.FormatBool && v.Kind() != model.Text && v.Kind() != model.Null:
			return fmt.Errorf("%s is text or null", name)
		case f.Format == model.FormatBool && v.Kind() == model.Null:
			return fmt.Errorf("%s is true or false, and cannot be emptied", name)
		}
		g.draft[f.ID] = v.String()
	}
	slices.Sort(g.readOnly)
	return nil
}

// readFile reads a file, or standard input for "-".
func (a *App) readFile(path string) ([]byte, error) {
	var r io.Reader = a.In
	if path == "-" {
		if a.InTTY {
			a.note("reading from standard input until ctrl+d")
		}
	} else {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		r = f
	}
	const most = 64 << 20
	raw, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && len(raw) > most {
		err = fmt.Errorf("%s is larger than 64 MiB", path)
	}
	return raw, err
}

// check says what is odd about values, and refuses what the API documents as
// wrong.
func (a *App) check(d model.Draft, create bool) error {
	var wrong []string
	for _, f := range model.FieldTable() {
		typed, given := d[f.ID]
		if !given && !(create && f.Format == model.FormatType) {
			continue
		}
		finding := f.Check(typed)
		if create {
			finding = f.CheckCreate(typed)
		}
		switch finding.Severity {
		case model.Refused:
			wrong = append(wrong, fmt.Sprintf("%s: %s (--%s lender_contact or sponsor)", f.Name, finding.Text, f.Flag))
		case model.Warning:
			a.note("levcontacts: %s %q: %s", f.Name, typed, finding.Text)
		}
	}
	if len(wrong) > 0 {
		return usageError{errors.New(strings.Join(wrong, "\n"))}
	}
	return nil
}
