package service

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"levcontacts/model"
	"levcontacts/store"
	"levcontacts/work"
)

// StartRun keeps a bulk edit with every change of it, before the first is sent.
// Nothing is sent that is not in items. The error is a *model.Error of kind
// refused when nothing may be written, or one of the journal.
func (s *Service) StartRun(ctx context.Context, title string, items []work.BulkItem) (work.BulkRun, error) {
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return work.BulkRun{}, err
	}
	defer leave()
	if err := s.mayWrite(opBulk); err != nil {
		return work.BulkRun{}, err
	}
	st, err := s.kept(ctx)
	if err != nil {
		return work.BulkRun{}, err
	}
	kept := make([]store.Item, 0, len(items))
	for _, it := range items {
		if !it.Patch.Empty() {
			kept = append(kept, store.Item{ContactID: it.ContactID, Name: it.Name, Changes: it.Patch.Changes()})
		}
	}
	run, err := st.CreateRun(ctx, store.Run{Title: title}, kept)
	if err != nil {
		return work.BulkRun{}, err
	}
	return workRun(run), nil
}

const opBulk = "edit several contacts"

// StepRun sends the next contact of a bulk edit, and begins a stopped one again.
// A contact that the service refuses is noted as failed, one that somebody else
// has changed is left out; neither is an error. What would hit every contact
// alike, such as no network, is: the run is stopped then, and the contact is
// still to do. done comes alone, when none is left. A change that is being sent
// when ctx ends comes to its end.
func (s *Service) StepRun(ctx context.Context, runID string) (item work.BulkItem, run work.BulkRun, done bool, err error) {
	person := ctx
	ctx, leave, err := s.enter(context.WithoutCancel(ctx))
	if err != nil {
		return item, run, false, err
	}
	defer leave()
	ctx, end := untilSent(ctx, person)
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
	err = b.send(inBackground(ctx), &next[0], &item)
	if err != nil {
		b.run.State = store.RunStopped
		if e := b.st.SetRunState(context.WithoutCancel(ctx), runID, store.RunStopped); e != nil {
			s.problem("the bulk edit could not be marked as stopped: %s", words(e))
		}
	}
	b.run.Counts[next[0].State]--
	b.run.Counts[store.ItemState(item.State)]++
	if err == nil {
		s.runs.keep(b.run, b.drops)
	} else {
		s.runs.drop(runID)
	}
	return item, workRun(b.run), false, err
}

// runBook holds the runs that this program works on between two steps, so that
// their contacts are not counted anew for each. Whoever else changes one of
// their contacts takes the run out.
type runBook struct {
	mu    sync.Mutex
	held  map[string]store.Run
	drops int // how often a run was taken out
}

// find also gives the number of drops so far, for keep.
func (b *runBook) find(id string) (r store.Run, held bool, drops int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	r, held = b.held[id]
	return r, held, b.drops
}

