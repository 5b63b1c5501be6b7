package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// importOptions is how an import is to be made.
type importOptions struct {
	apply, json, double, clean, unknown bool
	dry                                 bool
	path                                string
	maps, sets                          []string
	mapping                             mapping
	match                               string
	matches                             *matches
	errors                              string
	encoding                            string
	dedupe                              *dedupe
	copy                                copyFlags
}

func (g *globals) importCommand() *cobra.Command {
	var o importOptions
	cmd := &cobra.Command{
		Use:     "import FILE",
		Short:   "Create and change contacts from a file",
		GroupID: groupContacts,
		Args:    oneArg("a file"),
		Long: `Create contacts from a file, and with --match change those that are there. The file is CSV, JSON (objects,
arrays of objects, answers of the API) or vCards; - is standard input. The columns of Google, Outlook, Apple,
HubSpot, Salesforce, LinkedIn and others are recognized; standard error says what each becomes and what is
left out. --map says what another column holds, --set gives every row a value. CSV may be UTF-8, UTF-16 or
Windows-1252, which is said then. White space at the ends of a value is left out.

Without --apply nothing is sent: what would be sent is shown, row by row, as JSON in the last column; on a
terminal a question follows.

With --match a row is compared with the contact that has its id, email, linkedin_url or phone. Of a file that
levcontacts export wrote, only cells that were changed since are sent. A contact in which someone else has
changed the same field meanwhile is left out. An empty cell changes nothing unless --clear-empty.

Without --match a row is left out when it has the id of a contact, or the e-mail address of a contact in the
local copy, of one that this profile created in the last 30 days, or of a row before it; and when this profile
created a contact with just its content in that time. So the same command can be run again after an
interruption, or when wrong rows were corrected: what was created before is not created again. --errors keeps
the rows that failed in a file, to be mended and imported.`,
		Example: `  levcontacts import people.csv --set contact_type=sponsor
  levcontacts import people.csv --map 'Work Email=email' --skip-unknown --apply --errors again.csv
  levcontacts export -o book.csv, change cells, then: levcontacts import book.csv --match id`,
		RunE: func(cmd *cobra.Command, args []string) error { return g.importFile(cmd, args[0], o) },
	}
	f := cmd.Flags()
	f.BoolVar(&o.apply, "apply", false, "create and change the contacts, without a question")
	f.BoolVar(&o.dry, "dry-run", false, "show what would be sent, and ask nothing")
	f.StringVar(&o.match, "match", "", "change contacts that have the `KEY` of a row: "+strings.Join(matchBy[:], ", "))
	f.StringArrayVar(&o.maps, "map", nil, "`HEADING=FIELD`: what a column holds, or - to leave it out; may be repeated")
	f.StringArrayVar(&o.sets, "set", nil, "`FIELD=VALUE` for every row that has none; may be repeated")
	f.BoolVar(&o.mapping.skip, "skip-unknown", false, "leave out columns that nobody knows")
	f.BoolVar(&o.mapping.clear, "clear-empty", false, "with --match: an empty cell empties the field")
	f.StringVar(&o.errors, "errors", "", "write the rows that failed to this new `FILE`")
	cmd.MarkFlagsMutuallyExclusive("apply", "dry-run")
	f.BoolVar(&o.json, "json", false, "the results as JSON")
	f.BoolVar(&o.double, "allow-duplicates", false, "leave out only rows that have an id, or that an import has created")
	f.BoolVar(&o.unknown, "allow-unknown", false, "send members of JSON that the program does not know, too")
	f.BoolVar(&o.clean, "clean", false, "remove invisible characters from e-mail and LinkedIn addresses")
	f.StringVar(&o.encoding, "encoding", encodings[0], "of a CSV file: "+strings.Join(encodings[:], ", "))
	complete(cmd, "set", g.completePair(settable))
	complete(cmd, "match", cobra.FixedCompletions(matchBy[:], cobra.ShellCompDirectiveNoFileComp))
	complete(cmd, "encoding", cobra.FixedCompletions(encodings[:], cobra.ShellCompDirectiveNoFileComp))
	o.copy.addTo(cmd)
	return cmd
}

