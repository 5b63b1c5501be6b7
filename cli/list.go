package cli

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"levcontacts/model"
	"levcontacts/model/search"
)

// defaultLimit is how many contacts list shows when not told.
const defaultLimit = 50

// listing is what list was asked for.
type listing struct {
	format    string
	fields    []string
	sort      model.Sort
	limit     int // 0 for all
	connected string
	filter    search.Filter
	query     search.Query
	similar   bool // list contacts too that match but for a mistake
}

// listFlags are the flags of list as they were given.
type listFlags struct {
	json, jsonl, csv, tsv, table, all, similar bool
	fields, filter                             []string
	sort, search, connected                    string
	limit                                      int
}

func (g *globals) listCommand() *cobra.Command {
	var o listFlags
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List, search and filter contacts",
		GroupID: groupContacts,
		Args:    cobra.NoArgs,
		Long: `List contacts. On a terminal this is a table, otherwise tab-separated values with a heading.

The first 50 are listed unless --limit or --all says otherwise; standard error says how many of how many
that is. --search takes what / takes on the screen: words, "exact text", !not, ^prefix, /regexp/, a | b,
field:word, has:phone, no:email and updated:<30d. --search, --filter and sorting everything read the
whole list, 200 contacts a request.

In CSV, text that a spreadsheet would run as a formula has an apostrophe before it; the other formats hold
everything unchanged. A value with a tab or a line break in it is quoted.`,
		Example: `  levcontacts list --all --csv > contacts.csv
  levcontacts list --filter type=lender --filter state=NY,CA --json
  levcontacts list --search 'title:director !analyst' --fields id,first_name,last_name,email
  levcontacts list --sort -updated_at --limit 10`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			l, err := o.parse(g.app)
			if err != nil {
				return err
			}
			session, _, err := g.session(cmd.Context())
			if err != nil {
				return err
			}
			defer session.Close()
			return g.app.list(cmd.Context(), session, l)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&o.json, "json", false, "a JSON array, every contact as the service gave it")
	f.BoolVar(&o.jsonl, "jsonl", false, "one JSON object a line")
	f.BoolVar(&o.csv, "csv", false, "comma-separated values with a heading")
	f.BoolVar(&o.tsv, "tsv", false, "tab-separated values with a heading")
	f.BoolVar(&o.table, "table", false, "aligned columns for people")
	cmd.MarkFlagsMutuallyExclusive("json", "jsonl", "csv", "tsv", "table")
	f.StringVar(&o.sort, "sort", "", "order by this `FIELD`, with - before it for descending")
	f.IntVar(&o.limit, "limit", defaultLimit, "at most this `NUMBER` of contacts, 0 for all")
	f.BoolVar(&o.all, "all", false, "every contact")
	cmd.MarkFlagsMutuallyExclusive("limit", "all")
	f.StringVar(&o.search, "search", "", "only contacts that match this `QUERY`, the best match first")
	f.BoolVar(&o.similar, "similar", false, "with --search: behind the others, contacts whose words differ in a letter or two")
	complete(cmd, "sort", completeSort)
	addChoice(cmd, &o.fields, &o.filter, &o.connected)
	return cmd
}

// addChoice makes the flags that choose contacts and fields, which list and
// export have in common.
func addChoice(cmd *cobra.Command, fields, filter *[]string, connected *string) {
	f := cmd.Flags()
	f.StringSliceVar(fields, "fields", nil, "only these fields, by their `NAMES` in the API, in this order")
	f.StringArrayVar(filter, "filter", nil, "only contacts with these values, `FIELD=VALUE,…`; may be repeated")
	f.StringVar(connected, "connected", "yes", "whether the relationship is active: yes, no or any")
	complete(cmd, "fields", completeFields)
	complete(cmd, "connected", cobra.FixedCompletions([]string{"yes", "no", "any"}, cobra.ShellCompDirectiveNoFileComp))
}

// parse checks the flags before anything is asked of the service.
func (o listFlags) parse(a *App) (l listing, err error) {
	if l, err = parseChoice(o.fields, o.filter, o.connected); err != nil {
		return l, err
	}
	l.limit = o.limit
	switch {
	case o.json:
		l.format = formatJSON
	case o.jsonl:
		l.format = formatJSONL
	case o.csv:
		l.format = formatCSV
	case o.tsv:
		l.format = formatTSV
	case o.table, a.OutTTY:
		l.format = formatTable
	default:
		l.format = formatTSV
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
	if l.query, err = search.Parse(o.search); err != nil {
		return l, usagef("--search: %w", err)
	}
	if l.similar = o.similar; l.similar && l.query.Empty() {
		return l, usagef("--similar needs --search")
	}
	for _, hint := range l.query.Hints() {
		a.note("levcontacts: --search: %s", hint.Text)
	}
	return l, nil
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
		return filter, usagef("--%w; a value with a comma in it needs quotes: city=\"Winston, Salem\"", err)
	}
	return filter, nil
}

// tally is how a list came out. matched is how many contacts fit, -1 when the
// list was not read far enough to know. similar is how many of those shown only
// resemble what was searched for; they do not match.
type tally struct{ shown, matched, similar int }

