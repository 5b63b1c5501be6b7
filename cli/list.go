package cli

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/ui/widget/list"
	"github.com/levcontacts/levcontacts/work"
)

// defaultLimit is how many contacts list shows when not told.
const defaultLimit = 50

// listing is what list was asked for.
type listing struct {
	format    string
	stamped   bool     // rows of cells end with how they were
	fields    []string // by their JSON names, nil for all
	change    change   // of the JSON before it is written, nil for none
	sort      model.Sort
	limit     int // 0 for all
	connected string
	filter    search.Filter
	searched  string // as typed
	query     search.Query
	similar   bool // list contacts too that match but for a mistake
	upward    bool // the order is that of sort, from its end
	enveloped bool // the JSON says also what it cost
}

// listFlags are the flags of list as they were given.
type listFlags struct {
	format                  formatFlags
	all, similar            bool
	fields, filter          []string
	sort, search, connected string
	view                    string
	limit                   int
	copy                    copyFlags
}

func (g *globals) listCommand() *cobra.Command {
	var o listFlags
	cmd := &cobra.Command{
		Use:     "list [QUERY…]",
		Short:   "List, search and filter contacts",
		GroupID: groupContacts,
		Args:    cobra.ArbitraryArgs,

		ValidArgsFunction: completeQuery,
		Long: `List contacts that match a query, or all. On a terminal this is a table, otherwise tab-separated values with
a heading.

The query is what / takes on the screen: words, "exact text", !not, ^prefix, /regexp/, a | b, field:word,
has:phone, no:email and updated:<30d. The first 50 contacts are listed unless --limit or --all says
otherwise; standard error says how many of how many that is. --view takes query, filter, order and columns of
a view that was saved on the screen; what the other flags say comes on top.

` + copyHelp + `

In CSV, text that a spreadsheet would run as a formula has an apostrophe before it; the other formats hold
everything unchanged. A value with a tab or a line break in it is quoted.`,
		Example: `  levcontacts list --all --csv > contacts.csv
  levcontacts list --filter type=lender --filter state=NY,CA --json
  levcontacts list title:director '!analyst' --fields id,first_name,last_name,email
  levcontacts list chen --json --jq '.[].email'
  levcontacts list --sort -updated_at --limit 10`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.search = strings.TrimSpace(o.search + " " + strings.Join(args, " "))
			l, err := o.parse(g.app)
			if err != nil {
				return err
			}
			r, done, err := o.copy.open(cmd, g)
			if err != nil {
				return err
			}
			defer done()
			if o.view != "" {
				if l, err = o.withView(cmd.Context(), r.session, l); err != nil {
					return err
				}
			}
			return g.app.list(cmd.Context(), r, l)
		},
	}
	f := cmd.Flags()
	o.format.addTo(cmd, "a JSON array, every contact as the service gave it")
	f.BoolVar(&o.format.envelope, "envelope", false,
		"JSON as an object: contacts, as_of, requests, shown, matching, read, total")
	f.StringVar(&o.sort, "sort", "", "order by this `FIELD`, with - before it for descending")
	f.IntVar(&o.limit, "limit", defaultLimit, "at most this `NUMBER` of contacts, 0 for all")
	f.BoolVar(&o.all, "all", false, "every contact")
	cmd.MarkFlagsMutuallyExclusive("limit", "all")
	f.StringVar(&o.search, "search", "", "only contacts that match this `QUERY`, the best match first; the same as the argument")
	f.BoolVar(&o.similar, "similar", false, "with a query: behind the others, contacts whose words differ in a letter or two")
	f.StringVar(&o.view, "view", "", "the contacts of the view with this `NAME`")
	complete(cmd, "sort", completeSort)
	complete(cmd, "view", g.completeView)
	complete(cmd, "search", completeQuery)
	g.addChoice(cmd, &o.fields, &o.filter, &o.connected)
	o.copy.addTo(cmd)
	return paged(cmd)
}

