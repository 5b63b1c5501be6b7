// Package cli is the command line: the commands for scripts and set-up, the
// flags of the whole program, and its exit codes. Results go to standard
// output, everything else to standard error.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/levcontacts/levcontacts/api"
	"github.com/levcontacts/levcontacts/config"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/work"
)

// App is the program as the command line sees it.
type App struct {
	Version string // "0.1.0"
	Build   string // what --version says beside it

	In       io.Reader
	Out, Err io.Writer
	// InTTY, OutTTY and ErrTTY say which of the three are a terminal, Width is
	// that terminal's, 0 when it is not known.
	InTTY, OutTTY, ErrTTY bool
	// Dumb says that the terminal shows text only: no screen can be drawn.
	Dumb  bool
	Width int

	// Input is the environment, and the actions and columns that a
	// configuration file may name.
	Input   config.Input
	Keyring config.Keyring
	Now     func() time.Time
	// After is a clock for waits. Nil is time.After.
	After func(time.Duration) <-chan time.Time

	// OpenLog opens the log of requests that are made outside of a session.
	OpenLog OpenLog
	// Connect opens the service that a run works with.
	Connect func(context.Context, *Start) (Session, error)
	// Browse opens the screen and returns when the person leaves it.
	Browse func(context.Context, *Start) (Next, error)
	// ReadSecret reads a line from the terminal without showing it, or gives up
	// with the context.
	ReadSecret func(ctx context.Context, prompt string) (string, error)
	// Edit opens a file in the person's editor and waits for it.
	Edit func(ctx context.Context, path string) error
	// Page starts a pager, a program with its arguments, on the terminal. Close
	// waits for it. Nil is none.
	Page func(ctx context.Context, command string) (io.WriteCloser, error)

	quiet bool // --quiet
}

// OpenLog opens the file of --log-file, "" for none, and gives what writes a
// line for a request and what closes it. The key is kept out of it.
type OpenLog func(path string, key config.Token) (write func(api.Exchange), end func() error, err error)

// Next is what to open after a screen. The zero Next is nothing.
type Next struct {
	Profile string
	Demo    bool
}

// Session is the service as the commands use it. Errors are *model.Error where
// the service or the way to it is at fault.
type Session interface {
	Account(context.Context) (work.Account, error)
	OpenCopy(context.Context) (work.Opening, error)
	CopyRows(context.Context) (int, error)
	Sync(context.Context, work.Sync) (work.Synced, error)
	CopyContacts(ctx context.Context, ids []int64) ([]model.Packed, error)
	LoadCopy(ctx context.Context, after int64) (rows []model.Packed, next int64, err error)
	Page(context.Context, work.PageRequest) (model.Page, error)
	Contact(ctx context.Context, id int64) (model.Contact, error)
	Save(context.Context, work.Save) (work.Saved, error)
	Create(context.Context, work.Create) (work.Saved, error)
	History(ctx context.Context, limit int) ([]work.Entry, error)
	Notes(ctx context.Context, contact int64, maxAge time.Duration, p work.Priority) (work.Notes, error)
	HeldNotes(context.Context) (map[int64]work.Notes, error)
	SaveNote(context.Context, work.NoteWrite) (work.NoteSaved, error)
	Companies(ctx context.Context, maxAge time.Duration, p work.Priority) (work.Companies, error)
	Company(ctx context.Context, id int64) (model.Company, error)
	CreateCompany(context.Context, work.NewCompany) (work.CompanySaved, error)
	StartRun(ctx context.Context, title, draftID string, items []work.BulkItem) (work.BulkRun, error)
	StepRun(ctx context.Context, id string) (item work.BulkItem, run work.BulkRun, done bool, err error)
	StopRun(ctx context.Context, id string) (work.BulkRun, error)
	RetryItems(ctx context.Context, id string) (work.BulkRun, error)
	Runs(context.Context) ([]work.BulkRun, error)
	RunItems(ctx context.Context, id string) ([]work.BulkItem, error)
	Views(context.Context) ([]work.View, error)
	Request(context.Context, work.Request) (work.Response, error)
	Drafts(context.Context) ([]work.Draft, error)
	KeepDraft(context.Context, work.Draft) error
	DiscardDraft(ctx context.Context, id string) error
	Unresolved(context.Context) ([]work.Entry, error)
	Resolve(context.Context, work.Entry) (work.Resolution, error)
	SendNow(ctx context.Context, entryID string) (work.Saved, error)
	Settle(ctx context.Context, entryID string, contactID int64) error
	UndoNote(ctx context.Context, entryID string) (work.NoteSaved, error)
	KnowLimits(context.Context)
	Features(context.Context) work.Features
	Estimate(n int, p work.Priority) time.Duration
	Quota() work.Quota
	Close() error
}

