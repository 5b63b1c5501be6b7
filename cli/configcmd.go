package cli

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/levcontacts/levcontacts/config"
)

func (g *globals) configCommand() *cobra.Command {
	g = g.withKeys()
	cmd := &cobra.Command{
		Use:     "config",
		Short:   "Write, show and check the configuration file",
		GroupID: groupSetUp,
	}
	cmd.AddCommand(g.configInit(), g.configShow(), g.configPath(), g.configCheck(), g.configEdit(), g.configSchema(), g.configAdd())
	return onlyCommands(cmd)
}

func (g *globals) configInit() *cobra.Command {
	return &cobra.Command{
		Use:   "init",
		Short: "Write a configuration file that explains itself",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			in := g.input()
			path, err := in.ConfigFile()
			if err != nil {
				return err
			}
			if err := config.Init(path, in); err != nil {
				if errors.Is(err, config.ErrFileExists) {
					return fmt.Errorf("%s: %w; levcontacts config edit opens it", path, err)
				}
				return err
			}
			return g.app.line(path)
		},
	}
}

func (g *globals) configShow() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Show every setting and where its value comes from",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := g.start(cmd.Context())
			if err != nil {
				return err
			}
			key, err := s.Key(cmd.Context())
			if err != nil && !errors.Is(err, config.ErrNoKey) {
				g.app.note("levcontacts: %s", err)
			}
			rows := s.Config.Rows(key)
			if asJSON {
				return g.app.encode(rows)
			}
			table := make([][]string, 0, len(rows))
			for _, r := range rows {
				value := r.Value
				if value == "" {
					value = "-"
				}
				table = append(table, []string{r.Name, value, r.Origin})
			}
			return g.app.records([]string{"name", "value", "origin"}, table)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return cmd
}

func (g *globals) configPath() *cobra.Command {
	return &cobra.Command{
		Use:   "path",
		Short: "Show where the configuration file is",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			path, err := g.input().ConfigFile()
			if err != nil {
				return err
			}
			if err := g.app.line(path); err != nil {
				return err
			}
			if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
				g.app.note("levcontacts: it does not exist; levcontacts config init writes one")
			}
			return nil
		},
	}
}

func (g *globals) configCheck() *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Check the configuration file, the environment and the flags",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			cfg, err := config.Load(g.input())
			if err != nil {
				return err
			}
			if !cfg.FileExists {
				return g.app.line("in order; there is no configuration file at " + cfg.ConfigFile.Value)
			}
			return g.app.line("in order: " + cfg.ConfigFile.Value)
		},
	}
}

func (g *globals) configEdit() *cobra.Command {
	return &cobra.Command{
		Use:   "edit",
		Short: "Open the configuration file in $VISUAL or $EDITOR, then check it",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, in := g.app, g.input()
			path, err := in.ConfigFile()
			if err != nil {
				return err
			}
			if !a.InTTY || !a.ErrTTY {
				return usagef("config edit needs a terminal; the file is %s", path)
			}
			if err := config.Init(path, in); err != nil && !errors.Is(err, config.ErrFileExists) {
				return err
			}
			if err := a.Edit(cmd.Context(), path); err != nil {
				return err
			}
			if _, err := config.Load(in); err != nil {
				return err
			}
			return a.line("in order: " + path)
		},
	}
}

func (g *globals) configSchema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Write a JSON schema of the configuration file, for editors",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			raw, err := config.Schema(g.app.Input)
			if err != nil {
				return err
			}
			return g.app.line(string(raw))
		},
	}
}

func (g *globals) configAdd() *cobra.Command {
	var base, account string
	cmd := &cobra.Command{
		Use:     "add NAME",
		Short:   "Add a profile for another account",
		Args:    oneArg("the name of a profile"),
		Example: "  levcontacts config add harbor && levcontacts auth login --profile harbor",
		RunE: func(cmd *cobra.Command, args []string) error {
			in := g.input()
			values := map[string]string{}
			if given, twice := in.Flags["base-url"]; twice && base != "" && base != given {
				return usagef("--url and --base-url name two addresses")
			}
			if base != "" {
				in.Flags["base-url"] = base
			}
			if text, given := in.Flags["base-url"]; given {
				values["base_url"] = text
				delete(in.Flags, "base-url") // it is checked as a value of the profile
			}
			if account != "" {
				values["active_account"] = account
			}
			if g.flags.Changed("read-only") {
				values["read_only"] = g.flags.Lookup("read-only").Value.String()
			}
			if err := config.AddProfile(in, args[0], values); err != nil {
				if errors.Is(err, config.ErrProfileExists) {
					return usageError{fmt.Errorf("%s: %w", args[0], err)}
				}
				return err
			}
			paths, err := in.Paths()
			if err != nil {
				return err
			}
			return g.app.line("added profile " + args[0] + " to " + paths.SavedFile())
		},
	}
	cmd.Flags().StringVar(&base, "url", "", "the `ADDRESS` of the service for this profile, as --base-url")
	cmd.Flags().StringVar(&account, "account", "", "the `ACCOUNT` to work in, for session tokens that belong to several")
	return cmd
}
