package service

import (
	"context"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/store"
	"github.com/levcontacts/levcontacts/work"
)

// writeKind is what the program does with one kind of write whose outcome is
// unknown. How a kind is named and whether it can be undone is in work.
type writeKind struct {
	// lock keeps out other writes of the same thing.
	lock func(work.Entry) string
	// look finds out, and sends nothing.
	look func(*writer, context.Context, work.Entry) (work.Resolution, error)
	// send sends it once more, because the user asked for it; nil where that
	// must go another way.
	send func(*writer, context.Context, work.Entry) (work.Saved, error)
}

// writeKinds are the kinds that the program knows; another is refused, never
// taken for one of these.
func writeKinds(k work.EntryKind) (writeKind, bool) {
	update := writeKind{
		lock: func(e work.Entry) string { return contactLock(e.ContactID) },
		look: (*writer).lookUpdate,
		send: (*writer).sendUpdate,
	}
	note := writeKind{lock: update.lock, look: (*writer).lookNote, send: (*writer).sendNoteAgain}
	kind, ok := map[work.EntryKind]writeKind{
		work.KindCreate: {lock: func(work.Entry) string { return createLock }, look: (*writer).lookCreate},
		work.KindUpdate: update,
		work.KindUndo:   update,

		work.KindNoteCreate: note,
		work.KindNoteUpdate: note,
		work.KindNoteDelete: note,

		work.KindCompanyCreate: {lock: func(work.Entry) string { return createLock }, look: (*writer).lookCompany, send: (*writer).sendCompanyAgain},
		work.KindRequest:       {lock: func(work.Entry) string { return createLock }, look: (*writer).lookRequest},
	}[k]
	return kind, ok
}

// earlier is a write of unknown outcome that is worked on.
type earlier struct {
	*writer
	kind     writeKind
	entry    work.Entry
	finished bool // the outcome is known by now
}

// unresolved begins to work on a write of unknown outcome: it is claimed until
// its outcome is noted or it is given back. The context ends when the draft of the
// write is discarded, which waits until the writer is released.
func (s *Service) unresolved(ctx context.Context, op, entryID string) (context.Context, earlier, error) {
	st, err := s.journal(ctx, op)
	if err != nil {
		return ctx, earlier{}, err
	}
	e, err := st.Entry(ctx, entryID)
	if err != nil {
		return ctx, earlier{}, noJournal(op, err)
	}
	kind, known := writeKinds(e.Kind)
	if !known {
		return ctx, earlier{}, refused(op, "this version does not know what a write of kind %q is", e.Kind)
	}
	w, err := s.writer(ctx, op, kind.lock(e))
	if err != nil {
		return ctx, earlier{}, err
	}
	ctx, end := s.sending.begin(ctx, e.DraftID)
	unlock := w.release
	w.release = func() {
		end()
		unlock()
	}
	claimed, err := st.ClaimEntry(ctx, entryID)
	switch {
	case err == nil:
		s.runs.drop(e.Run)
		return ctx, earlier{w, kind, claimed, false}, nil
	case finishedAlready(err):
		return ctx, earlier{w, kind, e, true}, nil
	case isHeld(err):
		w.release()
		return ctx, earlier{}, elsewhere(op)
	}
	w.release()
	return ctx, earlier{}, noJournal(op, err)
}

// elsewhere is a write that is not sent because another program is at it.
func elsewhere(op string) *model.Error {
	e := refused(op, "another running program is writing it: try again when it is done")
	e.Cause = work.ErrElsewhere
	return e
}

// missing is the outcome of a change that the contact does not show. One of a
// bulk run ends, and its item waits for RetryItems.
func missing(e work.Entry) store.Outcome {
	o := store.Outcome{Result: work.Unknown, Status: e.Status, RequestID: e.RequestID,
		Message: "no response came, and the contact does not show the change"}
	if e.Run != "" {
		o.Result, o.Item = work.Failed, work.ItemMissing
	}
	return o
}
