package service

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
)

// ExportContacts writes contacts, in their order, into a new file that only this
// person can read, and names it in full. The ending of its name says how: .csv
// has a column for each field, as levcontacts export writes them, .json has every
// field, .vcf has vCards. A file that is there already is an error.
func (s *Service) ExportContacts(ctx context.Context, rows []model.Packed, file string) (string, error) {
	contacts := make([]model.Contact, len(rows))
	for i, p := range rows {
		c, err := p.Unpack()
		if err != nil {
			return "", err
		}
		contacts[i] = c
	}
	body, err := exported(contacts, strings.ToLower(filepath.Ext(file)))
	if err != nil || ctx.Err() != nil {
		return "", cmp.Or(err, ctx.Err())
	}
	path, err := s.exportPath(file)
	if err != nil {
		return "", err
	}
	return path, writeOnce(path, body)
}

func exported(contacts []model.Contact, ending string) ([]byte, error) {
	switch ending {
	case ".csv":
		return contactsCSV(contacts)
	case ".json":
		list, err := json.MarshalIndent(contacts, "", "  ")
		return append(list, '\n'), err
	case ".vcf":
		var b bytes.Buffer
		for _, c := range contacts {
			b.WriteString(model.VCard(c))
		}
		return b.Bytes(), nil
	}
	return nil, fmt.Errorf("%q is no format: .csv, .json or .vcf", ending)
}

// exportPath is the full path of a file: ~ is the home of this person, and what is
// relative is below the folder for result files.
func (s *Service) exportPath(file string) (string, error) {
	if rest, home := strings.CutPrefix(file, "~/"); home {
		dir, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		return filepath.Join(dir, rest), nil
	}
	if !filepath.IsAbs(file) {
		file = filepath.Join(cmp.Or(s.o.ExportDir, "."), file)
	}
	return filepath.Abs(file)
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
