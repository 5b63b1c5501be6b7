package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// createOptions is what create was asked for.
type createOptions struct {
	values            values
	dry, show, anyway bool
	yes               bool
	key, company      string
}

func (g *globals) createCommand() *cobra.Command {
	var o createOptions
	cmd := &cobra.Command{
		Use:     "create",
		Short:   "Create a contact",
		GroupID: groupContacts,
		Args:    noArgs,
		Long: `Create a contact and write its id to standard output. The type is required. On a terminal the contact is
shown and created after a yes; without one, --yes is needed. White space at the ends of a value is left out.

The write is in the journal before it is sent. When no answer comes, the same command looks first whether
the contact was made, and asks for --anyway before it makes a second one.`,
		Example: `  levcontacts create --type sponsor --first-name Priya --last-name Raman --email praman@harborpoint.com
  levcontacts create --type lender --last-name Chen --company 'Meridian Capital'
  echo '{"contact_type":"sponsor","last_name":"Raman","company_id":12}' | levcontacts create --yes --json -`,
		RunE: func(cmd *cobra.Command, _ []string) error { return g.create(cmd.Context(), &o) },
	}
	o.values.addTo(g, cmd, true)
	f := cmd.Flags()
	f.BoolVar(&o.dry, "dry-run", false, "show what would be sent, and send nothing")
	f.BoolVarP(&o.yes, "yes", "y", false, "do not ask")
	f.BoolVar(&o.show, "print", false, "write the contact as JSON instead of its id")
	f.BoolVar(&o.anyway, "anyway", false, "create it even if an earlier try may have made it")
	f.StringVar(&o.company, "company", "", "the company, by its `NAME` or its number, where the service has companies")
	f.StringVar(&o.key, "idempotency-key", "", "a `TEXT` that makes repeats of this command one create")
	return cmd
}

func (g *globals) create(ctx context.Context, o *createOptions) error {
	a := g.app
	in, err := o.values.read(ctx, g)
	if err != nil {
		return err
	}
	if len(in.readOnly) > 0 {
		a.note("levcontacts: left out, because the service sets them: %s", strings.Join(in.readOnly, ", "))
	}
	if err := a.check(in.draft, true); err != nil {
		return err
	}
	if _, twice := in.extra[companyMember]; twice && o.company != "" {
		return usagef("--company and company_id of the JSON both name a company")
	}
	patch := model.Diff(model.Contact{}, in.draft)
	if o.dry && o.company == "" {
		return a.printJSON(newContact(patch, in.extra), nil)
	}
	if err := a.needsYes(o.yes || o.dry, "a contact is created"); err != nil {
		return err
	}
	session, _, err := g.session(ctx)
	if err != nil {
		return err
	}
	defer session.Close()
	if err := a.addCompany(ctx, session, o.company, in.extra); err != nil {
		return err
	}
	if o.dry {
		return a.printJSON(newContact(patch, in.extra), nil)
	}
	if !o.yes {
		a.note("A new contact:")
		a.tellValues(patch, in.extra)
		if !a.confirm(ctx, "Create it?") {
			return errors.New("nothing was sent")
		}
	}
	c := work.Create{Values: patch, Key: o.key, Anyway: o.anyway}
	if len(in.extra) > 0 {
		c.Extra = in.extra
	}
	return a.create(ctx, session, c, o.show)
}

// needsYes refuses a write that nobody can be asked about.
func (a *App) needsYes(yes bool, what string) error {
	if yes || a.terminal() {
		return nil
	}
	return usagef("%s after a question, and there is no terminal to ask it on: --yes does it without, --dry-run only shows it", what)
}

// newContact is the contact that a create would send.
func newContact(p model.Patch, extra map[string]json.RawMessage) model.Contact {
	c := p.Apply(model.Contact{})
	for name, raw := range extra {
		c = c.WithExtra(name, string(raw))
	}
	return c
}

// create sends a new contact and tells what came of it.
func (a *App) create(ctx context.Context, s Session, c work.Create, show bool) error {
	if c.Key == "" {
		key, err := openTry(ctx, s, c.Values)
		if err != nil {
			return err
		}
		c.Key = key
	}
	saved, err := s.Create(ctx, c)
	if errors.Is(err, work.ErrCannotLook) {
		return fmt.Errorf("%w; nothing was sent: look for it with levcontacts list; --anyway sends it again", work.ErrCannotLook)
	}
	if err != nil {
		if key, e := openTry(context.WithoutCancel(ctx), s, c.Values); key != "" || e != nil {
			a.note("levcontacts: %s, so the contact may have been made; the same command looks for it first", openBecause(err))
		}
		return err
	}
	if len(saved.Candidates) > 0 {
		a.note("levcontacts: an earlier try, whose answer never came, may have made one of these:")
		for _, found := range saved.Candidates {
			a.note("  %d  %s  %s", found.ID(), found.Name(), found.Get(model.FieldEmail).String())
		}
		return errors.New("nothing was sent; --anyway creates the contact if it is none of them")
	}
	a.tellNotTaken(saved.NotTaken)
	a.inform("levcontacts: created contact %d, %s%s", saved.Contact.ID(), saved.Contact.Name(), requestOf(saved.RequestID))
	if show {
		return a.printJSON(saved.Contact, nil)
	}
	return a.line(strconv.FormatInt(saved.Contact.ID(), 10))
}