// withView puts a saved view under what the flags say.
func (o listFlags) withView(ctx context.Context, s Session, l listing) (listing, error) {
	views, err := s.Views(ctx)
	if err != nil {
		return l, err
	}
	v, err := FindView(views, o.view)
	if err != nil {
		return l, err
	}
	if err := l.search(strings.TrimSpace(v.Search + " " + o.search)); err != nil {
		return l, usagef("--view %s: %w", o.view, err)
	}
	if l.filter, err = search.ParseFilter(strings.TrimSpace(v.Filter + " " + l.filter.String())); err != nil {
		return l, usagef("--view %s: %w", o.view, err)
	}
	if l.sort.IsZero() {
		l.sort = v.Sort
	}
	if l.fields == nil && (l.format == formatTable || l.format == formatTSV || l.format == formatCSV) {
		for _, name := range v.Columns {
			if column, ok := list.ColumnByName(name); ok {
				l.fields = append(l.fields, column.Field.Name())
			}
		}
	}
	return l, nil
}

// FindView finds the view that --view names.
func FindView(views []work.View, name string) (work.View, error) {
	names := make([]string, len(views))
	for i, v := range views {
		if names[i] = v.Name; v.Name == name {
			return v, nil
		}
	}
	if len(names) == 0 {
		return work.View{}, usagef("--view: there is no view %q, and no other; v on the screen saves one", name)
	}
	return work.View{}, usagef("--view: there is no view %q%s", name, choices(name, names))
}

// parse checks the flags before anything is asked of the service.
func (o listFlags) parse(a *App) (l listing, err error) {
	if l, err = parseChoice(o.fields, o.filter, o.connected); err != nil {
		return l, err
	}
	l.limit = o.limit
	if err := o.format.choose(a, &l); err != nil {
		return l, err
	}
	if o.limit < 0 {
		return l, usagef("--limit is a number of contacts, 0 for all")
	}
	if o.all {
		l.limit = 0
	}
	if l.sort, err = parseSort(o.sort); err != nil {
		return l, err
	}
	if l.upward = upward(o.sort); l.upward {
		l.sort = byID()
	}
	if err := l.search(o.search); err != nil {
		return l, usagef("--search: %w", err)
	}
	if l.similar = o.similar; l.similar && l.query.Empty() {
		return l, usagef("--similar needs a query")
	}
	if l.query.AsksNotes() {
		return l, nil // what is held is not known yet
	}
	for _, hint := range l.query.Hints() {
		a.note("levcontacts: --search: %s", hint.Text)
	}
	return l, nil
}

// tally is how a list came out. matched is how many contacts fit, -1 when the
// list was not read far enough to know. similar is how many of those shown only
// resemble what was searched for; they do not match.
type tally struct{ shown, matched, similar int }

// list reads what was asked for and prints it.
func (a *App) list(ctx context.Context, r *reader, l listing) error {
	inner := a.newPrinter(a.Out, l, a.OutTTY)
	p := watch(inner, l.fields)
	t, err := l.run(ctx, r, p)
	r.clear()
	if sealed, ok := inner.(interface{ seal(envelope) error }); ok && l.enveloped && err == nil {
		err = sealed.seal(r.envelope(t))
	}
	if err != nil {
		return errors.Join(err, p.stop())
	}
	if err := p.end(); err != nil {
		return err
	}
	p.tell(a, t.shown)
	a.inform("levcontacts: %s", l.summary(r, t))
	r.tellSource()
	return nil
}

// run prints the contacts in the order that takes the fewest requests.
func (l listing) run(ctx context.Context, r *reader, p printer) (t tally, err error) {
	switch {
	case !l.query.Empty(), l.upward, !l.sort.IsZero() && (l.limit == 0 || !l.filter.Empty() || l.connected != "yes"):
		return l.held(ctx, r, p)
	case l.sort.IsZero():
		return l.streamed(ctx, r, p)
	}
	if out, err := r.update(ctx, false, nil); err != nil || out.Held {
		if err != nil {
			return t, err
		}
		return l.held(ctx, r, p)
	}
	t, err = l.sorted(ctx, r, p)
	if !refusedOrder(err) {
		return t, err
	}
	r.app.note("levcontacts: the service does not sort by %s (%s); reading the whole list to sort it here", l.sort.Field.Name(), err)
	r.total, r.read = -1, 0
	return l.held(ctx, r, p)
}

