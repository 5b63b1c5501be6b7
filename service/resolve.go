package service

import (
	"context"
	"strings"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/store"
	"github.com/levcontacts/levcontacts/work"
)

// Resolve looks what became of a write whose response never came. It only looks:
// SendNow sends a change that did not arrive, Forget gives it up. Of a create the
// user says which of the candidates it is (Settle); where the service certainly
// has none it is noted as failed and its draft stays. The error is a
// *model.Error; then the write is still unknown.
func (s *Service) Resolve(ctx context.Context, in work.Entry) (work.Resolution, error) {
	const op = "look up an earlier write"
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return work.Resolution{Entry: in}, err
	}
	defer leave()
	ctx, w, err := s.unresolved(ctx, op, in.ID)
	if err != nil {
		return work.Resolution{Entry: in}, err
	}
	defer w.release()
	var r work.Resolution
	if !w.finished {
		if r, err = w.kind.look(w.writer, ctx, w.entry); err != nil {
			return work.Resolution{Entry: in}, err
		}
	}
	if r.Entry, err = w.st.Entry(ctx, in.ID); err != nil {
		return work.Resolution{Entry: in}, noJournal(op, err)
	}
	if r.Entry.Result == work.Done && r.Contact.ID() == 0 {
		r.Finding = work.FoundSaved
		r.Contact, _ = r.Entry.Answer.Unpack() // "" is the zero contact
	}
	return r, nil
}

// SendNow sends a change whose response never came once more, with its own key,
// because the user asked for it. The contact is looked at first: with conflicts
// nothing is sent. The errors are those of Save.
func (s *Service) SendNow(ctx context.Context, entryID string) (work.Saved, error) {
	const op = "send a change again"
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return work.Saved{}, err
	}
	defer leave()
	ctx, w, err := s.unresolved(ctx, op, entryID)
	if err != nil {
		return work.Saved{}, err
	}
	defer w.release()
	e := w.entry
	switch {
	case w.finished:
		return work.Saved{}, refused(op, "what became of it is known by now: see the history")
	case w.kind.send == nil:
		w.note(ctx, e.ID, store.Outcome{Result: work.Unknown, Status: e.Status, RequestID: e.RequestID, Message: e.Message})
		return work.Saved{}, refused(op, "save the draft of a %s to send it again", kindNoun(e.Kind))
	}
	return w.kind.send(w.writer, ctx, e)
}

func kindNoun(k work.EntryKind) string {
	rules, _ := k.Rules()
	return rules.Noun
}

// sendUpdate sends a claimed change again.
func (w *writer) sendUpdate(ctx context.Context, e work.Entry) (work.Saved, error) {
	theirs, err := w.fetch(ctx, e.ContactID)
	if err != nil {
		w.stillUnknown(ctx, e, err)
		return work.Saved{}, err
	}
	rest, conflicts := model.Merge(e.Patch(), theirs.Contact)
	switch {
	case len(conflicts) > 0:
		w.note(ctx, e.ID, overtaken(e, conflicts))
		return work.Saved{Contact: theirs.Contact, Conflicts: conflicts, Theirs: theirs.Contact}, nil
	case rest.Empty():
		w.note(ctx, e.ID, foundSaved(theirs))
		return work.Saved{Contact: theirs.Contact, Nothing: true}, nil
	}
	w.again = true
	return w.update(ctx, e, e.Patch(), theirs).saved() // the same content, or the key would not be the same write
}

// overtaken is the outcome of a change that someone else has made impossible.
func overtaken(e work.Entry, conflicts []model.Conflict) store.Outcome {
	return store.Outcome{Result: work.Failed, Item: conflictItem(e),
		Message: "no response came, and somebody has changed " + fieldWords(conflicts) + " since: not sent again"}
}

// stillUnknown gives a claimed entry back.
func (w *writer) stillUnknown(ctx context.Context, e work.Entry, err error) {
	w.note(ctx, e.ID, store.Outcome{Result: work.Unknown, Status: e.Status, RequestID: e.RequestID,
		Message: "no response came, and it could not be looked up: " + model.AsError(w.op, err).Message})
}

// lookUpdate looks at the contact of a claimed entry. The entry is ended or
// unknown again afterwards.
func (w *writer) lookUpdate(ctx context.Context, e work.Entry) (work.Resolution, error) {
	theirs, err := w.fetch(ctx, e.ContactID)
	if model.KindOf(err) == model.KindNotFound {
		w.note(ctx, e.ID, store.Outcome{Result: work.Failed, Status: model.AsError("", err).Status,
			Message: "no response came, and the contact is not there any more"})
		return work.Resolution{Finding: work.FoundGone}, nil
	}
	if err != nil {
		w.stillUnknown(ctx, e, err)
		return work.Resolution{}, err
	}
	rest, conflicts := model.Merge(e.Patch(), theirs.Contact)
	switch {
	case len(conflicts) > 0:
		w.note(ctx, e.ID, overtaken(e, conflicts))
		return work.Resolution{Finding: work.FoundConflict, Contact: theirs.Contact, Conflicts: conflicts}, nil
	case rest.Empty():
		w.note(ctx, e.ID, foundSaved(theirs))
		return work.Resolution{Finding: work.FoundSaved, Contact: theirs.Contact}, nil
	}
	w.note(ctx, e.ID, missing(e))
	return work.Resolution{Finding: work.FoundMissing, Contact: theirs.Contact}, nil
}

// lookCreate looks for the contact of a claimed entry.
func (w *writer) lookCreate(ctx context.Context, e work.Entry) (work.Resolution, error) {
	found, sure, err := w.look(ctx, e)
	switch {
	case err != nil:
		w.stillUnknown(ctx, e, err)
		return work.Resolution{}, err
	case len(found) > 0:
		w.note(ctx, e.ID, store.Outcome{Result: work.Unknown, Message: "no response came; it may have made a contact"})
		return work.Resolution{Finding: work.FoundCandidates, Candidates: found}, nil
	case sure:
		w.note(ctx, e.ID, store.Outcome{Result: work.Failed, Message: "it did not arrive: no such contact was made since"})
		return work.Resolution{Finding: work.FoundMissing}, nil
	}
	held := refused(w.op, "%s, %s: look for it in the list, or save its draft again", work.ErrCannotLook, e.Name)
	held.Cause = work.ErrCannotLook
	w.stillUnknown(ctx, e, held)
	return work.Resolution{}, held
}

// fieldWords names the fields of conflicts: "title, city".
func fieldWords(conflicts []model.Conflict) string {
	names := make([]string, len(conflicts))
	for i, c := range conflicts {
		names[i] = strings.ToLower(c.Field.Def().Label)
	}
	return strings.Join(names, ", ")
}