// openBecause says why it is not known whether a create was carried out.
func openBecause(err error) string {
	switch e := model.AsError("create contact", err); {
	case !e.Unsure():
		return "an attempt before got no answer"
	case e.Kind == model.KindProtocol:
		return "what the service answered cannot be read"
	default:
		return noAnswer(e.Status)
	}
}

// openTry finds the key of an earlier, equal create whose answer never came.
func openTry(ctx context.Context, s Session, p model.Patch) (string, error) {
	want, err := p.MarshalJSON()
	if err != nil {
		return "", err
	}
	entries, err := s.History(ctx, historyMost)
	if err != nil {
		return "", err
	}
	for _, e := range entries {
		if e.Kind != work.KindCreate || e.Result != work.Unknown {
			continue
		}
		if sent, err := e.Patch().MarshalJSON(); err == nil && string(sent) == string(want) {
			return e.Key, nil
		}
	}
	return "", nil
}

func requestOf(id string) string {
	if id == "" {
		return ""
	}
	return " · request " + id
}

// tellNotTaken says where the answer to a write differs from what was sent.
func (a *App) tellNotTaken(fields []model.Conflict) {
	for _, f := range fields {
		a.note("levcontacts: the service did not take %s as sent: it is %s now, not %s", f.Field.Name(), shown(f.Field, f.Theirs), shown(f.Field, f.My))
	}
}

// quoted is a value for a sentence.
func quoted(v model.Value) string {
	if v.Empty() {
		return "(empty)"
	}
	return strconv.Quote(v.String())
}

// shown is a value of a field for a sentence. A list is its parts.
func shown(f model.FieldID, v model.Value) string {
	if v.Kind() != model.Raw {
		return quoted(v)
	}
	return cmp.Or(f.Def().Show(v), "(empty)")
}

// updateOptions is what update was asked for.
type updateOptions struct {
	values         values
	dry, yes, show bool
	since          string
	until          time.Time
	search         string
	filter         []string
	copy           copyFlags
}

func (g *globals) updateCommand() *cobra.Command {
	var o updateOptions
	cmd := &cobra.Command{
		Use:     "update ID…",
		Short:   "Change fields of a contact or of several",
		GroupID: groupContacts,

		ValidArgsFunction: g.completeID,
		Long: `Change fields of a contact. Only fields that are different are sent, and the change is shown first; on a
terminal it is made after a yes, without one --yes is needed. When someone else has changed one of the
same fields since it was looked at, nothing is sent. White space at the ends of a value is left out.

Several contacts are named by their ids, by - for ids on standard input, or by --search and --filter. Their
changes are shown as a table and sent one after the other as a run, which levcontacts runs resumes and undoes.`,
		Example: `  levcontacts update 78 --title 'Executive Vice President' --clear department
  levcontacts update 78 --city Boston --state MA --dry-run
  levcontacts update 78 --email sarah@example.com --yes --if-unchanged-since 2026-02-20T16:45:00Z`,
		RunE: func(cmd *cobra.Command, args []string) error { return g.update(cmd, args, &o) },
	}
	o.values.addTo(g, cmd, false)
	f := cmd.Flags()
	f.StringSliceVar(&o.values.clear, "clear", nil, "empty these `FIELDS`")
	f.BoolVar(&o.dry, "dry-run", false, "show the change, and send nothing")
	f.BoolVarP(&o.yes, "yes", "y", false, "do not ask")
	f.BoolVar(&o.show, "print", false, "write the changed contact as JSON to standard output")
	f.StringVar(&o.since, "if-unchanged-since", "", "only if the contact's updated_at is not after this `MOMENT`")
	f.StringVar(&o.search, "search", "", "change the contacts that match this `QUERY`")
	f.StringArrayVar(&o.filter, "filter", nil, "change the contacts with these values, `FIELD=VALUE,…`; may be repeated")
	o.copy.addTo(cmd)
	complete(cmd, "clear", completeFields)
	complete(cmd, "search", completeQuery)
	complete(cmd, "filter", g.completePair(filterable))
	return cmd
}