// list reads what was asked for and prints it.
func (a *App) list(ctx context.Context, s Session, l listing) error {
	f := newFetcher(a, s)
	p := watch(a.newPrinter(a.Out, l.format, l.fields, a.OutTTY), l.fields)
	var t tally
	var err error
	switch {
	case !l.query.Empty(), !l.sort.IsZero() && (l.limit == 0 || !l.filter.Empty() || l.connected == "any"):
		t, err = l.held(ctx, f, p)
	case !l.sort.IsZero():
		t, err = l.sorted(ctx, f, p)
		if refusedOrder(err) {
			a.note("levcontacts: the service does not sort by %s (%s); reading the whole list to sort it here", l.sort.Field.Name(), err)
			f = newFetcher(a, s)
			t, err = l.held(ctx, f, p)
		}
	default:
		t, err = l.streamed(ctx, f, p)
	}
	f.clear()
	if err != nil {
		return errors.Join(err, p.stop())
	}
	if err := p.end(); err != nil {
		return err
	}
	p.tell(a, t.shown)
	a.note("levcontacts: %s", l.summary(f, t))
	return nil
}

// summary tells how many of how many were listed. It is never left out: a list
// that is cut off must not look whole.
func (l listing) summary(f *fetcher, t tally) string {
	text := humanize.Comma(int64(t.shown))
	switch {
	case t.shown == 0 && f.read == 0:
		return "there are no contacts to list"
	case t.shown == 0:
		return "no contact matches, " + f.said()
	case !l.query.Empty() || !l.filter.Empty():
		if text = humanize.Comma(int64(t.shown - t.similar)); t.matched > t.shown {
			text += " of " + humanize.Comma(int64(t.matched))
		}
		text += " matching contacts"
		if t.similar > 0 {
			text += " and " + humanize.Comma(int64(t.similar)) + " similar"
		}
		text += ", " + f.said()
	case f.total >= 0:
		text += " of " + humanize.Comma(int64(f.total)) + " contacts"
	default:
		text += " contacts; the service does not say how many there are"
	}
	if t.matched < 0 || t.matched > t.shown {
		text += "; --all lists every one"
	}
	return text
}

// streamed prints contacts as they come, in the order of the service.
func (l listing) streamed(ctx context.Context, f *fetcher, p printer) (t tally, err error) {
	limit := model.MaxLimit
	if l.filter.Empty() && l.limit > 0 {
		limit = min(limit, l.limit)
	}
	requests, err := lists(l.connected, limit)
	if err != nil {
		return t, err
	}
	for _, r := range requests {
		if err := f.without(l.print(ctx, f, r, p, &t), l.connected); err != nil {
			return t, err
		}
		if l.limit > 0 && t.shown == l.limit {
			break
		}
	}
	l.close(f, &t)
	return t, nil
}

// print prints what fits of one list, as far as the limit.
func (l listing) print(ctx context.Context, f *fetcher, r model.Request, p printer, t *tally) error {
	return f.each(ctx, r, func(c model.Contact) error {
		if !l.wants(c) {
			return nil
		}
		if err := p.print(c); err != nil {
			return err
		}
		if t.shown++; t.shown == l.limit {
			return enough{}
		}
		return nil
	})
}

// close says how many contacts fit, now that no more are read: those that were
// shown when the whole list was read, otherwise nobody knows.
func (l listing) close(f *fetcher, t *tally) {
	t.matched = t.shown
	if l.limit > 0 && t.shown == l.limit && f.total != f.read {
		t.matched = -1
	}
}

// sorted lets the service put the first ones in order.
func (l listing) sorted(ctx context.Context, f *fetcher, p printer) (t tally, err error) {
	connection := model.ConnectedOnly
	if l.connected == "no" {
		connection = model.NotConnected
	}
	err = l.print(ctx, f, model.SortedList(connection, l.sort, 0, min(model.MaxLimit, l.limit)), p, &t)
	l.close(f, &t)
	return t, err
}

// wants says that a row belongs to what was asked for.
func (l listing) wants(c model.Contact) bool {
	return l.filter.Empty() || l.filter.Match(c.Pack())
}

// held reads everything before it prints: for a search, which ranks, and for
// an order over the whole list, which pages of a changing list cannot promise.
func (l listing) held(ctx context.Context, f *fetcher, p printer) (t tally, err error) {
	book, err := l.book(ctx, f)
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
func (l listing) book(ctx context.Context, f *fetcher) (*model.Book, error) {
	requests, err := lists(l.connected, model.MaxLimit)
	if err != nil {
		return nil, err
	}
	var book model.Book
	for _, r := range requests {
		err := f.each(ctx, r, func(c model.Contact) error {
			if l.wants(c) {
				book.Put(c.Pack())
			}
			return nil
		})
		if err := f.without(err, l.connected); err != nil {
			return nil, err
		}
	}
	return &book, nil
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
		return model.Sort{}, usagef("--sort: there is no field %q; choose from %s", name, strings.Join(documentedNames(), ", "))
	}
	return model.Sort{Field: f.ID, Desc: desc}, nil
}
