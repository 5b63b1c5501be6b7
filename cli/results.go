package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strconv"
	"strings"
)

// A resultWriter writes the results of an import as they come; for a table on a
// terminal, when all are there.
type resultWriter struct {
	app   *App
	o     importOptions
	begun bool
	held  [][]string
}

func (w *resultWriter) add(r outcome) error {
	switch {
	case w.o.json:
		return w.addJSON(r)
	case w.app.OutTTY:
		w.held = append(w.held, r.cells(w.o.apply))
		return nil
	}
	if !w.begun {
		w.begun = true
		if err := w.app.write([]byte(tsvLine(w.head()))); err != nil {
			return err
		}
	}
	cells := r.cells(w.o.apply)
	for i := range cells {
		cells[i] = strings.NewReplacer("\t", " ", "\n", " ", "\r", " ").Replace(cells[i])
	}
	return w.app.line(strings.Join(cells, "\t"))
}

// addJSON writes one more member of an array.
func (w *resultWriter) addJSON(r outcome) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("  ", "  ")
	if err := e.Encode(r); err != nil {
		return err
	}
	before := ",\n  "
	if !w.begun {
		w.begun, before = true, "[\n  "
	}
	return w.app.write([]byte(before + strings.TrimSuffix(b.String(), "\n")))
}

func (w *resultWriter) head() []string {
	head := []string{"row", "result", "id", "name", "message", "request_id"}
	if !w.o.apply {
		head = append(head, "body")
	}
	return head
}

func (w *resultWriter) end() error {
	switch {
	case w.o.json && w.begun:
		return w.app.write([]byte("\n]\n"))
	case w.o.json:
		return w.app.write([]byte("[]\n"))
	case w.app.OutTTY:
		return w.app.records(w.head(), w.held)
	}
	return nil
}

// cells are the columns of a result; what would be sent is the last one.
func (o outcome) cells(applied bool) []string {
	id := ""
	if o.ID != 0 {
		id = strconv.FormatInt(o.ID, 10)
	}
	out := []string{strconv.Itoa(o.Row), o.Result, id, o.Name, o.Message, o.RequestID}
	if applied {
		return out
	}
	return append(out, string(o.Body))
}

// failedRows is the file of --errors.
type failedRows struct {
	app   *App
	path  string
	table table
}

// write keeps the rows that failed, or were not tried, as they stood in the file,
// with the reason: what import reads. Without such rows there is no file.
func (f failedRows) write(plan []plannedRow, results []outcome) error {
	if f.path == "" {
		return nil
	}
	var b bytes.Buffer
	n := 0
	for i, p := range plan {
		why := "not tried"
		if i < len(results) {
			switch results[i].Result {
			case rowWrong, rowFailed, rowUnsure, rowConflict:
				why = results[i].Message
			default:
				continue
			}
		}
		if n == 0 && f.table.heads != nil {
			writeCSV(&b, append(append([]string{}, f.table.heads...), "error"))
		}
		n++
		if f.table.heads == nil {
			f.jsonRow(&b, p)
			continue
		}
		cells := append([]string{}, p.row.cells...)
		for len(cells) < len(f.table.heads) {
			cells = append(cells, "")
		}
		writeCSV(&b, append(cells[:len(f.table.heads)], why))
	}
	if n == 0 {
		return nil
	}
	out, err := os.OpenFile(f.path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, &b)
	if err = errors.Join(err, out.Close()); err == nil {
		f.app.inform("levcontacts: %s in %s, to be mended and imported again", counted(n, "row"), f.path)
	}
	return err
}

// jsonRow writes a row of a file that is no table as a line of JSON.
func (f failedRows) jsonRow(b *bytes.Buffer, p plannedRow) {
	raw := p.object
	if raw == nil {
		raw, _ = bodyOf(p.row) // a row that was read can be written
	}
	if err := json.Compact(b, raw); err == nil {
		b.WriteByte('\n')
	}
}

func writeCSV(b *bytes.Buffer, cells []string) {
	for i, text := range cells {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(quotedCell(text, ','))
	}
	b.WriteByte('\n')
}
