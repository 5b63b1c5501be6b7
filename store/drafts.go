package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"levcontacts/model"
)

const draftSchema = `
CREATE TABLE draft (
	id         TEXT PRIMARY KEY,
	realm      INTEGER NOT NULL REFERENCES realm,
	revision   INTEGER NOT NULL,
	kind       TEXT    NOT NULL,
	contact_id INTEGER NOT NULL,
	base       TEXT    NOT NULL, -- contact as JSON, '' for none
	typed      TEXT    NOT NULL, -- JSON, text by field name
	extra      TEXT    NOT NULL, -- JSON, text by name
	field      TEXT    NOT NULL,
	created    INTEGER NOT NULL,
	updated    INTEGER NOT NULL,
	not_sent   INTEGER NOT NULL,
	problem    TEXT    NOT NULL,
	owner      TEXT    NOT NULL  -- token of the program in which it is open, '' when it is closed
);
`

// DraftKind says which form a draft was typed into.
type DraftKind string

// The kinds: a whole contact, one field in place, a new contact, many at once.
const (
	DraftEdit   DraftKind = "edit"
	DraftField  DraftKind = "field"
	DraftCreate DraftKind = "create"
	DraftBulk   DraftKind = "bulk"
)

// Draft is what somebody has typed and not saved.
type Draft struct {
	ID        string // "" for one that was never saved
	Kind      DraftKind
	ContactID int64             // 0 for a new contact and for many
	Base      model.Packed      // the contact as it was when the edit began, "" for none
	Values    model.Draft       // what was typed, by field
	Extra     map[string]string // whatever else the form needs to come back as it was
	Field     model.FieldID     // the field of a DraftField, and where the cursor is in the others
	CreatedAt time.Time
	UpdatedAt time.Time
	NotSent   bool   // ready, and waits for the connection
	Problem   string // why the last save was refused
	Closed    bool   // no form shows it: any program may open it
	Holder    Holder // in which program it is open; Nobody, and not Closed, means that the program ended over it. Set by the store
}

const (
	draftColumns = `id, kind, contact_id, base, typed, extra, field, created, updated, not_sent, problem, owner`
	insertDraft  = `INSERT INTO draft (realm, revision, ` + draftColumns + `) VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	updateDraft  = `UPDATE draft SET revision = revision + 1, kind = ?, contact_id = ?, base = ?, typed = ?, extra = ?, field = ?,
		updated = ?, not_sent = ?, problem = ?, owner = ? WHERE realm = ? AND id = ?`
	selectDraft  = `SELECT ` + draftColumns + ` FROM draft WHERE realm = ? AND id = ?`
	selectDrafts = `SELECT ` + draftColumns + ` FROM draft WHERE realm = ? ORDER BY updated DESC, id`
)

// SaveDraft keeps a draft; it is on the disk when SaveDraft returns. One
// without an ID is new and gets one. The result is the draft as it was kept,
// with its ID, times and holder.
//
// The error is ErrNotFound for an ID that is not there any more, so that a
// late save does not bring back what was sent or dropped; ErrHeld when it is
// open in another running program (keep it as a new one then); or an *Error.
func (s *State) SaveDraft(ctx context.Context, d Draft) (Draft, error) {
	const op = "save a draft"
	base, err1 := packedJSON(d.Base)
	typed, err2 := draftJSON(d.Values)
	extra, err3 := extraJSON(d.Extra)
	if err := errors.Join(err1, err2, err3); err != nil {
		return d, fmt.Errorf("%s: %w", op, err)
	}
	kept, owner := d, s.f.proc.token
	kept.UpdatedAt, kept.Holder = fromMicro(toMicro(s.f.now())), Here
	if d.Closed {
		kept.Holder, owner = Nobody, ""
	}
	err := s.f.write(ctx, op, func(tx *sql.Tx) error {
		if d.ID == "" {
			kept.ID, kept.CreatedAt = s.newID(), kept.UpdatedAt
			_, err := tx.ExecContext(ctx, insertDraft, s.realm, kept.ID, d.Kind, d.ContactID, base, typed, extra,
				d.Field.Name(), toMicro(kept.CreatedAt), toMicro(kept.UpdatedAt), d.NotSent, d.Problem, owner)
			return err
		}
		if err := s.draftFree(ctx, tx, d.ID); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, updateDraft, d.Kind, d.ContactID, base, typed, extra, d.Field.Name(),
			toMicro(kept.UpdatedAt), d.NotSent, d.Problem, owner, s.realm, d.ID)
		return err
	})
	if err != nil {
		return d, err
	}
	return kept, nil
}

// draftFree is ErrHeld or ErrNotFound.
func (s *State) draftFree(ctx context.Context, tx *sql.Tx, id string) error {
	var owner string
	err := tx.QueryRowContext(ctx, "SELECT owner FROM draft WHERE realm = ? AND id = ?", s.realm, id).Scan(&owner)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	if err != nil {
		return err
	}
	return s.free(owner)
}

// Draft finds a draft. The error is ErrNotFound or an *Error.
func (s *State) Draft(ctx context.Context, id string) (Draft, error) {
	d, err := s.readDraft(s.f.db.QueryRowContext(ctx, selectDraft, s.realm, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return d, s.f.fail(ctx, "read a draft", err)
}

// Drafts lists all of them, the one last typed into first. One that cannot be
// understood is named in the error, which comes together with the others.
func (s *State) Drafts(ctx context.Context) ([]Draft, error) {
	rows, err := s.f.db.QueryContext(ctx, selectDrafts, s.realm)
	drafts, err := collect(rows, err, s.readDraft)
	return drafts, s.f.fail(ctx, "list the drafts", err)
}

func (s *State) readDraft(scan func(...any) error) (d Draft, err error) {
	var base, typed, extra, field, owner string
	var created, updated int64
	err = scan(&d.ID, &d.Kind, &d.ContactID, &base, &typed, &extra, &field, &created, &updated, &d.NotSent, &d.Problem, &owner)
	if err != nil {
		return d, err
	}
	d.CreatedAt, d.UpdatedAt, d.Closed = fromMicro(created), fromMicro(updated), owner == ""
	f, ok := model.FieldByName(field)
	if !ok {
		err = fmt.Errorf("no field is named %q", field)
	}
	d.Field = f.ID
	var errs [4]error
	d.Base, errs[0] = parsePacked(base)
	d.Values, errs[1] = parseDraft(typed)
	d.Extra, errs[2] = parseExtra(extra)
	d.Holder, errs[3] = s.holder(owner)
	return d, unreadable("draft", d.ID, errors.Join(err, errors.Join(errs[:]...)))
}

// DropDraft forgets a draft, because the person said so. One that is not there
// is fine. The error is ErrHeld when it is open in another running program, or
// an *Error.
func (s *State) DropDraft(ctx context.Context, id string) error {
	return s.f.write(ctx, "drop a draft", func(tx *sql.Tx) error {
		err := s.draftFree(ctx, tx, id)
		if err == nil {
			_, err = tx.ExecContext(ctx, "DELETE FROM draft WHERE realm = ? AND id = ?", s.realm, id)
		}
		if errors.Is(err, ErrNotFound) {
			err = nil
		}
		return err
	})
}
