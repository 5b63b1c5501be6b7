package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"levcontacts/model"
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

// EntryKind says what a write was for.
type EntryKind string

// The kinds of write. An undo is an update that takes an earlier one back.
const (
	KindCreate EntryKind = "create"
	KindUpdate EntryKind = "update"
	KindUndo   EntryKind = "undo"
)

// Result is how a write ended.
type Result string

// Pending is a write that a running program is sending. Unknown is one that may
// or may not have happened: no answer came, or the program ended before it.
const (
	Pending Result = "pending"
	Done    Result = "done"
	Failed  Result = "failed"
	Unknown Result = "unknown"
)

// Entry is one write in the journal.
type Entry struct {
	ID        string
	Seq       int64 // grows with every entry
	Kind      EntryKind
	ContactID int64 // 0 for a create that has no answer
	Name      string
	Changes   []model.Change    // what each field was when the edit began, and what was sent
	Extra     map[string]string // what else was sent, as JSON by name
	// IdempotencyKey is what the request carries and carries again when it is
	// repeated. The published API documentation says that the service remembers
	// it for about 24 hours.
	IdempotencyKey string
	Draft          string // the draft that is sent; it is dropped when the write is done
	Undoes         string // the entry that this one takes back
	UndoneBy       string // the done entry that took this one back; set by the store
	Run            string // the bulk run that it is part of

	StartedAt  time.Time
	FinishedAt time.Time // zero while Pending
	Result     Result
	Status     int // HTTP status, 0 when there was no answer
	RequestID  string
	Message    string
	Answer     model.Packed // the contact as the service then gave it, "" for none
	Holder     Holder       // which program is busy with it; set by the store
}

// Outcome is what became of a write.
type Outcome struct {
	Result    Result // Done, Failed or Unknown
	Status    int
	RequestID string
	Message   string
	ContactID int64 // of a contact that was created, otherwise 0
	Answer    model.Packed
}

const (
	insertEntry = `INSERT INTO entry (id, realm, kind, contact_id, name, changes, extra, key, draft, draft_revision, undoes, run,
			started, finished, result, status, request_id, message, answer, owner)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ifnull((SELECT revision FROM draft WHERE id = ?9), 0), ?10, ?11,
			?12, 0, 'pending', 0, '', '', '', ?13)`
	finishEntry = `UPDATE entry SET finished = ?1, result = ?2, status = ?3, request_id = ?4, message = ?5, answer = ?6,
			contact_id = CASE WHEN ?7 = 0 THEN contact_id ELSE ?7 END,
			owner = CASE WHEN ?2 = 'unknown' THEN owner ELSE '' END WHERE id = ?8`
	dropSentDraft = `DELETE FROM draft WHERE (id, revision) IN (SELECT draft, draft_revision FROM entry WHERE id = ?)`
	selectEntry   = `SELECT seq, id, kind, contact_id, name, changes, extra, key, draft, undoes, run, started, finished, result,
			status, request_id, message, answer, owner,
			ifnull((SELECT u.id FROM entry u WHERE u.undoes = e.id AND u.undoes <> '' AND u.result = 'done'), '')
		FROM entry e WHERE realm = ?1 `
	oneEntry      = selectEntry + `AND id = ?2`
	unresolved    = selectEntry + `AND result = 'unknown' ORDER BY seq`
	filterEntries = selectEntry + `AND (?2 = 0 OR started >= ?2) AND (?3 = 0 OR started < ?3) AND (?4 = 0 OR contact_id = ?4)
		AND (?5 = '' OR result = ?5) AND (?6 = '' OR kind = ?6) AND (?7 = '' OR run = ?7) AND (?8 = 0 OR seq < ?8)
		ORDER BY seq DESC LIMIT ?9`
	openOwners  = `SELECT DISTINCT owner FROM entry WHERE result = 'pending'`
	settleEntry = `UPDATE entry SET result = 'unknown', finished = ?, message = 'the program ended before an answer came'
		WHERE result = 'pending' AND owner = ?`
)

// Begin records a write before it is sent; it is on the disk when Begin
// returns. ID, Seq, StartedAt and, where it is empty, IdempotencyKey are filled
// in. For an entry with a Run, the run's item for the contact is marked as sent
// in the same transaction; the error is ErrHeld when this program has not
// claimed the item or it is finished, and then nothing must be sent. Otherwise
// the error is an *Error.
func (s *State) Begin(ctx context.Context, e Entry) (Entry, error) {
	const op = "record a write"
	e.ID, e.Result, e.StartedAt, e.Holder = s.newID(), Pending, fromMicro(toMicro(s.f.now())), Here
	e.FinishedAt, e.Status, e.RequestID, e.Message, e.Answer, e.UndoneBy = time.Time{}, 0, "", "", "", ""
	if e.IdempotencyKey == "" {
		e.IdempotencyKey = s.newID()
	}
	changes, err1 := changesJSON(e.Changes)
	extra, err2 := extraJSON(e.Extra)
	if err := errors.Join(err1, err2); err != nil {
		return e, fmt.Errorf("%s: %w", op, err)
	}
	return e, s.f.write(ctx, op, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, insertEntry, e.ID, s.realm, e.Kind, e.ContactID, e.Name, changes, extra,
			e.IdempotencyKey, e.Draft, e.Undoes, e.Run, toMicro(e.StartedAt), s.f.proc.token)
		if err != nil {
			return err
		}
		if e.Seq, err = res.LastInsertId(); err != nil || e.Run == "" {
			return err
		}
		return s.itemSent(ctx, tx, e)
	})
}

