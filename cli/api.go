package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/levcontacts/levcontacts/work"
)

// apiOptions is what api was asked for.
type apiOptions struct {
	texts, values []string
	input         string
	paginate      bool
	yes, dry      bool
	key           string
	jq, template  string
	change        change
	request       work.Request
	query         url.Values
	members       map[string]json.RawMessage
}

func (g *globals) apiCommand() *cobra.Command {
	var o apiOptions
	cmd := &cobra.Command{
		Use:     "api METHOD PATH",
		Short:   "Send a request of your own to the service",
		GroupID: groupTools,
		Args:    apiArgs,
		Long: `Send a request to the service and write the answer as it came: for what no other command does. The path is
below the base URL. The key, the rate limit and retries are those of every command. A GET is free to send; any
other method is shown first and sent after a yes, without a terminal with --yes, and is in the journal before
it is sent. A write that may have arrived is not sent again.

With a GET, fields are parameters of the query; otherwise they are members of a JSON body, which --input gives
whole. --paginate follows the cursor of a list, or its offset, and writes all rows as one array.`,
		Example: `  levcontacts api GET /me
  levcontacts api GET /contacts/78/notes --jq '.data[].text'
  levcontacts api GET /contacts -f sort=-updated_at -F limit=5
  levcontacts api PATCH /contacts/78 -f title=Director --dry-run
  levcontacts api GET /companies --paginate --jq 'map(.name)'`,
		RunE: func(cmd *cobra.Command, args []string) error { return g.api(cmd.Context(), args, o) },

		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			switch len(args) {
			case 0:
				return apiMethods(), noFileComp
			case 1:
				return []cobra.Completion{"/me", "/contacts", "/companies"}, openComp
			}
			return nil, noFileComp
		},
	}
	f := cmd.Flags()
	f.StringArrayVarP(&o.texts, "text", "f", nil, "`NAME=TEXT`: a text; may be repeated")
	f.StringArrayVarP(&o.values, "field", "F", nil,
		"`NAME=VALUE`: JSON, such as a number, true, null or a list, otherwise a text; may be repeated")
	f.StringVar(&o.input, "input", "", "the body from this `FILE`, JSON; - is standard input")
	f.BoolVar(&o.paginate, "paginate", false, "with GET: every page of a list")
	f.BoolVarP(&o.yes, "yes", "y", false, "send a write without a question")
	f.BoolVar(&o.dry, "dry-run", false, "show the request, and send nothing")
	f.StringVar(&o.key, "idempotency-key", "", "a `TEXT` that makes repeats of this write one")
	addQuery(cmd, &o.jq, &o.template)
	return cmd
}

func apiMethods() []string { return []string{"GET", "POST", "PATCH", "PUT", "DELETE"} }

func apiArgs(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) < 2:
		return oneArg("a method and a path, such as GET /me")(cmd, nil)
	case len(args) > 2:
		return usagef("%s takes a method and a path; %q is too much", cmd.CommandPath(), args[2])
	}
	for _, m := range apiMethods() {
		if strings.EqualFold(m, args[0]) {
			return nil
		}
	}
	return usagef("there is no method %q%s", args[0], choices(strings.ToUpper(args[0]), apiMethods()))
}

func (g *globals) api(ctx context.Context, args []string, o apiOptions) (err error) {
	a := g.app
	if o.change, err = parseChange(o.jq, o.template, a); err != nil {
		return err
	}
	if err := o.read(ctx, g, args); err != nil {
		return err
	}
	if o.dry {
		return a.showRequest(o.request)
	}
	if o.request.Write() {
		if err := a.needsYes(o.yes, "a write is sent"); err != nil {
			return err
		}
	}
	session, _, err := g.session(ctx)
	if err != nil {
		return err
	}
	defer session.Close()
	if o.request.Write() && !o.yes {
		a.note("%s", o.request.String())
		if len(o.request.Body) > 0 {
			a.note("%s", string(o.request.Body))
		}
		if !a.confirm(ctx, "Send it?") {
			return errors.New("nothing was sent")
		}
	}
	if o.paginate {
		return a.apiPages(ctx, session, o)
	}
	out, err := session.Request(ctx, o.request)
	if err != nil {
		return err
	}
	return a.writeAnswer(out.Body, o.change)
}