func (g *globals) update(cmd *cobra.Command, args []string, o *updateOptions) error {
	ctx := cmd.Context()
	many, err := o.target(args)
	if err != nil {
		return err
	}
	if o.values.file == "-" && slices.Contains(args, "-") {
		return usagef("--json - and - both read standard input")
	}
	ids, err := g.readIDs(ctx, args)
	if err != nil {
		return err
	}
	in, err := o.values.read(ctx, g)
	if err != nil {
		return err
	}
	for name := range in.extra {
		return usagef("--json: %s is not a field that can be changed here", name)
	}
	if len(in.draft) == 0 {
		return usagef("nothing to change; levcontacts update --help lists the fields")
	}
	if err := g.app.check(in.draft, false); err != nil {
		return err
	}
	if o.since != "" {
		if o.until, err = time.Parse(time.RFC3339, o.since); err != nil {
			return usagef("--if-unchanged-since is a moment such as 2026-02-20T16:45:00Z")
		}
	}
	if !o.dry {
		if err := g.app.needsYes(o.yes, "a change is made"); err != nil {
			return err
		}
	}
	session, s, err := g.session(ctx)
	if err != nil {
		return err
	}
	defer session.Close()
	if s.Config.ReadOnly.Value && !o.dry {
		return notAllowed{fmt.Errorf("nothing is changed: read_only is set (%s)", s.Config.ReadOnly.Origin)}
	}
	if many || len(ids) > 1 {
		r, err := o.copy.reader(cmd, g.app, session, s)
		if err != nil {
			return err
		}
		return g.app.updateMany(ctx, r, ids, in.draft, *o)
	}
	return g.app.update(ctx, session, ids[0], in.draft, *o)
}

func (a *App) update(ctx context.Context, s Session, id int64, draft model.Draft, o updateOptions) error {
	fetched := a.Now()
	base, err := s.Contact(ctx, id)
	if err != nil {
		return err
	}
	if !o.until.IsZero() {
		updated := base.Get(model.FieldUpdated).String()
		at, err := time.Parse(time.RFC3339, updated)
		if err != nil || at.After(o.until) {
			return fmt.Errorf("contact %d was changed at %q, after %s; nothing was sent", id, updated, o.since)
		}
	}
	patch := model.Diff(base, draft)
	if patch.Empty() {
		a.inform("levcontacts: contact %d, %s, has these values already; nothing was sent", id, base.Name())
		return a.showContact(base, o.show)
	}
	if err := laterThere(base, patch); err != nil {
		return err
	}
	a.note("%s, contact %d:", base.Name(), base.ID())
	a.tellChanges(patch)
	if o.dry {
		raw, err := patch.MarshalJSON()
		if err != nil {
			return err
		}
		return a.write(append(raw, '\n'))
	}
	for _, f := range s.Features(ctx).Fixed {
		if _, ok := patch.Get(f); ok {
			a.note("levcontacts: this service has refused to change %s before", f.Name())
		}
	}
	if !o.yes && !a.confirm(ctx, "Save this?") {
		return errors.New("nothing was sent")
	}
	saved, err := s.Save(ctx, work.Save{ID: id, Base: base, Patch: patch, BaseAt: fetched})
	if err != nil {
		return err
	}
	switch {
	case len(saved.Conflicts) > 0:
		a.note("levcontacts: someone else changed contact %d meanwhile:", id)
		for _, c := range saved.Conflicts {
			a.note("  %s was %s, is %s now, would become %s", c.Field.Name(), shown(c.Field, c.Original), shown(c.Field, c.Theirs), shown(c.Field, c.My))
		}
		return errors.New("nothing was sent; run the command again to change it from what it is now")
	case saved.Nothing:
		a.note("levcontacts: someone else made the same change; nothing was sent")
	default:
		a.tellNotTaken(saved.NotTaken)
		a.inform("levcontacts: saved%s", requestOf(saved.RequestID))
	}
	return a.showContact(saved.Contact, o.show)
}

// laterThere refuses to send a service of March 2026 a field that it does not have.
func laterThere(base model.Contact, p model.Patch) error {
	for _, c := range p.Changes() {
		if c.Field.Def().Later && !base.HasLater() {
			return notAllowed{fmt.Errorf("this service is of March 2026 and has no %s; nothing was sent", strings.ToLower(c.Field.Def().Label))}
		}
	}
	return nil
}

func (a *App) showContact(c model.Contact, show bool) error {
	if !show {
		return nil
	}
	return a.printJSON(c, nil)
}
