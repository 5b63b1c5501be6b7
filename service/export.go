package service

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"path/filepath"
	"slices"

	"levcontacts/internal/plain"
	"levcontacts/model"
)

// ExportContacts writes contacts into a CSV and a JSON file that only this
// person can read, and names them. The CSV has a column for each field, as
// levcontacts export writes them; the JSON has every field.
func (s *Service) ExportContacts(ctx context.Context, rows []model.Packed) ([]string, error) {
	contacts := make([]model.Contact, len(rows))
	for i, p := range rows {
		c, err := p.Unpack()
		if err != nil {
			return nil, err
		}
		contacts[i] = c
	}
	table, err := contactsCSV(contacts)
	if err != nil {
		return nil, err
	}
	list, err := json.MarshalIndent(contacts, "", "  ")
	if err != nil || ctx.Err() != nil {
		return nil, cmp.Or(err, ctx.Err())
	}
	base := filepath.Join(cmp.Or(s.o.ExportDir, "."), "levcontacts-"+s.o.Now().Local().Format("2006-01-02-150405"))
	return writeNew(base, map[string][]byte{".csv": table, ".json": append(list, '\n')})
}

func contactsCSV(contacts []model.Contact) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	columns := model.FileColumns(slices.ContainsFunc(contacts, model.Contact.HasLater))
	err := w.Write(columns)
	row := make([]string, len(columns))
	for _, c := range contacts {
		for i, name := range columns {
			row[i] = plain.Guarded(model.ColumnText(c, name))
		}
		err = cmp.Or(err, w.Write(row))
	}
	w.Flush()
	return b.Bytes(), cmp.Or(err, w.Error())
}
