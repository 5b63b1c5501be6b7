package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// quarantine gives a damaged file another name. While another program uses it
// that would tear the file and its log apart, so then nothing is done.
func (f *file) quarantine(cause error) error {
	inUse, err := f.proc.otherProcesses()
	if err != nil {
		return err
	}
	if inUse {
		return &Error{Op: "open " + f.what, Path: f.path, Reason: ErrDamaged, Cause: cause}
	}
	target := f.path + quarantineMark + f.now().UTC().Format("20060102T150405")
	for n, base := 2, target; ; n++ {
		if _, err := os.Lstat(target); errors.Is(err, fs.ErrNotExist) {
			break
		}
		target = fmt.Sprintf("%s-%d", base, n)
	}
	to := f.paths(target)
	for i, from := range f.paths(f.path) {
		if err := os.Rename(from, to[i]); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	f.quarantined = target
	return nil
}

const quarantineMark = ".damaged-"

// quarantineClosed is quarantine for a file that was open and is closed now.
func (f *file) quarantineClosed() error {
	unlock, err := lockFor(context.Background(), f.path, f.wait)
	if err != nil {
		return err
	}
	return errors.Join(f.quarantine(nil), unlock())
}

func (f *file) removeQuarantined() error {
	dir, name := filepath.Split(f.path)
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), name+quarantineMark) {
			err = errors.Join(err, os.Remove(filepath.Join(dir, e.Name())))
		}
	}
	return err
}

// rescueTables copies what can still be read of the damaged file into the new
// one, as far as the columns are the same. What cannot be read stays aside.
func (f *file) rescueTables(ctx context.Context) error {
	broken, err := sql.Open("sqlite", fileURI(f.quarantined, url.Values{"mode": {"rw"}, "_query_only": {"1"},
		"_pragma": {"trusted_schema(0)", "cell_size_check(1)"}}))
	if err != nil {
		return err
	}
	defer broken.Close()
	for _, table := range f.rescue {
		for _, order := range []string{"ASC", "DESC"} { // from both ends: the damage is somewhere between
			err := f.write(ctx, "rescue what can be read", func(tx *sql.Tx) error {
				return f.rescueTable(ctx, tx, broken, table, order)
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// rescueTable reads until it meets the damage, and skips rows that do not fit.
func (f *file) rescueTable(ctx context.Context, tx *sql.Tx, broken *sql.DB, table, order string) error {
	rows, err := broken.QueryContext(ctx, "SELECT * FROM "+table+" NOT INDEXED ORDER BY rowid "+order)
	if err != nil {
		return nil // not one row can be read
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	rule := "IGNORE"
	if !f.rescued.IsZero() && table != "realm" {
		rule = "REPLACE" // what the damaged file has is newer than its second copy
	}
	st, err := tx.PrepareContext(ctx, fmt.Sprintf("INSERT OR %s INTO %s (%s) VALUES (?%s)",
		rule, table, strings.Join(columns, ", "), strings.Repeat(", ?", len(columns)-1)))
	if err != nil {
		return nil // the columns are other ones
	}
	defer st.Close()
	values, refs := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		refs[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(refs...); err != nil {
			return err
		}
		if _, err := st.ExecContext(ctx, values...); reasonOf(err) != nil {
			return err
		}
	}
	return nil
}
