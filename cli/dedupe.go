package cli

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/work"
)

// importMemory is how long the creates of a profile keep their like from being
// imported: as long as the journal recognises a create that is repeated.
const importMemory = 30 * 24 * time.Hour

// dedupe finds rows that would make a contact twice. It knows the contacts of the
// local copy, what this profile created, and the rows of the file that came
// before.
type dedupe struct {
	double bool // look only for what an import has created

	copied map[string]int64 // contacts of the local copy by folded e-mail address
	ids    map[int64]bool   // contacts of the account; false for an id that is none
	// What the profile created, the oldest first: by idempotency key, by folded
	// e-mail address, and by documented fields.
	byKey, byAddress map[string]work.Entry
	byContent        map[string][]work.Entry
	// Creates whose answer never came, by the same.
	openAddress, openContent map[string]work.Entry

	rows  map[string]int // numbers of rows by folded e-mail address
	equal map[string]int // how many rows had this content
}

// newDedupe reads the journal, the newest entry first.
func newDedupe(entries []work.Entry, now time.Time, double bool) (*dedupe, error) {
	d := &dedupe{
		double: double, byKey: map[string]work.Entry{}, byAddress: map[string]work.Entry{}, byContent: map[string][]work.Entry{},
		openAddress: map[string]work.Entry{}, openContent: map[string]work.Entry{}, rows: map[string]int{}, equal: map[string]int{},
		ids: map[int64]bool{},
	}
	for _, e := range slices.Backward(entries) {
		if e.Kind != work.KindCreate || e.Started.Before(now.Add(-importMemory)) {
			continue
		}
		extra := map[string]json.RawMessage{}
		for name, raw := range e.Extra {
			extra[name] = json.RawMessage(raw)
		}
		content, err := contentOf(e.Patch(), extra)
		if err != nil {
			return nil, err
		}
		address := addressOf(e.Patch())
		switch e.Result {
		case work.Done:
			d.byKey[e.Key], d.byAddress[address] = e, e
			d.byContent[content] = append(d.byContent[content], e)
		case work.Unknown:
			d.openAddress[address], d.openContent[content] = e, e
		}
	}
	return d, nil
}

// addressOf is the folded e-mail address of a new contact, "" for none.
func addressOf(p model.Patch) string {
	return search.Fold(p.Apply(model.Contact{}).Get(model.FieldEmail).String())
}

// made says which contact a write created, and when.
func made(e work.Entry, with string) string {
	return fmt.Sprintf("created contact %d with %s on %s", e.ContactID, with, e.Started.Local().Format(time.DateOnly))
}

// look says whether a row that could be created is there already, and gives the
// idempotency key to create it with. The key is that of the content: a row keeps
// it when other rows of the file are corrected. Of equal rows each has another.
func (d *dedupe) look(r row, out outcome) (outcome, string, error) {
	patch := model.Diff(model.Contact{}, r.draft)
	content, err := contentOf(patch, r.extra)
	if err != nil {
		return out, "", err
	}
	address := addressOf(patch)
	d.equal[content]++
	nth := d.equal[content]
	key := contentKey(content, nth)
	if !d.double && address != "" {
		if id, ok := d.copied[address]; ok {
			out.Result, out.ID, out.Message = rowExists, id, "the local copy has a contact with this e-mail address"
			return out, "", nil
		}
		if e, ok := d.byAddress[address]; ok {
			out.Result, out.ID, out.Message = rowExists, e.ContactID, "this profile "+made(e, "this e-mail address")
			return out, "", nil
		}
		if first, ok := d.rows[address]; ok {
			out.Result, out.Message = rowExists, fmt.Sprintf("row %d has the same e-mail address", first)
			return out, "", nil
		}
		d.rows[address] = out.Row
	}
	if e, ok := d.byKey[key]; ok {
		out.Result, out.ID, out.Message = rowExists, e.ContactID, "this profile "+made(e, "the same content")
		if d.double {
			out.Message = "an import has " + made(e, "the same content")
		}
		return out, "", nil
	}
	if d.double {
		return out, key, nil
	}
	if same := d.byContent[content]; len(same) >= nth {
		out.Result, out.ID, out.Message = rowExists, same[nth-1].ContactID, "this profile "+made(same[nth-1], "the same content")
		return out, "", nil
	}
	if e, ok := d.openContent[content]; ok && nth == 1 {
		return out, e.Key, nil // it is looked up before it is sent again
	}
	if _, ok := d.openAddress[address]; ok && address != "" {
		out.Result = rowUnsure
		out.Message = "an earlier try to create a contact with this e-mail address got no answer: look for it; --allow-duplicates creates this one"
	}
	return out, key, nil
}

