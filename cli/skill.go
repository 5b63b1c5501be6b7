package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

func (g *globals) skillCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:     "skill",
		Short:   "Write a page that tells an assistant how to use this program",
		GroupID: groupTools,
		Args:    cobra.NoArgs,
		Example: "  mkdir -p skills/levcontacts && levcontacts skill > skills/levcontacts/SKILL.md",
		RunE: func(*cobra.Command, []string) error {
			return writeSkill(g.app.Out, root)
		},
	}
}

// skillIntro is what no table says.
const skillIntro = `---
name: levcontacts
description: Read, search, create and update the contacts (lenders and sponsors) of a Lev account from the command line.
---

# levcontacts

Use these commands to work with the contacts of a Lev account. Results go to standard output,
everything else to standard error. Add --json to get machine-readable output. Never start the program without a command:
that opens a screen, or asks questions.

## Rules

1. Read before you write. ` + "`levcontacts list QUERY --json`" + ` finds contacts, ` + "`levcontacts get ID --json`" + ` shows one.
2. Plan first. Run every write with --dry-run (import: without --apply), show the plan to the person, and go on after a yes.
   Then run the same command with --yes (import: with --apply).
3. Give --if-unchanged-since with the updated_at that you read, so that nobody's change is overwritten.
4. Do not repeat a create that failed without looking at its exit code and message. The same command looks for the contact
   first; --anyway creates it a second time and is the person's decision.
5. Contacts cannot be deleted. To empty a field, use --clear. Deleting a note is for good: ask first.
6. The rate limit is narrow and shared with the person. Ask for what you need: one list with --fields instead of many gets.
7. Never ask for, print or store an API key. When the exit code is 4, ask the person to run ` + "`levcontacts auth login`" + `.
8. Try things out with --demo: sample data, no key, nothing is kept.
`

func writeSkill(w io.Writer, root *cobra.Command) error {
	var b strings.Builder
	b.WriteString(skillIntro)
	b.WriteString("\n## Commands\n\n")
	for _, cmd := range documented(root) {
		if cmd.HasParent() && cmd.Runnable() && !strings.HasPrefix(cmd.CommandPath(), "levcontacts completion") {
			fmt.Fprintf(&b, "- `%s`: %s.\n", strings.TrimSuffix(cmd.UseLine(), " [flags]"), cmd.Short)
			for _, f := range flagsOf(cmd.LocalNonPersistentFlags()) {
				if !strings.HasPrefix(f.Name, "-h,") {
					fmt.Fprintf(&b, "  - `%s`: %s\n", f.Name, f.Text)
				}
			}
		}
	}
	b.WriteString("\n## Fields of a contact\n\n")
	for _, e := range Fields() {
		fmt.Fprintf(&b, "- `%s`: %s\n", e.Name, e.Text)
	}
	b.WriteString("\n## Searches\n\n")
	for _, e := range Searches() {
		fmt.Fprintf(&b, "- `%s`: %s\n", e.Name, e.Text)
	}
	b.WriteString("\n## Exit codes\n\n")
	for _, e := range ExitCodes() {
		fmt.Fprintf(&b, "- %s: %s\n", e.Name, e.Text)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
