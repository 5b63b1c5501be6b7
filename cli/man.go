package cli

import (
	"fmt"

	mcobra "github.com/muesli/mango-cobra"
	"github.com/muesli/roff"
	"github.com/spf13/cobra"
)

func (g *globals) manCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:     "man",
		Short:   "Write the manual page",
		GroupID: groupTools,
		Args:    cobra.NoArgs,
		Example: "  levcontacts man > ~/.local/share/man/man1/levcontacts.1",
		RunE: func(*cobra.Command, []string) error {
			plainUsage(root)
			page, err := mcobra.NewManPage(1, root)
			if err != nil {
				return fmt.Errorf("manual page: %w", err)
			}
			_, err = fmt.Fprint(g.app.Out, page.Build(roff.NewDocument()))
			return err
		},
	}
}
