package service

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// maxNames is how many names are tried before a result file is given up.
const maxNames = 1000

// SaveRunResult writes what became of each contact of a bulk edit into a CSV
// and a JSON file that only this person can read, and names them. A file that
// is there is never written over.
func (s *Service) SaveRunResult(ctx context.Context, runID string) ([]string, error) {
	ctx, st, leave, err := s.enterState(ctx, opBulk)
	if err != nil {
		return nil, err
	}
	defer leave()
	run, err := findRun(ctx, st, runID)
	if err != nil {
		return nil, err
	}
	items, err := st.Items(ctx, runID)
	if err != nil {
		return nil, err
	}
	table, err := resultCSV(items)
	if err != nil {
		return nil, err
	}
	list, err := resultJSON(run, items)
	if err != nil {
		return nil, err
	}
	base := filepath.Join(cmp.Or(s.o.ExportDir, "."), "levcontacts-bulk-"+run.Created.Local().Format("2006-01-02-150405"))
	return writeNew(base, map[string][]byte{".csv": table, ".json": list})
}

// writeNew writes files that share a name which none of them had before.
func writeNew(base string, files map[string][]byte) ([]string, error) {
	if full, err := filepath.Abs(base); err == nil {
		base = full // so that the person is told where they are
	}
	for n := 1; n <= maxNames; n++ {
		name := base
		if n > 1 {
			name += "-" + strconv.Itoa(n)
		}
		var made []string
		var err error
		for _, ext := range []string{".csv", ".json"} {
			if err = writeOnce(name+ext, files[ext]); err != nil {
				break
			}
			made = append(made, name+ext)
		}
		if err == nil {
			return made, nil
		}
		for _, path := range made {
			err = errors.Join(err, os.Remove(path))
		}
		if !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
	}
	return nil, fmt.Errorf("%s: there are %d result files of this name already", base, maxNames)
}

func writeOnce(path string, body []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(body)
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

func resultCSV(items []work.BulkItem) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{{"contact_id", "name", "result", "message", "request_id", "changes"}}
	for _, it := range items {
		var changes []string
		for _, c := range it.Patch.Changes() {
			changes = append(changes, fmt.Sprintf("%s: %q to %q", c.Field.Name(), c.Before.String(), c.After.String()))
		}
		row := []string{strconv.FormatInt(it.ContactID, 10), it.Name, string(it.State), it.Message, it.RequestID, strings.Join(changes, "; ")}
		for i, cell := range row {
			row[i] = plain.Guarded(cell) // it is opened in a spreadsheet
		}
		rows = append(rows, row)
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// resultItem is one contact in the JSON file.
type resultItem struct {
	ContactID int64          `json:"contact_id"`
	Name      string         `json:"name"`
	Result    string         `json:"result"`
	Message   string         `json:"message,omitempty"`
	RequestID string         `json:"request_id,omitempty"`
	Changes   []resultChange `json:"changes"`
}

type resultChange struct {
	Field  string      `json:"field"`
	Before model.Value `json:"before"`
	After  model.Value `json:"after"`
}

func resultJSON(run work.BulkRun, items []work.BulkItem) ([]byte, error) {
	list := make([]resultItem, len(items))
	for i, it := range items {
		list[i] = resultItem{it.ContactID, it.Name, string(it.State), it.Message, it.RequestID, []resultChange{}}
		for _, c := range it.Patch.Changes() {
			list[i].Changes = append(list[i].Changes, resultChange{c.Field.Name(), c.Before, c.After})
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(struct {
		Title   string                 `json:"title"`
		Created string                 `json:"created"`
		State   work.RunState          `json:"state"`
		Counts  map[work.ItemState]int `json:"counts"`
		Items   []resultItem           `json:"items"`
	}{run.Title, run.Created.UTC().Format("2006-01-02T15:04:05Z"), run.State, run.Counts, list})
	return b.Bytes(), err
}