// read makes the request of what was given.
func (o *apiOptions) read(ctx context.Context, g *globals, args []string) error {
	o.request.Method, o.request.Key = strings.ToUpper(args[0]), o.key
	path, query, _ := strings.Cut(args[1], "?")
	o.request.Path = "/" + strings.TrimPrefix(path, "/")
	if strings.Contains(path, "://") {
		return usagef("a path is below the base URL, such as /contacts/78, not %q", path)
	}
	var err error
	if o.query, err = url.ParseQuery(query); err != nil {
		return usagef("the query of the path: %w", err)
	}
	o.members = map[string]json.RawMessage{}
	if err := errors.Join(o.add(o.texts, false), o.add(o.values, true)); err != nil {
		return err
	}
	switch {
	case !o.request.Write() && o.input != "":
		return usagef("--input is not for GET")
	case o.request.Write() && o.paginate:
		return usagef("--paginate is for GET")
	case o.input != "" && len(o.members) > 0:
		return usagef("--input is the whole body, and fields are given, too")
	case o.input != "":
		raw, err := g.readFile(ctx, o.input)
		if err != nil {
			return err
		}
		if err := badText("the body", raw); err != nil {
			return usagef("--input: %w", err)
		}
		if !json.Valid(raw) {
			return usagef("--input: not JSON")
		}
		var b bytes.Buffer
		if err := json.Compact(&b, raw); err != nil {
			return err
		}
		o.request.Body = b.Bytes()
	case o.request.Write() && len(o.members) > 0:
		if o.request.Body, err = json.Marshal(o.members); err != nil {
			return err
		}
	}
	o.request.Query = o.query.Encode()
	return nil
}

// add takes fields, into the query or the body.
func (o *apiOptions) add(pairs []string, typed bool) error {
	for _, pair := range pairs {
		name, text, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return usagef("a field is NAME=VALUE, not %q", pair)
		}
		if !o.request.Write() {
			o.query.Add(name, text)
			continue
		}
		if _, twice := o.members[name]; twice {
			return usagef("the field %s is given twice", name)
		}
		raw, err := json.Marshal(text)
		if err != nil {
			return err
		}
		if typed && json.Valid([]byte(text)) {
			raw = []byte(text)
		}
		o.members[name] = raw
	}
	return nil
}

// showRequest writes a request that is not sent.
func (a *App) showRequest(r work.Request) error {
	if err := a.line(r.String()); err != nil || len(r.Body) == 0 {
		return err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, r.Body, "", "  "); err != nil {
		return err
	}
	return a.write(append(b.Bytes(), '\n'))
}

// writeAnswer writes JSON as it came, with a line break behind it, or changed.
func (a *App) writeAnswer(body []byte, c change) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	if c == nil {
		return a.write(append(bytes.TrimRight(body, "\r\n"), '\n'))
	}
	value, err := decoded(body)
	if err != nil {
		return errors.New("the answer is not JSON, so --jq and --template cannot change it")
	}
	return c.write(a.Out, value)
}

// apiPages follows a list to its end.
func (a *App) apiPages(ctx context.Context, s Session, o apiOptions) error {
	var rows []json.RawMessage
	seen := map[string]bool{}
	for {
		out, err := s.Request(ctx, o.request)
		if err != nil {
			return err
		}
		var page struct {
			Data       []json.RawMessage
			Pagination struct {
				HasMore bool    `json:"has_more"`
				Next    *string `json:"next_cursor"`
			}
		}
		if err := json.Unmarshal(out.Body, &page); err != nil || page.Data == nil {
			return errors.New("the answer is not a list, so there are no pages to follow")
		}
		rows = append(rows, page.Data...)
		next := page.Pagination.Next
		switch {
		case len(page.Data) == 0 || !page.Pagination.HasMore:
			next = nil
		case o.query.Has("sort") || next == nil: // the next rows are counted
			offset, _ := strconv.Atoi(o.query.Get("offset"))
			o.query.Set("offset", strconv.Itoa(offset+len(page.Data)))
			text := o.query.Encode()
			next = &text
		default:
			o.query.Set("cursor", *next)
		}
		if next == nil || seen[*next] {
			break
		}
		seen[*next] = true
		o.request.Query = o.query.Encode()
	}
	raw, err := json.Marshal(append([]json.RawMessage{}, rows...))
	if err != nil {
		return err
	}
	return a.writeAnswer(raw, o.change)
}