// Finish records what became of a write, and in the same transaction drops the
// draft that was sent, when it is Done and nobody has typed into it since, and
// gives the item of a bulk run its state. The error is ErrFinished when the
// entry is Done or Failed already, ErrHeld when another running program is at
// it, ErrNotFound, or an *Error.
func (s *State) Finish(ctx context.Context, id string, o Outcome) error {
	const op = "record the outcome of a write"
	answer, err := packedJSON(o.Answer)
	if err == nil && o.Result != Done && o.Result != Failed && o.Result != Unknown {
		err = fmt.Errorf("%q is no outcome", o.Result)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return s.f.write(ctx, op, func(tx *sql.Tx) error {
		if err := s.entryOpen(ctx, tx, id); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, finishEntry, toMicro(s.f.now()), o.Result, o.Status, o.RequestID, o.Message, answer, o.ContactID, id)
		if err == nil && o.Result == Done {
			_, err = tx.ExecContext(ctx, dropSentDraft, id)
		}
		if err != nil {
			return err
		}
		return s.itemAnswered(ctx, tx, id, o)
	})
}

// entryOpen is ErrNotFound, ErrFinished or ErrHeld.
func (s *State) entryOpen(ctx context.Context, tx *sql.Tx, id string) error {
	var owner string
	var result Result
	err := tx.QueryRowContext(ctx, "SELECT owner, result FROM entry WHERE realm = ? AND id = ?", s.realm, id).Scan(&owner, &result)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return ErrNotFound
	case err != nil:
		return err
	case result != Pending && result != Unknown:
		return ErrFinished
	}
	return s.free(owner)
}

// ClaimEntry takes a write whose outcome is not known, to send it again or to
// look whether it happened, so that no other program does the same. It is
// Pending until Finish. The errors are those of Finish.
func (s *State) ClaimEntry(ctx context.Context, id string) (e Entry, err error) {
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
func (s *State) Unresolved(ctx context.Context) ([]Entry, error) {
	const op = "list the writes without an outcome"
	if err := s.f.write(ctx, op, func(tx *sql.Tx) error { return s.settle(ctx, tx) }); err != nil {
		return nil, err
	}
	rows, err := s.f.db.QueryContext(ctx, unresolved, s.realm)
	entries, err := collect(rows, err, s.readEntry)
	entries = slices.DeleteFunc(entries, func(e Entry) bool { return e.Holder == Elsewhere })
	return entries, s.f.fail(ctx, op, err)
}

// settle makes the pending entries of programs that have ended unknown.
func (s *State) settle(ctx context.Context, tx *sql.Tx) error {
	rows, err := tx.QueryContext(ctx, openOwners)
	owners, err := collect(rows, err, readText)
	if err != nil {
		return err
	}
	for _, owner := range owners {
		if h, err := s.holder(owner); err != nil {
			return err
		} else if h != Nobody {
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

// Filter chooses entries; a zero field chooses all.
type Filter struct {
	Since, Until time.Time // Since is included, Until is not
	ContactID    int64
	Result       Result
	Kind         EntryKind
	Run          string
	Before       int64 // only entries with a smaller Seq, for the next page
	Limit        int
}

// Entries lists what the journal holds, the newest first. One that cannot be
// understood is named in the error, which comes together with the others.
func (s *State) Entries(ctx context.Context, f Filter) ([]Entry, error) {
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
func (s *State) Entry(ctx context.Context, id string) (Entry, error) {
	e, err := s.readEntry(s.f.db.QueryRowContext(ctx, oneEntry, s.realm, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return e, s.f.fail(ctx, "read the journal", err)
}

func (s *State) readEntry(scan func(...any) error) (e Entry, err error) {
	var changes, extra, answer, owner string
	var started, finished int64
	err = scan(&e.Seq, &e.ID, &e.Kind, &e.ContactID, &e.Name, &changes, &extra, &e.IdempotencyKey, &e.Draft, &e.Undoes, &e.Run,
		&started, &finished, &e.Result, &e.Status, &e.RequestID, &e.Message, &answer, &owner, &e.UndoneBy)
	if err != nil {
		return e, err
	}
	e.StartedAt, e.FinishedAt = fromMicro(started), fromMicro(finished)
	var errs [4]error
	e.Changes, errs[0] = parseChanges(changes)
	e.Extra, errs[1] = parseExtra(extra)
	e.Answer, errs[2] = parsePacked(answer)
	e.Holder, errs[3] = s.holder(owner)
	return e, unreadable("journal entry", e.ID, errors.Join(errs[:]...))
}

// PurgeBefore forgets the finished writes that began before a moment, and the
// finished bulk runs that were made before it, and says how many writes went.
// What is pending or unknown stays.
func (s *State) PurgeBefore(ctx context.Context, t time.Time) (n int, err error) {
	err = s.f.write(ctx, "forget old writes", func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, "DELETE FROM entry WHERE realm = ? AND started < ? AND result IN ('done', 'failed')", s.realm, toMicro(t))
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
