package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/itchyny/gojq"
	"github.com/spf13/cobra"

	"github.com/levcontacts/levcontacts/model"
)

// formatFlags choose the format of contacts.
type formatFlags struct {
	json, jsonl, csv, tsv, table bool
	jq, template                 string
	envelope                     bool
}

func (o *formatFlags) addTo(cmd *cobra.Command, asJSON string) {
	f := cmd.Flags()
	f.BoolVar(&o.json, "json", false, asJSON)
	f.BoolVar(&o.jsonl, "jsonl", false, "one JSON object a line")
	f.BoolVar(&o.csv, "csv", false, "comma-separated values with a heading")
	f.BoolVar(&o.tsv, "tsv", false, "tab-separated values with a heading")
	f.BoolVar(&o.table, "table", false, "aligned columns for people")
	addQuery(cmd, &o.jq, &o.template)
	cmd.MarkFlagsMutuallyExclusive("json", "jsonl", "csv", "tsv", "table")
	cmd.MarkFlagsMutuallyExclusive("jq", "csv", "tsv", "table")
	cmd.MarkFlagsMutuallyExclusive("template", "csv", "tsv", "table")
}

// addQuery makes the flags that change JSON before it is written.
func addQuery(cmd *cobra.Command, jq, template *string) {
	cmd.Flags().StringVar(jq, "jq", "", "change the JSON with this `EXPRESSION` of jq; with --jsonl, every object by itself")
	cmd.Flags().StringVar(template, "template", "", "write the JSON with this Go `TEMPLATE`; with --jsonl, every object by itself")
	cmd.MarkFlagsMutuallyExclusive("jq", "template")
}

// choose sets the format of a listing.
func (o formatFlags) choose(a *App, l *listing) (err error) {
	l.change, err = parseChange(o.jq, o.template, a)
	l.enveloped = o.envelope
	switch {
	case err != nil:
		return err
	case o.envelope && !o.json && l.change == nil || o.envelope && o.jsonl:
		return usagef("--envelope is for --json, --jq or --template, and not for --jsonl")
	case o.jsonl:
		l.format = formatJSONL
	case o.json, l.change != nil:
		l.format = formatJSON
	case o.csv:
		l.format = formatCSV
	case o.tsv:
		l.format = formatTSV
	case o.table, a.OutTTY:
		l.format = formatTable
	default:
		l.format = formatTSV
	}
	return nil
}

// envelope is what list --envelope says besides the contacts. The names do not
// change.
type envelope struct {
	AsOf     time.Time `json:"as_of"`    // when the contacts were up to date
	Requests int       `json:"requests"` // that it took
	Shown    int       `json:"shown"`
	Matching *int      `json:"matching"` // null when the list was not read far enough to know
	Read     int       `json:"read"`
	Total    *int      `json:"total"` // null when the service does not say
}

// envelope describes how a list came out.
func (r *reader) envelope(t tally) envelope {
	e := envelope{AsOf: r.app.Now(), Requests: r.pages, Shown: t.shown, Read: r.read}
	if t.matched >= 0 {
		e.Matching = &t.matched
	}
	if r.total >= 0 {
		e.Total = &r.total
	}
	if r.synced != nil {
		e.Requests += r.synced.Pages
		if r.synced.Held {
			e.AsOf = r.synced.Info.FreshAt
		}
	}
	e.AsOf = e.AsOf.UTC().Truncate(time.Second)
	return e
}

// A change writes JSON in another form.
type change interface {
	write(w io.Writer, value any) error
}

// parseChange reads --jq or --template, nil for neither.
func parseChange(jq, template string, a *App) (change, error) {
	switch {
	case jq != "":
		return parseJQ(jq)
	case template != "":
		return parseTemplate(template, a)
	}
	return nil, nil
}

// jqChange is an expression of jq.
type jqChange struct{ code *gojq.Code }

func parseJQ(text string) (change, error) {
	query, err := gojq.Parse(text)
	if err == nil {
		var code *gojq.Code
		if code, err = gojq.Compile(query); err == nil {
			return jqChange{code}, nil
		}
	}
	return nil, usagef("--jq: %w", err)
}

// write gives every result a line: a text as it is, anything else as JSON.
func (j jqChange) write(w io.Writer, value any) error {
	results := j.code.Run(value)
	for {
		v, more := results.Next()
		if !more {
			return nil
		}
		if err, failed := v.(error); failed {
			if halt, ok := err.(*gojq.HaltError); ok && halt.Value() == nil {
				return nil
			}
			return fmt.Errorf("--jq: %w", err)
		}
		line, isText := v.(string)
		if !isText {
			raw, err := gojq.Marshal(v)
			if err != nil {
				return fmt.Errorf("--jq: %w", err)
			}
			line = string(raw)
		}
		if _, err := io.WriteString(w, line+"\n"); err != nil {
			return err
		}
	}
}

// decoded is JSON as jq and templates take it; numbers keep all their digits.
func decoded(raw []byte) (value any, err error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	err = d.Decode(&value)
	return value, err
}

// changedPrinter writes contacts through a change: each by itself, or all of
// them as one array at the end.
type changedPrinter struct {
	w      flusher
	fields []string
	change change
	each   bool
	all    []any
	sealed map[string]any
}

func (p *changedPrinter) seal(e envelope) (err error) {
	raw, err := json.Marshal(e)
	if err != nil {
		return err
	}
	value, err := decoded(raw)
	p.sealed, _ = value.(map[string]any)
	return err
}

// flusher is a buffered writer.
type flusher interface {
	io.Writer
	Flush() error
}

func (p *changedPrinter) print(c model.Contact) error {
	raw, err := jsonOf(c, p.fields)
	if err != nil {
		return err
	}
	value, err := decoded(raw)
	if err != nil {
		return err
	}
	if p.each {
		return p.change.write(p.w, value)
	}
	p.all = append(p.all, value)
	return nil
}

func (p *changedPrinter) end() error {
	if !p.each {
		var value any = append([]any{}, p.all...)
		if p.sealed != nil {
			p.sealed["contacts"], value = value, p.sealed
		}
		if err := p.change.write(p.w, value); err != nil {
			return err
		}
	}
	return p.w.Flush()
}

func (p *changedPrinter) stop() error { return p.w.Flush() }