// summary tells how many of how many were listed. It is never left out: a list
// that is cut off must not look whole.
func (l listing) summary(r *reader, t tally) string {
	text := grouped(t.shown)
	switch {
	case t.shown == 0 && r.read == 0:
		return "there are no contacts to list"
	case t.shown == 0:
		return "no contact matches, " + r.said()
	case !l.query.Empty() || !l.filter.Empty():
		if text = grouped(t.shown - t.similar); t.matched > t.shown {
			text += " of " + grouped(t.matched)
		}
		text += " matching contacts"
		if t.similar > 0 {
			text += " and " + grouped(t.similar) + " similar"
		}
		text += ", " + r.said()
	case r.total >= 0:
		text += " of " + grouped(r.total) + " contacts"
	default:
		text += " contacts; the service does not say how many there are"
	}
	if t.matched < 0 || t.matched > t.shown {
		text += "; --all lists every one"
	}
	return text
}

// streamed prints contacts as they come, in the order of the service.
func (l listing) streamed(ctx context.Context, r *reader, p printer) (t tally, err error) {
	limit, whole := model.MaxLimit, true
	if l.filter.Empty() && l.limit > 0 {
		whole = l.limit > model.MaxLimit
		limit = min(limit, l.limit)
	}
	if err := r.each(ctx, l.connected, limit, whole, l.printing(p, &t)); err != nil {
		return t, err
	}
	l.close(r, &t)
	return t, nil
}

// printing prints what fits, as far as the limit.
func (l listing) printing(p printer, t *tally) func(model.Packed) error {
	return func(row model.Packed) error {
		if !l.wants(row) {
			return nil
		}
		c, err := row.Unpack()
		if err != nil {
			return err
		}
		if err := p.print(c); err != nil {
			return err
		}
		if t.shown++; t.shown == l.limit {
			return enough{}
		}
		return nil
	}
}

// close says how many contacts fit, now that no more are read: those that were
// shown when the whole list was read, otherwise nobody knows.
func (l listing) close(r *reader, t *tally) {
	t.matched = t.shown
	if l.limit > 0 && t.shown == l.limit && r.total != r.read {
		t.matched = -1
	}
}

// sorted lets the service put the first ones in order.
func (l listing) sorted(ctx context.Context, r *reader, p printer) (t tally, err error) {
	err = r.list(ctx, model.SortedList(model.ConnectedOnly, l.sort, 0, min(model.MaxLimit, l.limit)), l.printing(p, &t))
	if isA[enough](err) {
		err = nil
	}
	l.close(r, &t)
	return t, err
}

// wants says that a row belongs to what was asked for.
func (l listing) wants(row model.Packed) bool { return l.filter.Empty() || l.filter.Match(row) }

// held reads everything before it prints: for a search, which ranks, and for
// an order over the whole list, which pages of a changing list cannot promise.
func (l listing) held(ctx context.Context, r *reader, p printer) (t tally, err error) {
	if err := l.holdNotes(ctx, r); err != nil {
		return t, err
	}
	book, err := l.book(ctx, r)
	if err != nil {
		return t, err
	}
	snap := book.Snapshot()
	var slots, similar []int32
	if !l.query.Empty() {
		result, err := search.New().Search(ctx, snap, l.query, nil)
		if err == nil && l.similar {
			result.Similar, err = search.New().Similar(ctx, snap, l.query, nil)
		}
		if err != nil {
			return t, err
		}
		slots, similar = result.Direct, result.Similar
	}
	if !l.sort.IsZero() {
		if slots, err = search.Sort(ctx, snap, slots, l.sort); err != nil {
			return t, err
		}
		if similar, err = search.Sort(ctx, snap, append([]int32{}, similar...), l.sort); err != nil {
			return t, err
		}
		if l.upward {
			slices.Reverse(slots)
			slices.Reverse(similar)
		}
	}
	t.matched = len(slots)
	for _, slot := range append(slots, similar...) {
		c, err := snap.At(int(slot)).Unpack()
		if err != nil {
			return t, err
		}
		if err := p.print(c); err != nil {
			return t, err
		}
		if t.shown++; t.shown == l.limit {
			break
		}
	}
	t.similar = max(0, t.shown-t.matched)
	return t, nil
}

// book reads whole lists into memory, filtered.
func (l listing) book(ctx context.Context, r *reader) (*model.Book, error) {
	var book model.Book
	err := r.each(ctx, l.connected, model.MaxLimit, true, func(row model.Packed) error {
		if l.wants(row) {
			book.Put(row)
		}
		return nil
	})
	return &book, err
}
