package store

import (
	"context"
	"database/sql"
	"errors"
)

const factSchema = `
CREATE TABLE fact (
	realm INTEGER NOT NULL REFERENCES realm,
	name  TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (realm, name)
);
`

// SetFact remembers something small that was learned or chosen, such as the
// style of the service's paths or the last view. An empty value forgets it.
func (s *State) SetFact(ctx context.Context, name, value string) error {
	var err error
	if value == "" {
		_, err = s.f.db.ExecContext(ctx, "DELETE FROM fact WHERE realm = ? AND name = ?", s.realm, name)
	} else {
		_, err = s.f.db.ExecContext(ctx, `INSERT INTO fact (realm, name, value) VALUES (?, ?, ?)
			ON CONFLICT (realm, name) DO UPDATE SET value = excluded.value`, s.realm, name, value)
	}
	return s.f.fail(ctx, "remember "+name, err)
}

// Fact is what was remembered under a name, "" for nothing.
func (s *State) Fact(ctx context.Context, name string) (value string, err error) {
	err = s.f.db.QueryRowContext(ctx, "SELECT value FROM fact WHERE realm = ? AND name = ?", s.realm, name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return value, s.f.fail(ctx, "recall "+name, err)
}
