package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"levcontacts/model"
)

func (g *globals) exportCommand() *cobra.Command {
	var output, format, connected string
	var fields, filter []string
	var force bool
	cmd := &cobra.Command{
		Use:     "export",
		Short:   "Write every contact to a file",
		GroupID: groupContacts,
		Args:    cobra.NoArgs,
		Long: `Write every contact as CSV, JSON, JSON lines or vCards. The whole list is read from the service, 200
contacts a request. A file appears under its name only when it is complete, and only you can read it.

In CSV, text that a spreadsheet would run as a formula has an apostrophe before it, which levcontacts import
takes away again; numbers and telephone numbers stay as they are. The other formats hold everything unchanged.`,
		Example: `  levcontacts export --output contacts.csv
  levcontacts export --format vcard --filter state=NY --output new-york.vcf
  levcontacts export --format jsonl | jq -r .email`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			l, err := parseChoice(fields, filter, connected)
			if err != nil {
				return err
			}
			if l.format = format; !cmd.Flags().Changed("format") {
				l.format = formatOf(output)
			}
			if !slices.Contains([]string{formatCSV, formatJSON, formatJSONL, formatVCard}, l.format) {
				return usagef("--format is csv, json, jsonl or vcard")
			}
			if _, err := os.Lstat(output); err == nil && output != "" && !force {
				return usagef("%s exists; --force replaces it", output)
			}
			session, _, err := g.session(cmd.Context())
			if err != nil {
				return err
			}
			defer session.Close()
			return g.app.export(cmd.Context(), session, l, output)
		},
	}
	f := cmd.Flags()
	f.StringVar(&format, "format", formatCSV, "csv, json, jsonl or vcard; without it, by the name of the file")
	f.StringVarP(&output, "output", "o", "", "write to this `FILE` instead of standard output")
	f.BoolVar(&force, "force", false, "replace the file if there is one")
	complete(cmd, "format", cobra.FixedCompletions([]string{formatCSV, formatJSON, formatJSONL, formatVCard}, cobra.ShellCompDirectiveNoFileComp))
	addChoice(cmd, &fields, &filter, &connected)
	return cmd
}

// formatOf is the format that the name of a file asks for.
func formatOf(path string) string {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".json":
		return formatJSON
	case ".jsonl", ".ndjson":
		return formatJSONL
	case ".vcf", ".vcard":
		return formatVCard
	}
	return formatCSV
}

// export writes a whole list to a file or standard output.
func (a *App) export(ctx context.Context, s Session, l listing, path string) error {
	f := newFetcher(a, s)
	left := &leftOut{format: l.format, chosen: l.fields}
	var seen *watcher
	write := func(w io.Writer, terminal bool) (int, error) {
		seen = watch(a.newPrinter(w, l.format, l.fields, terminal), l.fields)
		left.printer = seen
		t, err := l.streamed(ctx, f, left)
		f.clear()
		if err != nil {
			return t.shown, errors.Join(err, left.stop())
		}
		return t.shown, left.end()
	}
	var shown int
	var err error
	if path == "" {
		shown, err = write(a.Out, a.OutTTY)
	} else {
		err = writeWhole(path, func(w io.Writer) (err error) {
			shown, err = write(w, false)
			return err
		})
	}
	if err != nil {
		return err
	}
	seen.tell(a, shown)
	a.note("levcontacts: exported %s contacts, out of %s", humanize.Comma(int64(shown)), f.said())
	if len(left.names) > 0 {
		a.note("levcontacts: %s does not hold these fields, which some contacts have: %s; --format json keeps everything", l.format, strings.Join(left.names, ", "))
	}
	return nil
}

// leftOut notices fields that a format has no place for.
type leftOut struct {
	printer
	format string
	chosen []string
	names  []string
}

func (l *leftOut) print(c model.Contact) error {
	if l.format == formatCSV && l.chosen == nil {
		for _, e := range c.Extras() {
			if !slices.Contains(l.names, e.Name) {
				l.names = append(l.names, e.Name)
			}
		}
	}
	return l.printer.print(c)
}

// writeWhole writes a file in one step, for this person alone (0600): under its
// name there is nothing, the old file, or the whole new one.
func writeWhole(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