// contentOf is what a create sends, as a text to compare: its fields, and what
// goes with them, in the order of the names.
func contentOf(p model.Patch, extra map[string]json.RawMessage) (string, error) {
	fields, err := p.MarshalJSON()
	if err != nil || len(extra) == 0 {
		return string(fields), err
	}
	more, err := json.Marshal(extra)
	return string(fields) + string(more), err
}

// contentKey is the idempotency key of the nth of equal rows.
func contentKey(content string, nth int) string {
	sum := sha256.Sum256([]byte(content))
	return uuid.NewSHA1(uuid.NameSpaceOID, fmt.Appendf(sum[:], " %d", nth)).String()
}

// dedupeOf is what there is before an import of these rows. Without a local copy
// its contacts are missing; what only the service knows is asked.
func (a *App) dedupeOf(ctx context.Context, r *reader, start *Start, rows []row, double bool) (*dedupe, error) {
	entries, err := r.session.History(ctx, 0)
	if err != nil {
		return nil, err
	}
	d, err := newDedupe(entries, start.Now(), double)
	if err != nil {
		return nil, err
	}
	if !double && !r.direct {
		if err := a.readCopy(ctx, r, d); err != nil {
			return nil, err
		}
	}
	return d, a.lookUpIDs(ctx, r, rows, d.ids)
}

// readCopy takes over the contacts of the local copy. Without a complete copy
// there are none, and nothing is left out.
func (a *App) readCopy(ctx context.Context, r *reader, d *dedupe) error {
	d.copied = map[string]int64{}
	out, err := r.update(ctx, false, nil)
	if err != nil || !out.Held {
		if err == nil {
			a.note("levcontacts: there is no complete local copy to compare e-mail addresses with")
		}
		return err
	}
	err = r.each(ctx, "yes", model.MaxLimit, true, func(p model.Packed) error {
		d.ids[p.ID()] = true
		if address := search.Fold(p.Get(model.FieldEmail).String()); address != "" {
			d.copied[address] = p.ID()
		}
		return nil
	})
	if err == nil {
		a.inform("levcontacts: compared with %s", r.said())
		r.tellSource()
	}
	return err
}

// fewIDs is how many contacts are asked for one by one; for more the whole list
// takes fewer requests.
const fewIDs = 10

// lookUpIDs finds out which ids of the rows are contacts of the account.
func (a *App) lookUpIDs(ctx context.Context, r *reader, rows []row, ids map[int64]bool) error {
	var open []int64
	for _, row := range rows {
		id, err := parseID(row.id)
		if _, known := ids[id]; err == nil && !known && !slices.Contains(open, id) {
			open = append(open, id)
		}
	}
	if len(open) > fewIDs {
		return r.each(ctx, "any", model.MaxLimit, true, func(p model.Packed) error {
			ids[p.ID()] = true
			return nil
		})
	}
	for _, id := range open {
		_, err := r.session.Contact(ctx, id)
		if err != nil && model.KindOf(err) != model.KindNotFound {
			return err
		}
		ids[id] = err == nil
	}
	return nil
}
