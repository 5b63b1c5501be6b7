package service

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"levcontacts/model"
	"levcontacts/store"
	"levcontacts/work"
)

// Who types names a draft before it is kept, and the store names it when it is:
// these hold both together, on disk and in draftBook.
const (
	extraDraftID = "id"
	extraKey     = "key"
)

// draftBook knows the drafts of this run.
type draftBook struct {
	mu    sync.Mutex // held while a draft is written, so that none overtakes another
	known map[string]draftMark
}

// draftMark is a draft by the name that its writer gave it.
type draftMark struct {
	kept  string    // its name in the store, "" when it is not there any more
	typed time.Time // of the newest that was kept
	ended time.Time // when it was dropped or sent
}

// KeepDraft keeps what was typed; it is on the disk when KeepDraft returns. A
// draft that is older than the one kept, or than its end, comes too late and is
// left alone; one typed into after its end is kept as a new one. The error is
// an *store.Error.
func (s *Service) KeepDraft(ctx context.Context, d work.Draft) error {
	ctx, st, leave, err := s.enterState(ctx)
	if err != nil {
		return err
	}
	defer leave()
	s.drafts.mu.Lock()
	defer s.drafts.mu.Unlock()
	mark, err := s.mark(ctx, st, d.ID)
	if err != nil {
		return err
	}
	if !d.Updated.IsZero() && (d.Updated.Before(mark.typed) || !mark.ended.IsZero() && !d.Updated.After(mark.ended)) {
		return nil
	}
	out := storedDraft(d)
	out.ID = mark.kept
	kept, err := st.SaveDraft(ctx, out)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrHeld) {
		// Dropped, or taken over, by another program: what was typed here is not lost for that.
		out.ID = ""
		kept, err = st.SaveDraft(ctx, out)
	}
	if err != nil {
		return err
	}
	s.drafts.set(d.ID, draftMark{kept: kept.ID, typed: d.Updated})
	return nil
}

// Drafts lists what was typed and not saved, the newest first, without what is
// being typed in another program that runs.
func (s *Service) Drafts(ctx context.Context) ([]work.Draft, error) {
	ctx, st, leave, err := s.enterState(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	s.drafts.mu.Lock()
	defer s.drafts.mu.Unlock()
	all, err := st.Drafts(ctx)
	if err != nil && len(all) == 0 {
		return nil, err
	}
	if err != nil {
		s.problem("%s", words(err))
	}
	var out []work.Draft
	for _, d := range all {
		if d.Holder == store.Elsewhere {
			continue
		}
		w, err := workDraft(d)
		if err != nil {
			s.problem("a draft cannot be read: %s", err)
			continue
		}
		w.ID = s.drafts.name(d)
		out = append(out, w)
	}
	return out, nil
}

// DropDraft forgets a draft. One that is not there is fine.
func (s *Service) DropDraft(ctx context.Context, id string) error {
	ctx, st, leave, err := s.enterState(ctx)
	if err != nil {
		return err
	}
	defer leave()
	s.drafts.mu.Lock()
	defer s.drafts.mu.Unlock()
	mark, err := s.mark(ctx, st, id)
	if err != nil {
		return err
	}
	if mark.kept != "" {
		if err := st.DropDraft(ctx, mark.kept); err != nil {
			return err
		}
	}
	s.drafts.end(id, s.o.Now())
	return nil
}

// keptDraft is the store's name for a draft, "" when it is not kept.
func (s *Service) keptDraft(ctx context.Context, st state, id string) (string, error) {
	if id == "" {
		return "", nil
	}
	s.drafts.mu.Lock()
	defer s.drafts.mu.Unlock()
	mark, err := s.mark(ctx, st, id)
	return mark.kept, err
}

// draftSent notes that the journal dropped a draft with the write it was for,
// which it does unless somebody has typed into it since.
func (s *Service) draftSent(ctx context.Context, st state, id string) {
	if id == "" {
		return
	}
	s.drafts.mu.Lock()
	defer s.drafts.mu.Unlock()
	kept := s.drafts.known[id].kept
	all, err := st.Drafts(ctx)
	if err == nil && !slices.ContainsFunc(all, func(d store.Draft) bool { return d.ID == kept }) {
		s.drafts.end(id, s.o.Now())
	}
}

// mark finds a draft, also one of an earlier run. s.drafts.mu is held.
func (s *Service) mark(ctx context.Context, st state, id string) (draftMark, error) {
	if m, ok := s.drafts.known[id]; ok {
		return m, nil
	}
	all, err := st.Drafts(ctx)
	if err != nil && len(all) == 0 {
		return draftMark{}, err
	}
	i := slices.IndexFunc(all, func(d store.Draft) bool { return d.Holder != store.Elsewhere && s.drafts.name(d) == id })
	if i < 0 {
		return draftMark{}, nil
	}
	m := draftMark{kept: all[i].ID}
	s.drafts.set(id, m)
	return m, nil
}

func (b *draftBook) set(id string, m draftMark) {
	if b.known == nil {
		b.known = map[string]draftMark{}
	}
	b.known[id] = m
}

// end is about drafts whose row is gone, or may be.
func (b *draftBook) end(id string, at time.Time) {
	m := b.known[id]
	m.ended, m.kept = at, ""
	b.set(id, m)
}

// name is what a draft is called outside.
func (b *draftBook) name(d store.Draft) string {
	for id, m := range b.known {
		if m.kept == d.ID {
			return id
		}
	}
	id := d.Extra[extraDraftID]
	if _, other := b.known[id]; other || id == "" {
		return d.ID // another draft of that name is in use here
	}
	return id
}

func storedDraft(d work.Draft) store.Draft {
	out := store.Draft{
		Kind: store.DraftKind(d.Kind), ContactID: d.ContactID, Field: d.Field, Values: maps.Clone(d.Values),
		NotSent: d.NotSent, Problem: d.Problem, Closed: !d.Open, Extra: map[string]string{extraDraftID: d.ID},
	}
	if !d.Base.Equal(model.Contact{}) {
		out.Base = d.Base.Pack()
	}
	if d.Key != "" {
		out.Extra[extraKey] = d.Key
	}
	return out
}

func workDraft(d store.Draft) (work.Draft, error) {
	out := work.Draft{
		Kind: work.DraftKind(d.Kind), ContactID: d.ContactID, Field: d.Field, Values: d.Values, Key: d.Extra[extraKey],
		NotSent: d.NotSent, Problem: d.Problem, Updated: d.UpdatedAt, Open: !d.Closed, Mine: d.Holder == store.Here,
	}
	if d.Base == "" {
		return out, nil
	}
	var err error
	out.Base, err = d.Base.Unpack()
	return out, err
}
