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

// RunState says how far a bulk run is.
type RunState string

// A running run whose Holder is Nobody was interrupted.
const (
	RunRunning RunState = "running"
	RunStopped RunState = "stopped"
	RunDone    RunState = "done"
)

// Run is one change made to many contacts.
type Run struct {
	ID        string
	Title     string
	Values    model.Draft // what was typed for all of them
	CreatedAt time.Time
	State     RunState
	Counts    map[ItemState]int // set by the store
	Holder    Holder            // which program works on it; set by the store
}

// ItemState says how far one contact of a run is.
type ItemState string

// Sent is an item whose request is on its way, or whose outcome is not known.
const (
	ItemTodo     ItemState = "todo"
	ItemSent     ItemState = "sent"
	ItemDone     ItemState = "done"
	ItemFailed   ItemState = "failed"
	ItemConflict ItemState = "conflict" // changed by somebody else, left out
	ItemSkipped  ItemState = "skipped"
)

// Item is one contact of a run.
type Item struct {
	ContactID int64
	Name      string
	Base      model.Packed // the contact as it was in the table of changes
	Changes   []model.Change
	State     ItemState
	EntryID   string // its write in the journal, "" before it was sent
	Status    int
	RequestID string
	Message   string
}

const (
	insertRun  = `INSERT INTO run (id, realm, created, title, typed, state, owner) VALUES (?, ?, ?, ?, ?, 'running', ?)`
	insertItem = `INSERT INTO item (run, pos, contact_id, name, base, changes, state, entry, status, request_id, message, owner)
		VALUES (?, ?, ?, ?, ?, ?, 'todo', '', 0, '', '', '')`
	selectRuns = `SELECT id, title, typed, created, state, owner FROM run WHERE realm = ? ORDER BY created DESC, id`
	countItems = `SELECT run, state, count(*) FROM item WHERE run IN (SELECT id FROM run WHERE realm = ?) GROUP BY run, state`

	itemColumns = `contact_id, name, base, changes, state, entry, status, request_id, message`
	selectItems = `SELECT ` + itemColumns + ` FROM item WHERE run = (SELECT id FROM run WHERE realm = ? AND id = ?) ORDER BY pos`
	itemOwners  = `SELECT DISTINCT owner FROM item WHERE run = ? AND state IN ('todo', 'sent') AND owner > ''`
	freeItems   = `UPDATE item SET owner = '' WHERE run = ? AND state IN ('todo', 'sent') AND owner = ?`
	nextItems   = `SELECT ` + itemColumns + ` FROM item WHERE run = ? AND state IN ('todo', 'sent') AND owner = ''
		ORDER BY state = 'sent', pos LIMIT ?`
	claimItem = `UPDATE item SET owner = ? WHERE run = ? AND contact_id = ?`
	sendItem  = `UPDATE item SET state = 'sent', entry = ? WHERE run = ? AND contact_id = ? AND state = 'todo' AND owner = ?`
	endItem   = `UPDATE item SET state = ?, message = ?, owner = '' WHERE run = ? AND contact_id = ? AND state = 'todo' AND owner = ?`
	// an item without an answer stays sent, and is handed out again after the others
	answerItem = `UPDATE item SET state = ?, status = ?, request_id = ?, message = ?, owner = '' WHERE entry = ? AND state = 'sent'`
)

// CreateRun keeps a run and all its items in one transaction, before the first
// is sent. ID, CreatedAt and State are filled in; of an item ContactID, Name,
// Base and Changes are kept. The error is an *Error, or one that says that two
// items are for one contact.
func (s *State) CreateRun(ctx context.Context, r Run, items []Item) (Run, error) {
	const op = "keep a bulk run"
	r.ID, r.CreatedAt, r.State, r.Holder = s.newID(), fromMicro(toMicro(s.f.now())), RunRunning, Here
	r.Counts = map[ItemState]int{ItemTodo: len(items)}
	typed, err := draftJSON(r.Values)
	if err != nil {
		return r, fmt.Errorf("%s: %w", op, err)
	}
	return r, s.f.write(ctx, op, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, insertRun, r.ID, s.realm, toMicro(r.CreatedAt), r.Title, typed, s.f.proc.token); err != nil {
			return err
		}
		st, err := tx.PrepareContext(ctx, insertItem)
		if err != nil {
			return err
		}
		defer st.Close()
		for i, it := range items {
			base, err1 := packedJSON(it.Base)
			changes, err2 := changesJSON(it.Changes)
			if err := errors.Join(err1, err2); err != nil {
				return fmt.Errorf("contact %d: %w", it.ContactID, err)
			}
			if _, err := st.ExecContext(ctx, r.ID, i, it.ContactID, it.Name, base, changes); err != nil {
				return fmt.Errorf("contact %d: %w", it.ContactID, err)
			}
		}
		return nil
	})
}

// Runs lists the bulk runs with the state of their items, the newest first.
func (s *State) Runs(ctx context.Context) ([]Run, error) {
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
		var state ItemState
		err = scan(&run, &state, &n)
		if i, ok := at[run]; ok {
			runs[i].Counts[state] = n
		}
		return n, err
	})
	return runs, s.f.fail(ctx, op, err)
}

