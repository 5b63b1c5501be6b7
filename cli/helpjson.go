package cli

import (
	"encoding/json"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/levcontacts/levcontacts/model"
)

// commandHelp is a command as help --json describes it. The names do not change.
type commandHelp struct {
	Name     string     `json:"name"` // with those of its parents: "auth login"
	Usage    string     `json:"usage"`
	Short    string     `json:"short"`
	Long     string     `json:"long,omitempty"`
	Examples string     `json:"examples,omitempty"`
	Flags    []flagHelp `json:"flags"`
}

type flagHelp struct {
	Name      string `json:"name"`
	Shorthand string `json:"shorthand,omitempty"`
	Type      string `json:"type"` // bool, int, string, duration and so on
	Value     string `json:"value,omitempty"`
	Default   string `json:"default,omitempty"`
	Usage     string `json:"usage"`
}

type fieldHelp struct {
	Name   string `json:"name"`
	Label  string `json:"label"`
	Create bool   `json:"create"` // may be given when a contact is made
	Update bool   `json:"update"`
}

type codeHelp struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// programHelp is the whole of help --json.
type programHelp struct {
	Commands  []commandHelp `json:"commands"`
	Flags     []flagHelp    `json:"flags"` // of every command
	Fields    []fieldHelp   `json:"fields"`
	ExitCodes []codeHelp    `json:"exit_codes"`
}

// describeJSON writes what help says for programs: of everything, or of the
// command that root found.
func describeJSON(root, cmd *cobra.Command, rest []string, err error) error {
	if err != nil || len(rest) > 0 {
		return usagef("there is no command %q%s", strings.Join(rest, " "), choices(strings.Join(rest, " "), subcommands(cmd)))
	}
	var out any = helpOf(cmd)
	if cmd == root {
		all := programHelp{Flags: flagsHelp(root.PersistentFlags())}
		for _, one := range documented(root) {
			all.Commands = append(all.Commands, helpOf(one))
		}
		for _, f := range model.Fields() {
			all.Fields = append(all.Fields, fieldHelp{f.Name, f.Label, f.Create, f.Update})
		}
		for _, c := range ExitCodes() {
			all.ExitCodes = append(all.ExitCodes, codeHelp{c.Name, c.Text})
		}
		out = all
	}
	e := json.NewEncoder(root.OutOrStdout())
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(out)
}

func helpOf(cmd *cobra.Command) commandHelp {
	return commandHelp{
		Name:  strings.TrimSpace(strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name())),
		Usage: cmd.UseLine(), Short: cmd.Short, Long: cmd.Long, Examples: cmd.Example,
		Flags: flagsHelp(cmd.LocalNonPersistentFlags()),
	}
}

func flagsHelp(set *pflag.FlagSet) []flagHelp {
	out := []flagHelp{}
	set.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		value, usage := pflag.UnquoteUsage(f)
		kind := f.Value.Type()
		if _, text := f.Value.(*word); text {
			kind = "string"
		}
		out = append(out, flagHelp{f.Name, f.Shorthand, strings.Replace(kind, "boolfunc", "bool", 1), value, f.DefValue,
			usage})
	})
	return out
}
