package service

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"levcontacts/api"
	"levcontacts/model"
	"levcontacts/store"
	"levcontacts/work"
)

// Save changes a contact. It is fetched first, unless that was done just now: what somebody else set to the
// same value is left out, and a field that somebody else changed since
// Change.Before is a conflict, with which nothing is sent. The rest is in the
// journal before it is sent. The draft goes with the save, unless somebody has
// typed into it since. The error is a *model.Error, also where the journal
// cannot be written: then nothing was sent.
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
	if err := w.mayUndo(ctx, in.Undoes); err != nil {
		return work.Saved{}, err
	}
	theirs, err := w.before(ctx, in)
	if err != nil {
		return work.Saved{}, err
	}
	rest, conflicts := model.Merge(in.Patch, theirs)
	if len(conflicts) > 0 {
		return work.Saved{Contact: theirs, Conflicts: conflicts, Theirs: theirs}, nil
	}
	again, err := w.settleEarlier(ctx, theirs, rest)
	if err != nil {
		return work.Saved{}, err
	}
	if rest.Empty() {
		if in.DraftID != "" {
			err = s.DropDraft(ctx, in.DraftID)
		}
		return work.Saved{Contact: theirs, Nothing: true}, err
	}
	e := again
	w.again = e.ID != ""
	if !w.again {
		if e, err = w.beginUpdate(ctx, in, theirs, rest); err != nil {
			return work.Saved{}, err
		}
	}
	answer, receipt, err := w.update(ctx, e, rest, theirs)
	if err != nil {
		return work.Saved{}, err
	}
	s.draftSent(ctx, w.st, in.DraftID)
	return work.Saved{Contact: answer, NotTaken: model.NotTaken(rest, answer), RequestID: receipt.RequestID}, nil
}

// before is the contact as it is before the change.
func (w *writer) before(ctx context.Context, in work.Save) (model.Contact, error) {
	if in.Base.ID() == in.ID && w.s.o.Now().Sub(in.BaseAt) <= lookFresh {
		return in.Base, nil
	}
	theirs, _, err := w.client.Get(ctx, in.ID, work.Write)
	if err == nil {
		w.s.copy.put(ctx, theirs)
	}
	return theirs, err
}

// lookFresh is how old a look at a contact may be when a change of it is sent.
const lookFresh = 5 * time.Second

// writer is one write on its way.
type writer struct {
	s       *Service
	op      string
	st      state
	client  *api.Client
	release func()
	again   bool // sends what was sent before without an answer
}

func contactLock(id int64) string { return fmt.Sprintf("contact %d", id) }

// createLock keeps creates apart from each other and from finding out about
// earlier ones: what one learns of a try the other must not miss.
const createLock = "create"

// writer refuses what must not be written, and keeps out other writes of the
// same thing until release is called.
func (s *Service) writer(ctx context.Context, op, lock string) (*writer, error) {
	if err := s.mayWrite(op); err != nil {
		return nil, err
	}
	client, err := s.remote(ctx)
	if err != nil {
		return nil, err
	}
	st, err := s.kept(ctx)
	if err != nil {
		return nil, err
	}
	release, err := s.writing.take(ctx, lock)
	if err != nil {
		return nil, &model.Error{Kind: model.KindCanceled, Op: op, Message: "stopped before anything was sent", Cause: err}
	}
	return &writer{s: s, op: op, st: st, client: client, release: release}, nil
}

// mayUndo refuses to take back what cannot be.
func (w *writer) mayUndo(ctx context.Context, entry string) error {
	if entry == "" {
		return nil
	}
	e, err := w.st.Entry(ctx, entry)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return refused(w.op, "the change to undo is not in the journal any more")
	case err != nil:
		return w.unkept(err)
	case e.Kind == store.KindCreate:
		return refused(w.op, "a contact that was created cannot be undone: the service has no delete")
	case e.UndoneBy != "":
		return refused(w.op, "this change was undone already")
	}
	return nil
}

// unkept is a write that is not sent because the journal cannot take it.
func (w *writer) unkept(err error) error {
	return &model.Error{Kind: model.KindRefused, Op: w.op, Message: "the journal cannot be used, so nothing is sent: " + words(err), Cause: err}
}