// New makes the root command. started is set once a command line was
// understood: an error before that is one of usage.
func (a *App) root(started *bool) *cobra.Command {
	g := &globals{app: a}
	var place Place
	root := &cobra.Command{
		Use:   "levcontacts [ID]",
		Short: "Browse, search and edit the contacts of a Lev account",
		Long: "levcontacts shows the contacts of a Lev account in the terminal: browse, search, edit and create\n" +
			"them on the screen, or use the commands below in scripts.\n\n" +
			"Without a command it opens the screen, with the id of a contact on that contact, with --view or --search\n" +
			"on what they find. With --plain it asks and answers in lines, for screen readers and slow lines.\n" +
			"levcontacts --demo works on sample data and needs no key.",
		Example:       "  levcontacts --demo\n  levcontacts --view 'My lenders'\n  levcontacts 78",
		Version:       a.Version,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          idOrNone,
		PersistentPreRunE: func(cmd *cobra.Command, args []string) error {
			err := errors.Join(exclusive(cmd.ValidateFlagGroups()), checkArguments(cmd, args))
			*started = err == nil
			if out, ok := a.Out.(*checkedWriter); ok && cmd.Annotations[pages] != "" {
				out.pager.turnOn(cmd.Context())
			}
			return err
		},
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if len(args) > 0 {
				place.Contact, err = parseID(args[0])
			}
			if _, e := search.Parse(place.Search); e != nil && err == nil {
				err = usagef("--search: %w", e)
			}
			if err != nil {
				return err
			}
			return g.browse(cmd.Context(), place)
		},
	}
	root.Flags().StringVar(&place.View, "view", "", "open the screen on the view with this `NAME`")
	complete(root, "view", g.completeView)
	root.Flags().StringVar(&place.Search, "search", "", "open the screen on what this `QUERY` finds")
	root.SetIn(a.In)
	root.SetOut(a.Out)
	root.SetErr(a.Err)
	root.SetVersionTemplate("levcontacts " + a.Version + a.Build + "\n")
	root.SetUsageFunc(a.usage)
	root.AddGroup(
		&cobra.Group{ID: groupContacts, Title: "Contacts:"},
		&cobra.Group{ID: groupSetUp, Title: "Set-up:"},
		&cobra.Group{ID: groupTools, Title: "Tools:"},
	)
	root.SetFlagErrorFunc(flagError)
	help := root.HelpFunc()
	root.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		if out, ok := a.Out.(*checkedWriter); ok {
			out.pager.turnOn(root.Context())
		}
		help(cmd, args)
	})
	root.SetHelpCommand(paged(helpCommand(root)))
	root.SetCompletionCommandGroupID(groupTools)
	g.addFlags(root)
	root.AddCommand(
		g.listCommand(), g.getCommand(), g.createCommand(), g.updateCommand(),
		g.exportCommand(), g.importCommand(), g.duplicatesCommand(), g.statsCommand(), g.historyCommand(), g.runsCommand(),
		g.noteCommand(), g.companyCommand(), g.apiCommand(),
		g.authCommand(), g.configCommand(), g.cacheCommand(), g.doctorCommand(),
		g.sandboxCommand(), g.manCommand(root), g.skillCommand(root),
	)
	root.InitDefaultCompletionCmd()
	if shells, _, err := root.Find([]string{"completion"}); err == nil {
		onlyCommands(shells)
	}
	return root
}

// onlyCommands makes a command out of others: alone it shows its help, and a
// word that is none of them is an error.
func onlyCommands(cmd *cobra.Command) *cobra.Command {
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return fmt.Errorf("there is no command %q under %s%s", args[0], cmd.CommandPath(), choices(args[0], subcommands(cmd)))
		}
		return nil
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	return cmd
}

