package cli

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
)

// phoneFlags are the flags for a list of phones: all of it, or edits of it.
type phoneFlags struct {
	all, add, set, remove []string
}

const (
	phoneAdd    = "add-phone"
	phoneSet    = "set-phone"
	phoneRemove = "remove-phone"
)

func (p *phoneFlags) addTo(cmd *cobra.Command, f model.Field, create bool) {
	flags := cmd.Flags()
	if create {
		flags.StringArrayVar(&p.all, f.Flag, nil, "a phone as `TYPE:NUMBER`, such as \"office:+1 212 555 0193 ext 4\"; may be repeated")
	} else {
		flags.StringArrayVar(&p.all, f.Flag, nil, "a phone as `TYPE:NUMBER`, such as \"office:+1 212 555 0193 ext 4\"; may be repeated. They replace all phones")
		flags.StringArrayVar(&p.add, phoneAdd, nil, "add a phone, as `TYPE:NUMBER`, and keep the others")
		flags.StringArrayVar(&p.set, phoneSet, nil, "a phone, as `TYPE:NUMBER`, in the place of those of its type")
		flags.StringArrayVar(&p.remove, phoneRemove, nil, "remove the phones of a type, or one number: `TYPE-OR-NUMBER`")
		complete(cmd, phoneRemove, cobra.FixedCompletions(model.PhoneTypes(), cobra.ShellCompDirectiveNoFileComp))
	}
	var types []string
	for _, t := range model.PhoneTypes() {
		types = append(types, t+":")
	}
	for _, flag := range []string{f.Flag, phoneAdd, phoneSet} {
		if flags.Lookup(flag) != nil {
			complete(cmd, flag, cobra.FixedCompletions(types, cobra.ShellCompDirectiveNoFileComp|cobra.ShellCompDirectiveNoSpace))
		}
	}
}

// draft is what was asked for as it would be typed into a form.
func (p *phoneFlags) draft(flags *pflag.FlagSet) (typed string, given bool, err error) {
	var edits []string
	for _, text := range p.remove {
		edits = append(edits, model.RemovePhone(strings.TrimSpace(text)))
	}
	for _, text := range p.set {
		edits = append(edits, model.SetPhone(model.ParsePhone(text)))
	}
	for _, text := range p.add {
		edits = append(edits, model.AddPhone(model.ParsePhone(text)))
	}
	whole := flags.Changed(model.FieldPhones.Def().Flag)
	switch {
	case whole && edits != nil:
		return "", false, usagef("--phone replaces all phones, so --%s, --%s and --%s have nothing to change", phoneAdd, phoneSet, phoneRemove)
	case whole:
		return phoneLines(p.all), true, nil
	}
	return strings.Join(edits, "\n"), edits != nil, nil
}

// phoneLines is a list of phones as it would be typed into a form.
func phoneLines(texts []string) string {
	var phones []model.Phone
	for _, text := range texts {
		if strings.TrimSpace(text) != "" {
			phones = append(phones, model.ParsePhone(text))
		}
	}
	return model.FormatPhoneLines(phones)
}

// addPhones reads phones as the service gives them. One without a number cannot
// be sent: it is left out, and said.
func (g *given) addPhones(v model.Value) error {
	phones, ok := model.ParsePhones(v)
	if !ok {
		return errors.New("is a list of phones")
	}
	var kept []model.Phone
	for _, p := range phones {
		if p.Plain() == "" {
			g.notes = append(g.notes, "left out: a telephone number without digits")
			continue
		}
		kept = append(kept, p)
	}
	g.draft[model.FieldPhones] = model.FormatPhoneLines(kept)
	return nil
}

// phoneTypeOf is the phone type of a column, by any usual name of it.
func phoneTypeOf(column string) (phoneType string, ok bool) {
	folded := foldName(column)
	for _, t := range model.PhoneTypes() {
		switch folded {
		case "phone" + t, t + "phone", t + "number", t + "phonenumber":
			return t, true
		}
	}
	return "", false
}

// phoneTexts are the numbers of the contact that was read last, by their type.
type phoneTexts struct {
	value model.Value
	texts map[string]string
}

func (p *phoneTexts) of(c model.Contact) map[string]string {
	if v := c.Get(model.FieldPhones); p.texts == nil || v != p.value {
		p.value, p.texts = v, map[string]string{}
		for _, t := range model.PhoneTypes() {
			p.texts[t] = model.ColumnText(c, model.PhoneColumn(t))
		}
	}
	return p.texts
}

// addPhoneCell reads a cell of numbers of one type, "" for cells that name the
// types themselves, and adds them to the phones of the row.
func (g *given) addPhoneCell(phoneType, text string) error {
	if begin := strings.TrimSpace(text); strings.HasPrefix(begin, "[") {
		var b bytes.Buffer
		if err := json.Compact(&b, []byte(begin)); err != nil {
			return fmt.Errorf("is JSON: %w", err)
		}
		if why := badString(b.Bytes()); why != "" {
			return errors.New(why)
		}
		v, err := model.ParseValue(b.Bytes())
		if err != nil {
			return err
		}
		return g.addPhones(v)
	}
	var lines []string
	if held := g.draft[model.FieldPhones]; held != "" {
		lines = append(lines, held)
	}
	for number := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ';' || r == '\n' || r == '\r' }) {
		if number = strings.TrimSpace(number); number == "" {
			continue
		}
		p := model.ParsePhone(number)
		if phoneType != "" {
			p.Type = phoneType
		}
		lines = append(lines, p.String())
	}
	g.draft[model.FieldPhones] = strings.Join(lines, "\n")
	return nil
}

// tellPhones shows a change of a list of phones, a line for each phone.
func (a *App) tellPhones(c model.Change, width int) {
	before, _ := model.ParsePhones(c.Before)
	after, _ := model.ParsePhones(c.After)
	a.note("  %s  %s", plain.Fit(c.Field.Name(), width, ""), cmp.Or(c.Note(), "new"))
	words := func(p *model.Phone) string {
		if p == nil {
			return "(none)"
		}
		return strings.TrimSpace(p.Type + " " + p.Display())
	}
	for _, row := range model.DiffPhones(before, after) {
		if row.Same() {
			a.note("    %s", words(row.After))
		} else {
			a.note("    %s -> %s", words(row.Before), words(row.After))
		}
	}
}
