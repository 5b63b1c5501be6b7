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

const runSchema = `
CREATE TABLE run (
	id      TEXT PRIMARY KEY,
	realm   INTEGER NOT NULL REFERENCES realm,
	created INTEGER NOT NULL,
	title   TEXT    NOT NULL,
	typed   TEXT    NOT NULL, -- JSON, text by field name
	state   TEXT    NOT NULL,
	owner   TEXT    NOT NULL
);
CREATE TABLE item (
	run        TEXT    NOT NULL REFERENCES run,
	pos        INTEGER NOT NULL,
	contact_id INTEGER NOT NULL,
	name       TEXT    NOT NULL,
	base       TEXT    NOT NULL, -- contact as JSON
	changes    TEXT    NOT NULL, -- JSON, see changeJSON
	state      TEXT    NOT NULL,
	entry      TEXT    NOT NULL,
	status     INTEGER NOT NULL,
	request_id TEXT    NOT NULL,
	message    TEXT    NOT NULL,
	owner      TEXT    NOT NULL, -- token of the program that has claimed it
	PRIMARY KEY (run, pos),
	UNIQUE (run, contact_id)
);
CREATE INDEX item_open ON item (run, owner, state, pos) WHERE state IN ('todo', 'sent');
CREATE INDEX item_entry ON item (entry) WHERE entry <> '';
`

const (
	insertRun  = `INSERT INTO run (id, realm, created, title, typed, state, owner) VALUES (?, ?, ?, ?, '{}', 'running', ?)`
	insertItem = `INSERT INTO item (run, pos, contact_id, name, base, changes, state, entry, status, request_id, message, owner)
		VALUES (?, ?, ?, ?, '', ?, 'todo', '', 0, '', '', '')`
	selectRuns = `SELECT id, title, created, state, owner FROM run WHERE realm = ? ORDER BY created DESC, id`
	countItems = `SELECT run, state, count(*) FROM item WHERE run IN (SELECT id FROM run WHERE realm = ?) GROUP BY run, state`

	itemColumns = `contact_id, name, changes, state, entry, status, request_id, message,
		ifnull((SELECT answer FROM entry WHERE entry.id = item.entry), '')`
	selectItems = `SELECT ` + itemColumns + ` FROM item WHERE run = (SELECT id FROM run WHERE realm = ? AND id = ?) ORDER BY pos`
	itemOwners  = `SELECT DISTINCT owner FROM item WHERE run = ? AND state IN ('todo', 'sent') AND owner > ''`
	freeItems   = `UPDATE item SET owner = '' WHERE run = ? AND state IN ('todo', 'sent') AND owner = ?`
	retryItems  = `UPDATE item SET state = 'todo', entry = '', status = 0, request_id = '', message = '', owner = ''
		WHERE run = ? AND state = 'missing'`
	nextItems = `SELECT ` + itemColumns + ` FROM item WHERE run = ? AND state IN ('todo', 'sent') AND owner = ''
		ORDER BY state = 'sent', pos LIMIT ?`
	claimItem = `UPDATE item SET owner = ? WHERE run = ? AND contact_id = ?`
	sendItem  = `UPDATE item SET state = 'sent', entry = ? WHERE run = ? AND contact_id = ? AND state = 'todo' AND owner = ?`
	endItem   = `UPDATE item SET state = ?, message = ?, owner = '' WHERE run = ? AND contact_id = ? AND state = 'todo' AND owner = ?`
	// an item without a response stays sent, and is handed out again after the others
	setItemAnswer = `UPDATE item SET state = ?, status = ?, request_id = ?, message = ?, owner = '' WHERE entry = ? AND state = 'sent'`
)

// CreateRun stores a run and all its items, and drops the draft that they were
// typed in, in one transaction before the first is sent. ID, Created and State
// are filled in; of an item ContactID, Name and Patch are stored. The error is
// an *Error, or one that says that two items are for one contact.
func (s *State) CreateRun(ctx context.Context, title, draftID string, items []work.BulkItem) (work.BulkRun, error) {
	const op = "keep a bulk run"
	r := work.BulkRun{ID: s.newID(), Title: title, Created: fromMicro(toMicro(s.f.now())), State: work.RunRunning, Mine: true,
		Total: len(items), Counts: map[work.ItemState]int{work.ItemTodo: len(items)}}
	return r, s.endDraft(ctx, op, func(tx *sql.Tx) (string, error) {
		if _, err := tx.ExecContext(ctx, insertRun, r.ID, s.realm, toMicro(r.Created), r.Title, s.f.proc.token); err != nil {
			return "", err
		}
		st, err := tx.PrepareContext(ctx, insertItem)
		if err != nil {
			return "", err
		}
		defer st.Close()
		for i, it := range items {
			changes, err := changesJSON(it.Patch.Changes())
			if err == nil {
				_, err = st.ExecContext(ctx, r.ID, i, it.ContactID, it.Name, changes)
			}
			if err != nil {
				return "", fmt.Errorf("contact %d: %w", it.ContactID, err)
			}
		}
		if draftID == "" {
			return "", nil
		}
		return draftID, s.dropDraft(ctx, tx, draftID)
	})
}