func (g *globals) importFile(cmd *cobra.Command, path string, o importOptions) error {
	a, ctx := g.app, cmd.Context()
	o.path = path
	if err := o.check(); err != nil {
		return err
	}
	raw, err := g.readFile(ctx, path)
	if err != nil {
		return err
	}
	t, err := parseRows(raw, o.encoding, o.mapping)
	if err != nil {
		return usagef("%s: %w", path, err)
	}
	if names := t.unknown(); len(names) > 0 && !o.unknown && !o.mapping.skip {
		return usagef("%s: %s", path, unknownText(names))
	}
	if o.mapping.skip {
		t.dropUnknown()
	}
	a.tellTable(t, path)
	session, s, err := g.session(ctx)
	if err != nil {
		return err
	}
	defer session.Close()
	if s.Config.ReadOnly.Value && o.apply {
		return notAllowed{fmt.Errorf("nothing is created: read_only is set (%s)", s.Config.ReadOnly.Origin)}
	}
	if err := a.resolveCompanies(ctx, session, t.rows); err != nil {
		return err
	}
	r, err := o.copy.reader(cmd, a, session, s)
	if err != nil {
		return err
	}
	if o.match != "" {
		if o.matches, err = a.match(ctx, r, t.rows, o.match); err != nil {
			return err
		}
	}
	if o.dedupe, err = a.dedupeOf(ctx, r, s, o.unmatched(t.rows), o.double || o.match != ""); err != nil {
		return err
	}
	return a.importTable(ctx, session, t, o, s.Config.ReadOnly.Value)
}

// unmatched are the rows whose ids nobody has looked up.
func (o importOptions) unmatched(rows []row) []row {
	if o.match == "id" {
		return nil
	}
	return rows
}

// check reads the flags that say how the file is to be read.
func (o *importOptions) check() error {
	if !slices.Contains(encodings[:], o.encoding) {
		return usagef("--encoding is one of %s%s", strings.Join(encodings[:], ", "), meant(o.encoding, encodings[:]))
	}
	if o.match != "" && !slices.Contains(matchBy[:], o.match) {
		return usagef("--match is not %q%s", o.match, choices(o.match, matchBy[:]))
	}
	if o.mapping.update = o.match != ""; o.mapping.clear && !o.mapping.update {
		return usagef("--clear-empty is for --match")
	}
	if o.errors != "" {
		if _, err := os.Stat(o.errors); err == nil {
			return usagef("--errors: %s exists; name a new file", o.errors)
		}
	}
	o.mapping.columns, o.mapping.set = map[string]string{}, map[string]string{}
	for _, text := range o.maps {
		head, target, ok := cutLast(text)
		if !ok {
			return usagef("--map is HEADING=FIELD, such as 'Work Email=email', not %q", text)
		}
		if _, err := columnFor(head, target); err != nil {
			return usagef("--map %s: %w", text, err)
		}
		o.mapping.columns[foldName(head)] = target
	}
	for _, text := range o.sets {
		name, value, ok := strings.Cut(text, "=")
		if !ok {
			return usagef("--set is FIELD=VALUE, such as contact_type=sponsor, not %q", text)
		}
		if err := o.mapping.give(name, value); err != nil {
			return usagef("--set %s: %w", text, err)
		}
	}
	return nil
}

// cutLast cuts at the last =, because headings may hold one.
func cutLast(text string) (before, after string, ok bool) {
	i := strings.LastIndexByte(text, '=')
	if i <= 0 || i == len(text)-1 {
		return "", "", false
	}
	return text[:i], text[i+1:], true
}

// give sets a value for every row.
func (m *mapping) give(name, value string) error {
	if f, ok := fieldLike(name); ok {
		if !f.Create {
			return fmt.Errorf("only the service sets %s", f.Name)
		}
		text, err := typedValue(f, value)
		if err == nil && f.Format == model.FormatType {
			if finding := f.CheckCreate(text); finding.Severity == model.Refused {
				err = errors.New(finding.Text)
			}
		}
		m.set[f.Name] = text
		return err
	}
	if foldName(name) == foldName(companyMember) {
		raw, err := companyID(value)
		m.set[companyMember] = string(raw)
		return err
	}
	return fmt.Errorf("there is no field %q%s", name, choices(name, append(columnNames(), companyMember)))
}

// tellTable says how a file is read.
func (a *App) tellTable(t table, path string) {
	if t.encoding != "" {
		a.inform("levcontacts: %s is read as %s; --encoding says otherwise", path, t.encoding)
	}
	if lines := describe(t.columns, t.filled); len(lines) > 0 {
		a.inform("levcontacts: the columns of %s:", path)
		for _, line := range lines {
			a.inform("%s", line)
		}
	}
	if t.footer > 0 {
		a.inform("levcontacts: %s behind the rows left out", counted(t.footer, "line"))
	}
	if names := t.ignored(); len(names) > 0 {
		a.inform("levcontacts: left out, because the service sets them: %s", strings.Join(names, ", "))
	}
	if n := t.trimmed(); n > 0 {
		a.inform("levcontacts: white space at the ends of %d values is left out", n)
	}
}

// The results of a row.
const (
	rowWould   = "would create"
	rowCreated = "created"
	rowExists  = "exists"
	rowWrong   = "wrong"
	rowFailed  = "failed"
	rowUnsure  = "unsure" // an earlier try may have created it

	rowWouldUpdate = "would update"
	rowUpdated     = "updated"
	rowSame        = "unchanged"
	rowConflict    = "conflict" // someone else has changed the same field
)

