package cli

import (
	"context"
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

func (g *globals) runsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "runs",
		Short:   "List the changes of many contacts, resume, stop and undo them",
		GroupID: groupContacts,
		Long: `A change of several contacts, on the screen or by levcontacts update and import, is a run. It is kept with every
change before the first is sent, so that it can be stopped and resumed, also after a crash.`,
	}
	cmd.AddCommand(g.runsList(), g.runsShow(), g.runsResume(), g.runsStop(), g.runsUndo())
	return onlyCommands(cmd)
}

// runSummary is a run as runs list --json gives it.
type runSummary struct {
	ID      string                 `json:"id"`
	Created time.Time              `json:"created"`
	State   work.RunState          `json:"state"`
	Title   string                 `json:"title"`
	Total   int                    `json:"total"`
	Counts  map[work.ItemState]int `json:"counts"`
}

// withRuns opens a session that needs the disk only.
func (g *globals) withRuns(ctx context.Context, do func(Session) error) error {
	s, err := g.start(ctx)
	if err != nil {
		return err
	}
	session, err := g.app.Connect(ctx, s)
	if err != nil {
		return err
	}
	defer session.Close()
	return do(session)
}

func (g *globals) runsList() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the runs, newest first",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return g.withRuns(cmd.Context(), func(s Session) error {
				all, err := s.Runs(cmd.Context())
				if err != nil {
					return err
				}
				if asJSON {
					out := make([]runSummary, 0, len(all))
					for _, r := range all {
						out = append(out, runSummary{r.ID, r.Created, r.State, r.Title, r.Total, r.Counts})
					}
					return g.app.encode(out)
				}
				var table [][]string
				for _, r := range all {
					table = append(table, []string{r.ID, r.Created.Local().Format(time.RFC3339), string(r.State), strconv.Itoa(r.Total), countsText(r), r.Title})
				}
				return g.app.records([]string{"id", "created", "state", "contacts", "outcome", "title"}, table)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return paged(cmd)
}

// countsText says how the contacts of a run came out.
func countsText(r work.BulkRun) string {
	var words []string
	for _, state := range []work.ItemState{work.ItemDone, work.ItemTodo, work.ItemSent, work.ItemFailed, work.ItemConflict, work.ItemSkipped, work.ItemMissing} {
		if n := r.Counts[state]; n > 0 {
			words = append(words, fmt.Sprintf("%d %s", n, state))
		}
	}
	return strings.Join(words, ", ")
}

// runItem is a contact of a run as runs show --json gives it.
type runItem struct {
	Contact   int64                    `json:"contact_id"`
	Name      string                   `json:"name"`
	State     work.ItemState           `json:"state"`
	Changes   map[string]changedValues `json:"changes"`
	Message   string                   `json:"message,omitempty"`
	RequestID string                   `json:"request_id,omitempty"`
}

