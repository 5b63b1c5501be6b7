package service

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/store"
	"github.com/levcontacts/levcontacts/work"
)

// journalKept is how long finished writes and bulk edits stay in the journal.
const journalKept = 365 * 24 * time.Hour

// stateAgain is how long a state that could not be opened is left alone: to wait
// for a locked one takes seconds.
const stateAgain = 5 * time.Second

// stateFailure is why the state could not be opened.
type stateFailure struct {
	mu  sync.Mutex
	err error
	at  time.Time
}

// journal opens drafts, journal and facts. Where they cannot be opened, nothing
// that needs them is done: the error is a *model.Error with work.ErrNoJournal,
// or of kind canceled.
func (s *Service) journal(ctx context.Context, op string) (*store.State, error) {
	st, err := s.openState(ctx)
	return st, noJournal(op, err)
}

// noJournal is the error of a state that cannot be opened, read or written.
func noJournal(op string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return &model.Error{Kind: model.KindCanceled, Op: op, Message: "stopped", Cause: err}
	}
	return &model.Error{Kind: model.KindRefused, Op: op, Message: work.ErrNoJournal.Error() + ": " + describe(err),
		Cause: errors.Join(work.ErrNoJournal, err)}
}

// facts is the state for what can be learned again, nil where it cannot be opened.
func (s *Service) facts(ctx context.Context) *store.State {
	st, err := s.openState(ctx)
	if err != nil {
		return nil
	}
	return st
}

// enterState is enter for what needs nothing but the state.
func (s *Service) enterState(ctx context.Context, op string) (inner context.Context, st *store.State, leave func(), err error) {
	inner, leave, err = s.enter(ctx)
	if err != nil {
		return inner, nil, nil, err
	}
	if st, err = s.journal(inner, op); err != nil {
		leave()
		return inner, nil, nil, err
	}
	return inner, st, leave, nil
}

func (s *Service) openState(ctx context.Context) (*store.State, error) {
	return s.state.get(ctx, func(ctx context.Context) (*store.State, error) {
		if s.o.OpenState == nil {
			return store.OpenMemory(ctx, s.o.Now, s.o.NewID)
		}
		f := &s.stateFailure
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.err != nil && s.o.Now().Sub(f.at) < stateAgain {
			return nil, f.err
		}
		st, err := s.o.OpenState(ctx)
		switch {
		case err == nil:
			f.err = nil
			s.afterOpen(ctx, st)
		case ctx.Err() == nil:
			f.err, f.at = err, s.o.Now()
			s.problem("drafts and the journal cannot be used, so nothing can be saved: %s", describe(err))
		}
		return st, err
	})
}

// afterOpen tidies a state that was opened and says what is odd about it.
func (s *Service) afterOpen(ctx context.Context, st *store.State) {
	if path, backup := st.Quarantined(); !backup.IsZero() {
		s.problem("the file with the drafts and the journal was damaged: its second copy of %s took its place, "+
			"with what could still be read; the damaged one is kept as %s", backup.Local().Format("2 Jan 2006 15:04"), path)
	} else if path != "" {
		s.problem("the file with the drafts and the journal was damaged; what could be read was carried over, and the old one is kept as %s", path)
	}
	if _, err := st.PurgeBefore(ctx, s.o.Now().Add(-journalKept)); err != nil && ctx.Err() == nil {
		s.problem("the journal cannot be tidied: %s", describe(err))
	}
	strays, err := st.OtherIdentities(ctx)
	if err == nil && strays.Drafts+strays.Unresolved > 0 {
		s.problem("%d drafts and %d writes without a response belong to another account or base URL of this profile; they come back when it points there again",
			strays.Drafts, strays.Unresolved)
	}
}

// describe says what is wrong with a file, without the name of the operation.
func describe(err error) string {
	if e, ok := errors.AsType[*store.Error](err); ok {
		return fmt.Sprintf("%v (%s)", e.Reason, e.Path)
	}
	return err.Error()
}

// The facts that are remembered under names of the Service's own.
const (
	factRoutes  = "routes"    // path style of the service
	factNoMe    = "no-me"     // when GET /me was found missing, RFC 3339
	factAccount = "account"   // whom the stored rows and drafts belong to, JSON
	factView    = "last-view" // what was shown last, JSON
)

// setFact remembers something that can be learned again: a failure is only said.
func (s *Service) setFact(ctx context.Context, name, value string) {
	st := s.facts(ctx)
	if st == nil {
		return
	}
	if err := st.SetFact(ctx, name, value); err != nil && ctx.Err() == nil {
		s.problem("%s", describe(err))
	}
}

// fact recalls something that can be learned again, "" for nothing.
func (s *Service) fact(ctx context.Context, name string) string {
	st := s.facts(ctx)
	if st == nil {
		return ""
	}
	value, err := st.Fact(ctx, name)
	if err != nil && ctx.Err() == nil {
		s.problem("%s", describe(err))
	}
	return value
}

// Recall is what Remember stored under a name, "" for nothing.
func (s *Service) Recall(ctx context.Context, name string) (string, error) {
	ctx, st, leave, err := s.enterState(ctx, "recall "+name)
	if err != nil {
		return "", err
	}
	defer leave()
	return st.Fact(ctx, name)
}

// Remember stores something small for later runs of the profile; an empty value
// forgets it.
func (s *Service) Remember(ctx context.Context, name, value string) error {
	ctx, st, leave, err := s.enterState(ctx, "remember "+name)
	if err != nil {
		return err
	}
	defer leave()
	return st.SetFact(ctx, name, value)
}
