package service

import (
	"context"
	"errors"

	"levcontacts/store"
	"levcontacts/work"
)

// History lists the writes, the newest first; a limit of 0 lists all that the
// journal holds.
func (s *Service) History(ctx context.Context, limit int) ([]work.Entry, error) {
	return s.entries(ctx, func(ctx context.Context, st state) ([]store.Entry, error) {
		return st.Entries(ctx, store.Filter{Limit: limit})
	})
}

// Unresolved lists the writes that may or may not have happened and that no
// other running program is busy with, the oldest first.
func (s *Service) Unresolved(ctx context.Context) ([]work.Entry, error) {
	return s.entries(ctx, func(ctx context.Context, st state) ([]store.Entry, error) { return st.Unresolved(ctx) })
}

// entries reads the journal. An entry that cannot be understood is left out and
// told of.
func (s *Service) entries(ctx context.Context, read func(context.Context, state) ([]store.Entry, error)) ([]work.Entry, error) {
	ctx, st, leave, err := s.enterState(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	all, err := read(ctx, st)
	if err != nil {
		if len(all) == 0 {
			return nil, err
		}
		s.problem("%s", words(err))
	}
	out := make([]work.Entry, len(all))
	for i, e := range all {
		out[i] = workEntry(e)
	}
	return out, nil
}

func workEntry(e store.Entry) work.Entry {
	return work.Entry{
		ID: e.ID, Kind: work.EntryKind(e.Kind), ContactID: e.ContactID, Name: e.Name, Changes: e.Changes, Extra: e.Extra, Key: e.IdempotencyKey,
		Started: e.StartedAt, Finished: e.FinishedAt, Result: work.Result(e.Result), Status: e.Status,
		RequestID: e.RequestID, Message: e.Message, Undoes: e.Undoes, Undone: e.UndoneBy != "", Run: e.Run,
		Seq: e.Seq, DraftID: e.Draft, Answer: e.Answer, Elsewhere: e.Holder == store.Elsewhere,
	}
}

// Settle ends an unknown create: contactID is the contact it made, 0 when the
// person says that it made none. Then its draft stays and can be sent again.
// A write that was settled before is left as it is.
func (s *Service) Settle(ctx context.Context, entryID string, contactID int64) error {
	ctx, st, leave, err := s.enterState(ctx)
	if err != nil {
		return err
	}
	defer leave()
	o := store.Outcome{Result: store.Done, ContactID: contactID, Message: "the answer never came; the person found the contact"}
	if contactID == 0 {
		o = store.Outcome{Result: store.Failed, Message: "the answer never came; the person says that it made no contact"}
	}
	err = st.Finish(ctx, entryID, o)
	if errors.Is(err, store.ErrFinished) {
		return nil
	}
	return err
}
