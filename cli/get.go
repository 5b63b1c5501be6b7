package cli

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"levcontacts/model"
)

func (g *globals) getCommand() *cobra.Command {
	var asJSON, asVCard bool
	var fields []string
	cmd := &cobra.Command{
		Use:     "get ID",
		Short:   "Show one contact",
		GroupID: groupContacts,
		Args:    cobra.ExactArgs(1),

		ValidArgsFunction: g.completeContact,
		Example: `  levcontacts get 78
  levcontacts get 78 --json
  levcontacts get 78 --fields email --json | jq -r .email`,
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := parseID(args[0])
			if err != nil {
				return err
			}
			names, err := parseFields(fields)
			if err != nil {
				return err
			}
			session, _, err := g.session(cmd.Context())
			if err != nil {
				return err
			}
			defer session.Close()
			c, err := session.Contact(cmd.Context(), id)
			if err != nil {
				return err
			}
			g.app.tellMissing(c, names)
			switch {
			case asJSON:
				return g.app.printJSON(c, names)
			case asVCard:
				p := g.app.newPrinter(g.app.Out, formatVCard, nil, g.app.OutTTY)
				if err := p.print(c); err != nil {
					return err
				}
				return p.end()
			}
			return g.app.printContact(c, names)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "a JSON object, as the service gave it")
	cmd.Flags().BoolVar(&asVCard, "vcard", false, "a vCard")
	cmd.Flags().StringSliceVar(&fields, "fields", nil, "only these fields, by their `NAMES` in the API")
	cmd.MarkFlagsMutuallyExclusive("json", "vcard")
	complete(cmd, "fields", completeFields)
	return cmd
}

// tellMissing says which of the asked fields a contact does not have, so that a
// typing mistake does not look like an empty value.
func (a *App) tellMissing(c model.Contact, fields []string) {
	var missing []string
	for _, name := range fields {
		_, documented := model.FieldByName(name)
		if _, there := c.Extra(name); !documented && !there {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		a.note("levcontacts: contact %d has no field %s", c.ID(), strings.Join(missing, ", "))
	}
}

// parseID reads the identifier of a contact.
func parseID(text string) (int64, error) {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id <= 0 {
		return 0, usagef("%q is not the id of a contact; it is a positive number", text)
	}
	return id, nil
}

// printContact writes a contact for a person: every field by its label, then
// those that the documents do not name.
func (a *App) printContact(c model.Contact, fields []string) error {
	var table [][]string
	add := func(name, label, value string) {
		if fields == nil || slices.Contains(fields, name) {
			table = append(table, []string{label, cmp.Or(value, "-")})
		}
	}
	for _, f := range model.Fields() {
		if f.Later && c.Get(f.ID).Kind() == model.Absent && !slices.Contains(fields, f.Name) {
			continue // a service of March 2026 has no such field
		}
		add(f.Name, f.Label, f.Show(c.Get(f.ID)))
	}
	for _, e := range c.Unnamed() {
		add(e.Name, e.Name, e.JSON)
	}
	return a.rows(table)
}
