package cli

import (
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
)

// addChoice makes the flags that choose contacts and fields, which list and
// export have in common.
func (g *globals) addChoice(cmd *cobra.Command, fields, filter *[]string, connected *string) {
	f := cmd.Flags()
	f.StringSliceVar(fields, "fields", nil, "only these fields, by their `NAMES` in the API, in this order")
	f.StringArrayVar(filter, "filter", nil, "only contacts with these values, `FIELD=VALUE,…`; may be repeated")
	f.StringVar(connected, "connected", "yes", "whether the relationship is active: yes, no or any")
	complete(cmd, "fields", completeFields)
	complete(cmd, "filter", g.completePair(filterable))
	complete(cmd, "connected", cobra.FixedCompletions([]string{"yes", "no", "any"}, cobra.ShellCompDirectiveNoFileComp))
}

// parseChoice checks the flags of addChoice.
func parseChoice(fields, filter []string, connected string) (l listing, err error) {
	if l.fields, err = parseFields(fields); err != nil {
		return l, err
	}
	if l.filter, err = parseFilter(filter); err != nil {
		return l, err
	}
	l.connected = connected
	_, err = lists(connected, 1)
	return l, err
}

// parseFilter reads the values of --filter. A value with blanks needs no quotes
// where the whole argument is one field=value.
func parseFilter(args []string) (search.Filter, error) {
	for i, text := range args {
		if _, err := search.ParseFilter(text); err == nil {
			continue
		}
		if field, values, ok := strings.Cut(text, "="); ok && !strings.ContainsAny(values, `"=`) {
			list := strings.Split(values, ",")
			for j := range list {
				list[j] = strconv.Quote(strings.TrimSpace(list[j]))
			}
			args[i] = field + "=" + strings.Join(list, ",")
		}
	}
	filter, err := search.ParseFilter(strings.Join(args, " "))
	if err != nil {
		for _, text := range args {
			name, _, _ := strings.Cut(text, "=")
			if near := nearest(name, filterNames()); near != "" && !filterable(name) {
				return filter, usagef("--filter: there is no field %q; did you mean %s?", name, near)
			}
		}
		return filter, usagef("--%w; a value with a comma in it needs quotes: city=\"Winston, Salem\"", err)
	}
	types := []string{"lender", "sponsor"}
	for _, value := range filter.Values(model.FieldType) {
		if near := nearest(value, types); near != "" && !strings.HasPrefix(value, near) {
			return filter, usagef("--filter: there is no type %q; did you mean %s?", value, near)
		}
	}
	return filter, nil
}

// filterNames are the fields that a filter can name.
func filterNames() (names []string) {
	for _, f := range model.Fields() {
		if filterable(f.Name) {
			names = append(names, f.Name)
		} else if filterable(f.Word()) {
			names = append(names, f.Word())
		}
	}
	return names
}

// parseFields checks names of fields. Names that the documents do not know are
// let through when they look like names: the service adds fields.
func parseFields(names []string) ([]string, error) {
	var out []string
	for _, name := range names {
		name = strings.TrimSpace(name)
		if name == "" || strings.ContainsFunc(name, func(r rune) bool {
			return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_'
		}) {
			return nil, usagef("--fields: %q is not the name of a field; the documented ones are %s", name, strings.Join(documentedNames(), ", "))
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out, nil
}

// parseSort reads "title" or "-updated_at".
func parseSort(text string) (model.Sort, error) {
	if text == "" {
		return model.Sort{}, nil
	}
	name, desc := strings.CutPrefix(text, "-")
	f, ok := model.FieldByName(name)
	if !ok {
		return model.Sort{}, usagef("--sort: there is no field %q%s", name, choices(name, documentedNames()))
	}
	return model.Sort{Field: f.ID, Desc: desc}, nil
}

// upward reports that contacts are to be ordered by their ids, the lowest first:
// to the rest of the program that is no order at all.
func upward(text string) bool { return text == model.FieldKey.Name() }

// byID is that order backward.
func byID() model.Sort {
	return model.Sort{Field: model.FieldKey, Desc: true}
}
