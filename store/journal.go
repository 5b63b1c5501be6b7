package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

const entrySchema = `
CREATE TABLE entry (
	seq        INTEGER PRIMARY KEY AUTOINCREMENT,
	id         TEXT    NOT NULL UNIQUE,
	realm      INTEGER NOT NULL REFERENCES realm,
	kind       TEXT    NOT NULL,
	contact_id INTEGER NOT NULL,
	name       TEXT    NOT NULL,
	changes    TEXT    NOT NULL, -- JSON, see changeJSON
	extra      TEXT    NOT NULL, -- JSON, text by name
	key        TEXT    NOT NULL,
	draft      TEXT    NOT NULL, -- what was sent
	draft_revision INTEGER NOT NULL,
	undoes     TEXT    NOT NULL,
	run        TEXT    NOT NULL,
	started    INTEGER NOT NULL,
	finished   INTEGER NOT NULL,
	result     TEXT    NOT NULL,
	status     INTEGER NOT NULL,
	request_id TEXT    NOT NULL,
	message    TEXT    NOT NULL,
	answer     TEXT    NOT NULL, -- contact as JSON, '' for none
	owner      TEXT    NOT NULL  -- token of the program that is busy with it, '' once it is done or failed
);
CREATE INDEX entry_open ON entry (result) WHERE result IN ('pending', 'unknown');
CREATE INDEX entry_undoes ON entry (undoes) WHERE undoes <> '';
`

// entryClaims lets a claim find the writes of one thing.
const entryClaims = `
CREATE INDEX entry_contact ON entry (contact_id);
CREATE INDEX entry_key ON entry (key);
CREATE INDEX entry_draft ON entry (draft);
`

// Outcome is what happened to a write.
type Outcome struct {
	Result    work.Result // anything but Pending
	Status    int
	RequestID string
	Message   string
	ContactID int64 // of a contact that was created, otherwise 0
	Answer    model.Packed
	Extra     map[string]string // in the place of the entry's, nil to leave it
	Item      work.ItemState    // of the bulk item that it belongs to; "" is what follows from Result
}

const (
	insertEntry = `INSERT INTO entry (id, realm, kind, contact_id, name, changes, extra, key, draft, draft_revision, undoes, run,
			started, finished, result, status, request_id, message, answer, owner)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 'pending', 0, '', '', '', ?)`
	finishEntry = `UPDATE entry SET finished = ?1, result = ?2, status = ?3, request_id = ?4, message = ?5, answer = ?6,
			contact_id = CASE WHEN ?7 = 0 THEN contact_id ELSE ?7 END, extra = CASE WHEN ?9 = '{}' THEN extra ELSE ?9 END,
			owner = CASE WHEN ?2 = 'unknown' THEN owner ELSE '' END WHERE id = ?8`
	selectEntry = `SELECT seq, id, kind, contact_id, name, changes, extra, key, draft, undoes, run, started, finished, result,
			status, request_id, message, answer, owner,
			EXISTS (SELECT 1 FROM entry u WHERE u.undoes = e.id AND u.undoes <> '' AND u.result = 'done')
		FROM entry e WHERE realm = ?1 `
	oneEntry      = selectEntry + `AND id = ?2`
	unresolved    = selectEntry + `AND result = 'unknown' ORDER BY seq`
	filterEntries = selectEntry + `AND (?2 = 0 OR started >= ?2) AND (?3 = 0 OR started < ?3) AND (?4 = 0 OR contact_id = ?4)
		AND (?5 = '' OR result = ?5) AND (?6 = '' OR kind = ?6) AND (?7 = '' OR run = ?7) AND (?8 = 0 OR seq < ?8)
		ORDER BY seq DESC LIMIT ?9`
	openOwners  = `SELECT DISTINCT owner FROM entry WHERE result = 'pending'`
	settleEntry = `UPDATE entry SET result = 'unknown', finished = ?, message = 'the program ended before a response came'
		WHERE result = 'pending' AND owner = ?`
)

