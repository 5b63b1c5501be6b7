package service

import (
	"context"
	"errors"
	"fmt"
	"time"

	"levcontacts/model"
	"levcontacts/store"
)

// state is what cannot be fetched again: store.State on disk, or memory.
type state interface {
	SaveDraft(context.Context, store.Draft) (store.Draft, error)
	Drafts(context.Context) ([]store.Draft, error)
	DropDraft(ctx context.Context, id string) error

	Begin(context.Context, store.Entry) (store.Entry, error)
	Finish(ctx context.Context, id string, o store.Outcome) error
	ClaimEntry(ctx context.Context, id string) (store.Entry, error)
	Unresolved(context.Context) ([]store.Entry, error)
	Entries(context.Context, store.Filter) ([]store.Entry, error)
	Entry(ctx context.Context, id string) (store.Entry, error)

	CreateRun(context.Context, store.Run, []store.Item) (store.Run, error)
	Runs(context.Context) ([]store.Run, error)
	SetRunState(ctx context.Context, id string, s store.RunState) error
	Items(ctx context.Context, run string) ([]store.Item, error)
	NextItems(ctx context.Context, run string, n int) ([]store.Item, error)
	EndItem(ctx context.Context, run string, contactID int64, s store.ItemState, message string) error

	SetFact(ctx context.Context, name, value string) error
	Fact(ctx context.Context, name string) (string, error)

	Close() error
}

var (
	_ state = (*store.State)(nil)
	_ state = (*memory)(nil)
)

// journalKept is how long finished writes and bulk edits stay in the journal.
const journalKept = 365 * 24 * time.Hour

// kept opens the state. Where it cannot be opened the program goes on with one
// in memory, and says that it does. The error is that of a context that ended.
func (s *Service) kept(ctx context.Context) (state, error) {
	st, err := s.openState(ctx)
	if err != nil {
		err = &model.Error{Kind: model.KindCanceled, Message: "stopped", Cause: err}
	}
	return st, err
}

// enterState is enter for what needs nothing but the state.
func (s *Service) enterState(ctx context.Context) (inner context.Context, st state, leave func(), err error) {
	inner, leave, err = s.enter(ctx)
	if err != nil {
		return inner, nil, nil, err
	}
	if st, err = s.kept(inner); err != nil {
		leave()
		return inner, nil, nil, err
	}
	return inner, st, leave, nil
}

func (s *Service) openState(ctx context.Context) (state, error) {
	return s.state.get(ctx, func(ctx context.Context) (state, error) {
		if s.o.OpenState == nil {
			return newMemory(s.o.Now, s.o.NewID), nil
		}
		st, err := s.o.OpenState(ctx)
		if err == nil {
			s.welcome(ctx, st)
			return st, nil
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		s.problem("drafts and the journal of writes cannot be kept on this disk and end with the program: %s", words(err))
		return newMemory(s.o.Now, s.o.NewID), nil
	})
}

// welcome tidies a state that was opened and says what is odd about it.
func (s *Service) welcome(ctx context.Context, st *store.State) {
	if aside := st.SetAside(); aside != "" {
		s.problem("the file with the drafts and the journal was damaged; what could be read was carried over, and the old one is kept as %s", aside)
	}
	if _, err := st.PurgeBefore(ctx, s.o.Now().Add(-journalKept)); err != nil && ctx.Err() == nil {
		s.problem("the journal cannot be tidied: %s", words(err))
	}
	strays, err := st.Strays(ctx)
	if err == nil && strays.Drafts+strays.Unresolved > 0 {
		s.problem("%d drafts and %d writes without an answer belong to another account or base URL of this profile; they come back when it points there again",
			strays.Drafts, strays.Unresolved)
	}
}

// words says what is wrong with a file, without the name of the operation.
func words(err error) string {
	if e, ok := errors.AsType[*store.Error](err); ok {
		return fmt.Sprintf("%v (%s)", e.Reason, e.Path)
	}
	return err.Error()
}

// The facts that are remembered under names of the Service's own.
const (
	factRoutes  = "routes"    // path style of the service
	factNoMe    = "no-me"     // when GET /me was found missing, RFC 3339
	factAccount = "account"   // whom the kept rows and drafts belong to, JSON
	factView    = "last-view" // what was shown last, JSON
)

// setFact remembers something that can be learned again: a failure is only said.
func (s *Service) setFact(ctx context.Context, name, value string) {
	st, err := s.kept(ctx)
	if err == nil {
		err = st.SetFact(ctx, name, value)
	}
	if err != nil && ctx.Err() == nil {
		s.problem("%s", words(err))
	}
}

// fact recalls something that can be learned again, "" for nothing.
func (s *Service) fact(ctx context.Context, st state, name string) string {
	value, err := st.Fact(ctx, name)
	if err != nil && ctx.Err() == nil {
		s.problem("%s", words(err))
	}
	return value
}

// Recall is what Remember kept under a name, "" for nothing.
func (s *Service) Recall(ctx context.Context, name string) (string, error) {
	ctx, st, leave, err := s.enterState(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	return st.Fact(ctx, name)
}

// Remember keeps something small for later runs of the profile; an empty value
// forgets it.
func (s *Service) Remember(ctx context.Context, name, value string) error {
	ctx, st, leave, err := s.enterState(ctx)
	if err != nil {
		return err
	}
	defer leave()
	return st.SetFact(ctx, name, value)
}
