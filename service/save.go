package service

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/store"
	"github.com/levcontacts/levcontacts/work"
)

// lookFresh is how old a look at a contact may be when a change of it is sent.
const lookFresh = 5 * time.Second

// Save changes a contact. The contact is fetched just before, and again before
// every retry: what someone else set to the same value is left out, and a field
// that someone else changed since Change.Before is a conflict, with which
// nothing is sent. The rest is in the journal before it is sent. The draft goes
// with the save, unless somebody has typed into it since. The error is a
// *model.Error. Its cause is work.ErrNoJournal where the journal cannot be
// written and nothing was sent, work.ErrElsewhere where another program is
// writing the contact, and work.ErrOutcomeUnknown where nobody knows whether the
// change was saved.
func (s *Service) Save(ctx context.Context, in work.Save) (work.Saved, error) {
	op := fmt.Sprintf("save contact %d", in.ID)
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return work.Saved{}, err
	}
	defer leave()
	w, err := s.writer(ctx, op, contactLock(in.ID))
	if err != nil {
		return work.Saved{}, err
	}
	defer w.release()
	ctx, end := s.sending.begin(ctx, in.DraftID)
	defer end()
	if in.Patch, err = w.mayUndo(ctx, in.Undoes, in.Patch); err != nil {
		return work.Saved{}, err
	}
	for range maxRounds {
		saved, err := w.save(ctx, in)
		if !errors.Is(err, store.ErrChanged) {
			return saved, err
		}
		in.BaseAt = time.Time{}
	}
	return work.Saved{}, elsewhere(op)
}

// maxRounds is how often a write is looked at anew because another program was
// faster.
const maxRounds = 5

// save is one round of Save. The error is store.ErrChanged when another program
// wrote the contact after the look.
func (w *writer) save(ctx context.Context, in work.Save) (work.Saved, error) {
	claim, err := w.claim(ctx, store.Claim{ContactID: in.ID})
	if err != nil {
		return work.Saved{}, err
	}
	theirs, err := w.before(ctx, in, claim)
	if err != nil {
		return work.Saved{}, err
	}
	rest, conflicts := model.Merge(in.Patch, theirs.Contact)
	if len(conflicts) > 0 {
		return work.Saved{Contact: theirs.Contact, Conflicts: conflicts, Theirs: theirs.Contact}, nil
	}
	e, settled, err := w.settleEarlier(ctx, theirs, rest)
	if err != nil {
		return work.Saved{}, err
	}
	if rest.Empty() {
		if in.DraftID != "" {
			err = noJournal(w.op, w.st.DiscardDraft(ctx, in.DraftID))
		}
		return work.Saved{Contact: theirs.Contact, Nothing: true}, err
	}
	if settled { // the journal was changed by this program
		if claim, err = w.claim(ctx, store.Claim{ContactID: in.ID}); err != nil {
			return work.Saved{}, err
		}
	}
	w.again = e.ID != ""
	if !w.again {
		e = work.Entry{Kind: work.KindUpdate, ContactID: in.ID, Name: theirs.Name(), Changes: rest.Changes(),
			Key: in.EntryKey, DraftID: in.DraftID, Undoes: in.Undoes}
		if in.Undoes != "" {
			e.Kind = work.KindUndo
		}
		if e, err = w.st.Begin(ctx, e, claim); err != nil {
			if errors.Is(err, store.ErrChanged) {
				return work.Saved{}, err
			}
			return work.Saved{}, noJournal(w.op, err)
		}
	}
	return w.update(ctx, e, rest, theirs).saved()
}

// before is the contact as it is before the change.
func (w *writer) before(ctx context.Context, in work.Save, claim store.Claim) (fetched, error) {
	fresh := w.s.o.Now().Sub(in.BaseAt) <= lookFresh && claim.Written().Before(in.BaseAt)
	if fresh && in.Base.ID() == in.ID {
		return fetched{Contact: in.Base, at: in.BaseAt}, nil
	}
	return w.fetch(ctx, in.ID)
}

// mayUndo refuses to undo what cannot be. What is to be undone is what the
// service answered, which need not be what was sent: the result is the patch
// with those values before.
func (w *writer) mayUndo(ctx context.Context, entry string, p model.Patch) (model.Patch, error) {
	if entry == "" {
		return p, nil
	}
	e, err := w.st.Entry(ctx, entry)
	if errors.Is(err, store.ErrNotFound) {
		return p, refused(w.op, "the change to undo is not in the journal any more")
	}
	if err != nil {
		return p, noJournal(w.op, err)
	}
	rules, known := e.Kind.Rules()
	switch {
	case !known:
		return p, refused(w.op, "this version does not know how to undo a write of kind %q", e.Kind)
	case e.Kind.OfNote():
		return p, refused(w.op, "a change of a note is undone where the notes are")
	case rules.NoUndo != "":
		return p, refused(w.op, "%s", rules.NoUndo)
	case e.Undone:
		return p, refused(w.op, "this change was undone already")
	}
	answer, err := e.Answer.Unpack()
	if e.Answer == "" || err != nil {
		return p, nil
	}
	sent := e.Patch()
	var changes []model.Change
	for _, c := range p.Changes() {
		if was, ok := sent.Get(c.Field); ok && was.After.String() == c.Before.String() && answer.Get(c.Field).Kind() != model.Absent {
			c.Before = answer.Get(c.Field)
		}
		changes = append(changes, c)
	}
	return model.NewPatch(changes...), nil
}

// settleEarlier ends changes of the contact whose response never came, now that
// it is known how the contact is. One that is the very change wanted now is
// handed back, claimed, to be sent again with its own key, so that the service
// takes both for one. settled reports whether the journal was changed.
func (w *writer) settleEarlier(ctx context.Context, theirs fetched, rest model.Patch) (again work.Entry, settled bool, err error) {
	open, err := w.st.Entries(ctx, work.EntryFilter{ContactID: theirs.ID(), Result: work.Unknown})
	if err != nil && len(open) == 0 {
		return again, false, noJournal(w.op, err)
	}
	for _, e := range open {
		if _, known := writeKinds(e.Kind); e.Elsewhere || !known || e.Kind.OfNote() {
			continue
		}
		left, conflicts := model.Merge(e.Patch(), theirs.Contact)
		same := again.ID == "" && sameChange(e.Patch(), rest)
		if e, err = w.st.ClaimEntry(ctx, e.ID); err != nil {
			if finishedAlready(err) || isHeld(err) {
				continue
			}
			return again, settled, noJournal(w.op, err)
		}
		settled = true
		w.s.runs.drop(e.Run)
		switch {
		case left.Empty() && len(conflicts) == 0:
			w.note(ctx, e.ID, foundSaved(theirs))
		case same:
			again = e
		default:
			w.note(ctx, e.ID, store.Outcome{Result: work.Failed, Message: "it was not in effect when a later change was saved"})
		}
	}
	return again, settled, nil
}

// foundSaved is the outcome of a change that the contact shows.
func foundSaved(theirs fetched) store.Outcome {
	return store.Outcome{Result: work.Done, RequestID: theirs.requestID, Answer: theirs.Pack(), Message: foundInEffect}
}

const foundInEffect = "no response came; the contact shows that the change was saved"

func finishedAlready(err error) bool { return errors.Is(err, store.ErrFinished) }

func isHeld(err error) bool { return errors.Is(err, store.ErrBusy) }

// sameChange reports whether two patches send the same.
func sameChange(a, b model.Patch) bool {
	x, errX := a.MarshalJSON()
	y, errY := b.MarshalJSON()
	return errX == nil && errY == nil && string(x) == string(y)
}
