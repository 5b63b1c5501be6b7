package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/internal/redact"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// line writes one line to standard output.
func (a *App) line(text string) error {
	_, err := fmt.Fprintln(a.Out, text)
	return err
}

// write gives text to standard output; what could drive a terminal is escaped
// on one.
func (a *App) write(b []byte) error {
	w := a.Out
	if a.OutTTY {
		w = &escaper{w: w}
	}
	_, err := w.Write(b)
	return err
}

// encode writes a value as JSON with line breaks.
func (a *App) encode(v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return err
	}
	return a.write(b.Bytes())
}

// printJSON writes one contact as JSON with line breaks.
func (a *App) printJSON(c model.Contact, fields []string) error {
	raw, err := jsonOf(c, fields)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, raw, "", "  "); err != nil {
		return err
	}
	b.WriteByte('\n')
	return a.write(b.Bytes())
}

// records writes rows of values under a heading: aligned for a person, and
// tab-separated in a pipe, as list does.
func (a *App) records(head []string, table [][]string) error {
	if a.OutTTY {
		upper := make([]string, len(head))
		for i, name := range head {
			upper[i] = strings.ToUpper(strings.ReplaceAll(name, "_", " "))
		}
		return a.aligned(append([][]string{upper}, table...))
	}
	var b strings.Builder
	for _, row := range append([][]string{head}, table...) {
		b.WriteString(tsvLine(row))
	}
	_, err := io.WriteString(a.Out, b.String())
	return err
}

// facts writes names with their values: aligned for a person, tab-separated in a
// pipe.
func (a *App) facts(table [][]string) error {
	if a.OutTTY {
		return a.aligned(table)
	}
	return a.records([]string{"name", "value"}, table)
}

// tsvLine is a row of tab-separated values.
func tsvLine(row []string) string {
	cells := make([]string, len(row))
	for i, text := range row {
		cells[i] = quotedCell(oneLine(text), '\t')
	}
	return strings.Join(cells, "\t") + "\n"
}

// aligned writes columns that are filled up with blanks.
func (a *App) aligned(table [][]string) error {
	_, err := io.WriteString(a.Out, alignedText(table))
	return err
}

// alignedText fills columns up with blanks, but for the last one.
func alignedText(table [][]string) string {
	widths := map[int]int{}
	for _, row := range table {
		for i, text := range row {
			row[i] = oneLine(text)
			widths[i] = max(widths[i], plain.Width(row[i]))
		}
	}
	var b strings.Builder
	for _, row := range table {
		for i, text := range row {
			if i < len(row)-1 {
				text = plain.Fit(text, widths[i], "") + "  "
			}
			b.WriteString(text)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// note writes to standard error. The lines are those of the format: a line
// break in an argument, which may come from the service or from a file, is
// shown as a sign, and nothing in it drives the terminal or gives a key away.
func (a *App) note(format string, args ...any) {
	for i, arg := range args {
		switch arg := arg.(type) {
		case string:
			args[i] = shownBreaks(arg)
		case error:
			args[i] = brief{arg}
		}
	}
	a.noteLines(strings.Split(fmt.Sprintf(format, args...), "\n"))
}

// brief is an error on one line.
type brief struct{ error }

func (b brief) Error() string { return shownBreaks(strings.Join(linesOf(b.error), "; ")) }

// Lines is an error of several lines. A line break in another error is part of
// a value, and shown as a sign.
type Lines []string

func (l Lines) Error() string { return strings.Join(l, "\n") }

// linesOf is an error in lines, one for each that was joined.
func linesOf(err error) []string {
	if lines, ok := err.(Lines); ok {
		return slices.Clone(lines)
	}
	if many, ok := err.(interface{ Unwrap() []error }); ok && strings.Contains(err.Error(), "\n") {
		var out []string
		for _, one := range many.Unwrap() {
			out = append(out, linesOf(one)...)
		}
		return out
	}
	return []string{err.Error()}
}

func (a *App) noteLines(lines []string) {
	for _, line := range lines {
		rest := strings.TrimLeft(line, " ")
		fmt.Fprintln(a.Err, line[:len(line)-len(rest)]+a.signed(oneLine(redact.Shapes(rest))))
	}
}

// breakSign stands for a line break inside a value.
const breakSign = "↵"

// shownBreaks puts a sign in the place of every line break.
func shownBreaks(text string) string {
	return strings.NewReplacer("\r\n", breakSign, "\n", breakSign, "\r", breakSign, "\v", breakSign, "\f", breakSign,
		"\u0085", breakSign, "\u2028", breakSign, "\u2029", breakSign).Replace(text)
}

// oneLine is a value as a line can hold it.
func oneLine(text string) string { return plain.Clean(shownBreaks(text)) }

// What bars are made of, and what stands for what was cut.
const barSign, moreSign = "━", "…"

// signed is a message with signs that the locale can show.
func (a *App) signed(text string) string {
	if a.Input.NonUTF8Locale() == "" {
		return text
	}
	return theme.ASCII(text)
}

// status shows a text in the line of the terminal that the next one takes the
// place of; "" takes it away.
func (a *App) status(text string) {
	if text = a.signed(oneLine(text)); a.Width > 1 {
		text = plain.Cut(text, a.Width-1, "")
	}
	fmt.Fprint(a.Err, "\r\x1b[K"+text)
}

// progressBar tells the terminal how far something is, for it to show in its own
// way; of nothing takes it away.
func (a *App) progressBar(done, all int) {
	if a.Dumb {
		return
	}
	if all == 0 {
		fmt.Fprint(a.Err, ansi.ResetProgressBar)
		return
	}
	fmt.Fprint(a.Err, ansi.SetProgressBar(min(100, 100*done/all)))
}

// checkedWriter remembers that writing failed: help and version texts are
// written by others, who do not say so.
type checkedWriter struct {
	io.Writer
	pager *pager
	err   error
}

func (w *checkedWriter) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	if err != nil && w.err == nil {
		w.err = fmt.Errorf("write the output: %w", err)
	}
	return n, err
}

// escaper keeps what contacts hold from driving the terminal without changing
// what JSON means: characters that Clean would drop are written as \u escapes.
// In the other formats, which have no escapes, the same text shows what is
// there.
type escaper struct {
	w    io.Writer
	rest []byte // of a character that was cut in two
}

func (e *escaper) Write(p []byte) (int, error) {
	in := append(e.rest, p...)
	var b strings.Builder
	for len(in) > 0 && utf8.FullRune(in) {
		r, size := utf8.DecodeRune(in)
		in = in[size:]
		switch {
		case r == '\n' || r == '\t' || r < unicode.MaxASCII && unicode.IsPrint(r):
			b.WriteRune(r)
		case plain.Clean(string(r)) != "" && !unicode.IsControl(r):
			b.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	e.rest = append([]byte(nil), in...)
	if _, err := io.WriteString(e.w, b.String()); err != nil {
		return 0, err
	}
	return len(p), nil
}