// Runs lists the bulk runs with the state of their items, the newest first.
func (s *State) Runs(ctx context.Context) ([]work.BulkRun, error) {
	const op = "list the bulk runs"
	rows, err := s.f.db.QueryContext(ctx, selectRuns, s.realm)
	runs, err := collect(rows, err, s.readRun)
	if err != nil {
		return runs, s.f.fail(ctx, op, err)
	}
	at := map[string]int{}
	for i, r := range runs {
		at[r.ID] = i
	}
	rows, err = s.f.db.QueryContext(ctx, countItems, s.realm)
	_, err = collect(rows, err, func(scan func(...any) error) (n int, err error) {
		var run string
		var state work.ItemState
		err = scan(&run, &state, &n)
		if i, ok := at[run]; ok {
			runs[i].Counts[state] = n
			runs[i].Total += n
		}
		return n, err
	})
	return runs, s.f.fail(ctx, op, err)
}

func (s *State) readRun(scan func(...any) error) (r work.BulkRun, err error) {
	var owner string
	var created int64
	if err := scan(&r.ID, &r.Title, &created, &r.State, &owner); err != nil {
		return r, err
	}
	r.Created, r.Counts = fromMicro(created), map[work.ItemState]int{}
	h, err := s.ownerState(owner)
	r.Mine = h == thisProcess
	if r.State == work.RunRunning && h == noOwner {
		r.State = work.RunStopped // the program that worked on it has ended
	}
	return r, unreadable("bulk run", r.ID, err)
}

// SetRunState starts a run again, stops it or ends it. While it is running it
// is this program's; otherwise no program's, and the items that were claimed and
// not sent are free again. The error is ErrBusy while another running program
// works on it, ErrNotFound, or an *Error.
func (s *State) SetRunState(ctx context.Context, id string, state work.RunState) error {
	return s.f.write(ctx, "set the state of a bulk run", func(tx *sql.Tx) error {
		err := s.runFree(ctx, tx, id)
		if err != nil {
			return err
		}
		owner := ""
		if state == work.RunRunning {
			owner = s.f.proc.token
		}
		if _, err := tx.ExecContext(ctx, "UPDATE run SET state = ?, owner = ? WHERE id = ?", state, owner, id); err != nil {
			return err
		}
		if state != work.RunRunning {
			_, err = tx.ExecContext(ctx, freeItems+" AND state = 'todo'", id, s.f.proc.token)
		}
		return err
	})
}

// Items lists the contacts of a run in the order of its table.
func (s *State) Items(ctx context.Context, run string) ([]work.BulkItem, error) {
	rows, err := s.f.db.QueryContext(ctx, selectItems, s.realm, run)
	items, err := collect(rows, err, readItem)
	return items, s.f.fail(ctx, "list the contacts of a bulk run", err)
}

func readItem(scan func(...any) error) (it work.BulkItem, err error) {
	var changes, answer string
	err = scan(&it.ContactID, &it.Name, &changes, &it.State, &it.EntryID, &it.Status, &it.RequestID, &it.Message, &answer)
	if err != nil {
		return it, err
	}
	list, err1 := parseChanges(changes)
	it.Patch = model.NewPatch(list...)
	var err2 error
	it.Answer, err2 = parseContact(answer)
	return it, unreadable("contact", fmt.Sprint(it.ContactID), errors.Join(err1, err2))
}

// RetryItems makes the missing items of a run ones that are still to be sent.
// The error is ErrBusy while another running program works on it, ErrNotFound,
// or an *Error.
func (s *State) RetryItems(ctx context.Context, run string) error {
	return s.f.write(ctx, "take up a bulk run again", func(tx *sql.Tx) error {
		if err := s.runFree(ctx, tx, run); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, retryItems, run)
		if err == nil {
			_, err = tx.ExecContext(ctx, "UPDATE run SET state = 'stopped', owner = '' WHERE id = ?", run)
		}
		return err
	})
}

