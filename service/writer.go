package service

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/levcontacts/levcontacts/api"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/store"
	"github.com/levcontacts/levcontacts/work"
)

// writer is one write on its way.
type writer struct {
	s       *Service
	op      string
	st      *store.State
	client  *api.Client
	release func()
	again   bool // sends what was sent before without a response
}

func contactLock(id int64) string { return fmt.Sprintf("contact %d", id) }

// createLock keeps creates apart from each other and from finding out about
// earlier ones: what one learns of an attempt the other must not miss.
const createLock = "create"

// writer refuses what must not be written, and keeps out other writes of the
// same thing until release is called.
func (s *Service) writer(ctx context.Context, op, lock string) (*writer, error) {
	if err := s.mayWrite(op); err != nil {
		return nil, err
	}
	st, err := s.journal(ctx, op)
	if err != nil {
		return nil, err
	}
	client, err := s.remote(ctx)
	if err != nil {
		return nil, err
	}
	release, err := s.writing.lock(ctx, lock)
	if err != nil {
		return nil, &model.Error{Kind: model.KindCanceled, Op: op, Message: "stopped before anything was sent", Cause: err}
	}
	return &writer{s: s, op: op, st: st, client: client, release: release}, nil
}

// The wait for another program that is writing the same thing.
const (
	elsewherePoll = 100 * time.Millisecond
	elsewhereMost = 15 * time.Second
)

// claim notes how the journal stands for one thing, and waits for another
// program that is writing it.
func (w *writer) claim(ctx context.Context, c store.Claim) (store.Claim, error) {
	until := w.s.o.Now().Add(elsewhereMost)
	for {
		now, err := w.st.Claim(ctx, c)
		switch {
		case err == nil:
			return now, nil
		case !isHeld(err):
			return now, noJournal(w.op, err)
		case w.s.o.Now().After(until):
			return now, elsewhere(w.op)
		}
		if err := w.s.o.API.Sleep(ctx, elsewherePoll); err != nil {
			return now, &model.Error{Kind: model.KindCanceled, Op: w.op, Message: "stopped before anything was sent", Cause: err}
		}
	}
}

// fetched is a contact as it was looked at.
type fetched struct {
	model.Contact
	at        time.Time
	requestID string
}

// fetch looks at a contact.
func (w *writer) fetch(ctx context.Context, id int64) (f fetched, err error) {
	f.at = w.s.o.Now()
	f.Contact, f.requestID, err = w.client.Get(ctx, id, work.Write)
	if err == nil {
		w.s.copy.put(ctx, f.Contact)
	}
	return f, err
}

// sent is what became of a change.
type sent struct {
	answer    model.Contact
	patch     model.Patch
	requestID string
	result    work.Result
	conflicts []model.Conflict // met by a look before it was sent
	nothing   bool             // a look before it was sent found it in effect
	err       error
}

func (r sent) saved() (work.Saved, error) {
	switch {
	case r.err != nil:
		return work.Saved{}, r.err
	case len(r.conflicts) > 0:
		return work.Saved{Contact: r.answer, Conflicts: r.conflicts, Theirs: r.answer}, nil
	}
	return work.Saved{Contact: r.answer, NotTaken: model.NotTaken(r.patch, r.answer), RequestID: r.requestID, Nothing: r.nothing}, nil
}

