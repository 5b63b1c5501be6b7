package service

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/store"
	"github.com/levcontacts/levcontacts/work"
)

// attemptsKept is how far back the earlier attempts of a create are looked for: much
// longer than the day for which the service remembers an idempotency key.
const attemptsKept = 30 * 24 * time.Hour

// Create makes a contact. It is in the journal before it is sent. When an
// earlier attempt with the same draft or key may have made the contact, that is
// looked up first: likely ones are in Saved.Candidates and nothing is sent,
// unless Anyway. One that did make it is answered from the journal. The errors
// are those of Save, and work.ErrCannotLook.
func (s *Service) Create(ctx context.Context, in work.Create) (work.Saved, error) {
	const op = "create contact"
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return work.Saved{}, err
	}
	defer leave()
	in.Key = cmp.Or(in.Key, s.o.NewID())
	w, err := s.writer(ctx, op, createLock)
	if err != nil {
		return work.Saved{}, err
	}
	defer w.release()
	ctx, end := s.sending.begin(ctx, in.DraftID)
	defer end()
	for range maxRounds {
		saved, err := w.create(ctx, in)
		if !errors.Is(err, store.ErrChanged) {
			return saved, err
		}
	}
	return work.Saved{}, elsewhere(op)
}

// create is one round of Create. The error is store.ErrChanged when another
// program began the same create meanwhile.
func (w *writer) create(ctx context.Context, in work.Create) (work.Saved, error) {
	claim, err := w.claim(ctx, store.Claim{Key: in.Key, DraftID: in.DraftID})
	if err != nil {
		return work.Saved{}, err
	}
	attempts, err := w.attempts(ctx, in)
	if err != nil {
		return work.Saved{}, err
	}
	for _, e := range attempts {
		switch {
		case e.Result == work.Done:
			return w.madeEarlier(ctx, e, in)
		case e.Result == work.Failed || in.Anyway:
		case e.Elsewhere: // it began after the claim
			return work.Saved{}, store.ErrChanged
		default:
			if saved, err := w.askAbout(ctx, e); err != nil || len(saved.Candidates) > 0 {
				return saved, err
			}
		}
	}
	e, err := w.beginCreate(ctx, in, claim, attempts)
	if err != nil {
		return work.Saved{}, err
	}
	answer, receipt, err := w.client.Create(ctx, in.Values, in.Extra, e.Key)
	if err == nil {
		answer = answer.Over(in.Values.Apply(model.Contact{}))
	}
	if _, err = w.finish(ctx, e, answer, receipt, err); err != nil {
		return work.Saved{}, err
	}
	w.s.usedCompany(ctx, in.Extra)
	return work.Saved{Contact: answer, NotTaken: model.NotTaken(in.Values, answer), RequestID: receipt.RequestID}, nil
}

// attempts are the earlier writes of the same new contact, the newest first:
// those with its key or draft, and discarded ones of the same content, which may
// have made it all the same.
func (w *writer) attempts(ctx context.Context, in work.Create) ([]work.Entry, error) {
	all, err := w.st.Entries(ctx, work.EntryFilter{Kind: work.KindCreate, Since: w.s.o.Now().Add(-attemptsKept)})
	if err != nil {
		return nil, noJournal(w.op, err)
	}
	return slices.DeleteFunc(all, func(e work.Entry) bool {
		if e.Result == work.Discarded {
			return !sameCreate(e, in)
		}
		return e.Key != in.Key && (in.DraftID == "" || e.DraftID != in.DraftID)
	}), nil
}

// madeEarlier answers a create that was carried out before.
func (w *writer) madeEarlier(ctx context.Context, e work.Entry, in work.Create) (work.Saved, error) {
	if !sameCreate(e, in) {
		return work.Saved{}, refused(w.op, "what was typed before was created as contact %d: change that one", e.ContactID)
	}
	made, err := e.Answer.Unpack()
	if err != nil {
		if made, _, err = w.client.Get(ctx, e.ContactID, work.Write); err != nil {
			return work.Saved{}, err
		}
	}
	if in.DraftID != "" {
		err = noJournal(w.op, w.st.DiscardDraft(ctx, in.DraftID))
	}
	return work.Saved{Contact: made, RequestID: e.RequestID}, err
}

// askAbout looks whether an attempt whose response never came made the contact.
// Where the service cannot tell, the user is told, once, that asking again sends
// it again.
func (w *writer) askAbout(ctx context.Context, e work.Entry) (work.Saved, error) {
	found, sure, err := w.look(ctx, e)
	switch {
	case err != nil:
		return work.Saved{}, err
	case len(found) > 0:
		return work.Saved{Candidates: found, EntryID: e.ID}, nil
	case !sure && w.s.warned.add(e.ID):
		held := refused(w.op, "%s: look for it in the list, and save once more to send it again", work.ErrCannotLook)
		held.Cause = work.ErrCannotLook
		return work.Saved{}, held
	}
	return work.Saved{}, nil
}

// beginCreate puts a create into the journal. The same content as before, if
// the service has not refused it, is sent with the same key, so that the service
// takes both for one; other content needs another key.
func (w *writer) beginCreate(ctx context.Context, in work.Create, claim store.Claim, attempts []work.Entry) (e work.Entry, err error) {
	key := in.Key
	if len(attempts) > 0 {
		key = w.s.o.NewID()
	}
	open := ""
	var given []work.Entry
	for _, e := range attempts {
		if open == "" && sameCreate(e, in) && !final(e.Kind, e.Status) {
			key = e.Key
			if e.Result.Open() {
				open = e.ID
				continue
			}
		}
		if e.Result.Open() {
			given = append(given, e)
		}
	}
	if open != "" {
		w.again = true
		e, err = w.st.ClaimEntry(ctx, open)
	} else {
		e, err = w.st.Begin(ctx, work.Entry{Kind: work.KindCreate, Name: newName(in.Values), Changes: in.Values.Changes(),
			Extra: extraText(in.Extra), Key: key, DraftID: in.DraftID}, claim)
	}
	if errors.Is(err, store.ErrChanged) {
		return e, err
	}
	if err != nil {
		return e, noJournal(w.op, err)
	}
	for _, e := range given {
		w.note(ctx, e.ID, store.Outcome{Result: work.Failed, Message: "no response came, and the contact was not found when it was sent again"})
	}
	return e, nil
}

// sameCreate reports whether an entry sent just what is wanted.
func sameCreate(e work.Entry, in work.Create) bool {
	return sameChange(model.NewPatch(e.Changes...), in.Values) && maps.Equal(e.Extra, extraText(in.Extra))
}

func extraText(extra map[string]json.RawMessage) map[string]string {
	if len(extra) == 0 {
		return nil
	}
	out := make(map[string]string, len(extra))
	for name, raw := range extra {
		out[name] = string(raw)
	}
	return out
}

// newName is what to call a contact that has no id yet.
func newName(values model.Patch) string {
	c := values.Apply(model.Contact{})
	if !c.HasName() && c.Get(model.FieldEmail).Empty() {
		return "new contact"
	}
	return c.Name()
}
