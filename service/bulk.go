package service

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/store"
	"github.com/levcontacts/levcontacts/work"
)

// StartRun stores a bulk edit with every change of it, before the first is sent,
// and drops the draft that it was typed in, in one transaction. Nothing is sent
// that is not in items. The error is a *model.Error of kind refused when nothing
// may be written, or with work.ErrNoJournal; then the draft stays.
func (s *Service) StartRun(ctx context.Context, title, draftID string, items []work.BulkItem) (work.BulkRun, error) {
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return work.BulkRun{}, err
	}
	defer leave()
	if err := s.mayWrite(opBulk); err != nil {
		return work.BulkRun{}, err
	}
	st, err := s.journal(ctx, opBulk)
	if err != nil {
		return work.BulkRun{}, err
	}
	items = slices.DeleteFunc(slices.Clone(items), func(it work.BulkItem) bool { return it.Patch.Empty() })
	run, err := st.CreateRun(ctx, title, draftID, items)
	return run, noJournal(opBulk, err)
}

const opBulk = "edit several contacts"

// StepRun sends the next contact of a bulk edit, and begins a stopped one again.
// A contact that the service refuses is noted as failed, one that someone else
// has changed is left out; neither is an error. What would hit every contact
// alike, such as no network, is: the run is stopped then, and the contact is
// still to do. done comes alone, when none is left. A change that is being sent
// when ctx ends comes to its end.
func (s *Service) StepRun(ctx context.Context, runID string) (item work.BulkItem, run work.BulkRun, done bool, err error) {
	user := ctx
	ctx, leave, err := s.enter(context.WithoutCancel(ctx))
	if err != nil {
		return item, run, false, err
	}
	defer leave()
	ctx, end := finishInFlight(ctx, user)
	defer end()
	b, err := s.bulk(inBackground(ctx), runID)
	if err != nil {
		return item, run, false, err
	}
	defer b.release()
	next, err := b.st.NextItems(ctx, runID, 1)
	if err != nil {
		return item, run, false, err
	}
	if len(next) == 0 {
		run, done, err = b.end(ctx)
		return item, run, done, err
	}
	err = b.send(inBackground(ctx), next[0], &item)
	if err != nil {
		b.run.State = work.RunStopped
		if e := b.st.SetRunState(context.WithoutCancel(ctx), runID, work.RunStopped); e != nil {
			s.problem("the bulk edit could not be marked as stopped: %s", describe(e))
		}
	}
	b.run.Counts[next[0].State]--
	b.run.Counts[item.State]++
	if err == nil {
		s.runs.keep(b.run, b.drops)
	} else {
		s.runs.drop(runID)
	}
	return item, clone(b.run), false, err
}

// runBook holds the runs that this program works on between two steps, so that
// their contacts are not counted anew for each. Whoever else changes one of
// their contacts takes the run out.
type runBook struct {
	mu    sync.Mutex
	held  map[string]work.BulkRun
	drops int // how often a run was taken out
}

// find also gives the number of drops so far, for keep.
func (b *runBook) find(id string) (r work.BulkRun, held bool, drops int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	r, held = b.held[id]
	return r, held, b.drops
}

// keep holds a run unless one was taken out since find.
func (b *runBook) keep(r work.BulkRun, drops int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if drops != b.drops {
		return
	}
	if b.held == nil {
		b.held = map[string]work.BulkRun{}
	}
	b.held[r.ID] = r
}

func (b *runBook) drop(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.held, id)
	b.drops++
}

// bulk is one step of a bulk edit.
type bulk struct {
	*writer
	id    string
	run   work.BulkRun // as it was before the step
	drops int
}

func (s *Service) bulk(ctx context.Context, id string) (*bulk, error) {
	w, err := s.writer(ctx, opBulk, "run "+id)
	if err != nil {
		return nil, err
	}
	run, held, drops := s.runs.find(id)
	if !held {
		run, err = findRun(ctx, w.st, id)
	}
	if err == nil && (run.State != work.RunRunning || !run.Mine) {
		err = w.st.SetRunState(ctx, id, work.RunRunning)
		run.State, run.Mine = work.RunRunning, true
	}
	if errors.Is(err, store.ErrBusy) {
		held := refused(opBulk, "another running program works on this bulk edit")
		held.Cause = work.ErrElsewhere
		err = held
	}
	if err != nil {
		w.release()
		return nil, err
	}
	return &bulk{w, id, run, drops}, nil
}

