package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"
)

// stateSteps are the migrations of the state; the version of a file is how
// many of them it has been through. They only ever add: a step is never
// changed once released, and none drops what the user has written.
func stateSteps() []string {
	return []string{`
CREATE TABLE realm (id INTEGER PRIMARY KEY, identity TEXT NOT NULL UNIQUE);
` + draftSchema + entrySchema + runSchema + factSchema, draftNames + entryClaims}
}

// stateSchema is the schemaSum of the tables that the steps make.
const stateSchema = "fa108825c24bf06d"

const stateAppID = 0x4C657653

// State is what cannot be fetched again: drafts, the journal of writes, bulk
// runs and learned facts. A write is on the disk when its method returns. It is
// safe for use from several goroutines, and several programs may use it at once.
//
// Rows belong to an Identity and are seen under no other, so that a draft or an
// undo meant for one account can never reach another; Strays counts the rest.
type State struct {
	f     *file
	realm int64
	newID func() string

	mu    sync.Mutex           // held while a draft is stored or ended, so that each finds what the one before it did
	ended map[string]time.Time // when a draft was sent or dropped in this run
	kept  map[string]time.Time // when what was stored of a draft in this run was typed
}

// OpenState opens state.db in a folder of its own. The error is an *Error:
// ErrNewer when a newer version of the program has written the file, ErrForeign
// when it is another program's; both are left alone. A file that cannot be read
// is quarantined and replaced by its second copy, see Quarantined. newID makes the ids of rows and idempotency keys;
// it returns a different text every time.
func OpenState(ctx context.Context, dir string, id Identity, now func() time.Time, newID func() string, options ...Option) (*State, error) {
	s := spec{wait: busyWait, schema: stateSchema}
	for _, option := range options {
		option(&s)
	}
	return openState(ctx, dir, id, now, newID, s, stateSteps())
}

// Option changes how a state is opened.
type Option func(*spec)

// Unsynced does not wait for the disk, for tests: what was written can be lost
// when the machine loses power.
func Unsynced(s *spec) { s.synchronous = "OFF" }

func openState(ctx context.Context, dir string, id Identity, now func() time.Time, newID func() string, s spec, steps []string) (*State, error) {
	s.synchronous = cmp.Or(s.synchronous, "FULL")
	st, s := stateSpec(id, newID, s, steps)
	if _, err := openFile(ctx, dir, s, now); err != nil {
		return nil, err
	}
	return st, nil
}

// stateSpec is a state that is not open yet, and how to open it.
func stateSpec(id Identity, newID func() string, s spec, steps []string) (*State, spec) {
	s.what, s.name, s.appID, s.version = "the drafts and the journal", "state.db", stateAppID, len(steps)
	s.conns, s.refuseNewer, s.backup = 1, true, true
	s.upgrade = func(ctx context.Context, tx *sql.Tx, have int) error {
		for _, step := range steps[have:] {
			if _, err := tx.ExecContext(ctx, step); err != nil {
				return err
			}
		}
		return nil
	}
	s.check, s.rescue = true, []string{"realm", "fact", "draft", "entry", "run", "item"}
	st := &State{newID: newID, ended: map[string]time.Time{}, kept: map[string]time.Time{}}
	s.use = func(ctx context.Context, f *file) error {
		st.f = f
		return st.claimRealm(ctx, id)
	}
	return st, s
}

// claimRealm finds the identity's rows and settles what programs that have died left pending.
func (s *State) claimRealm(ctx context.Context, id Identity) error {
	return s.f.write(ctx, "open the drafts and the journal", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO realm (identity) VALUES (?)", id.key()); err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, "SELECT id FROM realm WHERE identity = ?", id.key()).Scan(&s.realm); err != nil {
			return err
		}
		return s.settleDead(ctx, tx)
	})
}

// Quarantined is where a damaged file was put when this one was opened in its
// place, "" when there was none, and of when the second copy is that replaced
// it, zero for none. The user should be told.
func (s *State) Quarantined() (path string, backup time.Time) { return s.f.quarantined, s.f.rescued }

// OpenMemory makes a state that leaves nothing on disk and ends with the program.
func OpenMemory(ctx context.Context, now func() time.Time, newID func() string) (*State, error) {
	st, s := stateSpec(Identity{}, newID, spec{synchronous: "OFF"}, stateSteps())
	if _, err := openInMemory(ctx, s, now); err != nil {
		return nil, err
	}
	return st, nil
}

// Close ends the use. What this program held is free for others after it.
func (s *State) Close() error { return s.f.close() }

// OtherIdentities is how much of other identities waits in the same file.
type OtherIdentities struct {
	Drafts     int
	Unresolved int // writes whose outcome is not known
}

// OtherIdentities counts what belongs to other accounts or base URLs of this profile,
// so that it is not forgotten. It comes back when the profile points there again.
func (s *State) OtherIdentities(ctx context.Context) (out OtherIdentities, err error) {
	err = s.f.db.QueryRowContext(ctx, `SELECT
		(SELECT count(*) FROM draft WHERE realm <> ?1),
		(SELECT count(*) FROM entry WHERE realm <> ?1 AND result IN ('pending', 'unknown'))`,
		s.realm).Scan(&out.Drafts, &out.Unresolved)
	return out, s.f.fail(ctx, "count what belongs to other accounts", err)
}

// ownerState describes which running program is busy with a row.
type ownerState uint8

// noOwner also stands for a program that has ended.
const (
	noOwner ownerState = iota
	thisProcess
	otherProcess
)

func (s *State) ownerState(owner string) (ownerState, error) {
	switch owner {
	case "":
		return noOwner, nil
	case s.f.proc.token:
		return thisProcess, nil
	}
	live, err := s.f.proc.alive(owner)
	if live {
		return otherProcess, err
	}
	return noOwner, err
}

// checkFree is ErrBusy when another running program is the owner.
func (s *State) checkFree(owner string) error {
	h, err := s.ownerState(owner)
	if err == nil && h == otherProcess {
		err = ErrBusy
	}
	return err
}

// collect reads all rows. One that cannot be understood is left out and named
// in the error, which comes together with the others.
func collect[T any](rows *sql.Rows, err error, read func(scan func(...any) error) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	var bad error
	for rows.Next() {
		v, err := read(rows.Scan)
		if err != nil {
			bad = errors.Join(bad, err)
			continue
		}
		out = append(out, v)
	}
	return out, errors.Join(rows.Err(), bad)
}

// unreadable names the row that could not be understood.
func unreadable(what, id string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %s cannot be read: %w", what, id, err)
}

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
