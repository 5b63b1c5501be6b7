package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"levcontacts/model"
	"levcontacts/work"
)

func (g *globals) importCommand() *cobra.Command {
	var o importing
	var double bool
	cmd := &cobra.Command{
		Use:     "import FILE",
		Short:   "Create contacts from a CSV or JSON file",
		GroupID: groupContacts,
		Args:    cobra.ExactArgs(1),
		Long: `Create contacts from a file: CSV with the names of the fields in its first line, a JSON array of objects,
or one JSON object a line. - is standard input. Besides the fields that list shows, CSV may have the columns
company_id, address2, photo_url, and, with JSON in their cells, contact_types and phones; JSON may have any.
In CSV, an apostrophe that keeps text from being taken for a formula, as levcontacts export writes it, is left
out.

Without --apply nothing is sent: what would be sent is shown, row by row, as JSON in the last column. A row
is left out when it has an id, or the e-mail address of a contact in the local copy, of one that this profile
created in the last 30 days, or of a row before it; and when this profile created a contact with just its
content in that time. So the same command can be run again after an interruption, or when wrong rows were
corrected: what was created before is not created again.`,
		Example: `  levcontacts import people.csv
  levcontacts import people.csv --apply > results.tsv`,
		RunE: func(cmd *cobra.Command, args []string) error {
			raw, err := g.app.readFile(args[0])
			if err != nil {
				return err
			}
			rows, ignored, err := parseRows(raw)
			if err != nil {
				return usagef("%s: %w", args[0], err)
			}
			if len(ignored) > 0 {
				g.app.note("levcontacts: left out, because the service sets them: %s", strings.Join(ignored, ", "))
			}
			session, s, err := g.session(cmd.Context())
			if err != nil {
				return err
			}
			defer session.Close()
			if s.Config.ReadOnly.Value && o.apply {
				return notAllowed{fmt.Errorf("nothing is created: read_only is set (%s)", s.Config.ReadOnly.Origin)}
			}
			if o.known, err = g.app.knownOf(cmd.Context(), session, s, double); err != nil {
				return err
			}
			return g.app.importRows(cmd.Context(), session, rows, o)
		},
	}
	cmd.Flags().BoolVar(&o.apply, "apply", false, "create the contacts")
	cmd.Flags().BoolVar(&o.json, "json", false, "the results as JSON")
	cmd.Flags().BoolVar(&double, "allow-duplicates", false, "leave out only rows that have an id, or that an import has created")
	return cmd
}

// importing is how an import is to be made.
type importing struct {
	apply, json bool
	known       *known
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

	stop bool // there is no use in trying the next row
}

// importRows checks every row, then creates them one after the other.
func (a *App) importRows(ctx context.Context, s Session, rows []row, o importing) error {
	results := make([]outcome, 0, len(rows))
	failed := 0
	for i, r := range rows {
		result := examine(i+1, r)
		key := ""
		if result.Result == rowWould {
			var err error
			if result, key, err = o.known.look(r, result); err != nil {
				return err
			}
		}
		if result.Result == rowWould && !o.apply {
			var err error
			if result.Body, err = bodyOf(r); err != nil {
				return err
			}
		}
		if result.Result == rowWould && o.apply {
			result = a.importRow(ctx, s, r, result, key)
			if result.Result == rowWould {
				break // stopped before it was sent: the row was not tried
			}
			if a.ErrTTY {
				a.status(fmt.Sprintf("%d of %d rows", i+1, len(rows)))
			}
		}
		switch result.Result {
		case rowFailed, rowWrong, rowUnsure:
			failed++
		}
		results = append(results, result)
		if ctx.Err() != nil || result.stop {
			break
		}
	}
	if a.ErrTTY && o.apply {
		a.status("")
	}
	if err := a.outcomes(results, o); err != nil {
		return err
	}
	if !o.apply {
		a.note("levcontacts: %d of %d rows would be created; --apply does it", len(rows)-failed-counted(results, rowExists), len(rows))
	} else {
		a.note("levcontacts: %d of %d rows created, %d there already, %d failed, %d not tried",
			counted(results, rowCreated), len(rows), counted(results, rowExists), failed, len(rows)-len(results))
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if failed > 0 || len(results) < len(rows) {
		return silent(exitPartly) // which rows has been said
	}
	return nil
}

func counted(results []outcome, what string) (n int) {
	for _, r := range results {
		if r.Result == what {
			n++
		}
	}
	return n
}

// examine looks at a row without sending anything.
func examine(n int, r row) outcome {
	c := model.Diff(model.Contact{}, r.draft).Apply(model.Contact{})
	out := outcome{Row: n, Result: rowWould}
	if c.HasName() || !c.Get(model.FieldEmail).Empty() {
		out.Name = c.Name()
	}
	if r.id != "" {
		out.Result, out.Message = rowExists, "the row has the id "+r.id
		return out
	}
	var notes []string
	for _, f := range model.FieldTable() {
		typed, given := r.draft[f.ID]
		if !given && f.Format != model.FormatType {
			continue
		}
		switch finding := f.CheckCreate(typed); finding.Severity {
		case model.Refused:
			out.Result = rowWrong
			notes = append(notes, f.Name+": "+finding.Text)
		case model.Warning:
			notes = append(notes, f.Name+": "+finding.Text)
		}
	}
	if r.wrong != "" {
		out.Result = rowWrong
		notes = append(notes, r.wrong)
	}
	out.Message = strings.Join(notes, "; ")
	return out
}

// importRow creates one contact. A row that was stopped before it was sent stays
// one that would be created.
func (a *App) importRow(ctx context.Context, s Session, r row, out outcome, key string) outcome {
	c := work.Create{Values: model.Diff(model.Contact{}, r.draft), Key: key}
	if len(r.extra) > 0 {
		c.Extra = r.extra
	}
	saved, err := s.Create(ctx, c)
	switch {
	case errors.Is(err, work.ErrCannotLook):
		out.Result, out.Message = rowUnsure, work.ErrCannotLook.Error()+": look for it, and make it with levcontacts create --anyway if it is not there"
	case model.KindOf(err) == model.KindCanceled:
		out.Message = ""
		if key, e := openTry(context.WithoutCancel(ctx), s, c.Values); key != "" || e != nil {
			out.Result, out.Message = rowUnsure, "stopped before the answer came, so the contact may have been made; the same command looks for it first"
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
		out.Result, out.ID, out.RequestID, out.Message = rowCreated, saved.Contact.ID(), saved.RequestID, ""
	}
	return out
}

// outcomes writes the results.
func (a *App) outcomes(results []outcome, o importing) error {
	if o.json {
		return a.encode(results)
	}
	if a.OutTTY {
		var table [][]string
		for _, r := range results {
			table = append(table, r.cells(o.apply))
		}
		return a.rows(table)
	}
	for _, r := range results {
		cells := r.cells(o.apply)
		for i := range cells {
			cells[i] = strings.NewReplacer("\t", " ", "\n", " ", "\r", " ").Replace(cells[i])
		}
		if err := a.line(strings.Join(cells, "\t")); err != nil {
			return err
		}
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