// end ends a run of which no contact can be claimed.
func (b *bulk) end(ctx context.Context) (run work.BulkRun, done bool, err error) {
	run, err = findRun(ctx, b.st, b.id)
	if err != nil {
		return run, false, err
	}
	if n := run.Left(); n > 0 {
		// Their outcome could not be noted; the next start finds it out.
		return run, false, refused(opBulk, "the outcome of %d contacts is not known yet; resume after the next start", n)
	}
	b.s.runs.drop(b.id)
	if err := b.st.SetRunState(ctx, b.id, work.RunDone); err != nil {
		return run, false, noJournal(opBulk, err)
	}
	run.State = work.RunDone
	return run, true, nil
}

// send changes one contact that was claimed. The error is one that stops the
// run.
func (b *bulk) send(ctx context.Context, it work.BulkItem, out *work.BulkItem) error {
	*out = it
	out.Answer = model.Contact{}
	release, err := b.s.writing.lock(ctx, contactLock(it.ContactID))
	if err != nil {
		return &model.Error{Kind: model.KindCanceled, Op: opBulk, Message: "stopped", Cause: err}
	}
	defer release()
	if it.State == work.ItemSent {
		return b.lookUp(ctx, it, out)
	}
	for range maxRounds {
		err = b.sendOnce(ctx, out)
		if !errors.Is(err, store.ErrChanged) {
			return err
		}
	}
	return elsewhere(opBulk)
}

// sendOnce is one round of send. The error is store.ErrChanged when another
// program wrote the contact after the look.
func (b *bulk) sendOnce(ctx context.Context, out *work.BulkItem) error {
	claim, err := b.claim(ctx, store.Claim{ContactID: out.ContactID})
	if err != nil {
		return err
	}
	theirs, err := b.fetch(ctx, out.ContactID)
	if err != nil {
		return b.failed(ctx, out, err)
	}
	rest, conflicts := model.Merge(out.Patch, theirs.Contact)
	switch {
	case len(conflicts) > 0:
		out.Answer = theirs.Contact
		return b.leaveOut(ctx, out, work.ItemConflict, "someone else has changed "+fieldWords(conflicts))
	case rest.Empty():
		out.Answer = theirs.Contact
		return b.leaveOut(ctx, out, work.ItemSkipped, "it was so already")
	}
	e := work.Entry{Kind: work.KindUpdate, ContactID: out.ContactID, Name: out.Name, Changes: rest.Changes(), Run: b.id}
	if e, err = b.st.Begin(ctx, e, claim); err != nil {
		if errors.Is(err, store.ErrChanged) {
			return err
		}
		return noJournal(opBulk, err)
	}
	sent := b.update(ctx, e, rest, theirs)
	out.Answer, out.RequestID, out.EntryID = sent.answer, sent.requestID, e.ID
	switch {
	case len(sent.conflicts) > 0:
		out.State, out.Message = work.ItemConflict, "someone else has changed "+fieldWords(sent.conflicts)
	case sent.err == nil:
		out.State, out.Message = work.ItemDone, notTakenWords(model.NotTaken(rest, sent.answer))
	default:
		out.State, out.Message = work.ItemFailed, model.AsError(opBulk, sent.err).Message
		if sent.result == work.Unknown {
			out.State = work.ItemSent
			return sent.err
		}
		if stops(sent.err) {
			return sent.err
		}
	}
	return nil
}

// lookUp finds out about a contact whose response never came. Nothing is sent:
// what did not arrive is missing, until RetryItems.
func (b *bulk) lookUp(ctx context.Context, it work.BulkItem, out *work.BulkItem) error {
	e, err := b.st.ClaimEntry(ctx, it.EntryID)
	if err != nil {
		return noJournal(opBulk, err)
	}
	r, err := b.lookUpdate(ctx, e)
	out.Answer, out.State = r.Contact, map[work.Finding]work.ItemState{work.FoundSaved: work.ItemDone, work.FoundMissing: work.ItemMissing,
		work.FoundConflict: work.ItemConflict, work.FoundGone: work.ItemFailed, "": work.ItemSent}[r.Finding]
	if err != nil {
		return err
	}
	now, err := b.st.Entry(context.WithoutCancel(ctx), e.ID)
	out.Message, out.RequestID = now.Message, now.RequestID
	return noJournal(opBulk, err)
}

