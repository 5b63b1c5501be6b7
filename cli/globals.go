package cli

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/levcontacts/levcontacts/config"
)

// globals are the flags of every command and what is made from them.
type globals struct {
	app   *App
	flags *pflag.FlagSet
	keys  bool // the [keys] table of the configuration file counts, too
	demo  bool
	demos demoOptions
}

// addFlags makes the global flags from the table of settings, so that a
// setting with a flag is documented in one place.
func (g *globals) addFlags(root *cobra.Command) {
	g.flags = root.PersistentFlags()
	for _, s := range config.Settings() {
		switch {
		case s.Flag == "":
		case s.Kind == config.KindBool:
			g.flags.Bool(s.Flag, false, usageOf(s))
		default:
			g.flags.Var(&word{kind: wordFor(s.Kind)}, s.Flag, usageOf(s))
		}
	}
	g.flags.BoolVarP(&g.app.quiet, "quiet", "q", false, "Say nothing on standard error but warnings, errors and questions")
	g.flags.BoolFunc("no-input", "Ask nothing, as without a terminal", func(text string) error {
		no, err := strconv.ParseBool(text)
		g.app.InTTY = g.app.InTTY && !no
		return err
	})
	g.flags.BoolVar(&g.demo, "demo", false, "Work on sample data in this process: no key, no network, nothing left on disk")
	g.flags.IntVar(&g.demos.Contacts, "demo-contacts", demoContacts, "With --demo: how many contacts there are, up to 1,000,000")
	g.flags.DurationVar(&g.demos.Latency, "demo-latency", demoLatency, "With --demo: how long every answer takes")
	g.flags.StringVar(&g.demos.Tier, "demo-tier", demoTier, "With --demo: the rate limits of this `TIER`, free, standard, enterprise or unlimited")
	g.flags.StringVar(&g.demos.Faults, "demo-faults", "", "With --demo: what goes wrong; levcontacts sandbox --help explains the `RULES`")
	complete := func(words ...string) func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)
	}
	for flag, f := range map[string]func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective){
		"profile":   g.completeProfile,
		"demo-tier": complete("free", "standard", "enterprise", "unlimited"),
		"base-url":  complete(),
	} {
		if err := root.RegisterFlagCompletionFunc(flag, f); err != nil {
			panic(err) // a flag of that name is not there: a mistake in the lines above
		}
	}
}

// word is a text flag whose help names what it wants.
type word struct{ text, kind string }

func (w *word) String() string        { return w.text }
func (w *word) Set(text string) error { w.text = text; return nil }
func (w *word) Type() string          { return w.kind }

// wordFor stands for a setting's value in the help.
func wordFor(k config.Kind) string {
	switch k {
	case config.KindPath:
		return "PATH"
	case config.KindURL:
		return "URL"
	case config.KindProfile:
		return "NAME"
	}
	return "TEXT"
}

// usageOf is a setting's text for the help.
func usageOf(s config.Setting) string {
	doc := strings.ReplaceAll(strings.TrimSuffix(s.Doc, "."), "`", "") // pflag takes quoted words for a value's name
	if s.Env != "" {
		doc += " (environment " + s.Env + ")"
	}
	return doc
}

func (g *globals) completeProfile(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	cfg, err := config.Load(g.input())
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return cfg.Profiles, cobra.ShellCompDirectiveNoFileComp
}

// withKeys is for the screen, and for commands about the configuration itself:
// for all others a wrong key binding is no reason to fail.
func (g *globals) withKeys() *globals {
	out := *g
	out.keys = true
	return &out
}

// input is the configuration's input with the flags of this command line.
func (g *globals) input() config.Input {
	in := g.app.Input
	if !g.keys {
		in.Actions = nil
	}
	in.Flags = map[string]string{}
	for _, s := range config.Settings() {
		if s.Flag != "" && g.flags.Changed(s.Flag) {
			in.Flags[s.Flag] = g.flags.Lookup(s.Flag).Value.String()
		}
	}
	return in
}

// start resolves the configuration of this run; in demo mode it serves the
// sample data.
func (g *globals) start(ctx context.Context) (*Start, error) {
	if g.demo {
		return g.startDemo(ctx)
	}
	for _, name := range []string{"demo-contacts", "demo-latency", "demo-tier", "demo-faults"} {
		if g.flags.Changed(name) {
			return nil, usagef("--%s is for --demo", name)
		}
	}
	if g.stdinKey() && g.app.InTTY {
		return nil, usagef("--api-key-file - reads standard input, which is this terminal and would show the key: pipe it in, or use levcontacts auth login")
	}
	return g.app.startWith(g.input())
}

// session opens the service for a command. The caller closes it.
func (g *globals) session(ctx context.Context) (Session, *Start, error) {
	s, err := g.start(ctx)
	if err != nil {
		return nil, nil, err
	}
	if _, err := s.Key(ctx); err != nil {
		return nil, nil, err
	}
	session, err := g.app.Connect(ctx, s)
	if err != nil {
		return nil, nil, err
	}
	return &progress{Session: session, app: g.app, cfg: s.Config}, s, nil
}

// browse opens the screen at a place, profile after profile, or plain mode.
func (g *globals) browse(ctx context.Context, at Place) error {
	g = g.withKeys()
	a := g.app
	if !a.OutTTY || !a.InTTY && !g.stdinKey() {
		return needsTerminal{}
	}
	s, err := g.start(ctx)
	if err != nil {
		return err
	}
	s.Place = at
	if a.Dumb || s.Config.Plain.Value {
		if !a.InTTY {
			return usagef("plain mode reads its answers from standard input, which carries the key here; " +
				"LEV_API_KEY or a file leaves it free")
		}
		return g.linear(ctx, s)
	}
	for {
		next, err := a.Browse(ctx, s)
		switch {
		case err != nil:
			return err
		case next.Demo:
			s, err = g.startDemo(ctx)
		case next.Profile != "":
			s, err = s.onto(a, next.Profile)
		default:
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// stdinKey says that standard input carries the key, so that the keyboard is
// the terminal itself.
func (g *globals) stdinKey() bool {
	return g.flags.Lookup("api-key-file").Value.String() == "-"
}
