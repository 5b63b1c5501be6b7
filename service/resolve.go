package service

import (
	"context"
	"errors"
	"strings"

	"levcontacts/model"
	"levcontacts/store"
	"levcontacts/work"
)

// Resolve finds out about a write whose answer never came. A change that the
// contact does not show is sent again with the same key, unless somebody has
// changed the same fields since. A create is only looked for and never sent
// again: the person says which of the candidates it is (Settle), and where there
// is none it is noted as failed and its draft stays. The error is a
// *model.Error; then the write is still unknown.
func (s *Service) Resolve(ctx context.Context, in work.Entry) (work.Resolution, error) {
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return work.Resolution{Entry: in}, err
	}
	defer leave()
	lock := contactLock(in.ContactID)
	if in.Kind == work.KindCreate {
		lock = createLock
	}
	w, err := s.writer(ctx, "find out about an earlier write", lock)
	if err != nil {
		return work.Resolution{Entry: in}, err
	}
	defer w.release()
	e, err := w.st.ClaimEntry(ctx, in.ID)
	if errors.Is(err, store.ErrFinished) {
		return w.resolution(ctx, in, work.Resolution{})
	}
	if err != nil {
		return work.Resolution{Entry: in}, w.unkept(err)
	}
	s.runs.drop(e.Run)
	var r work.Resolution
	if e.Kind == store.KindCreate {
		r.Candidates, err = w.resolveCreate(ctx, e)
	} else {
		r, err = w.resolveUpdate(ctx, e)
	}
	if err != nil {
		return work.Resolution{Entry: in}, err
	}
	return w.resolution(ctx, in, r)
}

// resolution adds the entry as the journal has it now, and what it made.
func (w *writer) resolution(ctx context.Context, in work.Entry, r work.Resolution) (work.Resolution, error) {
	e, err := w.st.Entry(ctx, in.ID)
	if err != nil {
		return work.Resolution{Entry: in}, w.unkept(err)
	}
	r.Entry = workEntry(e)
	if c, err := e.Answer.Unpack(); err == nil && e.Result == store.Done && r.Contact.ID() == 0 {
		r.Contact = c
	}
	return r, nil
}

// stillUnknown gives a claimed entry back.
func (w *writer) stillUnknown(ctx context.Context, e store.Entry, err error) {
	w.note(ctx, e.ID, store.Outcome{Result: store.Unknown, Status: e.Status, RequestID: e.RequestID,
		Message: "the answer never came, and it could not be looked up: " + model.AsError(w.op, err).Message})
}

// resolveUpdate looks at the contact of a claimed entry. The entry is ended or
// unknown again afterwards.
func (w *writer) resolveUpdate(ctx context.Context, e store.Entry) (work.Resolution, error) {
	patch := model.NewPatch(e.Changes...)
	theirs, requestID, err := w.client.Get(ctx, e.ContactID, work.Write)
	if model.KindOf(err) == model.KindNotFound {
		w.note(ctx, e.ID, store.Outcome{Result: store.Failed, Status: model.AsError("", err).Status,
			Message: "the answer never came, and the contact is not there any more"})
		return work.Resolution{}, nil
	}
	if err != nil {
		w.stillUnknown(ctx, e, err)
		return work.Resolution{}, err
	}
	w.s.copy.put(ctx, theirs)
	rest, conflicts := model.Merge(patch, theirs)
	switch {
	case len(conflicts) > 0:
		w.note(ctx, e.ID, store.Outcome{Result: store.Failed,
			Message: "the answer never came, and somebody has changed " + fieldWords(conflicts) + " since: not sent again"})
		return work.Resolution{Conflicts: conflicts}, nil
	case rest.Empty():
		w.note(ctx, e.ID, store.Outcome{Result: store.Done, RequestID: requestID, Answer: theirs.Pack(), Message: foundInEffect})
		return work.Resolution{Contact: theirs}, nil
	}
	w.again = true
	answer, _, err := w.update(ctx, e, patch, theirs) // the same content, or the key would not be the same write
	return work.Resolution{Contact: answer}, err
}

// resolveCreate looks for the contact of a claimed entry.
func (w *writer) resolveCreate(ctx context.Context, e store.Entry) ([]model.Contact, error) {
	found, sure, err := w.look(ctx, e)
	switch {
	case err != nil:
		w.stillUnknown(ctx, e, err)
		return nil, err
	case len(found) > 0:
		w.note(ctx, e.ID, store.Outcome{Result: store.Unknown, Message: "the answer never came; it may have made a contact"})
	case sure:
		w.note(ctx, e.ID, store.Outcome{Result: store.Failed, Message: "it did not arrive: no such contact was made since"})
	default:
		err := refused(w.op, "the service cannot be asked whether it made the contact %s: look for it in the list, or save its draft again", e.Name)
		w.stillUnknown(ctx, e, err)
		return nil, err
	}
	return found, nil
}

// fieldWords names the fields of conflicts: "title, city".
func fieldWords(conflicts []model.Conflict) string {
	names := make([]string, len(conflicts))
	for i, c := range conflicts {
		names[i] = strings.ToLower(c.Field.Def().Label)
	}
	return strings.Join(names, ", ")
}

// plainText is a value as two people would write it alike.
func plainText(v model.Value) string {
	return strings.ToLower(strings.Join(strings.Fields(v.String()), " "))
}