// failed is about a contact that could not be looked at.
func (b *bulk) failed(ctx context.Context, out *work.BulkItem, err error) error {
	if stops(err) {
		return err
	}
	e := model.AsError(opBulk, err)
	out.RequestID = e.RequestID
	return b.leaveOut(ctx, out, work.ItemFailed, e.Message)
}

// leaveOut ends a contact to which nothing is sent.
func (b *bulk) leaveOut(ctx context.Context, out *work.BulkItem, state work.ItemState, why string) error {
	out.State, out.Message = state, why
	if err := b.st.EndItem(context.WithoutCancel(ctx), b.id, out.ContactID, state, why); err != nil {
		return noJournal(opBulk, err)
	}
	return nil
}

// stops reports whether an error would meet the next contact as well.
func stops(err error) bool {
	switch model.KindOf(err) {
	case model.KindBadRequest, model.KindNotFound, model.KindConflict, model.KindValidation, model.KindForbidden:
		return false
	}
	return true
}

// notTakenWords says which values the service did not take as they were sent.
func notTakenWords(fields []model.Conflict) string {
	if len(fields) == 0 {
		return ""
	}
	return "the service holds another value for " + fieldWords(fields)
}

// StopRun stops a bulk edit; it can be begun again.
func (s *Service) StopRun(ctx context.Context, runID string) (work.BulkRun, error) {
	return s.setRun(ctx, runID, func(st *store.State, run work.BulkRun) error {
		if run.State == work.RunDone {
			return nil
		}
		return st.SetRunState(ctx, runID, work.RunStopped)
	})
}

// RetryItems makes the missing contacts of a bulk edit ones that are still to be
// sent, because the user asked for it; StepRun sends them.
func (s *Service) RetryItems(ctx context.Context, runID string) (work.BulkRun, error) {
	return s.setRun(ctx, runID, func(st *store.State, run work.BulkRun) error {
		if run.Counts[work.ItemMissing] == 0 {
			return nil
		}
		return st.RetryItems(ctx, runID)
	})
}

// setRun changes a bulk edit and reads it again.
func (s *Service) setRun(ctx context.Context, runID string, set func(*store.State, work.BulkRun) error) (work.BulkRun, error) {
	ctx, st, leave, err := s.enterState(ctx, opBulk)
	if err != nil {
		return work.BulkRun{}, err
	}
	defer leave()
	run, err := findRun(ctx, st, runID)
	if err != nil {
		return run, err
	}
	err = set(st, run)
	s.runs.drop(runID)
	if err != nil {
		return run, noJournal(opBulk, err)
	}
	return findRun(ctx, st, runID)
}

// Runs lists the bulk edits, the newest first.
func (s *Service) Runs(ctx context.Context) ([]work.BulkRun, error) {
	ctx, st, leave, err := s.enterState(ctx, opBulk)
	if err != nil {
		return nil, err
	}
	defer leave()
	all, err := st.Runs(ctx)
	return all, noJournal(opBulk, err)
}

func findRun(ctx context.Context, st *store.State, id string) (work.BulkRun, error) {
	all, err := st.Runs(ctx)
	for _, r := range all {
		if r.ID == id {
			return r, nil
		}
	}
	if err == nil {
		err = refused(opBulk, "there is no bulk edit %s", id)
	}
	return work.BulkRun{}, err
}

// clone is a run whose counts nobody changes.
func clone(r work.BulkRun) work.BulkRun {
	r.Counts = maps.Clone(r.Counts)
	return r
}

// RunItems lists the contacts of a bulk edit in the order of its table, with
// the answers of those that are done.
func (s *Service) RunItems(ctx context.Context, runID string) ([]work.BulkItem, error) {
	ctx, st, leave, err := s.enterState(ctx, opBulk)
	if err != nil {
		return nil, err
	}
	defer leave()
	return st.Items(ctx, runID)
}
