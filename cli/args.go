package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// noArgs refuses words after a command that takes none.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if cmd.HasSubCommands() {
		return fmt.Errorf("there is no command %q%s", args[0], choices(args[0], subcommands(cmd)))
	}
	return fmt.Errorf("%s takes no arguments, and %q is one", cmd.CommandPath(), args[0])
}

// idOrNone lets the id of a contact stand alone behind the program's name.
func idOrNone(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if _, err := parseID(args[0]); err != nil {
		return noArgs(cmd, args)
	}
	return noArgs(cmd, args[1:])
}

// oneArg wants just one word after a command; what says which.
func oneArg(what string) cobra.PositionalArgs {
	return someOf(1, 1, what)
}

// twoArgs wants just two.
func twoArgs(what string) cobra.PositionalArgs { return someOf(2, 2, what) }

// mostOneArg takes one word or none.
func mostOneArg(what string) cobra.PositionalArgs { return someOf(0, 1, what) }

func someOf(least, most int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch n := len(args); {
		case n < least:
			return fmt.Errorf("%s needs %s; %s shows how", cmd.CommandPath(), what, helpFor(cmd))
		case n > most:
			return fmt.Errorf("%s takes %s and nothing behind it; %q is too much", cmd.CommandPath(), what, args[most])
		}
		return nil
	}
}

// someArgs wants at least one word after a command.
func someArgs(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return oneArg(what)(cmd, args)
		}
		return nil
	}
}

// helpFor is what shows the help of a command.
func helpFor(cmd *cobra.Command) string {
	return "levcontacts help" + strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name())
}

// subcommands are the names that may stand behind a command.
func subcommands(cmd *cobra.Command) (names []string) {
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	return names
}
