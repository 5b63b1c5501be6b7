package cli

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// getOptions is what get was asked for.
type getOptions struct {
	format formatFlags
	vcard  bool
	fields []string
	copy   copyFlags
}

func (g *globals) getCommand() *cobra.Command {
	var o getOptions
	cmd := &cobra.Command{
		Use:     "get ID…",
		Short:   "Show contacts by their ids",
		GroupID: groupContacts,
		Args:    someArgs("the id of a contact"),

		ValidArgsFunction: g.completeID,
		Long: `Show one contact or several. - reads the ids from standard input, the first word of every line. On a terminal
every field stands on a line of its own; in a pipe a contact is a row of tab-separated values under a heading.
With --json one contact is an object, several are an array.

` + copyHelp,
		Example: `  levcontacts get 78
  levcontacts get 78 142 --fields id,email
  levcontacts get 78 --json --jq .email
  levcontacts list --search 'city:boston' --fields id | levcontacts get - --vcard`,
		RunE: func(cmd *cobra.Command, args []string) error { return g.get(cmd, args, o) },
	}
	o.format.addTo(cmd, "a JSON object, as the service gave it; an array of several")
	cmd.Flags().BoolVar(&o.vcard, "vcard", false, "a vCard")
	cmd.Flags().StringSliceVar(&o.fields, "fields", nil, "only these fields, by their `NAMES` in the API")
	for _, other := range []string{"json", "jsonl", "csv", "tsv", "table", "jq", "template", "fields"} {
		cmd.MarkFlagsMutuallyExclusive("vcard", other)
	}
	complete(cmd, "fields", completeFields)
	o.copy.addTo(cmd)
	return paged(cmd)
}

func (g *globals) get(cmd *cobra.Command, args []string, o getOptions) error {
	a, ctx := g.app, cmd.Context()
	ids, err := g.readIDs(ctx, args)
	if err != nil {
		return err
	}
	l := listing{}
	if l.fields, err = parseFields(o.fields); err != nil {
		return err
	}
	if err := o.format.choose(a, &l); err != nil {
		return err
	}
	if o.vcard {
		l.format = formatVCard
	}
	r, done, err := o.copy.open(cmd, g)
	if err != nil {
		return err
	}
	defer done()
	if len(ids) == 1 {
		c, err := r.one(ctx, ids[0])
		if err != nil {
			return err
		}
		a.tellMissing(c, l.fields)
		return a.showOne(c, l)
	}
	return a.getMany(ctx, r, ids, l)
}

// showOne writes one contact: for a person with a line for every field.
func (a *App) showOne(c model.Contact, l listing) error {
	switch {
	case l.format == formatJSON && l.change == nil:
		return a.printJSON(c, l.fields)
	case l.format == formatTable:
		return a.printContact(c, l.fields)
	case l.format == formatJSON:
		l.format = formatJSONL
	}
	p := a.newPrinter(a.Out, l, a.OutTTY)
	if err := p.print(c); err != nil {
		return err
	}
	return p.end()
}

// getMany writes several contacts. One that cannot be had does not keep the
// others back.
func (a *App) getMany(ctx context.Context, r *reader, ids []int64, l listing) error {
	p := a.newPrinter(a.Out, l, a.OutTTY)
	missing := 0
	err := r.some(ctx, ids, func(id int64, c model.Contact, err error) error {
		switch {
		case model.KindOf(err) == model.KindNotFound:
			missing++
			a.note("levcontacts: contact %d was not found, or is not visible to this key", id)
			return nil
		case err != nil:
			return err
		case l.format == formatTable && l.fields == nil:
			if err := a.printContact(c, nil); err != nil {
				return err
			}
			return a.line("")
		}
		return p.print(c)
	})
	if err != nil {
		return p.stop()
	}
	if err := p.end(); err != nil {
		return err
	}
	r.tellSource()
	switch {
	case missing == len(ids):
		return silent(exitNotFound)
	case missing > 0:
		return silent(exitPartly)
	}
	return nil
}

// one gives one contact: out of the local copy when that is young, otherwise
// from the service, which is the same one request.
func (r *reader) one(ctx context.Context, id int64) (model.Contact, error) {
	var out model.Contact
	err := r.some(ctx, []int64{id}, func(_ int64, c model.Contact, err error) error {
		out = c
		return err
	})
	if err == nil && r.synced != nil && r.synced.Held {
		r.tellSource()
	}
	return out, err
}

// some gives contacts by their ids: those of an up-to-date local copy without a
// request each. yield is given the error of each that cannot be had.
func (r *reader) some(ctx context.Context, ids []int64, yield func(int64, model.Contact, error) error) error {
	held := map[int64]model.Packed{}
	if !r.direct && !r.sync.Fresh {
		if len(ids) == 1 && !r.sync.Offline {
			look := work.Sync{Offline: true}
			out, err := r.session.Sync(ctx, look)
			if err != nil {
				return err
			}
			if out.Held = out.Info.Young(r.app.Now(), r.sync.MaxAge); out.Held {
				r.synced = &out
			}
		} else if _, err := r.update(ctx, false, nil); err != nil {
			return err
		}
		if r.synced != nil && r.synced.Held {
			rows, err := r.session.CopyContacts(ctx, ids)
			if err != nil {
				return err
			}
			for _, p := range rows {
				held[p.ID()] = p
			}
		}
	}
	for _, id := range ids {
		var c model.Contact
		var err error
		if p, ok := held[id]; ok {
			c, err = p.Unpack()
		} else if r.sync.Offline {
			err = offlineError{"the local copy does not hold contact " + strconv.FormatInt(id, 10)}
		} else {
			c, err = r.session.Contact(ctx, id)
		}
		if err := yield(id, c, err); err != nil {
			return err
		}
	}
	return nil
}

// readIDs reads the ids of contacts: arguments, or with - the first words of the
// lines of standard input. Each counts once.
func (g *globals) readIDs(ctx context.Context, args []string) (ids []int64, err error) {
	words := args
	if slices.Contains(args, "-") {
		if len(args) > 1 {
			return nil, usagef("- reads the ids from standard input, and other ids are given, too")
		}
		raw, err := g.readFile(ctx, "-")
		if err != nil {
			return nil, err
		}
		words = nil
		for i, line := range strings.Split(string(raw), "\n") {
			if first := strings.FieldsFunc(line, func(r rune) bool { return r == '\t' || r == ',' || r == ' ' || r == '\r' }); len(first) > 0 && !(i == 0 && first[0] == "id") {
				words = append(words, first[0])
			}
		}
		if len(words) == 0 {
			return nil, usagef("standard input holds no ids")
		}
	}
	for _, word := range words {
		id, err := parseID(word)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
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
		a.note("levcontacts: contact %d has no field %s%s", c.ID(), strings.Join(missing, ", "),
			meant(missing[0], columnNames()))
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
	return a.aligned(table)
}
