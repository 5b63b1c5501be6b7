package cli

import (
	"strconv"
	"strings"
)

// A resultWriter writes the results of an import: in a pipe as they come, on a
// terminal and as JSON when all are there.
type resultWriter struct {
	app   *App
	o     importOptions
	begun bool
	held  []outcome
}

func (w *resultWriter) add(r outcome) error {
	if w.o.json || w.app.OutTTY {
		w.held = append(w.held, r)
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

func (w *resultWriter) head() []string {
	head := []string{"row", "result", "id", "name", "message", "request_id"}
	if !w.o.apply {
		head = append(head, "body")
	}
	return head
}

func (w *resultWriter) end() error {
	switch {
	case w.o.json:
		return w.app.encode(append([]outcome{}, w.held...))
	case w.app.OutTTY:
		var table [][]string
		for _, r := range w.held {
			table = append(table, r.cells(w.o.apply))
		}
		return w.app.records(w.head(), table)
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
