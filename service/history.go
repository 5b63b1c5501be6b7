package service

import (
	"context"
	"errors"

	"github.com/levcontacts/levcontacts/store"
	"github.com/levcontacts/levcontacts/work"
)

const opHistory = "read the journal"

// History lists the writes, the newest first; a limit of 0 lists all that the
// journal holds.
func (s *Service) History(ctx context.Context, limit int) ([]work.Entry, error) {
	return s.Entries(ctx, work.EntryFilter{Limit: limit})
}

// Entries lists the chosen writes, the newest first.
func (s *Service) Entries(ctx context.Context, f work.EntryFilter) ([]work.Entry, error) {
	return s.entries(ctx, func(ctx context.Context, st *store.State) ([]work.Entry, error) { return st.Entries(ctx, f) })
}

// Unresolved lists the writes that may or may not have happened and that no
// other running program is busy with, the oldest first.
func (s *Service) Unresolved(ctx context.Context) ([]work.Entry, error) {
	return s.entries(ctx, func(ctx context.Context, st *store.State) ([]work.Entry, error) { return st.Unresolved(ctx) })
}

// entries reads the journal. An entry that cannot be understood is left out and
// reported.
func (s *Service) entries(ctx context.Context, read func(context.Context, *store.State) ([]work.Entry, error)) ([]work.Entry, error) {
	ctx, st, leave, err := s.enterState(ctx, opHistory)
	if err != nil {
		return nil, err
	}
	defer leave()
	all, err := read(ctx, st)
	if err != nil && len(all) == 0 {
		return nil, noJournal(opHistory, err)
	}
	if err != nil {
		s.problem("%s", describe(err))
	}
	return all, nil
}

// Settle ends an unknown create: contactID is the contact it made, 0 when the
// user says that it made none. Then its draft stays and can be sent again. A
// write that was settled before is left as it is.
func (s *Service) Settle(ctx context.Context, entryID string, contactID int64) error {
	o := store.Outcome{Result: work.Done, ContactID: contactID, Message: "no response came; the user found the contact"}
	if contactID == 0 {
		o = store.Outcome{Result: work.Failed, Message: "no response came; the user says that it made no contact"}
	}
	return s.settle(ctx, entryID, o)
}

// Forget ends a write of unknown outcome as discarded: it is not asked about any
// more, and never sent. Its draft stays.
func (s *Service) Forget(ctx context.Context, entryID string) error {
	return s.settle(ctx, entryID, store.Outcome{Result: work.Discarded, Message: "the user gave it up; " + work.OutcomeUnknownText})
}

func (s *Service) settle(ctx context.Context, entryID string, o store.Outcome) error {
	const op = "settle a write"
	ctx, st, leave, err := s.enterState(ctx, op)
	if err != nil {
		return err
	}
	defer leave()
	if err = st.Finish(ctx, entryID, o); errors.Is(err, store.ErrFinished) {
		return nil
	}
	return noJournal(op, err)
}
