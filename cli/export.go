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

	"github.com/spf13/cobra"

	"github.com/levcontacts/levcontacts/model"
)

// exportOptions is what export was asked for.
type exportOptions struct {
	output, format, connected string
	fields, filter            []string
	force, noBOM              bool
	copy                      copyFlags
}

func exportFormats() []string {
	return []string{formatCSV, formatTSV, formatJSON, formatJSONL, formatVCard}
}

func (g *globals) exportCommand() *cobra.Command {
	var o exportOptions
	cmd := &cobra.Command{
		Use:     "export",
		Short:   "Write every contact to a file",
		GroupID: groupContacts,
		Args:    noArgs,
		Long: `Write every contact as CSV, tab-separated values, JSON, JSON lines or vCards. A new file appears under its name only when it is complete, and only you
can read it; with --force a file is replaced and keeps its mode and owner. Devices and pipes are written into.

In CSV, text that a spreadsheet would run as a formula has an apostrophe before it, which levcontacts import
takes away again; numbers and telephone numbers stay as they are. The other formats hold everything unchanged.
A CSV file begins with the mark by which Excel on Windows knows UTF-8.

Without --fields the last column of CSV, as_exported, says how the row was. Change cells in a spreadsheet, leave
that column alone, and levcontacts import FILE --match id sends just what was changed.

` + copyHelp,
		Example: `  levcontacts export --output contacts.csv
  levcontacts export --format vcard --filter state=NY --output new-york.vcf
  levcontacts export --format jsonl | jq -r .email`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !cmd.Flags().Changed("format") {
				o.format = ""
			}
			return g.export(cmd, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.format, "format", formatCSV, strings.Join(exportFormats(), ", ")+"; without it, by the name of the file")
	f.StringVarP(&o.output, "output", "o", "", "write to this `FILE` instead of standard output, which is -")
	f.BoolVar(&o.noBOM, "no-bom", false, "begin a CSV file without the mark by which Excel on Windows knows UTF-8")
	f.BoolVar(&o.force, "force", false, "replace the file if there is one")
	complete(cmd, "format", cobra.FixedCompletions(exportFormats(), cobra.ShellCompDirectiveNoFileComp))
	g.addChoice(cmd, &o.fields, &o.filter, &o.connected)
	o.copy.addTo(cmd)
	return cmd
}

func (g *globals) export(cmd *cobra.Command, o exportOptions) error {
	l, err := parseChoice(o.fields, o.filter, o.connected)
	if err != nil {
		return err
	}
	if l.format = o.format; l.format == "" {
		if l.format, err = formatOf(o.output); err != nil {
			return err
		}
	}
	switch {
	case !slices.Contains(exportFormats(), l.format):
		return usagef("--format is one of %s%s", strings.Join(exportFormats(), ", "), meant(l.format, exportFormats()))
	case l.format == formatVCard && l.fields != nil:
		return usagef("--fields is not for vCards, which have their own")
	}
	l.stamped = true
	to, err := g.app.destinationOf(o.output, o.force)
	if err != nil {
		return err
	}
	r, done, err := o.copy.open(cmd, g)
	if err != nil {
		return err
	}
	defer done()
	to.mark = l.format == formatCSV && to.path != "" && !to.into && !o.noBOM
	return g.app.export(cmd.Context(), r, l, to)
}

// formatOf is the format that the name of a file asks for.
func formatOf(path string) (string, error) {
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".csv", "", ".":
		return formatCSV, nil
	case ".tsv", ".tab":
		return formatTSV, nil
	case ".json":
		return formatJSON, nil
	case ".jsonl", ".ndjson":
		return formatJSONL, nil
	case ".vcf", ".vcard":
		return formatVCard, nil
	default:
		if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
			return formatCSV, nil
		}
		return "", usagef("%s: the name does not say which format is wanted; say --format csv, or another one", path)
	}
}

