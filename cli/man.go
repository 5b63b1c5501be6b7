package cli

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func (g *globals) manCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "man [DIR]",
		Short: "Write the manual pages",
		Long: "Write the manual page of levcontacts to standard output, or one page for every command to files in DIR,\n" +
			"which is made if it is not there.",
		GroupID: groupTools,
		Args:    mostOneArg("a folder"),
		Example: "  levcontacts man | man -l -\n  levcontacts man ~/.local/share/man/man1",
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				_, err := fmt.Fprint(g.app.Out, g.app.manPage(root))
				return err
			}
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return err
			}
			for _, cmd := range documented(root) {
				path := filepath.Join(args[0], manName(cmd)+".1")
				if err := os.WriteFile(path, []byte(g.app.manPage(cmd)), 0o644); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// documented are a command and all below it that help shows.
func documented(cmd *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{cmd}
	for _, sub := range cmd.Commands() {
		if !sub.Hidden && sub.Name() != "help" {
			all = append(all, documented(sub)...)
		}
	}
	return all
}

// manName is the name of a command's page.
func manName(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

// manPage is the page of one command.
func (a *App) manPage(cmd *cobra.Command) string {
	p := &page{}
	p.line(".TH", strings.ToUpper(manName(cmd)), "1", "", "levcontacts "+a.Version, "levcontacts manual")
	p.section("NAME")
	p.text(manName(cmd) + " - " + lowerFirst(cmd.Short))
	p.section("SYNOPSIS")
	p.bold(cmd.UseLine())
	if cmd == cmd.Root() {
		p.raw(".br\n")
		p.bold(cmd.Name() + " COMMAND [flags]")
	}
	p.section("DESCRIPTION")
	p.paragraphs(cmp.Or(cmd.Long, cmd.Short+"."))
	var below []Term
	for _, sub := range cmd.Commands() {
		if !sub.Hidden && sub.Name() != "help" {
			below = append(below, Term{sub.CommandPath(), sub.Short + "."})
		}
	}
	p.entries("COMMANDS", below)
	p.entries("OPTIONS", flagsOf(cmd.NonInheritedFlags()))
	if cmd.HasParent() {
		p.entries("OPTIONS OF EVERY COMMAND", flagsOf(cmd.InheritedFlags()))
	}
	if cmd.Example != "" {
		p.section("EXAMPLES")
		p.verbatim(cmd.Example)
	}
	p.entries("EXIT STATUS", ExitCodes())
	if cmd == cmd.Root() {
		p.entries("ENVIRONMENT", Environment())
		p.entries("FILES", Files())
	}
	p.section("SEE ALSO")
	var others []string
	if cmd.HasParent() {
		others = append(others, manName(cmd.Parent())+"(1)")
	}
	for _, e := range below {
		others = append(others, strings.ReplaceAll(e.Name, " ", "-")+"(1)")
	}
	p.text(strings.Join(append(others, "levcontacts help topics"), ", "))
	return p.b.String()
}

// flagsOf are the flags of a command that help shows.
func flagsOf(set *pflag.FlagSet) (out []Term) {
	set.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		value, usage := pflag.UnquoteUsage(f)
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		if value != "" {
			name += " " + strings.ToUpper(value)
		}
		if d := f.DefValue; d != "" && d != "false" && d != "0" && d != "[]" && d != "0s" {
			usage += " (default " + d + ")"
		}
		out = append(out, Term{name, usage + "."})
	})
	return out
}

func lowerFirst(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// page is a manual page under way, in the language of man(7).
type page struct{ b strings.Builder }

func (p *page) raw(s string) { p.b.WriteString(s) }

func (p *page) line(macro string, words ...string) {
	p.raw(macro)
	for _, w := range words {
		p.raw(` "` + strings.ReplaceAll(roff(w), `"`, `\(dq`) + `"`)
	}
	p.raw("\n")
}

func (p *page) section(title string) { p.line(".SH", title) }
func (p *page) bold(text string)     { p.line(".B", text) }
func (p *page) text(text string)     { p.raw(roff(text) + "\n") }

// verbatim keeps the lines as they are.
func (p *page) verbatim(text string) { p.raw(".nf\n" + roff(strings.Trim(text, "\n")) + "\n.fi\n") }

// paragraphs are flowing text, and lines that begin with a space as they are.
func (p *page) paragraphs(text string) {
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		p.raw(".PP\n")
		if strings.Contains(paragraph, "\n ") {
			p.verbatim(paragraph)
			continue
		}
		p.text(paragraph)
	}
}

// entries is a section of names and what they mean, and nothing without any.
func (p *page) entries(title string, entries []Term) {
	if len(entries) == 0 {
		return
	}
	p.section(title)
	for _, e := range entries {
		p.raw(".TP\n")
		p.bold(e.Name)
		p.text(strings.ReplaceAll(e.Text, "`", ""))
	}
}

// roff is text that man(7) shows as it is: its backslashes, hyphens and the
// characters that would begin a macro are escaped.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(s)
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	var b strings.Builder
	for _, r := range strings.Join(lines, "\n") {
		if r < 0x80 {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, `\[u%04X]`, r)
		}
	}
	return b.String()
}