// keep holds a run unless one was taken out since find.
func (b *runBook) keep(r store.Run, drops int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if drops != b.drops {
		return
	}
	if b.held == nil {
		b.held = map[string]store.Run{}
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
	run   store.Run // as it was before the step
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
	if err == nil && (run.State != store.RunRunning || run.Holder != store.Here) {
		err = w.st.SetRunState(ctx, id, store.RunRunning)
		run.State, run.Holder = store.RunRunning, store.Here
	}
	if errors.Is(err, store.ErrHeld) {
		err = refused(opBulk, "another running program works on this bulk edit")
	}
	if err != nil {
		w.release()
		return nil, err
	}
	return &bulk{w, id, run, drops}, nil
}

// end ends a run of which no contact can be claimed.
func (b *bulk) end(ctx context.Context) (run work.BulkRun, done bool, err error) {
	run, err = storedRun(ctx, b.st, b.id)
	if err != nil {
		return run, false, err
	}
	if n := run.Left(); n > 0 {
		// Their outcome could not be noted; the next start finds it out.
		return run, false, refused(opBulk, "the outcome of %d contacts is not known yet; resume after the next start", n)
	}
	b.s.runs.drop(b.id)
	if err := b.st.SetRunState(ctx, b.id, store.RunDone); err != nil {
		return run, false, err
	}
	run.State = work.RunState(store.RunDone)
	return run, true, nil
}

// send changes one contact that was claimed. The error is one that stops the
// run.
func (b *bulk) send(ctx context.Context, it *store.Item, out *work.BulkItem) error {
	*out = workItem(*it)
	release, err := b.s.writing.take(ctx, contactLock(it.ContactID))
	if err != nil {
		return &model.Error{Kind: model.KindCanceled, Op: opBulk, Message: "stopped", Cause: err}
	}
	defer release()
	if it.State == store.ItemSent {
		return b.sendAgain(ctx, it, out)
	}
	theirs, _, err := b.client.Get(ctx, it.ContactID, work.Index)
	if err != nil {
		return b.failed(ctx, out, err)
	}
	rest, conflicts := model.Merge(out.Patch, theirs)
	if len(conflicts) > 0 || rest.Empty() {
		b.s.copy.put(ctx, theirs)
	}
	switch {
	case len(conflicts) > 0:
		out.Answer = theirs
		return b.leaveOut(ctx, out, store.ItemConflict, "somebody else has changed "+fieldWords(conflicts))
	case rest.Empty():
		out.Answer = theirs
		return b.leaveOut(ctx, out, store.ItemSkipped, "it was so already")
	}
	e, err := b.st.Begin(ctx, store.Entry{Kind: store.KindUpdate, ContactID: it.ContactID, Name: it.Name, Changes: rest.Changes(), Run: b.id})
	if err != nil {
		return b.unkept(err)
	}
	answer, receipt, err := b.update(ctx, e, rest, theirs)
	out.Answer, out.RequestID = answer, receipt.RequestID
	if err == nil {
		out.State, out.Message = work.ItemState(store.ItemDone), notTakenWords(model.NotTaken(rest, answer))
		return nil
	}
	out.State, out.Message = work.ItemState(store.ItemFailed), model.AsError(opBulk, err).Message
	switch {
	case receipt.Unsure:
		out.State = work.ItemState(store.ItemSent)
		return err
	case stops(err):
		return err
	}
	return nil
}

// sendAgain finds out about a contact whose answer never came.
func (b *bulk) sendAgain(ctx context.Context, it *store.Item, out *work.BulkItem) error {
	e, err := b.st.ClaimEntry(ctx, it.EntryID)
	if err != nil {
		return b.unkept(err)
	}
	r, err := b.resolveUpdate(ctx, e)
	out.Answer = r.Contact
	after, noted := b.st.Items(context.WithoutCancel(ctx), b.id)
	for _, now := range after {
		if now.ContactID == it.ContactID {
			out.State, out.Message, out.RequestID = work.ItemState(now.State), now.Message, now.RequestID
		}
	}
	if err == nil {
		return noted
	}
	if out.State == work.ItemState(store.ItemFailed) && !stops(err) {
		return nil
	}
	return err
}

// failed is about a contact that could not be looked at.
func (b *bulk) failed(ctx context.Context, out *work.BulkItem, err error) error {
	if stops(err) {
		return err
	}
	e := model.AsError(opBulk, err)
	out.RequestID = e.RequestID
	return b.leaveOut(ctx, out, store.ItemFailed, e.Message)
}

// leaveOut ends a contact to which nothing is sent.
func (b *bulk) leaveOut(ctx context.Context, out *work.BulkItem, state store.ItemState, why string) error {
	out.State, out.Message = work.ItemState(state), why
	if err := b.st.EndItem(context.WithoutCancel(ctx), b.id, out.ContactID, state, why); err != nil {
		return b.unkept(err)
	}
	return nil
}

// stops says that an error would meet the next contact as well.
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
	ctx, st, leave, err := s.enterState(ctx)
	if err != nil {
		return work.BulkRun{}, err
	}
	defer leave()
	run, err := storedRun(ctx, st, runID)
	if err != nil || run.State == work.RunState(store.RunDone) {
		return run, err
	}
	err = st.SetRunState(ctx, runID, store.RunStopped)
	s.runs.drop(runID)
	if err != nil {
		return run, err
	}
	return storedRun(ctx, st, runID)
}

// Runs lists the bulk edits, the newest first.
func (s *Service) Runs(ctx context.Context) ([]work.BulkRun, error) {
	ctx, st, leave, err := s.enterState(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	all, err := st.Runs(ctx)
	out := make([]work.BulkRun, len(all))
	for i, r := range all {
		out[i] = workRun(r)
	}
	return out, err
}

func storedRun(ctx context.Context, st state, id string) (work.BulkRun, error) {
	r, err := findRun(ctx, st, id)
	return workRun(r), err
}

func findRun(ctx context.Context, st state, id string) (store.Run, error) {
	all, err := st.Runs(ctx)
	for _, r := range all {
		if r.ID == id {
			return r, nil
		}
	}
	if err == nil {
		err = refused(opBulk, "there is no bulk edit %s", id)
	}
	return store.Run{}, err
}

// RunItems lists the contacts of a bulk edit in the order of its table, with
// the answers of those that are done.
func (s *Service) RunItems(ctx context.Context, runID string) ([]work.BulkItem, error) {
	ctx, st, leave, err := s.enterState(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	return runItems(ctx, st, runID)
}

func runItems(ctx context.Context, st state, runID string) ([]work.BulkItem, error) {
	items, err := st.Items(ctx, runID)
	if err != nil {
		return nil, err
	}
	entries, err := st.Entries(ctx, store.Filter{Run: runID})
	if err != nil {
		return nil, err
	}
	answers := make(map[string]model.Packed, len(entries))
	for _, e := range entries {
		answers[e.ID] = e.Answer
	}
	out := make([]work.BulkItem, len(items))
	for i, it := range items {
		out[i] = workItem(it)
		if p := answers[it.EntryID]; p != "" {
			if out[i].Answer, err = p.Unpack(); err != nil {
				return nil, fmt.Errorf("the answer for contact %d: %w", it.ContactID, err)
			}
		}
	}
	return out, nil
}

func workItem(it store.Item) work.BulkItem {
	return work.BulkItem{ContactID: it.ContactID, Name: it.Name, Patch: model.NewPatch(it.Changes...), State: work.ItemState(it.State),
		Message: it.Message, RequestID: it.RequestID}
}

func workRun(r store.Run) work.BulkRun {
	out := work.BulkRun{ID: r.ID, Title: r.Title, Created: r.CreatedAt, State: work.RunState(r.State), Counts: map[work.ItemState]int{}}
	if r.State == store.RunRunning && r.Holder == store.Nobody {
		out.State = work.RunState(store.RunStopped) // the program that worked on it has ended
	}
	for state, n := range r.Counts {
		out.Counts[work.ItemState(state)] = n
		out.Total += n
	}
	return out
}