// helpCommand shows the help of a command, and refuses a word that is none.
func helpCommand(root *cobra.Command) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "help [COMMAND or TOPIC]",
		Short:   "Show the help of a command or a topic; help topics lists the topics",
		GroupID: groupTools,
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) (names []cobra.Completion, _ cobra.ShellCompDirective) {
			if at, _, err := root.Find(args); err == nil {
				for _, sub := range at.Commands() {
					names = append(names, cobra.CompletionWithDesc(sub.Name(), sub.Short))
				}
			}
			if len(args) == 0 {
				names = append(names, topicNames()...)
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if asJSON {
				return describeJSON(root, cmd, rest, err)
			}
			if len(args) == 1 && (err != nil || len(rest) > 0) {
				if ok, err := topic(root, args[0]); ok {
					return err
				}
			}
			if err != nil || len(rest) > 0 {
				return noCommand(root, cmd, args)
			}
			cmd.InitDefaultHelpFlag()
			return cmd.Help()
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "describe commands, flags, fields and exit codes as JSON, for programs")
	return cmd
}

// noCommand says that help knows no such command and no such topic.
func noCommand(root, at *cobra.Command, args []string) error {
	names := subcommands(at)
	if at == root {
		for _, t := range topicNames() {
			name, _, _ := strings.Cut(t, "\t")
			names = append(names, name)
		}
	}
	return usagef("there is no command %q%s", strings.Join(args, " "), choices(args[len(args)-1], names))
}

// flagError says in words what a flag wants.
func flagError(cmd *cobra.Command, err error) error {
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		name := unknown.GetSpecifiedName()
		if near := nearest(name, names); near != "" {
			return fmt.Errorf("there is no flag --%s; did you mean --%s?", name, near)
		}
		if len(name) > 1 {
			return fmt.Errorf("there is no flag --%s; %s lists them", name, helpFor(cmd))
		}
	}
	e, ok := errors.AsType[*pflag.InvalidValueError](err)
	if !ok {
		return err
	}
	wants, known := map[string]string{
		"int": "a whole number", "int64": "a whole number", "uint64": "a whole number", "duration": "a time such as 30s", "bool": "true or false",
	}[e.GetFlag().Value.Type()]
	if !known {
		return err
	}
	return fmt.Errorf("--%s is %s, not %q", e.GetFlag().Name, wants, e.GetValue())
}

// exclusive says in words which flags cannot stand together.
func exclusive(err error) error {
	if err == nil {
		return nil
	}
	_, set, found := strings.Cut(err.Error(), "none of the others can be; [")
	if !found {
		return err
	}
	names := strings.Fields(strings.TrimSuffix(set, "] were all set"))
	return fmt.Errorf("--%s cannot be used together", strings.Join(names, " and --"))
}

// plainUsage takes the quotes out of the texts of all flags, which mark the
// name of a value for the help and are shown as they are elsewhere.
func plainUsage(cmd *cobra.Command) {
	plain := func(f *pflag.Flag) { _, f.Usage = pflag.UnquoteUsage(f) }
	cmd.PersistentFlags().VisitAll(plain)
	cmd.Flags().VisitAll(plain)
	for _, sub := range cmd.Commands() {
		plainUsage(sub)
	}
}

// Commands is the tree of all commands, to look at.
func (a *App) Commands() *cobra.Command { return a.root(new(bool)) }

// helpWidth is how wide the texts of --help are.
func (a *App) helpWidth() int {
	if a.OutTTY && a.Width > 0 {
		return min(max(a.Width, 60), helpColumns)
	}
	return helpColumns
}

// helpColumns is how wide the texts of help are at most.
const helpColumns = 110

const (
	groupContacts = "contacts"
	groupSetUp    = "setup"
	groupTools    = "tools"
)

// Run does what the arguments say and gives the exit code.
func (a *App) Run(ctx context.Context, args []string) int {
	run := *a
	p := &pager{app: &run, ctx: ctx, out: a.Out, err: a.Err}
	out := &checkedWriter{Writer: p, pager: p}
	run.Out, run.Err = out, messages{p}
	started := false
	root := run.root(&started)
	if len(args) > 0 && strings.HasPrefix(args[0], cobra.ShellCompRequestCmd) {
		plainUsage(root)
		noFiles(root)
	}
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	p.end()
	switch {
	case errors.Is(out.err, errPagerLeft) && ctx.Err() == nil:
		return exitDone
	case out.err != nil && !isA[*model.Error](err):
		err = out.err
	case err != nil && !started:
		err = usageError{err}
	}
	if ctx.Err() != nil && err != nil {
		err = context.Canceled
	}
	if err != nil && !isA[silent](err) && wantsJSON(root, args) {
		a.reportJSON(err)
	} else {
		a.report(err)
	}
	return exitCode(err)
}