// outcome is what became of a row.
type outcome struct {
	Row       int    `json:"row"` // in the file, the first after the heading is 1
	Line      int    `json:"line,omitempty"`
	Result    string `json:"result"`
	ID        int64  `json:"id,omitempty"`
	Name      string `json:"name"`
	Message   string `json:"message,omitempty"`
	RequestID string `json:"request_id,omitempty"`
	// Body is what would be sent, where nothing is.
	Body json.RawMessage `json:"body,omitempty"`

	warned bool
	stop   bool // there is no use in trying the next row
}

// hasID begins the message of a row that is a contact of the account.
const hasID = "the row has the id "

// examine looks at a row by itself.
func (o importOptions) examine(r row) outcome {
	c := model.Diff(model.Contact{}, r.draft).Apply(model.Contact{})
	out := outcome{Row: r.number, Result: rowWould}
	if c.HasName() || !c.Get(model.FieldEmail).Empty() {
		out.Name = c.Name()
	}
	if r.id != "" && o.match != "id" {
		id, err := parseID(r.id)
		switch {
		case err != nil:
			out.Result, out.Message = rowWrong, fmt.Sprintf("%q is not the id of a contact", r.id)
		case o.dedupe.ids[id]:
			out.Result, out.Message = rowExists, hasID+r.id
		default:
			out.Result, out.Message = rowWrong, "there is no contact with the id "+r.id+" here"
		}
		return out
	}
	findings, refused := findingsOf(r, true)
	if refused {
		out.Result = rowWrong
	}
	notes := append(slices.Clone(r.notes), findings...)
	if _, typed := r.draft[model.FieldType]; typed && len(r.draft) == 1 && len(r.extra) == 0 && len(r.wrong) == 0 {
		out.Result = rowWrong
		notes = append(notes, "there is nothing but a type")
	}
	if len(r.wrong) > 0 {
		out.Result = rowWrong
		notes = append(notes, r.wrong...)
	}
	out.warned = len(notes) > 0 && out.Result == rowWould
	out.Message = strings.Join(notes, "; ")
	return out
}

// findingsOf says what is odd about the values of a row, and whether one of them
// is refused.
func findingsOf(r row, create bool) (notes []string, refused bool) {
	for _, f := range model.Fields() {
		typed, given := r.draft[f.ID]
		if !given && !(create && f.Format == model.FormatType) {
			continue
		}
		finding := f.CheckCreate(typed)
		if !create && f.Format != model.FormatType { // a type is not emptied either
			finding = f.Check(typed)
		}
		if finding.Severity == model.Fine {
			finding = oddText(f, typed)
		}
		refused = refused || finding.Severity == model.Refused
		if finding.Severity != model.Fine {
			notes = append(notes, f.Name+": "+finding.Text)
		}
	}
	return notes, refused
}

// importRow creates one contact. A row that was stopped before it was sent stays
// one that would be created.
func (a *App) importRow(ctx context.Context, s Session, p plannedRow) outcome {
	out := p.outcome
	c := work.Create{Values: model.Diff(model.Contact{}, p.draft), Key: p.key}
	if len(p.extra) > 0 {
		c.Extra = p.extra
	}
	saved, err := s.Create(ctx, c)
	switch {
	case errors.Is(err, work.ErrCannotLook):
		out.Result, out.Message = rowUnsure, work.ErrCannotLook.Error()+": look for it, and make it with levcontacts create --anyway if it is not there"
	case model.KindOf(err) == model.KindCanceled:
		out.Message = ""
		if key, e := openTry(context.WithoutCancel(ctx), s, c.Values); key != "" || e != nil {
			out.Result, out.Message = rowUnsure, "stopped before the response came, so the contact may have been made; the same command looks for it first"
		}
	case err != nil:
		e := model.AsError("create contact", err)
		out.Result, out.Message, out.RequestID = rowFailed, e.Error(), e.RequestID
		switch e.Kind {
		case model.KindUnauthorized, model.KindForbidden, model.KindPayment, model.KindRefused, model.KindNetwork:
			out.stop = true
		}
	case len(saved.Candidates) > 0:
		out.Result, out.ID, out.Message = rowUnsure, saved.Candidates[0].ID(), "an earlier try, whose answer never came, may have created this contact"
	default:
		out.Result, out.ID, out.RequestID = rowCreated, saved.Contact.ID(), saved.RequestID
	}
	return out
}

// bodyOf is what is sent to create the contact of a row, on one line.
func bodyOf(r row) (json.RawMessage, error) {
	raw, err := newContact(model.Diff(model.Contact{}, r.draft), r.extra).MarshalJSON()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = json.Compact(&b, raw)
	return b.Bytes(), err
}
