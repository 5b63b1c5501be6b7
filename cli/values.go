package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/levcontacts/levcontacts/model"
)

// values are what a command was given for a contact, by flags or as JSON.
type values struct {
	fields  map[model.FieldID]*string // flags by field
	phones  phoneFlags
	flags   *pflag.FlagSet
	clear   []string
	file    string
	clean   bool
	unknown bool
}

// addTo makes a flag for every field that can be written.
func (v *values) addTo(g *globals, cmd *cobra.Command, create bool) {
	v.fields, v.flags = map[model.FieldID]*string{}, cmd.Flags()
	for _, f := range model.Fields() {
		if f.Flag == "" || create && !f.Create || !create && !f.Update {
			continue
		}
		if f.Format == model.FormatPhones {
			v.phones.addTo(cmd, f, create)
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
		default:
			complete(cmd, f.Flag, g.completeValue(f))
		}
	}
	v.flags.StringVar(&v.file, "json", "", "read fields from this `FILE`, a JSON object; - is standard input")
	v.flags.BoolVar(&v.clean, "clean", false, "remove invisible characters from the e-mail address and the LinkedIn address")
	if create {
		v.flags.BoolVar(&v.unknown, "allow-unknown", false, "send members of the JSON that the program does not know, too")
	}
}

// given is what was asked for: documented fields as they would be typed, others
// as JSON, and what is worth knowing about them.
type given struct {
	draft    model.Draft
	extra    map[string]json.RawMessage
	readOnly []string // names that nobody but the service can set
	unknown  []string // names that no document has
	wrong    []string // why the values cannot be used
	notes    []string // what was left out
	trimmed  int      // values with white space at an end, which is left out
}

func newGiven() given { return given{draft: model.Draft{}, extra: map[string]json.RawMessage{}} }

// read takes JSON first and flags over it.
func (v *values) read(ctx context.Context, g *globals) (given, error) {
	out := newGiven()
	if v.file != "" {
		raw, err := g.readFile(ctx, v.file)
		if err != nil {
			return out, err
		}
		out.addJSON(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")))
		if len(out.wrong) > 0 {
			return out, usagef("--json: %s", strings.Join(out.wrong, "; "))
		}
		if len(out.unknown) > 0 && !v.unknown {
			return out, usagef("--json: %s", unknownText(out.unknown))
		}
		for _, note := range out.notes {
			g.app.note("levcontacts: %s", note)
		}
	}
	if typed, given, err := v.phones.draft(v.flags); err != nil {
		return out, err
	} else if given {
		out.draft[model.FieldPhones] = typed
	}
	for _, f := range model.Fields() {
		text, ok := v.fields[f.ID]
		if !ok || !v.flags.Changed(f.Flag) {
			continue
		}
		typed, err := typedValue(f, *text)
		if err != nil {
			return out, usagef("--%s: %w", f.Flag, err)
		}
		out.set(f.ID, typed)
	}
	for _, name := range v.clear {
		f, err := fieldNamed(name)
		if err != nil {
			return out, usagef("--clear: %w", err)
		}
		if f.Format == model.FormatBool || f.Format == model.FormatType || !f.Update {
			return out, usagef("--clear: %s cannot be emptied", f.Name)
		}
		if _, twice := out.draft[f.ID]; twice {
			return out, usagef("--clear: %s is given a value, too", f.Name)
		}
		out.draft[f.ID] = ""
	}
	if out.trimmed > 0 {
		g.app.note("levcontacts: white space at the ends of %d values is left out", out.trimmed)
	}
	return out, g.app.cleanAddresses(ctx, &out, v.clean)
}

// set keeps a text. White space at its ends is not part of a value.
func (g *given) set(f model.FieldID, text string) {
	g.draft[f] = strings.TrimSpace(text)
	if g.draft[f] != text {
		g.trimmed++
	}
}

// unknownText names members that no document has.
func unknownText(names []string) string {
	var words []string
	for _, name := range names {
		word := fmt.Sprintf("%q", name)
		if f, ok := fieldLike(name); ok {
			word += " (did you mean " + f.Name + "?)"
		}
		words = append(words, word)
	}
	return "no field is called " + strings.Join(words, ", ") + "; --allow-unknown sends it all the same"
}

// fieldNamed finds a field by its name in the API or by its flag.
func fieldNamed(name string) (model.Field, error) {
	for _, f := range model.Fields() {
		if f.Name == name || f.Flag != "" && f.Flag == name {
			return f, nil
		}
	}
	return model.Field{}, fmt.Errorf("there is no field %q%s", name, choices(name, documentedNames()))
}

// fieldLike finds a field by its name, its label or its flag, whatever is
// between the words and in whichever case.
func fieldLike(name string) (model.Field, bool) {
	folded := foldName(name)
	for _, f := range model.Fields() {
		if folded != "" && (folded == foldName(f.Name) || folded == foldName(f.Label) || folded == foldName(f.Flag)) {
			return f, true
		}
	}
	return model.Field{}, false
}

// foldName is a name by its letters and digits alone.
func foldName(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// typedValue is a text as it would be typed into a form.
func typedValue(f model.Field, text string) (string, error) {
	switch f.Format {
	case model.FormatBool:
		switch strings.ToLower(strings.TrimSpace(text)) {
		case "yes", "true", "y", "on", "1":
			return "true", nil
		case "no", "false", "n", "off", "0":
			return "false", nil
		}
		return "", errors.New("is yes or no")
	case model.FormatType:
		switch word := foldName(text); word {
		case "lender", "lendercontact":
			return model.TypeLender, nil
		case "sponsor":
			return model.TypeSponsor, nil
		}
	}
	return text, nil
}

// addJSON reads an object with the names of the API; null empties a field. All
// that is wrong with it is noted, in the order of the object.
func (g *given) addJSON(raw []byte) {
	list, err := members(raw)
	if err != nil {
		g.wrong = append(g.wrong, err.Error())
		return
	}
	for _, m := range list {
		f, known := model.FieldByName(m.name)
		switch {
		case known && (f.Create || f.Update):
			if err := g.addField(f, m.value); err != nil {
				g.wrong = append(g.wrong, m.name+" "+err.Error())
			}
			continue
		case known:
			g.readOnly = append(g.readOnly, m.name)
			continue
		case m.name != companyMember:
			g.unknown = append(g.unknown, m.name)
		}
		g.extra[m.name] = m.value
	}
	slices.Sort(g.readOnly)
}

func (g *given) addField(f model.Field, raw json.RawMessage) error {
	v, err := model.ParseValue(raw)
	if err != nil {
		return err
	}
	text := v.String()
	switch {
	case f.Format == model.FormatPhones:
		return g.addPhones(v)
	case f.Format == model.FormatTypes:
		if v.Kind() != model.Raw && v.Kind() != model.Null {
			return errors.New("is a list of contact types")
		}
		text = f.Text(v)
	case f.Format == model.FormatBool && v.Kind() == model.Null:
		return errors.New("is true or false, and cannot be emptied")
	case f.Format == model.FormatBool && v.Kind() != model.Bool:
		return errors.New("is true or false")
	case f.Format != model.FormatBool && v.Kind() != model.Text && v.Kind() != model.Null:
		return errors.New("is text or null")
	case v.Kind() == model.Text:
		if text, err = typedValue(f, text); err != nil {
			return err
		}
	}
	g.set(f.ID, text)
	return nil
}

// invisible says that text holds characters that nobody sees, and that make an
// address another one.
func invisible(text string) bool { return visible(text) != text }

// visible is the text without them.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp) {
			return -1
		}
		return r
	}, text)
}