// beginUpdate puts a change into the journal.
func (w *writer) beginUpdate(ctx context.Context, in work.Save, theirs model.Contact, rest model.Patch) (store.Entry, error) {
	draft, err := w.s.keptDraft(ctx, w.st, in.DraftID)
	if err != nil {
		return store.Entry{}, w.unkept(err)
	}
	e := store.Entry{Kind: store.KindUpdate, ContactID: in.ID, Name: theirs.Name(), Changes: rest.Changes(),
		IdempotencyKey: in.EntryKey, Draft: draft, Undoes: in.Undoes}
	if in.Undoes != "" {
		e.Kind = store.KindUndo
	}
	if e, err = w.st.Begin(ctx, e); err != nil {
		return e, w.unkept(err)
	}
	return e, nil
}

// update sends a change that is in the journal, and notes what became of it.
// What the answer does not hold is as it was, with the change.
func (w *writer) update(ctx context.Context, e store.Entry, p model.Patch, theirs model.Contact) (model.Contact, api.Receipt, error) {
	answer, receipt, err := w.client.Update(ctx, e.ContactID, p, e.IdempotencyKey)
	if err == nil {
		answer = answer.Over(p.Apply(theirs))
	}
	w.finish(ctx, e, answer, receipt, err)
	return answer, receipt, err
}

// finish notes in the journal and in the copy what became of a write. It does
// so also when the write was stopped.
func (w *writer) finish(ctx context.Context, e store.Entry, answer model.Contact, receipt api.Receipt, err error) {
	ctx = context.WithoutCancel(ctx)
	o := store.Outcome{Result: store.Done, Status: receipt.Status, RequestID: receipt.RequestID}
	switch {
	case err == nil:
		o.ContactID, o.Answer = answer.ID(), answer.Pack()
		w.s.copy.put(ctx, answer)
	case receipt.Unsure, w.again && !refusedContent(receipt.Status):
		o.Result = store.Unknown
	default:
		o.Result = store.Failed
	}
	if err != nil {
		failed := model.AsError(w.op, err)
		o.Message, o.RequestID = cmp.Or(failed.Message, failed.Headline()), cmp.Or(o.RequestID, failed.RequestID)
		w.s.learnReadOnly(failed)
	}
	w.note(ctx, e.ID, o)
}

// note completes an entry. When that fails the entry stays open, and the next
// run looks the write up.
func (w *writer) note(ctx context.Context, entry string, o store.Outcome) {
	err := w.st.Finish(context.WithoutCancel(ctx), entry, o)
	if err != nil && !errors.Is(err, store.ErrFinished) {
		w.s.problem("the outcome of a write could not be noted in the journal, the next start looks it up: %s", words(err))
	}
}

// settleEarlier ends changes of the contact whose answer never came, now that
// it is known how the contact is. One that is the very change wanted now is
// handed back, claimed, to be sent again with its own key, so that the service
// takes both for one.
func (w *writer) settleEarlier(ctx context.Context, theirs model.Contact, rest model.Patch) (again store.Entry, err error) {
	open, err := w.st.Entries(ctx, store.Filter{ContactID: theirs.ID(), Result: store.Unknown})
	if err != nil && len(open) == 0 {
		return again, w.unkept(err)
	}
	for _, e := range open {
		if e.Holder == store.Elsewhere {
			continue
		}
		patch := model.NewPatch(e.Changes...)
		left, conflicts := model.Merge(patch, theirs)
		same := again.ID == "" && sameChange(patch, rest)
		if e, err = w.st.ClaimEntry(ctx, e.ID); err != nil {
			if errors.Is(err, store.ErrHeld) || errors.Is(err, store.ErrFinished) {
				continue
			}
			return again, w.unkept(err)
		}
		w.s.runs.drop(e.Run)
		switch {
		case left.Empty() && len(conflicts) == 0:
			w.note(ctx, e.ID, store.Outcome{Result: store.Done, Answer: theirs.Pack(), Message: foundInEffect})
		case same:
			again = e
		default:
			w.note(ctx, e.ID, store.Outcome{Result: store.Failed, Message: "it was not in effect when a later change was saved"})
		}
	}
	return again, nil
}

const foundInEffect = "the answer never came; the contact shows that it took effect"

// sameChange says that two patches send the same.
func sameChange(a, b model.Patch) bool {
	x, errX := a.MarshalJSON()
	y, errY := b.MarshalJSON()
	return errX == nil && errY == nil && string(x) == string(y)
}