// update sends a change that is in the journal, and notes what became of it.
// theirs is the contact as it was fetched; when that is too long ago
// by the time the change may go, and before every retry, it is fetched again.
// What the answer does not hold is as it was, with the change.
func (w *writer) update(ctx context.Context, e work.Entry, p model.Patch, theirs fetched) sent {
	l := &look{now: w.s.o.Now, at: theirs.at}
	l.again = func(ctx context.Context) (stop bool, err error) {
		if theirs, err = w.fetch(ctx, e.ContactID); err != nil {
			return false, err
		}
		l.at = theirs.at
		rest, conflicts := model.Merge(p, theirs.Contact)
		l.conflicts, l.nothing = conflicts, rest.Empty()
		return len(conflicts) > 0 || rest.Empty(), nil
	}
	answer, receipt, err := w.client.Update(context.WithValue(ctx, lookKey{}, l), e.ContactID, p, e.Key)
	if err == nil {
		answer = answer.Over(p.Apply(theirs.Contact))
	}
	out := sent{answer: answer, patch: p, requestID: receipt.RequestID, err: err}
	switch {
	case len(l.conflicts) > 0:
		out.answer, out.conflicts, out.result, out.err = theirs.Contact, l.conflicts, work.Failed, nil
		text := "someone else has changed " + fieldWords(l.conflicts)
		if receipt.Attempts > 0 || w.again {
			text = "no response came, and " + text + ": not sent again"
		}
		w.note(ctx, e.ID, store.Outcome{Result: work.Failed, Message: text, Item: conflictItem(e)})
	case l.nothing:
		out.answer, out.requestID, out.result, out.err = theirs.Contact, theirs.requestID, work.Done, nil
		text := "someone else had made the same change"
		if receipt.Attempts > 0 || w.again {
			text = foundInEffect
		} else {
			out.nothing = true
		}
		w.note(ctx, e.ID, store.Outcome{Result: work.Done, RequestID: theirs.requestID, Answer: theirs.Pack(), Message: text})
	default:
		out.result, out.err = w.finish(ctx, e, answer, receipt, err)
	}
	return out
}

func conflictItem(e work.Entry) work.ItemState {
	if e.Run == "" {
		return ""
	}
	return work.ItemConflict
}

// finish notes in the journal and in the copy what became of a write. It does
// so also when the write was stopped. The error is the one it was given, with
// work.ErrOutcomeUnknown in it when nobody knows whether it was carried out.
func (w *writer) finish(ctx context.Context, e work.Entry, answer model.Contact, receipt api.Receipt, err error) (work.Result, error) {
	ctx = context.WithoutCancel(ctx)
	o := store.Outcome{Result: work.Done, Status: receipt.Status, RequestID: receipt.RequestID}
	if err == nil {
		o.ContactID, o.Answer = answer.ID(), answer.Pack()
		if e.Kind != work.KindCreate {
			w.s.learnFixed(ctx, nil, e.Patch())
		}
		w.s.copy.putOwn(ctx, answer)
		w.note(ctx, e.ID, o)
		return o.Result, nil
	}
	failed := *model.AsError(w.op, err)
	o.Result = work.Failed
	if (receipt.Unknown || w.again) && !final(e.Kind, failed.Status) {
		o.Result = work.Unknown
		failed.Cause = errors.Join(work.ErrOutcomeUnknown, failed.Cause)
	}
	o.Message, o.RequestID = cmp.Or(failed.Message, failed.Headline()), cmp.Or(o.RequestID, failed.RequestID)
	w.s.learnReadOnly(&failed)
	w.s.learnFixed(ctx, &failed, model.Patch{})
	w.note(ctx, e.ID, o)
	return o.Result, &failed
}

// final reports whether a refusal settles the write, whatever became of attempts
// before it. Before a change is repeated the contact is looked at, so a refused
// change has not happened. A create is settled only where the service understood
// it and will not have it: an attempt before may have made the contact when the
// key was still good.
func final(kind work.EntryKind, status int) bool {
	switch status {
	case 400, 404, 409, 422:
		return true
	case 402, 403:
		return kind == work.KindUpdate || kind == work.KindUndo
	}
	return false
}

// note completes an entry. When that fails the entry stays open, and the next
// run looks the write up.
func (w *writer) note(ctx context.Context, entry string, o store.Outcome) {
	err := w.st.Finish(context.WithoutCancel(ctx), entry, o)
	if err != nil && !finishedAlready(err) {
		w.s.problem("the outcome of a write could not be noted in the journal, the next start looks it up: %s", describe(err))
	}
}
