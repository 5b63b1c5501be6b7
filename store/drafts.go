package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
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

// draftNames adds the id that the writer of a draft gave it. Two programs may
// have opened one draft; then two rows have one name.
const draftNames = `
ALTER TABLE draft ADD COLUMN name TEXT NOT NULL DEFAULT '';
UPDATE draft SET name = CASE WHEN json_valid(extra) THEN ifnull(extra ->> '$.id', id) ELSE id END;
`

// What is stored with a draft: the idempotency key of a create, and a note.
const (
	extraKey  = "key"
	extraNote = "note"    // JSON of the note that is edited
	extraFirm = "company" // JSON of the company of a new contact
)

const (
	insertDraft = `INSERT INTO draft (realm, revision, id, name, kind, contact_id, base, typed, extra, field, created, updated,
			not_sent, problem, owner) VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	updateDraft = `UPDATE draft SET revision = revision + 1, kind = ?, contact_id = ?, base = ?, typed = ?, extra = ?, field = ?,
		updated = ?, not_sent = ?, problem = ?, owner = ? WHERE id = ?`
	selectDrafts = `SELECT id, name, kind, contact_id, base, typed, extra, field, updated, not_sent, problem, owner
		FROM draft WHERE realm = ?1 ORDER BY updated DESC, owner = ?2 DESC, id`
	findDraft = `SELECT id, revision, updated, owner FROM draft WHERE realm = ?1 AND (name = ?2 OR id = ?2)
		ORDER BY owner = ?3 DESC, updated DESC, id`
	// What the user gives up must not be sent later.
	discardDraftEntries = `UPDATE entry SET result = 'discarded', finished = ?, message = ?, owner = ''
		WHERE realm = ? AND draft IN (?, ?) AND result = 'unknown'`
)

const discardedText = "the user discarded the change; " + work.OutcomeUnknownText

// SaveDraft stores a draft under the ID that the caller chose; it is on the disk
// when SaveDraft returns. A draft that is older than the stored one, or than the
// moment it was sent or dropped, comes too late and is ignored. One that another
// running program has open is stored beside it, so that nothing typed is lost.
// The error is an *Error.
func (s *State) SaveDraft(ctx context.Context, d work.Draft) error {
	const op = "save a draft"
	base, err1 := contactJSON(d.Base)
	typed, err2 := draftJSON(d.Values)
	extra := map[string]string{}
	if d.Key != "" {
		extra[extraKey] = d.Key
	}
	if d.Note.ID != "" {
		note, err := json.Marshal(d.Note)
		if err != nil {
			return fmt.Errorf("%s: %w", op, err)
		}
		extra[extraNote] = string(note)
	}
	if d.Company.ID != 0 {
		company, err := json.Marshal(d.Company)
		if err != nil {
			return fmt.Errorf("%s: %w", op, err)
		}
		extra[extraFirm] = string(company)
	}
	more, err3 := extraJSON(extra)
	if err := errors.Join(err1, err2, err3); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.typedSince(d) {
		return nil
	}
	if d.TakenBack {
		err := s.f.write(ctx, op, func(tx *sql.Tx) error { return s.dropDraft(ctx, tx, d.ID) })
		if err == nil {
			s.kept[d.ID] = d.Updated
		}
		return err
	}
	now := toMicro(s.f.now())
	updated, owner := now, ""
	if !d.Updated.IsZero() {
		updated = toMicro(d.Updated)
	}
	if d.Open {
		owner = s.f.proc.token
	}
	err := s.f.write(ctx, op, func(tx *sql.Tx) error {
		row, err := s.findDraft(ctx, tx, d.ID)
		if errors.Is(err, ErrNotFound) || errors.Is(err, ErrBusy) {
			id := d.ID
			if id == "" || errors.Is(err, ErrBusy) {
				id = s.newID()
			}
			_, err := tx.ExecContext(ctx, insertDraft, s.realm, id, d.ID, d.Kind, d.ContactID, base, typed, more,
				d.Field.Name(), now, updated, d.NotSent, d.Problem, owner)
			return err
		}
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, updateDraft, d.Kind, d.ContactID, base, typed, more, d.Field.Name(), updated,
			d.NotSent, d.Problem, owner, row.id)
		return err
	})
	if err == nil {
		s.kept[d.ID] = d.Updated
	}
	return err
}

// TypedSince reports that more was typed into a draft in this run, or that it has ended.
func (s *State) TypedSince(d work.Draft) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.typedSince(d)
}

func (s *State) typedSince(d work.Draft) bool {
	at, ended := d.Updated, s.ended[d.ID]
	return !at.IsZero() && (at.Before(s.kept[d.ID]) || !ended.IsZero() && !at.After(ended))
}

// draftRow is where a draft is stored.
type draftRow struct {
	id       string
	revision int64
	updated  int64
	owner    string
}

// findDraft finds the row of a draft: this program's, or else one that no running
// program has open. The error is ErrBusy or ErrNotFound.
func (s *State) findDraft(ctx context.Context, tx *sql.Tx, id string) (draftRow, error) {
	rows, err := tx.QueryContext(ctx, findDraft, s.realm, id, s.f.proc.token)
	found, err := collect(rows, err, func(scan func(...any) error) (r draftRow, err error) {
		return r, scan(&r.id, &r.revision, &r.updated, &r.owner)
	})
	if err != nil {
		return draftRow{}, err
	}
	missing := ErrNotFound
	for _, r := range found {
		h, err := s.ownerState(r.owner)
		if err != nil {
			return draftRow{}, err
		}
		if h != otherProcess {
			return r, nil
		}
		missing = ErrBusy
	}
	return draftRow{}, missing
}

// Drafts lists what was typed and not saved, the newest first, without what is
// open in another running program. A draft that cannot be understood is named in
// the error, which comes together with the others.
func (s *State) Drafts(ctx context.Context) ([]work.Draft, error) {
	rows, err := s.f.db.QueryContext(ctx, selectDrafts, s.realm, s.f.proc.token)
	type stored struct {
		work.Draft
		row        string
		ownerState ownerState
	}
	all, err := collect(rows, err, func(scan func(...any) error) (d stored, err error) {
		d.Draft, d.row, d.ownerState, err = s.readDraft(scan)
		return d, err
	})
	named := map[string]bool{}
	for _, d := range all {
		named[d.ID] = named[d.ID] || d.ownerState == thisProcess
	}
	var out []work.Draft
	for _, d := range all {
		if d.ownerState == otherProcess {
			continue
		}
		if d.ownerState != thisProcess && named[d.ID] { // another draft of that name comes first
			d.ID = d.row
		}
		named[d.ID] = true
		out = append(out, d.Draft)
	}
	return out, s.f.fail(ctx, "list the drafts", err)
}

func (s *State) readDraft(scan func(...any) error) (d work.Draft, row string, h ownerState, err error) {
	var base, typed, extra, field, owner string
	var updated int64
	err = scan(&row, &d.ID, &d.Kind, &d.ContactID, &base, &typed, &extra, &field, &updated, &d.NotSent, &d.Problem, &owner)
	if err != nil {
		return d, row, h, err
	}
	if d.ID == "" {
		d.ID = row
	}
	d.Updated, d.Open = fromMicro(updated), owner != ""
	f, ok := model.EntryByName(field)
	if !ok {
		err = fmt.Errorf("no field is named %q", field)
	}
	d.Field = f.ID
	var errs [4]error
	d.Base, errs[0] = parseContact(base)
	d.Values, errs[1] = parseDraft(typed)
	var more map[string]string
	more, errs[2] = parseExtra(extra)
	d.Key = more[extraKey]
	if note := more[extraNote]; note != "" && errs[2] == nil {
		errs[2] = json.Unmarshal([]byte(note), &d.Note)
	}
	if company := more[extraFirm]; company != "" && errs[2] == nil {
		errs[2] = json.Unmarshal([]byte(company), &d.Company)
	}
	h, errs[3] = s.ownerState(owner)
	d.Mine = h == thisProcess
	return d, row, h, unreadable("draft", row, errors.Join(err, errors.Join(errs[:]...)))
}

// DiscardDraft forgets a draft, because the user gave the edit up, and discards the
// writes of it whose outcome is unknown: they are not asked about any more and
// never sent. A draft that is not there is fine. The error is ErrBusy when it is
// open in another running program, or an *Error.
func (s *State) DiscardDraft(ctx context.Context, id string) error {
	if id == "" {
		return nil
	}
	return s.endDraft(ctx, "drop a draft", func(tx *sql.Tx) (string, error) { return id, s.dropDraft(ctx, tx, id) })
}

func (s *State) dropDraft(ctx context.Context, tx *sql.Tx, id string) error {
	row, err := s.findDraft(ctx, tx, id)
	switch {
	case err == nil:
		_, err = tx.ExecContext(ctx, "DELETE FROM draft WHERE id = ?", row.id)
	case errors.Is(err, ErrNotFound), errors.Is(err, ErrBusy) && !s.ended[id].IsZero():
		row.id, err = id, nil
	}
	if err == nil {
		_, err = tx.ExecContext(ctx, discardDraftEntries, toMicro(s.f.now()), discardedText, s.realm, id, row.id)
	}
	return err
}

// endDraft runs a transaction that may end a draft, which fn names then: what was typed
// into it before and is stored later does not bring it back.
func (s *State) endDraft(ctx context.Context, op string, fn func(*sql.Tx) (ended string, err error)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	ended := ""
	err := s.f.write(ctx, op, func(tx *sql.Tx) (err error) {
		ended, err = fn(tx)
		return err
	})
	if err == nil && ended != "" {
		s.ended[ended] = s.f.now()
	}
	return err
}
