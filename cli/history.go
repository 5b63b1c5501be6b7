package cli

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// historyMost is how many entries of the journal are looked at.
const historyMost = 10_000

func (g *globals) historyCommand() *cobra.Command {
	var o struct {
		json         bool
		limit        int
		contact      int64
		result, kind string
		since        string
	}
	cmd := &cobra.Command{
		Use:     "history",
		Short:   "List what was written from this machine, newest first",
		GroupID: groupContacts,
		Args:    noArgs,
		Long: `List the journal of writes of the profile: every change and every new contact, with the request id and
how it ended. A write whose answer never came is "unknown"; the screen looks it up at its next start.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			since, err := parseSince(o.since, g.app.Now())
			if err != nil {
				return err
			}
			results := []string{"pending", "done", "failed", "unknown", "discarded"}
			if o.result != "" && !slices.Contains(results, o.result) {
				return usagef("--result is one of %s%s", strings.Join(results, ", "), meant(o.result, results))
			}
			if o.kind != "" && !slices.Contains(work.EntryKinds(), work.EntryKind(o.kind)) {
				return usagef("--kind is one of %s%s", kindNames(), meant(o.kind, strings.Split(kindNames(), ", ")))
			}
			if o.limit < 0 {
				return usagef("--limit is a number of writes, 0 for all")
			}
			s, err := g.start(cmd.Context())
			if err != nil {
				return err
			}
			session, err := g.app.Connect(cmd.Context(), s) // reads the disk only, so it needs no key
			if err != nil {
				return err
			}
			defer session.Close()
			all, err := session.History(cmd.Context(), historyMost)
			if err != nil {
				return err
			}
			var chosen []work.Entry
			for _, e := range all {
				switch {
				case o.contact != 0 && e.ContactID != o.contact, o.result != "" && string(e.Result) != o.result,
					o.kind != "" && string(e.Kind) != o.kind, e.Started.Before(since):
				default:
					chosen = append(chosen, e)
				}
			}
			found := len(chosen)
			if o.limit > 0 && found > o.limit {
				chosen = chosen[:o.limit]
			}
			if err := g.app.history(chosen, o.json); err != nil {
				return err
			}
			if len(chosen) < found {
				g.app.inform("levcontacts: %d of %d writes; --limit 0 lists all", len(chosen), found)
			}
			if len(all) == historyMost {
				g.app.note("levcontacts: only the newest %d writes were looked at", historyMost)
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.BoolVar(&o.json, "json", false, "as JSON")
	f.IntVar(&o.limit, "limit", 50, "at most this `NUMBER` of writes, 0 for all")
	f.Int64Var(&o.contact, "contact", 0, "only those of the contact with this `ID`")
	f.StringVar(&o.result, "result", "", "only pending, done, failed or unknown ones")
	f.StringVar(&o.kind, "kind", "", "only writes of this kind")
	f.StringVar(&o.since, "since", "", "only those begun since a `DAY` (2026-03-20) or within a time (24h, 7d, 2w)")
	complete(cmd, "contact", g.completeID)
	complete(cmd, "result", cobra.FixedCompletions([]string{"pending", "done", "failed", "unknown"}, cobra.ShellCompDirectiveNoFileComp))
	complete(cmd, "kind", cobra.FixedCompletions(strings.Split(kindNames(), ", "), cobra.ShellCompDirectiveNoFileComp))
	return paged(cmd)
}

// parseSince reads a day in local time, a moment, or a time before now.
func parseSince(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if d, err := time.ParseDuration(text); err == nil {
		return now.Add(-d), nil
	}
	for unit, days := range map[string]int{"d": 1, "w": 7} {
		count, ok := strings.CutSuffix(text, unit)
		if n, err := strconv.ParseUint(count, 10, 16); ok && err == nil {
			return now.AddDate(0, 0, -int(n)*days), nil
		}
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, text, now.Location())
	if err != nil {
		return t, usagef("--since is a day such as 2026-03-20, a moment such as 2026-03-20T15:04:05Z, or a time such as 24h, 7d or 2w")
	}
	return t, nil
}

// entry is a write as history --json gives it.
type entry struct {
	ID        string                   `json:"id"`
	Kind      string                   `json:"kind"`
	Contact   int64                    `json:"contact_id,omitempty"`
	Name      string                   `json:"name"`
	Changes   map[string]changedValues `json:"changes"`
	Started   time.Time                `json:"started"`
	Finished  *time.Time               `json:"finished"`
	Result    string                   `json:"result"`
	Status    int                      `json:"status,omitempty"`
	RequestID string                   `json:"request_id,omitempty"`
	Message   string                   `json:"message,omitempty"`
	Undoes    string                   `json:"undoes,omitempty"`
	Undone    bool                     `json:"undone,omitempty"`
}

type changedValues struct {
	Before json.RawMessage `json:"before"`
	After  json.RawMessage `json:"after"`
}

func entryOf(e work.Entry) (entry, error) {
	out := entry{
		ID: e.ID, Kind: string(e.Kind), Contact: e.ContactID, Name: e.Name, Changes: map[string]changedValues{}, Started: e.Started,
		Result: string(e.Result), Status: e.Status, RequestID: e.RequestID, Message: e.Message, Undoes: e.Undoes, Undone: e.Undone,
	}
	if !e.Finished.IsZero() {
		out.Finished = &e.Finished
	}
	for _, c := range e.Changes {
		v, err := valuesOf(c.Before, c.After)
		if err != nil {
			return out, err
		}
		out.Changes[c.Field.Name()] = v
	}
	for name, raw := range e.Extra {
		out.Changes[name] = changedValues{Before: json.RawMessage("null"), After: json.RawMessage(raw)}
	}
	return out, nil
}

func valuesOf(before, after model.Value) (v changedValues, err error) {
	if v.Before, err = before.MarshalJSON(); err != nil {
		return v, err
	}
	v.After, err = after.MarshalJSON()
	return v, err
}

// history prints writes.
func (a *App) history(entries []work.Entry, asJSON bool) error {
	if asJSON {
		out := make([]entry, 0, len(entries))
		for _, e := range entries {
			one, err := entryOf(e)
			if err != nil {
				return err
			}
			out = append(out, one)
		}
		return a.encode(out)
	}
	var table [][]string
	for _, e := range entries {
		result := string(e.Result)
		if e.Undone {
			result += ", undone"
		}
		if e.Status != 0 && e.Result != work.Done {
			result += " " + strconv.Itoa(e.Status)
		}
		id := ""
		if e.ContactID != 0 {
			id = strconv.FormatInt(e.ContactID, 10)
		}
		table = append(table, []string{e.Started.Local().Format(time.RFC3339), string(e.Kind), id, e.Name, result, fieldNames(e), e.RequestID})
	}
	return a.records([]string{"time", "kind", "contact_id", "name", "result", "fields", "request_id"}, table)
}

// fieldNames lists what a write changed.
func fieldNames(e work.Entry) string {
	var names []string
	for _, c := range e.Changes {
		names = append(names, c.Field.Name())
	}
	return strings.Join(append(names, slices.Sorted(maps.Keys(e.Extra))...), ", ")
}

// kindNames lists the kinds of write for a sentence.
func kindNames() string {
	var names []string
	for _, k := range work.EntryKinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}