func (g *globals) runsShow() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:               "show RUN",
		Short:             "Show the contacts of a run and how they came out",
		Args:              oneArg("the id of a run"),
		ValidArgsFunction: g.completeRun,
		RunE: func(cmd *cobra.Command, args []string) error {
			return g.withRuns(cmd.Context(), func(s Session) error {
				run, err := runNamed(cmd.Context(), s, args[0])
				if err != nil {
					return err
				}
				items, err := s.RunItems(cmd.Context(), run.ID)
				if err != nil {
					return err
				}
				return g.app.showItems(items, asJSON)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return paged(cmd)
}

func (a *App) showItems(items []work.BulkItem, asJSON bool) error {
	var table [][]string
	out := make([]runItem, 0, len(items))
	for _, it := range items {
		one := runItem{Contact: it.ContactID, Name: it.Name, State: it.State, Changes: map[string]changedValues{}, Message: it.Message, RequestID: it.RequestID}
		for _, c := range it.Patch.Changes() {
			v, err := valuesOf(c.Before, c.After)
			if err != nil {
				return err
			}
			one.Changes[c.Field.Name()] = v
		}
		out = append(out, one)
		table = append(table, []string{strconv.FormatInt(it.ContactID, 10), it.Name, string(it.State), changesText(it.Patch), it.Message, it.RequestID})
	}
	if asJSON {
		return a.encode(out)
	}
	return a.records([]string{"contact_id", "name", "state", "changes", "message", "request_id"}, table)
}

// changesText is a change on one line, old to new.
func changesText(p model.Patch) string {
	var words []string
	for _, c := range p.Changes() {
		words = append(words, fmt.Sprintf("%s: %s -> %s", c.Field.Name(), shown(c.Field, c.Before), shown(c.Field, c.After)))
	}
	return strings.Join(words, "; ")
}

// runNamed finds a run by its id or the beginning of it; last is the newest.
func runNamed(ctx context.Context, s Session, name string) (work.BulkRun, error) {
	all, err := s.Runs(ctx)
	if err != nil {
		return work.BulkRun{}, err
	}
	if name == "last" && len(all) > 0 {
		return all[0], nil
	}
	var found []work.BulkRun
	for _, r := range all {
		if r.ID == name {
			return r, nil
		}
		if strings.HasPrefix(r.ID, name) {
			found = append(found, r)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return work.BulkRun{}, usagef("there is no run %q; levcontacts runs list shows them", name)
	}
	return work.BulkRun{}, usagef("%d runs begin with %q", len(found), name)
}

func (g *globals) completeRun(cmd *cobra.Command, args []string, typed string) (out []cobra.Completion, _ cobra.ShellCompDirective) {
	if len(args) == 0 {
		_ = g.withRuns(cmd.Context(), func(s Session) error { // without runs there is nothing to offer
			all, err := s.Runs(cmd.Context())
			for _, r := range all {
				if strings.HasPrefix(r.ID, typed) {
					out = append(out, cobra.CompletionWithDesc(r.ID, oneLine(r.Title)))
				}
			}
			return err
		})
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

func (g *globals) runsResume() *cobra.Command {
	var retry bool
	cmd := &cobra.Command{
		Use:               "resume RUN",
		Short:             "Go on with a run that was stopped",
		Long:              "Go on with a run that was stopped. A change whose answer never came is looked up, and not sent again unless --retry.",
		Args:              oneArg("the id of a run"),
		ValidArgsFunction: g.completeRun,
		RunE: func(cmd *cobra.Command, args []string) error {
			session, _, err := g.session(cmd.Context())
			if err != nil {
				return err
			}
			defer session.Close()
			run, err := runNamed(cmd.Context(), session, args[0])
			if err == nil && retry {
				run, err = session.RetryItems(cmd.Context(), run.ID)
			}
			if err != nil {
				return err
			}
			return g.app.runOn(cmd.Context(), session, run)
		},
	}
	cmd.Flags().BoolVar(&retry, "retry", false, "send the changes again that did not arrive")
	return cmd
}

func (g *globals) runsStop() *cobra.Command {
	return &cobra.Command{
		Use:               "stop RUN",
		Short:             "Stop a run; it can be resumed",
		Args:              oneArg("the id of a run"),
		ValidArgsFunction: g.completeRun,
		RunE: func(cmd *cobra.Command, args []string) error {
			return g.withRuns(cmd.Context(), func(s Session) error {
				run, err := runNamed(cmd.Context(), s, args[0])
				if err == nil {
					run, err = s.StopRun(cmd.Context(), run.ID)
				}
				if err == nil {
					g.app.inform("levcontacts: run %s is %s: %s", run.ID, run.State, countsText(run))
				}
				return err
			})
		},
	}
}

func (g *globals) runsUndo() *cobra.Command {
	var yes, dry bool
	cmd := &cobra.Command{
		Use:               "undo RUN",
		Short:             "Take the changes of a run back",
		Long:              "Take the changes of a run back, as a run of its own. A contact that somebody changed since is left out.",
		Args:              oneArg("the id of a run"),
		ValidArgsFunction: g.completeRun,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !dry {
				if err := g.app.needsYes(yes, "changes are taken back"); err != nil {
					return err
				}
			}
			session, _, err := g.session(cmd.Context())
			if err != nil {
				return err
			}
			defer session.Close()
			run, err := runNamed(cmd.Context(), session, args[0])
			if err != nil {
				return err
			}
			items, err := session.RunItems(cmd.Context(), run.ID)
			if err != nil {
				return err
			}
			var back []work.BulkItem
			for _, it := range slices.Backward(items) {
				if it.State == work.ItemDone {
					back = append(back, work.BulkItem{ContactID: it.ContactID, Name: it.Name, Patch: it.Patch.Inverse()})
				}
			}
			return g.app.changeMany(cmd.Context(), session, "undo "+run.Title, back, dry, yes)
		},
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "show the changes, and send nothing")
	return cmd
}

// changeMany shows changes of several contacts, asks, and sends them as a run.
func (a *App) changeMany(ctx context.Context, s Session, title string, items []work.BulkItem, dry, yes bool) error {
	if len(items) == 0 {
		a.note("levcontacts: there is nothing to change")
		return nil
	}
	if dry {
		return a.showItems(items, false)
	}
	if !yes {
		if err := a.showItems(items, false); err != nil {
			return err
		}
		if !a.confirm(ctx, "Change "+counted(len(items), "contact")+"?") {
			return errors.New("nothing was sent")
		}
	}
	a.tellDuration(ctx, s, len(items))
	run, err := s.StartRun(ctx, title, "", items)
	if err != nil {
		return err
	}
	return a.runOn(ctx, s, run)
}

// runLine writes what became of a contact: a line for a person, and a row of a
// table in a pipe, the first one below its heading.
func (a *App) runLine(item work.BulkItem, first bool) error {
	id := strconv.FormatInt(item.ContactID, 10)
	if a.OutTTY {
		said := oneLine(strings.TrimRight(strings.Join([]string{changesText(item.Patch), item.Message}, "  "), " "))
		return a.write([]byte(fmt.Sprintf("%-8s %s (%s)  %s\n", item.State, oneLine(item.Name), id, said)))
	}
	line := tsvLine([]string{id, item.Name, string(item.State), changesText(item.Patch), item.Message, item.RequestID})
	if first {
		line = tsvLine([]string{"contact_id", "name", "state", "changes", "message", "request_id"}) + line
	}
	return a.write([]byte(line))
}

// runOn sends what is left of a run and writes what becomes of every contact.
func (a *App) runOn(ctx context.Context, s Session, run work.BulkRun) error {
	begun := false
	for {
		item, now, done, err := s.StepRun(ctx, run.ID)
		if now.ID != "" {
			run = now
		}
		if done {
			break
		}
		if err != nil {
			a.note("levcontacts: the run was stopped, %s; levcontacts runs resume %s goes on", countsText(run), run.ID)
			return err
		}
		if err := a.runLine(item, !begun); err != nil {
			return err
		}
		begun = true
	}
	a.inform("levcontacts: run %s: %s", run.ID, countsText(run))
	if run.Counts[work.ItemDone]+run.Counts[work.ItemSkipped] < run.Total {
		return silent(exitPartly)
	}
	return nil
}