// runFree is ErrNotFound or ErrBusy.
func (s *State) runFree(ctx context.Context, tx *sql.Tx, id string) error {
	var owner string
	err := tx.QueryRowContext(ctx, "SELECT owner FROM run WHERE realm = ? AND id = ?", s.realm, id).Scan(&owner)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	if err != nil {
		return err
	}
	return s.checkFree(owner)
}

// NextItems claims up to n items of a run that have no outcome and that no
// running program has claimed; no other gets the same ones. First come those
// that were never sent. Then come the sent ones, whose outcome is not known:
// they are to be looked up, after ClaimEntry. None are left when the result is empty. The error is
// ErrNotFound or an *Error.
func (s *State) NextItems(ctx context.Context, run string, n int) (items []work.BulkItem, err error) {
	err = s.f.write(ctx, "claim contacts of a bulk run", func(tx *sql.Tx) error {
		var id string
		err := tx.QueryRowContext(ctx, "SELECT id FROM run WHERE realm = ? AND id = ?", s.realm, run).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNotFound
		}
		if err == nil {
			err = s.releaseDead(ctx, tx, run)
		}
		if err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, nextItems, run, n)
		if items, err = collect(rows, err, readItem); err != nil {
			return err
		}
		for _, it := range items {
			if _, err := tx.ExecContext(ctx, claimItem, s.f.proc.token, run, it.ContactID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return items, nil
}

func (s *State) releaseDead(ctx context.Context, tx *sql.Tx, run string) error {
	if err := s.settleDead(ctx, tx); err != nil {
		return err
	}
	rows, err := tx.QueryContext(ctx, itemOwners, run)
	owners, err := collect(rows, err, readText)
	if err != nil {
		return err
	}
	owners = slices.DeleteFunc(owners, func(owner string) bool {
		h, e := s.ownerState(owner)
		err = errors.Join(err, e)
		return h != noOwner
	})
	for _, owner := range owners {
		if err == nil {
			_, err = tx.ExecContext(ctx, freeItems, run, owner)
		}
	}
	return err
}

// EndItem gives a claimed item that was not sent its state: conflict, skipped
// or failed. What was sent is ended by Finish. The error is
// ErrBusy when the item is not claimed by this program, or was sent, or an *Error.
func (s *State) EndItem(ctx context.Context, run string, contactID int64, state work.ItemState, message string) error {
	return s.f.write(ctx, "end a contact of a bulk run", func(tx *sql.Tx) error {
		return busyUnlessChanged(tx.ExecContext(ctx, endItem, state, message, run, contactID, s.f.proc.token))
	})
}

func busyUnlessChanged(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		err = ErrBusy
	}
	return err
}

// itemSent is the part of Begin that concerns a run.
func (s *State) itemSent(ctx context.Context, tx *sql.Tx, e work.Entry) error {
	return busyUnlessChanged(tx.ExecContext(ctx, sendItem, e.ID, e.Run, e.ContactID, s.f.proc.token))
}

// itemClaimed is the part of ClaimEntry that concerns a run.
func (s *State) itemClaimed(ctx context.Context, tx *sql.Tx, entry string) error {
	_, err := tx.ExecContext(ctx, "UPDATE item SET owner = ? WHERE entry = ? AND entry <> ''", s.f.proc.token, entry)
	return err
}

// itemAnswerSQL is the part of Finish that concerns a run.
func (s *State) itemAnswerSQL(ctx context.Context, tx *sql.Tx, entry string, o Outcome) error {
	state := o.Item
	switch {
	case state != "":
	case o.Result == work.Done:
		state = work.ItemDone
	case o.Result == work.Unknown:
		state = work.ItemSent
	default:
		state = work.ItemFailed
	}
	_, err := tx.ExecContext(ctx, setItemAnswer+" AND entry <> ''", state, o.Status, o.RequestID, o.Message, entry)
	return err
}

func (s *State) purgeRuns(ctx context.Context, tx *sql.Tx, t time.Time) error {
	const old = "SELECT id FROM run WHERE realm = ? AND created < ? AND state = 'done'"
	if _, err := tx.ExecContext(ctx, "DELETE FROM item WHERE run IN ("+old+")", s.realm, toMicro(t)); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "DELETE FROM run WHERE id IN ("+old+")", s.realm, toMicro(t))
	return err
}