// addressFields are those in which an invisible character is always a mistake.
var addressFields = [...]model.FieldID{model.FieldEmail, model.FieldLinkedIn}

// invisibleFields lists the addresses that hold invisible characters.
func (g *given) invisibleFields() (out []model.FieldID) {
	for _, f := range addressFields {
		if invisible(g.draft[f]) {
			out = append(out, f)
		}
	}
	return out
}

// cleanAddresses takes invisible characters out of addresses, if it is told to
// or the person says yes, and warns of them otherwise.
func (a *App) cleanAddresses(ctx context.Context, g *given, clean bool) error {
	for _, f := range g.invisibleFields() {
		if !clean {
			a.note("levcontacts: %s %q: holds invisible characters", f.Name(), g.draft[f])
		}
		if clean || a.terminal() && a.confirm(ctx, "Remove them?") {
			g.draft[f] = visible(g.draft[f])
		}
	}
	return ctx.Err()
}

// check says what is odd about values, and refuses what the API documents as
// wrong.
func (a *App) check(d model.Draft, create bool) error {
	var wrong []string
	for _, f := range model.Fields() {
		typed, given := d[f.ID]
		if !given && !(create && f.Format == model.FormatType) {
			continue
		}
		finding := f.CheckCreate(typed)
		if !create && f.Format != model.FormatType { // a type is not emptied either
			finding = f.Check(typed)
		}
		switch finding.Severity {
		case model.Refused:
			text := f.Name + ": " + finding.Text
			if f.Format == model.FormatType {
				text += fmt.Sprintf(" (--%s lender_contact or sponsor)", f.Flag)
			}
			wrong = append(wrong, text)
		case model.Warning:
			a.note("levcontacts: %s %q: %s", f.Name, typed, finding.Text)
		}
	}
	if len(wrong) > 0 {
		return usagef("%s", strings.Join(wrong, "; "))
	}
	return nil
}

// oddText warns of text that came to harm before it came here.
func oddText(f model.Field, text string) model.Finding {
	switch {
	case slices.Contains(addressFields[:], f.ID) && invisible(text):
		return model.Finding{Severity: model.Warning, Text: "holds invisible characters; --clean removes them"}
	case strings.ContainsRune(text, unicode.ReplacementChar):
		return model.Finding{Severity: model.Warning, Text: "holds a sign for a letter that was lost"}
	case strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }):
		return model.Finding{Severity: model.Warning, Text: "holds control characters"}
	case slices.Contains([]string{"#REF!", "#NAME?", "#VALUE!", "#N/A", "#DIV/0!", "#NUM!", "NULL"}, text):
		return model.Finding{Severity: model.Warning, Text: "is no value but what a program writes for none"}
	}
	return model.Finding{}
}
