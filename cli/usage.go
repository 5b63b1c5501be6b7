package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// usage is what stands behind the description of a command in its help: how it
// is called, examples, commands and its own flags. Those of every command are in
// help flags.
func (a *App) usage(cmd *cobra.Command) error {
	var b strings.Builder
	b.WriteString("Usage:\n")
	if cmd.Runnable() {
		b.WriteString("  " + cmd.UseLine() + "\n")
	}
	if cmd.HasAvailableSubCommands() {
		b.WriteString("  " + cmd.CommandPath() + " COMMAND\n")
	}
	if cmd.Example != "" {
		b.WriteString("\nExamples:\n" + cmd.Example + "\n")
	}
	for _, group := range append(cmd.Groups(), &cobra.Group{Title: "Commands:"}) {
		title := "\n" + group.Title + "\n"
		for _, sub := range cmd.Commands() {
			if sub.GroupID == group.ID && sub.IsAvailableCommand() {
				fmt.Fprintf(&b, "%s  %s %s\n", title, sub.Name()+strings.Repeat(" ", max(0, 11-len(sub.Name()))), sub.Short)
				title = ""
			}
		}
	}
	if texts := flagTexts(cmd.LocalFlags(), a.helpWidth(), cmd == cmd.Root()); texts != "" {
		b.WriteString("\nFlags:\n" + texts)
	}
	b.WriteString("\nlevcontacts help flags lists the flags of every command, " +
		"levcontacts help topics the pages of the documentation.\n")
	_, err := cmd.OutOrStderr().Write([]byte(b.String()))
	return err
}

// plainBool is a flag whose help does not say that it is true or false.
type plainBool struct{ pflag.Value }

func (plainBool) Type() string { return "boolfunc" }

// flagTexts explains flags. short leaves out those that refine --demo.
func flagTexts(flags *pflag.FlagSet, width int, short bool) string {
	shown := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.VisitAll(func(f *pflag.Flag) {
		if short && strings.HasPrefix(f.Name, "demo-") {
			return
		}
		one := *f
		if one.Value.Type() == "bool" {
			one.Value = plainBool{one.Value}
		}
		shown.AddFlag(&one)
	})
	return shown.FlagUsagesWrapped(width)
}
