package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// subSchema is what the copy holds beside the contacts. A company list is as old
// as its oldest row.
const subSchema = `
CREATE TABLE note (
	contact    INTEGER PRIMARY KEY,
	fetched_at INTEGER NOT NULL,
	data       TEXT    NOT NULL -- JSON, the notes of the contact
);
CREATE TABLE company (
	id         INTEGER PRIMARY KEY,
	fetched_at INTEGER NOT NULL,
	data       TEXT    NOT NULL -- JSON
);
`

// PutNotes keeps all notes of a contact. The errors are those of SavePage.
func (c *Cache) PutNotes(ctx context.Context, contact int64, notes []model.Note, at time.Time) error {
	data, err := json.Marshal(append([]model.Note{}, notes...))
	if err != nil {
		return err
	}
	return c.f.write(ctx, "keep notes", func(tx *sql.Tx) error {
		if _, err := c.meta(ctx, tx); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO note (contact, fetched_at, data) VALUES (?, ?, ?)", contact, toMicro(at), string(data))
		return err
	})
}

// Notes are the notes of a contact and when they were fetched, zero when they
// are not held.
func (c *Cache) Notes(ctx context.Context, contact int64) (notes []model.Note, at time.Time, err error) {
	const op = "read notes"
	if _, err := c.meta(ctx, c.f.db); err != nil {
		return nil, at, c.f.fail(ctx, op, err)
	}
	var data string
	var fetched int64
	err = c.f.db.QueryRowContext(ctx, "SELECT fetched_at, data FROM note WHERE contact = ?", contact).Scan(&fetched, &data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, at, nil
	}
	if err == nil && json.Unmarshal([]byte(data), &notes) != nil {
		return nil, at, nil // fetched again
	}
	return notes, fromMicro(fetched), c.f.fail(ctx, op, err)
}

// AllNotes are the notes that are held, by contact.
func (c *Cache) AllNotes(ctx context.Context) (map[int64]work.Notes, error) {
	const op = "read notes"
	if _, err := c.meta(ctx, c.f.db); err != nil {
		return nil, c.f.fail(ctx, op, err)
	}
	out := map[int64]work.Notes{}
	rows, err := c.f.db.QueryContext(ctx, "SELECT contact, fetched_at, data FROM note")
	_, err = collect(rows, err, func(scan func(...any) error) (none struct{}, err error) {
		var contact, fetched int64
		var data string
		var notes []model.Note
		if err := scan(&contact, &fetched, &data); err != nil {
			return none, err
		}
		if json.Unmarshal([]byte(data), &notes) == nil {
			out[contact] = work.Notes{ContactID: contact, Items: notes, FetchedAt: fromMicro(fetched)}
		}
		return none, nil
	})
	return out, c.f.fail(ctx, op, err)
}

// PutCompanies keeps companies; all says that there are no others.
func (c *Cache) PutCompanies(ctx context.Context, companies []model.Company, all bool, at time.Time) error {
	return c.f.write(ctx, "keep companies", func(tx *sql.Tx) error {
		_, err := c.meta(ctx, tx)
		if err == nil && all {
			_, err = tx.ExecContext(ctx, "DELETE FROM company")
		}
		if err != nil {
			return err
		}
		for _, company := range companies {
			data, err := company.MarshalJSON()
			if err != nil {
				return err
			}
			_, err = tx.ExecContext(ctx, "INSERT OR REPLACE INTO company (id, fetched_at, data) VALUES (?, ?, ?)", company.ID, toMicro(at), string(data))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Companies are the companies that are held and when the oldest of them was
// fetched, zero for none.
func (c *Cache) Companies(ctx context.Context) (companies []model.Company, at time.Time, err error) {
	const op = "read companies"
	if _, err := c.meta(ctx, c.f.db); err != nil {
		return nil, at, c.f.fail(ctx, op, err)
	}
	oldest := int64(0)
	rows, err := c.f.db.QueryContext(ctx, "SELECT fetched_at, data FROM company ORDER BY id")
	companies, err = collect(rows, err, func(scan func(...any) error) (company model.Company, err error) {
		var fetched int64
		var data string
		if err := scan(&fetched, &data); err != nil {
			return company, err
		}
		if oldest == 0 || fetched < oldest {
			oldest = fetched
		}
		return company, company.UnmarshalJSON([]byte(data))
	})
	return companies, fromMicro(oldest), c.f.fail(ctx, op, err)
}