// Begin records a write before it is sent; it is on the disk when Begin
// returns. ID, Seq, Started and, where it is empty, Key are filled in. The error
// is ErrChanged when the journal does not stand as the claim saw it: look again.
// For an entry with a Run, the run's item for the contact is marked as sent in
// the same transaction; the error is ErrBusy when this program has not claimed
// the item or it is finished, and then nothing must be sent. Otherwise the error
// is an *Error.
func (s *State) Begin(ctx context.Context, e work.Entry, c Claim) (work.Entry, error) {
	const op = "record a write"
	e.ID, e.Result, e.Started, e.Elsewhere = s.newID(), work.Pending, fromMicro(toMicro(s.f.now())), false
	e.Finished, e.Status, e.RequestID, e.Message, e.Answer, e.Undone = time.Time{}, 0, "", "", "", false
	if e.Key == "" {
		e.Key = s.newID()
	}
	changes, err1 := changesJSON(e.Changes)
	extra, err2 := extraJSON(e.Extra)
	if err := errors.Join(err1, err2); err != nil {
		return e, fmt.Errorf("%s: %w", op, err)
	}
	return e, s.f.write(ctx, op, func(tx *sql.Tx) error {
		if err := s.unchanged(ctx, tx, c); err != nil {
			return err
		}
		var draft draftRow
		if e.DraftID != "" {
			var err error
			draft, err = s.findDraft(ctx, tx, e.DraftID)
			if err != nil && !errors.Is(err, ErrNotFound) && !errors.Is(err, ErrBusy) {
				return err
			}
		}
		res, err := tx.ExecContext(ctx, insertEntry, e.ID, s.realm, e.Kind, e.ContactID, e.Name, changes, extra,
			e.Key, e.DraftID, draft.revision, e.Undoes, e.Run, toMicro(e.Started), s.f.proc.token)
		if err != nil {
			return err
		}
		if e.Seq, err = res.LastInsertId(); err != nil || e.Run == "" {
			return err
		}
		return s.itemSent(ctx, tx, e)
	})
}

// Finish records what happened to a write, and in the same transaction drops the
// draft that was sent, when it is done and no one has typed into it since, and
// gives the item of a bulk run its state. The error is ErrFinished when the
// outcome is known already, ErrBusy when another running program is at it,
// ErrNotFound, or an *Error.
func (s *State) Finish(ctx context.Context, id string, o Outcome) error {
	const op = "record the outcome of a write"
	answer, err := packedJSON(o.Answer)
	extra, err2 := extraJSON(o.Extra)
	if err = errors.Join(err, err2); err == nil && (o.Result == work.Pending || !slices.Contains(work.Results(), o.Result)) {
		err = fmt.Errorf("%q is no outcome", o.Result)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return s.endDraft(ctx, op, func(tx *sql.Tx) (sent string, err error) {
		if err := s.entryOpen(ctx, tx, id); err != nil {
			return "", err
		}
		_, err = tx.ExecContext(ctx, finishEntry, toMicro(s.f.now()), o.Result, o.Status, o.RequestID, o.Message, answer, o.ContactID, id, extra)
		if err == nil && o.Result == work.Done {
			sent, err = s.deleteSentDraft(ctx, tx, id)
		}
		if err != nil {
			return "", err
		}
		return sent, s.itemAnswerSQL(ctx, tx, id, o)
	})
}

// deleteSentDraft drops the draft of an entry unless it was typed into since, and
// names it then.
func (s *State) deleteSentDraft(ctx context.Context, tx *sql.Tx, id string) (dropped string, err error) {
	var name string
	var revision int64
	err = tx.QueryRowContext(ctx, "SELECT draft, draft_revision FROM entry WHERE id = ?", id).Scan(&name, &revision)
	if err != nil || name == "" {
		return "", err
	}
	row, err := s.findDraft(ctx, tx, name)
	switch {
	case errors.Is(err, ErrNotFound), errors.Is(err, ErrBusy):
		return "", nil
	case err != nil || row.revision != revision:
		return "", err
	}
	_, err = tx.ExecContext(ctx, "DELETE FROM draft WHERE id = ?", row.id)
	return name, err
}

// entryOpen is ErrNotFound, ErrFinished or ErrBusy.
func (s *State) entryOpen(ctx context.Context, tx *sql.Tx, id string) error {
	var owner string
	var result work.Result
	err := tx.QueryRowContext(ctx, "SELECT owner, result FROM entry WHERE realm = ? AND id = ?", s.realm, id).Scan(&owner, &result)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return ErrNotFound
	case err != nil:
		return err
	case !result.Open():
		return ErrFinished
	}
	return s.checkFree(owner)
}