func (s *State) readRun(scan func(...any) error) (r Run, err error) {
	var typed, owner string
	var created int64
	if err := scan(&r.ID, &r.Title, &typed, &created, &r.State, &owner); err != nil {
		return r, err
	}
	r.CreatedAt, r.Counts = fromMicro(created), map[ItemState]int{}
	var err1, err2 error
	r.Values, err1 = parseDraft(typed)
	r.Holder, err2 = s.holder(owner)
	return r, unreadable("bulk run", r.ID, errors.Join(err1, err2))
}

// SetRunState starts a run again, stops it or ends it. While it is running it
// is this program's; otherwise nobody's, and the items that were claimed and
// not sent are free again. The error is ErrHeld while another running program
// works on it, ErrNotFound, or an *Error.
func (s *State) SetRunState(ctx context.Context, id string, state RunState) error {
	return s.f.write(ctx, "set the state of a bulk run", func(tx *sql.Tx) error {
		var owner string
		err := tx.QueryRowContext(ctx, "SELECT owner FROM run WHERE realm = ? AND id = ?", s.realm, id).Scan(&owner)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNotFound
		}
		if err == nil {
			err = s.free(owner)
		}
		if err != nil {
			return err
		}
		owner = ""
		if state == RunRunning {
			owner = s.f.proc.token
		}
		if _, err := tx.ExecContext(ctx, "UPDATE run SET state = ?, owner = ? WHERE id = ?", state, owner, id); err != nil {
			return err
		}
		if state != RunRunning {
			_, err = tx.ExecContext(ctx, freeItems+" AND state = 'todo'", id, s.f.proc.token)
		}
		return err
	})
}

// Items lists the contacts of a run in the order of its table.
func (s *State) Items(ctx context.Context, run string) ([]Item, error) {
	rows, err := s.f.db.QueryContext(ctx, selectItems, s.realm, run)
	items, err := collect(rows, err, readItem)
	return items, s.f.fail(ctx, "list the contacts of a bulk run", err)
}

func readItem(scan func(...any) error) (it Item, err error) {
	var base, changes string
	err = scan(&it.ContactID, &it.Name, &base, &changes, &it.State, &it.EntryID, &it.Status, &it.RequestID, &it.Message)
	if err != nil {
		return it, err
	}
	var err1, err2 error
	it.Base, err1 = parsePacked(base)
	it.Changes, err2 = parseChanges(changes)
	return it, unreadable("contact", fmt.Sprint(it.ContactID), errors.Join(err1, err2))
}

// NextItems claims up to n items of a run that have no outcome and that no
// running program has claimed; no other gets the same ones. First come those
// that were never sent. Then come those with State ItemSent, whose outcome is
// not known: they are to be sent again with the key of their journal entry,
// after ClaimEntry. None are left when the result is empty. The error is
// ErrNotFound or an *Error.
func (s *State) NextItems(ctx context.Context, run string, n int) (items []Item, err error) {
	err = s.f.write(ctx, "claim contacts of a bulk run", func(tx *sql.Tx) error {
		var id string
		err := tx.QueryRowContext(ctx, "SELECT id FROM run WHERE realm = ? AND id = ?", s.realm, run).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNotFound
		}
		if err == nil {
			err = s.freeOfTheDead(ctx, tx, run)
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

func (s *State) freeOfTheDead(ctx context.Context, tx *sql.Tx, run string) error {
	if err := s.settle(ctx, tx); err != nil {
		return err
	}
	rows, err := tx.QueryContext(ctx, itemOwners, run)
	owners, err := collect(rows, err, readText)
	if err != nil {
		return err
	}
	owners = slices.DeleteFunc(owners, func(owner string) bool {
		h, e := s.holder(owner)
		err = errors.Join(err, e)
		return h != Nobody
	})
	for _, owner := range owners {
		if err == nil {
			_, err = tx.ExecContext(ctx, freeItems, run, owner)
		}
	}
	return err
}

// EndItem gives a claimed item that was not sent its state: ItemConflict,
// ItemSkipped or ItemFailed. What was sent is ended by Finish. The error is
// ErrHeld when the item is not claimed by this program, or was sent, or an *Error.
func (s *State) EndItem(ctx context.Context, run string, contactID int64, state ItemState, message string) error {
	return s.f.write(ctx, "end a contact of a bulk run", func(tx *sql.Tx) error {
		return heldUnlessChanged(tx.ExecContext(ctx, endItem, state, message, run, contactID, s.f.proc.token))
	})
}

func heldUnlessChanged(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		err = ErrHeld
	}
	return err
}

// itemSent is the part of Begin that concerns a run.
func (s *State) itemSent(ctx context.Context, tx *sql.Tx, e Entry) error {
	return heldUnlessChanged(tx.ExecContext(ctx, sendItem, e.ID, e.Run, e.ContactID, s.f.proc.token))
}

// itemClaimed is the part of ClaimEntry that concerns a run.
func (s *State) itemClaimed(ctx context.Context, tx *sql.Tx, entry string) error {
	_, err := tx.ExecContext(ctx, "UPDATE item SET owner = ? WHERE entry = ? AND entry <> ''", s.f.proc.token, entry)
	return err
}

// itemAnswered is the part of Finish that concerns a run.
func (s *State) itemAnswered(ctx context.Context, tx *sql.Tx, entry string, o Outcome) error {
	state := map[Result]ItemState{Done: ItemDone, Failed: ItemFailed, Unknown: ItemSent}[o.Result]
	_, err := tx.ExecContext(ctx, answerItem+" AND entry <> ''", state, o.Status, o.RequestID, o.Message, entry)
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
