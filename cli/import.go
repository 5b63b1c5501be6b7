package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"levcontacts/model"
	"levcontacts/work"
)

// importOptions is how an import is to be made.
type importOptions struct {
	apply, json, double, clean, unknown bool
	encoding                            string
	dedupe                              *dedupe
}

func (g *globals) importCommand() *cobra.Command {
	var o importOptions
	cmd := &cobra.Command{
		Use:     "import FILE",
		Short:   "Create contacts from a CSV or JSON file",
		GroupID: groupContacts,
		Args:    cobra.ExactArgs(1),
		Long: `Create contacts from a file: CSV with the names of the fields in its first line, or JSON: objects or arrays
of objects, one after the other, or answers of the API. - is standard input. Besides the fields that list
shows, a file may have company_id, address2, photo_url, contact_types and phones; in CSV the last two hold
JSON. CSV may be UTF-8, UTF-16 or Windows-1252, which is said then. An apostrophe that keeps text in CSV from
being taken for a formula, as levcontacts export writes it, is left out, and so is white space at the ends of
a value, which is counted; every other character is sent as it is.

Without --apply nothing is sent: what would be sent is shown, row by row, as JSON in the last column. A row
is left out when it has the id of a contact, or the e-mail address of a contact in the local copy, of one that
this profile created in the last 30 days, or of a row before it; and when this profile created a contact with
just its content in that time. So the same command can be run again after an interruption, or when wrong rows
were corrected: what was created before is not created again. A row with an id that is no contact here is
wrong.`,
		Example: `  levcontacts import people.csv
  levcontacts import people.csv --apply > results.tsv`,
		RunE: func(cmd *cobra.Command, args []string) error { return g.importFile(cmd.Context(), args[0], o) },
	}
	f := cmd.Flags()
	f.BoolVar(&o.apply, "apply", false, "create the contacts")
	f.BoolVar(&o.json, "json", false, "the results as JSON")
	f.BoolVar(&o.double, "allow-duplicates", false, "leave out only rows that have an id, or that an import has created")
	f.BoolVar(&o.unknown, "allow-unknown", false, "send members of JSON that the program does not know, too")
	f.BoolVar(&o.clean, "clean", false, "remove invisible characters from e-mail and LinkedIn addresses")
	f.StringVar(&o.encoding, "encoding", encodings[0], "of a CSV file: "+strings.Join(encodings[:], ", "))
	complete(cmd, "encoding", cobra.FixedCompletions(encodings[:], cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (g *globals) importFile(ctx context.Context, path string, o importOptions) error {
	a := g.app
	if !slices.Contains(encodings[:], o.encoding) {
		return usagef("--encoding is one of %s", strings.Join(encodings[:], ", "))
	}
	raw, err := g.readFile(ctx, path)
	if err != nil {
		return err
	}
	t, err := parseRows(raw, o.encoding)
	if err != nil {
		return usagef("%s: %w", path, err)
	}
	if names := t.unknown(); len(names) > 0 && !o.unknown {
		return usagef("%s: %s", path, unknownText(names))
	}
	if t.encoding != "" {
		a.note("levcontacts: %s is read as %s; --encoding says otherwise", path, t.encoding)
	}
	if names := t.ignored(); len(names) > 0 {
		a.note("levcontacts: left out, because the service sets them: %s", strings.Join(names, ", "))
	}
	if n := t.trimmed(); n > 0 {
		a.note("levcontacts: white space at the ends of %d values is left out", n)
	}
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
	if o.dedupe, err = a.dedupeOf(ctx, session, s, t.rows, o.double); err != nil {
		return err
	}
	return a.importRows(ctx, session, t.rows, o)
}

// The results of a row.
const (
	rowWould   = "would create"
	rowCreated = "created"
	rowExists  = "exists"
	rowWrong   = "wrong"
	rowFailed  = "failed"
	rowUnsure  = "unsure" // an earlier try may have created it
)

// outcome is what became of a row.
type outcome struct {
	Row       int    `json:"row"` // in the file, the first after the heading is 1
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

// plannedRow is a row that was looked at, and the idempotency key to create it with.
type plannedRow struct {
	row
	outcome
	key string
}

// plan looks at every row without sending anything.
func (o importOptions) plan(rows []row) ([]plannedRow, error) {
	plan := make([]plannedRow, len(rows))
	for i, r := range rows {
		if o.clean {
			for _, f := range r.invisibleFields() {
				r.draft[f] = visible(r.draft[f])
			}
		}
		p := plannedRow{row: r, outcome: o.examine(r)}
		if p.Result == rowWould {
			var err error
			if p.outcome, p.key, err = o.dedupe.look(r, p.outcome); err != nil {
				return nil, err
			}
		}
		if p.Result == rowWould && !o.apply {
			var err error
			if p.Body, err = bodyOf(r); err != nil {
				return nil, err
			}
		}
		plan[i] = p
	}
	return plan, nil
}

// importRows checks every row, then creates them one after the other.
func (a *App) importRows(ctx context.Context, s Session, rows []row, o importOptions) error {
	plan, err := o.plan(rows)
	if err != nil {
		return err
	}
	would := 0
	for _, p := range plan {
		if p.Result == rowWould {
			would++
		}
	}
	if o.apply && would > 1 {
		a.tellDuration(ctx, s, would)
	}
	results := make([]outcome, 0, len(plan))
	w := resultWriter{app: a, o: o}
	for _, p := range plan {
		result := p.outcome
		if result.Result == rowWould && o.apply {
			if result = a.importRow(ctx, s, p); result.Result == rowWould {
				break // stopped before it was sent: the row was not tried
			}
			if a.ErrTTY {
				a.status(fmt.Sprintf("%d of %d rows", len(results)+1, len(rows)))
			}
		}
		results = append(results, result)
		if err := w.add(result); err != nil {
			return err
		}
		if ctx.Err() != nil || result.stop {
			break
		}
	}
	if a.ErrTTY && o.apply {
		a.status("")
	}
	if err := w.end(); err != nil {
		return err
	}
	return a.tellImport(ctx, results, len(rows), o.apply)
}

// tellDuration asks for the limits of the account, so that the rows go as fast
// as they may, and says how long they take.
func (a *App) tellDuration(ctx context.Context, s Session, n int) {
	short, stop := context.WithTimeout(ctx, forLimits)
	defer stop()
	s.KnowLimits(short)
	if wait := s.Estimate(n, work.Screen); wait >= 10*time.Second {
		a.note("levcontacts: %d contacts to create%s", n, about(wait))
	}
}

// tellImport sums up an import. The error has the exit code.
func (a *App) tellImport(ctx context.Context, results []outcome, rows int, applied bool) error {
	count := func(kinds ...string) (n int) {
		for _, r := range results {
			if slices.Contains(kinds, r.Result) {
				n++
			}
		}
		return n
	}
	warned := ""
	if n := len(slices.DeleteFunc(slices.Clone(results), func(r outcome) bool { return !r.warned })); n > 0 {
		warned = fmt.Sprintf("; %d with a warning", n)
	}
	failed := count(rowFailed, rowWrong, rowUnsure)
	if applied {
		a.note("levcontacts: %d of %d rows created, %d there already, %d failed, %d not tried%s",
			count(rowCreated), rows, count(rowExists), failed, rows-len(results), warned)
	} else {
		a.note("levcontacts: %d of %d rows would be created; --apply does it%s", count(rowWould), rows, warned)
	}
	if slices.ContainsFunc(results, func(r outcome) bool { return r.Result == rowExists && strings.HasPrefix(r.Message, hasID) }) {
		a.note("levcontacts: rows with the id of a contact change nothing; levcontacts update does")
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if failed > 0 || len(results) < rows {
		return silent(exitPartly) // which rows has been said
	}
	return nil
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
	if r.id != "" {
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
	notes := slices.Clone(r.notes)
	for _, f := range model.Fields() {
		typed, given := r.draft[f.ID]
		if !given && f.Format != model.FormatType {
			continue
		}
		finding := f.CheckCreate(typed)
		if finding.Severity == model.Fine {
			finding = oddText(f, typed)
		}
		if finding.Severity == model.Refused {
			out.Result = rowWrong
		}
		if finding.Severity != model.Fine {
			notes = append(notes, f.Name+": "+finding.Text)
		}
	}
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

// A resultWriter writes the results of an import: in a pipe as they come, on a
// terminal and as JSON when all are there.
type resultWriter struct {
	app  *App
	o    importOptions
	held []outcome
}

func (w *resultWriter) add(r outcome) error {
	if w.o.json || w.app.OutTTY {
		w.held = append(w.held, r)
		return nil
	}
	cells := r.cells(w.o.apply)
	for i := range cells {
		cells[i] = strings.NewReplacer("\t", " ", "\n", " ", "\r", " ").Replace(cells[i])
	}
	return w.app.line(strings.Join(cells, "\t"))
}

func (w *resultWriter) end() error {
	switch {
	case w.o.json:
		return w.app.encode(append([]outcome{}, w.held...))
	case w.app.OutTTY:
		var table [][]string
		for _, r := range w.held {
			table = append(table, r.cells(w.o.apply))
		}
		return w.app.rows(table)
	}
	return nil
}

// cells are the columns of a result; what would be sent is the last one.
func (o outcome) cells(applied bool) []string {
	id := ""
	if o.ID != 0 {
		id = strconv.FormatInt(o.ID, 10)
	}
	out := []string{strconv.Itoa(o.Row), o.Result, id, o.Name, o.Message, o.RequestID}
	if applied {
		return out
	}
	return append(out, string(o.Body))
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