// ClaimEntry takes a write whose outcome is not known, to send it again or to
// look whether it happened, so that no other program does the same. It is
// pending until Finish. The errors are those of Finish.
func (s *State) ClaimEntry(ctx context.Context, id string) (e work.Entry, err error) {
	err = s.f.write(ctx, "take up a write", func(tx *sql.Tx) error {
		if err := s.entryOpen(ctx, tx, id); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "UPDATE entry SET result = 'pending', finished = 0, owner = ? WHERE id = ?", s.f.proc.token, id)
		if err == nil {
			err = s.itemClaimed(ctx, tx, id)
		}
		if err == nil {
			e, err = s.readEntry(tx.QueryRowContext(ctx, oneEntry, s.realm, id).Scan)
		}
		return err
	})
	return e, err
}

// Unresolved lists the writes that may or may not have happened and that no
// other running program is busy with, the oldest first.
func (s *State) Unresolved(ctx context.Context) ([]work.Entry, error) {
	const op = "list the writes without an outcome"
	if err := s.f.write(ctx, op, func(tx *sql.Tx) error { return s.settleDead(ctx, tx) }); err != nil {
		return nil, err
	}
	rows, err := s.f.db.QueryContext(ctx, unresolved, s.realm)
	entries, err := collect(rows, err, s.readEntry)
	entries = slices.DeleteFunc(entries, func(e work.Entry) bool { return e.Elsewhere })
	return entries, s.f.fail(ctx, op, err)
}

// settleDead makes the pending entries of programs that have ended unknown.
func (s *State) settleDead(ctx context.Context, tx *sql.Tx) error {
	rows, err := tx.QueryContext(ctx, openOwners)
	owners, err := collect(rows, err, readText)
	if err != nil {
		return err
	}
	for _, owner := range owners {
		if h, err := s.ownerState(owner); err != nil {
			return err
		} else if h != noOwner {
			continue
		}
		if _, err := tx.ExecContext(ctx, settleEntry, toMicro(s.f.now()), owner); err != nil {
			return err
		}
	}
	return nil
}

func readText(scan func(...any) error) (text string, err error) {
	return text, scan(&text)
}

// Entries lists what the journal holds, the newest first. One that cannot be
// understood is named in the error, which comes together with the others.
func (s *State) Entries(ctx context.Context, f work.EntryFilter) ([]work.Entry, error) {
	limit := f.Limit
	if limit <= 0 {
		limit = -1
	}
	rows, err := s.f.db.QueryContext(ctx, filterEntries, s.realm, toMicro(f.Since), toMicro(f.Until), f.ContactID,
		f.Result, f.Kind, f.Run, f.Before, limit)
	entries, err := collect(rows, err, s.readEntry)
	return entries, s.f.fail(ctx, "read the journal", err)
}

// Entry finds one write. The error is ErrNotFound or an *Error.
func (s *State) Entry(ctx context.Context, id string) (work.Entry, error) {
	e, err := s.readEntry(s.f.db.QueryRowContext(ctx, oneEntry, s.realm, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return e, s.f.fail(ctx, "read the journal", err)
}

func (s *State) readEntry(scan func(...any) error) (e work.Entry, err error) {
	var changes, extra, answer, owner string
	var started, finished int64
	err = scan(&e.Seq, &e.ID, &e.Kind, &e.ContactID, &e.Name, &changes, &extra, &e.Key, &e.DraftID, &e.Undoes, &e.Run,
		&started, &finished, &e.Result, &e.Status, &e.RequestID, &e.Message, &answer, &owner, &e.Undone)
	if err != nil {
		return e, err
	}
	e.Started, e.Finished = fromMicro(started), fromMicro(finished)
	var errs [4]error
	e.Changes, errs[0] = parseChanges(changes)
	e.Extra, errs[1] = parseExtra(extra)
	e.Answer, errs[2] = parsePacked(answer)
	h, err := s.ownerState(owner)
	e.Elsewhere, errs[3] = h == otherProcess, err
	return e, unreadable("journal entry", e.ID, errors.Join(errs[:]...))
}

// PurgeBefore forgets the finished writes that began before a moment, and the
// finished bulk runs that were made before it, and says how many writes went.
// What is pending or unknown stays.
func (s *State) PurgeBefore(ctx context.Context, t time.Time) (n int, err error) {
	err = s.f.write(ctx, "forget old writes", func(tx *sql.Tx) error {
		const old = "DELETE FROM entry WHERE realm = ? AND started < ? AND result NOT IN ('pending', 'unknown')"
		res, err := tx.ExecContext(ctx, old, s.realm, toMicro(t))
		if err != nil {
			return err
		}
		gone, err := res.RowsAffected()
		if err != nil {
			return err
		}
		n = int(gone)
		return s.purgeRuns(ctx, tx, t)
	})
	return n, err
}