// export writes a whole list to a file or standard output.
func (a *App) export(ctx context.Context, r *reader, l listing, to destination) error {
	left := &leftOut{format: l.format, chosen: l.fields}
	var seen *watcher
	var shown int
	err := to.write(func(w io.Writer, terminal bool) error {
		if to.mark {
			if _, err := io.WriteString(w, "\ufeff"); err != nil {
				return err
			}
		}
		seen = watch(a.newPrinter(w, l, terminal), l.fields)
		left.printer = seen
		t, err := l.streamed(ctx, r, left)
		r.clear()
		if shown = t.shown; err != nil {
			return errors.Join(err, left.stop())
		}
		return left.end()
	})
	if err != nil {
		return err
	}
	seen.tell(a, shown)
	a.inform("levcontacts: exported %s contacts, out of %s", grouped(shown), r.said())
	r.tellSource()
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
	usual  []string // the columns, as the first contact decides them
}

func (l *leftOut) print(c model.Contact) error {
	if (l.format == formatCSV || l.format == formatTSV) && l.chosen == nil {
		if l.usual == nil {
			l.usual = model.FileColumns(c.HasLater())
		}
		for _, e := range c.Extras() {
			f, named := model.FieldByName(e.Name)
			held := named && (slices.Contains(l.usual, e.Name) || f.Format == model.FormatPhones && slices.Contains(l.usual, model.PhoneColumn(model.PhoneOffice)))
			if !held && !slices.Contains(l.names, e.Name) {
				l.names = append(l.names, e.Name)
			}
		}
	}
	return l.printer.print(c)
}

// A destination is where an export goes.
type destination struct {
	app  *App
	path string // of the file that a link leads to; "" for standard output
	mark bool   // the file begins with the byte order mark of UTF-8
	into bool   // a device or a pipe, which is written into and never replaced
	old  os.FileInfo
}

// destinationOf looks at a path before the first request: what cannot be
// written is refused now.
func (a *App) destinationOf(path string, force bool) (destination, error) {
	d := destination{app: a, path: path}
	if path == "" || path == "-" {
		d.path = ""
		return d, nil
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		if link, e := os.Readlink(path); e == nil { // it leads to where no file is yet
			if d.path = link; !filepath.IsAbs(link) {
				d.path = filepath.Join(filepath.Dir(path), link)
			}
		}
		return d, nil
	case err != nil:
		return d, err
	case a.isOutput(info):
		d.path = "" // such as /dev/stdout
		return d, nil
	case info.IsDir():
		return d, usagef("%s is a folder", path)
	case !info.Mode().IsRegular():
		d.into = true
		return d, nil
	case !force:
		return d, usagef("%s exists; --force replaces it", path)
	}
	d.old = info
	d.path, err = filepath.EvalSymlinks(path)
	return d, err
}

// isOutput says that a file is standard output by another name.
func (a *App) isOutput(info os.FileInfo) bool {
	w := a.Out
	if checked, ok := w.(*checkedWriter); ok {
		w = checked.Writer
	}
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	own, err := f.Stat()
	return err == nil && os.SameFile(own, info)
}

func (d destination) write(print func(w io.Writer, terminal bool) error) error {
	switch {
	case d.path == "":
		return print(d.app.Out, d.app.OutTTY)
	case d.into:
		f, err := os.OpenFile(d.path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		err = print(f, false)
		return errors.Join(err, f.Close())
	}
	return d.replace(func(w io.Writer) error { return print(w, false) })
}

// replace writes a file in one step: under its name there is nothing, the old
// file, or the whole new one. A new file is for this person alone (0600), an old
// one keeps its mode, its owner and its other names.
func (d destination) replace(write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(d.path), "."+filepath.Base(d.path)+"-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", d.path, err)
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if err == nil && d.old != nil {
		err = f.Chmod(d.old.Mode().Perm())
	}
	keep := d.old != nil && !sameOwner(f, d.old)
	if err == nil && keep {
		err = d.copyInto(f)
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil && !keep {
		err = os.Rename(f.Name(), d.path)
	} else {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	return err
}

// copyInto puts what was written into the old file itself.
func (d destination) copyInto(f *os.File) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	old, err := os.OpenFile(d.path, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return err
	}
	_, err = io.Copy(old, f)
	return errors.Join(err, old.Close())
}
