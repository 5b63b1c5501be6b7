package service

import (
	"context"
	"slices"
	"sync"

	"github.com/levcontacts/levcontacts/work"
)

// KeepDraft stores what was typed; it is on the disk when KeepDraft returns
// without an error. A draft that is older than the stored one, or than its end,
// comes too late and is ignored; one typed into after its end is stored as a new
// one. The error is a *model.Error, with work.ErrNoJournal as its cause: then
// nothing was stored.
func (s *Service) KeepDraft(ctx context.Context, d work.Draft) error {
	const op = "keep a draft"
	ctx, st, leave, err := s.enterState(ctx, op)
	if err != nil {
		return err
	}
	defer leave()
	ctx = context.WithoutCancel(ctx) // it is written also when the program ends meanwhile
	if d.TakenBack && !st.TypedSince(d) {
		if err := s.sending.stop(ctx, d.ID); err != nil { // such as the lookup of an earlier attempt
			return noJournal(op, err)
		}
	}
	return noJournal(op, st.SaveDraft(ctx, d))
}

// Drafts lists what was typed and not saved, the newest first, without what is
// being typed in another program that runs.
func (s *Service) Drafts(ctx context.Context) ([]work.Draft, error) {
	const op = "list the drafts"
	ctx, st, leave, err := s.enterState(ctx, op)
	if err != nil {
		return nil, err
	}
	defer leave()
	all, err := st.Drafts(ctx)
	if err != nil && len(all) == 0 {
		return nil, noJournal(op, err)
	}
	if err != nil {
		s.problem("%s", describe(err))
	}
	return all, nil
}

// DiscardDraft discards an edit: its draft is forgotten, a write of it that is under
// way is stopped, and those whose outcome is unknown end as discarded. None of it
// is sent after DiscardDraft returned. A draft that is not there is fine.
func (s *Service) DiscardDraft(ctx context.Context, id string) error {
	const op = "discard a draft"
	ctx, st, leave, err := s.enterState(ctx, op)
	if err != nil {
		return err
	}
	defer leave()
	ctx = context.WithoutCancel(ctx) // the draft would come back at the next start
	if err := s.sending.stop(ctx, id); err != nil {
		return noJournal(op, err)
	}
	return noJournal(op, st.DiscardDraft(ctx, id))
}

// sending are the writes under way by the draft that they send.
type sending struct {
	mu  sync.Mutex
	all map[string][]*sendingDraft
}

type sendingDraft struct {
	cancel context.CancelFunc
	done   chan struct{}
}

// begin notes a write. The context ends when the draft is discarded; end is to
// be called when the journal has the outcome.
func (b *sending) begin(ctx context.Context, draft string) (_ context.Context, end func()) {
	ctx, cancel := context.WithCancel(ctx)
	if draft == "" {
		return ctx, cancel
	}
	w := &sendingDraft{cancel, make(chan struct{})}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.all == nil {
		b.all = map[string][]*sendingDraft{}
	}
	b.all[draft] = append(b.all[draft], w)
	return ctx, func() {
		cancel()
		close(w.done)
		b.mu.Lock()
		defer b.mu.Unlock()
		b.all[draft] = slices.DeleteFunc(b.all[draft], func(o *sendingDraft) bool { return o == w })
		if len(b.all[draft]) == 0 {
			delete(b.all, draft)
		}
	}
}

// stop stops the writes of a draft and waits until they have ended.
func (b *sending) stop(ctx context.Context, draft string) error {
	b.mu.Lock()
	all := slices.Clone(b.all[draft])
	b.mu.Unlock()
	for _, w := range all {
		w.cancel()
		select {
		case <-w.done:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
