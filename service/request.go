package service

import (
	"context"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/store"
	"github.com/levcontacts/levcontacts/work"
)

// Request sends a request of the person's own making. A write is in the journal
// before it is sent, and so is what became of it. The errors are those of Save.
func (s *Service) Request(ctx context.Context, r work.Request) (work.Response, error) {
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return work.Response{}, err
	}
	defer leave()
	op := r.String()
	if !r.Write() {
		client, err := s.remote(ctx)
		if err != nil {
			return work.Response{}, err
		}
		out, contact, _, err := client.Request(ctx, r)
		if err == nil && contact.ID() != 0 {
			s.copy.put(ctx, contact)
		}
		return out, err
	}
	w, err := s.writer(ctx, op, createLock)
	if err != nil {
		return work.Response{}, err
	}
	defer w.release()
	e, err := w.st.Begin(ctx, work.Entry{Kind: work.KindRequest, Name: r.Method + " " + r.Path, Extra: r.Extra(),
		Key: r.Key}, store.Claim{})
	if err != nil {
		return work.Response{}, noJournal(op, err)
	}
	r.Key = e.Key
	out, contact, receipt, err := w.client.Request(ctx, r)
	if err != nil {
		_, err = w.finish(ctx, e, model.Contact{}, receipt, err)
		return out, err
	}
	w.note(ctx, e.ID, store.Outcome{Result: work.Done, Status: receipt.Status, RequestID: receipt.RequestID})
	if contact.ID() != 0 {
		s.copy.put(context.WithoutCancel(ctx), contact)
	}
	return out, nil
}

// lookRequest ends a request whose response never came: nobody but the service
// knows what it was for.
func (w *writer) lookRequest(ctx context.Context, e work.Entry) (work.Resolution, error) {
	w.note(ctx, e.ID, store.Outcome{Result: work.Discarded, Status: e.Status, RequestID: e.RequestID,
		Message: "no response came; only the service knows whether it was carried out"})
	return work.Resolution{}, nil
}
