package cli

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"levcontacts/model"
	"levcontacts/model/search"
	"levcontacts/work"
)

// importMemory is how long the creates of a profile keep their like from being
// imported: as long as the journal recognises a create that is repeated.
const importMemory = 30 * 24 * time.Hour

// known is what there is already: the contacts of the local copy, what this
// profile created, and the rows of the file that came before.
type known struct {
	double bool // look only for what an import has created

	copied map[string]int64 // contacts of the local copy by folded e-mail address
	// What the profile created, the oldest first: by idempotency key, by folded
	// e-mail address, and by documented fields.
	byKey, byAddress map[string]work.Entry
	byContent        map[string][]work.Entry
	// Creates whose answer never came, by the same.
	openAddress, openContent map[string]work.Entry

	rows  map[string]int // numbers of rows by folded e-mail address
	equal map[string]int // how many rows had this content
}

// newKnown reads the journal, the newest entry first.
func newKnown(entries []work.Entry, now time.Time, double bool) (*known, error) {
	k := &known{
		double: double, byKey: map[string]work.Entry{}, byAddress: map[string]work.Entry{}, byContent: map[string][]work.Entry{},
		openAddress: map[string]work.Entry{}, openContent: map[string]work.Entry{}, rows: map[string]int{}, equal: map[string]int{},
	}
	for _, e := range slices.Backward(entries) {
		if e.Kind != "create" || e.Started.Before(now.Add(-importMemory)) {
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
			k.byKey[e.Key], k.byAddress[address] = e, e
			k.byContent[content] = append(k.byContent[content], e)
		case work.Unknown:
			k.openAddress[address], k.openContent[content] = e, e
		}
	}
	return k, nil
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
func (k *known) look(r row, out outcome) (outcome, string, error) {
	patch := model.Diff(model.Contact{}, r.draft)
	content, err := contentOf(patch, r.extra)
	if err != nil {
		return out, "", err
	}
	address := addressOf(patch)
	k.equal[content]++
	nth := k.equal[content]
	key := contentKey(content, nth)
	if !k.double && address != "" {
		if id, ok := k.copied[address]; ok {
			out.Result, out.ID, out.Message = rowExists, id, "the local copy has a contact with this e-mail address"
			return out, "", nil
		}
		if e, ok := k.byAddress[address]; ok {
			out.Result, out.ID, out.Message = rowExists, e.ContactID, "this profile "+made(e, "this e-mail address")
			return out, "", nil
		}
		if first, ok := k.rows[address]; ok {
			out.Result, out.Message = rowExists, fmt.Sprintf("row %d has the same e-mail address", first)
			return out, "", nil
		}
		k.rows[address] = out.Row
	}
	if e, ok := k.byKey[key]; ok {
		out.Result, out.ID, out.Message = rowExists, e.ContactID, "this profile "+made(e, "the same content")
		if k.double {
			out.Message = "an import has " + made(e, "the same content")
		}
		return out, "", nil
	}
	if k.double {
		return out, key, nil
	}
	if same := k.byContent[content]; len(same) >= nth {
		out.Result, out.ID, out.Message = rowExists, same[nth-1].ContactID, "this profile "+made(same[nth-1], "the same content")
		return out, "", nil
	}
	if e, ok := k.openContent[content]; ok && nth == 1 {
		return out, e.Key, nil // it is looked up before it is sent again
	}
	if _, ok := k.openAddress[address]; ok && address != "" {
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

// knownOf is what there is before an import. Without a local copy its contacts
// are missing.
func (a *App) knownOf(ctx context.Context, s Session, start *Start, double bool) (*known, error) {
	entries, err := s.History(ctx, 0)
	if err != nil {
		return nil, err
	}
	k, err := newKnown(entries, start.Now(), double)
	if err != nil {
		return nil, err
	}
	if !double && start.Config.Cache.Value {
		k.copied = a.knownAddresses(ctx, s, start)
	}
	return k, nil
}

// knownAddresses are the e-mail addresses of the local copy. Without a copy
// there are none, and nothing is left out.
func (a *App) knownAddresses(ctx context.Context, s Session, start *Start) map[string]int64 {
	addresses := map[string]int64{}
	opening, err := s.OpenCopy(ctx)
	if err != nil || opening.Info.Problem != "" || len(opening.Rows) == 0 {
		a.note("levcontacts: there is no local copy to compare e-mail addresses with")
		return addresses
	}
	book, err := a.bookOf(ctx, s, opening, start.Now())
	if err != nil {
		a.note("levcontacts: the local copy cannot be compared: %s", err)
		return addresses
	}
	for slot := range book.Len() {
		if address := search.Fold(book.At(slot).Get(model.FieldEmail).String()); address != "" {
			addresses[address] = book.At(slot).ID()
		}
	}
	return addresses
}
